"""Every question of a study answered: the functions behind the catalog, and their failures."""

from collections.abc import Callable

from cartend.analysis.ard import Ard
from cartend.analysis.curves import Curves
from cartend.analysis.questions import (
    bridging,
    bridging_and_outcome,
    censoring_before_landmarks,
    concordance,
    crossover,
    deaths_by_period,
    delayed_effects,
    depth_of_response,
    eligibility,
    evaluators,
    external_control,
    hierarchy,
    maturity,
    missing_response,
    mrd_and_survival,
    mrd_assays,
    nrm_bias,
    regions,
    second_malignancy,
    stratification,
    surrogacy,
    visit_timing,
)
from cartend.analysis.questions.catalog import wanted
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page

ANSWERS: dict[str, Callable[[Material, Page], None]] = {
    "eligibility": eligibility.answer,
    "bridging": bridging.answer,
    "concordance": concordance.answer,
    "mrd_assays": mrd_assays.answer,
    "nrm_bias": nrm_bias.answer,
    "depth_of_response": depth_of_response.answer,
    "mrd_and_survival": mrd_and_survival.answer,
    "evaluators": evaluators.answer,
    "surrogacy": surrogacy.answer,
    "crossover": crossover.answer,
    "bridging_and_outcome": bridging_and_outcome.answer,
    "second_malignancy": second_malignancy.answer,
    "deaths_by_period": deaths_by_period.answer,
    "censoring_before_landmarks": censoring_before_landmarks.answer,
    "visit_timing": visit_timing.answer,
    "missing_response": missing_response.answer,
    "stratification": stratification.answer,
    "regions": regions.answer,
    "maturity": maturity.answer,
    "hierarchy": hierarchy.answer,
    "delayed_effects": delayed_effects.answer,
    "external_control": external_control.answer,
}


def answer_questions(material: Material, ard: Ard, curves: Curves) -> None:
    """Write the answer to every question of the study; one that cannot be answered says why."""
    for entry in wanted(material.study):
        page = Page(ard, curves, entry.name)
        try:
            ANSWERS[entry.name](material, page)
        except NotDerivableError as absent:
            page.absent(str(absent))
