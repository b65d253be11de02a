"""Competing risks: cumulative incidence by Aalen and Johansen, read at given times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.counting import check_states, check_times, counting_table
from cartend.stats.gray import gray
from cartend.stats.limits import transformed_limits
from cartend.stats.results import EstimationError, PointEstimates
from cartend.stats.survival import settle

__all__ = ["CumulativeIncidence", "cumulative_incidence", "gray", "incidence_at"]


@dataclass(frozen=True)
class CumulativeIncidence:
    """Cumulative incidence of K causes; rows are the T distinct exit times.

    ``n_event``, ``estimate``, ``se``, ``lower``, ``upper`` have shape (T, K), cause k in column
    k - 1; ``survival`` (T,) is the probability of no event of any cause.
    """

    time: np.ndarray
    n_risk: np.ndarray
    n_event: np.ndarray
    n_censor: np.ndarray
    survival: np.ndarray
    estimate: np.ndarray
    se: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    variance: str
    conf_type: str
    level: float
    n: int
    entry: np.ndarray | None = None

    @property
    def method(self) -> str:
        """What was done."""
        variance = "Aalen variance" if self.variance == "cmprsk" else "delta-method variance"
        return f"Aalen-Johansen, {variance}, {self.conf_type} limits"


def cumulative_incidence(
    time: np.ndarray,
    state: np.ndarray,
    *,
    entry: np.ndarray | None = None,
    variance: str = "cmprsk",
    conf_type: str = "log-log",
    level: float = 0.95,
) -> CumulativeIncidence:
    """Estimate the cumulative incidence F_k of every cause.

    1. S(t), the Kaplan-Meier estimate for an event of any cause.
    2. F_k = cumsum S(t-) d_k/n (Aalen and Johansen, Scand J Stat 1978).
    3. Variance: ``cmprsk``, Aalen's with a correction for ties, equal to
       ``cmprsk::timepoints(cuminc(...))$var``; or ``survfit``, the delta method (equal to the
       infinitesimal jackknife of ``survfit`` on a factor status without delayed entry).
    4. Limits of F_k on the scale ``conf_type``.

    ``state`` (n,) is 0 for censored and 1..K for causes; the number at risk counts those free of
    an event of any cause.  With delayed entry the variance is the delta method's, while
    ``survfit`` follows subjects: its estimates are equal, its standard errors are not.
    """
    time, entry = check_times(time, entry)
    state = check_states("state", state, time.size, None)
    if variance not in _VARIANCES:
        raise EstimationError(f"variance must be one of {', '.join(_VARIANCES)}, not {variance!r}")
    causes = max(int(state.max()), 1) if state.size else 1
    table = counting_table(time, state, n_states=causes + 1, entry=entry)
    n, d_k = table.n_risk[:, 0].astype(float), table.count[:, 1:, 0].astype(float)
    survival = np.cumprod(1 - d_k.sum(axis=1) / n)
    before = np.concatenate(([1.0], survival))[:-1]
    estimate = np.cumsum(before[:, None] * d_k / n[:, None], axis=0)
    se = np.sqrt(_VARIANCES[variance](n, d_k, before, survival, estimate))
    lower, upper = transformed_limits(estimate, se, conf_type=conf_type, level=level)
    return CumulativeIncidence(
        time=table.time,
        n_risk=table.n_risk[:, 0],
        n_event=table.count[:, 1:, 0],
        n_censor=table.count[:, 0, 0],
        survival=survival,
        estimate=estimate,
        se=se,
        lower=lower,
        upper=upper,
        variance=variance,
        conf_type=conf_type,
        level=level,
        n=time.size,
        entry=None if entry is None else np.sort(entry),
    )


def incidence_at(
    curve: CumulativeIncidence, cause: int, times: np.ndarray, *, beyond: str = "project"
) -> PointEstimates:
    """Read the cumulative incidence of ``cause`` at ``times``.

    1. F is the value of the last step at or before t, 0 before the first.
    2. ``beyond="project"``: after a last observation that leaves somebody event-free nothing is
       known, and the estimate is NaN (``cmprsk::timepoints`` too); after one that leaves nobody,
       F holds.  Where F = 0 or F = 1 the interval is not estimable.
    3. ``beyond="r"`` carries the last value forward, as ``summary(survfit(...), extend=TRUE)``.

    A cause that nobody had is F = 0.
    """
    if cause < 1:
        raise EstimationError(f"cause must be 1 or more, not {cause!r}")
    if beyond not in ("project", "r"):
        raise EstimationError(f'beyond must be "project" or "r", not {beyond!r}')
    times = np.atleast_1d(np.asarray(times, dtype=float))
    step = np.searchsorted(curve.time, times, side="right")
    at_zero = 0.0 if curve.conf_type == "plain" else np.nan  # no other scale has a limit at 0
    columns = [
        np.concatenate(([start], _column(values, cause, start)))[step]
        for start, values in (
            (0.0, curve.estimate),
            (0.0, curve.se),
            (at_zero, curve.lower),
            (at_zero, curve.upper),
        )
    ]
    gone = np.concatenate(([0], np.cumsum(curve.n_event.sum(axis=1) + curve.n_censor)))
    entered = curve.n
    if curve.entry is not None:
        entered = np.searchsorted(curve.entry, times, side="left")
    n_risk = entered - gone[np.searchsorted(curve.time, times, side="left")]
    if beyond == "r":
        blank = ("",) * times.size
        return PointEstimates(times, n_risk, *columns, blank, blank, curve.method)
    ended = bool(curve.time.size) and bool(curve.survival[-1] <= 1e-12)
    last = float(curve.time[-1]) if curve.time.size else np.nan
    return settle(times, n_risk, *columns, ended=ended, last=last, method=curve.method)


def _column(values: np.ndarray, cause: int, absent: float) -> np.ndarray:
    if cause <= values.shape[1]:
        return values[:, cause - 1]
    return np.full(values.shape[0], absent)


def _aalen_variance(
    n: np.ndarray, d_k: np.ndarray, before: np.ndarray, survival: np.ndarray, f: np.ndarray
) -> np.ndarray:
    """Aalen's variance with tie correction: Aalen, Ann Stat 1978; cmprsk's ``timepoints``.

    Var(t) = sum over s <= t of s1 (1 + r - F(t)/S)^2 + s2 (r - F(t)/S)^2, with S = S(s),
    r = F(s)/S, s1 the tie-corrected binomial variance of the cause, s2 of all others; 1/S is 0
    where S = 0.  The squares are expanded in F(t), so that cumulative sums suffice.
    """
    with np.errstate(divide="ignore"):
        inverse = np.where(survival > 0, 1 / survival, 0.0)[:, None]
    own = _tie_corrected(n, d_k, before)
    others = _tie_corrected(n, d_k.sum(axis=1, keepdims=True) - d_k, before)
    ratio = f * inverse
    constant = own * (1 + ratio) ** 2 + others * ratio**2
    linear = (own * (1 + ratio) + others * ratio) * inverse
    square = (own + others) * inverse**2
    constant, linear, square = (np.cumsum(v, axis=0) for v in (constant, linear, square))
    return _polynomial(f, constant, linear, square)


def _polynomial(
    f: np.ndarray, constant: np.ndarray, linear: np.ndarray, square: np.ndarray
) -> np.ndarray:
    """Return constant - 2 f linear + f^2 square, exactly 0 where rounding alone is left."""
    terms = constant, 2 * f * linear, f**2 * square
    value = terms[0] - terms[1] + terms[2]
    return np.where(value > 1e-14 * (terms[0] + terms[1] + terms[2]), value, 0.0)


def _tie_corrected(n: np.ndarray, d: np.ndarray, before: np.ndarray) -> np.ndarray:
    ties = 1 - np.maximum(d - 1, 0) / np.maximum(n - 1, 1)[:, None]
    return (before / n)[:, None] ** 2 * d * ties


def _delta_variance(
    n: np.ndarray, d_k: np.ndarray, before: np.ndarray, survival: np.ndarray, f: np.ndarray
) -> np.ndarray:
    """Delta-method variance, Marubini and Valsecchi 1995; ``survfit``'s infinitesimal jackknife.

    Var(t) = sum over s <= t of (F(t) - F(s))^2 d/(n(n-d)) + S(s-)^2 d_k(n-d_k)/n^3
    - 2 (F(t) - F(s)) S(s-) d_k/n^2, expanded in F(t) into cumulative sums.
    """
    d = d_k.sum(axis=1)
    greenwood = np.where(n > d, d / (n * np.maximum(n - d, 1)), 0.0)[:, None]
    n, before = n[:, None], before[:, None]
    cross = before * d_k / n**2
    constant = greenwood * f**2 + before**2 * d_k * (n - d_k) / n**3 + 2 * f * cross
    linear = greenwood * f + cross
    constant, linear = np.cumsum(constant, axis=0), np.cumsum(linear, axis=0)
    return _polynomial(f, constant, linear, np.cumsum(greenwood, axis=0))


_VARIANCES = {"cmprsk": _aalen_variance, "survfit": _delta_variance}
