"""Completeness of follow-up, time to response."""

import pandas as pd
import pytest
from tiny_trial import START, pick


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
