"""Differences and ratios of two curves against R."""

import numpy as np
import pytest
from reference_values import agree, data, numbers, values
from scipy.special import ndtri

from cartend.stats.competing import cumulative_incidence, incidence_at
from cartend.stats.contrasts import milestone_difference, rmst_difference, rmst_ratio
from cartend.stats.results import EstimationError
from cartend.stats.survival import kaplan_meier, survival_at

ARMS = values("_arms")["sets"]
Z = float(ndtri(0.975))


def two_curves(name):
    d = data(name)
    return [
        kaplan_meier(
            d["time"][rows],
            d["status"][rows] > 0,
            entry=None if d["entry"] is None else d["entry"][rows],
        )
        for rows in (d["grp"] == g for g in np.unique(d["grp"])[:2])
    ]


@pytest.mark.parametrize("name", [n for n in ARMS if "rmst" in ARMS[n]])
def test_reference_restricted_means(name):
    r, (control, treated) = ARMS[name], two_curves(name)
    (m0, m1), (s0, s1) = numbers(r["rmst"]["mean"]), numbers(r["rmst"]["se"])
    difference = rmst_difference(treated, control, r["tau"])
    ratio = rmst_ratio(treated, control, r["tau"])
    agree(difference.estimate, float(m1 - m0))
    agree(ratio.estimate, float(m1 / m0))
    if s0 == s1 == 0:
        assert difference.lower_note == "not estimable: no event before tau leaves an error"
        return
    se = np.sqrt(s0**2 + s1**2)
    agree(
        [difference.se, difference.lower, difference.upper],
        [se, m1 - m0 - Z * se, m1 - m0 + Z * se],
    )
    log_se = np.sqrt((s0 / m0) ** 2 + (s1 / m1) ** 2)
    agree([ratio.se, ratio.upper], [log_se, m1 / m0 * np.exp(Z * log_se)])


@pytest.mark.parametrize("name", ARMS)
def test_reference_milestones(name):
    r, (control, treated) = ARMS[name], two_curves(name)
    points = [survival_at(curve, r["times"]) for curve in (treated, control)]
    wald = milestone_difference(*points)
    mover = milestone_difference(*points, limits="mover")
    c, t = ({k: numbers(v) for k, v in part.items()} for part in r["milestone"])
    for i, found in enumerate(wald):
        d = t["surv"][i] - c["surv"][i]
        agree(found.estimate, float(d))
        # R has limits, if poor ones, where a curve is at 0 or 1
        if any(p["surv"][i] in (0, 1) for p in (c, t)):
            assert found.lower_note.startswith("not estimable: no interval at an estimate of ")
            assert np.isnan(mover[i].lower)
            continue
        se = np.sqrt(c["se"][i] ** 2 + t["se"][i] ** 2)
        agree([found.se, found.lower, found.upper], [se, max(d - Z * se, -1), min(d + Z * se, 1)])
        below = np.sqrt((t["surv"][i] - t["lo"][i]) ** 2 + (c["hi"][i] - c["surv"][i]) ** 2)
        agree(mover[i].lower, float(d - below))


def test_ten_sets_have_all_contrasts():
    assert sum("rmst" in r for r in ARMS.values()) >= 10


def test_swapping_the_arms_negates_and_inverts():
    control, treated = two_curves("bmt")
    one, other = rmst_difference(treated, control, 700), rmst_difference(control, treated, 700)
    assert (one.lower, one.p_value) == pytest.approx((-other.upper, other.p_value))
    one, other = rmst_ratio(treated, control, 700), rmst_ratio(control, treated, 700)
    assert one.lower * other.upper == pytest.approx(1)
    a, b = (survival_at(curve, [400]) for curve in (control, treated))
    one, other = (milestone_difference(*p, limits="mover")[0] for p in ((a, b), (b, a)))
    assert (one.lower, one.upper) == pytest.approx((-other.upper, -other.lower))


def test_a_difference_of_incidences():
    d = data("bmt")
    points = [
        incidence_at(cumulative_incidence(d["time"][rows], d["status"][rows]), 1, [365])
        for rows in (d["grp"] == g for g in (1, 2))
    ]
    found = milestone_difference(*points)[0]
    assert found.estimate == points[0].estimate[0] - points[1].estimate[0]
    assert found.se == pytest.approx(np.hypot(points[0].se[0], points[1].se[0]))
    assert found.method.startswith("difference of Aalen-Johansen, Aalen variance")


def test_degenerate_and_misuse():
    short, long = kaplan_meier([3, 5], [1, 0]), kaplan_meier([3, 9], [1, 1])
    beyond = milestone_difference(survival_at(short, [6]), survival_at(long, [6]))[0]
    assert beyond.note == "no subject at risk"
    assert rmst_difference(short, long, 6).note.startswith("not estimable: tau is after")
    assert rmst_ratio(kaplan_meier([], []), long, 2).note == "not estimable: no subjects"
    early = rmst_difference(short, long, 2)
    assert (early.estimate, early.lower_note[:13]) == (0, "not estimable")
    assert np.isnan(early.lower)
    assert rmst_ratio(kaplan_meier([0], [1]), long, 2).note.endswith("a restricted mean of 0")
    with pytest.raises(EstimationError, match="same times"):
        milestone_difference(survival_at(short, [1]), survival_at(long, [2]))
    with pytest.raises(EstimationError, match="limits"):
        milestone_difference(survival_at(short, [1]), survival_at(long, [1]), limits="exact")
