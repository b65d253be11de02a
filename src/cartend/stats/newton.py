"""Newton-Raphson for a concave log likelihood, and what its failures mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cartend.stats.results import not_estimable, well_conditioned

MAX_ITERATIONS = 60
LARGEST_COEFFICIENT = 15.0  # a hazard ratio above three million is a boundary, not an effect
LARGEST_STANDARD_ERROR = 1e3


@dataclass(frozen=True)
class Maximum:
    """Coefficients, information at them, log likelihood at zero and there, score statistic.

    ``kept`` marks the covariates in the model; ``coef`` and ``information`` are those alone.
    """

    kept: np.ndarray
    coef: np.ndarray
    information: np.ndarray
    loglik: tuple[float, float]
    score: float
    iterations: int
    note: str


def maximise(
    derivatives: Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]], size: int
) -> Maximum:
    """Maximise from zero.

    1. ``derivatives(beta)`` gives the log likelihood, gradient and information.
    2. A covariate that is constant or a combination of those before it is left out, as
       ``coxph`` does.
    3. Newton steps, halved while the likelihood falls, until the decrement U'I^-1 U of a step is
       below 1e-16: the step after it is exact to rounding, as the convergence is quadratic.
    4. A coefficient above 15, a standard error above 1000 or no convergence gives a note.
    """
    beta = np.zeros(size)
    loglik, gradient, information = derivatives(beta)
    start = loglik
    kept = _independent(information)
    block = np.ix_(kept, kept)
    gradient, information = gradient[kept], information[block]
    score = float(gradient @ np.linalg.solve(information, gradient))
    converged, iteration = not kept.any(), 0
    while not converged and iteration < MAX_ITERATIONS and well_conditioned(information):
        iteration += 1
        step = np.linalg.solve(information, gradient)
        converged = gradient @ step < 1e-16
        beta, (loglik, gradient, information) = _uphill(derivatives, beta, kept, step, loglik)
        gradient, information = gradient[kept], information[block]
    note = _verdict(beta[kept], information, converged)
    return Maximum(kept, beta[kept], information, (start, loglik), score, iteration, note)


def _independent(information: np.ndarray) -> np.ndarray:
    """Return which covariates carry information beyond those before them."""
    kept: list[int] = []
    for j in range(information.shape[0]):
        trial = [*kept, j]
        if well_conditioned(information[np.ix_(trial, trial)]):
            kept = trial
    return np.isin(np.arange(information.shape[0]), kept)


def _uphill(
    derivatives: Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]],
    beta: np.ndarray,
    kept: np.ndarray,
    step: np.ndarray,
    loglik: float,
) -> tuple[np.ndarray, tuple[float, np.ndarray, np.ndarray]]:
    for _ in range(30):
        trial = beta.copy()
        trial[kept] += step
        with np.errstate(all="ignore"):  # a step towards infinity is judged by its likelihood
            found = derivatives(trial)
        if found[0] >= loglik - 1e-10 * (1 + abs(loglik)):
            break
        step = step / 2
    return trial, found


def _verdict(beta: np.ndarray, information: np.ndarray, converged: bool) -> str:
    if beta.size == 0:
        return ""
    separated = not well_conditioned(information) or np.abs(beta).max() > LARGEST_COEFFICIENT
    if not separated:
        variance = np.diag(np.linalg.inv(information))
        separated = bool((variance > LARGEST_STANDARD_ERROR**2).any())
    if separated:
        return not_estimable("separation, a coefficient tends to infinity")
    return "" if converged else not_estimable("the iterations did not converge")
