"""Cox's proportional hazards regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from cartend.stats.counting import (
    check_length,
    check_states,
    check_times,
    group_codes,
    time_positions,
)
from cartend.stats.coxsums import loglik_derivatives, prepare
from cartend.stats.newton import Maximum, maximise
from cartend.stats.results import EstimationError, critical_value, not_estimable


@dataclass(frozen=True)
class CoxResult:
    """A fitted model; arrays have one entry per covariate and are NaN where ``note`` says why.

    ``loglik`` is the log partial likelihood at zero and at the estimate, ``score`` the score
    statistic at zero (df = number of covariates), ``covariance`` the inverse information.
    """

    names: tuple[str, ...]
    coef: np.ndarray
    se: np.ndarray
    hazard_ratio: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p_value: np.ndarray
    loglik: tuple[float, float]
    score: float
    iterations: int
    note: str
    n: int
    events: int
    covariance: np.ndarray


def cox(
    time: np.ndarray,
    event: np.ndarray,
    covariates: np.ndarray,
    *,
    strata: np.ndarray | None = None,
    ties: str = "efron",
    entry: np.ndarray | None = None,
    level: float = 0.95,
    names: Sequence[str] | None = None,
) -> CoxResult:
    """Fit log hazard = x b with a free baseline hazard in each stratum.

    1. Sort by stratum and time; a subject is at risk at t where entry < t <= time.
    2. The partial likelihood (Cox 1975) with Efron's (JASA 1977) or Breslow's (1974) ties, from
       sums over distinct times.
    3. Newton-Raphson to rounding error; Wald limits and two-sided p-values.

    Equals ``survival::coxph(Surv(time, event) ~ x + strata(s), ties=ties)`` run to convergence.
    ``covariates`` (n,) or (n, p), finite.  No events, a constant or collinear covariate,
    separation (a coefficient above 15 or a standard error above 1000) and failure to converge
    give NaN and a ``note``.
    """
    if ties not in ("efron", "breslow"):
        raise EstimationError(f'ties must be "efron" or "breslow", not {ties!r}')
    time, entry = check_times(time, entry)
    event = check_states("event", event, time.size, 1)
    x = check_covariates(covariates, time.size)
    names = check_names(names, x.shape[1])
    stratum = None if strata is None else group_codes("strata", strata, time.size)[1]
    if not event.any():
        nothing = np.full((x.shape[1], x.shape[1]), np.nan)
        fit = Maximum(
            nothing[0], nothing, (np.nan, np.nan), np.nan, 0, not_estimable("no events")
        )
    else:
        position, entry_position = _positions(time, entry)
        data = prepare(position, stratum, event, x, entry_position)
        fit = maximise(lambda beta: loglik_derivatives(data, beta, ties), x.shape[1])
    return wald_result(names, fit, level=level, n=time.size, events=int(event.sum()))


def wald_result(
    names: tuple[str, ...],
    fit: Maximum,
    *,
    level: float,
    n: int,
    events: int,
    covariance: np.ndarray | None = None,
) -> CoxResult:
    """Turn a maximum into coefficients, ratios, limits and p-values (NaN where it has a note)."""
    z = critical_value(level)
    if fit.note:
        coef = np.full(len(names), np.nan)
        covariance = np.full((len(names), len(names)), np.nan)
    else:
        coef = fit.coef
        covariance = np.linalg.inv(fit.information) if covariance is None else covariance
    se = np.sqrt(np.diag(covariance))
    return CoxResult(
        names=names,
        coef=coef,
        se=se,
        hazard_ratio=np.exp(coef),
        lower=np.exp(coef - z * se),
        upper=np.exp(coef + z * se),
        p_value=erfc(np.abs(coef / se) / np.sqrt(2)),
        loglik=fit.loglik,
        score=fit.score,
        iterations=fit.iterations,
        note=fit.note,
        n=n,
        events=events,
        covariance=covariance,
    )


def check_covariates(covariates: np.ndarray, size: int) -> np.ndarray:
    """Return covariates as a finite float matrix (n, p)."""
    x = np.asarray(covariates, dtype=float)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or x.shape[1] == 0:
        raise EstimationError(f"covariates must have shape (n,) or (n, p), not {x.shape}")
    check_length("covariates", x, size)
    if not np.isfinite(x).all():
        raise EstimationError("covariates hold a missing or infinite value")
    return x


def check_names(names: Sequence[str] | None, size: int) -> tuple[str, ...]:
    """Return one name a covariate, x1, x2, ... by default."""
    if names is None:
        return tuple(f"x{i + 1}" for i in range(size))
    if len(names) != size:
        raise EstimationError(f"{len(names)} names for {size} covariates")
    return tuple(names)


def _positions(
    time: np.ndarray, entry: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return times as ranks from 1, and for each entry the rank of the last time up to it.

    Someone who enters at e is at risk at t > e: not at the ranks up to the returned one, which is
    0 where there is none.
    """
    grid, position = time_positions(time)
    if entry is None:
        return position + 1, None
    return position + 1, np.searchsorted(grid, entry, side="right")
