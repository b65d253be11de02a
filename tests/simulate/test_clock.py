"""Hazards, draws and streams."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartend.simulate.clock import Hazard, choose, delayed, stream, words

PIECES = Hazard(until=(10.0, 30.0), rate=(0.1, 0.0, 0.02))


def test_cumulative_hazard_adds_each_piece():
    found = PIECES.cumulative(np.array([0.0, 5.0, 10.0, 20.0, 30.0, 130.0]))
    assert found == pytest.approx([0.0, 0.5, 1.0, 1.0, 1.0, 3.0])


@given(st.floats(0.001, 50.0))
def test_the_inverse_undoes_the_cumulative_hazard(total):
    time = PIECES.inverse(np.array([total]))
    assert PIECES.cumulative(time)[0] == pytest.approx(total, abs=1e-9)


def test_nobody_has_an_event_in_a_piece_without_hazard():
    times = PIECES.inverse(stream(1, 0, "test").exponential(1.0, 20_000))
    assert not ((times > 10.0) & (times < 30.0)).any()


def test_a_constant_hazard_gives_the_exponential_distribution():
    times = Hazard(rate=(0.01,)).inverse(stream(1, 0, "test").exponential(1.0, 200_000))
    assert np.median(times) == pytest.approx(100 * np.log(2), rel=0.02)


def test_a_draw_follows_its_weights():
    codes = choose(stream(2, 0, "test"), np.array([1.0, 2.0, 1.0]), 100_000)
    assert np.bincount(codes) / 1e5 == pytest.approx([0.25, 0.5, 0.25], abs=0.01)


def test_each_subject_may_have_weights_of_its_own():
    weights = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert choose(stream(2, 0, "test"), weights, 2).tolist() == [0, 1]


def test_words_are_drawn_by_weight():
    drawn = words(stream(3, 0, "test"), {"a": 0.9, "b": 0.1}, 20_000)
    assert (drawn == "a").mean() == pytest.approx(0.9, abs=0.01)


def test_a_delay_is_at_least_one_day():
    assert delayed(stream(4, 0, "test"), 14.0, 10_000).min() >= 1.0


def test_streams_repeat_and_differ_by_seed_batch_and_name():
    first = stream(5, 1, "scans").random(4)
    assert (stream(5, 1, "scans").random(4) == first).all()
    for other in (stream(6, 1, "scans"), stream(5, 2, "scans"), stream(5, 1, "care")):
        assert not np.isin(other.random(4), first).any()
