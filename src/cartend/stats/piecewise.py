"""Cox's model with another hazard ratio in each interval of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cartend.stats.counting import check_length, check_states, check_times
from cartend.stats.regression import cox
from cartend.stats.results import EstimationError
from cartend.stats.wald import CoxResult, check_covariates


@dataclass(frozen=True)
class Episodes:
    """Rows (entry, time] that lie within one interval each; ``row`` is the subject's given row.

    ``interval`` counts from 0; ``event`` is 1 in the episode that ends with the event.
    """

    row: np.ndarray
    interval: np.ndarray
    entry: np.ndarray
    time: np.ndarray
    event: np.ndarray


def split_episodes(
    time: np.ndarray, event: np.ndarray, cuts: Sequence[float], *, entry: np.ndarray | None = None
) -> Episodes:
    """Cut each (entry, time] at ``cuts``: intervals (0, c1], (c1, c2], ..., (ck, infinity).

    ``survival::survSplit``.  Without ``entry`` everybody is at risk from before the first time, so
    a time of 0 stays in the first interval.  ``cuts`` ascending and above 0.
    """
    time, entry = check_times(time, entry)
    event = check_states("event", event, time.size, 1)
    bounds = np.array([-np.inf, *cuts, np.inf], dtype=float)
    if not (np.diff(bounds) > 0).all() or (bounds[1] <= 0):
        raise EstimationError(f"cuts must ascend from above 0, not {list(cuts)}")
    start = np.full(time.size, -1.0) if entry is None else entry.astype(float)
    first = np.searchsorted(bounds[1:], start, side="right")
    last = np.searchsorted(bounds[1:-1], time, side="left")
    pieces = last - first + 1
    row = np.repeat(np.arange(time.size), pieces)
    begins = np.repeat(np.cumsum(pieces) - pieces, pieces)
    interval = np.repeat(first, pieces) + np.arange(row.size) - begins
    return Episodes(
        row=row,
        interval=interval,
        entry=np.maximum(start[row], bounds[interval]),
        time=np.minimum(time[row], bounds[interval + 1]),
        event=np.where(interval == last[row], event[row], 0),
    )


def piecewise_cox(
    time: np.ndarray,
    event: np.ndarray,
    covariates: np.ndarray,
    cuts: Sequence[float],
    *,
    strata: np.ndarray | None = None,
    ties: str = "efron",
    entry: np.ndarray | None = None,
    level: float = 0.95,
    names: Sequence[str] | None = None,
) -> tuple[CoxResult, ...]:
    """Fit Cox's model within each interval (0, c1], (c1, c2], ..., (ck, infinity).

    1. Rows are cut at ``cuts`` (:func:`split_episodes`).
    2. The partial likelihood of a model with an interaction of all covariates and the intervals is
       the product over the intervals, so each is fitted alone.

    Equals ``coxph`` on ``survSplit`` data with covariates by interval.  A ratio after the first
    interval is among those still at risk, so it is no effect on all who were randomised.
    """
    x = check_covariates(covariates, np.asarray(time).size)
    if strata is not None:
        strata = np.asarray(strata)
        check_length("strata", strata, x.shape[0])
    rows = split_episodes(time, event, cuts, entry=entry)
    ends = [0.0, *cuts, np.inf]
    fits = []
    for i in range(len(ends) - 1):
        own = rows.interval == i
        at = rows.row[own]
        # without delayed entry a common start is none: shifting keeps it below a time of 0
        begin = rows.entry[own] if i or entry is not None else None
        fit = cox(
            rows.time[own],
            rows.event[own],
            x[at],
            strata=None if strata is None else strata[at],
            ties=ties,
            entry=begin,
            level=level,
            names=names,
        )
        fits.append(replace(fit, method=f"{fit.method}, {ends[i]:g} < t <= {ends[i + 1]:g}"))
    return tuple(fits)
