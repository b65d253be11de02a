"""Quantiles of a survival curve with Brookmeyer-Crowley limits."""

import numpy as np

from cartend.stats.curve import KaplanMeier
from cartend.stats.results import NOT_REACHED, Estimate, EstimationError, not_estimable

TOLERANCE = 1.5e-8  # R's sqrt(.Machine$double.eps), as quantile.survfit compares


def survival_quantile(curve: KaplanMeier, prob: float, *, rule: str = "sas") -> Estimate:
    """Return the time by which a share ``prob`` has had the event.

    1. The quantile is the first t with 1 - S(t) >= prob, compared with a tolerance of 1.5e-8: a
       product of fractions is rarely an exact half.
    2. Where S stays at 1 - prob from one event to the next, it is the middle of that plateau.
    3. Where that plateau lasts to the end of follow-up, ``rule="sas"`` says not reached (PROC
       LIFETEST); ``rule="r"`` takes the middle of its start and the last time, as
       ``quantile(survfit(...))``.
    4. Limits: the same on the lower and the upper limit of S (Brookmeyer and Crowley, Biometrics
       1982), so they follow the scale of the curve.  A band that is not monotone is read at its
       first crossing; R sorts it first, and so does ``rule="r"``.

    Not reached is NaN with the note ``not reached``, for the estimate and for each limit.
    """
    if not 0 < prob < 1:
        raise EstimationError(f"prob must lie between 0 and 1, not {prob!r}")
    if rule not in _RULES:
        raise EstimationError(f'rule must be "sas" or "r", not {rule!r}')
    method = (
        f"Kaplan-Meier quantile, {_RULES[rule]}, Brookmeyer-Crowley on {curve.conf_type} limits"
    )
    if curve.n == 0:
        return Estimate.missing(not_estimable("no subjects"), method)
    crossing = _crossing_sas if rule == "sas" else _crossing_r
    times = np.concatenate(([0.0], curve.time))
    values = [
        crossing(times, np.concatenate(([0.0], 1 - band)), prob)
        for band in (curve.survival, curve.lower, curve.upper)
    ]
    notes = [NOT_REACHED if np.isnan(v) else "" for v in values]
    return Estimate(*values, note=notes[0], lower_note=notes[1], upper_note=notes[2], method=method)


_RULES = {"sas": "PROC LIFETEST's rule", "r": "quantile.survfit's rule"}


def _crossing_sas(x: np.ndarray, y: np.ndarray, prob: float) -> float:
    reached = np.flatnonzero(y >= prob - TOLERANCE)
    passed = np.flatnonzero(y >= prob + TOLERANCE)
    if reached.size == 0 or (passed.size == 0):
        return np.nan
    return float((x[reached[0]] + x[passed[0]]) / 2)


def _crossing_r(x: np.ndarray, y: np.ndarray, prob: float) -> float:
    last = x[-1]
    _, first = np.unique(y, return_index=True)  # NaN counts once, at the end
    first.sort()
    x, y = x[first], y[first]
    y_last = y[-1]
    known = ~np.isnan(y)
    x, y = x[known], y[known]
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    start, end = np.searchsorted(y, [prob - TOLERANCE, prob + TOLERANCE], side="left")
    if start == y.size:
        return np.nan
    if abs(prob - y_last) < TOLERANCE:
        return float((x[start] + last) / 2)
    return float((x[start] + x[end]) / 2) if end < y.size else np.nan
