import pandas as pd
import pytest

from cartend.subject.sets import (
    choose_reason,
    derive_reason,
    derive_sets,
    not_infused_events,
    not_infused_reasons,
    without_arm,
)

CUT = pd.Timestamp("2025-06-30")


def test_sets_follow_from_milestones_treatment_and_product(make):
    names = list("ABCD")
    adsl = pd.DataFrame(
        {
            "ARMCD": ["CART", "CART", "SOC", "SCRNFAIL"],
            "RANDDT": make.days("2025-01-01", "2025-01-01", "2025-01-01", None).to_numpy(),
            "ENRLDT": make.days(None, None, None, None).to_numpy(),
            "LEUKDT": make.days("2025-01-05", "2025-01-05", None, "2025-01-05").to_numpy(),
            "TRTSDT": make.days("2025-02-01", None, None, None).to_numpy(),
        },
        index=names,
    )
    domains = make.domains(
        ds=[{"USUBJID": "D", "DSDECOD": "SCREEN FAILURE", "DSSTDTC": "2025-01-10"}],
        ex=[{"USUBJID": "C", "EXCAT": "STANDARD OF CARE", "EXSTDTC": "2025-01-09"}],
    )
    given = pd.DataFrame({"USUBJID": ["A"], "CONFORM": ["N"], "KIND": ["INFUSION"]})
    got = derive_sets(make.study(), adsl, domains, given)
    assert got.T.to_dict("list") == {
        #     RAND LA   INF  SAF  ENRL INFNC
        "A": ["Y", "Y", "Y", "Y", "Y", "Y"],
        "B": ["Y", "Y", "N", "Y", "Y", None],
        "C": ["Y", "N", "N", "Y", "Y", None],
        "D": ["N", "N", "N", "N", "N", None],
    }
    single = make.study(design="single-arm", arms={"CART": {"label": "CAR-T"}})
    assert derive_sets(single, adsl, domains, given)["RANDFL"].eq("N").all()


@pytest.mark.parametrize("arm", [None, "SCRNFAIL", "NOTASSGN", "Screen failure", "not assigned"])
def test_a_subject_without_arm_is_in_no_set(make, arm):
    """Decision D40: whatever it has been given."""
    day = make.days("2025-01-05", "2025-01-05").to_numpy()
    dates = dict.fromkeys(["RANDDT", "ENRLDT", "LEUKDT", "TRTSDT"], day)
    adsl = pd.DataFrame({"ARMCD": [arm, "CART"], **dates}, index=["A", "B"])
    given = pd.DataFrame({"USUBJID": ["A"], "CONFORM": ["N"], "KIND": ["INFUSION"]})
    dose = [{"USUBJID": "A", "EXCAT": "CAR-T INFUSION", "EXSTDTC": "2025-01-05"}]
    got = derive_sets(make.study(), adsl, make.domains(ex=dose), given)
    assert got.drop(columns="INFNCFL").T.to_dict("list") == {"A": ["N"] * 5, "B": ["Y"] * 5}


def test_in_a_single_arm_trial_that_names_no_arm_everybody_is_of_it(make):
    adsl = pd.DataFrame({"ARMCD": [None, None]}, index=["A", "B"])
    single = make.study(design="single-arm", arms={"CART": {"label": "CAR-T"}})
    assert not without_arm(adsl, single).any()
    assert without_arm(adsl, make.study()).all()
    assert without_arm(adsl.assign(ARMCD=["CART", None]), single).tolist() == [False, True]


def test_an_arm_that_the_study_does_not_name_is_not_no_arm(make):
    adsl = pd.DataFrame({"ARMCD": ["LOW", "CART"]}, index=["A", "B"])
    assert not without_arm(adsl, make.study()).any()


def test_a_manufacturing_failure_names_itself_else_the_earliest_reason_counts(make):
    rows = pd.DataFrame(
        [
            ("A", "2025-02-01", "DEATH"),
            ("A", "2025-03-01", "MANUFACTURING FAILURE"),
            ("B", "2025-02-01", "DEATH"),
            ("B", "2025-01-20", "PROGRESSIVE DISEASE"),
            ("C", "2025-02-01", "NEW THERAPY"),
            ("C", "2025-02-01", "ADVERSE EVENT"),  # a tie: the fixed order
            ("D", None, "PHYSICIAN DECISION"),
            ("D", "2025-04-01", "NEW THERAPY"),
        ],
        columns=["USUBJID", "ADT", "REASON"],
    )
    rows["ADT"] = make.days(*rows["ADT"])
    assert choose_reason(rows)["REASON"].to_dict() == {
        "A": "MANUFACTURING FAILURE",
        "B": "PROGRESSIVE DISEASE",
        "C": "ADVERSE EVENT",
        "D": "NEW THERAPY",
    }


