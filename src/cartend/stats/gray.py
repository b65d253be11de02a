"""Gray's test for equality of cumulative incidence."""

from __future__ import annotations

import numpy as np

from cartend.stats.counting import (
    CountingTable,
    check_states,
    check_times,
    counting_table,
    group_codes,
    stratum_rows,
)
from cartend.stats.results import TestResult, chi_square_test


def gray(
    time: np.ndarray,
    state: np.ndarray,
    group: np.ndarray,
    *,
    strata: np.ndarray | None = None,
    rho: float = 0.0,
) -> dict[int, TestResult]:
    """Compare the cumulative incidence of every cause between groups.

    Within each stratum, on the event times of any cause and for one cause after the other:

    1. u_g = n_g/S_g(t-), a risk set from which competing events have not been taken.
    2. score_g = sum of w (d_g - D u_g (1 - F_g(t-)) / Q), Q = sum u_g (1 - F_g(t-)),
       w = (1 - F(t-))^rho with F the pooled subdistribution, dF = D / sum u_g.
    3. The variance of Gray, Ann Stat 1988, section 3, with the tie corrections of cmprsk: the
       influence of group k at t is A(t) + z_k (C(end) - C(t)) for the cause itself and
       z_k (C(end) - C(t)) for the others.
    4. Scores and variances are summed over strata; the last group is dropped.

    Equals ``cmprsk::cuminc(time, state, group, strata, rho)$Tests``.  Returns one test for each
    cause that occurs.  ``observed`` and ``expected`` are weighted by w.
    """
    time, _ = check_times(time, None)
    state = check_states("state", state, time.size, None)
    labels, codes = group_codes("group", group, time.size)
    causes = int(state.max()) if state.size else 0
    groups = labels.size
    sums = [[np.zeros(groups), np.zeros(groups), np.zeros((groups, groups))] for _ in range(causes)]
    for rows in stratum_rows(strata, time.size):
        table = counting_table(
            time[rows], state[rows], n_states=causes + 1, group=codes[rows], n_groups=groups
        )
        parts = _overall(table)
        for cause in range(1, causes + 1):
            for total, part in zip(
                sums[cause - 1], _score(*parts, cause=cause, rho=rho), strict=True
            ):
                total += part
    everyone = np.ones(groups, dtype=bool)
    method = f"{'Gray' if strata is None else 'stratified Gray'}, rho {rho:g}"
    return {
        cause: chi_square_test(*sums[cause - 1], tuple(labels.tolist()), everyone, method)
        for cause in range(1, causes + 1)
        if (state == cause).any()
    }


def _overall(table: CountingTable) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return events (T, K, G), at risk (T, G), S_g(t-) and S_g(t) on the event times."""
    events = table.count[:, 1:, :]
    rows = events.any(axis=(1, 2))
    events, at_risk = events[rows].astype(float), table.n_risk[rows].astype(float)
    hazard = events.sum(axis=1) / np.where(at_risk > 0, at_risk, 1.0)
    after = np.cumprod(1 - hazard, axis=0)
    before = np.vstack((np.ones((1, after.shape[1])), after))[:-1]
    return events, at_risk, before, after


def _score(
    events: np.ndarray,
    at_risk: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
    *,
    cause: int,
    rho: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weighted observed (G,), expected (G,), variance (G, G) of one stratum and cause."""
    own = events[:, cause - 1, :]
    other = events.sum(axis=1) - own
    safe = np.where(at_risk > 0, at_risk, 1.0)
    jump = before * own / safe
    incidence_before = np.cumsum(jump, axis=0) - jump
    u = np.where((at_risk > 0) & (before > 0), at_risk / np.where(before > 0, before, 1.0), 0.0)
    d = own.sum(axis=1)
    pool = np.where(d > 0, u.sum(axis=1), 1.0)
    free = u * (1 - incidence_before)
    total_free = np.where(d > 0, free.sum(axis=1), 1.0)
    pooled = np.cumsum(d / pool)
    pooled_before = pooled - d / pool
    weight = (1 - pooled_before) ** rho if rho else np.ones(d.size)
    observed, expected = weight @ own, (weight * d / total_free) @ free
    variance = _variance(own, other, safe, before, after, u, pool, pooled, pooled_before, weight)
    return observed, expected, variance


def _variance(
    own: np.ndarray,
    other: np.ndarray,
    at_risk: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
    u: np.ndarray,
    pool: np.ndarray,
    pooled: np.ndarray,
    pooled_before: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    """Return Gray's variance (G, G), summed over times; 1/S_k counts as 0 where S_k = 0."""
    groups = u.shape[1]
    d = own.sum(axis=1)
    a = -u[:, :, None] * u[:, None, :] / pool[:, None, None]
    a[:, np.arange(groups), np.arange(groups)] += u
    a *= weight[:, None, None]
    # once one group alone is at risk a is 0, and the pooled estimate may pass 1
    free = np.where(np.abs(1 - pooled_before) > 1e-12, 1 - pooled_before, np.inf)
    c = np.cumsum(a * (d / (pool * free))[:, None, None], axis=0)
    remaining = c[-1:] - c
    ratio = (1 - pooled)[:, None] / np.where(after > 0, after, np.inf)
    risk_scale = pool[:, None] * before - 1
    ties = np.where(
        d[:, None] > 1, 1 - (d[:, None] - 1) / np.where(risk_scale > 0, risk_scale, 1), 1
    )
    own_noise = np.where(u > 0, ties * before * d[:, None] / (pool[:, None] * at_risk), 0.0)
    other_ties = 1 - np.maximum(other - 1, 0) / np.maximum(at_risk - 1, 1)
    other_noise = other_ties * (before / at_risk) ** 2 * other
    by_own = a + (1 - ratio)[:, None, :] * remaining
    by_other = ratio[:, None, :] * remaining
    return _outer_sum(by_own, own_noise) + _outer_sum(by_other, other_noise)


def _outer_sum(influence: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return the sum over t and k of b_ik(t) b_jk(t) noise_k(t)."""
    groups = influence.shape[1]
    weighted = influence * noise[:, None, :]
    flat = influence.transpose(1, 0, 2).reshape(groups, -1)
    return weighted.transpose(1, 0, 2).reshape(groups, -1) @ flat.T
