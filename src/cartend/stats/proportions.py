"""One proportion: exact, Wilson, mid-P and Wald intervals, and the exact one-sided test."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaincinv

from cartend.stats.results import (
    Estimate,
    EstimationError,
    critical_value,
    not_estimable,
)
from cartend.stats.roots import bisect


def clopper_pearson(x: int, n: int, level: float = 0.95) -> Estimate:
    """Return x/n with the exact two-sided interval.

    1. Lower: the alpha/2 quantile of Beta(x, n-x+1), exactly 0 where x = 0.
    2. Upper: the 1-alpha/2 quantile of Beta(x+1, n-x), exactly 1 where x = n.

    Clopper and Pearson, Biometrika 1934; ``binom.test(x, n, conf.level=level)$conf.int``.
    """
    x, n = _check_counts(x, n)
    critical_value(level)
    if n == 0:
        return Estimate.missing(not_estimable("no subjects"), "Clopper-Pearson")
    tail = (1 - level) / 2
    lower = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    upper = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail))
    return Estimate(x / n, lower, upper, method="Clopper-Pearson")


def exact_binomial_greater(x: int, n: int, p0: float) -> float:
    """Return P(X >= x) under p0, the exact test of p <= p0.

    ``binom.test(x, n, p0, alternative="greater")$p.value``.  It is at most alpha/2 exactly where
    the lower limit of :func:`clopper_pearson` is at least p0.  NaN without subjects.
    """
    x, n = _check_counts(x, n)
    if not 0 <= p0 <= 1:
        raise EstimationError(f"p0 must lie between 0 and 1, not {p0!r}")
    if n == 0:
        return np.nan
    return 1.0 if x == 0 else float(betainc(x, n - x + 1, p0))


def wilson(x: int, n: int, level: float = 0.95) -> Estimate:
    """Return x/n with the score interval (Wilson, JASA 1927).

    ``prop.test(x, n, correct=FALSE)$conf.int``.
    """
    x, n = _check_counts(x, n)
    z = critical_value(level)
    if n == 0:
        return Estimate.missing(not_estimable("no subjects"), "Wilson")
    lower, upper = wilson_limits(np.array([x]), np.array([n]), z)
    return Estimate(x / n, float(lower[0]), float(upper[0]), method="Wilson")


def wilson_limits(x: np.ndarray, n: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the score limits of each x of n (n > 0) at the normal quantile ``z``."""
    p = x / n
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return np.where(x == 0, 0.0, centre - half), np.where(x == n, 1.0, centre + half)


def wald(x: int, n: int, level: float = 0.95) -> Estimate:
    """Return x/n with the normal interval cut to [0, 1]; only to reproduce published results."""
    x, n = _check_counts(x, n)
    z = critical_value(level)
    if n == 0:
        return Estimate.missing(not_estimable("no subjects"), "Wald")
    p = x / n
    se = float(np.sqrt(p * (1 - p) / n))
    return Estimate(p, max(p - z * se, 0.0), min(p + z * se, 1.0), se, method="Wald")


def mid_p(x: int, n: int, level: float = 0.95) -> Estimate:
    """Return x/n with the mid-P interval (Lancaster, JASA 1961; Berry and Armitage 1995).

    The limits solve P(X > x) + P(X = x)/2 = alpha/2 and its mirror image, by bisection to the
    last bit.
    """
    x, n = _check_counts(x, n)
    critical_value(level)
    if n == 0:
        return Estimate.missing(not_estimable("no subjects"), "mid-P")
    tail = (1 - level) / 2
    lower = 0.0 if x == 0 else bisect(lambda p: _mid_tail(x, n, p) - tail, 0.0, x / n)
    upper = 1.0 if x == n else bisect(lambda p: _mid_tail(x, n, p) - (1 - tail), x / n, 1.0)
    return Estimate(x / n, lower, upper, method="mid-P")


def _mid_tail(x: int, n: int, p: float) -> float:
    at_least = 1.0 if x == 0 else float(betainc(x, n - x + 1, p))
    above = 0.0 if x == n else float(betainc(x + 1, n - x, p))
    return (at_least + above) / 2


def _check_counts(x: int, n: int) -> tuple[int, int]:
    if int(x) != x or int(n) != n or not 0 <= x <= n:
        raise EstimationError(f"x and n must be whole numbers with 0 <= x <= n, not {x!r}/{n!r}")
    return int(x), int(n)
