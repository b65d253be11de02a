"""A benchmark of published rates against weighted least squares in R."""

import numpy as np
import pytest
from reference_values import agree, values
from scipy.special import expit

from cartend.stats.pooled import pooled_rate
from cartend.stats.proportions import clopper_pearson
from cartend.stats.results import EstimationError


@pytest.mark.parametrize("effects", ["fixed", "random"])
@pytest.mark.parametrize("case", range(4))
def test_reference(case, effects):
    r = values("_rates")["pooled"][case]
    found = pooled_rate(r["x"], r["n"], effects=effects)
    centre, se = r[effects]
    agree([found.pooled.estimate, found.pooled.se], [float(expit(centre)), se])
    agree(found.pooled.lower, float(expit(centre - 1.959963984540054 * se)))
    agree([found.tau2, found.q], [r["tau2"], r["q"]])


def test_each_trial_keeps_its_exact_interval():
    found = pooled_rate([30, 40], [60, 80])
    assert found.each == (clopper_pearson(30, 60), clopper_pearson(40, 80))
    assert found.pooled.estimate == pytest.approx(0.5)
    assert (found.tau2, found.i2) == (0, 0)


def test_trials_that_differ_widen_the_random_interval():
    fixed = pooled_rate([10, 90], [100, 100], effects="fixed").pooled
    random = pooled_rate([10, 90], [100, 100]).pooled
    assert random.upper - random.lower > 2 * (fixed.upper - fixed.lower)


def test_one_trial_and_none():
    one = pooled_rate(52, 60)
    assert one.pooled.estimate == pytest.approx(52 / 60)
    assert np.isnan([one.tau2, one.q, one.i2]).all()
    none = pooled_rate([0, 0], [0, 0])
    assert none.pooled.note == "not estimable: no trial with subjects"
    assert pooled_rate([5, 0], [9, 0]).pooled.note == "1 of 2 trials left out: no subjects"
    assert np.isnan(pooled_rate([], []).pooled.estimate)


def test_misuse():
    with pytest.raises(EstimationError, match="effects"):
        pooled_rate([1], [2], effects="mixed")
    with pytest.raises(EstimationError, match="one entry a trial"):
        pooled_rate([1, 2], [3])
    with pytest.raises(EstimationError, match="0 <= x <= n"):
        pooled_rate([4], [3])
