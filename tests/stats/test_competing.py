"""Cumulative incidence against R, and its identities."""

import numpy as np
import pytest
from reference_values import NAMES, agree, curves, data, numbers, values

from cartend.stats.competing import cumulative_incidence, incidence_at
from cartend.stats.results import NO_SUBJECT_AT_RISK, EstimationError
from cartend.stats.survival import kaplan_meier

IN_FULL = [n for n in NAMES if data(n)["entry"] is None]


def reference(name, kind):
    for key, d in curves(name).items():
        r = values(name)["aj"][key].get(kind)
        if r is not None and "error" not in r:
            yield d, r


@pytest.mark.parametrize("name", NAMES)
def test_reference_estimate(name):
    for d, r in reference(name, "survfit"):
        curve = cumulative_incidence(d["time"], d["status"], entry=d["entry"])
        for cause in (1, 2):
            found = incidence_at(curve, cause, numbers(r["time"]))
            agree(found.estimate, r[f"p{cause}"])


@pytest.mark.parametrize("conf_type", ["plain", "log", "log-log"])
@pytest.mark.parametrize("name", IN_FULL)
def test_reference_delta_variance_and_limits(name, conf_type):
    for d, r in reference(name, "survfit"):
        curve = cumulative_incidence(
            d["time"], d["status"], variance="survfit", conf_type=conf_type
        )
        for cause in (1, 2):
            found = incidence_at(curve, cause, numbers(r["time"]), beyond="r")
            agree(found.se, r[f"se{cause}"])
            agree(found.lower, r[conf_type][f"lo{cause}"])
            agree(found.upper, r[conf_type][f"hi{cause}"])


@pytest.mark.parametrize("name", IN_FULL)
def test_reference_aalen_variance(name):
    for d, r in reference(name, "cuminc"):
        curve = cumulative_incidence(d["time"], d["status"])
        for cause in (1, 2):
            if r[f"e{cause}"] is not None:
                found = incidence_at(curve, cause, numbers(r["time"]))
                agree(found.estimate, r[f"e{cause}"])
                agree(found.se**2, r[f"v{cause}"])


def test_log_log_limits_are_powers_of_the_estimate():
    d = data("bmt")
    curve = cumulative_incidence(d["time"], d["status"])
    f, se = curve.estimate[60, 0], curve.se[60, 0]
    expected = f ** np.exp(np.array([1, -1]) * -1.959963984540054 * se / (f * np.log(f)))
    np.testing.assert_allclose([curve.lower[60, 0], curve.upper[60, 0]], expected)


def test_by_hand():
    curve = cumulative_incidence([1, 2, 3, 4], [2, 1, 0, 1])
    found = [incidence_at(curve, cause, [1, 2, 3, 4, 5]) for cause in (1, 2)]
    np.testing.assert_allclose(found[0].estimate, [0, 0.25, 0.25, 0.75, 0.75])
    np.testing.assert_allclose(found[1].estimate, [0.25] * 5)
    assert found[0].n_risk.tolist() == [4, 3, 2, 1, 0]


def test_nothing_is_known_after_a_censored_last_observation():
    curve = cumulative_incidence([1, 2, 3], [1, 2, 0])
    found = incidence_at(curve, 1, [3, 4])
    assert found.note == ("", NO_SUBJECT_AT_RISK)
    assert np.isnan(found.estimate[1])
    assert incidence_at(curve, 1, [4], beyond="r").estimate[0] == pytest.approx(1 / 3)


def test_no_interval_at_zero():
    found = incidence_at(cumulative_incidence([1, 2, 3], [2, 1, 0]), 1, [1, 2])
    assert found.limit_note[0] == "not estimable: no interval at an estimate of 0"
    assert np.isnan(found.upper[0])
    assert found.lower[1] < found.estimate[1] < found.upper[1]


def test_no_interval_where_everybody_had_the_event():
    n = 137
    curve = cumulative_incidence(np.arange(1, n + 1), np.ones(n, int))
    found = incidence_at(curve, 1, [n, n + 1])
    np.testing.assert_allclose(found.estimate, 1)
    assert found.limit_note == ("not estimable: no interval at an estimate of 1",) * 2


def test_cause_that_nobody_had():
    curve = cumulative_incidence([1, 2, 3], [1, 0, 0])
    assert incidence_at(curve, 3, [2]).estimate.tolist() == [0]
    nothing = cumulative_incidence([1, 2], [0, 0])
    assert incidence_at(nothing, 1, [2]).estimate.tolist() == [0]
    empty = incidence_at(cumulative_incidence([], []), 1, [2])
    assert empty.note == ("not estimable: no subjects",)


@pytest.mark.parametrize("name", ["e_entry", "e_entry_early0", "sim_entry"])
def test_delayed_entry_has_greenwoods_error_with_one_cause(name):
    d = data(name)
    event = (d["status"] > 0).astype(int)
    curve = cumulative_incidence(d["time"], event, entry=d["entry"], variance="survfit")
    km = kaplan_meier(d["time"], event, entry=d["entry"])
    inside = km.survival > 0
    np.testing.assert_allclose(curve.se[inside, 0], km.std_err[inside], rtol=1e-10)
    r = values(name)["aj"]["all"]["survfit"]
    ours = cumulative_incidence(d["time"], d["status"], entry=d["entry"], variance="survfit")
    assert not np.allclose(ours.se[:, 0], numbers(r["se1"]))


@pytest.mark.parametrize("variance", ["cmprsk", "survfit"])
def test_error_is_zero_where_everybody_had_the_event(variance):
    curve = cumulative_incidence(np.arange(1, 101), np.ones(100, int), variance="survfit")
    assert curve.estimate[-1, 0] == pytest.approx(1)
    assert curve.se[-1, 0] == 0


def test_misuse():
    curve = cumulative_incidence([1], [1])
    with pytest.raises(EstimationError, match="cmprsk, survfit"):
        cumulative_incidence([1], [1], variance="aalen")
    with pytest.raises(EstimationError, match="cause"):
        incidence_at(curve, 0, [1])
    with pytest.raises(EstimationError, match="beyond"):
        incidence_at(curve, 1, [1], beyond="extend")
    with pytest.raises(EstimationError, match="state"):
        cumulative_incidence([1, 2], [-1, 0])