def test_every_subject_not_infused_has_a_reason_and_no_other(make):
    names = list("ABCDE")
    adsl = pd.DataFrame(
        {
            "LEUKDT": make.days(*["2025-01-01"] * 5).to_numpy(),
            "TRTSDT": make.days("2025-02-01", None, None, None, None).to_numpy(),
            "LOSTDT": make.days(None, None, None, None, None).to_numpy(),
            "EOSSTT": ["ONGOING", "DISCONTINUED", "ONGOING", "COMPLETED", "ONGOING"],
        },
        index=names,
    )
    ds = make.records("ds", {"USUBJID": "E", "DSDECOD": "DEATH", "DSSTDTC": "2025-05-01"})
    deaths = pd.Series(make.days("2025-03-01", "2025-08-01").to_numpy(), index=["B", "C"])
    rows = not_infused_reasons(ds, deaths, deaths.iloc[:0], CUT)
    control = pd.Series([False, False, False, False, True], index=names)
    got = derive_reason(adsl, rows, control)
    # C died after the cut-off: on it, the infusion was still pending
    assert got.tolist() == [None, "DEATH", "INFUSION PENDING", "REASON NOT STATED", None]


def test_not_being_infused_is_dated_by_its_reason_or_the_end_of_study(make):
    names = list("ABCD")
    adsl = pd.DataFrame(
        {
            "NOTINFRS": ["MANUFACTURING FAILURE", "REASON NOT STATED", "INFUSION PENDING", None],
            "LAFL": "Y",
            "RANDFL": "N",
            "LOSTDT": make.days(None, "2025-04-02", None, None).to_numpy(),
            "EOSDT": make.days(None, "2025-04-09", None, None).to_numpy(),
            "CUTDT": make.days(*["2025-06-30"] * 4).to_numpy(),
        },
        index=names,
    )
    rows = pd.DataFrame(
        {
            "USUBJID": ["A"],
            "ADT": make.days("2025-03-01"),
            "REASON": ["MANUFACTURING FAILURE"],
            "SRCDOM": "DS",
            "SRCVAR": "DSSTDTC",
            "SRCSEQ": 4.0,
        }
    )
    got = not_infused_events(adsl, rows)
    assert got["USUBJID"].tolist() == ["A", "B"]
    assert got["ADT"].dt.strftime("%m-%d").tolist() == ["03-01", "04-02"]
    assert got["SRCDOM"].tolist() == ["DS", "ADSL"]


def test_who_is_infused_after_the_cutoff_or_not_yet_is_pending_whatever_else_is_told(make):
    """Decision D51: pending is no reason, and settles nothing."""
    names = list("ABCD")
    adsl = pd.DataFrame(
        {
            "LEUKDT": make.days("2025-06-01", "2025-06-01", "2025-06-01", None).to_numpy(),
            "TRTSDT": make.days(None, None, None, None).to_numpy(),
            "LOSTDT": make.days(None, None, None, None).to_numpy(),
            "EOSDT": make.days(None, None, None, None).to_numpy(),
            "CUTDT": make.days(*["2025-06-30"] * 4).to_numpy(),
            "EOSSTT": "ONGOING",
            "LAFL": ["Y", "Y", "Y", "N"],
            "RANDFL": "Y",
        },
        index=names,
    )
    records = [
        {"USUBJID": name, "DSDECOD": "PHYSICIAN DECISION", "DSSTDTC": "2025-06-20"} for name in "AB"
    ]
    none = pd.Series(make.days().to_numpy(), index=[])
    rows = not_infused_reasons(make.records("ds", *records), none, none, CUT)
    control = pd.Series(False, index=names)
    adsl["NOTINFRS"] = derive_reason(adsl, rows, control, {"A"})
    assert adsl["NOTINFRS"].tolist() == [
        "INFUSION PENDING",
        "PHYSICIAN DECISION",
        "INFUSION PENDING",
        "LEUKAPHERESIS PENDING",
    ]
    assert not_infused_events(adsl, rows)["USUBJID"].tolist() == ["B"]
