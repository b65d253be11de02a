"""Weights for informative censoring: against R, and where the truth is known."""

import numpy as np
import pytest
from question_values import question_values
from reference_values import agree, data

from cartend.stats.ipcw import censoring_weights, weighted_cox
from cartend.stats.regression import cox


def test_weights_and_the_weighted_model_are_those_of_r():
    found, expected = data("sim_days"), question_values()["ipcw"]
    event, left = ((found["status"] == s).astype(int) for s in (1, 2))
    x = np.column_stack((found["x1"], found["x2"]))
    rows = censoring_weights(found["time"], event, left, x)
    agree([rows.weight.min(), rows.weight.mean(), rows.weight.max()], expected["weights"])
    assert rows.weight.size == expected["rows"]
    fit = weighted_cox(rows, found["grp"].astype(float))
    agree([fit.coef[0], fit.se[0]], [expected["coef"], expected["se"]])


def test_without_informative_censoring_every_weight_is_one():
    found = data("sim_days")
    event, nobody = (found["status"] == 1).astype(int), np.zeros(found["time"].size, dtype=int)
    rows = censoring_weights(found["time"], event, nobody, found["x1"])
    assert set(rows.weight) == {1.0}
    plain = cox(found["time"], event, found["grp"].astype(float))
    assert weighted_cox(rows, found["grp"].astype(float)).coef[0] == pytest.approx(plain.coef[0])


def test_the_ratio_that_informative_censoring_hides_is_found_again():
    random = np.random.default_rng(2)
    n = 4000
    arm, frail = random.integers(0, 2, n), random.integers(0, 2, n)
    death = random.exponential(1 / (0.002 * np.exp(-0.7 * arm + 1.5 * frail)))
    gone = random.exponential(1 / np.where((arm == 0) & (frail == 1), 0.02, 2e-4))
    time, event = np.ceil(np.minimum(death, gone)), (death <= gone).astype(int)
    full = cox(np.ceil(death), np.ones(n, dtype=int), arm).hazard_ratio[0]
    naive = cox(time, event, arm).hazard_ratio[0]
    rows = censoring_weights(time, event, 1 - event, frail.astype(float), strata=arm)
    found = weighted_cox(rows, arm).hazard_ratio[0]
    assert abs(np.log(naive / full)) > 0.15
    assert abs(np.log(found / full)) < 0.6 * abs(np.log(naive / full))


def test_who_has_not_changed_cannot_be_censored_this_way():
    time, event = np.array([10, 20, 30, 40]), np.array([0, 1, 1, 1])
    change = np.array([5, np.nan, 15, 25])
    left = np.array([1, 0, 0, 0])
    rows = censoring_weights(time, event, left, np.array([0.0, 1, 0, 1]), change=change)
    # only the first had changed by day 10, so nobody else was at risk and no weight moves
    assert set(rows.weight[rows.subject > 0]) == {1.0}
