"""The timeline: every dated record, with its day since the origin, in order."""

from types import SimpleNamespace

import pandas as pd
import pytest

from cartend.explain.results import SubjectEvidence
from cartend.explain.timeline import study_origin, timeline

DATASETS = ("ds", "adevt", "adrs", "admrd")
BLANK = {"ADTF": "", "ADTLO": pd.NaT, "ADTHI": pd.NaT}


def day(text):
    return pd.Timestamp(text)


def evidence(subject, design="single-arm", **rows):
    results = SimpleNamespace(study={"design": design})
    found = {name: [SimpleNamespace(**row) for row in rows.get(name, [])] for name in DATASETS}
    found["adsl"] = [SimpleNamespace(_asdict=lambda: subject)]
    return SubjectEvidence(results, "primary", found)


def event(kind, date, **more):
    return {
        "KIND": kind,
        "ADT": day(date),
        "WHAT": None,
        "CLASS": None,
        "REASON": None,
        "PLANNED": None,
        "SRCDOM": "PR",
        "SRCVAR": "PRSTDTC",
        "SRCSEQ": 2,
        **BLANK,
        **more,
    }


def words(subject, **rows):
    frame = timeline(evidence(subject, **rows))
    return [tuple(row) for row in frame[["DAY", "WHAT", "SOURCE"]].itertuples(index=False)]


def test_days_count_from_the_infusion_of_a_single_arm_trial_and_are_negative_before():
    subject = {"RFICDT": day("2024-01-01"), "TRTSDT": day("2024-01-31")}
    assert words(subject) == [
        ("-30", "informed consent", "ADSL.RFICDT"),
        ("0", "CAR-T infusion", "ADSL.TRTSDT"),
    ]


def test_a_milestone_names_its_disposition_record():
    record = {"DSSTDT_LO": day("2024-01-05"), "DSDECOD": "Randomized", "DSSEQ": 3}
    subject = {"RANDDT": day("2024-01-05")}
    frame = timeline(evidence(subject, "randomised", ds=[record]))
    assert list(frame["SOURCE"]) == ["DS.3"]


def test_a_disposition_record_of_another_day_is_not_that_of_the_milestone():
    record = {"DSSTDT_LO": day("2024-01-04"), "DSDECOD": "Randomized", "DSSEQ": 3}
    frame = timeline(evidence({"RANDDT": day("2024-01-05")}, "randomised", ds=[record]))
    assert list(frame["SOURCE"]) == ["ADSL.RANDDT"]


@pytest.mark.parametrize(
    ("subject", "column"),
    [
        ({"TRTSDT": day("2024-02-01"), "LEUKDT": day("2024-01-01")}, "TRTSDT"),
        ({"TRTSDT": pd.NaT, "LEUKDT": day("2024-01-01")}, "LEUKDT"),
        ({"TRTSDT": pd.NaT, "ENRLDT": day("2024-01-01")}, "ENRLDT"),
    ],
)
def test_a_subject_who_was_not_infused_counts_from_the_last_step_it_reached(subject, column):
    assert study_origin(evidence(subject)) == (column, subject[column])


def test_events_carry_reason_plan_and_the_bounds_of_a_partial_date():
    subject = {"TRTSDT": day("2024-01-01")}
    partial = {"ADTF": "D", "ADTLO": day("2024-03-01"), "ADTHI": day("2024-03-31")}
    rows = [
        event("INFUSION", "2024-01-01", WHAT="CELLS"),
        event("HSCT", "2024-02-01", WHAT="ALLO", PLANNED="N"),
        event("HSCT", "2024-02-02"),
        event("NEW_THERAPY", "2024-03-01", WHAT="R-ICE", REASON="EFFICACY", **partial),
        event("NEW_THERAPY", "2024-04-01", WHAT="R-ICE", CLASS="PLATINUM"),
    ]
    assert [what for _, what, _ in words(subject, adevt=rows)] == [
        "CAR-T infusion: CELLS",
        "stem cell transplantation: ALLO, planned N",
        "stem cell transplantation, planned or not is not recorded",
        "new anticancer therapy: R-ICE, reason EFFICACY (imputed, flag D: between 2024-03-01 and "
        "2024-03-31)",
        "new anticancer therapy: R-ICE, class PLATINUM, no reason recorded",
    ]


def assessment(evaluator, date, category, **more):
    return {
        "EVAL": evaluator,
        "ADT": day(date) if date else pd.NaT,
        "AVALC": category,
        "AVISIT": "W6",
        "ANL01FL": "Y",
        "ANL01RS": "only record of its date",
        "SRCDOM": "RS",
        "SRCVAR": "RSDTC",
        "SRCSEQ": 1,
        **BLANK,
        **more,
    }


def test_an_assessment_says_whether_it_counts_and_an_undated_one_stands_last():
    subject = {"TRTSDT": day("2024-01-01")}
    aside = {"ANL01FL": "N", "ANL01RS": "no usable date", "AVISIT": None}
    rows = [
        assessment("IRC", "", "CR", SRCSEQ=9, **aside),
        assessment("IRC", "2024-02-12", "PR"),
        assessment("INV", "2024-02-12", "PD", SRCSEQ=2),
    ]
    assert words(subject, adrs=rows)[1:] == [
        ("42", "INV assessment W6: PD, counts", "RS.2"),
        ("42", "IRC assessment W6: PR, counts", "RS.1"),
        (
            "",
            "IRC assessment outside every visit window: CR, does not count: no usable date",
            "RS.9",
        ),
    ]


def test_follow_up_ends_with_last_alive_death_and_cut_off():
    subject = {
        "TRTSDT": day("2024-01-01"),
        "LSTALVDT": day("2024-03-01"),
        "LALVDOM": "SS",
        "LALVSEQ": 4.0,
        "LALVVAR": "SSDTC",
        "LOSTDT": day("2024-02-20"),
        "DTHDT": day("2024-03-15"),
        "DTHDTF": "D",
        "DTHDTLO": day("2024-03-02"),
        "DTHDTHI": day("2024-03-31"),
        "DTHDOM": "DD",
        "DTHCAUS": "INFECTION",
        "DTHCAUSR": "SEPSIS",
        "CUTDT": day("2024-06-30"),
    }
    assert words(subject)[1:] == [
        ("50", "loss to follow-up or withdrawal: assessments end", "ADSL.LOSTDT"),
        ("60", "last known alive", "SS.4"),
        (
            "74",
            "death, cause INFECTION (reported: SEPSIS) (imputed, flag D: between 2024-03-02 and "
            "2024-03-31)",
            "DD.DDDTC",
        ),
        ("181", "data cut-off", "ADSL.CUTDT"),
    ]


def test_a_sample_says_its_call_and_why():
    sample = {
        "ADT": day("2024-01-29"),
        "LBSPEC": "BONE MARROW",
        "LBMETHOD": "NGS",
        "AVALC": "INDETERMINATE",
        "CALLRS": "haemodiluted",
        "SRCDOM": "LB",
        "SRCVAR": "LBDTC",
        "SRCSEQ": 3,
    }
    assert words({"TRTSDT": day("2024-01-01")}, admrd=[sample])[1:] == [
        ("28", "MRD sample, bone marrow by ngs: INDETERMINATE (haemodiluted)", "LB.3")
    ]
