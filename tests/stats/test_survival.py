"""Kaplan-Meier against R, by hand, and where nothing can be said."""

import numpy as np
import pytest
from reference_values import (
    NAMES,
    PLACEBO_TIME,
    SIX_MP_EVENT,
    SIX_MP_TIME,
    agree,
    curves,
    data,
    numbers,
    values,
)

from cartend.stats.results import NO_SUBJECT_AT_RISK, EstimationError
from cartend.stats.survival import (
    exact_bound_at_one,
    kaplan_meier,
    n_at_risk,
    reverse_kaplan_meier,
    survival_at,
    survival_quantile,
)

EXTRA = values("_extra")["limits"]


@pytest.mark.parametrize("name", NAMES)
def test_reference_curve(name):
    for key, d in curves(name).items():
        r = values(name)["km"][key]
        curve = kaplan_meier(d["time"], d["status"] > 0, entry=d["entry"])
        assert curve.n == r["n"]
        agree(curve.time, r["time"])
        agree(curve.n_risk, r["nrisk"])
        agree(curve.n_event, r["nevent"])
        agree(curve.n_censor, r["ncens"])
        agree(curve.survival, r["surv"])
        agree(curve.std_err, r["se"])
        agree(curve.std_err_log, r["selog"])


@pytest.mark.parametrize("conf_type", ["plain", "log", "log-log"])
@pytest.mark.parametrize("name", NAMES)
def test_reference_limits(name, conf_type):
    for key, d in curves(name).items():
        r = values(name)["km"][key][conf_type]
        curve = kaplan_meier(d["time"], d["status"] > 0, entry=d["entry"], conf_type=conf_type)
        agree(curve.lower, r["lower"])
        agree(curve.upper, r["upper"])


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize("conf_type", ["logit", "arcsin"])
@pytest.mark.parametrize("name", EXTRA)
def test_reference_limits_on_other_scales(name, conf_type, level):
    d, r = data(name), EXTRA[name][f"{conf_type} {level:g}"]
    curve = kaplan_meier(
        d["time"], d["status"] > 0, entry=d["entry"], conf_type=conf_type, level=level
    )
    agree(curve.lower, r["lower"])
    agree(curve.upper, r["upper"])


@pytest.mark.parametrize("name", NAMES)
def test_reference_landmarks(name):
    for key, d in curves(name).items():
        r = values(name)["km"][key]["landmark"]
        curve = kaplan_meier(d["time"], d["status"] > 0, entry=d["entry"])
        found = survival_at(curve, numbers(r["t"]), beyond="r")
        agree(found.n_risk, r["nrisk"])
        agree(found.estimate, r["surv"])
        agree(found.se, r["se"])
        agree(found.lower, r["lo"])
        agree(found.upper, r["hi"])


@pytest.mark.parametrize("name", ["lung", "bmt", "sim_days", "e_time0"])
def test_reference_follow_up(name):
    d = data(name)
    found = survival_quantile(reverse_kaplan_meier(d["time"], d["status"] > 0), 0.5, rule="r")
    agree([found.estimate, found.lower, found.upper], EXTRA[name]["reverse"])


def test_six_mp_survival_at_ten_weeks():
    found = survival_at(kaplan_meier(SIX_MP_TIME, SIX_MP_EVENT), [10])
    assert found.n_risk.tolist() == [15]
    assert found.estimate[0] == pytest.approx(18 / 21 * 16 / 17 * 14 / 15)
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [0.5032, 0.8894], atol=5e-5)


def test_six_mp_follow_up_is_25_weeks():
    curve = reverse_kaplan_meier(SIX_MP_TIME, SIX_MP_EVENT)
    assert survival_quantile(curve, 0.5).estimate == 25


def test_placebo_arm_is_the_empirical_distribution():
    curve = kaplan_meier(PLACEBO_TIME, np.ones(21))
    found = survival_at(curve, [0, 4, 8, 11.5, 23])
    np.testing.assert_allclose(found.estimate, np.array([21, 14, 8, 6, 0]) / 21)
    p = np.array([14, 8, 6]) / 21  # without censoring Greenwood is binomial
    np.testing.assert_allclose(found.se[1:4], np.sqrt(p * (1 - p) / 21))


def test_a_subject_censored_on_the_day_of_an_event_is_at_risk_for_it():
    curve = kaplan_meier([5, 5, 8], [1, 0, 1])
    assert curve.survival.tolist() == pytest.approx([2 / 3, 0])


def test_nothing_is_known_after_a_censored_last_observation():
    found = survival_at(kaplan_meier([3, 5], [1, 0]), [5, 6])
    assert found.estimate[0] == 0.5
    assert np.isnan([found.estimate[1], found.se[1], found.lower[1], found.upper[1]]).all()
    assert found.note == ("", NO_SUBJECT_AT_RISK)
    assert survival_at(kaplan_meier([3, 5], [1, 0]), [6], beyond="r").estimate[0] == 0.5


