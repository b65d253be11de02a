"""Trial-level surrogacy: the effect on one endpoint regressed on that on another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from cartend.stats.results import Estimate, EstimationError, critical_value, not_estimable
from cartend.stats.roots import bisect


@dataclass(frozen=True)
class TrialRegression:
    """Intercept and slope with limits, R squared, and the surrogate threshold effect.

    ``threshold`` is the largest effect on the surrogate (log scale) at which the upper prediction
    limit of the effect on the true endpoint is 0; ``left_out`` R squared without each trial.
    """

    intercept: float
    slope: Estimate
    r_squared: Estimate
    threshold: Estimate
    left_out: np.ndarray


def trial_regression(
    surrogate: np.ndarray, true: np.ndarray, weights: np.ndarray, *, level: float = 0.95
) -> TrialRegression:
    """Regress the true log effects (k,) on those of the surrogate, one row a trial.

    1. Weighted least squares; weights scaled to mean 1. ``lm(true ~ surrogate, weights=w)``.
    2. R squared of it; limits by Fisher's z of its root, with k - 3 in the variance.
    3. Threshold: where fit + t se of prediction for a trial of mean weight is 0 (Burzykowski and
       Buyse, Pharm Stat 2006), sought from 3 units below the smallest effect to the largest.
    4. R squared again without each trial in turn.

    Raises :class:`EstimationError` with fewer than four trials, which no limit can be made of.
    """
    x, y, w = (np.asarray(v, dtype=float) for v in (surrogate, true, weights))
    if x.size < 4:
        raise EstimationError(f"{x.size} trials cannot support R squared; at least 4 are needed")
    if np.ptp(x) == 0:
        raise EstimationError("the effects on the surrogate do not differ")
    coef, covariance, sigma2, r2 = _fit(x, y, w)
    quantile = float(stdtrit(x.size - 2, 0.5 + level / 2))
    se = float(np.sqrt(covariance[1, 1]))
    slope = Estimate(float(coef[1]), coef[1] - quantile * se, coef[1] + quantile * se, se)

    def upper(effect: float) -> float:
        row = np.array([1.0, effect])
        return float(row @ coef + quantile * np.sqrt(row @ covariance @ row + sigma2))

    rest = [np.arange(x.size) != i for i in range(x.size)]
    left_out = np.array([_fit(x[k], y[k], w[k])[3] for k in rest])
    threshold = _threshold(upper, float(x.min()) - 3, float(x.max()))
    return TrialRegression(float(coef[0]), slope, _limits(r2, x.size, level), threshold, left_out)


def _fit(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> tuple:
    w = w / w.mean()
    design = np.column_stack((np.ones(x.size), x))
    inverse = np.linalg.pinv((design * w[:, None]).T @ design)
    coef = inverse @ ((design * w[:, None]).T @ y)
    residual = y - design @ coef
    sigma2 = float((w * residual**2).sum()) / max(x.size - 2, 1)
    mean = (w * y).sum() / w.sum()
    total = float((w * (y - mean) ** 2).sum())
    r2 = 1 - float((w * residual**2).sum()) / total if total > 0 else np.nan
    return coef, inverse * sigma2, sigma2, r2


def _limits(r2: float, trials: int, level: float) -> Estimate:
    z = np.arctanh(min(np.sqrt(max(r2, 0.0)), 1 - 1e-12))
    half = critical_value(level) / np.sqrt(trials - 3)
    low, high = np.tanh(max(z - half, 0.0)) ** 2, np.tanh(z + half) ** 2
    return Estimate(float(r2), float(low), float(high))


def _threshold(upper: object, low: float, high: float) -> Estimate:
    if upper(low) > 0:
        return Estimate.missing(not_estimable("no effect on the surrogate is large enough"))
    if upper(high) < 0:
        return Estimate.missing(not_estimable("every effect seen predicts a benefit"))
    return Estimate(bisect(lambda effect: upper(effect), low, high))
