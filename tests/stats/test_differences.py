"""Two proportions: brute-force limits, R, published contrasts, symmetries."""

import numpy as np
import pytest
from reference_values import agree, values
from scipy.special import erf

from cartend.stats.differences import (
    cmh,
    constrained_proportions,
    mantel_haenszel_odds_ratio,
    miettinen_nurminen,
)
from cartend.stats.results import EstimationError

MN = values("_mn")
CMH = values("_extra")["cmh"]


@pytest.mark.parametrize("weights", ["MH", "MN"])
@pytest.mark.parametrize("case", MN)
def test_reference(case, weights):
    r = MN[case]
    found = miettinen_nurminen(r["x1"], r["n1"], r["x2"], r["n2"], weights=weights)
    agree([found.estimate, found.lower, found.upper], r[weights], 1e-9)


@pytest.mark.parametrize("case", CMH)
def test_reference_mantel_haenszel(case):
    r = CMH[case]
    counts = [np.array(v) for v in r["counts"]]
    agree(cmh(*counts).statistic, r["statistic"])
    if "corrected" in r:
        agree(cmh(*counts, correction=True).statistic, r["corrected"])
        found = mantel_haenszel_odds_ratio(*counts)
        agree([found.estimate, found.lower, found.upper], [r["or"], *r["limits"]])


def test_admissions_to_berkeley():
    counts = [np.array(v) for v in CMH["ucb"]["counts"]]
    assert cmh(*counts, correction=True).statistic == pytest.approx(1.4269, abs=5e-5)
    assert cmh(*counts).statistic == pytest.approx(1.5246, abs=5e-5)
    found = mantel_haenszel_odds_ratio(*counts)
    np.testing.assert_allclose(
        [found.estimate, found.lower, found.upper], [0.9047, 0.7719, 1.0603], atol=5e-5
    )


@pytest.mark.parametrize(
    ("counts", "expected", "odds"),
    [
        ((149, 180, 90, 179), (0.325, 0.231, 0.414), (4.75, 2.93, 7.72)),
        ((117, 180, 57, 179), (0.332, 0.231, 0.425), (3.98, 2.56, 6.17)),
        ((68, 92, 40, 92), (0.304, 0.164, 0.433), (3.68, 1.98, 6.86)),
        ((75, 162, 68, 160), (0.038, -0.071, 0.146), (1.17, 0.75, 1.81)),
        ((181, 254, 56, 132), (0.288, 0.185, 0.386), (3.365, 2.169, 5.221)),
        ((176, 208, 142, 211), (0.173, 0.092, 0.253), (2.67, 1.66, 4.29)),
    ],
)
def test_published_contrasts(counts, expected, odds):
    found = miettinen_nurminen(*counts)
    np.testing.assert_allclose([found.estimate, found.lower, found.upper], expected, atol=5.1e-4)
    found = mantel_haenszel_odds_ratio(*counts)
    np.testing.assert_allclose([found.estimate, found.lower, found.upper], odds, atol=5.1e-3)


def test_newcombes_example_has_the_factor():
    found = miettinen_nurminen(56, 70, 48, 80)
    np.testing.assert_allclose(
        [found.estimate, found.lower, found.upper], [0.2, 0.0528, 0.3382], atol=5e-5
    )


def test_newcombes_example_without_the_factor_is_narrower():
    """Leaving out N/(N-1) is the same as a quantile smaller by its root: N = 150."""
    level = float(erf(1.959963984540054 * np.sqrt(149 / 150) / np.sqrt(2)))
    found = miettinen_nurminen(56, 70, 48, 80, level=level)
    np.testing.assert_allclose([found.lower, found.upper], [0.0533, 0.3377], atol=5e-5)


