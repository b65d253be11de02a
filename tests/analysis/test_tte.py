"""Time to one event, computed by hand."""

import math

import numpy as np
import pytest
from tiny_trial import pick

from cartend.analysis.ard import Ard, Place
from cartend.analysis.counts import Subjects
from cartend.analysis.tte import last_time, survival_rows
from cartend.stats.logrank import logrank
from cartend.stats.survival import kaplan_meier, survival_at

NO_LIMIT = "not estimable: no interval at an estimate of {}"


def rows_of(ard, **where):
    return pick(ard, paramcd="EFS", **where)


def subjects(time, event):
    time, event = np.array(time, dtype=np.int64), np.array(event, dtype=np.int64)
    nought = np.zeros_like(time)
    return Subjects(time, event, event, nought, nought)


def written(time, event, times=(10, 20), tau=10):
    ard = Ard("s", "primary")
    survival_rows(ard.cell(Place("OS")), subjects(time, event), times, tau)
    found = {}
    for row in ard.sorted_rows():
        found[(row[8], *[p for p in row[10:14] if p not in ("", -1.0)])] = (
            row[15] if row[14] is None else row[14]
        )
    return found


def test_kaplan_meier_of_one_arm_is_complete(run):
    """3 at risk, one event on day 5, one censored on day 12, one event on day 20."""
    z, root = 1.959963984540054, math.log(2 / 3)
    width = z * math.sqrt(1 / 6) / -root
    assert rows_of(run.build(), analysis="km", arm="CART") == pytest.approx(
        {
            "N": 3,
            "events": 2,
            "censored": 1,
            "min": 5,
            "max": 20,
            "min_censored": 0,
            "max_censored": 0,
            (10, "n_risk"): 2,
            (10, "estimate"): 2 / 3,
            (10, "se"): 2 / 3 * math.sqrt(1 / 6),
            (10, "lower"): math.exp(root * math.exp(width)),
            (10, "upper"): math.exp(root * math.exp(-width)),
            (20, "n_risk"): 1,
            (20, "estimate"): 0,
            (20, "se"): NO_LIMIT.format(0),
            (20, "lower"): NO_LIMIT.format(0),
            (20, "upper"): NO_LIMIT.format(0),
        },
        abs=1e-14,
    )


def test_after_a_censored_last_observation_nothing_is_estimable(run):
    found = rows_of(run.build(), analysis="km", arm="SOC")
    assert found[20, "n_risk"] == 0
    assert {found[20, s] for s in ("estimate", "se", "lower", "upper")} == {"no subject at risk"}
    assert (found["max"], found["max_censored"]) == (15, 1)


def test_quantiles_of_one_arm_are_complete(run):
    """F is 1/3 from day 5 and 1 from day 20; at S = 0 the band has no limit."""
    assert rows_of(run.build(), analysis="km_quantile", arm="CART") == {
        (0.25, "estimate"): 5,
        (0.25, "lower"): 5,
        (0.25, "upper"): "not reached",
        (0.5, "estimate"): 20,
        (0.5, "lower"): 5,
        (0.5, "upper"): "not reached",
        (0.75, "estimate"): 20,
        (0.75, "lower"): 5,
        (0.75, "upper"): "not reached",
    }


def test_the_restriction_time_is_the_largest_that_every_arm_reaches(run):
    """CART ends on day 20 and SOC on day 15: of 10 and 20 only 10 is left."""
    found = rows_of(run.build(), analysis="rmst", arm="CART")
    area = 5 + 5 * 2 / 3
    se = (5 * 2 / 3) * math.sqrt(1 / 6)
    assert found == pytest.approx(
        {
            (10, "estimate"): area,
            (10, "se"): se,
            (10, "lower"): area - 1.959963984540054 * se,
            (10, "upper"): area + 1.959963984540054 * se,
        }
    )


def test_a_subgroup_that_ends_before_the_restriction_time_says_so(run):
    found = rows_of(run.build(), analysis="rmst", arm="CART", by="BRIDGE", level="NONE")
    assert found[10, "estimate"] == 5  # one subject with an event on day 5: S = 0 holds after it
    run.adtte.loc[run.adtte["USUBJID"] == "A1", ["STATE", "CNSR"]] = [0, 1]
    run.adtte.loc[run.adtte["USUBJID"] == "A1", "CNSDTDSC"] = "last adequate assessment"
    found = rows_of(run.build(), analysis="rmst", arm="CART", by="BRIDGE", level="NONE")
    assert found[10, "estimate"] == "not estimable: tau is after the last observation"


def test_restriction_time_rules():
    early, late, none = np.array([5, 50]), np.array([400]), np.array([])
    assert last_time((10, 20, 365), [late]) == 365
    assert last_time((10, 20, 365), [late, early]) == 20
    assert last_time((10, 20, 365), [late, none]) == 365
    assert last_time((90, 365), [early]) is None
    assert last_time((90, 365), [none]) is None


def test_without_restriction_time_rmst_says_why():
    found = written([5, 8], [1, 0], tau=None)
    assert found["rmst", "estimate"] == (
        "not estimable: no reporting time at or before the last observation of every arm"
    )


def test_follow_up_is_reverse_kaplan_meier(run):
    """All six subjects: censored on days 12 and 15; the last, on day 20, has an event."""
    found = rows_of(run.build(), analysis="follow_up")
    # at risk 3 on day 12 (A2, B3, A3): 1 - F = 2/3; at risk 2 on day 15: 1/3
    assert (found["median"], found["min"], found["max"]) == (15, 5, 20)


