"""Equal proportions and equal log ratios against R 4.2.2: prop.test, and Q by its formula."""

import numpy as np
import pytest

from cartend.stats.heterogeneity import equal_proportions, equal_ratios
from cartend.stats.results import EstimationError


def test_equal_proportions_is_prop_test_without_correction():
    """prop.test(c(15, 20, 9), c(20, 40, 30), correct = FALSE)."""
    found = equal_proportions([15, 20, 9], [20, 40, 30])
    assert found.statistic == pytest.approx(9.76037549407115, abs=1e-10)
    assert (found.df, found.p_value) == (2, pytest.approx(0.00759558784459968, abs=1e-10))


def test_equal_ratios_is_cochrans_q():
    found = equal_ratios(np.log([0.5, 0.8, 1.2]), [0.2, 0.25, 0.3])
    assert found.statistic == pytest.approx(6.34202384403866, abs=1e-10)
    assert (found.df, found.p_value) == (2, pytest.approx(0.0419611150361356, abs=1e-10))


def test_a_group_without_subjects_or_estimate_is_left_out():
    assert equal_proportions([15, 0, 9], [20, 0, 30]).df == 1
    assert equal_ratios([0.1, np.nan, 0.3], [0.2, 0.2, 0.2]).df == 1


@pytest.mark.parametrize(("x", "n"), [([0, 0], [5, 5]), ([5, 5], [5, 5]), ([1], [2]), ([], [])])
def test_where_nothing_could_differ_there_is_a_note(x, n):
    found = equal_proportions(x, n)
    assert np.isnan(found.p_value)
    assert found.note == "not estimable: no two groups that could differ"


def test_one_ratio_has_nothing_to_differ_from():
    assert equal_ratios([0.1], [0.2]).note == "not estimable: fewer than two groups estimated"


def test_more_responders_than_subjects_is_an_error():
    with pytest.raises(EstimationError):
        equal_proportions([3, 1], [2, 2])
