"""State occupation in the illness-death model, against R and by hand."""

import numpy as np
import pytest
from question_values import question_values
from reference_values import agree, data

from cartend.stats.illness import occupation
from cartend.stats.survival import kaplan_meier

NAMES = ("free", "died_free", "relapsed", "died_after")


def transplants():
    found = data("bmt")
    ill = found["status"] == 2
    last = np.where(ill, found["time"] + np.round(10 * np.abs(found["x1"])) + 1, found["time"])
    died = np.where(ill, found["grp"] == 1, found["status"] == 1)
    return found["time"], found["status"], last, died.astype(int)


def test_occupation_is_that_of_the_multistate_survfit():
    expected = question_values()["illness"]
    found = occupation(*transplants())
    for time, shares in zip(expected["time"], expected["p"], strict=True):
        agree([found.at(time)[name] for name in NAMES], shares)


def test_the_states_add_up_to_one_and_the_first_is_kaplan_meier():
    time, state, last, died = transplants()
    found = occupation(time, state, last, died)
    total = found.free + found.relapsed + found.died_after + found.died_free
    np.testing.assert_allclose(total, 1, atol=1e-12)
    curve = kaplan_meier(time, (state > 0).astype(int))
    for day in (100, 500):
        step = np.searchsorted(curve.time, day, side="right") - 1
        assert found.at(day)["free"] == pytest.approx(curve.survival[step], abs=1e-12)


def test_four_subjects_by_hand():
    # day 10: one relapses, day 20: one dies without relapse, day 30: the relapsed one dies
    found = occupation(
        np.array([10, 20, 40, 40]),
        np.array([2, 1, 0, 0]),
        np.array([30, 20, 40, 40]),
        np.array([1, 1, 0, 0]),
    )
    assert found.at(9) == {"free": 1.0, "relapsed": 0.0, "died_after": 0.0, "died_free": 0.0}
    assert found.at(25) == pytest.approx(
        {"free": 0.5, "relapsed": 0.25, "died_after": 0, "died_free": 0.25}
    )
    assert found.at(35)["died_after"] == pytest.approx(0.25)
    assert np.isnan(found.at(41)["free"])


def test_a_death_on_the_day_of_relapse_is_a_death_after_relapse():
    found = occupation(*(np.array(v) for v in ([10, 40], [2, 0], [10, 40], [1, 0])))
    assert found.at(11)["died_after"] == pytest.approx(0.5)
