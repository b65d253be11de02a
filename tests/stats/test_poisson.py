"""Rare events against poisson.test and the classical table."""

import numpy as np
import pytest
from reference_values import agree, values

from cartend.stats.poisson import garwood, poisson_rate, standardised_ratio, upper_bound
from cartend.stats.results import EstimationError


def test_reference():
    for count, time, level, lower, upper in values("_rates")["garwood"]:
        found = poisson_rate(int(count), time, level=level)
        agree([found.estimate, found.lower, found.upper], [count / time, lower, upper], 1e-12)


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [(0, 0, 3.6889), (1, 0.0253, 5.5716), (3, 0.6187, 8.7673), (16, 9.1454, 25.9830)],
)
def test_garwood_of_the_specification(count, lower, upper):
    found = garwood(count)
    np.testing.assert_allclose([found.lower, found.upper], [lower, upper], atol=5.1e-5)


def test_no_event_has_bounds_of_three_and_three_point_seven():
    assert upper_bound(0) == pytest.approx(-np.log(0.05))
    assert upper_bound(0, 250.0) == pytest.approx(3.00 / 250, abs=2e-5)
    assert standardised_ratio(0, 0.5).upper == pytest.approx(-np.log(0.025) / 0.5)


def test_observed_over_expected():
    found = standardised_ratio(16, 4.0)
    assert (found.estimate, found.lower) == pytest.approx((4.0, 9.1454 / 4), abs=5e-5)
    assert found.method == "observed over expected, Garwood limits"


def test_degenerate_and_misuse():
    assert poisson_rate(0, 0.0).note == "not estimable: no person-time"
    assert standardised_ratio(2, 0.0).note == "not estimable: no events expected"
    for count in (-1, 1.5):
        with pytest.raises(EstimationError, match="whole number"):
            garwood(count)
    with pytest.raises(EstimationError, match="0 or more"):
        poisson_rate(1, -2.0)
    with pytest.raises(EstimationError, match="level"):
        garwood(1, level=2)
