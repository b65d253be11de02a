"""The list of questions in the order of their pages; what each says of itself is its own."""

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
from cartend.analysis.questions.entry import Entry
from cartend.config.study import Study

FILES = (
    eligibility,
    bridging,
    concordance,
    mrd_assays,
    nrm_bias,
    depth_of_response,
    mrd_and_survival,
    evaluators,
    surrogacy,
    crossover,
    bridging_and_outcome,
    second_malignancy,
    deaths_by_period,
    censoring_before_landmarks,
    visit_timing,
    missing_response,
    stratification,
    regions,
    maturity,
    hierarchy,
    delayed_effects,
    external_control,
)
CATALOG: dict[str, Entry] = {file.ENTRY.name: file.ENTRY for file in FILES}


def wanted(study: Study) -> list[Entry]:
    """Return the questions of a study: those of its key ``analyses``, else those of its design."""
    if study.analyses.run is not None:
        return [CATALOG[name] for name in study.analyses.run]
    return [entry for entry in CATALOG.values() if study.design in entry.designs]
