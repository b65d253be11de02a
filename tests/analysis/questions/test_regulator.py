"""What a regulator asks next, on eight subjects by hand."""

import numpy as np
import pandas as pd
import pytest
from question_trial import START, TIMES, adsl, adtte, definitions, material
from tiny_trial import make_rate, make_study

from cartend.analysis.questions.hierarchy import boundary
from cartend.analysis.questions.stratification import pooled_strata

VERSUS = "CART vs SOC"


def test_deaths_of_the_periods_add_up_to_all_deaths(ask):
    answer = ask("deaths_by_period", {"periods": [50, 100]})
    lines = ("After day 0 to day 50", "After day 50 to day 100", "After day 100", "All deaths")
    assert [answer.get(line, "n", "CART") for line in lines] == [0, 2, 0, 2]
    assert [answer.get(line, "n", "SOC") for line in lines] == [1, 0, 1, 2]


def test_deaths_are_told_by_cause_and_infusion(ask):
    people = adsl().assign(DTHCAUS=None, TRTSDT=pd.NaT)
    people.loc[0, ["DTHCAUS", "TRTSDT"]] = ["INFECTION", START]
    answer = ask("deaths_by_period", adsl=people)
    section = "Deaths by cause, of all deaths"
    assert (answer.get("Infection", "n", "CART", section)) == 1
    assert (answer.get("Missing", "n", "CART", section)) == 1
    assert answer.get("Not infused", "n", "CART") == 1


def test_crossing_curves_are_counted_with_their_last_day(ask):
    answer = ask("deaths_by_period")
    # deaths SOC 40, CART 60 and 90, SOC 120: ahead, level at 60, behind from 90, level at 120
    assert answer.get("Number of crossings", "n", VERSUS) == 1
    assert answer.get("Day of the last crossing", arm=VERSUS) == 90


def test_censored_before_a_landmark_are_counted_by_reason(ask):
    frame = adtte()
    frame["CNSDTDSC"] = np.where(frame["STATE"] > 0, None, "Last look")
    answer = ask("censoring_before_landmarks", {"landmarks": [220]}, adtte=frame)
    section = "PFS (IRC): censored by day 220"
    assert answer.get("Last look", "n", "CART", section) == 1
    assert answer.get("All reasons", "n", "SOC", section) == 0


def visits() -> pd.DataFrame:
    rows = [("A2", 30), ("A2", 60), ("A4", 28), ("B2", 30), ("B2", 90)]
    frame = pd.DataFrame(rows, columns=["USUBJID", "DAY"])
    frame["ADT"] = START + pd.to_timedelta(frame["DAY"] - 1, unit="D")
    frame["AVISIT"] = ["W4", None, "W4", "W4", None]
    return frame.drop(columns="DAY").assign(EVAL="IRC", ANL01FL="Y", AVALC="SD")


def test_attendance_is_of_those_still_followed_without_event(ask):
    study = {
        "visits": {
            "anchor": "randomisation",
            "schedule": [{"label": "W4", "day": 28, "before": 4, "after": 4}],
        }
    }
    answer = ask("visit_timing", study=study, adrs=visits())
    # window closes on day 33: A1 progressed on 30, B1 on 20; A3 followed and not seen
    line = "W4 (day 28)"
    assert (answer.get(line, "n", "CART"), answer.get(line, "N", "CART")) == (2, 3)
    assert (answer.get(line, "n", "SOC"), answer.get(line, "N", "SOC")) == (1, 3)


def test_gaps_between_assessments_are_told_by_arm(ask):
    answer = ask("visit_timing", adrs=visits())
    line = "Days between two assessments: median (quartiles)"
    assert (answer.get(line, arm="CART"), answer.get(line, arm="SOC")) == (30, 60)


def rates(missing: int, size: int = 40) -> pd.DataFrame:
    """Return ORR: 28 of 40 respond with CART; 16 of 40 with SOC, where some are missing."""
    yes = {"CART": 28, "SOC": 16}
    rows = []
    for arm, n in yes.items():
        for i in range(size):
            gone = arm == "SOC" and i >= size - missing
            reason = "no assessment" if gone else ""
            rows.append((f"{arm}{i}", arm, "Y" if i < n else "N", reason))
    frame = pd.DataFrame(rows, columns=["USUBJID", "ARMCD", "AVALC", "REASON"])
    return frame.assign(PARAMCD="ORR", POP="RAND", EVAL="IRC", ANL01FL="Y")


def asked(ask, missing: int):
    known = {**definitions(), "ORR": make_rate("ORR")}
    return ask("missing_response", adrsp=rates(missing), definitions=known)


def test_worst_case_turns_every_missing_control_into_a_responder(ask):
    answer = asked(ask, 10)
    line = "Difference as analysed (percentage points)"
    assert answer.get(line, arm=VERSUS) == pytest.approx(0.3)
    line = "Worst case: every missing control a responder"
    assert answer.get(line, arm=VERSUS) == pytest.approx(28 / 40 - 26 / 40)


def test_the_tipping_point_is_the_least_number_that_loses_significance(ask):
    answer = asked(ask, 10)
    line = "Missing controls as responders until significance is lost, of all missing"
    # chi-square of 28/40 against 18/40 is 5.1, against 19/40 4.2, against 20/40 3.3 (x 79/80)
    assert (answer.get(line, "n", VERSUS), answer.get(line, "N", VERSUS)) == (4, 10)
    shift = "The same as a shift: response of the missing controls above those assessed (points)"
    assert answer.get(shift, arm=VERSUS) == pytest.approx(4 / 10 - 16 / 30)


