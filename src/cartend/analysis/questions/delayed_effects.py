"""Is the hazard ratio enough: tests and measures for effects that change with time (5.3)."""

import numpy as np

from cartend.analysis.plan import Comparison
from cartend.analysis.questions.entry import GAP, RANDOMISED, RATIO, Entry
from cartend.analysis.questions.lines import (
    SURVIVAL,
    cox_line,
    each_endpoint,
    ratio_line,
    survival_estimate,
)
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import Page
from cartend.config.question_options import DelayedEffects
from cartend.contract.datasets.results import ADTTE
from cartend.stats.contrasts import milestone_difference, rmst_difference
from cartend.stats.logrank import logrank
from cartend.stats.maxcombo import maxcombo
from cartend.stats.piecewise import piecewise_cox
from cartend.stats.proportionality import proportional_hazards_test
from cartend.stats.survival import kaplan_meier, survival_at

WEIGHTS = ((0, 0), (1, 0), (0, 1), (1, 1))
AFTER = "among those at risk after day {:g}: no effect on all who were randomised"
ENTRY = Entry(
    "delayed_effects",
    "R31",
    "Effects that change with time",
    "{set}.",
    {"cox": RATIO, "difference rmst_difference": GAP},
    (ADTTE,),
    RANDOMISED,
)


def answer(material: Material, page: Page) -> None:
    """Write one section an endpoint: tests, differences, ratios by period, proportionality."""
    options = material.study.analyses.delayed_effects
    for times in each_endpoint(material, page, options):
        page.run(times.name, one_endpoint, material, page, times)


def one_endpoint(material: Material, page: Page, times: Times) -> None:
    """Write everything of one endpoint, the ratio of all events first."""
    options = material.study.analyses.delayed_effects
    page.each(material.comparisons, _tests, page, times)
    _survival(material, page, times, options.times)
    page.each(material.comparisons, _differences, page, times, options)
    page.each(material.comparisons, _by_period, page, times, options.cuts)


def _strata(times: Times, against: Comparison) -> tuple[np.ndarray | None, str]:
    named = against.strata_label
    return (times.strata, f", {named}") if named else (None, "")


def _tests(page: Page, whole: Times, against: Comparison) -> None:
    times = whole.between(against)
    page.line("Hazard ratio, all events")
    cox_line(page, "cox", times)
    strata, named = _strata(times, against)
    arm, data = against.label, (times.time, times.event, times.treated)
    note = "not estimable: the test does not exist"
    for rho, gamma in WEIGHTS:
        page.line(f"Fleming-Harrington ({rho}, {gamma})")
        method = f"weighted log-rank{named}"
        with page.attempt("test", method, arm):
            test = logrank(*data, strata=strata, rho=rho, gamma=gamma)
            page.add("test", method, {"p_value": test.p_value}, arm=arm, note=test.note or note)
    page.line("MaxCombo of these four")
    combined = maxcombo(*data, weights=WEIGHTS, strata=strata)
    values = {"p_value": combined.p_value}
    page.add("test", f"MaxCombo{named}", values, arm=arm, note=combined.note)
    page.line("Proportional hazards")
    found = proportional_hazards_test(*data, strata=strata)
    values = {"p_value": float(found.p_value[0])}
    page.add("test", f"score test, Kaplan-Meier scale{named}", values, arm=arm, note=found.note)


def _survival(material: Material, page: Page, times: Times, days: tuple[int, ...]) -> None:
    """Write survival of every arm on each day."""
    for day in days:
        page.line(f"Without event at day {day} (%)")
        for arm in material.arms:
            mask = material.of_arm(times, arm)
            own = survival_estimate(times.time[mask], times.event[mask], day)
            page.estimate("km", SURVIVAL, own, arm=arm)


def _differences(page: Page, whole: Times, options: DelayedEffects, against: Comparison) -> None:
    times = whole.between(against)
    pair = tuple(kaplan_meier(times.time[own], times.event[own]) for own in times.both_arms())
    points = [survival_at(curve, np.array(options.times)) for curve in pair]
    found = milestone_difference(*points)
    for day, value in zip(options.times, found, strict=True):
        page.line(f"Without event at day {day} (%)")
        page.estimate("difference", "difference, normal limits", value, arm=against.label)
    last = min(float(curve.time[-1]) for curve in pair)
    tau = options.tau or max((t for t in options.times if t <= last), default=int(last))
    page.line(f"Restricted mean difference to day {tau}, months")
    value = rmst_difference(*pair, tau)
    page.estimate("rmst_difference", "area between the curves", value, arm=against.label)


def _by_period(page: Page, whole: Times, cuts: tuple[int, ...], against: Comparison) -> None:
    times, arm = whole.between(against), against.label
    strata, named = _strata(times, against)
    head = (times.time, times.event, times.treated)
    fits = piecewise_cox(*head, cuts, strata=strata)
    ends = (0, *cuts, None)
    for i, fit in enumerate(fits):
        low, high = ends[i], ends[i + 1]
        inside = (times.time > low) & (times.event > 0)
        inside &= times.time <= (high if high is not None else np.inf)
        text = f"day {low} to {high}" if high is not None else f"after day {low}"
        page.line(f"Hazard ratio, {text}")
        said = f"piecewise Cox{named}" + (f"; {AFTER.format(low)}" if low else "")
        counts = {"events": int(inside.sum()), "N": int((times.time > low).sum())}
        ratio_line(page, "cox", said, fit, arm, counts=counts)
