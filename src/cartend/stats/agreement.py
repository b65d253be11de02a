"""Agreement of two raters: kappa, and discrepancy rates of event times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cartend.stats.results import Estimate, EstimationError, critical_value, not_estimable

WEIGHTS = ("unweighted", "linear", "quadratic")


def kappa(
    first: np.ndarray,
    second: np.ndarray,
    *,
    weights: str = "unweighted",
    categories: Sequence | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return Cohen's kappa of two raters with its large-sample error and normal limits.

    1. Shares p_ij of the answers; agreement weights w: 1 on the diagonal and else 0, or
       1 - |i-j|/(k-1), or 1 - ((i-j)/(k-1))^2 over the k ordered ``categories`` (default: those
       that occur, sorted).
    2. kappa = (p_o - p_e)/(1 - p_e), p_o = sum w p, p_e the same under independence (Cohen, Educ
       Psychol Meas 1960; Psychol Bull 1968).
    3. Its variance: Fleiss, Cohen and Everitt, Psychol Bull 1969.

    NaN and a note without pairs, and where both gave one and the same answer throughout.
    """
    if weights not in WEIGHTS:
        raise EstimationError(f"weights must be one of {', '.join(WEIGHTS)}, not {weights!r}")
    z = critical_value(level)
    name = "Cohen's kappa" if weights == "unweighted" else "weighted kappa"
    method = f"{name}, {weights}{'' if weights == 'unweighted' else ' weights'}"
    first, second = np.asarray(first), np.asarray(second)
    if first.shape != second.shape or first.ndim != 1:
        raise EstimationError("both raters must have one answer a subject each")
    if first.size == 0:
        return Estimate.missing(not_estimable("no subjects"), method)
    share = _shares(first, second, categories)
    w = _agreement_weights(share.shape[0], weights)
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    seen, expected = float((w * share).sum()), float(rows @ w @ columns)
    if expected >= 1 - 1e-12:
        why = "both gave one and the same answer throughout"
        return Estimate.missing(not_estimable(why), method)
    value = (seen - expected) / (1 - expected)
    margins = (w @ columns)[:, None] + (rows @ w)[None, :]
    inner = (share * (w * (1 - expected) - margins * (1 - seen)) ** 2).sum()
    inner -= (seen * expected - 2 * expected + seen) ** 2
    se = float(np.sqrt(max(inner, 0.0) / first.size) / (1 - expected) ** 2)
    return Estimate(value, value - z * se, value + z * se, se, method=method)


def _shares(first: np.ndarray, second: np.ndarray, categories: Sequence | None) -> np.ndarray:
    found = np.unique(np.concatenate((first, second)))
    order = found.tolist() if categories is None else list(categories)
    unknown = sorted(set(found.tolist()) - set(order), key=str)
    if unknown:
        raise EstimationError(f"{unknown[0]!r} is not among the categories {order}")
    place = np.array([order.index(value) for value in found.tolist()])
    size = len(order)
    code = place[np.searchsorted(found, first)] * size + place[np.searchsorted(found, second)]
    return np.bincount(code, minlength=size**2).reshape(size, size) / first.size


def _agreement_weights(size: int, weights: str) -> np.ndarray:
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    if weights == "unweighted":
        return (apart == 0).astype(float)
    relative = apart / max(size - 1, 1)
    return 1 - (relative if weights == "linear" else relative**2)


def discrepancy(first: np.ndarray, second: np.ndarray) -> dict[str, float | None]:
    """Return early and late discrepancy rates of two arrays of event times, NaN for no event.

    ``first`` is the independent review, ``second`` the investigator.  With a events seen by both
    (a2: investigator later, a3: investigator earlier), b by the investigator alone and c by the
    review alone (Amit et al., Eur J Cancer 2011):
    early = (b + a3)/(a + b), late = (c + a2)/(b + c + a2 + a3); None where nothing is to divide.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if first.shape != second.shape or first.ndim != 1:
        raise EstimationError("both raters must have one time a subject each")
    both = ~np.isnan(first) & ~np.isnan(second)
    a, a2, a3 = both.sum(), (both & (second > first)).sum(), (both & (second < first)).sum()
    b = (np.isnan(first) & ~np.isnan(second)).sum()
    c = (~np.isnan(first) & np.isnan(second)).sum()
    discordant = b + c + a2 + a3
    return {
        "both": int(a),
        "inv_only": int(b),
        "irc_only": int(c),
        "inv_later": int(a2),
        "inv_earlier": int(a3),
        "early_discrepancy": float((b + a3) / (a + b)) if a + b else None,
        "late_discrepancy": float((c + a2) / discordant) if discordant else None,
    }
