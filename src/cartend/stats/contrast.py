"""The difference of two independent estimates, with normal limits."""

from __future__ import annotations

import numpy as np
from scipy.special import erfc

from cartend.stats.results import Estimate, critical_value


def difference(one: Estimate, other: Estimate, *, level: float = 0.95) -> Estimate:
    """Return one - other with se = root of the summed squares, normal limits and two-sided p.

    NaN with the reason of whichever estimate is missing; without a standard error (both curves
    flat) the limits and the p-value are missing.
    """
    note = one.note or other.note
    if note:
        return Estimate.missing(note)
    value, se = one.estimate - other.estimate, float(np.hypot(one.se, other.se))
    if not se > 0:
        flat = "not estimable: no variance at either estimate"
        return Estimate(value, lower_note=flat, upper_note=flat)
    half = critical_value(level) * se
    p_value = float(erfc(abs(value / se) / np.sqrt(2)))
    return Estimate(value, value - half, value + half, se, p_value)
