"""Clayton's association: recovered where it is known, by hand, and invariant."""

import numpy as np
import pytest

from cartend.stats.clayton import clayton_semicompeting, clayton_two_stage
from cartend.stats.jackknife import grouped_jackknife


def pairs(theta: float, n: int = 1500) -> tuple[np.ndarray, np.ndarray]:
    """Return two exponential times of Clayton's copula, by conditional inversion."""
    random = np.random.default_rng(8)
    u, w = random.uniform(size=n), random.uniform(size=n)
    v = (u**-theta * (w ** (-theta / (1 + theta)) - 1) + 1) ** (-1 / theta)
    return -np.log(u) * 100, -np.log(v) * 200


@pytest.mark.parametrize("theta", [0.5, 2.0])
def test_the_two_stages_recover_tau_under_censoring(theta):
    first, second = pairs(theta)
    end = np.random.default_rng(9).uniform(100, 500, first.size)
    one, two = (first <= end).astype(int), (second <= end).astype(int)
    found = clayton_two_stage(np.minimum(first, end), one, np.minimum(second, end), two)
    assert found.lower < theta / (theta + 2) < found.upper
    assert abs(found.estimate - theta / (theta + 2)) < 0.05


@pytest.mark.parametrize("theta", [0.5, 2.0])
def test_pairs_before_death_recover_tau_where_death_cuts_off_the_first_time(theta):
    first, death = pairs(theta)
    seen = np.minimum(first, death)
    one = (first < death).astype(int)
    found = clayton_semicompeting(seen, one, death, np.ones(first.size, dtype=int))
    assert abs(found.estimate - theta / (theta + 2)) < 0.05


def test_three_subjects_by_hand():
    # pairs (progression; death): A (1; 5), B (2; 9), C (3; 4): A-B concordant; A-C: progression
    # A first, death C first: discordant; B-C: progression B first, death C first: discordant
    found = clayton_semicompeting(
        *(np.array(v) for v in ([1, 2, 3], [1, 1, 1], [5, 9, 4], [1, 1, 1]))
    )
    assert found.estimate == pytest.approx(2 * 1 / 3 - 1)


def test_without_events_it_says_so():
    none = np.zeros(4, dtype=int)
    time = np.array([1, 2, 3, 4])
    assert "no events" in clayton_two_stage(time, none, time, none).note
    assert "no pair" in clayton_semicompeting(time, none, time, none).note


def test_the_jackknife_over_single_subjects_gives_the_error_of_a_mean():
    values = np.random.default_rng(1).normal(size=50)
    found = grouped_jackknife(lambda kept: float(values[kept].mean()), 50, groups=50)
    assert found.se == pytest.approx(values.std(ddof=1) / np.sqrt(50))
