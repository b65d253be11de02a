"""Propensity scores by logistic regression, weights made of them, and the balance they reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from cartend.stats.counting import check_states
from cartend.stats.newton import maximise
from cartend.stats.results import EstimationError, not_estimable
from cartend.stats.wald import check_covariates

WEIGHTS = ("ate", "att", "overlap")


@dataclass(frozen=True)
class Logistic:
    """Coefficients (intercept first), their covariance, and the fitted probabilities (n,)."""

    coef: np.ndarray
    covariance: np.ndarray
    fitted: np.ndarray
    note: str = ""


def logistic(outcome: np.ndarray, covariates: np.ndarray) -> Logistic:
    """Fit logit P(outcome = 1) = b0 + x b by maximum likelihood (Newton-Raphson).

    Equals ``glm(y ~ x, family=binomial)`` run to convergence. Covariates are scaled inside, so
    that separation is judged per standard deviation. NaN and a note where it does not exist.
    """
    x = check_covariates(covariates, np.asarray(outcome).size)
    y = check_states("outcome", outcome, x.shape[0], 1)
    centre, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    design = np.column_stack((np.ones(y.size), (x - centre) / scale))

    def derivatives(beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        eta = design @ beta
        p = expit(eta)
        loglik = float(y @ eta - np.logaddexp(0, eta).sum())
        return loglik, design.T @ (y - p), (design * (p * (1 - p))[:, None]).T @ design

    size = design.shape[1]
    blank = (np.full(size, np.nan), np.full((size, size), np.nan), np.full(y.size, np.nan))
    if y.size == 0 or y.min() == y.max():
        return Logistic(*blank, not_estimable("everybody has the same outcome"))
    found = maximise(derivatives, size)
    if found.note:
        return Logistic(*blank, found.note)
    kept = np.flatnonzero(found.kept)
    beta, spread = np.zeros(size), np.zeros((size, size))
    beta[kept] = found.coef
    spread[np.ix_(kept, kept)] = np.linalg.inv(found.information)
    back = np.diag(np.concatenate(([1.0], 1 / scale)))
    back[0, 1:] = -centre / scale
    return Logistic(back @ beta, back @ spread @ back.T, expit(design @ beta))


def propensity_weights(treated: np.ndarray, score: np.ndarray, kind: str = "ate") -> np.ndarray:
    """Return the weight of each subject.

    ``ate``: 1/e of the treated and 1/(1-e) of the others, each times the share of its group
    (stabilised); ``att``: 1 and e/(1-e); ``overlap``: 1-e and e (Li, Morgan and Zaslavsky, JASA
    2018), which needs no trimming.
    """
    if kind not in WEIGHTS:
        raise EstimationError(f"kind must be one of {', '.join(WEIGHTS)}, not {kind!r}")
    treated, score = np.asarray(treated) > 0, np.asarray(score, dtype=float)
    share = treated.mean()
    if kind == "ate":
        return np.where(treated, share / score, (1 - share) / (1 - score))
    if kind == "att":
        return np.where(treated, 1.0, score / (1 - score))
    return np.where(treated, 1 - score, score)


def standardised_differences(
    treated: np.ndarray, covariates: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """Return the difference of the weighted means over the unweighted standard deviation, (p,).

    (m1 - m0)/sqrt((s1^2 + s0^2)/2), the deviation of the groups as they are, so that weighting
    cannot hide a difference by widening it (Austin and Stuart, Stat Med 2015). NaN where neither
    group varies, and where one has fewer than two subjects, whose deviation is not known.
    """
    x, treated = np.asarray(covariates, dtype=float), np.asarray(treated) > 0
    if min(treated.sum(), (~treated).sum()) < 2:
        return np.full(x.shape[1], np.nan)
    w = np.ones(treated.size) if weights is None else np.asarray(weights, dtype=float)
    means = [np.average(x[rows], axis=0, weights=w[rows]) for rows in (treated, ~treated)]
    variances = [x[rows].var(axis=0, ddof=1) for rows in (treated, ~treated)]
    spread = np.sqrt((variances[0] + variances[1]) / 2)
    return np.where(spread > 0, (means[0] - means[1]) / np.where(spread > 0, spread, 1), np.nan)


def effective_size(weights: np.ndarray | Sequence[float]) -> float:
    """Return (sum w)^2 / sum w^2, Kish's number of subjects that the weighted ones are worth."""
    w = np.asarray(weights, dtype=float)
    return float(w.sum() ** 2 / (w**2).sum()) if w.size else 0.0
