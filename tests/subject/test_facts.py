"""Each fact of eligibility at its boundary, and what cannot be judged."""

import pandas as pd
import pytest

from cartend.config.eligibility import Condition, Counting
from cartend.subject.answers import Evidence
from cartend.subject.facts import answer
from cartend.subject.lines import prior_therapy

COUNTING = Counting(sentence="s", source="s")
WORDS = {1: "MET", 0: "CANNOT BE JUDGED", -1: "NOT MET"}


def ask(make, asked, cm=(), grafts=(), procedures=True, **adsl):
    """Return the answer for subject A."""
    rows = [{"USUBJID": "A", "CMCAT": "PRIOR ANTI-CANCER THERAPY", **row} for row in cm]
    prior = prior_therapy(make.domains(cm=rows)["cm"], COUNTING)
    held = pd.DataFrame(
        [{"USUBJID": "A", "RECORD": "PR 1", "WHAT": "ALLOGENEIC HSCT", **row} for row in grafts],
        columns=["USUBJID", "RECORD", "WHAT", "LO", "HI", "sure"],
    ).astype({"LO": "datetime64[ms]", "HI": "datetime64[ms]"})
    subjects = pd.DataFrame([adsl], index=pd.Index(["A"], name="USUBJID"))
    found = answer(Evidence(subjects, prior, held, procedures), Condition.model_validate(asked))
    return WORDS[int(found.value["A"])], found.why["A"]


def line(number=1, best=None, **more):
    return {"LINE": number, "BESTRESP": best, "CMDECOD": "DRUG", **more}


@pytest.mark.parametrize(
    ("remission", "relapse", "want"),
    [
        ("2024-03-10", "2025-03-10", "MET"),  # exactly 12 calendar months
        ("2024-03-10", "2025-03-11", "NOT MET"),
        ("2024-02-29", "2025-02-28", "MET"),  # the last day of the month
        ("2024-02-29", "2025-03-01", "NOT MET"),
        ("2024-03", "2025-03-01", "MET"),  # on 1 March at the earliest
        ("2024-03", "2025-03-15", "CANNOT BE JUDGED"),
        ("2024-03", "2025-04-01", "NOT MET"),  # on 31 March at the latest
        ("2024-03-10", "2025", "CANNOT BE JUDGED"),
        ("2024-03-10", None, "CANNOT BE JUDGED"),
    ],
)
def test_relapse_within_twelve_months_of_the_first_remission(make, remission, relapse, want):
    asked = {"fact": "relapse_within", "months": 12, "since": "response", "line": "first",
             "response": ["CR"]}  # fmt: skip
    row = line(1, "CR", CRDTC=remission, PDDTC=relapse, CMSTDTC="2023-12-01", CMENDTC="2024-05-01")
    assert ask(make, asked, [row])[0] == want


@pytest.mark.parametrize(
    ("start", "relapse", "want"),
    [
        ("2024-03-10", "2025-03-10", "MET"),  # the remission is not before the start
        ("2024-03-10", "2025-03-11", "CANNOT BE JUDGED"),  # it may have come at any time later
    ],
)
def test_an_undated_remission_lies_between_start_and_relapse(make, start, relapse, want):
    asked = {"fact": "relapse_within", "months": 12, "since": "response", "line": "first",
             "response": ["CR"]}  # fmt: skip
    assert ask(make, asked, [line(1, "CR", CMSTDTC=start, PDDTC=relapse)])[0] == want


def test_the_first_remission_is_that_of_the_first_line_that_brought_one(make):
    asked = {"fact": "relapse_within", "months": 12, "since": "response", "line": "first",
             "response": ["CR"]}  # fmt: skip
    rows = [
        line(1, "PR", PDDTC="2023-01-01"),
        line(2, "CR", CRDTC="2023-05-01", PDDTC="2024-09-01"),
        line(3, "CR", CRDTC="2024-11-01", PDDTC="2025-01-01"),
    ]
    assert ask(make, asked, rows)[0] == "NOT MET"
    assert ask(make, asked, rows[:1]) == ("NOT MET", "no remission in any line")
    unknown = [line(1, None, PDDTC="2023-01-01"), *rows[1:]]
    assert ask(make, asked, unknown) == (
        "CANNOT BE JUDGED",
        "CM 1: best response not recorded",
    )


@pytest.mark.parametrize(
    ("row", "want"),
    [
        (line(1, "PR", CYCLES=2), "MET"),
        (line(1, "PR", CYCLES=1), "NOT MET"),
        (line(1, "PR"), "CANNOT BE JUDGED"),  # number of cycles not recorded
        (line(1, "CR", CYCLES=2), "NOT MET"),
        (line(1, None, CYCLES=2), "CANNOT BE JUDGED"),
        (line(None, "PR", CYCLES=2), "CANNOT BE JUDGED"),  # which line it was is not recorded
    ],
)
def test_primary_refractory_is_no_remission_after_two_cycles(make, row, want):
    asked = {"fact": "no_response", "line": "first", "cycles": 2, "response": ["CR", "CRI"]}
    assert ask(make, asked, [row])[0] == want


