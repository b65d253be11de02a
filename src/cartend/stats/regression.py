"""Regression for hazards: Cox's model, and Fine and Gray's beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cartend.stats.coxfit import cox_rows, full_coefficients
from cartend.stats.coxrobust import robust_covariance, score_residuals
from cartend.stats.finegray import fine_gray
from cartend.stats.wald import CoxResult, no_result, wald_result

__all__ = ["CoxResult", "cox", "fine_gray"]


def cox(
    time: np.ndarray,
    event: np.ndarray,
    covariates: np.ndarray,
    *,
    strata: np.ndarray | None = None,
    ties: str = "efron",
    entry: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    cluster: np.ndarray | None = None,
    level: float = 0.95,
    names: Sequence[str] | None = None,
) -> CoxResult:
    """Fit log hazard = x b with a free baseline hazard in each stratum.

    1. Sort by stratum and time; a row is at risk at t where entry < t <= time.  A covariate that
       changes in time is a subject of several rows, each an interval (entry, time].
    2. The partial likelihood (Cox 1975) with Efron's (JASA 1977), Breslow's (1974) or the exact
       conditional treatment of ties, from sums over distinct times.
    3. Newton-Raphson to rounding error; Wald limits and two-sided p-values.
    4. With ``cluster``, the subject of each row, the variance is the robust one of Lin and Wei;
       with case ``weights`` it should be, as the inverse information takes them for counts.

    Equals ``survival::coxph(Surv(entry, time, event) ~ x + strata(s), ties=ties, weights=w,
    cluster=id)`` run to convergence; ``exact_partial`` is R's ``exact`` and SAS's DISCRETE, not
    SAS's EXACT, and has neither weights nor a robust variance, as in R.
    ``covariates`` (n,) or (n, p), finite; ``weights`` (n,) not negative, a row of weight 0 leaves.
    A constant or collinear covariate is left out, as in R: it alone is NaN and ``note`` names it.
    No events, separation (a coefficient above 15 or a standard error above 1000) and failure to
    converge make everything NaN, with a ``note``.
    """
    rows = cox_rows(
        time,
        event,
        covariates,
        strata=strata,
        ties=ties,
        entry=entry,
        weights=weights,
        cluster=cluster,
        names=names,
    )
    if rows.data is None:
        return no_result(rows.names, "no events", rows.n, rows.method)
    data, fit = rows.data, rows.maximum
    covariance = None
    if rows.cluster is not None and not fit.note and fit.kept.any():
        residuals = score_residuals(data, full_coefficients(fit), ties)[:, fit.kept]
        covariance = robust_covariance(
            residuals, rows.weights, np.linalg.inv(fit.information), rows.cluster
        )
    return wald_result(
        rows.names,
        fit,
        covariance,
        level=level,
        n=rows.n,
        events=int(data.d.sum()),
        method=rows.method,
    )