def test_constrained_proportions_have_the_greatest_likelihood():
    rng = np.random.default_rng(5)
    for _ in range(40):
        n1, n2 = rng.integers(2, 40, 2)
        x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
        delta = rng.uniform(-0.95, 0.95)

        def loglik(p2, x1=x1, n1=n1, x2=x2, n2=n2, delta=delta):
            p1 = p2 + delta
            terms = [(x1, p1), (n1 - x1, 1 - p1), (x2, p2), (n2 - x2, 1 - p2)]
            return sum(x * np.log(np.maximum(p, 1e-300)) for x, p in terms if x)

        p1, p2 = constrained_proportions(delta, *(np.array([float(v)]) for v in (x1, n1, x2, n2)))
        grid = np.linspace(max(0, -delta), min(1, 1 - delta), 4001)
        assert p1[0] - p2[0] == pytest.approx(delta, abs=1e-12)
        assert loglik(p2[0]) >= loglik(grid).max() - 1e-9


@pytest.mark.parametrize(
    "counts", [(9, 10, 3, 10), (0, 10, 0, 20), (10, 10, 0, 20), (5, 56, 0, 29)]
)
def test_swapping_the_arms_swaps_and_negates_the_limits(counts):
    x1, n1, x2, n2 = counts
    one, other = miettinen_nurminen(x1, n1, x2, n2), miettinen_nurminen(x2, n2, x1, n1)
    assert one.estimate == pytest.approx(-other.estimate, abs=1e-12)
    assert one.lower == pytest.approx(-other.upper, abs=1e-9)
    assert one.upper == pytest.approx(-other.lower, abs=1e-9)
    assert one.p_value == pytest.approx(other.p_value)


@pytest.mark.parametrize("weights", ["MH", "MN"])
def test_p_value_and_interval_decide_alike(weights):
    rng = np.random.default_rng(2)
    for _ in range(25):
        n1, n2 = rng.integers(3, 30, (2, 3))
        x1, x2 = rng.binomial(n1, 0.6), rng.binomial(n2, 0.4)
        found = miettinen_nurminen(x1, n1, x2, n2, weights=weights)
        excludes_zero = found.lower > 0 or found.upper < 0
        assert excludes_zero == (found.p_value < 0.05)


def test_one_stratum_is_unstratified():
    one = miettinen_nurminen(56, 70, 48, 80)
    assert miettinen_nurminen([56], [70], [48], [80], weights="MN").lower == pytest.approx(
        one.lower
    )
    p = 104 / 150
    z2 = (56 / 70 - 48 / 80) ** 2 / (p * (1 - p) * (1 / 70 + 1 / 80) * 150 / 149)
    assert cmh(56, 70, 48, 80).statistic == pytest.approx(z2)


def test_an_empty_stratum_is_dropped_and_named():
    full = miettinen_nurminen([15, 20], [30, 50], [10, 12], [32, 45])
    found = miettinen_nurminen([15, 20, 3], [30, 50, 4], [10, 12, 0], [32, 45, 0])
    assert (found.lower, found.upper, full.note) == (full.lower, full.upper, "")
    assert found.note == "1 of 3 strata dropped: no subjects in one arm"
    assert cmh([15, 3], [30, 4], [10, 0], [32, 0]).note == found.note.replace("3", "2")


def test_nothing_to_compare_is_a_note():
    empty = miettinen_nurminen(0, 0, 3, 8)
    assert np.isnan([empty.estimate, empty.lower, empty.upper]).all()
    assert empty.note == "not estimable: no stratum has subjects in both arms"
    assert cmh(0, 0, 3, 8).note == empty.note
    assert mantel_haenszel_odds_ratio(0, 0, 3, 8).note == empty.note
    assert cmh(0, 9, 0, 8).note == "not estimable: all or none of the subjects have the event"
    assert np.isnan(mantel_haenszel_odds_ratio(5, 9, 0, 8).estimate)
    assert miettinen_nurminen(0, 9, 0, 8).p_value == 1


def test_misuse():
    with pytest.raises(EstimationError, match="one entry per stratum"):
        miettinen_nurminen([1, 2], [3, 4], 1, 5)
    with pytest.raises(EstimationError, match="0 <= x <= n"):
        cmh(5, 4, 1, 4)
    with pytest.raises(EstimationError, match="whole numbers"):
        cmh(0.5, 4, 1, 4)
    with pytest.raises(EstimationError, match="weights"):
        miettinen_nurminen(1, 4, 1, 4, weights="INV")
