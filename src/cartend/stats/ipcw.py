"""Inverse probability of censoring weights: what remains when some censoring is informative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.counting import check_length, check_states, check_times
from cartend.stats.regression import cox
from cartend.stats.timedependent import cut_at_change
from cartend.stats.wald import CoxResult, check_covariates, no_result


@dataclass(frozen=True)
class WeightedRows:
    """Intervals (start, stop] of the subjects with a weight each; ``note`` where there is none."""

    subject: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    event: np.ndarray
    weight: np.ndarray
    note: str = ""


def censoring_weights(
    time: np.ndarray,
    event: np.ndarray,
    left: np.ndarray,
    covariates: np.ndarray,
    *,
    change: np.ndarray | None = None,
    strata: np.ndarray | None = None,
) -> WeightedRows:
    """Return follow-up weighted by the inverse probability of not having been censored.

    1. ``left`` (n,) is 1 where follow-up ends at ``time`` by the censoring that may be
       informative; its hazard is modelled by Cox (Breslow ties) on ``covariates`` (n, p), with
       ``change`` only from that day on (who has not changed cannot be censored this way), and with
       a baseline of its own in each of the ``strata``.
    2. K(t) = exp(-sum over censoring times c <= t of exp(x b) d(c)/S0(c)); the weight of the time
       after c is K0(c)/K(c), K0 the same without covariates (stabilised; Robins and Finkelstein,
       Biometrics 2000).
    3. Follow-up is cut at the censoring times; an event on the day of a censoring comes before it.

    Nobody censored this way gives weight 1 throughout.
    """
    time, _ = check_times(time, None)
    event = check_states("event", event, time.size, 1)
    left = check_states("left", left, time.size, 1)
    x = check_covariates(covariates, time.size)
    since = np.zeros(time.size) if change is None else np.asarray(change, dtype=float)
    check_length("change", since, time.size)
    since = np.where(np.isnan(since), np.inf, np.maximum(since, 0))
    cells = np.zeros(time.size, dtype=np.int64) if strata is None else np.asarray(strata)
    every = np.arange(time.size)
    if not left.any():
        return WeightedRows(every, np.zeros(time.size), time, event, np.ones(time.size))
    cut = cut_at_change(time, left, since)
    rows = cut.status == 1
    who, entry, stop = cut.subject[rows], cut.start[rows], cut.stop[rows]
    fit = cox(stop, left[who], x[who], entry=entry, strata=cells[who], ties="breslow")
    if np.isnan(fit.coef).all():
        return WeightedRows(every, np.zeros(time.size), time, event, np.ones(time.size), fit.note)
    risk = np.exp((x - x.mean(axis=0)) @ np.nan_to_num(fit.coef))
    grid = np.unique(time[left == 1])
    own = _log_kept(grid, time, since, left, risk, cells)
    plain = _log_kept(grid, time, since, left, np.ones(time.size), cells)
    return _cut_at_grid(grid, time, event, np.exp(plain - own))


def _log_kept(
    grid: np.ndarray,
    time: np.ndarray,
    since: np.ndarray,
    left: np.ndarray,
    risk: np.ndarray,
    cells: np.ndarray,
) -> np.ndarray:
    """Return log K of each subject after each time of the grid, (n, T)."""
    at_risk = (since[:, None] < grid) & (grid <= time[:, None])
    hazard = np.zeros((time.size, grid.size))
    for cell in np.unique(cells):
        mine = cells == cell
        events = np.array([((time == c) & (left == 1) & mine).sum() for c in grid])
        total = risk[mine] @ at_risk[mine]
        step = np.where(events > 0, events / np.where(total > 0, total, 1), 0.0)
        hazard[mine] = at_risk[mine] * risk[mine, None] * step
    return -np.cumsum(hazard, axis=1)


def _cut_at_grid(
    grid: np.ndarray, time: np.ndarray, event: np.ndarray, weight: np.ndarray
) -> WeightedRows:
    """Cut follow-up at the times of the grid; the weight holds after its time."""
    starts = np.concatenate(([0.0], grid))
    weights = np.column_stack((np.ones(time.size), weight))
    used = starts[None, :] < time[:, None]
    subject, place = np.nonzero(used)
    ends = np.concatenate((grid, [np.inf]))[place]
    stop = np.minimum(ends, time[subject])
    happened = event[subject] * (stop == time[subject])
    return WeightedRows(subject, starts[place], stop, happened, weights[subject, place])


def weighted_cox(rows: WeightedRows, covariates: np.ndarray, **options: object) -> CoxResult:
    """Fit Cox's model to weighted follow-up, with the robust variance of the subjects.

    ``covariates`` (n,) or (n, p) of the subjects; equals ``coxph(Surv(start, stop, event) ~ x,
    weights=w, cluster=id)``. The error does not count that the weights are estimated.
    """
    x = np.asarray(covariates, dtype=float)
    if rows.note:
        size = 1 if x.ndim == 1 else x.shape[1]
        names = tuple(f"x{i + 1}" for i in range(size))
        return no_result(names, f"no weights, {rows.note}", x.shape[0], "Cox")
    strata = options.pop("strata", None)
    cells = None if strata is None else np.asarray(strata)[rows.subject]
    return cox(
        rows.stop,
        rows.event,
        x[rows.subject],
        entry=rows.start,
        weights=rows.weight,
        cluster=rows.subject,
        strata=cells,
        **options,
    )
