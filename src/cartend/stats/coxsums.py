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
    (D,) Efron's fractions l/d, ``mean_weight`` (E,) the mean case weight of the events of a time.
    ``entry_order``, ``entry_from`` and ``entry_to`` say, in the order of entry, who of the stratum
    enters at or after an event time.  Of row i, in the given order ``order[i]``, the event times
    ``first[i]`` to ``last[i]`` - 1 are those at which it is at risk; ``weight`` (n,) its case
    weight.
    """

    x: np.ndarray
    weight: np.ndarray | None
    mean_weight: np.ndarray | None
    order: np.ndarray
    first: np.ndarray
    last: np.ndarray
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
    weight: np.ndarray | None = None,
) -> CoxData:
    """Sort once; all later work is sums over slices.

    ``position`` (n,) are the times as ranks from 1; ``entry_position`` (n,) the rank of the last
    time at which the subject is not yet at risk, 0 where there is none; ``x`` (n, p); ``weight``
    (n,) positive case weights, None for one each.
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
    weight = None if weight is None else weight[order]
    mean_weight = None if weight is None else np.add.reduceat(weight[rows], event_starts) / d
    own = np.zeros(1, dtype=np.int64) if stratum is None else stratum[order] * width
    entry_order = entry_from = entry_to = None
    if entry_position is not None:
        own = own + entry_position[order]
        entry_order = np.argsort(own, kind="stable")
        entry_from = np.searchsorted(own[entry_order], time_key[at], side="left")
        entry_to = np.searchsorted(own[entry_order], next_stratum[at], side="left")
    return CoxData(
        x=x,
        weight=weight,
        mean_weight=mean_weight,
        order=order,
        first=np.searchsorted(time_key[at], own, side="right"),
        last=np.searchsorted(time_key[at], key, side="right"),
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
    data: CoxData, beta: np.ndarray, ties: str, time_weight: np.ndarray | None = None
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log partial likelihood, its gradient (p,) and minus its Hessian (p, p).

    1. S_k(t) = sum over the risk set of w x^k exp(x b), k = 0, 1, 2, as cumulative sums of sums
       per time (with delayed entry less those who enter at or after t).
    2. ``breslow``: each of the d events of a time has the whole risk set as denominator.
    3. ``efron``: the l-th of d has S_0 - (l/d) D_0, D_k the same sums over the tied events; the
       sums over l reduce to five scalars a time.
    4. With case weights w an event counts w, the denominators of a time the mean w of its events.
    5. ``time_weight`` (E,) multiplies the contribution of each event time.
    """
    eta = beta @ data.x
    shift = eta.max()
    risk = case_weighted(data, np.exp(eta - shift))
    s0, s1, s2 = _moments(data, risk)
    scale, linear, event_sum = _event_parts(data, eta, shift, time_weight)
    if ties == "breslow":
        mean = s1 / s0
        d = data.d * scale
        loglik = linear - float(d @ np.log(s0))
        information = (s2 / s0) @ d - (mean * d) @ mean.T
        return loglik, event_sum - mean @ d, information
    tied = _event_moments(data, risk[data.event_rows])
    denominator = np.repeat(s0, data.d) - data.share * np.repeat(tied[0], data.d)
    inverse = 1 / denominator
    f = data.share
    logs, a0, a1, b0, b1, b2 = (
        np.add.reduceat(v, data.event_starts) * scale
        for v in (
            np.log(denominator),
            inverse,
            f * inverse,
            inverse**2,
            f * inverse**2,
            (f * inverse) ** 2,
        )
    )
    score = event_sum - s1 @ a0 + tied[1] @ a1
    cross = (s1 * b1) @ tied[1].T
    information = (
        s2 @ a0 - tied[2] @ a1 - (s1 * b0) @ s1.T + cross + cross.T - (tied[1] * b2) @ tied[1].T
    )
    return linear - float(logs.sum()), score, information


def case_weighted(data: CoxData, values: np.ndarray) -> np.ndarray:
    """Return values (n,) times the case weights."""
    return values if data.weight is None else values * data.weight


def _event_parts(
    data: CoxData, eta: np.ndarray, shift: float, time_weight: np.ndarray | None
) -> tuple[np.ndarray, float, np.ndarray]:
    """Return the weight of each event time (E,), and of the events the sums of x b and of x."""
    scale = np.ones(data.d.size)
    if data.mean_weight is None and time_weight is None:
        total = float(eta[data.event_rows].sum()) - shift * data.event_rows.size
        return scale, total, data.event_x.sum(axis=1)
    each = np.ones(data.event_rows.size)
    if data.weight is not None:
        scale, each = scale * data.mean_weight, each * data.weight[data.event_rows]
    if time_weight is not None:
        scale, each = scale * time_weight, each * np.repeat(time_weight, data.d)
    return scale, float(each @ (eta[data.event_rows] - shift)), data.event_x @ each


def _moments(data: CoxData, risk: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return S_0 (E,), S_1 (p, E) and S_2 (p, p, E) at the event times."""
    s0 = risk_set_sum(data, risk)
    p = data.x.shape[0]
    s1, s2 = np.empty((p, s0.size)), np.empty((p, p, s0.size))
    for i in range(p):
        weighted = risk * data.x[i]
        s1[i] = risk_set_sum(data, weighted)
        for j in range(i + 1):
            s2[i, j] = s2[j, i] = risk_set_sum(data, weighted * data.x[j])
    return s0, s1, s2


def risk_set_sum(data: CoxData, values: np.ndarray) -> np.ndarray:
    """Return the sum of ``values`` (n,) over the risk set of each event time (E,)."""
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
