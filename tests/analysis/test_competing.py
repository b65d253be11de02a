"""Cumulative incidence, computed by hand."""

import numpy as np
import pytest
from tiny_trial import pick

from cartend.stats.competing import cumulative_incidence, gray
from cartend.stats.finegray import fine_gray

TIME = np.array([5, 12, 20, 5, 8, 15])
STATE = np.array([2, 0, 1, 2, 1, 0])
ARM = np.array([1, 1, 1, 0, 0, 0])


def rows_of(ard, **where):
    return pick(ard, paramcd="NRM", **where)


def test_incidence_of_every_state_by_hand(run):
    """Day 5: 2 of 6 relapse; day 8: 1 of 4 dies, 4/6 * 1/4; day 20: the last dies."""
    found = rows_of(run.build(), analysis="cif")
    assert found["1", 10, "estimate"] == pytest.approx(1 / 6)
    assert found["2", 10, "estimate"] == pytest.approx(1 / 3)
    assert found["1", 20, "estimate"] == pytest.approx(1 / 6 + 1 / 2)
    assert found["2", 20, "estimate"] == pytest.approx(1 / 3)
    assert (found["1", 10, "n_risk"], found["1", 20, "n_risk"]) == (3, 1)


def test_standard_errors_and_limits_are_those_of_the_kernel(run):
    curve = cumulative_incidence(TIME, STATE)
    at = np.searchsorted(curve.time, 10, side="right") - 1
    found = rows_of(run.build(), analysis="cif")
    for name in ("se", "lower", "upper"):
        assert found["2", 10, name] == getattr(curve, name)[at, 1]


def test_every_row_of_a_state_is_written(run):
    found = rows_of(run.build(), analysis="cif", arm="SOC")
    statistics = ("n_risk", "estimate", "se", "lower", "upper")
    assert set(found) == {(e, t, s) for e in "12" for t in (10, 20) for s in statistics}


def test_crude_proportions_have_exact_limits(run):
    found = rows_of(run.build(), analysis="proportion", arm="SOC")
    assert (found["1", "n"], found["1", "N"]) == (1, 3)
    assert found["1", "estimate"] == pytest.approx(1 / 3)
    assert found["1", "lower"] == pytest.approx(1 - 0.975 ** (1 / 3))


def test_follow_up_ends_with_any_state(run):
    ard = run.build()
    assert rows_of(ard, analysis="follow_up") == pick(ard, paramcd="EFS", analysis="follow_up")


def test_comparisons_are_named_by_state(run):
    ard = run.build()
    test = gray(TIME, STATE, ARM)
    found = ard[(ard["paramcd"] == "NRM") & (ard["arm"] == "CART vs SOC")]
    crude = found[found["method"] == "Gray"].set_index(["event", "statistic"])["value"]
    assert crude["2", "p_value"] == test[2].p_value
    assert crude["1", "statistic"] == test[1].statistic
    fit = found[found["analysis"] == "fine_gray"].set_index(["event", "statistic"])["value"]
    assert fit["1", "estimate"] == fine_gray(TIME, STATE, ARM, cause=1).hazard_ratio[0]
    assert set(found["analysis"]) == {"gray", "cause_specific_cox", "fine_gray"}
    assert {"Gray, strata REFRACT", "Cox, Efron ties, strata REFRACT"} <= set(found["method"])


def test_separation_is_a_note(run):
    """No non-relapse death in CART while SOC is at risk: the hazard ratio tends to 0."""
    ard = run.build()
    found = ard[(ard["analysis"] == "cause_specific_cox") & (ard["event"] == "1")]
    assert found["value"].isna().all()
    assert found["note"].str.contains("separation").all()


def test_a_state_that_nobody_reached_has_incidence_zero_and_the_exact_bound(run):
    run.adtte["STATE"] = run.adtte["STATE"].replace(2, 0)
    run.adtte["CNSR"] = run.adtte["CNSR"].replace(12, 1)
    run.adtte.loc[run.adtte["AVAL"] == 5, ["AVAL"]] = 11
    ard = run.build()
    found = rows_of(ard, analysis="cif")
    assert found["2", 10, "estimate"] == 0
    assert found["2", 10, "upper"] == "not estimable: no interval at an estimate of 0"
    exact = rows_of(ard, analysis="cif_exact")
    assert exact["2", 10, "upper"] == pytest.approx(1 - 0.025 ** (1 / 6))
    assert ("2", 20, "upper") not in exact  # two were censored on days 11 and 12
    compared = ard[ard["arm"] == "CART vs SOC"]
    compared = compared[(compared["paramcd"] == "NRM") & (compared["event"] == "2")]
    assert compared["value"].dropna().eq(0).all()  # df alone
    assert compared["note"].str.contains("no events").all()


def test_a_censoring_on_the_day_itself_leaves_the_exact_bound(run):
    run.adtte["STATE"] = run.adtte["STATE"].replace(2, 0)
    run.adtte["CNSR"] = run.adtte["CNSR"].replace(12, 1)
    run.adtte.loc[run.adtte["AVAL"] == 5, ["AVAL"]] = 10
    exact = rows_of(run.build(), analysis="cif_exact")
    assert exact["2", 10, "upper"] == pytest.approx(1 - 0.025 ** (1 / 6))


def test_nobody_in_a_group_gives_notes(run):
    run.adtte = run.adtte[run.adtte["ARMCD"] == "CART"]
    found = rows_of(run.build(), analysis="cif", arm="SOC")
    assert found["1", 10, "n_risk"] == 0
    assert found["1", 10, "estimate"] == "not estimable: no subjects"