@pytest.mark.parametrize(
    ("rows", "want"),
    [
        ([line(1, "PR")], "NOT MET"),  # no salvage line
        ([line(1, "CR"), line(2, "PR")], "MET"),
        ([line(1, "CR"), line(2, "CR", PDDTC="2025-01")], "MET"),
        ([line(1, "CR"), line(2, "CR")], "CANNOT BE JUDGED"),  # a relapse may not be recorded
        ([line(1, "CR"), line(2, "PR", INTOLER="Y")], "NOT MET"),  # intolerance is no failure
    ],
)
def test_failure_of_a_salvage_line(make, rows, want):
    assert ask(make, {"fact": "line_failed", "line": "later", "response": ["CR"]}, rows)[0] == want


@pytest.mark.parametrize(
    ("low", "high", "sure", "relapse", "want"),
    [
        ("2024-05-01", "2024-05-01", True, "2024-05-02", "MET"),
        ("2024-05-01", "2024-05-01", True, "2024-05-01", "NOT MET"),  # before or on the day
        ("2024-05-01", "2024-05-31", True, "2024-05-15", "CANNOT BE JUDGED"),
        ("2024-05-01", "2024-05-31", False, "2024-07-01", "CANNOT BE JUDGED"),  # entry in May
        ("2024-05-01", "2024-05-01", True, None, "CANNOT BE JUDGED"),
    ],
)
def test_relapse_after_a_transplantation(make, low, high, sure, relapse, want):
    asked = {"fact": "relapse_after_transplant", "agents": ["ALLOGENEIC HSCT"]}
    graft = {"LO": low, "HI": high, "sure": sure}
    assert ask(make, asked, [line(1, "CR", PDDTC=relapse)], [graft])[0] == want


def test_without_transplantation_there_is_no_relapse_after_one(make):
    asked = {"fact": "relapse_after_transplant", "agents": ["ALLOGENEIC HSCT"]}
    rows = [line(1, "CR", PDDTC="2024-01-01")]
    assert ask(make, asked, rows) == ("NOT MET", "no transplantation before entry")
    assert ask(make, asked, rows, procedures=False)[0] == "CANNOT BE JUDGED"


def tki(agent, best=None, **more):
    return line(1, best, CMDECOD=agent, CMCLAS="TKI", **more)


@pytest.mark.parametrize(
    ("rows", "want"),
    [
        ([tki("IMATINIB", "PR"), tki("DASATINIB", "CR", PDDTC="2024")], "MET"),
        ([tki("IMATINIB", "PR"), tki("IMATINIB", "PR")], "NOT MET"),  # one drug twice
        ([tki("IMATINIB", "PR"), tki("DASATINIB", "CR")], "CANNOT BE JUDGED"),
        ([tki("IMATINIB", "PR"), tki("DASATINIB", "PR", INTOLER="Y")], "NOT MET"),
        ([line(1, "PR", CMDECOD="VINCRISTINE", CMCLAS="VINCA")], "NOT MET"),
        ([tki("IMATINIB", "PR"), line(1, "PR", CMDECOD="DRUG X")], "CANNOT BE JUDGED"),
        ([], "CANNOT BE JUDGED"),
    ],
)
def test_two_different_inhibitors_failed_and_intolerance_is_no_failure(make, rows, want):
    asked = {"fact": "failed_agents", "classes": ["TKI"], "at_least": 2, "response": ["CR"]}
    assert ask(make, asked, rows)[0] == want


@pytest.mark.parametrize(
    ("flag", "want"), [("Y", "MET"), ("N", "NOT MET"), (None, "CANNOT BE JUDGED")]
)
def test_intolerance_and_full_dose_are_what_is_recorded(make, flag, want):
    asked = {"fact": "intolerant", "classes": ["TKI"]}
    assert ask(make, asked, [tki("IMATINIB", INTOLER=flag)])[0] == want
    asked = {"fact": "exposed", "classes": ["TKI"], "full_dose": True}
    assert ask(make, asked, [tki("IMATINIB", FULLDOSE=flag)])[0] == want


def test_a_class_that_is_not_stated_cannot_be_excluded(make):
    asked = {"fact": "exposed", "classes": ["ANTHRACYCLINE"], "agents": ["BENDAMUSTINE"]}
    assert ask(make, asked, [line(1)]) == ("CANNOT BE JUDGED", "CM 1: class not stated")
    assert ask(make, asked, [line(1, CMDECOD="BENDAMUSTINE")])[0] == "MET"
    assert ask(make, asked, [line(1, CMCLAS="VINCA")])[0] == "NOT MET"


