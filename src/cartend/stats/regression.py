"""Regression for hazards: Cox's model, and Fine and Gray's beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cartend.stats.counting import (
    check_states,
    check_times,
    group_codes,
    time_positions,
)
from cartend.stats.coxsums import loglik_derivatives, prepare
from cartend.stats.finegray import fine_gray
from cartend.stats.newton import maximise
from cartend.stats.results import EstimationError
from cartend.stats.wald import (
    CoxResult,
    check_covariates,
    check_names,
    no_result,
    wald_result,
)

__all__ = ["CoxResult", "cox", "fine_gray"]


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
    ``covariates`` (n,) or (n, p), finite.  A constant or collinear covariate is left out, as in R:
    it alone is NaN and ``note`` names it.  No events, separation (a coefficient above 15 or a
    standard error above 1000) and failure to converge make everything NaN, with a ``note``.
    """
    if ties not in ("efron", "breslow"):
        raise EstimationError(f'ties must be "efron" or "breslow", not {ties!r}')
    time, entry = check_times(time, entry)
    event = check_states("event", event, time.size, 1)
    x = check_covariates(covariates, time.size)
    names = check_names(names, x.shape[1])
    stratum = None if strata is None else group_codes("strata", strata, time.size)[1]
    if not event.any():
        return no_result(names, "no events", time.size)
    position, entry_position = _positions(time, entry)
    data = prepare(position, stratum, event, x, entry_position)
    fit = maximise(lambda beta: loglik_derivatives(data, beta, ties), x.shape[1])
    covariance = np.linalg.inv(fit.information) if not fit.note else None
    return wald_result(names, fit, covariance, level=level, n=time.size, events=int(event.sum()))


def _positions(time: np.ndarray, entry: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Return times as ranks from 1, and for each entry the rank of the last time up to it.

    Someone who enters at e is at risk at t > e: not at the ranks up to the returned one, which is
    0 where there is none.
    """
    grid, position = time_positions(time)
    if entry is None:
        return position + 1, None
    return position + 1, np.searchsorted(grid, entry, side="right")
