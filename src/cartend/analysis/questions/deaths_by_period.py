"""Deaths by arm and period, by cause, infused or not, and where the survival curves cross (R20)."""

import numpy as np

from cartend.analysis.plan import Comparison
from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import Page
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADSL
from cartend.stats.results import not_estimable
from cartend.stats.survival import kaplan_meier

CROSSING = "sign of the difference of the Kaplan-Meier curves, up to the shorter follow-up"
ENTRY = Entry(
    "deaths_by_period",
    "R20",
    "Deaths by period, cause and infusion",
    "{set}; the deaths of each section add up to all deaths of an arm.",
    {"difference": "The largest difference is survival of experimental minus control."},
    (ADTTE, ADSL),
)


def answer(material: Material, page: Page) -> None:
    """Write deaths by period, cause and infusion, then the crossing of the curves."""
    options = material.study.analyses.deaths_by_period
    os = material.times(options.os, "OS")
    page.run("Deaths, of all subjects, by day since the origin", periods, material, page, os)
    page.run("Deaths by cause, of all deaths", causes, material, page, os)
    page.run("Deaths by infusion, of all deaths", infusion, material, page, os)
    page.run("Crossing of the survival curves", crossings, material, page, os)


def _tallies(material: Material, page: Page, os: Times, text: str, mask, of=None) -> None:
    page.line(text)
    for arm in material.arms:
        rows = material.of_arm(os, arm)
        total = rows if of is None else rows & of
        page.tally((mask & rows).sum(), total.sum(), arm=arm)


def periods(material: Material, page: Page, os: Times) -> None:
    """Write deaths in each period, then over the whole follow-up; they add up."""
    cuts = material.study.analyses.deaths_by_period.periods
    died = os.state > 0
    for low, high in zip((0, *cuts), cuts, strict=False):
        mask = died & (os.time > low) & (os.time <= high)
        _tallies(material, page, os, f"After day {low} to day {high}", mask)
    _tallies(material, page, os, f"After day {cuts[-1]}", died & (os.time > cuts[-1]))
    _tallies(material, page, os, "All deaths", died)


def causes(material: Material, page: Page, os: Times) -> None:
    """Write the causes of death, each class once; they add up to the deaths."""
    died = os.state > 0
    why = material.column(os, "DTHCAUS").fillna("MISSING").to_numpy()
    for name in sorted(set(why[died])):
        _tallies(material, page, os, name.capitalize(), died & (why == name), died)


def infusion(material: Material, page: Page, os: Times) -> None:
    """Write deaths by whether the subject was infused before."""
    died = os.state > 0
    given = material.column(os, "TRTSDT").notna().to_numpy()
    _tallies(material, page, os, "Infused", died & given, died)
    _tallies(material, page, os, "Not infused", died & ~given, died)


def crossings(material: Material, page: Page, os: Times) -> None:
    """Write for each comparison where the curves of its arms cross."""
    page.each(material.comparisons, crossing, page, os)


def crossing(page: Page, whole: Times, against: Comparison) -> None:
    """Write how often the curves cross, and the last day on which they do."""
    os = whole.between(against)
    curves = [kaplan_meier(os.time[rows], os.event[rows]) for rows in os.both_arms()]
    last = min(float(curve.time[-1]) for curve in curves)
    grid = np.unique(np.concatenate([curve.time[curve.n_event > 0] for curve in curves]))
    grid = grid[grid <= last]
    steps = [
        np.concatenate(([1.0], c.survival))[np.searchsorted(c.time, grid, side="right")]
        for c in curves
    ]
    sign = np.sign(np.round(steps[0] - steps[1], 12))
    days, sign = grid[sign != 0], sign[sign != 0]
    place = np.flatnonzero(sign[1:] != sign[:-1]) + 1
    page.line("Number of crossings")
    page.add("number", CROSSING, {"n": int(place.size)}, arm=against.label)
    note = not_estimable("the curves do not cross")
    for text, value in (
        ("Day of the last crossing", float(days[place[-1]]) if place.size else None),
        ("Largest survival difference, percentage points", None),
    ):
        page.line(text)
        if value is None and text.startswith("Largest"):
            gap = steps[0] - steps[1]
            at = int(np.argmax(np.abs(gap))) if gap.size else 0
            numbers = {"estimate": float(gap[at]) if gap.size else None}
            empty = not_estimable("no deaths")
            page.add("difference", CROSSING, numbers, arm=against.label, note=empty)
        else:
            page.add("day", CROSSING, {"estimate": value}, arm=against.label, note=note)
