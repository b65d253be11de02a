"""The Weibull accelerated failure time model of right-censored times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.counting import check_states, check_times
from cartend.stats.newton import maximise
from cartend.stats.results import not_estimable
from cartend.stats.wald import check_covariates


@dataclass(frozen=True)
class Aft:
    """Coefficients of log time (intercept first), their covariance, and the scale."""

    coef: np.ndarray
    covariance: np.ndarray
    scale: float
    note: str = ""


def weibull_aft(time: np.ndarray, event: np.ndarray, covariates: np.ndarray) -> Aft:
    """Fit log T = b0 + x b + scale W, W of the extreme value distribution.

    1. With z = (log t - x b)/s, an event adds z - exp(z) - log s - log t, a censoring -exp(z)
       (Kalbfleisch and Prentice 2002, section 3.6).
    2. Newton-Raphson on b/s and 1/s, in which the log likelihood is concave (Burridge, J R Stat
       Soc B 1981), from the exponential fit.

    Equals ``survival::survreg(Surv(time, event) ~ x, dist="weibull")``. Times are positive.
    """
    time, _ = check_times(time, None)
    event = check_states("event", event, time.size, 1)
    x = check_covariates(covariates, time.size)
    size = x.shape[1] + 2
    nothing = Aft(np.full(size - 1, np.nan), np.full((size - 1, size - 1), np.nan), np.nan)
    if not event.any():
        return Aft(nothing.coef, nothing.covariance, np.nan, not_estimable("no events"))
    log_time = np.log(time)
    centre = log_time.mean()
    design = np.column_stack((-np.ones(time.size), -x, log_time - centre))

    def derivatives(beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        shape = beta[-1] + 1.0  # starts at the exponential model, 1/s = 1
        z = design @ beta + (log_time - centre)
        if shape <= 0:
            return -np.inf, np.zeros(size), np.eye(size)
        risk = np.exp(np.minimum(z, 700))
        loglik = float((event * (z + np.log(shape)) - risk).sum())
        gradient = design.T @ (event - risk)
        gradient[-1] += event.sum() / shape
        information = (design * risk[:, None]).T @ design
        information[-1, -1] += event.sum() / shape**2
        return loglik, gradient, information

    found = maximise(derivatives, size)
    if found.note or not found.kept.all():
        reason = found.note or not_estimable("a covariate is constant or a combination of others")
        return Aft(nothing.coef, nothing.covariance, np.nan, reason)
    shape = found.coef[-1] + 1.0
    coef = found.coef[:-1] / shape
    jacobian = np.column_stack((np.eye(size - 1) / shape, -coef / shape))
    covariance = jacobian @ np.linalg.inv(found.information) @ jacobian.T
    coef[0] += centre
    return Aft(coef, covariance, float(1 / shape))
