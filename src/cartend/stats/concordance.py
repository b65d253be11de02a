"""Concordance of a score with a censored time: Harrell's C and Somers' D."""

from __future__ import annotations

import numpy as np

from cartend.stats.counting import check_length, check_states, check_times
from cartend.stats.results import Estimate, critical_value, not_estimable


def concordance(
    time: np.ndarray, event: np.ndarray, score: np.ndarray, *, level: float = 0.95
) -> Estimate:
    """Return the share of comparable pairs in which the higher score goes with the longer time.

    1. A pair is comparable where the shorter time is an event; a censoring on the day of an
       event is longer; two events of one day are not comparable.
    2. C = (concordant + tied in the score / 2) / comparable (Harrell et al., JAMA 1982).
    3. The variance is the infinitesimal jackknife: the sum of ((a_i - C b_i) / comparable)^2,
       a_i and b_i what the pairs with subject i add to numerator and denominator.

    Equals ``survival::concordance(Surv(time, event) ~ score)``; D = 2 C - 1.
    """
    time, _ = check_times(time, None)
    event = check_states("event", event, time.size, 1) > 0
    score = np.asarray(score, dtype=float)
    check_length("score", score, time.size)
    first = event[:, None] & (
        (time[:, None] < time[None, :]) | ((time[:, None] == time[None, :]) & ~event[None, :])
    )
    value = np.where(score[:, None] < score[None, :], 1.0, 0.0)
    value = np.where(score[:, None] == score[None, :], 0.5, value) * first
    pairs = float(first.sum())
    if not pairs:
        return Estimate.missing(not_estimable("no two subjects can be compared"))
    estimate = float(value.sum() / pairs)
    own = value.sum(axis=0) + value.sum(axis=1)
    all_own = first.sum(axis=0) + first.sum(axis=1)
    se = float(np.sqrt((((own - estimate * all_own) / pairs) ** 2).sum()))
    half = critical_value(level) * se
    return Estimate(estimate, max(estimate - half, 0.0), min(estimate + half, 1.0), se)
