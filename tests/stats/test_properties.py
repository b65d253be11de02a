"""What must hold for any data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartend.stats.competing import cumulative_incidence, gray
from cartend.stats.logrank import logrank
from cartend.stats.regression import cox
from cartend.stats.survival import kaplan_meier, survival_at, survival_quantile

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