def test_arms_are_compared_by_logrank_and_cox(run):
    """Partial likelihood h/(1 + h)^3, greatest at h = 1/2, information 3 * 1/3 * 2/3."""
    ard = run.build()
    test = rows_of(ard, analysis="logrank", arm="CART vs SOC")
    assert test["statistic"] == pytest.approx(0.25 / 0.65)  # O - E = 2 - 2.5, V = 0.4 + 0.25
    assert test["df"] == 1
    fit = rows_of(ard, analysis="cox", arm="CART vs SOC")
    assert fit["estimate"] == pytest.approx(0.5)
    assert fit["coef"] == pytest.approx(math.log(0.5))
    assert fit["se"] == pytest.approx(math.sqrt(1.5))
    assert set(fit) == {"coef", "se", "estimate", "lower", "upper", "p_value"}


def test_the_comparison_within_strata_leaves_other_strata_out(run):
    """REFRACT Y: A1, A3, B1; N: A2, B2; missing: B3. E = 4/3 + 1 + 1/2, V = 2/9 + 1/4."""
    test = rows_of(run.build(), analysis="stratified_logrank", arm="CART vs SOC")
    assert test["statistic"] == pytest.approx((2 - 17 / 6) ** 2 / (2 / 9 + 1 / 4))


def test_methods_name_ties_and_strata(run):
    ard = run.build()
    named = dict(zip(ard["analysis"], ard["method"], strict=True))
    assert named["cox"] == "Cox, Efron ties"
    assert named["stratified_cox"] == "Cox, Efron ties, strata REFRACT"
    assert named["stratified_logrank"] == "log-rank, strata REFRACT"
    assert named["km"] == "Kaplan-Meier, log-log limits"


def test_without_strata_there_is_no_stratified_comparison(run):
    run.study = run.study.model_copy(update={"strata": ()})
    assert not run.build()["analysis"].str.startswith("stratified").any()


def test_comparisons_stand_only_beside_the_whole_population(run):
    ard = run.build()
    compared = ard[ard["arm"].str.contains(" vs ")]
    assert len(compared) > 0
    assert set(compared["by"]) == {""}
    assert set(compared["population"]) == {"RAND"}
    assert "DOR" not in set(compared["paramcd"])


def test_estimates_equal_the_kernels(run):
    ard = run.build()
    time, event = np.array([5, 12, 20, 5, 8, 15]), np.array([1, 0, 1, 1, 1, 0])
    arm = np.array([1, 1, 1, 0, 0, 0])
    points = survival_at(kaplan_meier(time, event), np.array([10, 20]))
    found = rows_of(ard, analysis="km")
    assert found[10, "estimate"] == points.estimate[0]
    assert found[10, "lower"] == points.lower[0]
    test = rows_of(ard, analysis="logrank", arm="CART vs SOC")
    assert test["p_value"] == logrank(time, event, arm).p_value


def test_nobody_gives_zero_counts_and_notes():
    found = written([], [])
    assert (found["km", "N"], found["km", "events"], found["km", 10, "n_risk"]) == (0, 0, 0)
    assert found["km", "min"] == "not estimable: no subjects"
    assert found["km", 10, "estimate"] == "not estimable: no subjects"
    assert found["km_quantile", 0.5, "estimate"] == "not estimable: no subjects"
    assert found["follow_up", "median"] == "not estimable: no subjects"
    assert found["rmst", 10, "lower"] == "not estimable: no subjects"


def test_one_subject_with_an_event():
    found = written([15], [1])
    assert found["km", 10, "estimate"] == 1
    assert found["km", 20, "estimate"] == 0
    assert found["km_quantile", 0.5, "estimate"] == 15
    assert found["km_exact", 10, "lower"] == pytest.approx(0.025)


def test_no_events_give_the_exact_bound_while_everybody_is_followed():
    """Nobody left before day 10: S is 3/3, its bound (alpha/2)^(1/3); by day 20 one was lost."""
    found = written([12, 25, 30], [0, 0, 0])
    assert found["km", 10, "lower"] == NO_LIMIT.format(1)
    assert found["km_exact", 10, "lower"] == pytest.approx(0.025 ** (1 / 3))
    assert ("km_exact", 20, "lower") not in found
    assert found["km_quantile", 0.5, "estimate"] == "not reached"


def test_a_negative_time_is_a_note_and_not_a_traceback(run):
    run.adtte.loc[run.adtte["USUBJID"] == "A1", "AVAL"] = -3
    ard = run.build()
    found = rows_of(ard, analysis="km")
    assert found["N"].startswith("not estimable: time must not be negative")
    assert rows_of(ard, analysis="km", arm="SOC")["N"] == 3


def test_an_empty_arm_has_rows_and_the_comparison_a_reason(run):
    run.adtte = run.adtte[run.adtte["ARMCD"] == "CART"]
    ard = run.build()
    assert rows_of(ard, analysis="km", arm="SOC")["N"] == 0
    for analysis in ("logrank", "cox", "stratified_logrank", "stratified_cox"):
        found = rows_of(ard, analysis=analysis, arm="CART vs SOC")
        assert str(found["p_value"]).startswith("not estimable"), analysis


def test_an_endpoint_without_events_has_no_test(run):
    rows = run.adtte["PARAMCD"] == "EFS"
    run.adtte.loc[rows, "STATE"] = 0
    run.adtte.loc[rows, "CNSR"] = 1
    ard = run.build()
    assert rows_of(ard, analysis="logrank", arm="CART vs SOC")["p_value"] == (
        "not estimable: no events"
    )
    assert rows_of(ard, analysis="cox", arm="CART vs SOC")["estimate"] == (
        "not estimable: no events"
    )
