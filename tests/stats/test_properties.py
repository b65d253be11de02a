"""What must hold for any data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartend.stats.competing import cumulative_incidence, gray
from cartend.stats.differences import cmh, mantel_haenszel_odds_ratio, miettinen_nurminen
from cartend.stats.logrank import logrank
from cartend.stats.maxcombo import maxcombo
from cartend.stats.newcombe import newcombe
from cartend.stats.proportions import clopper_pearson
from cartend.stats.regression import cox, fine_gray
from cartend.stats.survival import kaplan_meier, n_at_risk, survival_at, survival_quantile
from cartend.stats.target import target_test

few = settings(max_examples=60, deadline=None)


@st.composite
def trial(draw):
    """Days, states 0-2, two or three groups and two strata, with many ties."""
    n = draw(st.integers(2, 40))
    last = draw(st.sampled_from([3, 12, 400]))

    def column(low, high):
        return np.array(draw(st.lists(st.integers(low, high), min_size=n, max_size=n)))

    return column(1, last), column(0, 2), column(0, draw(st.integers(1, 2))), column(0, 1)


def same(one, other, rel=1e-7):
    assert one.note == other.note
    assert one.statistic == pytest.approx(other.statistic, rel=rel, abs=1e-9, nan_ok=True)
    assert one.df == other.df


@few
@given(trial())
def test_incidences_and_survival_sum_to_one(data):
    time, state, _, _ = data
    curve = cumulative_incidence(time, state)
    composite = kaplan_meier(time, state > 0)
    np.testing.assert_allclose(curve.estimate.sum(axis=1) + composite.survival, 1, atol=1e-12)
    np.testing.assert_array_equal(curve.n_risk, composite.n_risk)


@few
@given(trial())
def test_without_competing_events_incidence_is_one_minus_survival(data):
    time, state, _, _ = data
    event = (state > 0).astype(int)
    km = kaplan_meier(time, event)
    curve = cumulative_incidence(time, event, variance="survfit")
    np.testing.assert_allclose(curve.estimate[:, 0], 1 - km.survival, atol=1e-12)
    inside = km.survival > 0
    np.testing.assert_allclose(curve.se[inside, 0], km.std_err[inside], atol=1e-7)


@few
@given(trial())
def test_limits_enclose_the_estimate(data):
    time, state, _, _ = data
    for conf_type in ("plain", "log", "log-log", "logit", "arcsin"):
        km = kaplan_meier(time, state > 0, conf_type=conf_type)
        known = ~np.isnan(km.lower)
        assert (km.lower[known] <= km.survival[known] + 1e-12).all()
        assert (km.survival[known] <= km.upper[known] + 1e-12).all()
        assert ((km.lower[known] >= 0) & (km.upper[known] <= 1)).all()
    found = survival_quantile(kaplan_meier(time, state > 0), 0.5)
    if not (found.note or found.lower_note or found.upper_note):
        assert found.lower <= found.estimate <= found.upper


@few
@given(trial())
def test_every_missing_value_has_its_note(data):
    time, state, _, _ = data
    found = survival_at(kaplan_meier(time, state > 0), [0, 1, 5, 13, 500])
    for estimate, lower, note, limit_note in zip(
        found.estimate, found.lower, found.note, found.limit_note, strict=True
    ):
        assert np.isnan(estimate) == bool(note)
        assert np.isnan(lower) == bool(limit_note)


@few
@given(trial())
def test_strata_of_one_level_change_nothing(data):
    time, state, group, _ = data
    one = np.full(time.size, 7)
    same(logrank(time, state > 0, group), logrank(time, state > 0, group, strata=one))
    plain, stratified = gray(time, state, group), gray(time, state, group, strata=one)
    for cause in plain:
        same(plain[cause], stratified[cause])


@few
@given(trial(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(data, random):
    time, state, group, strata = data
    order = np.array(random.sample(range(time.size), time.size))
    shuffled = [column[order] for column in data]
    one = kaplan_meier(time, state > 0)
    other = kaplan_meier(shuffled[0], shuffled[1] > 0)
    np.testing.assert_array_equal(one.survival, other.survival)
    same(
        logrank(time, state > 0, group, strata=strata),
        logrank(shuffled[0], shuffled[1] > 0, shuffled[2], strata=shuffled[3]),
    )
    first, second = gray(time, state, group), gray(*shuffled[:3])
    for cause in first:
        same(first[cause], second[cause])


@few
@given(trial())
def test_labels_of_groups_do_not_matter(data):
    time, state, group, strata = data
    named = np.array(["z", "m", "a"])[group]
    same(
        logrank(time, state > 0, group, strata=strata),
        logrank(time, state > 0, named, strata=strata),
    )


@few
@given(trial())
def test_the_unit_of_time_does_not_matter(data):
    time, state, group, strata = data
    months = time / 30.4375
    same(logrank(time, state > 0, group, rho=1), logrank(months, state > 0, group, rho=1))
    days, in_months = gray(time, state, group), gray(months, state, group)
    for cause in days:
        same(days[cause], in_months[cause])
    one = cox(time, state > 0, group == 1, strata=strata)
    other = cox(months, state > 0, group == 1, strata=strata)
    np.testing.assert_array_equal(one.coef, other.coef)


@few
@given(trial())
def test_swapping_the_arms_inverts_the_hazard_ratio(data):
    time, state, group, _ = data
    one, other = cox(time, state > 0, group == 1), cox(time, state > 0, group != 1)
    if not one.note and not other.note:
        assert one.coef[0] == pytest.approx(-other.coef[0], rel=1e-6, abs=1e-8)
        assert one.lower[0] * other.upper[0] == pytest.approx(1, rel=1e-5)
        middle = np.sqrt(one.lower[0] * one.upper[0])
        assert middle == pytest.approx(one.hazard_ratio[0], rel=1e-9)


@few
@given(trial(), st.integers(1, 30))
def test_entry_at_the_start_is_no_delayed_entry(data, shift):
    time, state, group, _ = data
    zero = np.zeros(time.size)
    np.testing.assert_array_equal(
        kaplan_meier(time, state > 0).lower, kaplan_meier(time, state > 0, entry=zero).lower
    )
    same(logrank(time, state > 0, group), logrank(time, state > 0, group, entry=zero))
    later = kaplan_meier(time + shift, state > 0, entry=zero + shift)
    np.testing.assert_array_equal(later.survival, kaplan_meier(time, state > 0).survival)


@few
@given(trial())
def test_without_competing_events_fine_gray_is_cox_with_robust_error(data):
    time, state, group, _ = data
    event, x = (state > 0).astype(int), (group == 1).astype(float)
    model = cox(time, event, x, ties="breslow", cluster=np.arange(time.size))
    found = fine_gray(time, event, x)
    if model.note or found.note:
        assert bool(model.note) == bool(found.note)
        return
    assert found.coef[0] == pytest.approx(model.coef[0], rel=1e-8, abs=1e-10)
    assert found.se[0] == pytest.approx(model.se[0], rel=1e-7)


def test_without_competing_events_gray_is_near_the_logrank_test_and_not_equal():
    rng = np.random.default_rng(11)
    apart = []
    for _ in range(40):
        group = rng.integers(0, 2, 200)
        time = rng.exponential(100 * np.exp(0.3 * group)).astype(int) + 1
        event = (rng.random(200) < 0.7).astype(int)
        found, other = gray(time, event, group)[1].statistic, logrank(time, event, group).statistic
        apart.append(abs(found - other))
    assert max(apart) > 1e-4
    assert np.median(apart) < 0.05


@few
@given(trial(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_to_a_model(data, random):
    time, state, group, strata = data
    order = np.array(random.sample(range(time.size), time.size))
    for options in ({"ties": "efron"}, {"cluster": strata}, {"ties": "exact_partial"}):
        one = cox(time, state > 0, group == 1, **options)
        moved = {k: v[order] if isinstance(v, np.ndarray) else v for k, v in options.items()}
        other = cox(time[order], (state > 0)[order], (group == 1)[order], **moved)
        assert one.note == other.note
        np.testing.assert_allclose(one.coef, other.coef, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(one.se, other.se, rtol=1e-6)


@few
@given(trial())
def test_strata_of_one_level_change_no_model(data):
    time, state, group, _ = data
    one = cox(time, state > 0, group == 1)
    other = cox(time, state > 0, group == 1, strata=np.full(time.size, "all"))
    np.testing.assert_array_equal(one.coef, other.coef)
    np.testing.assert_array_equal(one.se, other.se)


@few
@given(trial())
def test_swapping_the_arms_keeps_every_test(data):
    time, state, group, _ = data
    two = group < 2
    time, event, group = time[two], (state > 0)[two], group[two]
    one, other = maxcombo(time, event, group), maxcombo(time, event, 1 - group)
    assert one.note == other.note
    np.testing.assert_allclose(one.z, -other.z, atol=1e-9)
    assert one.p_value == pytest.approx(other.p_value, abs=1e-9, nan_ok=True)


@few
@given(trial(), st.integers(1, 5))
def test_somebody_censored_at_the_origin_is_at_risk_at_the_origin_only(data, more):
    time, state, _, _ = data
    with_them = np.concatenate((time, np.zeros(more, dtype=int)))
    event = np.concatenate((state > 0, np.zeros(more, dtype=bool)))
    assert n_at_risk(with_them, [0])[0] == time.size + more
    assert n_at_risk(with_them, [1])[0] == time.size
    one, other = kaplan_meier(time, state > 0), kaplan_meier(with_them, event)
    np.testing.assert_array_equal(one.survival, other.survival[1:])


counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.floats(0, 1))
def test_a_target_is_met_exactly_where_the_lower_limit_is_above_it(count, p0):
    x, n = count
    lower = clopper_pearson(x, n).lower
    if abs(lower - p0) > 1e-12:
        assert target_test(x, n, p0).met == (lower > p0)


@few
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=3))
def test_swapping_the_arms_negates_every_difference(strata):
    one = [[arm[i] for arm in part] for part in zip(*strata, strict=True) for i in (0, 1)]
    x1, n1, x2, n2 = one
    for method in (miettinen_nurminen, newcombe):
        found, other = method(x1, n1, x2, n2), method(x2, n2, x1, n1)
        assert found.estimate == pytest.approx(-other.estimate, abs=1e-12)
        assert found.lower == pytest.approx(-other.upper, abs=1e-7, nan_ok=True)
        if not found.lower_note:
            assert -1 - 1e-12 <= found.lower <= found.estimate + 1e-9
    ratio, other = (mantel_haenszel_odds_ratio(*c) for c in ((x1, n1, x2, n2), (x2, n2, x1, n1)))
    if not ratio.note:
        assert ratio.estimate * other.estimate == pytest.approx(1)
    same_test = cmh(x1, n1, x2, n2).statistic, cmh(x2, n2, x1, n1).statistic
    assert same_test[0] == pytest.approx(same_test[1], nan_ok=True)


@few
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=2), st.randoms())
def test_the_order_of_the_strata_does_not_matter(strata, random):
    moved = random.sample(strata, len(strata))
    one, other = (
        miettinen_nurminen(
            *[[arm[i] for arm in part] for part in zip(*s, strict=True) for i in (0, 1)]
        )
        for s in (strata, moved)
    )
    assert (one.lower, one.upper) == pytest.approx((other.lower, other.upper), abs=1e-9)