@pytest.mark.parametrize(
    ("best", "end", "progression", "intolerant", "want"),
    [
        ("SD", None, None, None, "MET"),
        ("PR", "2024-03-01", "2024-04-30", None, "MET"),  # 60 days
        ("PR", "2024-03-01", "2024-05-01", None, "NOT MET"),
        ("PR", "2024-03", "2024-04-30", None, "MET"),  # 60 days at most
        ("PR", "2024-03", "2024-05-15", None, "CANNOT BE JUDGED"),
        ("PR", "2024-03-01", None, None, "CANNOT BE JUDGED"),
        ("PR", "2024-03-01", None, "Y", "NOT MET"),  # stopped for intolerance
        (None, "2024-03-01", "2024-09-01", None, "CANNOT BE JUDGED"),
    ],
)
def test_refractory_is_no_response_or_progression_within_60_days(
    make, best, end, progression, intolerant, want
):
    asked = {"fact": "refractory", "classes": ["IMID"], "no_response": ["SD", "PD"],
             "within_days": 60}  # fmt: skip
    row = line(1, best, CMCLAS="IMID", CMENDTC=end, PDDTC=progression, INTOLER=intolerant)
    assert ask(make, asked, [row])[0] == want


@pytest.mark.parametrize(
    ("numbers", "want"),
    [([1, 2, 3], "MET"), ([1, 1, 2], "NOT MET"), ([1, 2, None], "CANNOT BE JUDGED")],
)
def test_three_lines_or_more(make, numbers, want):
    assert ask(make, {"fact": "lines", "at_least": 3}, [line(n) for n in numbers])[0] == want


def test_maintenance_belongs_to_the_line_before_it_unless_that_one_had_progressed(make):
    """Induction, transplantation and maintenance are one line (IMWG)."""
    rows = [
        line(1, PHASE="INDUCTION", CMSTDTC="2022-01-01"),
        line(2, PHASE="CONDITIONING", CMSTDTC="2022-06-01"),
        line(3, PHASE="MAINTENANCE", CMSTDTC="2022-09-01", PDDTC="2023-10-01"),
        line(4, CMSTDTC="2023-11-01"),
    ]
    exactly = {"fact": "lines", "at_least": 2, "at_most": 2}
    assert ask(make, exactly, rows) == ("MET", "2 lines")
    rows[0]["PDDTC"] = "2022-05-01"  # now conditioning begins a new line, maintenance joins it
    assert ask(make, exactly, rows) == ("NOT MET", "3 lines")


@pytest.mark.parametrize(
    ("limits", "value", "want"),
    [
        ({"at_most": 3}, "3", "MET"),
        ({"at_most": 3}, "4", "NOT MET"),
        ({"above": 60}, "60", "NOT MET"),
        ({"above": 60}, "60.1", "MET"),
        ({"one_of": ["POSITIVE"]}, "positive", "MET"),
        ({"none_of": ["MCL"]}, "DLBCL NOS", "MET"),
        ({"none_of": ["MCL"]}, None, "CANNOT BE JUDGED"),
        ({"one_of": ["POSITIVE"]}, "UNKNOWN", "CANNOT BE JUDGED"),
        ({"at_most": 3}, "NOT DONE", "CANNOT BE JUDGED"),
    ],
)
def test_a_baseline_fact_within_its_limits(make, limits, value, want):
    asked = {"fact": "characteristic", "test": "X", **limits}
    assert ask(make, asked, SC_X=value)[0] == want
    assert ask(make, asked)[0] == "CANNOT BE JUDGED"


@pytest.mark.parametrize(
    ("years", "want"),
    [(0, "NOT MET"), (1, "MET"), (17, "MET"), (18, "NOT MET"), (None, "CANNOT BE JUDGED")],
)
def test_age_from_1_to_under_18(make, years, want):
    assert ask(make, {"fact": "age", "at_least": 1, "below": 18}, AGE=years)[0] == want


@pytest.mark.parametrize(
    ("verdict", "want"),
    [
        ("COMPLIANT", "MET"),
        ("VIOLATED", "NOT MET"),
        ("UNKNOWN", "CANNOT BE JUDGED"),
        ("NOT APPLICABLE", "CANNOT BE JUDGED"),
    ],
)
def test_the_washout_is_that_of_every_therapy(make, verdict, want):
    asked = {"fact": "washout", "procedure": "lymphodepletion"}
    assert ask(make, asked, WASHLD=verdict)[0] == want
