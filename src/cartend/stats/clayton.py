"""Clayton's association of two times to event: within a copula, and of a time cut off by death."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cartend.stats.counting import check_length, check_states, check_times
from cartend.stats.jackknife import grouped_jackknife
from cartend.stats.results import Estimate, critical_value, not_estimable
from cartend.stats.roots import peak
from cartend.stats.survival import kaplan_meier

GROUPS = 20
LARGEST = 40.0  # Kendall's tau 0.95


def clayton_two_stage(
    first: np.ndarray,
    first_event: np.ndarray,
    second: np.ndarray,
    second_event: np.ndarray,
    *,
    level: float = 0.95,
) -> Estimate:
    """Return Kendall's tau = theta/(theta + 2) of Clayton's copula, fitted in two stages.

    1. u, v: Kaplan-Meier of each margin just before and at the subject's time, in the middle.
    2. theta > 0 maximises the likelihood of (u, v) under C = (u^-theta + v^-theta - 1)^(-1/theta):
       its density where both are events, a partial derivative where one is, C where none is
       (Shih and Louis, Biometrics 1995).
    3. The error by the jackknife over 20 groups of subjects, both stages repeated.

    Positive association only. Two times that share events by definition (deaths in PFS and OS)
    have more ties than a copula allows, and the value is descriptive.
    """
    first, second, one, two = _checked(first, first_event, second, second_event)
    method = "Clayton copula, two-stage, tau; jackknife over 20 groups"
    if not (one.any() and two.any()):
        return Estimate.missing(not_estimable("no events of one of the two times"))

    def tau(kept: np.ndarray) -> float:
        return _two_stage_tau(first[kept], one[kept], second[kept], two[kept])

    found = grouped_jackknife(tau, first.size, groups=GROUPS, level=level)
    low, high = max(found.lower, -1.0), min(found.upper, 1.0)
    return replace(found, lower=low, upper=high, method=method)


def _two_stage_tau(
    first: np.ndarray, one: np.ndarray, second: np.ndarray, two: np.ndarray
) -> float:
    u, v = _margin(first, one), _margin(second, two)

    def loglik(log_theta: float) -> float:
        return _loglik(float(np.exp(log_theta)), u, v, one, two)

    theta = float(np.exp(peak(loglik, -8.0, float(np.log(LARGEST)))))
    return theta / (theta + 2)


def _margin(time: np.ndarray, event: np.ndarray) -> np.ndarray:
    """Return S at each time, half way down its step, never 0."""
    curve = kaplan_meier(time, event)
    place = np.searchsorted(curve.time, time)
    before = np.concatenate(([1.0], curve.survival))[place]
    return np.maximum((before + curve.survival[place]) / 2, 1e-6)


def _loglik(theta: float, u: np.ndarray, v: np.ndarray, one: np.ndarray, two: np.ndarray) -> float:
    """Return the log likelihood; log C = -log(u^-theta + v^-theta - 1)/theta."""
    log_u, log_v = np.log(u), np.log(v)
    inside = np.log(np.exp(-theta * log_u) + np.exp(-theta * log_v) - 1)
    events = one + two
    terms = -(1 / theta + events) * inside
    terms -= (theta + 1) * (one * log_u + two * log_v)
    return float((terms + np.where(events == 2, np.log1p(theta), 0.0)).sum())


def clayton_semicompeting(
    first: np.ndarray,
    first_event: np.ndarray,
    death: np.ndarray,
    died: np.ndarray,
    *,
    level: float = 0.95,
) -> Estimate:
    """Return Kendall's tau of a time that death cuts off, under Clayton's model before death.

    1. A pair counts where the smaller of the two first times comes before the smaller of the two
       death times, and both smaller times are events (Fine, Jiang and Chappell, Biometrika 2001).
    2. The constant cross-ratio is concordant over discordant pairs; tau = (ratio-1)/(ratio+1).
    3. The error by leaving out each subject's pairs in turn.
    """
    first, death, one, two = _checked(first, first_event, death, died)
    method = "Clayton before death, cross-ratio of pairs, tau; jackknife"
    order_first, known_first = _orders(first, one)
    order_death, known_death = _orders(death, two)
    smaller = np.minimum(first[:, None], first[None, :])
    later = np.minimum(death[:, None], death[None, :])
    counts = known_first & known_death & (smaller < later)
    same = counts & (order_first == order_death)
    own, all_own = same.sum(axis=1), counts.sum(axis=1)
    concordant, pairs = same.sum() / 2, counts.sum() / 2
    if not pairs:
        return Estimate.missing(not_estimable("no pair of subjects can be ordered"))
    rest = pairs - all_own
    left_out = np.where(rest > 0, 2 * (concordant - own) / np.maximum(rest, 1) - 1, np.nan)
    return _jackknifed(float(2 * concordant / pairs - 1), left_out, level, method)


def _orders(time: np.ndarray, event: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return who of a pair is first, and whether that is known: the smaller time is an event."""
    before = time[:, None] < time[None, :]
    after = time[:, None] > time[None, :]
    known = (before & (event[:, None] > 0)) | (after & (event[None, :] > 0))
    return before, known


def _jackknifed(value: float, left_out: np.ndarray, level: float, method: str) -> Estimate:
    size = left_out.size
    if size < 3 or np.isnan(left_out).any():
        reason = not_estimable("too few subjects for an error")
        return Estimate(value, lower_note=reason, upper_note=reason, method=method)
    spread = (size - 1) / size * ((left_out - left_out.mean()) ** 2).sum()
    half = critical_value(level) * float(np.sqrt(spread))
    limits = (max(value - half, -1.0), min(value + half, 1.0))
    return Estimate(value, *limits, float(np.sqrt(spread)), method=method)


def _checked(
    first: np.ndarray, first_event: np.ndarray, second: np.ndarray, second_event: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    first, _ = check_times(first, None)
    second, _ = check_times(second, None)
    check_length("second", second, first.size)
    one = check_states("first_event", first_event, first.size, 1)
    return first, second, one, check_states("second_event", second_event, first.size, 1)
