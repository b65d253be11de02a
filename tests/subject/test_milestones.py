import pandas as pd
import pytest

from cartend.subject.build import derive_subjects
from cartend.subject.milestones import (
    control_arm,
    derive_milestones,
    first_of_role,
    infusions,
    label_infusions,
)

ARMS = [
    {"USUBJID": "A", "ARMCD": "CART", "RFICDTC": "2024-08-01"},
    {"USUBJID": "B", "ARMCD": "SOC", "RFICDTC": None},
    {"USUBJID": "C", "ARMCD": "CART", "RFICDTC": None},
]


def dose(subject, day, what="CAR-T INFUSION"):
    return {"USUBJID": subject, "EXCAT": what, "EXTRT": "CELLS", "EXSTDTC": day}


def domains_of(make):
    return make.domains(
        dm=ARMS,
        ds=[
            {"USUBJID": "B", "DSDECOD": "INFORMED CONSENT OBTAINED", "DSSTDTC": "2024-08-02"},
            *(
                {"USUBJID": name, "DSDECOD": "RANDOMIZED", "DSSTDTC": "2024-09-01"}
                for name in "ABC"
            ),
        ],
        pr=[
            {"USUBJID": "A", "PRCAT": "LEUKAPHERESIS", "PRSTDTC": "2024-09-07"},
            {"USUBJID": "A", "PRCAT": "LEUKAPHERESIS", "PRSTDTC": "2024-09-05"},
        ],
        ex=[
            dose("A", "2024-10-01", "LYMPHODEPLETION"),
            dose("A", "2024-10-06"),
            dose("A", "2024-10-08"),  # second portion of a split dose
            dose("A", "2025-02-01"),  # re-infusion
            dose("B", "2024-08-15"),  # before randomisation: prior therapy
            dose("B", "2024-12-20", "LYMPHODEPLETION"),
            dose("B", "2024-12-25"),  # crossover
            dose("B", "2024-11-01", "STANDARD OF CARE"),
        ],
    )


def labelled(make, domains):
    given = infusions(domains)
    randomised = first_of_role(domains, "randomisation")
    return label_infusions(given, control_arm(domains["dm"], make.study()), randomised)


def test_infusion_split_dose_reinfusion_and_crossover_are_told_apart(make):
    got = labelled(make, domains_of(make))
    day = got["ADT"].dt.strftime("%Y-%m-%d")
    assert list(zip(got["USUBJID"], day, got["KIND"].fillna(""), strict=True)) == [
        ("A", "2024-10-06", "INFUSION"),
        ("A", "2024-10-08", ""),
        ("A", "2025-02-01", "REINFUSION"),
        ("B", "2024-08-15", ""),
        ("B", "2024-12-25", "CROSSOVER"),
    ]


def test_milestones_of_every_subject(make):
    domains = domains_of(make)
    cutoff = pd.Timestamp("2025-06-30")
    got = derive_milestones(make.study(), domains, labelled(make, domains), cutoff)
    shown = {name: got[name].dt.strftime("%Y-%m-%d").dropna().to_dict() for name in got}
    assert shown == {
        "RFICDT": {"A": "2024-08-01", "B": "2024-08-02"},
        "ENRLDT": {},
        "RANDDT": dict.fromkeys("ABC", "2024-09-01"),
        "LEUKDT": {"A": "2024-09-05"},
        "LDDT": {"A": "2024-10-01"},  # the lymphodepletion of B belongs to the crossover
        "TRTSDT": {"A": "2024-10-06"},
        "INFDT2": {"A": "2025-02-01"},
        "XODT": {"B": "2024-12-25"},
        "SOCSDT": {"B": "2024-11-01"},
    }


def test_dm_stands_in_for_the_infusion_only_where_ex_is_absent(make):
    dm = [{"USUBJID": "A", "ARMCD": "CART", "RFXSTDTC": "2024-10-06"}]
    absent = make.domains(dm=dm)
    assert infusions(absent)["ADT"].tolist() == [pd.Timestamp("2024-10-06")]
    present = make.domains(dm=dm, ex=[dose("A", "2024-10-01", "LYMPHODEPLETION")])
    assert infusions(present).empty


@pytest.mark.parametrize(
    ("amount", "infused"), [(0, False), (0.0, False), (None, True), (1e-6, True), (2.0, True)]
)
def test_an_infusion_of_dose_0_was_not_given_and_one_without_dose_was(make, amount, infused):
    """Decision D46; the study case dose-zero."""
    domains = make.domains(
        dm=ARMS[:1],
        pr=[{"USUBJID": "A", "PRCAT": "LEUKAPHERESIS", "PRSTDTC": "2024-09-05"}],
        ex=[dose("A", "2024-10-06") | {"EXDOSE": amount}],
    )
    rules = make.rules(make.study()).bridging
    adsl, adevt, _ = derive_subjects(make.study(), make.criteria, rules, domains)
    assert adsl.loc["A", ["INFFL", "SAFFL"]].tolist() == ["Y" if infused else "N", "Y"]
    assert adsl["TRTSDT"].notna().tolist() == [infused]
    assert (adevt["KIND"] == "INFUSION").sum() == infused
    assert adsl.loc["A", "LSTALVDT"] == pd.Timestamp("2024-10-06" if infused else "2024-09-05")


