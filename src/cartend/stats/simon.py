"""A rate after Simon's two-stage design: estimate, interval and test that know of the stop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc, gammaln

from cartend.stats.results import Estimate, EstimationError, critical_value
from cartend.stats.roots import bisect


@dataclass(frozen=True)
class TwoStageRate:
    """The unbiased estimate with its interval, the crude share beside it, the p-value of p <= p0.

    ``p_value`` is one-sided, NaN where no p0 was given.
    """

    estimate: Estimate
    crude: float
    p_value: float


def two_stage_rate(
    x: int,
    *,
    stage: int,
    r1: int,
    n1: int,
    n: int,
    p0: float = np.nan,
    level: float = 0.95,
) -> TwoStageRate:
    """Return the response rate of a trial that stops after n1 subjects with r1 responders or fewer.

    ``x`` responders in all, seen when the trial ended at ``stage`` 1 (x <= r1 of n1) or 2 (of n).

    1. Estimate: uniformly of minimum variance among the unbiased ones (Jung and Kim, Stat Med
       2004): x/n1 at stage 1; at stage 2 the mean of x1/n1 given x and x1 > r1.
    2. Outcomes are ordered by stage, then by x. P(at least as much) under p is the sum over
       x1 > r1 of P(x1) P(X2 >= x - x1) at stage 2, P(X1 >= x) at stage 1 (Koyama and Chen, Stat
       Med 2008): the p-value at p0.
    3. The limits have that tail and its mirror image equal to alpha/2, so a lower limit above p0
       is the same decision as a p-value below alpha/2.

    ``clinfun::twostage.inference``.  The Clopper-Pearson interval of x/n forgets that fewer
    responders would have stopped the trial.
    """
    critical_value(level)
    _check(x, stage, r1, n1, n)
    tail = (1 - level) / 2

    def at_least(p: float, least: int) -> float:
        return _at_least(p, least, stage, r1, n1, n)

    total = n1 if stage == 1 else n
    lower = 0.0 if x == 0 else bisect(lambda p: at_least(p, x) - tail, 0.0, 1.0)
    upper = 1.0
    if x < total:
        upper = bisect(lambda p: _above(p, x, stage, r1, n1, n) - (1 - tail), 0.0, 1.0)
    value = x / n1 if stage == 1 else _unbiased(x, r1, n1, n)
    method = f"Simon two-stage, stage {stage}, unbiased estimate, stagewise exact limits"
    p_value = np.nan if np.isnan(p0) else at_least(p0, x)
    return TwoStageRate(Estimate(value, lower, upper, method=method), x / total, p_value)


def _at_least(p: float, x: int, stage: int, r1: int, n1: int, n: int) -> float:
    """Return P(outcome as far along the order as ``x`` at ``stage``, or further)."""
    if stage == 1:
        return float(bdtrc(x - 1, n1, p)) if x else 1.0
    first = np.arange(r1 + 1, n1 + 1)
    rest = x - first
    second = np.where(rest > 0, bdtrc(np.clip(rest - 1, 0, n - n1), n - n1, p), 1.0)
    second = np.where(rest > n - n1, 0.0, second)
    return float(_probabilities(first, n1, p) @ second)


def _above(p: float, x: int, stage: int, r1: int, n1: int, n: int) -> float:
    """Return P(outcome further along the order); after r1 at stage 1 comes all of stage 2."""
    return _at_least(p, x + 1, stage, r1, n1, n)


def _probabilities(x: np.ndarray, n: int, p: float) -> np.ndarray:
    choose = np.exp(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1))
    return choose * p**x * (1 - p) ** (n - x)


def _unbiased(x: int, r1: int, n1: int, n: int) -> float:
    """Return sum C(n1-1, x1-1) C(n2, x-x1) / sum C(n1, x1) C(n2, x-x1) over x1 > r1."""
    n2 = n - n1
    first = np.arange(max(r1 + 1, x - n2), min(n1, x) + 1)
    ways = (
        gammaln(n1 + 1)
        - gammaln(first + 1)
        - gammaln(n1 - first + 1)
        - gammaln(x - first + 1)
        - gammaln(n2 - x + first + 1)
    )
    weight = np.exp(ways - ways.max())
    return float(weight @ first / weight.sum() / n1)


def _check(x: int, stage: int, r1: int, n1: int, n: int) -> None:
    if not 0 <= r1 < n1 < n:
        raise EstimationError(f"a two-stage design has 0 <= r1 < n1 < n, not {r1}, {n1}, {n}")
    if stage not in (1, 2):
        raise EstimationError(f"stage must be 1 or 2, not {stage!r}")
    low, high = (0, r1) if stage == 1 else (r1 + 1, n)
    if int(x) != x or not low <= x <= high:
        raise EstimationError(f"a trial that ends at stage {stage} has {low} to {high} responders")
