"""Time to one event: counts, Kaplan-Meier estimates and the comparisons of the arms."""

import numpy as np

from cartend.analysis.ard import Cell
from cartend.analysis.counts import Subjects
from cartend.analysis.plan import STATISTICS, Comparison
from cartend.config.definition import Weight
from cartend.stats.logrank import logrank
from cartend.stats.regression import CoxResult, cox
from cartend.stats.results import Estimate, PointEstimates, not_estimable
from cartend.stats.survival import (
    KaplanMeier,
    exact_bound_at_one,
    kaplan_meier,
    reverse_kaplan_meier,
    rmst,
    survival_at,
    survival_quantile,
)

KAPLAN_MEIER = "Kaplan-Meier, log-log limits"
EXACT = "Clopper-Pearson, all followed to this time without an event"
QUANTILE = "Kaplan-Meier, Brookmeyer-Crowley on log-log limits"
RMST = "area under Kaplan-Meier, normal limits"
REVERSE = "reverse Kaplan-Meier, log-log limits"
PROBS = (0.25, 0.5, 0.75)


def last_time(study_times: tuple[int, ...], groups: list[np.ndarray]) -> float | None:
    """Return the restriction time of RMST: statistics.md, decision 5.

    The largest reporting time at or before the smallest of the groups' last observations; None
    where no group has subjects or no time is early enough.
    """
    ends = [times.max() for times in groups if times.size]
    allowed = [time for time in study_times if ends and time <= min(ends)]
    return max(allowed, default=None)


def survival_rows(
    cell: Cell, subjects: Subjects, times: tuple[int, ...], tau: float | None
) -> KaplanMeier | None:
    """Write km, km_quantile, rmst and follow_up of one group; return its curve."""
    curve = None
    with cell.attempt("km", KAPLAN_MEIER, STATISTICS["km"]):
        curve = kaplan_meier(subjects.time, subjects.event)
        _summary(cell, subjects, curve)
        _at_times(cell, curve, times)
    if curve is not None:
        with cell.attempt("km_quantile", QUANTILE, STATISTICS["km_quantile"]):
            for prob in PROBS:
                quantile = survival_quantile(curve, prob)
                estimate_rows(cell, "km_quantile", QUANTILE, quantile, prob=prob)
        with cell.attempt("rmst", RMST, STATISTICS["rmst"]):
            _restricted_mean(cell, curve, tau)
    follow_up_rows(cell, subjects)
    return curve


def follow_up_rows(cell: Cell, subjects: Subjects) -> None:
    """Write the reverse Kaplan-Meier median of follow-up and the range of observed times."""
    with cell.attempt("follow_up", REVERSE, STATISTICS["follow_up"]):
        curve = reverse_kaplan_meier(subjects.time, subjects.event)
        estimate_rows(cell, "follow_up", REVERSE, survival_quantile(curve, 0.5), name="median")
        cell.add("follow_up", REVERSE, _range(subjects.time), note=_no_subjects(subjects))


def estimate_rows(
    cell: Cell,
    analysis: str,
    method: str,
    estimate: Estimate,
    *,
    name: str = "estimate",
    prob: float = -1.0,
    time: float = -1.0,
    event: str = "",
    with_se: bool = False,
) -> None:
    """Write one estimate with its limits, each with its own reason where it has no value."""
    values = {name: estimate.estimate, "lower": estimate.lower, "upper": estimate.upper}
    notes = {name: estimate.note, "lower": estimate.lower_note, "upper": estimate.upper_note}
    if with_se:
        values, notes = {"se": estimate.se, **values}, {"se": estimate.note, **notes}
    cell.add(analysis, method, values, prob=prob, time=time, event=event, notes=notes)


def point_rows(
    cell: Cell, analysis: str, method: str, points: PointEstimates, event: str = ""
) -> None:
    """Write a step function read at the reporting times."""
    for i, time in enumerate(points.time.tolist()):
        reason, limit = points.note[i], points.limit_note[i]
        se_reason = reason or limit if np.isnan(points.se[i]) else ""
        cell.add(
            analysis,
            method,
            {
                "n_risk": int(points.n_risk[i]),
                "estimate": float(points.estimate[i]),
                "se": float(points.se[i]),
                "lower": float(points.lower[i]),
                "upper": float(points.upper[i]),
            },
            event=event,
            time=time,
            notes={"estimate": reason, "se": se_reason, "lower": limit, "upper": limit},
        )


def comparison_rows(cell: Cell, subjects: Subjects, against: Comparison) -> None:
    """Write log-rank test and Cox model of the arms, and the same within the strata."""
    time, event, treated = subjects.time, subjects.event, subjects.treated
    logrank_row(cell, "logrank", "log-rank", time, event, treated)
    cox_row(cell, "cox", "Cox, Efron ties", time, event, treated)
    if against.strata:
        named = against.strata_label
        logrank_row(
            cell, "stratified_logrank", f"log-rank, {named}", time, event, treated, subjects.strata
        )
        method = f"Cox, Efron ties, {named}"
        cox_row(cell, "stratified_cox", method, time, event, treated, subjects.strata)


