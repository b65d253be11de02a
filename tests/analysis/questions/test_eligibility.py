"""R03 to R06: verdicts add up to all, and agreement is of those that both judge."""

import pandas as pd
import pytest

MET, NOT_MET, OPEN = "MET", "NOT MET", "CANNOT BE JUDGED"


def adelig():
    """Eight randomised subjects: A1-A4 CART, B1-B4 SOC."""
    verdicts = [MET, MET, NOT_MET, OPEN, MET, NOT_MET, MET, OPEN]
    said = [MET, NOT_MET, NOT_MET, MET, MET, NOT_MET, None, None]
    subjects = [*(f"A{n}" for n in range(1, 5)), *(f"B{n}" for n in range(1, 5))]
    rule = pd.DataFrame({"USUBJID": subjects, "AVALC": verdicts, "CRFAVALC": said})
    rule = rule.assign(CRITORD=1, CRITID="RULE", CRFTEST="CRFRR")
    whole = rule.assign(CRITORD=0, CRITID="ELIGIBLE", CRFTEST=None, CRFAVALC=None)
    frame = pd.concat([whole, rule], ignore_index=True)
    return frame.assign(ARMCD=frame["USUBJID"].str[0].map({"A": "CART", "B": "SOC"}))


@pytest.fixture
def eligibility(ask):
    return ask("eligibility", study={"eligibility": "rr-ball"}, adelig=adelig())


def numbers(answer, line, analysis, arm=""):
    return {
        (row[10], row[13]): row[14] if row[14] is not None else row[15]
        for row in answer.rows
        if row[7].endswith(line) and row[8] == analysis and row[5] == arm
    }


@pytest.mark.parametrize(("arm", "want"), [("", (4, 2, 2, 8)), ("CART", (2, 1, 1, 4))])
def test_verdicts_add_up_to_the_randomised(eligibility, arm, want):
    found = numbers(eligibility, "02 RULE", "count", arm)
    n = [found[verdict, "n"] for verdict in (MET, NOT_MET, OPEN)]
    assert (*n, found[MET, "N"]) == want
    assert sum(n) == found[OPEN, "N"]


def test_agreement_leaves_out_what_either_cannot_judge(eligibility):
    """Of five both judge four agree; kappa = (0.8 - 0.48) / (1 - 0.48)."""
    found = numbers(eligibility, "02 RULE", "agreement")
    assert (found["", "n"], found["", "N"]) == (4, 5)
    assert found["", "kappa"] == pytest.approx((0.8 - 0.48) / (1 - 0.48))


def test_verdict_by_flag_and_blank_flags_account_for_everybody(eligibility):
    found = numbers(eligibility, "02 RULE", "cross")
    counts = {event: n for (event, name), n in found.items() if name == "n"}
    assert sum(counts.values()) == 8
    assert counts["case report form blank"] == 2
    assert counts["MET; case report form NOT MET"] == 1
    assert counts["CANNOT BE JUDGED; case report form MET"] == 1


def test_a_criterion_without_a_flag_has_no_agreement(eligibility):
    assert not numbers(eligibility, "01 ELIGIBLE", "agreement")
    assert numbers(eligibility, "01 ELIGIBLE", "count")[MET, "n"] == 4


def test_without_rules_the_question_says_so(ask):
    answer = ask("eligibility", adelig=adelig())
    assert answer.notes() == {"not estimable: the study names no rules of eligibility"}
