"""Interval-censored survival: against R and against the condition of the maximum."""

import numpy as np
import pytest
from question_values import question_values, table

from cartend.stats.results import EstimationError
from cartend.stats.survival import kaplan_meier
from cartend.stats.turnbull import turnbull


@pytest.fixture(scope="module")
def cosmesis():
    data = table("cosmesis")
    return data["left"], np.where(np.isnan(data["right"]), np.inf, data["right"])


def test_survival_between_the_support_intervals_is_that_of_survfit(cosmesis):
    found, expected = turnbull(*cosmesis), question_values()["turnbull"]
    for time, value in zip(expected["time"], expected["surv"], strict=True):
        low, high = found.bounds(time)
        assert low == pytest.approx(high, abs=1e-8)
        assert low == pytest.approx(value, abs=1e-3)  # R stops its iterations earlier


def test_it_is_the_maximum_by_the_condition_of_kuhn_and_tucker(cosmesis):
    left, right = cosmesis
    found = turnbull(left, right)
    inside = (left[:, None] <= found.left) & (found.right <= right[:, None])
    gradient = (inside / (inside @ found.mass)[:, None]).mean(axis=0)
    assert gradient.max() <= 1 + 1e-8
    assert gradient[found.mass > 1e-6] == pytest.approx(1, abs=1e-6)
    assert found.mass.sum() == pytest.approx(1)


def test_exact_and_right_censored_times_alone_give_kaplan_meier():
    time, event = np.array([1, 2, 2, 3, 5, 7, 8]), np.array([1, 1, 0, 1, 0, 1, 0])
    found = turnbull(time, np.where(event == 1, time, np.inf))
    curve = kaplan_meier(time, event)
    for day in (1, 2.5, 4, 7.5):
        step = np.searchsorted(curve.time, day, side="right") - 1
        assert found.bounds(day)[1] == pytest.approx(curve.survival[step], abs=1e-8)


def test_two_intervals_by_hand():
    # (0, 2] and (1, 3] overlap in (1, 2]: all mass there; within it nothing is determined
    found = turnbull(np.array([0, 1]), np.array([2, 3]))
    assert (found.left.tolist(), found.right.tolist()) == ([1], [2])
    assert (found.bounds(1), found.bounds(1.5), found.bounds(2)) == ((1, 1), (0, 1), (0, 0))


def test_an_interval_that_ends_before_it_starts_is_refused():
    with pytest.raises(EstimationError, match="left must not be after right"):
        turnbull(np.array([3]), np.array([2]))
