"""Flow, analysis sets, completeness of follow-up, time to response."""

import pandas as pd
import pytest
from tiny_trial import START, pick


def test_the_flow_is_that_of_the_arm_to_be_infused(run):
    found = pick(run.build(), paramcd="FLOW", arm="CART", evaluator="", analysis="count")
    assert {key[0]: value for key, value in found.items() if key[1] == "n"} == {
        "01 SCREENED": 3,
        "02 ENROLLED": 3,
        "03 LEUKAPHERESED": 3,
        "04 BRIDGED": 2,
        "05 LEUKAPHERESED: DEATH": 1,
        "06 LYMPHODEPLETED": 2,
        "07 INFUSED": 2,
    }
    assert {value for key, value in found.items() if key[1] == "N"} == {3}


def test_without_the_dates_of_the_flow_there_is_none(run):
    run.adsl = run.adsl.drop(columns="LDDT")
    assert "FLOW" not in set(run.build()["paramcd"])


def test_analysis_sets_are_counted_in_every_group(run):
    ard = run.build()
    sets = pick(ard, paramcd="SETS", evaluator="", analysis="count")
    assert {key[0]: value for key, value in sets.items() if key[1] == "n"} == {
        "RAND": 6,
        "LA": 3,
        "INF": 2,
        "SAF": 6,
    }
    where = {"arm": "CART", "by": "BRIDGE", "level": "IMID"}
    bridged = pick(ard, paramcd="SETS", evaluator="", analysis="count", **where)
    assert (bridged["INF", "n"], bridged["INF", "N"]) == (1, 2)


def test_completeness_is_observed_over_potential_follow_up(run):
    """SOC: events on days 5 and 8, censored on day 15 with 366 days to the cut-off."""
    found = pick(run.build(), paramcd="EFS", arm="SOC", analysis="completeness")
    assert found["estimate"] == pytest.approx((5 + 8 + 15) / (5 + 8 + 366))


def test_completeness_needs_dates(run):
    run.adtte = run.adtte.drop(columns="STARTDT")
    assert "completeness" not in set(run.build()["analysis"])


def test_completeness_without_a_date_is_a_note(run):
    run.adtte.loc[run.adtte["USUBJID"] == "B3", "STARTDT"] = pd.NaT
    found = pick(run.build(), paramcd="EFS", arm="SOC", analysis="completeness")
    assert found["estimate"] == "not estimable: dates are missing"


def test_time_to_response_is_that_of_the_responders(run):
    """A1 responds two days after the origin and A2 nine: days 3 and 10."""
    found = pick(run.build(), paramcd="ORR", analysis="time_to_response")
    assert found == {"n": 2, "median": 6.5, "min": 3, "max": 10}


def test_no_responders_have_no_time(run):
    found = pick(run.build(), paramcd="ORR", arm="SOC", analysis="time_to_response")
    assert found["n"] == 0
    assert found["median"] == "not estimable: no responders"


def test_responses_before_infusion_are_counted_in_the_experimental_arm(run):
    """Both were infused on day 7: A1 responded before, A2 after."""
    ard = run.build()
    found = pick(ard, paramcd="ORR", arm="CART", analysis="count")
    key = "RESPONSE_BEFORE_INFUSION"
    assert (found[key, "n"], found[key, "N"]) == (1, 2)
    assert not ((ard["event"] == key) & (ard["arm"] != "CART")).any()


def test_a_response_without_infusion_came_before_it(run):
    run.adsl.loc[run.adsl["USUBJID"] == "A2", "TRTSDT"] = pd.NaT
    found = pick(run.build(), paramcd="ORR", arm="CART", analysis="count")
    assert found["RESPONSE_BEFORE_INFUSION", "n"] == 2
    run.adsl["TRTSDT"] = START
    found = pick(run.build(), paramcd="ORR", arm="CART", analysis="count")
    assert found["RESPONSE_BEFORE_INFUSION", "n"] == 0
