"""Pointwise limits of a probability on a transformed scale."""

from __future__ import annotations

import numpy as np

from cartend.stats.results import EstimationError, critical_value


def transformed_limits(
    probability: np.ndarray, std_err: np.ndarray, *, conf_type: str, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of ``probability`` (shape kept) on one of five scales.

    With p the estimate, s its standard error, z the normal quantile (Kalbfleisch and Prentice,
    The Statistical Analysis of Failure Time Data, 2002, section 1.4; Borgan and Liestoel, Scand J
    Stat 1990):

    1. ``plain``: p -/+ z s, cut to [0, 1].
    2. ``log``: p exp(-/+ z s/p), cut at 1.
    3. ``log-log``: exp(-exp(log(-log p) -/+ z s/(p log p))).
    4. ``logit``: expit(log(p/(1-p)) -/+ z s/(p(1-p))).
    5. ``arcsin``: sin(asin(sqrt p) -/+ z s/(2 sqrt(p(1-p))))^2, the angle cut to [0, pi/2].

    NaN where the transform does not exist (p = 0, and p = 1 for the last three), as in
    ``survival::survfit`` 3.5-3.
    """
    if conf_type not in _TRANSFORMS:
        known = ", ".join(_TRANSFORMS)
        raise EstimationError(f"conf_type must be one of {known}, not {conf_type!r}")
    z = critical_value(level)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        lower, upper = _TRANSFORMS[conf_type](probability, z * std_err)
    return lower, upper


def _plain(p: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.maximum(p - half, 0.0), np.minimum(p + half, 1.0)


def _log(p: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p = np.where(p > 0, p, np.nan)
    return p * np.exp(-half / p), np.minimum(p * np.exp(half / p), 1.0)


def _interior(p: np.ndarray) -> np.ndarray:
    return np.where((p > 0) & (p < 1), p, np.nan)


def _log_log(p: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p = _interior(p)
    log_p = np.log(p)
    shift = np.exp(half / (p * log_p))  # below one: log p is negative
    return np.exp(log_p / shift), np.exp(log_p * shift)


def _logit(p: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p = _interior(p)
    odds, shift = p / (1 - p), np.exp(half / (p * (1 - p)))
    return 1 - 1 / (1 + odds / shift), 1 - 1 / (1 + odds * shift)


def _arcsin(p: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p = _interior(p)
    angle, shift = np.arcsin(np.sqrt(p)), half / (2 * np.sqrt(p * (1 - p)))
    lower = np.sin(np.maximum(angle - shift, 0.0)) ** 2
    return lower, np.sin(np.minimum(angle + shift, np.pi / 2)) ** 2


_TRANSFORMS = {
    "plain": _plain,
    "log": _log,
    "log-log": _log_log,
    "logit": _logit,
    "arcsin": _arcsin,
}
