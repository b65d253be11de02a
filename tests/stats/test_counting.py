"""Counting tables: the two paths agree, and times are never merged."""

import numpy as np
import pytest

from cartend.stats.counting import check_states, counting_table, group_codes, stratum_rows
from cartend.stats.results import EstimationError


def test_counts_by_hand():
    table = counting_table(
        np.array([2, 2, 5, 5, 9]),
        np.array([1, 0, 2, 2, 0]),
        n_states=3,
        group=np.array([0, 1, 0, 1, 1]),
        n_groups=2,
    )
    assert table.time.tolist() == [2, 5, 9]
    assert table.n_risk.tolist() == [[2, 3], [1, 2], [0, 1]]
    assert table.count[0].tolist() == [[0, 1], [1, 0], [0, 0]]
    assert table.count[1].tolist() == [[0, 0], [0, 0], [1, 1]]


def test_days_and_scaled_days_give_the_same_counts():
    rng = np.random.default_rng(3)
    days, state = rng.integers(0, 60, 400), rng.integers(0, 3, 400)
    entry = np.maximum(days - rng.integers(1, 30, 400), -1)
    whole = counting_table(days, state, n_states=3, entry=entry)
    scaled = counting_table(days * 1e9, state, n_states=3, entry=entry * 1e9)
    fractions = counting_table(days / 30.4375, state, n_states=3, entry=entry / 30.4375)
    for other in (scaled, fractions):
        np.testing.assert_array_equal(whole.n_risk, other.n_risk)
        np.testing.assert_array_equal(whole.count, other.count)


def test_times_are_never_merged():
    table = counting_table(np.array([0.1 + 0.2, 0.3]), np.array([1, 1]), n_states=2)
    assert table.time.size == 2


def test_entry_on_the_day_of_an_event_is_not_at_risk_for_it():
    table = counting_table(np.array([4, 8]), np.array([1, 1]), n_states=2, entry=np.array([0, 4]))
    assert table.n_risk.ravel().tolist() == [1, 1]


@pytest.mark.parametrize("labels", [["b", "a", "b"], [7, 3, 7], [1, 0, 1], [True, False, True]])
def test_groups_are_coded_in_the_order_of_their_labels(labels):
    found, codes = group_codes("group", np.array(labels), 3)
    assert found.tolist() == sorted(set(labels))
    assert codes.tolist() == [1, 0, 1]


def test_strata_are_row_selectors_in_order():
    rows = stratum_rows(np.array(["y", "x", "y"]), 3)
    assert [r.tolist() for r in rows] == [[1], [0, 2]]
    assert stratum_rows(None, 3) == stratum_rows(np.array([4, 4, 4]), 3) == [slice(None)]


def test_states_are_whole_and_not_negative():
    assert check_states("state", np.array([0.0, 2.0]), 2, None).tolist() == [0, 2]
    for wrong in ([0, -1], [0, 1.5], [0, np.nan], ["a", "b"], [[0, 1]]):
        with pytest.raises(EstimationError):
            check_states("state", np.array(wrong), 2, None)
    with pytest.raises(EstimationError, match="group"):
        group_codes("group", np.zeros((2, 1)), 2)
