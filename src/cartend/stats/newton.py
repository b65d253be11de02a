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
    """Coefficients, information at them, log likelihood at zero and there, score statistic."""

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
    2. Newton steps, halved while the likelihood falls, until the decrement U'I^-1 U of a step is
       below 1e-16: the step after it is exact to rounding, as the convergence is quadratic.
    3. A singular information at zero means collinear or constant covariates; a coefficient above
       15, a standard error above 1000 or no convergence means separation.  Both are notes.
    """
    beta = np.zeros(size)
    loglik, gradient, information = derivatives(beta)
    start = loglik
    if not well_conditioned(information):
        note = not_estimable("a covariate is constant or a combination of others")
        return Maximum(beta, information, (start, start), np.nan, 0, note)
    score = float(gradient @ np.linalg.solve(information, gradient))
    converged, iteration = False, 0
    while not converged and iteration < MAX_ITERATIONS and well_conditioned(information):
        iteration += 1
        step = np.linalg.solve(information, gradient)
        converged = gradient @ step < 1e-16
        for _ in range(30):
            new = derivatives(beta + step)
            if new[0] >= loglik - 1e-10 * (1 + abs(loglik)):
                break
            step = step / 2
        beta = beta + step
        loglik, gradient, information = new
    return Maximum(
        beta, information, (start, loglik), score, iteration, _verdict(beta, information, converged)
    )


def _verdict(beta: np.ndarray, information: np.ndarray, converged: bool) -> str:
    separated = not well_conditioned(information) or np.abs(beta).max() > LARGEST_COEFFICIENT
    if not separated:
        variance = np.diag(np.linalg.inv(information))
        separated = bool((variance > LARGEST_STANDARD_ERROR**2).any())
    if separated:
        return not_estimable("separation, a coefficient tends to infinity")
    return "" if converged else not_estimable("the iterations did not converge")
