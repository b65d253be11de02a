"""Restricted mean survival time."""

import numpy as np
import pytest
from reference_values import (
    NAMES,
    PLACEBO_TIME,
    SIX_MP_EVENT,
    SIX_MP_TIME,
    agree,
    curves,
    numbers,
    values,
)

from cartend.stats.results import EstimationError
from cartend.stats.survival import kaplan_meier, rmst


@pytest.mark.parametrize("name", NAMES)
def test_reference(name):
    compared = 0
    for key, d in curves(name).items():
        r = values(name)["km"][key]["rmst"]
        curve = kaplan_meier(d["time"], d["status"] > 0, entry=d["entry"])
        for tau, estimate, se in zip(
            numbers(r["tau"]), numbers(r["est"]), numbers(r["se"]), strict=True
        ):
            if np.isnan(estimate):  # R fails where tau is before the first time
                assert tau < curve.time[0]
                continue
            found = rmst(curve, tau, beyond="r")
            agree([found.estimate, found.se], [estimate, se])
            compared += 1
    assert compared


def test_leukaemia_at_twenty_weeks():
    assert rmst(kaplan_meier(SIX_MP_TIME, SIX_MP_EVENT), 20).estimate == pytest.approx(
        16.1165, abs=5e-5
    )
    placebo = rmst(kaplan_meier(PLACEBO_TIME, np.ones(21)), 20)
    assert placebo.estimate == pytest.approx(np.minimum(PLACEBO_TIME, 20).mean())
    assert placebo.se == pytest.approx(np.minimum(PLACEBO_TIME, 20).std() / np.sqrt(21))


def test_tau_before_the_first_time():
    found = rmst(kaplan_meier([5, 9], [1, 1]), 2)
    assert (found.estimate, found.se) == (2, 0)


def test_tau_after_a_censored_last_observation():
    curve = kaplan_meier([3, 5], [1, 0])
    assert rmst(curve, 5).estimate == 4
    assert rmst(curve, 6).note == "not estimable: tau is after the last observation"
    assert rmst(curve, 6, beyond="r").estimate == 4.5


def test_tau_after_the_last_event_adds_nothing():
    curve = kaplan_meier([3, 5], [1, 1])
    assert rmst(curve, 50).estimate == rmst(curve, 5).estimate == 4


def test_degenerate_and_misuse():
    assert rmst(kaplan_meier([], []), 1).note == "not estimable: no subjects"
    with pytest.raises(EstimationError, match="tau"):
        rmst(kaplan_meier([1], [1]), 0)
    with pytest.raises(EstimationError, match="beyond"):
        rmst(kaplan_meier([1], [1]), 1, beyond="extend")
