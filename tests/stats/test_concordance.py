"""Harrell's C against R and by hand."""

import numpy as np
import pytest
from question_values import question_values
from reference_values import agree, data

from cartend.stats.concordance import concordance


@pytest.mark.parametrize("name", ["lung", "bmt"])
def test_concordance_and_its_error_are_those_of_r(name):
    found = data(name)
    event = (found["status"] > 0).astype(int)
    values = [concordance(found["time"], event, found[column]) for column in ("x1", "grp")]
    agree([v for e in values for v in (e.estimate, e.se)], question_values()["concordance"][name])


def test_three_subjects_by_hand():
    # comparable: (A, B) concordant, (A, C) tied in the score; B is censored before C
    found = concordance(np.array([5, 8, 9]), np.array([1, 0, 1]), np.array([1, 2, 1]))
    assert found.estimate == 0.75


def test_without_a_comparable_pair_it_says_so():
    assert "no two subjects" in concordance(np.array([5]), np.array([1]), np.array([1])).note
