"""The two-stage adjustment of survival for crossover after progression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.aft import weibull_aft
from cartend.stats.counting import check_states, check_times
from cartend.stats.jackknife import grouped_jackknife
from cartend.stats.regression import cox
from cartend.stats.results import Estimate, not_estimable

GROUPS = 40
LEAST = 5


@dataclass(frozen=True)
class TwoStage:
    """The acceleration of survival after progression by the switch, and the ratio without it."""

    acceleration: float
    ratio: Estimate
    note: str = ""


def two_stage(
    time: np.ndarray,
    event: np.ndarray,
    treated: np.ndarray,
    progressed: np.ndarray,
    switched: np.ndarray,
    covariates: np.ndarray,
    *,
    horizon: np.ndarray | None = None,
    strata: np.ndarray | None = None,
    level: float = 0.95,
) -> TwoStage:
    """Return the hazard ratio had no control subject switched (Latimer et al., SMMR 2017).

    1. ``progressed`` (n,) and ``switched`` (n,) are the times of both, NaN for never; a switch
       counts from progression on.
    2. Controls who progressed, from progression on: a Weibull accelerated failure time model of
       the switch with ``covariates`` and the log time to progression, exp(coefficient) = AF. A
       covariate by which fewer than five of them differ is left out.
    3. A switched control's time after the switch is divided by AF. With ``horizon``, the time of
       each subject's latest possible censoring, every control with progression, switched or not,
       is censored again at progression + (horizon - progression)/AF where AF > 1.
    4. Cox of the arms on these times; the error by the jackknife over 40 groups, both stages
       repeated, on the log scale.
    """
    time, _ = check_times(time, None)
    event = check_states("event", event, time.size, 1)
    treated = check_states("treated", treated, time.size, 1)
    since, x = np.asarray(switched, dtype=float), np.asarray(covariates, dtype=float)
    start = np.asarray(progressed, dtype=float)
    stage = (treated == 0) & (start < time)
    moved = stage & (since < time) & (since >= start)
    if not moved.any() or moved[stage].all():
        why = "no control subject" if not moved.any() else "every control subject"
        note = not_estimable(f"{why} with progression switched")
        return TwoStage(np.nan, Estimate.missing(note), note)

    def acceleration(kept: np.ndarray) -> float:
        rows = stage & kept
        design = np.column_stack((moved[rows], x[rows], np.log(np.maximum(start[rows], 1))))
        design = design[:, np.r_[True, _told_apart(design[:, 1:])]]
        fit = weibull_aft((time - start)[rows], event[rows], design)
        return np.nan if fit.note else float(np.exp(fit.coef[1]))

    def log_ratio(kept: np.ndarray) -> float:
        factor = acceleration(kept)
        if not np.isfinite(factor):
            return np.nan
        latent, happened = without_switch(time, event, moved, since, factor)
        if horizon is not None and factor > 1:
            limit = np.where(stage, start + (horizon - start) / factor, np.inf)
            latent, happened = np.minimum(latent, limit), np.where(latent <= limit, happened, 0)
        cells = None if strata is None else strata[kept]
        return float(cox(latent[kept], happened[kept], treated[kept], strata=cells).coef[0])

    every = np.ones(time.size, dtype=bool)
    found = grouped_jackknife(log_ratio, time.size, groups=GROUPS, level=level)
    if found.note:
        return TwoStage(acceleration(every), found, found.note)
    values = np.exp([found.estimate, found.lower, found.upper])
    notes = {"lower_note": found.lower_note, "upper_note": found.upper_note}
    return TwoStage(acceleration(every), Estimate(*map(float, values), found.se, **notes))


def _told_apart(columns: np.ndarray) -> np.ndarray:
    """Return which covariates the model can use: at least five subjects differ from the mode."""
    return np.array(
        [x.size - np.unique(x, return_counts=True)[1].max() >= LEAST for x in columns.T]
    )


def without_switch(
    time: np.ndarray, event: np.ndarray, moved: np.ndarray, since: np.ndarray, factor: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return time and event had the moved not switched, survival after it divided by a factor."""
    at = np.where(moved, since, 0.0)
    return np.where(moved, at + (time - at) / factor, time), event
