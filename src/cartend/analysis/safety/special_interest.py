"""Adverse events of special interest: grade, scale, period, onset, duration, late (R38-R40)."""

import numpy as np
import pandas as pd

from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.safety.lines import incidence_lines, range_line, share_line
from cartend.analysis.safety.subjects import Cohort
from cartend.config.safety import SpecialInterest

ANY = "Any adverse event"
SEVERE = 3


def special_interest(cohort: Cohort, page: Page) -> None:
    """Write the page; its events are those from day 0 on, unless a period is named.

    Raises
    ------
    NotDerivableError
        Where the study has no adverse events.
    """
    if cohort.adae.empty:
        raise NotDerivableError("AE has no record")
    page.run("Subjects with an event, any grade", _incidence, cohort, page)
    page.run("Subjects with an event of grade 3 or more, by grading scale", _graded, cohort, page)
    page.run("Worst grade, subjects", _worst, cohort, page)
    for period in cohort.safety.periods:
        page.run(f"Period: {period.label.lower()}", _period, cohort, page, period.id)
    page.run("Onset of the first event, days since day 0", _onset, cohort, page)
    page.run("Length of the first event, days, of those that ended", _duration, cohort, page)
    page.run("Late events, cumulative incidence, death competing", _late, cohort, page)
    if len(cohort.age_groups) > 1:
        for age in cohort.age_groups:
            page.run(f"Any grade, age {age}", _incidence, cohort, page, age)


def _classes(cohort: Cohort) -> list[tuple[SpecialInterest, pd.Series]]:
    """Return each class with the mask of its events over ADAE."""
    klass = cohort.adae["AESICL"]
    return [(c, klass.eq(c.id)) for c in cohort.safety.special_interest]


def _later(cohort: Cohort) -> pd.Series:
    return cohort.adae["APERIOD"].isin(cohort.after)


def _incidence(cohort: Cohort, page: Page, age: str = "") -> None:
    """Write who had an event of each class from day 0 on, in one age group or all."""
    later = _later(cohort)
    member = cohort.adsl["AGEGR"].eq(age).to_numpy() if age else cohort.treated
    for label, events in [(ANY, later), *((c.label, m & later) for c, m in _classes(cohort))]:
        page.line(label)
        for arm in cohort.arms:
            base = cohort.treated & cohort.of_arm(arm) & member
            share_line(page, arm, cohort.has(events), base)


def _graded(cohort: Cohort, page: Page) -> None:
    """Write one line a class and scale: grades of two scales are never added."""
    severe = _later(cohort) & (cohort.adae["AETOXGR"] >= SEVERE)
    for wanted, events in _classes(cohort):
        scales = sorted(cohort.adae.loc[events, "AESCALE"].dropna().unique()) or [wanted.scale]
        for scale in scales:
            own = events & cohort.adae["AESCALE"].eq(scale)
            stated = cohort.adae.loc[own, "AESCALEF"].eq("STATED").all() and own.any()
            page.line(f"{wanted.label}, {scale}{'' if stated else ' assumed'}")
            for arm in cohort.arms:
                base = cohort.treated & cohort.of_arm(arm)
                share_line(page, arm, cohort.has(own & severe), base)


def _worst(cohort: Cohort, page: Page) -> None:
    """Write the worst grade of each class; the grades add up to the subjects with an event."""
    later = _later(cohort)
    for wanted, events in _classes(cohort):
        own = cohort.adae[events & later]
        for scale, part in own.groupby("AESCALE", sort=True):
            worst = part.groupby("USUBJID")["AETOXGR"].max()
            grade = cohort.adsl["USUBJID"].map(worst)
            for value in sorted(worst.dropna().unique()):
                page.line(f"{wanted.label}, {scale}: grade {value:g}")
                for arm in cohort.arms:
                    base = cohort.treated & cohort.of_arm(arm)
                    hit = grade.eq(value).to_numpy() & base
                    page.tally(int(hit.sum()), int(base.sum()), arm=arm)


def _period(cohort: Cohort, page: Page, period: str) -> None:
    """Write the events of one period among the subjects followed into it (R39)."""
    inside = cohort.adae["APERIOD"].eq(period)
    severe = inside & (cohort.adae["AETOXGR"] >= SEVERE)
    lines = [(ANY, inside), ("Any of grade 3 or more", severe)]
    lines += [(c.label, m & inside) for c, m in _classes(cohort) if (m & inside).any()]
    reached = cohort.periods[period].to_numpy(dtype=bool)
    if not reached.any():
        raise NotDerivableError("nobody was followed into this period")
    for label, events in lines:
        page.line(label)
        for arm in cohort.arms:
            base = reached & cohort.of_arm(arm)
            if base.any():
                share_line(page, arm, cohort.has(events), base)


def _onset(cohort: Cohort, page: Page) -> None:
    later = _later(cohort)
    for wanted, events in _classes(cohort):
        if not (events & later).any():
            continue
        page.line(wanted.label)
        day = cohort.first(events & later, "ASTDY")
        for arm in cohort.arms:
            range_line(page, arm, day[cohort.treated & cohort.of_arm(arm)], "no event")


def _duration(cohort: Cohort, page: Page) -> None:
    """Write how long the first event of each class lasted, and how many had no end."""
    first = cohort.adae[_later(cohort)].sort_values(["USUBJID", "ASTDT", "AESEQ"])
    for wanted in cohort.safety.special_interest:
        own = first[first["AESICL"].eq(wanted.id)].drop_duplicates("USUBJID")
        if own.empty:
            continue
        lasted = own.set_index("USUBJID")["ADURN"]
        days = cohort.adsl["USUBJID"].map(lasted).to_numpy(dtype=float)
        had = cohort.adsl["USUBJID"].isin(own["USUBJID"]).to_numpy()
        page.line(wanted.label)
        for arm in cohort.arms:
            base = cohort.treated & cohort.of_arm(arm)
            range_line(page, arm, days[base & had], "no event that ended")
        page.line(f"{wanted.label}: without an end")
        for arm in cohort.arms:
            base = cohort.treated & cohort.of_arm(arm) & had
            page.tally(int((base & np.isnan(days)).sum()), int(base.sum()), arm=arm)


def _late(cohort: Cohort, page: Page) -> None:
    for wanted in cohort.safety.special_interest:
        if wanted.late is None:
            continue
        events = cohort.adae["AESICL"].eq(wanted.id) & cohort.adae["LATEFL"].eq("Y")
        first = pd.Series(cohort.first(events, "LATEDT"), index=cohort.adsl.index)
        day = (pd.to_datetime(first) - cohort.start).dt.days.to_numpy(dtype=float) + 1
        for arm in cohort.arms:
            base = cohort.treated & cohort.of_arm(arm)
            parts = (cohort.time[base], day[base], cohort.died[base])
            incidence_lines(page, wanted.late.label, arm, cohort.study.times, *parts)
