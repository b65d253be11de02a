"""Results by region: subjects, events and hazard ratios, described and not tested (R13)."""

import numpy as np

from cartend.analysis.plan import Comparison
from cartend.analysis.questions.entry import RATIO, Entry
from cartend.analysis.questions.lines import (
    COX,
    SURVIVAL,
    each_endpoint,
    ratio_line,
    survival_estimate,
)
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADSL
from cartend.stats.regression import cox
from cartend.stats.results import not_estimable

ENTRY = Entry(
    "regions",
    "R13",
    "Results by region",
    "{set}; regions are described, not tested.",
    {"cox": RATIO},
    (ADTTE, ADSL),
)


def answer(material: Material, page: Page) -> None:
    """Write every region for PFS, EFS and OS."""
    options = material.study.analyses.regions
    for times in each_endpoint(material, page, options):
        page.run(times.name, by_region, material, page, times)


def region_of(material: Material, times: Times) -> np.ndarray:
    """Return the region of each subject: of its country, else the country itself."""
    country = material.column(times, "COUNTRY")
    if not country.notna().any():
        raise NotDerivableError("ADSL has no COUNTRY")
    known = {c: name for name, codes in material.study.analyses.regions.map.items() for c in codes}
    return country.map(lambda code: known.get(code, code)).fillna("MISSING").to_numpy()


def by_region(material: Material, page: Page, times: Times) -> None:
    """Write survival by arm and the ratio of each region; a small one has no ratio, and why."""
    options = material.study.analyses.regions
    region = region_of(material, times)
    for name in sorted(set(region)):
        mine = region == name
        page.line(f"{name}: without event at day {options.horizon} (%)")
        for arm in material.arms:
            rows = mine & material.of_arm(times, arm)
            counts = {"events": int(times.event[rows].sum()), "N": int(rows.sum())}
            value = survival_estimate(times.time[rows], times.event[rows], options.horizon)
            page.estimate("km", SURVIVAL, value, arm=arm, counts=counts)
        if not material.randomised:
            continue
        page.line(f"{name}: hazard ratio")
        page.each(material.comparisons, _ratio, page, times.where(mine), options.least_events)


def _ratio(page: Page, region: Times, least: int, against: Comparison) -> None:
    """Write the ratio of one comparison in a region, or that it has too few events."""
    own, label = region.between(against), against.label
    counts = {"events": int(own.event.sum()), "N": int(own.time.size)}
    if counts["events"] < least:
        why = f"{counts['events']} events, fewer than {least}"
        page.add("cox", COX, {**counts, "estimate": None}, arm=label, note=not_estimable(why))
        return
    with page.attempt("cox", f"{COX}, unstratified", label):
        fit = cox(own.time, own.event, own.treated)
        ratio_line(page, "cox", f"{COX}, unstratified", fit, label, counts=counts)
