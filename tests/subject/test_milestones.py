import pandas as pd

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
    got = derive_milestones(make.study(), domains, labelled(make, domains))
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
