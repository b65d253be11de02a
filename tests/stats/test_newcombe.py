"""Newcombe's interval against his own table, R root searches, and its one-stratum case."""

import numpy as np
import pytest
from reference_values import agree, values

from cartend.stats.newcombe import newcombe
from cartend.stats.results import EstimationError

TABLES = values("_rates")["tables"]


@pytest.mark.parametrize("case", [c for c in TABLES if c not in ("s4zero", "s5")])
def test_reference(case):
    r = TABLES[case]
    found = newcombe(r["x1"], r["n1"], r["x2"], r["n2"])
    agree([found.estimate, found.lower, found.upper], r["newcombe"])


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_table_two_of_newcombe_1998(counts, lower, upper):
    found = newcombe(*counts)
    np.testing.assert_allclose([found.lower, found.upper], [lower, upper], atol=5.1e-5)
    assert found.method == "difference, Newcombe"


def test_swapping_the_arms_swaps_and_negates_the_limits():
    one, other = (
        newcombe([3, 8], [20, 25], [1, 6], [18, 30]),
        newcombe([1, 6], [18, 30], [3, 8], [20, 25]),
    )
    assert (one.lower, one.upper) == pytest.approx((-other.upper, -other.lower))
    assert one.method == "difference, stratified Newcombe"


def test_an_arm_without_two_answers_in_any_stratum_has_no_interval():
    found = newcombe([0, 0], [5, 6], [1, 2], [5, 6])
    assert found.estimate == pytest.approx(-3 / 11)
    assert np.isnan([found.lower, found.upper]).all()
    assert found.lower_note.startswith("not estimable: all strata of an arm")


def test_empty_strata_leave_and_nothing_is_a_note():
    assert newcombe([3, 1], [9, 2], [2, 0], [8, 0]).note.startswith("1 of 2 strata dropped")
    assert newcombe(0, 0, 1, 3).note == "not estimable: no stratum has subjects in both arms"
    with pytest.raises(EstimationError, match="0 <= x <= n"):
        newcombe(4, 3, 1, 3)
