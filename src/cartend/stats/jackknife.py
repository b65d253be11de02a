"""The jackknife over groups of subjects, for statistics whose error has no formula at hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cartend.stats.results import Estimate, critical_value, not_estimable


def grouped_jackknife(
    statistic: Callable[[np.ndarray], float], size: int, *, groups: int = 20, level: float = 0.95
) -> Estimate:
    """Return a statistic with its jackknife error and normal limits.

    1. ``statistic`` takes the mask of the subjects to keep. Subject i belongs to group i mod
       ``groups``, so the data must not be ordered by a period of that number.
    2. Var = (G - 1)/G times the sum of squares of the G values without a group about their mean
       (Shao and Tu, The Jackknife and Bootstrap, 1995, section 2.3).

    Where a value without one group does not exist there are no limits, and a reason.
    """
    every = np.arange(size)
    value = statistic(np.ones(size, dtype=bool))
    if not np.isfinite(value):
        return Estimate.missing(not_estimable("the statistic does not exist for all subjects"))
    count = min(groups, size)
    left_out = np.array([statistic(every % count != g) for g in range(count)])
    if count < 3 or not np.isfinite(left_out).all():
        reason = not_estimable("the statistic does not exist without some of the subjects")
        return Estimate(value, lower_note=reason, upper_note=reason)
    spread = (count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()
    half = critical_value(level) * float(np.sqrt(spread))
    return Estimate(value, value - half, value + half, float(np.sqrt(spread)))
