"""MaxCombo: the largest of several weighted log-rank tests, and its own p-value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from cartend.stats.counting import (
    check_states,
    check_times,
    counting_table,
    group_codes,
    stratum_rows,
)
from cartend.stats.logrank import fleming_harrington, hypergeometric
from cartend.stats.normal import all_within
from cartend.stats.results import EstimationError, not_estimable

STANDARD = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))


@dataclass(frozen=True)
class MaxCombo:
    """The largest of K weighted log-rank tests.

    ``z`` (K,) one standardised score a weight, below 0 where the second group has fewer events
    than expected; ``p_values`` (K,) each alone, ``correlation`` (K, K); ``statistic`` the largest
    |z|, of the weight number ``chosen``, with the ``p_value`` of the largest.
    """

    weights: tuple[tuple[float, float], ...]
    z: np.ndarray
    p_values: np.ndarray
    correlation: np.ndarray
    statistic: float
    chosen: int
    p_value: float
    method: str
    note: str


def maxcombo(
    time: np.ndarray,
    event: np.ndarray,
    group: np.ndarray,
    *,
    weights: Sequence[tuple[float, float]] = STANDARD,
    strata: np.ndarray | None = None,
    entry: np.ndarray | None = None,
) -> MaxCombo:
    """Test two groups by the largest of the Fleming-Harrington tests ``weights`` (rho, gamma).

    1. U_k = sum over strata and times of w_k (d_2 - n_2 D/N) and Cov(U_k, U_l) = sum of w_k w_l
       times the hypergeometric variance, w_k = S(t-)^rho (1 - S(t-))^gamma of the pooled stratum.
    2. The statistic is max |U_k|/sqrt(V_kk); the p-value 1 - P(all |Z_k| <= it) of the normal
       vector of that correlation (Karrison, Stata J 2016; Lin et al., Stat Biopharm Res 2020), by
       quadrature and not by simulation (:func:`cartend.stats.normal.all_within`).

    Each z^2 is the chi-square of :func:`cartend.stats.logrank.logrank` with that rho and gamma.  A
    weight with no variance leaves with a note; nothing left is NaN.
    """
    pairs = tuple((float(rho), float(gamma)) for rho, gamma in weights)
    if not pairs or any(not (r >= 0 and g >= 0) for r, g in pairs):
        raise EstimationError("weights must be pairs (rho, gamma), none negative")
    time, entry = check_times(time, entry)
    event = check_states("event", event, time.size, 1)
    labels, codes = group_codes("group", group, time.size)
    said = ", ".join(f"({r:g}, {g:g})" for r, g in pairs)
    method = f"{'stratified ' if strata is not None else ''}MaxCombo of Fleming-Harrington {said}"
    why = "no events" if not event.any() else "exactly two groups are compared"
    if not event.any() or labels.size != 2:
        return _missing(pairs, method, not_estimable(why))
    score, variance = np.zeros(len(pairs)), np.zeros((len(pairs), len(pairs)))
    for rows in stratum_rows(strata, time.size):
        table = counting_table(
            time[rows],
            event[rows],
            n_states=2,
            group=codes[rows],
            n_groups=2,
            entry=None if entry is None else entry[rows],
        )
        own = hypergeometric(table)
        w = np.stack([fleming_harrington(own.hazard, rho, gamma) for rho, gamma in pairs])
        score += w @ (own.deaths[:, 1] - own.total * own.share[:, 1])
        variance += (w * (own.spread * own.share[:, 0] * own.share[:, 1])) @ w.T
    return _largest(pairs, score, variance, method)


def _largest(
    pairs: tuple[tuple[float, float], ...], score: np.ndarray, variance: np.ndarray, method: str
) -> MaxCombo:
    se = np.sqrt(np.diag(variance))
    known = se > 1e-12 * max(float(se.max()), 1e-300)
    if not known.any() or se.max() == 0:
        return _missing(pairs, method, not_estimable("the variance of the score is singular"))
    scale = np.where(known, se, 1.0)
    z = np.where(known, score / scale, np.nan)
    correlation = np.where(np.outer(known, known), variance / np.outer(scale, scale), np.nan)
    chosen = int(np.nanargmax(np.abs(z)))
    largest = float(abs(z[chosen]))
    block = correlation[np.ix_(known, known)]
    np.fill_diagonal(block, 1.0)
    inside = all_within(largest, block)
    out = ", ".join(f"({r:g}, {g:g})" for (r, g), k in zip(pairs, known, strict=True) if not k)
    note = f"weight {out} left out: no variance" if out else ""
    p_values = erfc(np.abs(z) / np.sqrt(2))
    p_value = float(min(max(1 - inside, 0.0), 1.0))
    return MaxCombo(pairs, z, p_values, correlation, largest, chosen, p_value, method, note)


def _missing(pairs: tuple[tuple[float, float], ...], method: str, note: str) -> MaxCombo:
    size = len(pairs)
    blank = np.full(size, np.nan)
    square = np.full((size, size), np.nan)
    return MaxCombo(pairs, blank, blank, square, np.nan, -1, np.nan, method, note)
