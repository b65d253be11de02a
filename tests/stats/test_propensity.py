"""Propensity scores against R, weights and balance by hand."""

import warnings

import numpy as np
import pytest
from question_values import question_values
from reference_values import agree, data

from cartend.stats.propensity import (
    effective_size,
    logistic,
    propensity_weights,
    standardised_differences,
)
from cartend.stats.results import EstimationError


def test_logistic_regression_is_that_of_glm():
    found, expected = data("lung"), question_values()["logistic"]
    x = np.column_stack((found["x1"], found["grp"]))
    fit = logistic((found["status"] > 0).astype(int), x)
    agree(fit.coef, expected["coef"])
    agree(np.sqrt(np.diag(fit.covariance)), expected["se"])
    agree(fit.fitted[:5], expected["fitted"])


def test_a_covariate_that_separates_the_groups_has_no_score():
    fit = logistic(np.array([0, 0, 0, 1, 1, 1]), np.arange(6.0))
    assert "separation" in fit.note
    assert "same outcome" in logistic(np.ones(3, dtype=int), np.arange(3.0)).note


def test_weights_by_hand():
    treated, score = np.array([1, 1, 0, 0]), np.array([0.8, 0.5, 0.5, 0.2])
    assert propensity_weights(treated, score).tolist() == [0.625, 1, 1, 0.625]
    assert propensity_weights(treated, score, "att").tolist() == [1, 1, 1, 0.25]
    assert propensity_weights(treated, score, "overlap") == pytest.approx([0.2, 0.5, 0.5, 0.2])
    with pytest.raises(EstimationError, match="kind must be one of"):
        propensity_weights(treated, score, "odds")


def test_standardised_difference_by_hand():
    # means 3 and 1, variances 2 and 2: (3 - 1)/sqrt(2); weighted means 3.5 and 1
    treated, x = np.array([1, 1, 0, 0]), np.array([[2.0], [4], [0], [2]])
    assert standardised_differences(treated, x) == pytest.approx([2 / np.sqrt(2)])
    weighted = standardised_differences(treated, x, np.array([1, 3, 1, 1]))
    assert weighted == pytest.approx([2.5 / np.sqrt(2)])


def test_overlap_weights_balance_every_covariate_of_the_score_exactly():
    random = np.random.default_rng(4)
    x = random.normal(size=(300, 3))
    treated = (random.uniform(size=300) < 1 / (1 + np.exp(-x[:, 0] + 0.5 * x[:, 1]))).astype(int)
    weights = propensity_weights(treated, logistic(treated, x).fitted, "overlap")
    assert np.abs(standardised_differences(treated, x)).max() > 0.3
    assert np.abs(standardised_differences(treated, x, weights)).max() < 1e-8


def test_effective_size_is_the_number_where_weights_are_equal():
    assert effective_size([2, 2, 2]) == pytest.approx(3)
    assert effective_size([1, 0, 0]) == 1


def test_a_group_of_one_subject_has_no_standardised_difference():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = standardised_differences(np.array([1, 0, 0]), np.array([[1.0], [2.0], [4.0]]))
    assert np.isnan(found).all()
