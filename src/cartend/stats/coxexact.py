"""The exact partial likelihood of tied events: which d of the n at risk had the event."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cartend.stats.coxsums import CoxData, loglik_derivatives


def exact_derivatives(
    data: CoxData,
) -> Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]]:
    """Return the function from beta to log likelihood, gradient (p,) and information (p, p).

    1. A time with one event, and one at which all at risk have the event, is Breslow's (the
       second says nothing: its conditional probability is 1).
    2. At any other time the denominator is the sum of exp(x b) over all sets of d of the n at
       risk, an elementary symmetric polynomial of the risks (Cox, JRSS B 1972).
    """
    alone = data.d == 1
    tied = [_risk_set(data, e) for e in np.flatnonzero(~alone)]

    def derivatives(beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        loglik, score, information = loglik_derivatives(
            data, beta, "breslow", time_weight=alone.astype(float)
        )
        for x, own in tied:
            if own.sum() < own.size:
                part = _tied_time(x, own, beta)
                loglik, score = loglik + part[0], score + part[1]
                information = information + part[2]
        return loglik, score, information

    return derivatives


def _risk_set(data: CoxData, event_time: np.int64) -> tuple[np.ndarray, np.ndarray]:
    """Return the covariates (p, n) of those at risk at an event time, and who has the event."""
    rows = np.flatnonzero((data.first <= event_time) & (event_time < data.last))
    start = data.event_starts[event_time]
    own = np.isin(rows, data.event_rows[start : start + data.d[event_time]])
    return data.x[:, rows], own


def _tied_time(
    x: np.ndarray, own: np.ndarray, beta: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the contribution of one time, x (p, n) of those at risk, d of them ``own``.

    1. With any c the risks r c are odds of n independent events; given that their number is d,
       the set of those who have it is distributed as the likelihood says, whatever c.  c is chosen
       so that d are expected.
    2. P(number = d) is the d-th Fourier coefficient of prod (1 + p (e^it - 1)); the mean and the
       variance of the sum of x given the number are moments over the same sum.  With more points
       than values that carry weight the sum is exact to rounding.
    """
    n, d = own.size, int(own.sum())
    eta = beta @ x
    scale = _log_scale(eta, d)
    odds = np.exp(eta + scale)
    p = odds / (1 + odds)
    points = min(n + 1, 2 * d + 40)
    turn = np.exp(2j * np.pi * np.arange(points) / points)
    factor = 1 + p[:, None] * (turn - 1)
    weight = np.exp(np.log(factor).sum(axis=0)) * turn ** (-d)
    total = weight.sum().real / points
    given = p[:, None] * turn / factor
    first = x @ given
    second = np.einsum("in,nk,jn->ijk", x, given * (1 - given), x, optimize=True)
    second = second + first[:, None, :] * first[None, :, :]
    mean = (first @ weight).real / points / total
    square = (second @ weight).real / points / total
    seen = x[:, own].sum(axis=1)
    # log of the sum over sets = log total - log prod (1 - p) - d log c
    loglik = eta[own].sum() + d * scale - np.log(total) - np.log1p(odds).sum()
    return float(loglik), seen - mean, square - np.outer(mean, mean)


def _log_scale(eta: np.ndarray, d: int) -> float:
    """Return log c with sum of c e^eta/(1 + c e^eta) = d, roughly: any c gives the same answer."""
    low, high = -eta.max() - 40.0, -eta.min() + 40.0
    for _ in range(40):
        middle = (low + high) / 2
        if (1 / (1 + np.exp(-np.clip(eta + middle, -700, 700)))).sum() < d:
            low = middle
        else:
            high = middle
    return (low + high) / 2
