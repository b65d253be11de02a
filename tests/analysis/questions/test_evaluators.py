"""R37 on eight subjects by hand; P20 and P24 of the specification's pitfalls."""

import numpy as np
import pandas as pd
import pytest
from question_trial import START, SUBJECTS, adsl, adtte, material

from cartend.analysis.questions.evaluators import intervals

VERSUS = "CART vs SOC"
UNSEEN = "Progression by the investigator that the review did not see"


def two_readings() -> pd.DataFrame:
    """Return the trial by both: the review censors A4 and B3 where the investigator progresses."""
    frame = adtte(("IRC", "INV"))
    review = (frame["EVAL"] == "IRC") & (frame["PARAMCD"] == "PFS")
    for subject, day in (("A4", 90), ("B3", 40)):
        mine = review & (frame["USUBJID"] == subject)
        frame.loc[mine, ["AVAL", "STATE", "EVNTDESC"]] = [day, 0, "LAST"]
    return frame


def test_p20_investigator_progression_without_the_reviews_is_counted_by_arm(ask):
    answer = ask("evaluators", adtte=two_readings())
    line = "Progression by the investigator alone"
    assert [answer.get(line, "n", arm, UNSEEN) for arm in ("CART", "SOC")] == [1, 1]
    line = "of these censored by the review"
    assert [answer.get(line, "n", arm, UNSEEN) for arm in ("CART", "SOC")] == [1, 1]


def test_p20_the_composite_takes_the_first_progression_by_either(ask):
    answer = ask("evaluators", adtte=two_readings())
    line = "Progression by either, or death"
    assert answer.get(line, "events", VERSUS) == 6
    assert answer.get("PFS (IRC) as analysed", "events", VERSUS) == 4
    alone = ask("evaluators", adtte=adtte(("IRC", "INV")))
    assert answer.get(line, "estimate", VERSUS) == alone.get(line, "estimate", VERSUS)


def test_p20_the_weighted_ratio_stands_beside_the_one_as_analysed(ask):
    frame = two_readings()
    answer = ask("evaluators", {"covariates": ["AGE"]}, adtte=frame, adsl=aged())
    line = "PFS (IRC) weighted for this censoring"
    assert (answer.get(line, "N", VERSUS), answer.get(line, "events", VERSUS)) == (8, 4)


def aged() -> pd.DataFrame:
    return adsl().assign(AGE=[50.0, 61, 42, 58, 47, 66, 39, 55])


def test_p24_progression_lies_after_the_last_assessment_before_it():
    trial = material()
    left, right = intervals(trial, trial.times("PFS", "PFS"))
    known = dict(zip(SUBJECTS, zip(left, right, strict=True), strict=True))
    assert known["A1"] == (15, 30)  # complete response on day 15, progression on day 30
    assert known["A2"] == (200, np.inf)  # censored
    assert known["A3"] == (60, 60)  # a death is exact
    assert known["B4"] == (10, 150)


def test_p24_rare_visits_in_one_arm_flatter_it_until_the_interval_is_used(ask):
    random = np.random.default_rng(6)
    true = random.exponential(150, 400)
    arm = np.repeat(["CART", "SOC"], 200)
    gap = np.where(arm == "CART", 120, 30)
    seen = np.ceil(true / gap) * gap
    frame = pd.DataFrame({"USUBJID": [f"{i:03d}" for i in range(400)], "ARMCD": arm})
    frame = frame.assign(PARAMCD="PFS", AVAL=seen, STATE=1, EVNTDESC="PD", EVAL="IRC", POP="RAND")
    both = pd.concat([frame, frame.assign(EVAL="INV")]).assign(ANL01FL="Y", STARTDT=START)
    visit = frame.assign(ADT=START + pd.to_timedelta(seen - gap - 1, unit="D"), AVALC="SD")
    visits = visit[seen > gap].assign(ANL01FL="Y")[["USUBJID", "ADT", "AVALC", "EVAL", "ANL01FL"]]
    days = {"times": [119]}
    answer = ask("evaluators", days, adtte=both, adrs=visits)
    section = "Progression between assessments (interval censoring)"

    def gap_of(line: str) -> float:
        first, second = (answer.get(line, arm=a, section=section) for a in ("CART", "SOC"))
        return first - second

    naive = gap_of("day 119: progression on its day (%)")
    middle = gap_of("day 119: progression in the middle (%)")
    assert naive > 0.4  # nobody of CART is seen to progress before day 120
    assert abs(middle) < naive / 2
    line = "day 119: within its interval, least and most (%)"
    low, high = (answer.get(line, s, "CART", section) for s in ("lower", "upper"))
    assert low <= (true[:200] > 119).mean() + 1e-9 <= high


def test_a_large_difference_of_discrepancy_rates_is_flagged(ask):
    answer = ask("evaluators", {"flag": 0.05}, adtte=two_readings())
    raised = [row[14] for row in answer.rows if row[8] == "warning"]
    assert 1 in raised


@pytest.mark.parametrize("judges", [["IRC"], ["INV"]])
def test_one_evaluator_cannot_agree_with_another(ask, judges):
    study = {"evaluators": judges, "primary_evaluator": judges[0]}
    assert ask("evaluators", study=study).notes() == {"not estimable: the study has one evaluator"}
