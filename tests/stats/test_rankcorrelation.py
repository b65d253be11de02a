"""Kendall's tau against R, pair by pair."""

import numpy as np
import pytest
from reference_values import agree, values

from cartend.stats.rankcorrelation import kendall_tau
from cartend.stats.results import EstimationError


@pytest.mark.parametrize("case", [0, 1])
def test_reference(case):
    r = values("_rates")["kendall"][case]
    found = kendall_tau(
        np.array(r["x"]),
        np.array(r["y"]),
        first_event=np.array(r["ex"]),
        second_event=np.array(r["ey"]),
    )
    pairs = (found.concordant, found.discordant, found.tied_first, found.tied_second, found.unknown)
    assert list(pairs) == r["pairs"]
    agree([found.tau.estimate, found.tau.se], [r["tau"], r["se"]])
    if case == 0:
        agree(found.tau.estimate, r["cor"])
        assert found.unknown == 0
    else:
        assert found.unknown > 0


def test_by_hand_with_censoring():
    # pairs: (1,2) both ordered alike; (1,3) alike; (2,3): 4 censored before 6, unknown
    found = kendall_tau([2, 4, 6], [3, 5, 7], first_event=[1, 0, 1])
    assert (found.concordant, found.discordant, found.unknown) == (2, 0, 1)
    assert found.tau.estimate == 1


def test_an_event_comes_before_a_censoring_of_the_same_day():
    found = kendall_tau([5, 5], [1, 2], first_event=[1, 0])
    assert (found.concordant, found.tied_first) == (1, 0)


def test_blocks_of_rows_do_not_matter(monkeypatch):
    from cartend.stats import rankcorrelation

    rng = np.random.default_rng(3)
    x, y, e = rng.integers(1, 20, 30), rng.integers(1, 20, 30), rng.integers(0, 2, 30)
    one = kendall_tau(x, y, first_event=e)
    monkeypatch.setattr(rankcorrelation, "PAIRS_A_BLOCK", 90)
    assert kendall_tau(x, y, first_event=e) == one


def test_degenerate_and_misuse():
    for first, second in (([], []), ([1], [2]), ([3, 3], [1, 2])):
        found = kendall_tau(first, second)
        assert np.isnan(found.tau.estimate)
        assert found.tau.note == "not estimable: no pair that both times order"
    none = kendall_tau([1, 2], [1, 2], first_event=[0, 0])
    assert none.unknown == 1
    two = kendall_tau([1, 2], [1, 2])
    assert (two.tau.estimate, two.tau.lower_note) == (
        1,
        "not estimable: too few pairs for an error",
    )
    with pytest.raises(EstimationError, match="second has 1"):
        kendall_tau([1, 2], [1])
