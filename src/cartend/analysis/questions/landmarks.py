"""Landmark analyses: who is still in the set at a day, and by what was known then (5.2)."""

from dataclasses import dataclass

import numpy as np

from cartend.analysis.questions.lines import COX, SURVIVAL, ratio_line, survival_estimate
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.stats.regression import cox
from cartend.stats.timedependent import cut_at_change, mantel_byar, simon_makuch

TIME_DEPENDENT = "Cox, Efron ties, time-dependent indicator{}"
BYAR = "Mantel-Byar{}"
FEWEST = 5  # subjects ever in a status; fewer are no curve


@dataclass(frozen=True)
class Status:
    """What is asked of a subject at a landmark: from which AVAL day on it holds, and if known.

    ``since`` (n,) is NaN for never; ``known`` (n,) the first day on which the subject was
    assessed at all, NaN for never; ``yes`` and ``no`` name the two groups.
    """

    yes: str
    no: str
    since: np.ndarray
    known: np.ndarray


def landmark_day(material: Material, day: int) -> int:
    """Return the AVAL day of a landmark: the close of the visit window that holds the day.

    So a visit due by then is known for everybody who came; of several schedules the latest close;
    outside every window the day itself.

    Raises
    ------
    NotDerivableError
        Where no assessment is scheduled by that day.
    """
    visits = [v for one in material.study.schedules.values() for v in one.schedule]
    if visits and day < min(v.opens for v in visits):
        raise NotDerivableError(f"no assessment is scheduled by day {day}")
    return max((v.closes + 1 for v in visits if v.opens <= day <= v.closes), default=day)


def distinct(material: Material, landmarks: tuple[int, ...]) -> list[int]:
    """Return the landmarks without those that fall into a visit window already named."""
    kept: dict[int, int] = {}
    for day in landmarks:
        try:
            kept.setdefault(landmark_day(material, day), day)
        except NotDerivableError:
            kept.setdefault(day, day)
    return list(kept.values())


def first_landmark(material: Material, landmarks: list[int]) -> int:
    """Return the AVAL day of the first landmark by which an assessment is scheduled; else 0."""
    for day in sorted(landmarks):
        try:
            return landmark_day(material, day)
        except NotDerivableError:
            continue
    return 0


def set_lines(material: Material, page: Page, times: Times, known: np.ndarray, day: int) -> None:
    """Write who is in the landmark set, and who is left out and why; they add up to N."""
    day = landmark_day(material, day)
    still = times.time > day
    parts = {
        "in the set": still & (known <= day),
        "left out, event before": ~still & (times.state > 0),
        "left out, censored before": ~still & (times.state == 0),
        "left out, never assessed by then": still & ~(known <= day),
    }
    assert np.array_equal(sum(part.astype(int) for part in parts.values()), np.ones(still.size))
    for reason, mask in parts.items():
        page.line(f"{times.name}, day {day}: {reason}")
        for arm in material.arms:
            rows = material.of_arm(times, arm)
            page.tally((mask & rows).sum(), rows.sum(), arm=arm)


def landmark_lines(
    material: Material, page: Page, times: Times, status: Status, day: int, horizon: int
) -> None:
    """Write survival from a landmark on by what was known then, and the Cox model of it.

    1. In the set is who is observed without the endpoint's event after the landmark day and was
       assessed by then; status is what was known on that day.
    2. Time runs from the landmark; the model is stratified by arm where there are two.
    """
    day = landmark_day(material, day)
    chosen, yes = (times.time > day) & (status.known <= day), status.since <= day
    time, event, head = times.time - day, times.event, f"{times.name}, day {day}"
    for name, group in ((status.yes, yes), (status.no, ~yes)):
        page.line(f"{head}: {name}, {horizon} days later (%)")
        for arm in dict.fromkeys(("", *material.arms)):
            rows = chosen & group & material.of_arm(times, arm)
            counts = {"events": int(event[rows].sum()), "N": int(rows.sum())}
            with page.attempt("km", SURVIVAL, arm):
                value = survival_estimate(time[rows], event[rows], horizon)
                page.estimate("km", SURVIVAL, value, arm=arm, counts=counts)
    page.line(f"{head}: hazard ratio, {status.yes} against {status.no}")
    method, strata = by_arm(material, COX), material.arm_codes(times)[chosen]
    with page.attempt("landmark_cox", method):
        status_of = yes[chosen].astype(float)
        fit = cox(time[chosen], event[chosen], status_of, strata=strata, names=("status",))
        counts = {"events": int(event[chosen].sum()), "N": int(chosen.sum())}
        ratio_line(page, "landmark_cox", method, fit, "", counts=counts)


def time_dependent_lines(
    material: Material, page: Page, times: Times, status: Status, start: int
) -> None:
    """Write Simon-Makuch curves, the Mantel-Byar test and the Cox model of a changing status.

    The curves start at ``start``, the first landmark; test and model use all of the follow-up.
    """
    cut = cut_at_change(times.time, times.event, status.since)
    strata = material.arm_codes(times)
    method = by_arm(material, TIME_DEPENDENT.format(""))
    page.line(f"{times.name}: hazard ratio, once {status.yes} against until then")
    with page.attempt("time_dependent_cox", method):
        fit = cox(cut.stop, cut.event, cut.status, entry=cut.start, strata=strata[cut.subject])
        counts = {"events": int(cut.event.sum()), "N": int(times.time.size)}
        ratio_line(page, "time_dependent_cox", method, fit, "", counts=counts)
    test = by_arm(material, BYAR.format(""))
    page.line(f"{times.name}: test, once {status.yes} against until then")
    with page.attempt("mantel_byar", test):
        found = mantel_byar(cut, strata)
        values = {"p_value": found.p_value, "statistic": found.statistic}
        page.add("mantel_byar", test, values, note=found.note)
    for value, name in ((0, status.no), (1, status.yes)):
        if (cut.status == value).sum() >= FEWEST:
            page.line(f"{times.name}: curve, {name}")
            page.curves.add_survival(page.place(), simon_makuch(cut, value, start))


def by_arm(material: Material, method: str) -> str:
    """Return a method's name with what it is stratified by."""
    return f"{method}, strata arm" if material.randomised else method
