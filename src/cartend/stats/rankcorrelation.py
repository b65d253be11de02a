"""Kendall's rank correlation of two times, censored or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.counting import check_length, check_states, check_times
from cartend.stats.results import Estimate, critical_value, not_estimable

PAIRS_A_BLOCK = 2_000_000


@dataclass(frozen=True)
class RankCorrelation:
    """Kendall's tau-b, and the pairs it rests on; ``unknown`` pairs are ordered by no one."""

    tau: Estimate
    concordant: int
    discordant: int
    tied_first: int
    tied_second: int
    unknown: int


def kendall_tau(
    first: np.ndarray,
    second: np.ndarray,
    *,
    first_event: np.ndarray | None = None,
    second_event: np.ndarray | None = None,
    level: float = 0.95,
) -> RankCorrelation:
    """Return Kendall's tau-b of two times, over the pairs of subjects that both times order.

    1. A time orders a pair where the smaller value is an event, or where one is an event and the
       other censored at the same value (the event is first); two events at one time are tied; any
       other pair is unknown and counted apart (Brown, Hollander and Korwar 1974; Oakes 1982).
    2. tau = (C - D)/sqrt((C + D + ties of the first only)(C + D + ties of the second only)).
    3. Its error by the jackknife over subjects; normal limits cut to [-1, 1].

    Without censoring ``cor(x, y, method="kendall")``.  NaN and a note where no pair is ordered.
    """
    z = critical_value(level)
    first, _ = check_times(first, None)
    second, _ = check_times(second, None)
    check_length("second", second, first.size)
    counts = _pair_counts(
        _order_signs(first, first_event, "first_event"),
        _order_signs(second, second_event, "second_event"),
        first.size,
    )
    total = counts.sum(axis=0) / 2
    concordant, discordant, tied_first, tied_second, unknown = (int(v) for v in total)
    pairs = (concordant, discordant, tied_first, tied_second, unknown)
    method = "Kendall's tau-b, jackknife error"
    value = _tau(total[None, :])[0]
    if np.isnan(value):
        return RankCorrelation(
            Estimate.missing(not_estimable("no pair that both times order"), method), *pairs
        )
    left_out = _tau(total[None, :] - counts)
    n = first.size
    if n < 3 or np.isnan(left_out).any():
        reason = not_estimable("too few pairs for an error")
        tau = Estimate(float(value), lower_note=reason, upper_note=reason, method=method)
        return RankCorrelation(tau, *pairs)
    se = float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))
    limits = max(value - z * se, -1.0), min(value + z * se, 1.0)
    return RankCorrelation(Estimate(float(value), *limits, se, method=method), *pairs)


def _tau(counts: np.ndarray) -> np.ndarray:
    """Return tau-b of rows of concordant, discordant, tied first, tied second pairs."""
    ordered = counts[:, 0] + counts[:, 1]
    scale = np.sqrt((ordered + counts[:, 2]) * (ordered + counts[:, 3]))
    return np.where(
        scale > 0, (counts[:, 0] - counts[:, 1]) / np.where(scale > 0, scale, 1), np.nan
    )


def _order_signs(time: np.ndarray, event: np.ndarray | None, name: str):
    """Return a function from rows to signs (rows, n): -1, 1, 0 tied, NaN unknown."""
    size = time.size
    event = np.ones(size, int) if event is None else check_states(name, event, size, 1)

    def signs(rows: slice) -> np.ndarray:
        own, own_event = time[rows, None], event[rows, None] == 1
        other_event = event[None, :] == 1
        same = own == time
        earlier = ((own < time) & own_event) | (same & own_event & ~other_event)
        later = ((own > time) & other_event) | (same & ~own_event & other_event)
        tied = same & own_event & other_event
        return np.where(earlier, -1.0, np.where(later, 1.0, np.where(tied, 0.0, np.nan)))

    return signs


def _pair_counts(first, second, size: int) -> np.ndarray:
    """Return for each subject its pairs (n, 5), in blocks of rows, so that memory stays small.

    The columns: concordant, discordant, tied in the first only, in the second only, unknown.
    """
    counts = np.zeros((size, 5))
    block = max(1, PAIRS_A_BLOCK // max(size, 1))
    for start in range(0, size, block):
        rows = slice(start, min(start + block, size))
        a, b = first(rows), second(rows)
        here = np.arange(rows.start, rows.stop)
        a[here - start, here] = np.nan
        product = a * b
        counts[rows, 0] = (product > 0).sum(axis=1)
        counts[rows, 1] = (product < 0).sum(axis=1)
        counts[rows, 2] = ((a == 0) & (b != 0) & ~np.isnan(b)).sum(axis=1)
        counts[rows, 3] = ((b == 0) & (a != 0) & ~np.isnan(a)).sum(axis=1)
        counts[rows, 4] = np.isnan(product).sum(axis=1) - 1
    return counts
