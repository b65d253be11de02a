"""A fitted regression model: coefficients, hazard ratios and Wald limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from cartend.stats.counting import check_length
from cartend.stats.newton import Maximum
from cartend.stats.results import EstimationError, critical_value, not_estimable

SMALLEST_SHARE = 1e-6  # of the model's error; a robust one below it is rounding


@dataclass(frozen=True)
class CoxResult:
    """A fitted model; arrays have one entry per covariate and are NaN where ``note`` says why.

    ``loglik`` is the log partial likelihood at zero and at the estimate, ``score`` the score
    statistic at zero (df = number of covariates).  ``covariance`` is the inverse information, or
    the robust variance where ``method`` says so; ``naive_se`` belongs to the inverse information.
    ``n`` counts rows, several a subject in data of intervals.
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
    naive_se: np.ndarray
    method: str


def no_result(names: tuple[str, ...], reason: str, n: int, method: str) -> CoxResult:
    """Return a model without numbers, for the stated reason."""
    nothing = np.full(len(names), np.nan)
    blank = np.full((len(names), len(names)), np.nan)
    none = (np.nan, np.nan)
    note = not_estimable(reason)
    return CoxResult(names, *[nothing] * 6, none, np.nan, 0, note, n, 0, blank, nothing, method)


def wald_result(
    names: tuple[str, ...],
    fit: Maximum,
    kept_covariance: np.ndarray | None,
    *,
    level: float,
    n: int,
    events: int,
    method: str,
) -> CoxResult:
    """Turn a maximum into coefficients, ratios, limits and p-values.

    ``kept_covariance`` is that of the coefficients in the model, None for the inverse information.
    A covariate left out of the model is NaN; a maximum with a note, or a robust variance of 0,
    makes all of them NaN.
    """
    z = critical_value(level)
    coef = np.full(len(names), np.nan)
    covariance = np.full((len(names), len(names)), np.nan)
    naive = np.full(len(names), np.nan)
    note = fit.note
    inverse = np.linalg.inv(fit.information) if not note else None
    if not note and kept_covariance is not None:
        errors = np.sqrt(np.maximum(np.diag(kept_covariance), 0.0) / np.diag(inverse))
        if (errors < SMALLEST_SHARE).any():
            note = not_estimable("the robust variance is 0")
    if not note:
        coef[fit.kept] = fit.coef
        naive[fit.kept] = np.sqrt(np.diag(inverse))
        block = np.ix_(fit.kept, fit.kept)
        covariance[block] = inverse if kept_covariance is None else kept_covariance
        out = [name for name, kept in zip(names, fit.kept, strict=True) if not kept]
        if out:
            note = not_estimable(
                f"{', '.join(out)} constant or a combination of the other covariates"
            )
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
        note=note,
        n=n,
        events=events,
        covariance=covariance,
        naive_se=naive,
        method=method,
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