def weighted_rows(
    cell: Cell, subjects: Subjects, against: Comparison, weights: tuple[Weight, ...]
) -> None:
    """Write the piecewise weighted log-rank test and the ratio of the events it counts in full.

    1. The test weighs each event by the interval its time lies in, within the strata if any.
    2. Where the weight is 0 up to a day, the Cox model of the events after that day is written
       with ``time`` = the day: among those still at risk then, so no effect on all randomised
       (specification 5.3). The model of all events stands beside it.
    """
    if not weights:
        return
    pieces = [weight.piece for weight in weights]
    said = ", ".join(f"{w:g} for {a:g} < AVAL <= {b:g}" for a, b, w in pieces)
    strata = subjects.strata if against.strata else None
    named = f", {against.strata_label}" if against.strata else ""
    method = f"piecewise weighted log-rank (weight {said}){named}"
    with cell.attempt("weighted_logrank", method, STATISTICS["weighted_logrank"]):
        test = logrank(
            subjects.time, subjects.event, subjects.treated, strata=strata, weights=pieces
        )
        chi_square_row(cell, "weighted_logrank", method, test)
    silent = max((end for _, end, weight in pieces if weight == 0), default=0)
    if silent:
        late = subjects.time > silent
        method = f"Cox, Efron ties, events after day {silent:g} among those at risk then{named}"
        with cell.attempt("cox", method, STATISTICS["cox"]):
            fit = cox(
                subjects.time[late],
                subjects.event[late],
                subjects.treated[late],
                strata=None if strata is None else strata[late],
            )
            ratio_row(cell, "cox", method, fit, time=silent)


def logrank_row(
    cell: Cell,
    analysis: str,
    method: str,
    time: np.ndarray,
    event: np.ndarray,
    treated: np.ndarray,
    strata: np.ndarray | None = None,
) -> None:
    """Write a log-rank test."""
    with cell.attempt(analysis, method, STATISTICS[analysis]):
        chi_square_row(cell, analysis, method, logrank(time, event, treated, strata=strata))


def chi_square_row(cell: Cell, analysis: str, method: str, test, event: str = "") -> None:
    """Write a chi-square test: statistic, degrees of freedom, p-value."""
    values = {"statistic": test.statistic, "df": int(test.df), "p_value": test.p_value}
    cell.add(analysis, method, values, event=event, note=test.note)


def cox_row(
    cell: Cell,
    analysis: str,
    method: str,
    time: np.ndarray,
    event: np.ndarray,
    treated: np.ndarray,
    strata: np.ndarray | None = None,
    label: str = "",
) -> None:
    """Write a Cox model of the arm, its ratio experimental over control (D22)."""
    with cell.attempt(analysis, method, STATISTICS[analysis], label):
        ratio_row(cell, analysis, method, cox(time, event, treated, strata=strata), label)


def ratio_row(
    cell: Cell, analysis: str, method: str, fit: CoxResult, event: str = "", time: float = -1.0
) -> None:
    """Write the one coefficient of a fitted model and its hazard ratio."""
    values = {
        "coef": float(fit.coef[0]),
        "se": float(fit.se[0]),
        "estimate": float(fit.hazard_ratio[0]),
        "lower": float(fit.lower[0]),
        "upper": float(fit.upper[0]),
        "p_value": float(fit.p_value[0]),
    }
    cell.add(analysis, method, values, event=event, time=time, note=fit.note)


def _summary(cell: Cell, subjects: Subjects, curve: KaplanMeier) -> None:
    """Write the counts of the curve and its range; 1 in min_censored marks a censored end."""
    time, event = subjects.time, subjects.event
    counts = {"N": curve.n, "events": curve.events, "censored": curve.n - curve.events}
    cell.add("km", KAPLAN_MEIER, counts)
    ends = _range(time)
    for name, end in list(ends.items()):
        ends[f"{name}_censored"] = None if end is None else int(not event[time == end].any())
    cell.add("km", KAPLAN_MEIER, ends, note=_no_subjects(subjects))


def _at_times(cell: Cell, curve: KaplanMeier, times: tuple[int, ...]) -> None:
    """Write S at the reporting times, and the exact bound where S = 1 has one (D35)."""
    points = survival_at(curve, np.array(times))
    point_rows(cell, "km", KAPLAN_MEIER, points)
    for time, estimate in zip(times, points.estimate, strict=True):
        if estimate == 1:
            bound = exact_bound_at_one(curve, time)
            if not bound.note:
                estimate_rows(cell, "km_exact", EXACT, bound, time=time)


def _restricted_mean(cell: Cell, curve: KaplanMeier, tau: float | None) -> None:
    if tau is None:
        why = "no reporting time at or before the last observation of every arm"
        cell.add("rmst", RMST, dict.fromkeys(STATISTICS["rmst"]), note=not_estimable(why))
        return
    estimate_rows(cell, "rmst", RMST, rmst(curve, tau), time=tau, with_se=True)


def _range(time: np.ndarray) -> dict[str, float | None]:
    if not time.size:
        return {"min": None, "max": None}
    return {"min": float(time.min()), "max": float(time.max())}


def _no_subjects(subjects: Subjects) -> str:
    return "" if subjects.time.size else not_estimable("no subjects")
