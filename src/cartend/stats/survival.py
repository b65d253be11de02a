"""Kaplan-Meier: the curve, its values at given times, numbers at risk, reverse Kaplan-Meier."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from cartend.stats.counting import check_states, check_times, counting_table
from cartend.stats.curve import KaplanMeier
from cartend.stats.limits import transformed_limits
from cartend.stats.quantile import survival_quantile
from cartend.stats.results import (
    NO_SUBJECT_AT_RISK,
    Estimate,
    EstimationError,
    PointEstimates,
    critical_value,
    not_estimable,
)
from cartend.stats.rmst import rmst

__all__ = [
    "KaplanMeier",
    "exact_bound_at_one",
    "kaplan_meier",
    "n_at_risk",
    "reverse_kaplan_meier",
    "rmst",
    "survival_at",
    "survival_quantile",
]


def kaplan_meier(
    time: np.ndarray,
    event: np.ndarray,
    *,
    entry: np.ndarray | None = None,
    conf_type: str = "log-log",
    level: float = 0.95,
) -> KaplanMeier:
    """Estimate S(t) by the product limit, with Greenwood's variance.

    1. Count n at risk and d events at each distinct time.
    2. S = cumprod(1 - d/n) (Kaplan and Meier, JASA 1958).
    3. Var(log S) = cumsum d/(n(n-d)) (Greenwood 1926); se(S) = S times its root.
    4. Limits on the scale ``conf_type``: plain, log, log-log, logit, arcsin.

    Equals ``survival::survfit(Surv(time, event) ~ 1)``, and with ``entry``
    ``Surv(entry, time, event)``.  Where S = 0 the variance does not exist: infinite on the log
    scale, NaN for S and its limits.  ``time`` (n,) non-negative, ``event`` (n,) 0/1 or bool,
    ``entry`` (n,) below ``time``; else :class:`EstimationError`.  No subjects give an empty curve.
    """
    time, entry = check_times(time, entry)
    event = check_states("event", event, time.size, 1)
    table = counting_table(time, event, n_states=2, entry=entry)
    n, d = table.n_risk[:, 0], table.count[:, 1, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(1 - d / n)
        std_err_log = np.sqrt(np.cumsum(np.where(d > 0, d / (n * (n - d).astype(float)), 0.0)))
        std_err = survival * std_err_log
    lower, upper = transformed_limits(survival, std_err, conf_type=conf_type, level=level)
    return KaplanMeier(
        time=table.time,
        n_risk=n,
        n_event=d,
        n_censor=table.count[:, 0, 0],
        survival=survival,
        std_err=std_err,
        std_err_log=std_err_log,
        lower=lower,
        upper=upper,
        conf_type=conf_type,
        level=level,
        n=time.size,
        entry=None if entry is None else np.sort(entry),
    )


def reverse_kaplan_meier(
    time: np.ndarray, event: np.ndarray, *, conf_type: str = "log-log", level: float = 0.95
) -> KaplanMeier:
    """Estimate the distribution of follow-up: events censor, censorings are the events.

    Schemper and Smith, Control Clin Trials 1996; ``survfit(Surv(time, 1 - event) ~ 1)``.
    """
    time, _ = check_times(time, None)
    event = check_states("event", event, time.size, 1)
    return kaplan_meier(time, 1 - event, conf_type=conf_type, level=level)


def n_at_risk(time: np.ndarray, times: np.ndarray, entry: np.ndarray | None = None) -> np.ndarray:
    """Count the subjects with exit >= t (and entry < t) at each of ``times``.

    Without entry it equals ``summary(survfit(...), times)$n.risk``.
    """
    time, entry = check_times(time, entry)
    times = np.atleast_1d(np.asarray(times, dtype=float))
    left = np.searchsorted(np.sort(time), times, side="left")
    if entry is None:
        return time.size - left
    return np.searchsorted(np.sort(entry), times, side="left") - left


def survival_at(
    curve: KaplanMeier, times: np.ndarray, *, beyond: str = "project"
) -> PointEstimates:
    """Read a curve at ``times``: number at risk, estimate, se and limits.

    1. S(t) is the value of the last step at or before t, 1 before the first.
    2. ``beyond="project"``: after a last observation that leaves S above 0 nothing is known, the
       estimate is NaN; after one that brings it to 0, S = 0 holds.  Where S = 1 or S = 0 the
       interval is not estimable on any scale; :func:`exact_bound_at_one` gives the bound that
       does exist at S = 1.
    3. ``beyond="r"``: ``summary(survfit(...), times, extend=TRUE)`` of survival 3.5-3, which
       carries the last value forward, has limits (1, 1) before the first time, and for delayed
       entry prints the number at risk of the next observed time.
    """
    times = np.atleast_1d(np.asarray(times, dtype=float))
    step = np.searchsorted(curve.time, times, side="right")
    columns = [
        np.concatenate(([start], values))[step]
        for start, values in (
            (1.0, curve.survival),
            (0.0, curve.std_err),
            (1.0, curve.lower),
            (1.0, curve.upper),
        )
    ]
    if beyond == "r":
        following = np.searchsorted(curve.time, times, side="left")
        n_risk = np.concatenate((curve.n_risk, [0]))[following]
        blank = ("",) * times.size
        return PointEstimates(times, n_risk, *columns, blank, blank, curve.method)
    if beyond != "project":
        raise EstimationError(f'beyond must be "project" or "r", not {beyond!r}')
    n_risk = _risk_between(curve, times)
    ended, last = _last(curve.survival) == 0, _last(curve.time)
    return settle(times, n_risk, *columns, ended=ended, last=last, method=curve.method)


def settle(
    times: np.ndarray,
    n_risk: np.ndarray,
    estimate: np.ndarray,
    se: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    *,
    ended: bool,
    last: float,
    method: str,
) -> PointEstimates:
    """Replace what is not estimable by NaN and say why.

    ``ended``: the last observation left nobody event-free, so the curve is known for ever.
    ``last``: the last observation, NaN when there is no subject.
    """
    if np.isnan(last):
        unknown, reason = np.ones(times.size, dtype=bool), not_estimable("no subjects")
    else:
        unknown = (times > last) & (not ended)
        reason = NO_SUBJECT_AT_RISK
    flat = (estimate <= 0) | (estimate >= 1 - 1e-12)  # a sum of incidences may miss 1 by rounding
    values = np.where(unknown, np.nan, estimate)
    limits = [np.where(unknown | flat, np.nan, limit) for limit in (lower, upper)]
    note = tuple(reason if u else "" for u in unknown)
    limit_note = tuple(
        reason if u else (not_estimable(f"no interval at an estimate of {e:.0f}") if f else "")
        for u, f, e in zip(unknown, flat, estimate, strict=True)
    )
    return PointEstimates(
        times, n_risk, values, np.where(unknown, np.nan, se), *limits, note, limit_note, method
    )


def exact_bound_at_one(curve: KaplanMeier, time: float, *, level: float = 0.95) -> Estimate:
    """Return the exact binomial lower bound of S(time) while S = 1.

    Where all n subjects were followed to ``time`` without an event, S is a binomial proportion
    n/n whose Clopper-Pearson lower limit is (alpha/2)^(1/n).  NaN and a note after an event, and
    after somebody was censored or entered late: then it is no binomial proportion.
    """
    critical_value(level)
    method = "Clopper-Pearson, all followed to this time without an event"
    if curve.n == 0:
        return Estimate.missing(not_estimable("no subjects"), method)
    if np.any(curve.n_event[curve.time <= time] > 0):
        return Estimate.missing(not_estimable("an event occurred by this time"), method)
    if _risk_between(curve, np.array([time]))[0] < curve.n:
        return Estimate.missing(
            not_estimable("not everybody was followed to this time without an event"), method
        )
    return Estimate(1.0, float(betaincinv(curve.n, 1.0, (1 - level) / 2)), 1.0, method=method)


def _risk_between(curve: KaplanMeier, times: np.ndarray) -> np.ndarray:
    left = np.concatenate(([0], np.cumsum(curve.n_event + curve.n_censor)))
    gone = left[np.searchsorted(curve.time, times, side="left")]
    if curve.entry is None:
        return curve.n - gone
    return np.searchsorted(curve.entry, times, side="left") - gone


def _last(values: np.ndarray) -> float:
    return float(values[-1]) if values.size else np.nan
