"""Regression over trials against R, and what too few trials allow."""

import numpy as np
import pytest
from question_values import question_values
from reference_values import agree

from cartend.stats.results import EstimationError
from cartend.stats.trialregression import trial_regression

SURROGATE = np.log([0.398, 0.356, 1.07, 0.49, 0.29, 0.65])
OS = np.log([0.726, 0.757, 1.24, 1.01, 0.55, 0.9])
WEIGHTS = np.array([43.7, 18.8, 23.9, 36.3, 31.3, 20])


def test_the_weighted_regression_is_that_of_lm():
    found, expected = trial_regression(SURROGATE, OS, WEIGHTS), question_values()["trials"]
    agree([found.intercept, found.slope.estimate], expected["coef"])
    agree([found.slope.lower, found.slope.upper], expected["slope"])
    agree(found.r_squared.estimate, expected["r2"])
    agree(found.left_out, expected["without"])


def test_the_threshold_is_where_the_upper_prediction_limit_of_lm_is_nought():
    x = np.array([-1.5, -1.2, -1, -0.8, -0.5, 0.1])
    y = 0.6 * x + 0.1 + np.array([0.02, -0.01, 0.015, -0.02, 0.01, 0])
    found = trial_regression(x, y, WEIGHTS)
    agree(found.threshold.estimate, question_values()["trials"]["threshold"], 1e-7)


def test_three_trials_cannot_support_r_squared():
    with pytest.raises(EstimationError, match="3 trials cannot support R squared"):
        trial_regression(SURROGATE[:3], OS[:3], WEIGHTS[:3])


def test_no_effect_large_enough_is_no_threshold():
    random = np.random.default_rng(1)
    noise = random.normal(size=6)
    found = trial_regression(SURROGATE, noise + 3, WEIGHTS)
    assert "no effect on the surrogate is large enough" in found.threshold.note
