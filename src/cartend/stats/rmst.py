"""Restricted mean survival time."""

import numpy as np

from cartend.stats.curve import KaplanMeier
from cartend.stats.results import (
    Estimate,
    EstimationError,
    critical_value,
    not_estimable,
)

METHOD = "area under Kaplan-Meier, normal limits"


def rmst(curve: KaplanMeier, tau: float, *, beyond: str = "project") -> Estimate:
    """Return the area under S on [0, tau] with its standard error and normal limits.

    1. The area of the step function up to tau.
    2. A_j, the area on [t_j, tau], for every event time t_j <= tau.
    3. Var = sum of A_j^2 d_j/(n_j(n_j - d_j)), a term with n_j = d_j being zero (Irwin 1949;
       Klein and Moeschberger, Survival Analysis, 2003, section 4.5).
    4. Limits: estimate -/+ z se.

    Equals ``summary(survfit(...), rmean=tau)``.  A tau after a last observation that leaves S
    above 0 is not estimable; ``beyond="r"`` extends the last value, as R does.
    """
    if not tau > 0:
        raise EstimationError(f"tau must be positive, not {tau!r}")
    if beyond not in ("project", "r"):
        raise EstimationError(f'beyond must be "project" or "r", not {beyond!r}')
    if curve.n == 0:
        return Estimate.missing(not_estimable("no subjects"), METHOD)
    if beyond == "project" and tau > curve.time[-1] and curve.survival[-1] > 0:
        return Estimate.missing(not_estimable("tau is after the last observation"), METHOD)
    used = np.searchsorted(curve.time, tau, side="right")
    knots = np.concatenate(([0.0], curve.time[:used], [tau]))
    areas = np.concatenate(([1.0], curve.survival[:used])) * np.diff(knots)
    ahead = np.cumsum(areas[::-1])[::-1]
    n, d = curve.n_risk[:used].astype(float), curve.n_event[:used]
    inside = (d > 0) & (n > d)
    terms = ahead[1:][inside] ** 2 * d[inside] / (n[inside] * (n - d)[inside])
    estimate, se = float(ahead[0]), float(np.sqrt(terms.sum()))
    half = critical_value(curve.level) * se
    return Estimate(estimate, estimate - half, estimate + half, se, method=METHOD)