def test_zero_holds_after_a_last_observation_that_is_an_event():
    found = survival_at(kaplan_meier([3, 5], [0, 1]), [4, 5, 99])
    assert found.estimate.tolist() == [1, 0, 0]
    assert found.note == ("", "", "")
    assert found.n_risk.tolist() == [1, 1, 0]
    assert np.isnan(found.lower[1:]).all()
    assert found.limit_note[2] == "not estimable: no interval at an estimate of 0"


@pytest.mark.parametrize("conf_type", ["plain", "log", "log-log", "logit", "arcsin"])
def test_no_interval_where_nothing_has_happened(conf_type):
    found = survival_at(kaplan_meier([3, 5, 9], [0, 1, 0], conf_type=conf_type), [1, 3, 5])
    assert found.estimate.tolist() == [1, 1, 0.5]
    assert np.isnan(found.lower[:2]).all()
    assert np.isnan(found.upper[:2]).all()
    assert found.limit_note[0] == "not estimable: no interval at an estimate of 1"
    assert found.limit_note[2] == ""
    assert found.lower[2] < 0.5 < found.upper[2]


def test_exact_bound_while_everybody_is_event_free():
    curve = kaplan_meier([4, 6, 9], [0, 1, 0])
    bound = exact_bound_at_one(curve, 4)
    assert bound.estimate == 1
    assert bound.upper == 1
    assert bound.lower == pytest.approx(0.025 ** (1 / 3))
    assert "followed" in exact_bound_at_one(curve, 5).note
    assert "event" in exact_bound_at_one(curve, 6).note
    late = kaplan_meier([4, 6], [0, 1], entry=[0, 2])
    assert np.isnan(exact_bound_at_one(late, 2).lower)


def test_number_at_risk_between_entries():
    time, entry = np.array([4, 9, 9]), np.array([0, 0, 5])
    curve = kaplan_meier(time, [1, 1, 0], entry=entry)
    times = [0, 1, 4, 5, 5.5, 9, 10]
    expected = [0, 2, 2, 1, 2, 2, 0]
    assert n_at_risk(time, times, entry).tolist() == expected
    assert survival_at(curve, times).n_risk.tolist() == expected
    assert survival_at(curve, [5], beyond="r").n_risk.tolist() == [2]


def test_a_subject_censored_at_the_origin_counts_at_time_zero_only():
    with_it = kaplan_meier([0, 3, 5], [0, 1, 1])
    without = kaplan_meier([3, 5], [1, 1])
    assert with_it.n_risk.tolist() == [3, 2, 1]
    np.testing.assert_array_equal(with_it.survival[1:], without.survival)


def test_no_subjects():
    curve = kaplan_meier([], [])
    found = survival_at(curve, [1])
    assert curve.n == 0
    assert found.n_risk.tolist() == [0]
    assert found.note == ("not estimable: no subjects",)
    assert survival_quantile(curve, 0.5).note == "not estimable: no subjects"
    assert exact_bound_at_one(curve, 1).note == "not estimable: no subjects"


def test_all_censored_on_one_day():
    curve = kaplan_meier([7] * 5, [0] * 5)
    found = survival_at(curve, [7, 8])
    assert found.estimate[0] == 1
    assert np.isnan(found.estimate[1])
    assert survival_quantile(curve, 0.5).note == "not reached"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([-1, 2], [0, 1]), "must not be negative"),
        (([1, 2], [0]), "1 entries, time has 2"),
        (([1, 2], [0, 2]), "event must be 0 to 1"),
        (([1, 2], [0, 0.5]), "whole numbers"),
        (([1, np.nan], [0, 1]), "missing"),
        (([[1, 2]], [0, 1]), "one-dimensional"),
        ((["a", "b"], [0, 1]), "numeric"),
    ],
)
def test_misuse_is_one_sentence(arguments, message):
    with pytest.raises(EstimationError, match=message):
        kaplan_meier(*arguments)


def test_unknown_options_are_refused():
    curve = kaplan_meier([1, 2], [1, 0])
    with pytest.raises(EstimationError, match="plain, log, log-log, logit, arcsin"):
        kaplan_meier([1, 2], [1, 0], conf_type="loglog")
    with pytest.raises(EstimationError, match="level"):
        kaplan_meier([1, 2], [1, 0], level=95)
    with pytest.raises(EstimationError, match="beyond"):
        survival_at(curve, [1], beyond="R")
    with pytest.raises(EstimationError, match="entry must be before time; subject 1"):
        kaplan_meier([1, 2], [1, 0], entry=[0, 2])


@pytest.mark.parametrize(
    ("survival", "lower", "upper"),
    [
        (0.405, 0.332, 0.477),
        (0.163, 0.111, 0.222),
        (0.788, 0.686, 0.860),
        (0.810, 0.712, 0.877),
        (0.622, 0.506, 0.719),
        (0.502, 0.379, 0.613),
    ],
)
def test_published_intervals_are_symmetric_on_the_log_log_scale(survival, lower, upper):
    def cloglog(p):
        return np.log(-np.log(p))

    middle = np.exp(-np.exp((cloglog(lower) + cloglog(upper)) / 2))
    assert middle == pytest.approx(survival, abs=1e-3)
