"""The lines that safety pages share: shares with exact limits, ranges, incidence with death."""

import numpy as np

from cartend.analysis.competing import AALEN_JOHANSEN
from cartend.analysis.questions.page import Page
from cartend.analysis.rates import CLOPPER_PEARSON
from cartend.stats.competing import cumulative_incidence, incidence_at
from cartend.stats.proportions import clopper_pearson
from cartend.stats.results import Estimate, not_estimable

RANGE = "median and range"


def share_line(page: Page, arm: str, mask: np.ndarray, base: np.ndarray) -> None:
    """Write how many subjects of ``base`` are in ``mask``, with exact limits."""
    n, total = int((mask & base).sum()), int(base.sum())
    counts = {"n": n, "N": total}
    exact = clopper_pearson(n, total)
    page.estimate("proportion", CLOPPER_PEARSON, exact, arm=arm, counts=counts)


def range_line(page: Page, arm: str, values: np.ndarray, absent: str) -> None:
    """Write number, median and range of the known values."""
    known = values[np.isfinite(values.astype(float))].astype(float)
    shown = {"n": int(known.size), "median": None, "min": None, "max": None}
    if known.size:
        shown |= {"median": float(np.median(known)), "min": known.min(), "max": known.max()}
    page.add("range", RANGE, shown, arm=arm, note="" if known.size else not_estimable(absent))


def incidence_lines(
    page: Page,
    label: str,
    arm: str,
    times: tuple[int, ...],
    time: np.ndarray,
    event_time: np.ndarray,
    died: np.ndarray,
) -> None:
    """Write the cumulative incidence of an event at the reporting times, death competing.

    ``time`` is the follow-up in days, ``event_time`` the day of the event (NaN: none), both
    counted from 1 on day 0. An event on the day of death comes first.
    """
    happened = np.isfinite(event_time) & (event_time <= time)
    state = np.where(happened, 1, np.where(died, 2, 0))
    until = np.where(happened, event_time, time).astype(np.int64)
    if not until.size:
        page.line(label)
        empty = Estimate.missing(not_estimable("no subjects"))
        page.estimate("cif", AALEN_JOHANSEN, empty, arm=arm)
        return
    curve = cumulative_incidence(until, state)
    page.line(label)
    page.curves.add_incidence(page.place(arm), curve, [s for s in (1, 2) if (state == s).any()])
    points = incidence_at(curve, 1, np.array(times))
    for i, day in enumerate(times):
        page.line(f"{label}: by day {day}")
        limits = (float(points.lower[i]), float(points.upper[i]))
        notes = {"lower_note": points.limit_note[i], "upper_note": points.limit_note[i]}
        value = Estimate(float(points.estimate[i]), *limits, note=points.note[i], **notes)
        counts = {"n_risk": int(points.n_risk[i])}
        page.estimate("cif", AALEN_JOHANSEN, value, arm=arm, time=day, counts=counts)