def test_too_few_missing_cannot_tip(ask):
    assert any("not lost by all 2 missing" in note for note in asked(ask, 2).notes())


def test_sparse_strata_are_pooled_with_the_next_smallest():
    trial = material(study=make_study(strata=[]))
    times = trial.times("PFS", "PFS").between(trial.comparisons[0])
    strata = np.array([0, 0, 1, 1, 0, 0, 2, 2])  # 1 has no control, 2 no treated subject
    joined, sparse = pooled_strata(times, strata, 1)
    assert sparse == 2
    assert joined.tolist() == [0, 0, 3, 3, 0, 0, 3, 3]


def test_corrected_strata_are_counted_and_used(ask):
    people = adsl().assign(REFRACT=list("YYNNYYNN"), REFRACTC=list("YYNYYYNN"))
    frame = adtte().drop(columns="REFRACT").merge(people[["USUBJID", "REFRACT"]], on="USUBJID")
    trial = material(
        study=make_study(analyses={"stratification": {"corrected": {"REFRACT": "REFRACTC"}}}),
        adsl=people,
        adtte=frame,
    )
    answer = run(trial, "stratification")
    line = "REFRACT: another stratum as corrected (REFRACTC)"
    assert answer.get(line, "n", "CART") == 1
    section = "PFS (IRC): hazard ratio"
    ratios = [answer.get(w, arm=VERSUS, section=section) for w in ("As randomised", "As corrected")]
    assert ratios[0] != ratios[1]


def run(trial, name: str):
    from answers import Answer

    from cartend.analysis.ard import Ard
    from cartend.analysis.curves import Curves
    from cartend.analysis.questions.page import Page
    from cartend.analysis.questions.registry import ANSWERS

    ard, curves = Ard("tiny", "primary"), Curves("tiny", "primary")
    ANSWERS[name](trial, Page(ard, curves, name))
    return Answer(ard.sorted_rows(), curves.frame())


def test_regions_hold_their_countries_and_small_ones_have_no_ratio(ask):
    people = adsl().assign(COUNTRY=["FRA", "DEU", "USA", "USA", "FRA", "DEU", "USA", "USA"])
    options = {"map": {"Europe": ["FRA", "DEU"]}, "horizon": 100, "least_events": 3}
    answer = ask("regions", options, adsl=people)
    line = "Europe: without event at day 100 (%)"
    assert (answer.get(line, "N", "CART", "PFS (IRC)")) == 2
    assert "not estimable: 2 events, fewer than 3" in answer.notes("PFS (IRC)")


def test_potential_follow_up_counts_those_who_had_the_time(ask):
    people = adsl()
    people["CUTDT"] = START + pd.to_timedelta([99, 199, 299, 399, 99, 199, 299, 399], unit="D")
    answer = ask("maturity", {"days": 200}, adsl=people)
    section = "OS: follow-up"
    line = "Potential follow-up of at least 200 days, of subjects"
    assert answer.get(line, "n", "CART", section) == 3
    line = "Potential follow-up in months, median (least, largest)"
    values = [answer.get(line, s, "CART", section) for s in ("estimate", "lower", "upper")]
    assert values == [250, 100, 400]


def test_the_sequence_stops_at_the_first_test_that_fails(ask):
    roles = {name: {"role": "key secondary", "alpha": 0.05} for name in ("OS", "PFS")}
    answer = ask("hierarchy", {"order": ["OS", "PFS"]}, study={"roles": roles})
    # eight subjects: OS is not significant, so PFS may not be claimed whatever its p-value
    assert answer.get("OS: may be claimed", "met", VERSUS) == 0
    assert answer.get("PFS: may be claimed", "met", VERSUS) == 0
    methods = {row[9] for row in answer.rows if row[7].endswith("PFS: may be claimed")}
    assert methods == {"fixed sequence; a test before it failed"}


def test_information_is_events_of_planned(ask):
    roles = {"OS": {"role": "primary", "alpha": 0.05}}
    answer = ask("hierarchy", {"planned_events": {"OS": 10}}, study={"roles": roles})
    assert answer.get("OS: events, of planned", "n", VERSUS) == sum(s for _, s in TIMES["OS"])
    assert answer.get("OS: alpha at this look", arm=VERSUS) < 0.05


@pytest.mark.parametrize(
    ("spending", "share", "expected"),
    [
        ("obrien-fleming", 0.5, 0.00557),  # Lan and DeMets: z 2.773 at half the information
        ("obrien-fleming", 1, 0.05),
        ("pocock", 0.5, 0.03101),
        ("none", 0.5, 0.05),
    ],
)
def test_the_boundary_of_the_first_look(spending, share, expected):
    assert boundary(0.05, share, spending) == pytest.approx(expected, abs=1e-5)


def test_the_ratio_of_all_events_stands_beside_that_of_each_period(ask):
    answer = ask("delayed_effects", {"cuts": [56], "times": [100]})
    section = "PFS (IRC)"
    assert answer.get("Hazard ratio, all events", "events", VERSUS, section) == 6
    assert answer.get("Hazard ratio, day 0 to 56", "events", VERSUS, section) == 3
    assert answer.get("Hazard ratio, after day 56", "events", VERSUS, section) == 3
    assert answer.get("Hazard ratio, after day 56", "N", VERSUS, section) == 5


def test_milestone_difference_is_that_of_the_two_curves(ask):
    answer = ask("delayed_effects", {"times": [70]})
    line, section = "Without event at day 70 (%)", "PFS (IRC)"
    one, other = (answer.get(line, arm=arm, section=section) for arm in ("CART", "SOC"))
    assert (one, other) == (0.5, 0.5)
    assert answer.get(line, arm=VERSUS, section=section) == 0
