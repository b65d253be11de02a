"""Fitting Cox's partial likelihood to rows: checks, sorting, the maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cartend.stats.counting import (
    check_length,
    check_states,
    check_times,
    group_codes,
    time_positions,
)
from cartend.stats.coxexact import exact_derivatives
from cartend.stats.coxsums import CoxData, loglik_derivatives, prepare
from cartend.stats.newton import Maximum, maximise
from cartend.stats.results import EstimationError
from cartend.stats.wald import check_covariates, check_names

TIES = {
    "efron": "Efron ties",
    "breslow": "Breslow ties",
    "exact_partial": "exact partial likelihood of ties",
}


@dataclass(frozen=True)
class CoxRows:
    """A fitted partial likelihood; ``data`` and ``maximum`` are None without events.

    ``time``, ``event``, ``entry``, ``weights`` and ``cluster`` (codes) are those of the ``n`` rows
    used: a row of weight 0 has left.
    """

    names: tuple[str, ...]
    method: str
    n: int
    time: np.ndarray
    event: np.ndarray
    entry: np.ndarray | None
    weights: np.ndarray | None
    cluster: np.ndarray | None
    data: CoxData | None = None
    maximum: Maximum | None = None


def cox_rows(
    time: np.ndarray,
    event: np.ndarray,
    covariates: np.ndarray,
    *,
    strata: np.ndarray | None = None,
    ties: str = "efron",
    entry: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    cluster: np.ndarray | None = None,
    names: Sequence[str] | None = None,
) -> CoxRows:
    """Check, sort and maximise; arguments as of :func:`cartend.stats.regression.cox`."""
    method = _method(ties, strata, weights, cluster)
    time, entry = check_times(time, entry)
    event = check_states("event", event, time.size, 1)
    x = check_covariates(covariates, time.size)
    names = check_names(names, x.shape[1])
    stratum = None if strata is None else group_codes("strata", strata, time.size)[1]
    subject = None if cluster is None else group_codes("cluster", cluster, time.size)[1]
    weights = _check_weights(weights, time.size)
    if weights is not None and (weights == 0).any():
        used = weights > 0
        time, event, x, weights = time[used], event[used], x[used], weights[used]
        entry, stratum, subject = (
            None if v is None else v[used] for v in (entry, stratum, subject)
        )
    rows = (names, method, time.size, time, event, entry, weights, subject)
    if not event.any():
        return CoxRows(*rows)
    position, entry_position = _positions(time, entry)
    data = prepare(position, stratum, event, x, entry_position, weights)
    if ties == "exact_partial":
        return CoxRows(*rows, data, maximise(exact_derivatives(data), x.shape[1]))
    fit = maximise(lambda beta: loglik_derivatives(data, beta, ties), x.shape[1])
    return CoxRows(*rows, data, fit)


def full_coefficients(fit: Maximum) -> np.ndarray:
    """Return one coefficient a covariate, 0 for one that was left out."""
    beta = np.zeros(fit.kept.size)
    beta[fit.kept] = fit.coef
    return beta


def _method(
    ties: str,
    strata: np.ndarray | None,
    weights: np.ndarray | None,
    cluster: np.ndarray | None,
) -> str:
    if ties not in TIES:
        raise EstimationError(f"ties must be one of {', '.join(TIES)}, not {ties!r}")
    if ties == "exact_partial" and not (weights is None and cluster is None):
        raise EstimationError("ties exact_partial has no case weights and no robust variance")
    parts = ["Cox" if strata is None else "stratified Cox", TIES[ties]]
    if weights is not None:
        parts.append("case weights")
    if cluster is not None:
        parts.append("robust variance")
    return ", ".join(parts)


def _check_weights(weights: np.ndarray | None, size: int) -> np.ndarray | None:
    if weights is None:
        return None
    weights = np.asarray(weights, dtype=float)
    check_length("weights", weights, size)
    if weights.ndim != 1 or not np.isfinite(weights).all() or (weights < 0).any():
        raise EstimationError("weights must be finite and not negative, one a row")
    return weights


def _positions(time: np.ndarray, entry: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Return times as ranks from 1, and for each entry the rank of the last time up to it.

    Someone who enters at e is at risk at t > e: not at the ranks up to the returned one, which is
    0 where there is none.
    """
    grid, position = time_positions(time)
    if entry is None:
        return position + 1, None
    return position + 1, np.searchsorted(grid, entry, side="right")
