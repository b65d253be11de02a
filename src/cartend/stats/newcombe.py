"""The difference of two proportions by Newcombe's hybrid score interval, also stratified."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cartend.stats.differences import paired_strata
from cartend.stats.proportions import wilson_limits
from cartend.stats.results import Estimate, critical_value, not_estimable


def newcombe(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Return p1 - p2 with the hybrid score interval, over one or more strata.

    1. l, u of each arm: the Wilson limits; over strata their sums with the Mantel-Haenszel weights
       w = n1 n2/N (summing to 1), each taken at the narrower quantile
       z sqrt(sum w^2 V)/sum w sqrt V, V = p q/n, so that together they have the level.
    2. lower = D - z sqrt(a1 l1 (1-l1) + a2 u2 (1-u2)), upper = D + z sqrt(a1 u1 (1-u1) +
       a2 l2 (1-l2)), with D the weighted difference and a = sum w^2/n of the arm.

    One stratum: method 10 of Newcombe, Stat Med 1998.  Several: Yan and Su, Stat Biopharm Res
    2010, with the weights of PROC FREQ and of ``tern::prop_diff_strat_nc(weights_method="cmh")``.
    Strata with an empty arm are dropped and counted in ``note``; with several strata an arm whose
    strata all answered alike has no interval.
    """
    z = critical_value(level)
    x1, n1, x2, n2, note = paired_strata(x1, n1, x2, n2)
    method = f"difference, {'stratified ' if n1.size > 1 else ''}Newcombe"
    if n1.size == 0:
        return Estimate.missing(note, method)
    w = n1 * n2 / (n1 + n2)
    w = w / w.sum()
    estimate = float(w @ (x1 / n1 - x2 / n2))
    arms = [_arm_limits(x, n, w, z) for x, n in ((x1, n1), (x2, n2))]
    if None in arms:
        reason = not_estimable("all strata of an arm have no response or no other answer")
        return Estimate(estimate, note=note, lower_note=reason, upper_note=reason, method=method)
    (l1, u1), (l2, u2) = arms
    a1, a2 = (w**2 / n1).sum(), (w**2 / n2).sum()
    below = z * np.sqrt(a1 * l1 * (1 - l1) + a2 * u2 * (1 - u2))
    above = z * np.sqrt(a1 * u1 * (1 - u1) + a2 * l2 * (1 - l2))
    return Estimate(
        estimate, float(estimate - below), float(estimate + above), note=note, method=method
    )


def _arm_limits(
    x: np.ndarray, n: np.ndarray, w: np.ndarray, z: float
) -> tuple[float, float] | None:
    """Return the weighted Wilson limits of an arm, None where the quantile does not exist."""
    if n.size > 1:
        spread = w * np.sqrt(x * (n - x) / n**3)
        if spread.sum() == 0:
            return None
        z = z * np.sqrt((spread**2).sum()) / spread.sum()
    lower, upper = wilson_limits(x, n, z)
    return float(w @ lower), float(w @ upper)
