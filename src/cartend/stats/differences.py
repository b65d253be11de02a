"""Two proportions, also stratified: score difference, Mantel-Haenszel test and odds ratio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from cartend.stats.results import (
    Estimate,
    EstimationError,
    TestResult,
    critical_value,
    not_estimable,
)
from cartend.stats.roots import bisect


def miettinen_nurminen(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    weights: str = "MH",
    level: float = 0.95,
) -> Estimate:
    """Return p1 - p2 with the score interval, over one or more strata.

    1. Under a difference D the proportions of a stratum are those of greatest likelihood, the
       closed form of the cubic in Miettinen and Nurminen, Stat Med 1985 (appendix).
    2. V = (p1 q1/n1 + p2 q2/n2) N/(N-1) at these proportions.
    3. The limits solve (sum w (d - D))^2 = z^2 sum w^2 V, w summing to one; the p-value is the
       same test at D = 0.
    4. Weights: ``MH``, n1 n2/N, also of the estimate; ``MN``, the iterated weights of the paper,
       which depend on D (the estimate keeps the MH weights).

    Counts are scalars or one entry per stratum.  A stratum with an empty arm is dropped and
    counted in ``note``; nothing left gives NaN.  ``ratesci::scoreci`` with skew=FALSE.
    """
    if weights not in ("MH", "MN"):
        raise EstimationError(f'weights must be "MH" or "MN", not {weights!r}')
    z2 = critical_value(level) ** 2
    x1, n1, x2, n2, note = paired_strata(x1, n1, x2, n2)
    method = "difference, Miettinen-Nurminen"
    if n1.size > 1:
        method = f"difference, stratified Miettinen-Nurminen, {weights} weights"
    if n1.size == 0:
        return Estimate.missing(note, method)
    w = n1 * n2 / (n1 + n2)
    estimate = float(w @ (x1 / n1 - x2 / n2) / w.sum())

    def excess(delta: float) -> float:
        gap, spread = _gap_and_spread(delta, x1, n1, x2, n2, weights)
        return gap**2 - z2 * spread

    gap, spread = _gap_and_spread(0.0, x1, n1, x2, n2, weights)
    chi_square = 0.0 if gap == 0 else gap**2 / spread if spread > 0 else np.inf
    return Estimate(
        estimate,
        _limit(excess, estimate, -1.0),
        _limit(excess, estimate, 1.0),
        p_value=float(chdtrc(1, chi_square)),
        note=note,
        method=method,
    )


def _limit(excess: Callable[[float], float], estimate: float, end: float) -> float:
    """Return where the test starts to reject between the estimate and ``end``, -1 or 1.

    At an estimate of 0/n against 0/n, or n/n against 0/n, the variance is zero too; only beside
    it does the test say anything, so the search starts a little off.
    """
    edge = end * (1 - 1e-9)
    inside = estimate + end * 1e-9
    if inside * end >= edge * end or excess(edge) < 0:
        return end
    if end > 0:
        return bisect(excess, inside, edge)
    return bisect(lambda delta: -excess(delta), edge, inside)


def _gap_and_spread(
    delta: float,
    x1: np.ndarray,
    n1: np.ndarray,
    x2: np.ndarray,
    n2: np.ndarray,
    weights: str,
) -> tuple[float, float]:
    """Return sum w (d - D) and sum w^2 V, the weights summing to one."""
    p1, p2 = constrained_proportions(delta, x1, n1, x2, n2)
    total = n1 + n2
    w = n1 * n2 / total
    if weights == "MN":
        w = _iterated_weights(p1, p2, n1, n2, w)
    w = w / w.sum()
    variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1)
    return float(w @ (x1 / n1 - x2 / n2) - delta), float(w**2 @ variance)


def constrained_proportions(
    delta: float, x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the likeliest (p1, p2) of each stratum given p1 - p2 = delta.

    p2 is the root of L3 p^3 + L2 p^2 + L1 p + L0 in its admissible range, by the trigonometric
    formula of Miettinen and Nurminen 1985.
    """
    total, events = n1 + n2, x1 + x2
    l3 = total
    l2 = (n1 + 2 * n2) * delta - total - events
    l1 = (n2 * delta - total - 2 * x2) * delta + events
    l0 = x2 * delta * (1 - delta)
    q = l2**3 / (3 * l3) ** 3 - l1 * l2 / (6 * l3**2) + l0 / (2 * l3)
    p = np.sqrt(np.maximum(l2**2 / (3 * l3) ** 2 - l1 / (3 * l3), 0.0))
    p = np.where(q >= 0, p, -p)
    cubed = np.where(p == 0, 1.0, p**3)
    angle = (np.pi + np.arccos(np.clip(np.where(p == 0, 0.0, q / cubed), -1, 1))) / 3
    p2 = 2 * p * np.cos(angle) - l2 / (3 * l3)
    p2 = np.clip(p2, max(0.0, -delta), min(1.0, 1.0 - delta))
    return np.clip(p2 + delta, 0.0, 1.0), p2


