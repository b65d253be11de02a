"""Counts of rare events over person-time: exact limits, rates, observed over expected."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainccinv, gammaincinv

from cartend.stats.results import Estimate, EstimationError, critical_value, not_estimable


def garwood(count: int, *, level: float = 0.95) -> Estimate:
    """Return a Poisson count with its exact limits.

    1. Lower: the alpha/2 quantile of Gamma(count), exactly 0 for no event.
    2. Upper: the 1 - alpha/2 quantile of Gamma(count + 1); for no event 3.69 at level 0.95.

    Garwood, Biometrika 1936; ``poisson.test(count)$conf.int``.
    """
    return _ratio(count, 1.0, level, "Poisson count, Garwood limits", "no person-time")


def poisson_rate(count: int, person_time: float, *, level: float = 0.95) -> Estimate:
    """Return events per unit of person-time with the limits of :func:`garwood`."""
    method = "events per person-time, Garwood limits"
    return _ratio(count, person_time, level, method, "no person-time")


def standardised_ratio(observed: int, expected: float, *, level: float = 0.95) -> Estimate:
    """Return observed over expected (SIR, SMR) with the limits of :func:`garwood`.

    ``expected`` is taken as known: reference rates times person-time.
    """
    method = "observed over expected, Garwood limits"
    return _ratio(observed, expected, level, method, "no events expected")


def upper_bound(count: int, person_time: float = 1.0, *, level: float = 0.95) -> float:
    """Return the one-sided exact upper bound of a rate; 3.00/person-time for none at 0.95."""
    return poisson_rate(count, person_time, level=1 - 2 * (1 - level)).upper


def _ratio(count: int, base: float, level: float, method: str, nothing: str) -> Estimate:
    if int(count) != count or count < 0:
        raise EstimationError(f"a count must be a whole number from 0, not {count!r}")
    if not (np.isfinite(base) and base >= 0):
        raise EstimationError(f"person-time or expected events must be 0 or more, not {base!r}")
    critical_value(level)
    if base == 0:
        return Estimate.missing(not_estimable(nothing), method)
    tail = (1 - level) / 2
    lower = 0.0 if count == 0 else float(gammaincinv(count, tail))
    upper = float(gammainccinv(count + 1, tail))
    return Estimate(count / base, lower / base, upper / base, method=method)
