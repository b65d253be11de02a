"""Score residuals of Cox's model, and the robust variance they give."""

from __future__ import annotations

import numpy as np

from cartend.stats.coxsums import CoxData, case_weighted, risk_set_sum


def score_residuals(data: CoxData, beta: np.ndarray, ties: str) -> np.ndarray:
    """Return each row's contribution to the score, (n, p), in the order the rows were given.

    1. An event contributes x less the mean of the covariate over its risk set, under Efron's ties
       the average of the d means of its time.
    2. Every row loses exp(x b) (x - mean) dLambda at each event time at which it is at risk; under
       Efron's ties the l-th of d tied events counts 1 - l/d of itself there.

    Equals ``residuals(coxph(...), type="score")``, unweighted (Therneau, Grambsch and Fleming,
    Biometrika 1990; Therneau and Grambsch, Modeling Survival Data, 2000, section 4.6.2).
    """
    risk = np.exp(beta @ data.x)
    hazard, mean = _steps(data, case_weighted(data, risk), ties)
    level_0, level_1 = _running(data, hazard), _running(data, mean * hazard)
    gone_0 = level_0[data.last] - level_0[data.first]
    gone_1 = level_1[:, data.last] - level_1[:, data.first]
    residual = risk * (gone_1 - data.x * gone_0)
    rows = data.event_rows
    average = np.add.reduceat(mean, data.event_starts, axis=1) / data.d
    residual[:, rows] += data.event_x - np.repeat(average, data.d, axis=1)
    if ties == "efron":
        part_0, part_1 = (
            np.repeat(np.add.reduceat(v, data.event_starts, axis=-1), data.d, axis=-1)
            for v in (data.share * hazard, data.share * mean * hazard)
        )
        residual[:, rows] += risk[rows] * (data.event_x * part_0 - part_1)
    given = np.empty((data.x.shape[1], data.x.shape[0]))
    given[data.order] = residual.T
    return given


def robust_covariance(
    residuals: np.ndarray,
    weight: np.ndarray | None,
    bread: np.ndarray,
    cluster: np.ndarray,
) -> np.ndarray:
    """Return the sandwich variance (p, p): sum over clusters of u u', u the summed w r I^-1.

    Lin and Wei, JASA 1989; ``coxph(..., cluster=id)$var``.  ``cluster`` (n,) codes from 0.
    """
    weighted = residuals if weight is None else residuals * weight[:, None]
    influence = weighted @ bread
    summed = np.stack([np.bincount(cluster, weights=column) for column in influence.T])
    return summed @ summed.T


def _steps(data: CoxData, risk: np.ndarray, ties: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the hazard (D,) and the covariate means (p, D) of the D events one by one."""
    s0 = np.repeat(risk_set_sum(data, risk), data.d)
    s1 = np.stack([np.repeat(risk_set_sum(data, risk * row), data.d) for row in data.x])
    if ties == "efron":
        tied = risk[data.event_rows]
        s0 = s0 - data.share * np.repeat(np.add.reduceat(tied, data.event_starts), data.d)
        own = np.add.reduceat(tied * data.event_x, data.event_starts, axis=1)
        s1 = s1 - data.share * np.repeat(own, data.d, axis=1)
    jump = 1 / s0 if data.mean_weight is None else np.repeat(data.mean_weight, data.d) / s0
    return jump, s1 / s0


def _running(data: CoxData, values: np.ndarray) -> np.ndarray:
    """Return the cumulative sum over event times, with a 0 before the first: (..., E + 1)."""
    by_time = np.add.reduceat(values, data.event_starts, axis=-1)
    zero = np.zeros((*by_time.shape[:-1], 1))
    return np.concatenate((zero, np.cumsum(by_time, axis=-1)), axis=-1)
