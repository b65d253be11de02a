"""The win ratio, by hand and by what it must obey."""

import numpy as np
import pytest

from cartend.stats.winratio import win_ratio

DEATH = (np.array([50, 100, 60, 100]), np.array([1, 0, 1, 0]))
RELAPSE = (np.array([20, 80, 60, 40]), np.array([1, 0, 0, 1]))
TREATED = np.array([1, 1, 0, 0])


def test_four_pairs_by_hand():
    # treated 0 (dies 50) loses to both controls by death; treated 1 beats control 2 (dies 60) by
    # death, and control 3 (no death either) by relapse, 80 days free against relapse on day 40
    found = win_ratio([DEATH, RELAPSE], TREATED)
    assert (found.wins, found.losses, found.pairs) == ((1, 1), (2, 0), 4)
    assert found.estimate == 1.0


def test_without_the_second_level_the_last_pair_is_a_tie():
    found = win_ratio([DEATH], TREATED)
    assert (found.wins, found.losses) == ((1,), (2,))
    assert found.estimate == 0.5


def test_censoring_on_the_day_of_the_others_event_is_later():
    found = win_ratio([(np.array([10, 10]), np.array([0, 1]))], np.array([1, 0]))
    assert found.wins == (1,)


def test_without_a_loss_there_is_no_ratio_but_a_reason():
    found = win_ratio([(np.array([10, 5]), np.array([0, 1]))], np.array([1, 0]))
    assert np.isnan(found.estimate)
    assert found.note == "not estimable: no pair is lost"


def test_swapping_the_arms_inverts_the_ratio_and_its_limits():
    random = np.random.default_rng(3)
    outcomes = [(random.integers(1, 40, 60), random.integers(0, 2, 60)) for _ in range(2)]
    treated = random.integers(0, 2, 60)
    one, other = win_ratio(outcomes, treated), win_ratio(outcomes, 1 - treated)
    assert one.estimate == pytest.approx(1 / other.estimate)
    assert (one.lower, one.upper) == pytest.approx((1 / other.upper, 1 / other.lower))
    assert one.p_value == pytest.approx(other.p_value)


def test_with_complete_times_it_is_the_odds_of_the_mann_whitney_probability():
    # uncensored and untied: wins over losses is P/(1 - P), P the share of pairs won
    random = np.random.default_rng(4)
    time = random.permutation(100) + 1
    treated = np.arange(100) % 2
    found = win_ratio([(time, np.ones(100, dtype=int))], treated)
    ranks = np.argsort(np.argsort(time)) + 1
    share = (ranks[treated == 1].sum() - 50 * 51 / 2) / 2500
    assert found.estimate == pytest.approx(share / (1 - share))


def test_the_limits_hold_what_they_promise():
    random = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        treated = np.repeat([0, 1], 60)
        time = random.exponential(np.where(treated == 1, 200, 100))
        found = win_ratio([(time, np.ones(120, dtype=int))], treated)
        held += found.lower <= 2 <= found.upper  # exponential: odds of winning = ratio of means
    assert 0.92 <= held / 300 <= 0.98
