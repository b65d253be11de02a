"""MaxCombo and its normal probability, against loops and nested integrals in R."""

import numpy as np
import pytest
from reference_values import (
    LEUKAEMIA_ARM,
    LEUKAEMIA_EVENT,
    LEUKAEMIA_TIME,
    agree,
    data,
    values,
)

from cartend.stats import normal
from cartend.stats.logrank import logrank
from cartend.stats.maxcombo import STANDARD, maxcombo
from cartend.stats.normal import all_within
from cartend.stats.results import EstimationError

ARMS = values("_arms")
SETS = sorted(ARMS["sets"])
leukaemia = (LEUKAEMIA_TIME, LEUKAEMIA_EVENT, LEUKAEMIA_ARM)


def first_two(name):
    d = data(name)
    two = np.isin(d["grp"], np.unique(d["grp"])[:2])
    return {k: None if v is None else v[two] for k, v in d.items()}


def of(name, **options):
    d = first_two(name)
    return d, maxcombo(d["time"], d["status"] > 0, d["grp"], entry=d["entry"], **options)


def compare(found, r):
    if "kept" not in r:
        assert found.note.startswith("not estimable: ")
        return
    kept = np.array(r["kept"], int).ravel() - 1
    agree(found.z[kept], r["z"])
    np.testing.assert_allclose(
        found.correlation[np.ix_(kept, kept)],
        np.array(r["corr"]).reshape(2 * kept.shape),
        atol=1e-8,
    )
    assert np.isnan(found.z).sum() == found.z.size - kept.size
    if r["p"] != "NA":
        agree(found.p_value, r["p"])


@pytest.mark.parametrize("name", SETS)
def test_reference(name):
    r = ARMS["sets"][name]
    if "combo" not in r:
        assert of(name)[1].note == "not estimable: no events"
        return
    compare(of(name)[1], r["combo"])
    compare(of(name, weights=STANDARD[:3])[1], r["combo3"])
    compare(of(name, strata=first_two(name)["str"])[1], r["combo_strata"])


@pytest.mark.parametrize("case", range(6))
def test_reference_normal_probability(case):
    r = ARMS["normal"][case]
    for z, p in zip(r["z"], r["p"], strict=True):
        agree(all_within(z, np.array(r["corr"])), p, 1e-9)


def test_each_score_is_the_logrank_test_of_its_weight():
    found = maxcombo(*leukaemia)
    for (rho, gamma), z in zip(found.weights, found.z, strict=True):
        assert z**2 == pytest.approx(logrank(*leukaemia, rho=rho, gamma=gamma).statistic)
    assert found.chosen == 0
    assert (found.z < 0).all()  # the second group, 6-MP, has fewer events than expected
    assert found.p_values.min() < found.p_value < 4 * found.p_values.min()


def test_one_weight_is_that_test():
    found = maxcombo(*leukaemia, weights=[(0, 0)])
    assert found.p_value == pytest.approx(logrank(*leukaemia).p_value)
    twice = maxcombo(*leukaemia, weights=[(0, 0), (0, 0)])
    assert twice.p_value == pytest.approx(found.p_value)


def test_independent_normals_multiply():
    one = all_within(2.0, np.eye(1))
    for k in (2, 3):
        assert all_within(2.0, np.eye(k)) == pytest.approx(one**k, abs=1e-10)
    assert all_within(2.0, np.eye(4)) == pytest.approx(one**4, abs=1e-5)


def test_four_dimensions_by_the_lattice_agree_with_equal_correlation():
    """With correlation 1/2 it is the integral over a common X of P(|X + Y| <= z sqrt 2)^4."""
    node, weight = np.polynomial.hermite_e.hermegauss(80)
    from scipy.special import ndtr

    z = 2.3
    inside = ndtr(z * np.sqrt(2) - node) - ndtr(-z * np.sqrt(2) - node)
    expected = weight @ inside**4 / np.sqrt(2 * np.pi)
    assert all_within(z, np.full((4, 4), 0.5) + np.eye(4) / 2) == pytest.approx(expected, abs=1e-5)


def test_more_nodes_change_nothing(monkeypatch):
    correlation = maxcombo(*leukaemia).correlation
    one = all_within(3.0, correlation)
    monkeypatch.setattr(normal, "NODES", 32)
    assert all_within(3.0, correlation) == pytest.approx(one, abs=1e-10)


def test_degenerate_and_misuse():
    assert maxcombo([1, 2], [0, 0], [0, 1]).note == "not estimable: no events"
    assert maxcombo([1, 2], [1, 1], [0, 0]).note.endswith("exactly two groups are compared")
    assert maxcombo([], [], []).note == "not estimable: no events"
    apart = maxcombo([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 1, 1], strata=[0, 0, 1, 1])
    assert apart.note == "not estimable: the variance of the score is singular"
    single = maxcombo([1, 2, 3], [1, 0, 0], [0, 1, 1])
    assert single.note == "weight (0, 1), (1, 1) left out: no variance"
    assert all_within(0.0, np.eye(2)) == 0
    with pytest.raises(EstimationError, match="pairs"):
        maxcombo([1], [1], [0], weights=[(-1, 0)])
    with pytest.raises(EstimationError, match="square"):
        all_within(1.0, np.ones((2, 3)))
    with pytest.raises(EstimationError, match="ones on its diagonal"):
        all_within(1.0, np.full((2, 2), 0.5))
