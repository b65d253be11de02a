"""Fine and Gray's regression for the subdistribution hazard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cartend.stats.counting import check_states, check_times
from cartend.stats.newton import maximise
from cartend.stats.results import EstimationError
from cartend.stats.wald import (
    CoxResult,
    check_covariates,
    check_names,
    no_result,
    wald_result,
)


def fine_gray(
    time: np.ndarray,
    state: np.ndarray,
    covariates: np.ndarray,
    *,
    cause: int = 1,
    form: str = "crr",
    level: float = 0.95,
    names: Sequence[str] | None = None,
) -> CoxResult:
    """Fit log subdistribution hazard = x b for one cause (Fine and Gray, JASA 1999).

    1. G, the Kaplan-Meier estimate of the censoring distribution.
    2. Risk sums S_k(t) = sum over T >= t of x^k e^xb + G(t-) times the sum over competing events
       before t of x^k e^xb / G(T-); Breslow's ties.
    3. Newton-Raphson to rounding error.
    4. Sandwich variance I^-1 (sum of u u') I^-1, u the influence of a subject.

    ``form="crr"`` equals ``cmprsk::crr``: at a tie events are at risk of censoring, and u has the
    term for the estimation of G.  ``form="finegray"`` equals ``survival::finegray`` with
    ``coxph(..., ties="breslow", cluster=id)``: tied events leave first, without that term.  Under
    ties the two differ.  ``state`` 0 censored, 1..K causes; degenerate data as in
    :func:`cartend.stats.regression.cox`.
    """
    if form not in ("crr", "finegray"):
        raise EstimationError(f'form must be "crr" or "finegray", not {form!r}')
    time, _ = check_times(time, None)
    state = check_states("state", state, time.size, None)
    x = check_covariates(covariates, time.size)
    names = check_names(names, x.shape[1])
    if not (state == cause).any():
        return no_result(names, "no events", time.size, _METHODS[form])
    data = _prepare(time, state, x, cause, events_leave_first=form == "finegray")
    fit = maximise(lambda beta: _derivatives(data, beta), x.shape[1])
    covariance = None
    if not fit.note:
        beta = np.zeros(x.shape[1])
        beta[fit.kept] = fit.coef
        influence = _influence(data, beta, censoring_term=form == "crr")[fit.kept]
        bread = np.linalg.inv(fit.information)
        covariance = bread @ (influence @ influence.T) @ bread
    return wald_result(
        names,
        fit,
        covariance,
        level=level,
        n=time.size,
        events=int((state == cause).sum()),
        method=_METHODS[form],
    )


_METHODS = {
    "crr": "Fine-Gray, as cmprsk::crr",
    "finegray": "Fine-Gray, as survival::finegray with coxph, Breslow ties",
}


@dataclass(frozen=True)
class _Data:
    """Subjects in order of time; ``at`` (n,) is each one's place among the T times.

    ``x`` (p, n) centred; ``own``, ``competing``, ``censored`` (n,) flags; per time: ``starts``,
    ``n_risk``, ``n_censored``, ``d`` events of the cause, ``g`` = G(t-); ``inverse_g`` (n,) is
    1/G(T-) of a competing event and 0 elsewhere.
    """

    x: np.ndarray
    at: np.ndarray
    own: np.ndarray
    censored: np.ndarray
    starts: np.ndarray
    n_risk: np.ndarray
    n_censored: np.ndarray
    d: np.ndarray
    g: np.ndarray
    inverse_g: np.ndarray


def _prepare(
    time: np.ndarray, state: np.ndarray, x: np.ndarray, cause: int, *, events_leave_first: bool
) -> _Data:
    order = np.argsort(time, kind="stable")
    time, state = time[order], state[order]
    starts = np.flatnonzero(np.concatenate(([True], time[1:] != time[:-1])))
    sizes = np.diff(np.append(starts, time.size))
    at = np.repeat(np.arange(starts.size), sizes)
    n_risk = time.size - starts
    censored, own = state == 0, state == cause
    n_censored = np.add.reduceat(censored.astype(np.int64), starts)
    exposed = n_risk - (sizes - n_censored) if events_leave_first else n_risk
    after = np.cumprod(1 - n_censored / np.maximum(exposed, 1))
    g = np.concatenate(([1.0], after[:-1]))
    competing = ~censored & ~own
    return _Data(
        x=np.ascontiguousarray(x[order].T - x.mean(axis=0)[:, None]),
        at=at,
        own=own,
        censored=censored,
        starts=starts,
        n_risk=n_risk,
        n_censored=n_censored,
        d=np.add.reduceat(own.astype(np.int64), starts),
        g=g,
        inverse_g=np.where(competing, 1 / np.where(g[at] > 0, g[at], 1.0), 0.0),
    )


def _risk_sum(data: _Data, values: np.ndarray) -> np.ndarray:
    """Return the weighted sum of ``values`` (n,) over the risk set of each time (T,)."""
    ahead = np.cumsum(np.add.reduceat(values, data.starts)[::-1])[::-1]
    return ahead + data.g * _competing_before(data, values)


def _competing_before(data: _Data, values: np.ndarray) -> np.ndarray:
    """Return the sum of values / G(T-) over competing events before each time."""
    by_time = np.add.reduceat(values * data.inverse_g, data.starts)
    return np.cumsum(by_time) - by_time


def _derivatives(data: _Data, beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Return log likelihood, gradient (p,) and information (p, p)."""
    risk = np.exp(beta @ data.x)
    events = data.d > 0
    d = data.d[events]
    s0 = _risk_sum(data, risk)[events]
    p = data.x.shape[0]
    s1, s2 = np.empty((p, s0.size)), np.empty((p, p))
    for i in range(p):
        weighted = risk * data.x[i]
        s1[i] = _risk_sum(data, weighted)[events]
        for j in range(i + 1):
            s2[i, j] = s2[j, i] = (_risk_sum(data, weighted * data.x[j])[events] / s0) @ d
    event_sum = data.x[:, data.own].sum(axis=1)
    mean = s1 / s0
    loglik = float(beta @ event_sum - d @ np.log(s0))
    return loglik, event_sum - mean @ d, s2 - (mean * d) @ mean.T


def _influence(data: _Data, beta: np.ndarray, *, censoring_term: bool) -> np.ndarray:
    """Return the influence of each subject on the score, (p, n), in the order of ``data``.

    1. (x - xbar(T)) for an event, less the integral of (x - xbar) w e^xb dLambda, w = 1 up to T
       and G(s-)/G(T-) after a competing event.
    2. ``censoring_term``: q(T)/n(T) for a censored subject less the sum over censoring times
       c <= T of q(c) dN(c)/n(c)^2, q the effect of a change of G from c on.
    """
    risk = np.exp(beta @ data.x)
    s0 = _risk_sum(data, risk)
    hazard = np.where(data.d > 0, data.d / s0, 0.0)
    mean = np.stack([_risk_sum(data, risk * row) for row in data.x]) / s0
    after = data.g * hazard
    level_0, level_1 = np.cumsum(hazard), np.cumsum(mean * hazard, axis=1)
    tail_0, tail_1 = np.cumsum(after), np.cumsum(mean * after, axis=1)
    rest_0, rest_1 = tail_0[-1] - tail_0, tail_1[:, -1:] - tail_1
    at = data.at
    compensator = data.x * level_0[at] - level_1[:, at]
    compensator += data.inverse_g * (data.x * rest_0[at] - rest_1[:, at])
    influence = np.where(data.own, data.x - mean[:, at], 0.0) - risk * compensator
    if not censoring_term:
        return influence
    past_0 = _competing_before(data, risk)
    past_1 = np.stack([_competing_before(data, risk * row) for row in data.x])
    q = past_1 * (rest_0 + after) - past_0 * (rest_1 + mean * after)
    jumps = np.cumsum(q * data.n_censored / data.n_risk.astype(float) ** 2, axis=1)
    return influence + np.where(data.censored, (q / data.n_risk)[:, at], 0.0) - jumps[:, at]
