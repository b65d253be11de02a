"""The partial likelihood of Cox's model from sums over distinct times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CoxData:
    """Subjects sorted by stratum and time, and where each sum starts and ends.

    ``x`` (p, n) centred covariates; ``starts`` (T,) the first row of each (stratum, time);
    ``stratum_end`` (T,) the first time of the next stratum.  The remaining arrays belong to the
    E event times: ``at`` their place among the T, ``d`` the events, ``event_x`` (p, D) the
    covariates of the D events in order, ``event_starts`` (E,) the first of each time, ``share``
    (D,) Efron's fractions l/d.  ``entry_order``, ``entry_from`` and ``entry_to`` say, in the
    order of entry, who of the stratum enters at or after an event time.
    """

    x: np.ndarray
    starts: np.ndarray
    stratum_end: np.ndarray
    at: np.ndarray
    d: np.ndarray
    event_rows: np.ndarray
    event_x: np.ndarray
    event_starts: np.ndarray
    share: np.ndarray
    entry_order: np.ndarray | None
    entry_from: np.ndarray | None
    entry_to: np.ndarray | None


def prepare(
    position: np.ndarray,
    stratum: np.ndarray | None,
    event: np.ndarray,
    x: np.ndarray,
    entry_position: np.ndarray | None,
) -> CoxData:
    """Sort once; all later work is sums over slices.

    ``position`` (n,) are the times as ranks from 1; ``entry_position`` (n,) the rank of the last
    time at which the subject is not yet at risk, 0 where there is none; ``x`` (n, p).
    """
    width = int(position.max()) + 2
    key = position if stratum is None else stratum * width + position
    order = np.argsort(key, kind="stable")
    key, event = key[order], event[order]
    x = np.ascontiguousarray(x[order].T - x.mean(axis=0)[:, None])
    starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    time_key = key[starts]
    next_stratum = (time_key // width + 1) * width
    d_all = np.add.reduceat(event, starts)
    at = np.flatnonzero(d_all)
    d = d_all[at]
    rows = np.flatnonzero(event)
    event_starts = np.cumsum(d) - d
    share = (np.arange(rows.size) - np.repeat(event_starts, d)) / np.repeat(d, d)
    entry_order = entry_from = entry_to = None
    if entry_position is not None:
        own = entry_position[order] + (0 if stratum is None else stratum[order] * width)
        entry_order = np.argsort(own, kind="stable")
        entry_from = np.searchsorted(own[entry_order], time_key[at], side="left")
        entry_to = np.searchsorted(own[entry_order], next_stratum[at], side="left")
    return CoxData(
        x=x,
        starts=starts,
        stratum_end=np.searchsorted(time_key, next_stratum, side="left"),
        at=at,
        d=d,
        event_rows=rows,
        event_x=x[:, rows],
        event_starts=event_starts,
        share=share,
        entry_order=entry_order,
        entry_from=entry_from,
        entry_to=entry_to,
    )


def loglik_derivatives(
    data: CoxData, beta: np.ndarray, ties: str
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log partial likelihood, its gradient (p,) and minus its Hessian (p, p).

    1. S_k(t) = sum over the risk set of x^k exp(x b), k = 0, 1, 2, as cumulative sums of sums
       per time (with delayed entry less those who enter at or after t).
    2. ``breslow``: each of the d events of a time has the whole risk set as denominator.
    3. ``efron``: the l-th of d has S_0 - (l/d) D_0, D_k the same sums over the tied events; the
       sums over l reduce to five scalars a time.
    """
    eta = beta @ data.x
    shift = eta.max()
    risk = np.exp(eta - shift)
    s0, s1, s2 = _moments(data, risk)
    event_sum = data.event_x.sum(axis=1)
    linear = float(beta @ event_sum) - shift * data.event_rows.size
    if ties == "breslow":
        mean = s1 / s0
        loglik = linear - float(data.d @ np.log(s0))
        information = (s2 / s0) @ data.d - (mean * data.d) @ mean.T
        return loglik, event_sum - mean @ data.d, information
    tied = _event_moments(data, risk[data.event_rows])
    denominator = np.repeat(s0, data.d) - data.share * np.repeat(tied[0], data.d)
    loglik = linear - float(np.log(denominator).sum())
    inverse = 1 / denominator
    f = data.share
    a0, a1, b0, b1, b2 = (
        np.add.reduceat(v, data.event_starts)
        for v in (inverse, f * inverse, inverse**2, f * inverse**2, (f * inverse) ** 2)
    )
    score = event_sum - s1 @ a0 + tied[1] @ a1
    cross = (s1 * b1) @ tied[1].T
    information = (
        s2 @ a0 - tied[2] @ a1 - (s1 * b0) @ s1.T + cross + cross.T - (tied[1] * b2) @ tied[1].T
    )
    return loglik, score, information


def _moments(data: CoxData, risk: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return S_0 (E,), S_1 (p, E) and S_2 (p, p, E) at the event times."""
    s0 = _risk_set_sum(data, risk)
    p = data.x.shape[0]
    s1, s2 = np.empty((p, s0.size)), np.empty((p, p, s0.size))
    for i in range(p):
        weighted = risk * data.x[i]
        s1[i] = _risk_set_sum(data, weighted)
        for j in range(i + 1):
            s2[i, j] = s2[j, i] = _risk_set_sum(data, weighted * data.x[j])
    return s0, s1, s2


def _risk_set_sum(data: CoxData, values: np.ndarray) -> np.ndarray:
    by_time = np.add.reduceat(values, data.starts)
    ahead = np.concatenate((np.cumsum(by_time[::-1])[::-1], [0.0]))
    total = ahead[data.at] - ahead[data.stratum_end[data.at]]
    if data.entry_order is None:
        return total
    entered = np.concatenate(([0.0], np.cumsum(values[data.entry_order])))
    return total - (entered[data.entry_to] - entered[data.entry_from])


def _event_moments(data: CoxData, risk: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sums of :func:`_moments` over the tied events of each time."""
    d0 = np.add.reduceat(risk, data.event_starts)
    p = data.x.shape[0]
    d1, d2 = np.empty((p, d0.size)), np.empty((p, p, d0.size))
    for i in range(p):
        weighted = risk * data.event_x[i]
        d1[i] = np.add.reduceat(weighted, data.event_starts)
        for j in range(i + 1):
            d2[i, j] = d2[j, i] = np.add.reduceat(weighted * data.event_x[j], data.event_starts)
    return d0, d1, d2
