"""Does the hazard ratio change in time: the score test of proportional hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from cartend.stats.coxfit import CoxRows, cox_rows, full_coefficients
from cartend.stats.coxsums import loglik_derivatives
from cartend.stats.results import EstimationError, not_estimable, well_conditioned
from cartend.stats.survival import kaplan_meier

TRANSFORMS = {
    "km": "1 - pooled Kaplan-Meier",
    "identity": "time",
    "log": "log time",
    "rank": "rank of time",
}


@dataclass(frozen=True)
class ProportionalityTest:
    """One test a covariate (arrays), and the test of all at once (``joint``: statistic, df, p).

    NaN where ``note`` says why; a covariate left out of the model is NaN.
    """

    names: tuple[str, ...]
    statistic: np.ndarray
    p_value: np.ndarray
    joint: tuple[float, int, float]
    method: str
    note: str


def proportional_hazards_test(
    time: np.ndarray,
    event: np.ndarray,
    covariates: np.ndarray,
    *,
    transform: str = "km",
    strata: np.ndarray | None = None,
    ties: str = "efron",
    entry: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    names: Sequence[str] | None = None,
) -> ProportionalityTest:
    """Test whether x b changes with g(t), a ``transform`` of time.

    1. Fit Cox's model.
    2. g = 1 - S(t-) of all rows together (``km``), t, log t or the rank of t, centred at its mean
       over the events.
    3. The score test of adding x g(t): U = sum of g (x - mean of x) over events, its variance from
       the information of the 2p covariates (x, x g) at (b, 0) (Grambsch and Therneau, Biometrika
       1994, without their approximation).

    Equals ``survival::cox.zph(coxph(...), transform=, terms=FALSE)`` of survival 3.
    """
    if transform not in TRANSFORMS:
        raise EstimationError(
            f"transform must be one of {', '.join(TRANSFORMS)}, not {transform!r}"
        )
    if ties not in ("efron", "breslow"):
        raise EstimationError(f'ties must be "efron" or "breslow", not {ties!r}')
    rows = cox_rows(
        time,
        event,
        covariates,
        strata=strata,
        ties=ties,
        entry=entry,
        weights=weights,
        names=names,
    )
    method = f"score test of proportional hazards, {TRANSFORMS[transform]}; {rows.method}"
    note = not_estimable("no events") if rows.data is None else rows.maximum.note
    if not note and not rows.maximum.kept.any():
        note = not_estimable("every covariate is constant")
    if not note and transform == "log" and (rows.time[rows.event == 1] <= 0).any():
        note = not_estimable("an event at time 0 has no logarithm")
    if note:
        blank = np.full(len(rows.names), np.nan)
        return ProportionalityTest(rows.names, blank, blank, (np.nan, 0, np.nan), method, note)
    return _tests(rows, transform, ties, method)


def _tests(rows: CoxRows, transform: str, ties: str, method: str) -> ProportionalityTest:
    data, kept = rows.data, np.flatnonzero(rows.maximum.kept)
    beta = full_coefficients(rows.maximum)
    of_row = _transformed(rows, transform)
    of_row = of_row - of_row[rows.event == 1].mean()
    g = of_row[data.order][data.event_rows][data.event_starts]
    block = np.ix_(kept, kept)
    _, score, crossed = loglik_derivatives(data, beta, ties, g)
    squared = loglik_derivatives(data, beta, ties, g**2)[2][block]
    score, crossed = score[kept], crossed[block]
    # of the 2p by 2p information, the part of x g that x does not explain
    left = squared - crossed @ np.linalg.solve(rows.maximum.information, crossed)
    statistic = np.full(len(rows.names), np.nan)
    for i, column in enumerate(kept):
        # alone, a covariate's x g is explained by all of x: the diagonal of the same remainder
        if left[i, i] > 1e-10 * squared[i, i]:
            statistic[column] = score[i] ** 2 / left[i, i]
    joint, note = (np.nan, kept.size, np.nan), ""
    if well_conditioned(left) and not np.isnan(statistic[kept]).any():
        total = float(score @ np.linalg.solve(left, score))
        joint = (total, kept.size, float(chdtrc(kept.size, total)))
    if np.isnan(statistic).any() or np.isnan(joint[0]):
        note = not_estimable("too few events to tell a change in time")
    p_value = chdtrc(1, statistic)
    return ProportionalityTest(rows.names, statistic, p_value, joint, method, note)


def _transformed(rows: CoxRows, transform: str) -> np.ndarray:
    """Return g of each row's time (n,)."""
    time = rows.time.astype(float)
    if transform == "identity":
        return time
    if transform == "log":
        return np.log(np.maximum(time, np.finfo(float).tiny))
    if transform == "rank":
        _, position, sizes = np.unique(time, return_inverse=True, return_counts=True)
        return (np.cumsum(sizes) - (sizes - 1) / 2)[position]
    curve = kaplan_meier(time, rows.event, entry=rows.entry)
    before = np.concatenate(([1.0], curve.survival))
    return 1 - before[np.searchsorted(curve.time, time, side="left")]
