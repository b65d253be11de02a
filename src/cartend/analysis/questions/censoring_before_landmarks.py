"""Who is censored before each landmark, by arm and reason: is it the same in the arms."""

import numpy as np

from cartend.analysis.plan import Comparison
from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.lines import COX, each_endpoint, ratio_line
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import Page
from cartend.contract.datasets.results import ADTTE
from cartend.stats.regression import cox

REVERSE = f"{COX}, censoring as the event"
ENTRY = Entry(
    "censoring_before_landmarks",
    "R31",
    "Censoring before the landmarks, by reason",
    "{set}; the reasons of a section add up to all who are censored by the day.",
    {"cox": "The hazard ratio is that of being censored, experimental over control."},
    (ADTTE,),
)


def answer(material: Material, page: Page) -> None:
    """Write PFS, EFS and OS: censored before each reporting time by reason, and the ratio."""
    options = material.study.analyses.censoring_before_landmarks
    for times in each_endpoint(material, page, options):
        for day in options.landmarks:
            page.run(f"{times.name}: censored by day {day}", by_reason, material, page, times, day)
        title = f"{times.name}: hazard of being censored"
        page.run(title, informative, material, page, times)


def by_reason(material: Material, page: Page, times: Times, day: int) -> None:
    """Write the number censored by the day, of all subjects, by reason; then all of them."""
    gone = (times.state == 0) & (times.time <= day)
    column = "CNSDTDSC" if "CNSDTDSC" in times.frame else "EVNTDESC"
    reason = times.frame[column].fillna("not stated").to_numpy()
    for text in (*sorted(set(reason[gone])), "All reasons"):
        mask = gone if text == "All reasons" else gone & (reason == text)
        page.line(text)
        for arm in material.arms:
            rows = material.of_arm(times, arm)
            page.tally((mask & rows).sum(), rows.sum(), arm=arm)


def informative(material: Material, page: Page, times: Times) -> None:
    """Write the ratio of the hazards of censoring, which equal arms would have near 1."""
    page.each(material.comparisons, _reverse, page, times)


def _reverse(page: Page, whole: Times, against: Comparison) -> None:
    times, arm = whole.between(against), against.label
    page.line("Experimental over control")
    censored = (times.state == 0).astype(np.int64)
    with page.attempt("cox", REVERSE, arm):
        fit = cox(times.time, censored, times.treated)
        counts = {"events": int(censored.sum()), "N": int(censored.size)}
        ratio_line(page, "cox", REVERSE, fit, arm, counts=counts)
