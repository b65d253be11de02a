"""RPSFT and two-stage adjustment against R, and against what the data were made with."""

import numpy as np
import pytest
from question_values import question_values, table
from reference_values import agree

from cartend.stats import rpsft as module
from cartend.stats.rpsft import log_rank_z, rpsft, untreated_times
from cartend.stats.twostage import two_stage


@pytest.fixture(scope="module")
def trial():
    data = table("switch")
    data["event"], data["arm"] = data["event"].astype(int), data["arm"].astype(int)
    off = np.nan_to_num(data["time"] - data["switched"], nan=0.0)
    return {**data, "on": np.where(data["arm"] == 1, data["time"], off)}


def test_the_statistic_of_untreated_times_is_that_of_survdiff(trial):
    expected = question_values()["rpsft"]
    for horizon, values in ((trial["horizon"], expected["z"]), (None, expected["z_all"])):
        for psi, value in zip((-1, -0.5, 0.5), values, strict=True):
            moved = untreated_times(trial["time"], trial["event"], trial["on"], psi, horizon)
            agree(log_rank_z(*moved, trial["arm"], None), value)


@pytest.mark.parametrize(("again", "place"), [(False, 0), (True, 1)])
def test_the_estimate_and_its_limits_are_where_the_statistic_crosses(trial, again, place):
    expected = question_values()["rpsft"]
    horizon = trial["horizon"] if again else None
    head = (trial["time"], trial["event"], trial["arm"], trial["on"])
    found = rpsft(*head, horizon=horizon)
    assert found.psi == pytest.approx(expected["psi"][place], abs=0.02)
    if not again:
        assert (found.lower, found.upper) == pytest.approx(
            (min(expected["low"], expected["high"]), max(expected["low"], expected["high"])),
            abs=0.02,
        )


def test_the_limits_of_the_ratio_keep_the_p_value_as_randomised(trial):
    head = (trial["time"], trial["event"], trial["arm"], trial["on"])
    found = rpsft(*head)
    z = question_values()["rpsft"]["itt"]
    width = np.log(found.ratio_upper) - np.log(found.ratio_lower)
    assert 2 * 1.959964 * abs(np.log(found.ratio)) / width == pytest.approx(abs(z), rel=1e-6)
    assert (found.p_value < 0.05) == (found.ratio_upper < 1)


def test_the_published_example_of_such_limits():
    # TRANSFORM at three years: RPSFT 0.335, Z as randomised 1.204 -> 0.06 to 1.99 (5.7)
    half = 1.959964 * abs(np.log(0.335)) / 1.204
    assert np.exp(np.log(0.335) - half) == pytest.approx(0.06, abs=0.005)
    assert np.exp(np.log(0.335) + half) == pytest.approx(1.99, abs=0.005)


def test_the_true_acceleration_lies_within_the_limits(trial):
    head = (trial["time"], trial["event"], trial["arm"], trial["on"])
    found = rpsft(*head, horizon=trial["horizon"])
    assert found.lower < np.log(0.5) < found.upper  # made with treatment doubling the time


def test_nobody_treated_in_either_arm_leaves_nothing_to_find(trial):
    head = (trial["time"], trial["event"], trial["arm"], np.zeros(trial["time"].size))
    assert "no acceleration" in rpsft(*head).note


def test_two_stage_is_survreg_then_coxph(trial):
    expected = question_values()["twostage"]
    names = ("time", "event", "arm", "progressed", "switched")
    found = two_stage(*(trial[name] for name in names), trial["z"][:, None])
    assert found.acceleration == pytest.approx(expected["af"], abs=1e-6)
    assert found.ratio.estimate == pytest.approx(expected["ratio"], abs=1e-6)
    assert found.ratio.lower < found.ratio.estimate < found.ratio.upper


def test_recensoring_leaves_fewer_events_and_another_ratio(trial):
    names = ("time", "event", "arm", "progressed", "switched")
    head = (*(trial[name] for name in names), trial["z"][:, None])
    again = two_stage(*head, horizon=trial["horizon"])
    assert again.ratio.estimate != two_stage(*head).ratio.estimate


def test_without_a_switch_there_is_nothing_to_adjust(trial):
    names = ("time", "event", "arm", "progressed")
    nobody = np.full(trial["time"].size, np.nan)
    found = two_stage(*(trial[name] for name in names), nobody, trial["z"][:, None])
    assert found.note == "not estimable: no control subject with progression switched"


def test_with_several_zeros_there_is_no_point_estimate_and_all_are_named(trial, monkeypatch):
    """Decision D53: limits are the outermost crossings; the p-value stays that of the trial."""
    psi = iter(module.GRID)
    own = log_rank_z(trial["time"], trial["event"], trial["arm"], None)

    def wave(time, event, treated, strata):
        value = next(psi, None)
        return own if value is None else -3 * (value + 1.02) * value * (value - 1.02)

    monkeypatch.setattr(module, "log_rank_z", wave)
    found = rpsft(trial["time"], trial["event"], trial["arm"], trial["on"])
    assert np.isnan([found.psi, found.ratio, found.ratio_lower, found.ratio_upper]).all()
    assert "3 accelerations balance the arms: exp(psi) 0.3" in found.note
    assert found.lower < -1 < 1 < found.upper
    assert 0 < found.p_value < 1


@pytest.mark.parametrize(
    ("upper", "lower", "limits"),
    [
        ([-1.0], [1.0], (-1.0, 1.0)),
        ([-1.0, 0.2, 2.0], [1.0], (-1.0, 2.0)),
        ([-1.0], [], (-1.0, None)),
        ([], [0.5, 1.0], (None, 1.0)),
        ([], [], (None, None)),
    ],
)
def test_limits_are_the_outermost_crossings(upper, lower, limits):
    got = module._outermost(np.array(upper), np.array(lower))
    assert [None if np.isnan(one) else one for one in got] == list(limits)
