"""A covariate that changes once: intervals (start, stop], Simon and Makuch's curves, the test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.counting import check_length, check_states, check_times
from cartend.stats.logrank import logrank
from cartend.stats.results import TestResult
from cartend.stats.survival import KaplanMeier, kaplan_meier


@dataclass(frozen=True)
class Intervals:
    """Subjects cut at their change: one or two rows each.

    ``subject`` is the row's place in the input, ``status`` 0 before the change and 1 after it,
    ``event`` belongs to the last row of a subject.
    """

    subject: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    event: np.ndarray
    status: np.ndarray


def cut_at_change(time: np.ndarray, event: np.ndarray, change: np.ndarray) -> Intervals:
    """Cut each subject where its status changes.

    1. ``change`` (n,) is the time of the change, NaN or infinite for never; a change at or before
       0 holds from the start, one at or after ``time`` never takes place.
    2. A subject with a change has the rows (0, change] with status 0 and (change, time] with
       status 1: an event on the day of the change belongs to status 0.
    """
    time, _ = check_times(time, None)
    event = check_states("event", event, time.size, 1)
    change = np.asarray(change, dtype=float)
    check_length("change", change, time.size)
    change = np.where(np.isnan(change), np.inf, np.maximum(change, 0))
    every = np.arange(time.size)
    before, after = change > 0, change < time
    subject = np.concatenate((every[before], every[after]))
    start = np.concatenate((np.zeros(before.sum()), change[after]))
    stop = np.concatenate((np.minimum(time, change)[before], time[after]))
    status = np.repeat([0, 1], [before.sum(), after.sum()])
    last = stop == time[subject]
    order = np.lexsort((status, subject))
    happened = event[subject] * last
    return Intervals(subject[order], start[order], stop[order], happened[order], status[order])


def simon_makuch(intervals: Intervals, status: int, start: float = 0) -> KaplanMeier:
    """Return the survival curve of a status, its subjects entering when they come into it.

    1. The product limit over the risk sets of each status (Simon and Makuch, Stat Med 1984);
       ``survfit(Surv(start, stop, event) ~ status)``.
    2. From ``start`` on, given survival to it: before a few have come into a status, its risk set
       is so small that one event brings the curve to 0 for ever.
    """
    rows = (intervals.status == status) & (intervals.stop > start)
    entry = np.maximum(intervals.start[rows], start)
    return kaplan_meier(intervals.stop[rows], intervals.event[rows], entry=entry)


def mantel_byar(intervals: Intervals, strata: np.ndarray | None = None) -> TestResult:
    """Compare the hazards of the two statuses (Mantel and Byar, JASA 1974).

    The log-rank test over the intervals, ``strata`` (n,) of the subjects; equals the score test
    of ``coxph(Surv(start, stop, event) ~ status, ties="exact")``.
    """
    cells = None if strata is None else np.asarray(strata)[intervals.subject]
    return logrank(
        intervals.stop, intervals.event, intervals.status, strata=cells, entry=intervals.start
    )
