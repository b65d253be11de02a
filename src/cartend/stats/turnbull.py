"""The survival curve of interval-censored times: Turnbull's nonparametric maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.results import EstimationError, not_estimable

ENOUGH = 1e-9  # how far the gradient may exceed its bound at the maximum
MOST = 20_000


@dataclass(frozen=True)
class Turnbull:
    """The mass of each support interval (left, right]; an exact time has left = right.

    Only what lies between the support intervals is determined. ``gap`` is how far the gradient
    exceeds its bound, 0 at the maximum.
    """

    left: np.ndarray
    right: np.ndarray
    mass: np.ndarray
    iterations: int
    gap: float
    note: str = ""

    def bounds(self, time: float) -> tuple[float, float]:
        """Return the least and the largest S(time) that the masses allow; equal outside support."""
        upper = float(self.mass[self.right > time].sum())
        inside = (self.left >= time) & (self.right > time)
        return float(self.mass[inside].sum()), upper


def turnbull(left: np.ndarray, right: np.ndarray) -> Turnbull:
    """Estimate the distribution of times known to lie in (left, right].

    1. Support: the intervals from a left to the next right end with no other end between (Peto,
       J R Stat Soc C 1973; Turnbull, J R Stat Soc B 1976).
    2. Self-consistency steps p_j <- mean of a_ij p_j / sum_k a_ik p_k (EM), two at a time with the
       extrapolation of Varadhan and Roland (Scand J Stat 2008) where it does not lower the
       likelihood.
    3. Until the gradient, mean of a_ij / sum_k a_ik p_k, is at most 1 + 1e-9 everywhere: the
       condition of Kuhn and Tucker, by which the maximum is known and not only approached.

    ``right`` is infinite for a right-censored time, equal to ``left`` for an exact one. Equals
    ``survfit(Surv(left, right, type="interval2") ~ 1)`` between the support intervals.
    """
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if left.shape != right.shape or left.ndim != 1 or np.isnan(left).any() or np.isnan(right).any():
        raise EstimationError("left and right must be known and of one length")
    if (left > right).any():
        raise EstimationError("left must not be after right")
    if not left.size:
        nothing = np.empty(0)
        return Turnbull(nothing, nothing, nothing, 0, np.nan, not_estimable("no subjects"))
    start, end = _keys(left, right)
    low, high = _support(start, end)
    holds = (start[:, None] <= low[None, :]) & (high[None, :] <= end[:, None])
    patterns, counts = np.unique(holds, axis=0, return_counts=True)
    mass, iterations, gap = _maximise(patterns.astype(float), counts / left.size)
    values = np.unique(np.concatenate((left, right)))
    ends = (values[(low // 3).astype(int)], values[(high // 3).astype(int)])
    note = "" if gap <= ENOUGH else not_estimable("the iterations did not converge")
    return Turnbull(*ends, mass, iterations, gap, note)


def _keys(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends as whole numbers in their order.

    At one time: the left end of an exact time, then right ends, then open left ends.
    """
    values = np.unique(np.concatenate((left, right)))
    exact = left == right
    start = np.searchsorted(values, left) * 3 + np.where(exact, 0, 2)
    return start, np.searchsorted(values, right) * 3 + 1


def _support(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    keys = np.unique(np.concatenate((start, end)))
    is_end = keys % 3 == 1
    first = np.flatnonzero(~is_end[:-1] & is_end[1:])
    return keys[first], keys[first + 1]


def _maximise(holds: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, int, float]:
    """Return masses, iterations and the gap of the gradient."""
    mass = np.full(holds.shape[1], 1 / holds.shape[1])
    gap, done = np.inf, 0
    while done < MOST:
        gradient = _gradient(holds, share, mass)
        gap = float(gradient.max() - 1)
        if gap <= ENOUGH:
            break
        mass, done = _step(holds, share, mass), done + 1
    return mass, done, max(gap, 0.0)


def _gradient(holds: np.ndarray, share: np.ndarray, mass: np.ndarray) -> np.ndarray:
    return (share / (holds @ mass)) @ holds


def _step(holds: np.ndarray, share: np.ndarray, mass: np.ndarray) -> np.ndarray:
    """Return the masses after two steps of EM and, where it helps, their extrapolation."""
    one = mass * _gradient(holds, share, mass)
    two = one * _gradient(holds, share, one)
    change, bend = one - mass, two - 2 * one + mass
    size = float(np.sqrt((bend**2).sum()))
    if size == 0:
        return two
    length = -max(1.0, float(np.sqrt((change**2).sum())) / size)
    ahead = np.maximum(mass - 2 * length * change + length**2 * bend, 0)
    total = ahead.sum()
    if not total > 0 or not (holds @ ahead > 0).all():
        return two
    ahead = ahead / total
    ahead = np.maximum(ahead * _gradient(holds, share, ahead), 1e-300)
    better = share @ np.log(holds @ ahead) >= share @ np.log(holds @ two)
    return ahead / ahead.sum() if better else two
