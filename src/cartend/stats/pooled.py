"""A benchmark from published single-arm rates: fixed and random effects on the logit scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, expit, logit

from cartend.stats.proportions import clopper_pearson
from cartend.stats.results import Estimate, EstimationError, critical_value, not_estimable


@dataclass(frozen=True)
class PooledRate:
    """A pooled rate, the exact interval of each trial, and how far the trials differ.

    ``tau2`` is the variance between trials on the logit scale, ``q`` Cochran's statistic on ``df``
    with ``q_p_value``, ``i2`` the share of the variation that is not chance; NaN with one trial.
    """

    pooled: Estimate
    each: tuple[Estimate, ...]
    tau2: float
    q: float
    df: int
    q_p_value: float
    i2: float
    method: str


def pooled_rate(
    x: ArrayLike, n: ArrayLike, *, effects: str = "random", level: float = 0.95
) -> PooledRate:
    """Pool x/n of several trials by inverse variance on the logit scale.

    1. y = log(x/(n-x)), v = 1/x + 1/(n-x); where x = 0 or x = n in any trial, 1/2 is added to
       both counts of that trial.
    2. ``fixed``: weights 1/v.  ``random``: weights 1/(v + tau2), tau2 = max(0, (Q - df)/(sum w -
       sum w^2/sum w)) of DerSimonian and Laird, Control Clin Trials 1986.
    3. Normal limits of the weighted mean, carried back to rates.
    4. Each trial keeps its own Clopper-Pearson interval.

    ``metafor::rma(measure="PLO", method="DL" or "FE")``.  Trials of no subjects are left out with a
    note; nothing left is NaN.
    """
    if effects not in ("fixed", "random"):
        raise EstimationError(f'effects must be "fixed" or "random", not {effects!r}')
    z = critical_value(level)
    x, n = (np.atleast_1d(np.asarray(v, dtype=float)) for v in (x, n))
    if x.shape != n.shape or x.ndim != 1:
        raise EstimationError("x and n must have one entry a trial each")
    each = tuple(clopper_pearson(a, b, level) for a, b in zip(x, n, strict=True))
    kind = "DerSimonian-Laird random effects" if effects == "random" else "fixed effect"
    method = f"inverse variance on the logit scale, {kind}"
    used = n > 0
    if not used.any():
        none = Estimate.missing(not_estimable("no trial with subjects"), method)
        return PooledRate(none, each, np.nan, np.nan, 0, np.nan, np.nan, method)
    y, v = _logits(x[used], n[used])
    q, df, between = _heterogeneity(y, v)
    tau2 = between if effects == "random" and df else 0.0
    weight = 1 / (v + tau2)
    centre, se = float(weight @ y / weight.sum()), float(1 / np.sqrt(weight.sum()))
    left = used.size - int(used.sum())
    note = f"{left} of {used.size} trials left out: no subjects" if left else ""
    pooled = Estimate(
        *(float(expit(value)) for value in (centre, centre - z * se, centre + z * se)),
        se=se,
        note=note,
        method=method,
    )
    if df == 0:
        return PooledRate(pooled, each, np.nan, np.nan, 0, np.nan, np.nan, method)
    i2 = max(0.0, (q - df) / q) if q > 0 else 0.0
    return PooledRate(pooled, each, between, q, df, float(chdtrc(df, q)), i2, method)


def _logits(x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log odds and their variances, half a subject added where a count is 0."""
    more = np.where((x == 0) | (x == n), 0.5, 0.0)
    yes, no = x + more, n - x + more
    return logit(yes / (yes + no)), 1 / yes + 1 / no


def _heterogeneity(y: np.ndarray, v: np.ndarray) -> tuple[float, int, float]:
    """Return Cochran's Q, its degrees of freedom and the moment estimate of tau2."""
    w = 1 / v
    q = float(w @ (y - w @ y / w.sum()) ** 2)
    df = y.size - 1
    if df == 0:
        return q, 0, 0.0
    return q, df, max(0.0, (q - df) / float(w.sum() - (w**2).sum() / w.sum()))
