"""Visits and what the evaluators read."""

import numpy as np
import pytest

from cartend.simulate.findings import seen_scans
from cartend.simulate.scans import NOT_EVALUABLE, read_course, read_scans, true_state


def test_scans_are_in_order_and_never_twice_a_day(large):
    day = large.scans.day
    both = np.isfinite(day[:, 1:])
    assert (day[:, 1:][both] > day[:, :-1][both]).all()


def test_most_scheduled_visits_lie_in_their_window_some_are_late(large):
    anchor = 0 if large.params.prefix == "LBCL" else large.latent["inf"].to_numpy()[:, None]
    visits = large.study.visits.schedule
    made = np.isfinite(large.scans.day) & (large.scans.label >= 0)
    nominal = np.array([v.day for v in visits])[large.scans.label]
    after = np.array([v.after for v in visits])[large.scans.label]
    before = np.array([v.before for v in visits])[large.scans.label]
    with np.errstate(invalid="ignore"):
        off = large.scans.day - anchor - nominal
    inside = ((off >= -before) & (off <= after))[made].mean()
    assert 0.9 < inside < 0.98
    assert (off[made] > after[made]).mean() == pytest.approx(0.06, abs=0.02)


def test_visits_are_missed_at_the_stated_rate(large):
    infused = np.isfinite(large.latent["treat"]).to_numpy()
    planned = (large.scans.label >= 0)[infused]
    missed = planned & ~np.isfinite(large.scans.day[infused])
    rate = missed.sum() / planned.sum()
    assert rate == pytest.approx(large.params.observation.missed, abs=0.01)


def test_the_evaluators_disagree_at_about_the_stated_rate(large):
    made = seen_scans(large)
    central = read_scans(large.params, large.latent, large.scans, "IRC")
    local = read_scans(large.params, large.latent, large.scans, "INV")
    both = made & (central >= 0) & (local >= 0)
    rate = (central != local)[both].mean()
    assert rate == pytest.approx(large.params.observation.disagreement, abs=0.03)


def test_both_evaluators_read_the_truth_most_of_the_time(large):
    made = seen_scans(large)
    truth = true_state(large.params, large.latent, large.scans.day)
    for evaluator in ("IRC", "INV"):
        read = read_scans(large.params, large.latent, large.scans, evaluator)
        fine = made & (read != NOT_EVALUABLE)
        assert (read == truth)[fine].mean() > 0.92


def test_progression_once_read_stays_until_a_new_treatment(large):
    read = read_course(large.params, large.latent, large.scans, "IRC")
    latent = large.latent
    counted = np.isfinite(large.scans.day) & (read >= 0)
    counted &= large.scans.day >= latent["t1"].to_numpy()[:, None]
    counted &= large.scans.day < latent["turn"].to_numpy()[:, None]
    bad = counted & (read >= large.params.progressed)
    seen = np.cumsum(bad, axis=1) > 0
    assert not (seen & counted & ~bad).any()


def test_scans_end_with_life_follow_up_and_the_snapshot(large):
    made = seen_scans(large)
    assert (large.scans.day < large.latent["death"].to_numpy()[:, None])[made].all()
    assert (large.scans.day <= large.end[:, None])[made].all()


def test_leukaemia_after_remission_relapses_and_without_remission_progresses(leukaemia):
    latent = leukaemia.latent
    state = true_state(leukaemia.params, latent, latent[["prog"]].to_numpy())[:, 0]
    rows = np.isfinite(latent["prog"]) & np.isinf(latent["turn"]) & np.isfinite(latent["inf"])
    last = np.where(np.isfinite(latent["t2"]), latent["c2"], latent["c1"])
    remission = np.isin(last, [0, 1, 2])
    assert (state[rows & remission] == leukaemia.params.states.index("RELAPSE")).all()
    assert (state[rows & ~remission] == leukaemia.params.states.index("PD")).all()