def test_a_dose_of_0_before_the_one_that_was_given_is_no_infusion(make):
    domains = make.domains(
        dm=ARMS[:1],
        ex=[dose("A", "2024-10-06") | {"EXDOSE": 0}, dose("A", "2024-11-06") | {"EXDOSE": 2}],
    )
    got = labelled(make, domains)
    assert got[["ADT", "KIND"]].to_numpy().tolist() == [[pd.Timestamp("2024-11-06"), "INFUSION"]]


def test_dose_0_of_the_only_treatment_is_no_treatment(make):
    domains = make.domains(dm=ARMS[:1], ex=[dose("A", "2024-10-06") | {"EXDOSE": 0}])
    adsl = derive_subjects(
        make.study(), make.criteria, make.rules(make.study()).bridging, domains
    ).adsl
    assert adsl.loc["A", "SAFFL"] == "N"


def test_an_infusion_on_the_day_of_randomisation_to_the_control_arm_is_no_crossover(make):
    """Decision D40: only one after that day is."""
    domains = make.domains(
        dm=ARMS,
        ds=[{"USUBJID": "B", "DSDECOD": "RANDOMIZED", "DSSTDTC": "2024-09-01"}],
        ex=[dose("B", "2024-09-01"), dose("B", "2024-09-02")],
    )
    assert labelled(make, domains)["KIND"].fillna("").tolist() == ["", "CROSSOVER"]


MORE_ARMS = {
    "CART": {"label": "CAR-T", "role": "experimental"},
    "SOC": {"label": "Standard of care", "role": "control"},
    "LOW": {"label": "Low dose", "role": "other"},
    "OBS": {"label": "Observation", "role": "other"},
}


def test_an_arm_of_another_role_has_the_product_where_its_subjects_show_it(make):
    """LOW is infused, OBS is not: an infusion in LOW is assigned, never a crossover."""
    names = {"A": "CART", "B": "SOC", "C": "LOW", "D": "LOW", "E": "OBS"}
    domains = make.domains(
        dm=[{"USUBJID": name, "ARMCD": arm} for name, arm in names.items()],
        ds=[{"USUBJID": name, "DSDECOD": "RANDOMIZED", "DSSTDTC": "2024-09-01"} for name in names],
        pr=[{"USUBJID": "D", "PRCAT": "LEUKAPHERESIS", "PRSTDTC": "2024-09-05"}],
        ex=[
            dose("C", "2024-10-06"),
            dose("B", "2024-12-25"),
            dose("E", "2024-09-20", "STANDARD OF CARE"),
        ],
    )
    study = make.study(arms=MORE_ARMS)
    adsl, adevt, adbrdg = derive_subjects(study, make.criteria, make.rules(study).bridging, domains)
    assert adsl["TRT01P"].tolist() == [MORE_ARMS[arm]["label"] for arm in names.values()]
    none = "NOT APPLICABLE"
    assert adsl["BRIDGE"].tolist() == ["NONE", none, "NONE", "NONE", none]
    assert adsl["INFFL"].tolist() == ["N", "N", "Y", "N", "N"]
    assert adsl["NOTINFRS"].notna().tolist() == [True, False, False, True, False]
    kinds = adevt.set_index("USUBJID")["KIND"]
    assert kinds[["B"]].tolist() == ["CROSSOVER", "NEW_THERAPY"]
    assert kinds[["C"]].tolist() == ["INFUSION"]
    assert adsl["SOCSDT"].dropna().to_dict() == {"E": pd.Timestamp("2024-09-20")}


def test_what_lies_after_the_cutoff_has_not_happened(make):
    """Decision D51: a cut-off cuts by the date of the event."""
    domains = domains_of(make)
    cutoff = pd.Timestamp("2024-10-05")
    got = derive_milestones(make.study(), domains, labelled(make, domains), cutoff)
    known = {name for name in got if got.loc["A", name] is not pd.NaT}
    assert known == {"RFICDT", "RANDDT", "LEUKDT", "LDDT"}


def test_without_crossover_no_infusion_of_a_control_subject_is_one(make):
    """Decision D40: ``crossover: none``."""
    domains = domains_of(make)
    given, randomised = infusions(domains), first_of_role(domains, "randomisation")
    control = control_arm(domains["dm"], make.study())
    kinds = label_infusions(given, control, randomised, "none")["KIND"]
    assert kinds.fillna("").tolist() == ["INFUSION", "", "REINFUSION", "", ""]


def test_an_infusion_on_the_day_of_randomisation_to_control_is_no_crossover(make):
    domains = make.domains(
        dm=ARMS[1:2],
        ds=[{"USUBJID": "B", "DSDECOD": "RANDOMIZED", "DSSTDTC": "2024-09-01"}],
        ex=[dose("B", "2024-09-01"), dose("B", "2024-09-02")],
    )
    assert labelled(make, domains)["KIND"].fillna("").tolist() == ["", "CROSSOVER"]


def test_two_infusions_of_one_day_are_one(make):
    domains = make.domains(dm=ARMS[:1], ex=[dose("A", "2024-10-06"), dose("A", "2024-10-06")])
    assert labelled(make, domains)["KIND"].fillna("").tolist() == ["INFUSION", ""]
