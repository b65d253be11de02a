"""A rate against its target: R, duality, grids and tipping values."""

import numpy as np
import pytest
from reference_values import agree, values

from cartend.stats.proportions import clopper_pearson, exact_binomial_greater
from cartend.stats.results import EstimationError
from cartend.stats.target import (
    fewest_responders,
    highest_target_met,
    responders_to_lose,
    target_p_values,
    target_test,
)


def test_reference():
    x, n, p0, p_value = np.array(values("_rates")["target"]).T
    agree(target_p_values(x, n, p0), p_value.tolist(), 1e-12)


def test_reference_fewest_responders():
    n, p0, fewest = np.array(values("_rates")["fewest"]).T
    np.testing.assert_array_equal(fewest_responders(n, p0), fewest)


def test_the_edge_of_cnct19():
    met, missed = target_test(34, 48, 0.55), target_test(34, 48, 0.56)
    assert (met.met, missed.met) == (True, False)
    assert met.p_value == pytest.approx(0.0184, abs=5e-5)
    assert met.estimate.lower == pytest.approx(0.5594, abs=5e-5)
    assert highest_target_met(34, 48) == pytest.approx(met.estimate.lower)
    assert responders_to_lose(34, 48, 0.55) == 0
    assert responders_to_lose(34, 48, 0.56) == -1
    assert met.method == "exact binomial, one-sided at 0.025"


@pytest.mark.parametrize("alpha", [0.025, 0.05, 0.1])
def test_interval_and_decision_agree_for_every_count_up_to_sixty(alpha):
    grid = np.linspace(0.01, 0.99, 33)
    for n in range(1, 61):
        x = np.arange(n + 1)
        limit = highest_target_met(x, n, alpha=alpha)
        met = target_p_values(x[:, None], n, grid) < alpha
        np.testing.assert_array_equal(met, limit[:, None] > grid)
        np.testing.assert_array_equal(
            met,
            x[:, None]
            >= np.where(
                fewest_responders(n, grid, alpha=alpha) < 0,
                n + 1,
                fewest_responders(n, grid, alpha=alpha),
            ),
        )


def test_one_test_is_the_array_functions():
    found = target_test(5, 12, 0.2)
    assert found.p_value == exact_binomial_greater(5, 12, 0.2)
    assert found.estimate == clopper_pearson(5, 12, 0.95)
    assert target_test(5, 12, 0.2, alpha=0.05).estimate.lower == clopper_pearson(5, 12, 0.9).lower


def test_tipping_counts_down_to_the_decision():
    for x in range(31):
        spare = int(responders_to_lose(x, 30, 0.4))
        assert target_test(x, 30, 0.4).met == (spare >= 0)
        if 0 <= spare < x:
            assert target_test(x - spare, 30, 0.4).met
            assert not target_test(x - spare - 1, 30, 0.4).met


def test_degenerate_and_misuse():
    nobody = target_test(0, 0, 0.2)
    assert (nobody.met, nobody.note) == (None, "not estimable: no subjects")
    assert np.isnan(highest_target_met(0, 0))
    assert fewest_responders(0, 0.2) == -1
    assert fewest_responders(3, 0.9) == -1
    none = target_test(0, 9, 0.2)
    assert (none.p_value, none.met, none.estimate.lower) == (1.0, False, 0.0)
    assert not target_test(9, 9, 1.0).met
    with pytest.raises(EstimationError, match="p0"):
        target_test(1, 9, 20)
    with pytest.raises(EstimationError, match="alpha"):
        target_test(1, 9, 0.2, alpha=0.5)
    with pytest.raises(EstimationError, match="whole numbers"):
        target_p_values(np.array([1.5]), np.array([3]), np.array([0.2]))
