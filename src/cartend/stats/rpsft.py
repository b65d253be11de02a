"""Rank-preserving structural failure time models: survival had nobody crossed over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from cartend.stats.counting import check_length, check_states, check_times
from cartend.stats.logrank import logrank
from cartend.stats.regression import cox
from cartend.stats.results import critical_value, not_estimable

GRID = np.linspace(-3.0, 3.0, 121)  # acceleration from a twentieth to twenty-fold


@dataclass(frozen=True)
class Rpsft:
    """The acceleration exp(psi) with its test-based limits, and the hazard ratio without switch.

    ``psi`` is negative where treatment lengthens life. ``ratio_lower`` and ``ratio_upper`` keep
    the p-value of the comparison as randomised: log(ratio) -/+ z |log(ratio)|/|Z|.
    """

    psi: float
    lower: float
    upper: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    p_value: float
    note: str = ""


def untreated_times(
    time: np.ndarray,
    event: np.ndarray,
    exposed: np.ndarray,
    psi: float,
    horizon: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return time and event had nobody been treated, under psi.

    1. U = off + exp(psi) on, ``exposed`` (n,) the time on treatment.
    2. With ``horizon`` (n,), the time at which each subject would have been censored at the
       latest, U is censored again at min(horizon, exp(psi) horizon) whatever the treatment, so
       that censoring does not depend on it (Robins and Tsiatis 1991; White et al., Stat Med 1999).
    """
    factor = np.exp(psi)
    latent = time - exposed + factor * exposed
    if horizon is None:
        return latent, event
    limit = np.minimum(horizon, factor * horizon)
    return np.minimum(latent, limit), np.where(latent <= limit, event, 0)


def rpsft(
    time: np.ndarray,
    event: np.ndarray,
    treated: np.ndarray,
    exposed: np.ndarray,
    *,
    horizon: np.ndarray | None = None,
    strata: np.ndarray | None = None,
    level: float = 0.95,
) -> Rpsft:
    """Find the acceleration at which untreated survival does not differ between the arms.

    1. Z(psi): the log-rank Z of the untreated times of the two arms (:func:`untreated_times`),
       stratified as the analysis as randomised.
    2. psi where Z crosses 0, its limits where Z crosses -/+ z, on a grid of 0.05 refined linearly;
       with several crossings of 0 there is no point estimate and the note names them all, and the
       limits are the outermost crossings (D53; Robins and Tsiatis, Commun Stat Theory Methods
       1991). At psi = 0 the test is that of the trial, so the p-value is kept.
    3. Hazard ratio: Cox of the treated as observed against the untreated times of the control
       arm. Its naive limits would be too narrow; these are test-based from the Z as randomised.

    Equals the grid search of ``rpsftm`` with the log-rank test.
    """
    time, _ = check_times(time, None)
    event = check_states("event", event, time.size, 1)
    treated = check_states("treated", treated, time.size, 1)
    exposed = np.asarray(exposed, dtype=float)
    check_length("exposed", exposed, time.size)

    def z_at(psi: float) -> float:
        moved, happened = untreated_times(time, event, exposed, psi, horizon)
        return log_rank_z(moved, happened, treated, strata)

    scores = np.array([z_at(psi) for psi in GRID])
    z = critical_value(level)
    zeros, upper_z, lower_z = (_crossings(scores, target) for target in (0.0, z, -z))
    if not zeros.size:
        note = not_estimable("no acceleration between 1/20 and 20 balances the arms")
        return Rpsft(*[np.nan] * 7, note)
    low, high = _outermost(upper_z, lower_z)
    own = log_rank_z(time, event, treated, strata)
    p_value = float(erfc(abs(own) / np.sqrt(2)))
    if zeros.size > 1:
        named = ", ".join(f"{factor:.3g}" for factor in np.exp(zeros))
        note = not_estimable(f"{zeros.size} accelerations balance the arms: exp(psi) {named}")
        return Rpsft(np.nan, low, high, np.nan, np.nan, np.nan, p_value, note)
    psi = float(zeros[0])
    moved, happened = untreated_times(time, event, exposed, psi, horizon)
    arm = treated == 1
    fit = cox(np.where(arm, time, moved), np.where(arm, event, happened), treated, strata=strata)
    log_ratio = float(fit.coef[0])
    half = z * abs(log_ratio) / abs(own) if own else np.inf
    limits = (np.exp(log_ratio - half), np.exp(log_ratio + half)) if np.isfinite(half) else ()
    lower, upper = map(float, limits) if limits else (np.nan, np.nan)
    return Rpsft(psi, low, high, float(np.exp(log_ratio)), lower, upper, p_value, fit.note)


def log_rank_z(
    time: np.ndarray, event: np.ndarray, treated: np.ndarray, strata: np.ndarray | None
) -> float:
    """Return the signed root of the log-rank statistic: positive for more events when treated."""
    test = logrank(time, event, treated, strata=strata)
    if test.note or len(test.groups) != 2:
        return np.nan
    return float(np.sign(test.observed[1] - test.expected[1]) * np.sqrt(test.statistic))


def _crossings(scores: np.ndarray, target: float) -> np.ndarray:
    """Return every psi at which a score crosses a target, in order."""
    gap = scores - target
    known = np.isfinite(gap[:-1]) & np.isfinite(gap[1:])
    place = np.flatnonzero(known & ((gap[:-1] >= 0) != (gap[1:] >= 0)))
    share = gap[place] / (gap[place] - gap[place + 1])
    return GRID[place] + share * np.diff(GRID)[place]


def _outermost(upper: np.ndarray, lower: np.ndarray) -> tuple[float, float]:
    """Return the limits of psi: the outermost crossings of +z and -z, NaN on a side without any.

    Z falls as psi rises: +z bounds psi from below, -z from above.
    """
    if upper.size and lower.size:
        every = np.concatenate((upper, lower))
        return float(every.min()), float(every.max())
    low = float(upper.min()) if upper.size else np.nan
    return low, float(lower.max()) if lower.size else np.nan
