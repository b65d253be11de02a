"""Two groups compared at a milestone or up to a restriction time: differences and ratios."""

from __future__ import annotations

import numpy as np
from scipy.special import erfc

from cartend.stats.results import (
    Estimate,
    EstimationError,
    PointEstimates,
    critical_value,
    not_estimable,
)
from cartend.stats.rmst import rmst
from cartend.stats.survival import KaplanMeier


def milestone_difference(
    first: PointEstimates, second: PointEstimates, *, limits: str = "wald", level: float = 0.95
) -> tuple[Estimate, ...]:
    """Return first - second at each of the common times, of survival or of incidence.

    ``first`` and ``second`` are read by :func:`cartend.stats.survival.survival_at` or
    :func:`cartend.stats.competing.incidence_at` at the same times.

    1. The difference; its variance is the sum of the two.
    2. ``limits="wald"``: difference -/+ z se, cut to [-1, 1].  ``limits="mover"``: from the limits
       l, u of each curve, d - sqrt((p1 - l1)^2 + (u2 - p2)^2) and d + sqrt((u1 - p1)^2 +
       (p2 - l2)^2) (Zou and Donner, Stat Med 2008), asymmetric as the curves' own limits are.
    3. The p-value is that of d/se.

    Not estimable where one curve is not; without limits where one has none, at 0 or 1: its error
    there is not 0.
    """
    if limits not in ("wald", "mover"):
        raise EstimationError(f'limits must be "wald" or "mover", not {limits!r}')
    if not np.array_equal(first.time, second.time):
        raise EstimationError("the two curves must be read at the same times")
    z = critical_value(level)
    method = f"difference of {first.method}, {_LIMITS[limits]}"
    return tuple(
        _one_difference(first, second, i, limits, z, method) for i in range(first.time.size)
    )


_LIMITS = {"wald": "normal limits", "mover": "MOVER limits"}


def _one_difference(
    first: PointEstimates, second: PointEstimates, i: int, limits: str, z: float, method: str
) -> Estimate:
    note = first.note[i] or second.note[i]
    if note:
        return Estimate.missing(note, method)
    p1, p2 = float(first.estimate[i]), float(second.estimate[i])
    d, se = p1 - p2, float(np.hypot(first.se[i], second.se[i]))
    reason = first.limit_note[i] or second.limit_note[i]
    if reason:
        return Estimate(d, lower_note=reason, upper_note=reason, method=method)
    lower, upper = max(d - z * se, -1.0), min(d + z * se, 1.0)
    if limits == "mover":
        lower = d - float(np.hypot(p1 - first.lower[i], second.upper[i] - p2))
        upper = d + float(np.hypot(first.upper[i] - p1, p2 - second.lower[i]))
    return Estimate(d, lower, upper, se, float(erfc(abs(d / se) / np.sqrt(2))), method=method)


def rmst_difference(
    first: KaplanMeier, second: KaplanMeier, tau: float, *, level: float = 0.95
) -> Estimate:
    """Return the restricted mean of the first curve less that of the second.

    Normal limits and p-value from the sum of the two variances of
    :func:`cartend.stats.rmst.rmst`; ``survRM2::rmst2`` (unadjusted).  Not estimable where one mean
    is not, or where neither group had an event before tau.
    """
    z = critical_value(level)
    method = "difference of restricted means, normal limits"
    one, other, note = _means(first, second, tau)
    if note:
        return Estimate.missing(note, method)
    d, se = one.estimate - other.estimate, float(np.hypot(one.se, other.se))
    if se == 0:
        return _without_error(d, method)
    p_value = float(erfc(abs(d / se) / np.sqrt(2)))
    return Estimate(d, d - z * se, d + z * se, se, p_value, method=method)


def rmst_ratio(
    first: KaplanMeier, second: KaplanMeier, tau: float, *, level: float = 0.95
) -> Estimate:
    """Return the restricted mean of the first curve over that of the second.

    Limits on the log scale, Var(log) = sum of (se/mean)^2; ``se`` is that of the logarithm.
    ``survRM2::rmst2`` (unadjusted).
    """
    z = critical_value(level)
    method = "ratio of restricted means, limits on the log scale"
    one, other, note = _means(first, second, tau)
    if note:
        return Estimate.missing(note, method)
    if one.estimate <= 0 or other.estimate <= 0:
        return Estimate.missing(not_estimable("a restricted mean of 0"), method)
    ratio = one.estimate / other.estimate
    se = float(np.hypot(one.se / one.estimate, other.se / other.estimate))
    if se == 0:
        return _without_error(ratio, method)
    p_value = float(erfc(abs(np.log(ratio) / se) / np.sqrt(2)))
    low, high = ratio * np.exp(-z * se), ratio * np.exp(z * se)
    return Estimate(ratio, float(low), float(high), se, p_value, method=method)


def _means(first: KaplanMeier, second: KaplanMeier, tau: float) -> tuple[Estimate, Estimate, str]:
    one, other = rmst(first, tau), rmst(second, tau)
    return one, other, one.note or other.note


def _without_error(value: float, method: str) -> Estimate:
    reason = not_estimable("no event before tau leaves an error")
    return Estimate(value, lower_note=reason, upper_note=reason, method=method)