def _iterated_weights(
    p1: np.ndarray, p2: np.ndarray, n1: np.ndarray, n2: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Iterate w = 1/((R1(1-R1))/(R2(1-R2))/n1 + 1/n2), R the weighted means, to a fixed point."""
    w = start / start.sum()
    for _ in range(500):
        r1, r2 = w @ p1, w @ p2
        if min(r1 * (1 - r1), r2 * (1 - r2)) <= 0:
            break
        new = 1 / ((r1 * (1 - r1)) / (r2 * (1 - r2)) / n1 + 1 / n2)
        new = new / new.sum()
        done = np.max(np.abs(new - w)) < 1e-15
        w = new
        if done:
            break
    return w


def cmh(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, correction: bool = False
) -> TestResult:
    """Test a common odds ratio of 1 over strata (Mantel and Haenszel, JNCI 1959).

    chi2 = (|sum x1 - n1 m/N| - c)^2 / sum n1 n2 m (N-m)/(N^2 (N-1)), m the events of a stratum,
    c = 1/2 with ``correction`` and 0 without.  ``mantelhaen.test(..., correct=correction)``.
    Strata without a subject in one arm, or of one subject, are dropped; ``note`` says how many.
    """
    x1, n1, x2, n2, note = paired_strata(x1, n1, x2, n2)
    method = f"Cochran-Mantel-Haenszel, {'with' if correction else 'without'} correction"
    if n1.size == 0:
        return TestResult(np.nan, 0, np.nan, note=note, method=method)
    total, events = n1 + n2, x1 + x2
    observed, expected = x1.sum(), (n1 * events / total).sum()
    variance = (n1 * n2 * events * (total - events) / (total**2 * (total - 1))).sum()
    parts = {
        "observed": np.array([observed]),
        "expected": np.array([expected]),
        "variance": np.array([[variance]]),
        "method": method,
    }
    if variance <= 0:
        reason = not_estimable("all or none of the subjects have the event")
        return TestResult(np.nan, 1, np.nan, note=_join(note, reason), **parts)
    gap = abs(observed - expected)
    gap = max(gap - 0.5, 0.0) if correction else gap
    statistic = float(gap**2 / variance)
    return TestResult(statistic, 1, float(chdtrc(1, statistic)), note=note, **parts)


def mantel_haenszel_odds_ratio(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Return the common odds ratio with the limits of Robins, Breslow and Greenland.

    1. OR = sum(x1 y2/N) / sum(x2 y1/N), y the subjects without the event.
    2. Var(log OR): Robins, Breslow and Greenland, Biometrics 1986.
    3. Limits on the log scale.  ``mantelhaen.test(...)$estimate`` and ``$conf.int``; with one
       stratum it is the odds ratio with Woolf's variance.  ``se`` is that of the logarithm.
    """
    z = critical_value(level)
    x1, n1, x2, n2, note = paired_strata(x1, n1, x2, n2)
    method = "Mantel-Haenszel odds ratio, Robins-Breslow-Greenland limits"
    if n1.size == 0:
        return Estimate.missing(note, method)
    total, y1, y2 = n1 + n2, n1 - x1, n2 - x2
    r, s = x1 * y2 / total, x2 * y1 / total
    p, q = (x1 + y2) / total, (x2 + y1) / total
    if r.sum() == 0 or s.sum() == 0:
        reason = not_estimable("no discordant pair in one direction")
        return replace(Estimate.missing(reason, method), note=_join(note, reason))
    variance = (
        (p @ r) / (2 * r.sum() ** 2)
        + (p @ s + q @ r) / (2 * r.sum() * s.sum())
        + (q @ s) / (2 * s.sum() ** 2)
    )
    log_or, se = np.log(r.sum() / s.sum()), np.sqrt(variance)
    return Estimate(
        float(np.exp(log_or)),
        float(np.exp(log_or - z * se)),
        float(np.exp(log_or + z * se)),
        float(se),
        note=note,
        method=method,
    )


def _join(*notes: str) -> str:
    return "; ".join(n for n in notes if n)


def paired_strata(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, str]:
    """Return the strata with subjects in both arms, and a note on the others."""
    arrays = [np.atleast_1d(np.asarray(v, dtype=float)) for v in (x1, n1, x2, n2)]
    if len({a.shape for a in arrays}) != 1 or arrays[0].ndim != 1:
        raise EstimationError("x1, n1, x2 and n2 must have one entry per stratum each")
    x1, n1, x2, n2 = arrays
    for x, n in ((x1, n1), (x2, n2)):
        if not (np.isfinite(x).all() and np.isfinite(n).all() and (x % 1 == 0).all()):
            raise EstimationError("counts must be whole numbers")
        if (x < 0).any() or (x > n).any() or (n % 1 != 0).any():
            raise EstimationError("counts must satisfy 0 <= x <= n in every stratum")
    keep = (n1 > 0) & (n2 > 0)
    dropped = int((~keep).sum())
    if not keep.any():
        note = not_estimable("no stratum has subjects in both arms")
    else:
        note = f"{dropped} of {keep.size} strata dropped: no subjects in one arm" if dropped else ""
    return x1[keep], n1[keep], x2[keep], n2[keep], note
