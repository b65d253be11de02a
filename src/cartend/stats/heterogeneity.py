"""Do the groups of a trial differ: equal proportions, equal log ratios. For description only."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from cartend.stats.results import EstimationError, TestResult, not_estimable


def equal_proportions(x: ArrayLike, n: ArrayLike) -> TestResult:
    """Return Pearson's chi-square test that the groups have one proportion.

    sum (x - n p)^2 / (n p (1 - p)) with p the pooled proportion, on groups - 1 degrees of freedom
    (Pearson 1900).  ``prop.test(x, n, correct=FALSE)``.  Groups without subjects are left out.
    """
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    if x.shape != n.shape or (x < 0).any() or (x > n).any():
        raise EstimationError("x and n must be of one length with 0 <= x <= n")
    x, n = x[n > 0], n[n > 0]
    pooled = x.sum() / n.sum() if n.size else np.nan
    if n.size < 2 or not 0 < pooled < 1:
        return TestResult(np.nan, 0, np.nan, note=not_estimable("no two groups that could differ"))
    statistic = float(((x - n * pooled) ** 2 / (n * pooled * (1 - pooled))).sum())
    return TestResult(statistic, n.size - 1, float(chdtrc(n.size - 1, statistic)))


def equal_ratios(log_ratio: ArrayLike, se: ArrayLike) -> TestResult:
    """Return Cochran's Q that the groups have one log ratio: the test of interaction.

    Q = sum w (b - sum w b / sum w)^2 with w = 1/se^2, on groups - 1 degrees of freedom (Cochran,
    Biometrics 1954).  ``Q`` of ``metafor::rma(b, sei=se, method="FE")``.  Groups without an
    estimate are left out.
    """
    b, se = np.asarray(log_ratio, dtype=float), np.asarray(se, dtype=float)
    known = np.isfinite(b) & np.isfinite(se) & (se > 0)
    b, weight = b[known], 1 / se[known] ** 2
    if b.size < 2:
        return TestResult(np.nan, 0, np.nan, note=not_estimable("fewer than two groups estimated"))
    statistic = float((weight * (b - (weight * b).sum() / weight.sum()) ** 2).sum())
    return TestResult(statistic, b.size - 1, float(chdtrc(b.size - 1, statistic)))
