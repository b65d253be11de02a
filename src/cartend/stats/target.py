"""One rate against a target: the decision, its grid of targets, and what would turn it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaincinv

from cartend.stats.proportions import clopper_pearson
from cartend.stats.results import Estimate, EstimationError, not_estimable


@dataclass(frozen=True)
class TargetTest:
    """A rate with its exact interval, the one-sided p-value of p <= p0, and whether it is met.

    ``met`` is None without subjects.  The interval has level 1 - 2 alpha, so that ``met`` is
    equivalent to a lower limit above p0.
    """

    estimate: Estimate
    p0: float
    alpha: float
    p_value: float
    met: bool | None
    method: str
    note: str


def target_test(x: int, n: int, p0: float, *, alpha: float = 0.025) -> TargetTest:
    """Test that a rate exceeds p0 by the exact binomial test, one-sided at ``alpha``.

    1. P(X >= x) under p0; the target is met where it is below alpha.
    2. The Clopper-Pearson interval of level 1 - 2 alpha: its lower limit is above p0 exactly where
       the target is met, so interval and decision cannot disagree.

    ``binom.test(x, n, p0, alternative="greater")``.
    """
    _check(p0, alpha)
    estimate = clopper_pearson(x, n, 1 - 2 * alpha)
    method = f"exact binomial, one-sided at {alpha:g}"
    if n == 0:
        note = not_estimable("no subjects")
        return TargetTest(estimate, p0, alpha, np.nan, None, method, note)
    p_value = float(target_p_values(np.array([x]), np.array([n]), np.array([p0]))[0])
    return TargetTest(estimate, p0, alpha, p_value, p_value < alpha, method, "")


def target_p_values(x: np.ndarray, n: np.ndarray, p0: np.ndarray) -> np.ndarray:
    """Return P(X >= x) under p0 for arrays that broadcast together; NaN where n = 0."""
    x, n, p0 = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (x, n, p0)))
    if (x < 0).any() or (x > n).any() or (x % 1 != 0).any() or (n % 1 != 0).any():
        raise EstimationError("x and n must be whole numbers with 0 <= x <= n")
    if (p0 < 0).any() or (p0 > 1).any():
        raise EstimationError("p0 must lie between 0 and 1")
    inside = (x > 0) & (n > 0)
    tail = betainc(np.where(inside, x, 1.0), np.where(inside, n - x + 1, 1.0), p0)
    return np.where(n == 0, np.nan, np.where(inside, tail, 1.0))


def highest_target_met(x: np.ndarray, n: np.ndarray, *, alpha: float = 0.025) -> np.ndarray:
    """Return the target below which every p0 is met: the exact lower limit, NaN where n = 0."""
    _check(0.5, alpha)
    x, n = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(n, dtype=float))
    inside = (x > 0) & (n > 0)
    limit = betaincinv(np.where(inside, x, 1.0), np.where(inside, n - x + 1, 1.0), alpha)
    return np.where(n == 0, np.nan, np.where(inside, limit, 0.0))


def fewest_responders(n: np.ndarray, p0: np.ndarray, *, alpha: float = 0.025) -> np.ndarray:
    """Return the smallest x of n that meets the target p0; -1 where not even n does.

    1. The binomial quantile by bisection on x, all entries at once: P(X >= x) falls with x.
    """
    _check(0.5, alpha)
    n, p0 = np.broadcast_arrays(np.asarray(n, dtype=float), np.asarray(p0, dtype=float))
    low, high = np.zeros(n.shape), n + 1.0  # p(low) >= alpha; n + 1 stands for none
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        met = target_p_values(np.minimum(middle, n), n, p0) < alpha
        apart = high - low > 1
        high = np.where(apart & met, middle, high)
        low = np.where(apart & ~met, middle, low)
    return np.where((n == 0) | (high > n), -1, high).astype(np.int64)


def responders_to_lose(x: np.ndarray, n: np.ndarray, p0: np.ndarray, *, alpha: float = 0.025):
    """Return how many responders may turn out to be none before the target is missed.

    The tipping value x - x_min; negative: so many more would have been needed.  Where even n of n
    would miss the target it is x - n - 1.
    """
    least = fewest_responders(n, p0, alpha=alpha)
    return np.asarray(x) - np.where(least < 0, np.asarray(n) + 1, least)


def _check(p0: float, alpha: float) -> None:
    if not 0 <= p0 <= 1:
        raise EstimationError(f"p0 must lie between 0 and 1, not {p0!r}")
    if not 0 < alpha < 0.5:
        raise EstimationError(f"alpha must lie between 0 and 0.5, not {alpha!r}")
