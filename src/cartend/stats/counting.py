"""Counting tables: who is at risk, and what happens, at each distinct time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.results import EstimationError


@dataclass(frozen=True)
class CountingTable:
    """Counts at the T distinct exit times, for K + 1 states and G groups.

    time   (T,)         ascending
    n_risk (T, G)       exit >= t and, with delayed entry, entry < t
    count  (T, K+1, G)  subjects leaving at t, by state; state 0 is censoring
    """

    time: np.ndarray
    n_risk: np.ndarray
    count: np.ndarray


def counting_table(
    time: np.ndarray,
    state: np.ndarray,
    *,
    n_states: int,
    group: np.ndarray | None = None,
    n_groups: int = 1,
    entry: np.ndarray | None = None,
) -> CountingTable:
    """Count states by distinct time and group.

    1. Times become positions on an ascending grid (:func:`time_positions`).
    2. One ``np.bincount`` over (position, state, group) gives ``count``.
    3. ``n_risk`` is everyone of the group, less those who left before t; with delayed entry,
       those who entered before t, less those who left before t.  A subject censored on the day of
       an event is at risk for it, as in ``survival::survfit``.

    ``time``, ``entry`` as :func:`check_times` accepts them; ``state`` in 0..n_states-1 and
    ``group`` in 0..n_groups-1, all of one length.
    """
    grid, position = time_positions(time)
    cells = n_states * n_groups
    code = position if cells == 1 else position * cells
    if n_states > 1:
        code = code + (state * n_groups if n_groups > 1 else state)
    if n_groups > 1:
        code = code + group
    count = np.bincount(code, minlength=grid.size * cells).reshape(grid.size, n_states, n_groups)
    seen = count.any(axis=(1, 2))
    if not seen.all():
        grid, count = grid[seen], count[seen]
    leaving = count.sum(axis=1)
    left_before = np.cumsum(leaving, axis=0) - leaving
    if entry is None:
        n_risk = leaving.sum(axis=0) - left_before
    else:
        n_risk = _entered_before(grid, entry, group, n_groups) - left_before
    return CountingTable(grid, n_risk, count)


def time_positions(time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return an ascending grid of times and each subject's position on it.

    Whole numbers of a moderate range use the range itself as grid (it may hold times nobody
    has); anything else is sorted.  No two different times are ever merged: a float time that
    differs in its last bit is another time.
    """
    if time.size == 0:
        return np.empty(0), np.empty(0, dtype=np.int64)
    low, high = time.min(), time.max()
    if high - low <= 4 * time.size + 100_000:
        whole = time.astype(np.int64, copy=False)
        if time.dtype.kind in "iu" or (whole == time).all():
            first = int(low)
            return np.arange(first, int(high) + 1, dtype=float), whole - first
    return np.unique(time, return_inverse=True)


def _entered_before(
    grid: np.ndarray, entry: np.ndarray, group: np.ndarray | None, n_groups: int
) -> np.ndarray:
    members = [entry if group is None else entry[group == g] for g in range(n_groups)]
    columns = [np.searchsorted(np.sort(m), grid, side="left") for m in members]
    return np.stack(columns, axis=1)


def check_times(time: np.ndarray, entry: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Return times and entries as arrays, or say what is wrong with them."""
    time = _numeric("time", time)
    if time.size and time.min() < 0:
        raise EstimationError(f"time must not be negative; the smallest is {time.min()}")
    if entry is None:
        return time, None
    entry = _numeric("entry", entry)
    check_length("entry", entry, time.size)
    if np.any(entry >= time):
        worst = int(np.argmax(entry >= time))
        raise EstimationError(
            f"entry must be before time; subject {worst} enters at {entry[worst]} "
            f"and leaves at {time[worst]}"
        )
    return time, entry


def _numeric(name: str, values: np.ndarray) -> np.ndarray:
    values = np.asarray(values)
    if values.ndim != 1:
        raise EstimationError(f"{name} must be one-dimensional, not of shape {values.shape}")
    if values.dtype.kind not in "iuf":
        if values.size:
            raise EstimationError(f"{name} must be numeric, not {values.dtype}")
        return values.astype(float)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise EstimationError(f"{name} holds a missing or infinite value")
    return values


def check_length(name: str, values: np.ndarray, size: int) -> None:
    """Refuse an array that is not as long as ``time``."""
    if values.shape[:1] != (size,):
        raise EstimationError(f"{name} has {values.shape[0]} entries, time has {size}")


def check_states(name: str, values: np.ndarray, size: int, highest: int | None) -> np.ndarray:
    """Return states as non-negative whole numbers no larger than ``highest``."""
    values = np.asarray(values)
    if values.ndim != 1:
        raise EstimationError(f"{name} must be one-dimensional, not of shape {values.shape}")
    check_length(name, values, size)
    if values.dtype.kind == "b" or size == 0:
        return values.astype(np.int64)
    if values.dtype.kind == "f":
        if not np.isfinite(values).all() or not (values == np.floor(values)).all():
            raise EstimationError(f"{name} must hold whole numbers")
        values = values.astype(np.int64)
    if values.dtype.kind not in "iu":
        raise EstimationError(f"{name} must hold whole numbers, not {values.dtype}")
    if values.min() < 0 or (highest is not None and values.max() > highest):
        allowed = "0, 1, 2, ..." if highest is None else f"0 to {highest}"
        raise EstimationError(
            f"{name} must be {allowed}; it holds {values.min()} to {values.max()}"
        )
    return values


def group_codes(name: str, group: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the sorted labels of a grouping and each subject's position among them."""
    group = np.asarray(group)
    if group.ndim != 1:
        raise EstimationError(f"{name} must be one-dimensional, not of shape {group.shape}")
    check_length(name, group, size)
    if group.dtype.kind in "iu" and size and group.min() >= 0 and group.max() < 1000:
        present = np.flatnonzero(np.bincount(group))
        if np.array_equal(present, np.arange(present.size)):
            return present, group
        position = np.zeros(int(group.max()) + 1, dtype=np.int64)
        position[present] = np.arange(present.size)
        return present, position[group]
    labels, codes = np.unique(group, return_inverse=True)
    return labels, codes


def stratum_rows(strata: np.ndarray | None, size: int) -> list[slice | np.ndarray]:
    """Return one row selector a stratum, in the order of the sorted labels."""
    if strata is None:
        return [slice(None)]
    labels, codes = group_codes("strata", strata, size)
    if labels.size <= 1:
        return [slice(None)]
    order = np.argsort(codes, kind="stable")
    bounds = np.cumsum(np.bincount(codes, minlength=labels.size))[:-1]
    return np.split(order, bounds)
