"""The list of questions: name, requirement, title, and the designs that can answer it."""

from typing import NamedTuple

from cartend.config.study import Study

BOTH = ("randomised", "single-arm")
RANDOMISED = ("randomised",)


class Entry(NamedTuple):
    """One question as the pages name it.

    ``exploratory`` marks what no hypothesis was stated for beforehand (D33, D36).
    """

    name: str
    requirement: str
    title: str
    designs: tuple[str, ...] = BOTH
    exploratory: bool = True


CATALOG = {
    entry.name: entry
    for entry in (
        Entry("eligibility", "R03-R06", "Who may enter, by criterion", BOTH, False),
        Entry("bridging", "R17-R19", "Bridging, washout and new baseline", BOTH, False),
        Entry("concordance", "R23", "Reported response against its components", BOTH, False),
        Entry(
            "mrd_assays", "R29", "Samples of minimal residual disease and their assays", BOTH, False
        ),
        Entry("nrm_bias", "R35", "Does non-relapse mortality bias PFS and EFS?"),
        Entry("depth_of_response", "R24", "Depth of response against survival"),
        Entry("mrd_and_survival", "R28", "Minimal residual disease against survival"),
        Entry("evaluators", "R37", "Independent review against the investigator"),
        Entry("surrogacy", "R34", "Do PFS and EFS stand for OS?"),
        Entry("crossover", "R16", "Overall survival under crossover", RANDOMISED),
        Entry(
            "bridging_and_outcome", "R18", "Outcome by bridging therapy, from lymphodepletion on"
        ),
        Entry("second_malignancy", "R44", "T-cell malignancy against the background rate"),
        Entry("deaths_by_period", "R20", "Deaths by period, cause and infusion"),
        Entry("censoring_before_landmarks", "R31", "Censoring before the landmarks, by reason"),
        Entry("visit_timing", "R37", "Timing of the assessments"),
        Entry("missing_response", "R25", "What missing responses could change"),
        Entry("stratification", "R07", "Strata as randomised, corrected and pooled", RANDOMISED),
        Entry("regions", "R13", "Results by region"),
        Entry("maturity", "R36", "Maturity of follow-up"),
        Entry("hierarchy", "D36", "Order of tests, alpha and information", exploratory=False),
        Entry("delayed_effects", "R31", "Effects that change with time", RANDOMISED),
        Entry(
            "external_control", "R10", "An external control with individual data", ("single-arm",)
        ),
    )
}


def wanted(study: Study) -> list[Entry]:
    """Return the questions of a study: those of its key ``analyses``, else those of its design."""
    if study.analyses.run is not None:
        return [CATALOG[name] for name in study.analyses.run]
    return [entry for entry in CATALOG.values() if study.design in entry.designs]
