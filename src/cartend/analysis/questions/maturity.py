"""Whether follow-up is long enough: potential follow-up, time after response (R26, R36)."""

import numpy as np

from cartend.analysis.questions.crossover import days_of
from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADSL
from cartend.stats.results import not_estimable
from cartend.stats.survival import reverse_kaplan_meier, survival_quantile

POTENTIAL = "data cut-off minus origin, whatever happened to the subject"
REVERSE = "reverse Kaplan-Meier, log-log limits"
ENTRY = Entry(
    "maturity",
    "R36",
    "Maturity of follow-up",
    "{set}; of the duration of response, its responders.",
    {
        "days": "Potential follow-up is that of every subject from the origin to the data "
        "cut-off: number; median (least, largest).",
        "median": "Observed follow-up takes an event for the end of it.",
    },
    (ADTTE, ADSL),
)


def answer(material: Material, page: Page) -> None:
    """Write follow-up of PFS, OS and DOR, potential and observed."""
    options = material.study.analyses.maturity
    for name, family in ((options.pfs, "PFS"), (options.os, "OS")):
        page.run(f"{family}: follow-up", follow_up, material, page, name, family, options.days)
    page.run("Duration of response: time since the response", since_response, material, page)


def follow_up(material: Material, page: Page, name: str, family: str, least: int) -> None:
    """Write events, potential follow-up and the reverse Kaplan-Meier median of an endpoint."""
    times = material.times(name, family)
    _lines(material, page, times, least)


def since_response(material: Material, page: Page) -> None:
    """Write the same from the response on, for the responders."""
    options = material.study.analyses.maturity
    paramcd = material.chosen(options.dor, "DOR")
    populations = material.adtte.loc[material.adtte["PARAMCD"] == paramcd, "POP"].unique()
    if not len(populations):
        raise NotDerivableError(f"{paramcd} has no responders")
    _lines(material, page, material.times(paramcd, "DOR", populations[0]), options.days)


def _lines(material: Material, page: Page, times: Times, least: int) -> None:
    potential = days_of(material, times, "CUTDT")
    note = not_estimable("no subject with a data cut-off")
    for arm in material.arms:
        rows = material.of_arm(times, arm)
        known = rows & np.isfinite(potential)
        page.line("Events, of subjects")
        page.tally((times.state[rows] > 0).sum(), rows.sum(), arm=arm)
        page.line("Potential follow-up in months, median (least, largest)")
        numbers = dict.fromkeys(("estimate", "lower", "upper"))
        if known.any():
            own = potential[known]
            numbers = {"estimate": float(np.median(own)), "lower": own.min(), "upper": own.max()}
        page.add("days", POTENTIAL, {"N": int(known.sum()), **numbers}, arm=arm, note=note)
        page.line(f"Potential follow-up of at least {least} days, of subjects")
        page.tally((potential[known] >= least).sum(), rows.sum(), arm=arm, method=POTENTIAL)
        page.line("Observed follow-up in months, median")
        with page.attempt("median", REVERSE, arm):
            curve = reverse_kaplan_meier(times.time[rows], times.event[rows])
            page.estimate("median", REVERSE, survival_quantile(curve, 0.5), arm=arm)
