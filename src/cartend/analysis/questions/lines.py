"""Lines that many questions need: hazard ratios, survival at a time, counts by arm."""

from collections.abc import Iterator, Mapping

import numpy as np

from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.config.base import Model
from cartend.contract.terms.estimand import FAMILY
from cartend.stats.regression import CoxResult, cox
from cartend.stats.results import Estimate
from cartend.stats.survival import kaplan_meier, survival_at

COX = "Cox, Efron ties"
SURVIVAL = "Kaplan-Meier, log-log limits"


def ratio_line(
    page: Page,
    analysis: str,
    method: str,
    fit: CoxResult,
    arm: str,
    *,
    place: int = 0,
    counts: Mapping[str, int] | None = None,
) -> None:
    """Write one ratio of a fitted model into the open line."""
    names = ("hazard_ratio", "lower", "upper", "p_value")
    ratio, lower, upper, p_value = (float(getattr(fit, name)[place]) for name in names)
    values = {"estimate": ratio, "lower": lower, "upper": upper, "p_value": p_value}
    page.add(analysis, method, {**(counts or {}), **values}, arm=arm, note=fit.note)


def cox_line(page: Page, analysis: str, times: Times, *, event: np.ndarray | None = None) -> None:
    """Write the hazard ratio of the arms of a comparison, stratified where the study has strata."""
    against = times.against
    assert against is not None
    named = f", {against.strata_label}" if against.strata else ""
    method = f"{COX}{named}"
    happened = times.event if event is None else event
    with page.attempt(analysis, method, against.label):
        strata = times.strata if against.strata else None
        fit = cox(times.time, happened, times.treated, strata=strata)
        counts = {"events": int(happened.sum()), "N": int(happened.size)}
        ratio_line(page, analysis, method, fit, against.label, counts=counts)


def estimates(
    page: Page, analysis: str, method: str, found: Mapping[str, Estimate], time: float
) -> None:
    """Write one estimate an arm."""
    for arm, value in found.items():
        page.estimate(analysis, method, value, arm=arm, time=time)


def survival_estimate(time: np.ndarray, event: np.ndarray, at: float) -> Estimate:
    """Return Kaplan-Meier at one time with its limits and standard error."""
    points = survival_at(kaplan_meier(time, event), np.array([at]))
    limit = points.limit_note[0]
    numbers = (points.estimate[0], points.lower[0], points.upper[0], points.se[0])
    note = points.note[0]
    return Estimate(*map(float, numbers), note=note, lower_note=limit, upper_note=limit)


def each_endpoint(
    material: Material, page: Page, options: Model, group: str = ""
) -> Iterator[Times]:
    """Yield the endpoint of each family that the options have a key for, in their order.

    ``group`` confines them to that group of families; one that is absent says so.
    """
    kept = FAMILY.group(group) if group else FAMILY.codes
    for family in (name.upper() for name in type(options).model_fields if name.upper() in kept):
        try:
            yield material.times(getattr(options, family.lower()), family)
        except NotDerivableError as absent:
            page.section(family)
            page.absent(str(absent))
