"""Exposure (R12) and the first dosing of adults and children (R02)."""

import numpy as np

from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.safety.lines import range_line, share_line
from cartend.analysis.safety.subjects import DAYS_PER_YEAR, Cohort
from cartend.stats.poisson import upper_bound
from cartend.stats.proportions import clopper_pearson

SUM = "sum of days from day 0 to death, last contact or crossover, over 365.25"
NO_EVENT = "one-sided 95% Clopper-Pearson limit of no event"
NO_RATE = "one-sided 95% Poisson limit of no event"
FOLLOWED = 28


def exposure(cohort: Cohort, page: Page) -> None:
    """Write who was exposed, for how long, and what no event would rule out."""
    page.run("Exposed", _exposed, cohort, page, np.ones(len(cohort.adsl), dtype=bool))
    if len(cohort.age_groups) > 1:
        for age in cohort.age_groups:
            member = cohort.adsl["AGEGR"].eq(age).to_numpy()
            page.run(f"Exposed, age {age}", _exposed, cohort, page, member)
    page.run("What no event in these subjects rules out", _bounds, cohort, page)


def _exposed(cohort: Cohort, page: Page, member: np.ndarray) -> None:
    for arm in cohort.arms:
        base = cohort.treated & cohort.of_arm(arm) & member
        page.line("Subjects treated")
        page.add("number", "subjects with a day 0", {"n": int(base.sum())}, arm=arm)
        page.line("Person-years")
        page.add("person_years", SUM, {"estimate": cohort.person_years(base)}, arm=arm)
        page.line("Follow-up, years")
        range_line(page, arm, cohort.time[base] / DAYS_PER_YEAR, "no subjects")


def _bounds(cohort: Cohort, page: Page) -> None:
    for arm in cohort.arms:
        base = cohort.treated & cohort.of_arm(arm)
        total, years = int(base.sum()), cohort.person_years(base)
        if not total:
            continue
        page.line("A risk above (%)")
        risk = clopper_pearson(0, total, level=0.9).upper
        page.add("proportion", NO_EVENT, {"estimate": risk}, arm=arm)
        page.line("A rate above (per 100 person-years)")
        page.add("rate", NO_RATE, {"estimate": 100 * upper_bound(0, years)}, arm=arm)


def first_dosing(cohort: Cohort, page: Page) -> None:
    """Write what was known of the adults on the day of the first infusion of a child.

    Raises
    ------
    NotDerivableError
        Where there are no children or no adults among the infused.
    """
    cut = cohort.study.age_groups[0]
    child = cohort.infused & (cohort.adsl["AGE"] < cut).to_numpy()
    adult = cohort.infused & (cohort.adsl["AGE"] >= cut).to_numpy()
    if not child.any() or not adult.any():
        who = "child" if not child.any() else "adult"
        raise NotDerivableError(f"no {who} was infused")
    day = cohort.start[child].min()
    page.section("Infusions")
    page.line("Days from the first infusion of an adult to that of a child")
    apart = int((day - cohort.start[adult].min()).days)
    page.add("number", "days; below 0: a child came first", {"n": apart})
    page.section("Adults on the day of the first infusion of a child")
    before = adult & (cohort.start < day).to_numpy()
    page.line("Infused before that day")
    page.tally(int(before.sum()), int(adult.sum()))
    page.line(f"Of these followed for {FOLLOWED} days or more")
    followed = ((day - cohort.start).dt.days >= FOLLOWED).to_numpy()
    share_line(page, "", before & followed, before)
    known = (cohort.adae["ASTDT"] < day) & (cohort.adae["ASTDT"] >= cohort.adae["AREFDT"])
    severe = known & (cohort.adae["AETOXGR"] >= 3)
    page.line("With an adverse event of grade 3 or more")
    share_line(page, "", cohort.has(severe), before)
    for wanted in cohort.safety.special_interest:
        if wanted.severe:
            page.line(f"With {wanted.label} of grade 3 or more")
            own = severe & cohort.adae["AESICL"].eq(wanted.id)
            share_line(page, "", cohort.has(own), before)
    page.line("Died")
    share_line(page, "", (cohort.adsl["DTHDT"] < day).to_numpy(), before)
