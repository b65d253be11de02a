"""The key ``analyses`` of a study file: which questions of a regulator are answered, and how.

Each question has the options of its model in ``question_options``; a study that says nothing is
answered the questions that its design allows.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import model_validator

from cartend.config.base import Model
from cartend.config.question_options import (
    Bridging,
    Censoring,
    Crossover,
    DeathsByPeriod,
    DelayedEffects,
    Depth,
    Evaluators,
    ExternalControl,
    Hierarchy,
    Maturity,
    MissingResponse,
    MrdAndSurvival,
    NrmBias,
    Regions,
    SecondMalignancy,
    Stratification,
    Surrogacy,
    VisitTiming,
)

Question = Literal[
    "eligibility",
    "bridging",
    "concordance",
    "mrd_assays",
    "nrm_bias",
    "depth_of_response",
    "mrd_and_survival",
    "evaluators",
    "surrogacy",
    "crossover",
    "bridging_and_outcome",
    "second_malignancy",
    "deaths_by_period",
    "censoring_before_landmarks",
    "visit_timing",
    "missing_response",
    "stratification",
    "regions",
    "maturity",
    "hierarchy",
    "delayed_effects",
    "external_control",
]
"""The questions by name; each is a file of ``cartend.analysis.questions``."""


class ByRules(Model):
    """R03-R06, R17-R19, R23, R29: the rules stand in the study's files (no options here)."""


class Analyses(Model):
    """The questions that are answered, and the options of each.

    ``run`` lists them by name; left out, every question that the design allows is answered.
    """

    run: tuple[Question, ...] | None = None
    eligibility: ByRules = ByRules()
    bridging: ByRules = ByRules()
    concordance: ByRules = ByRules()
    mrd_assays: ByRules = ByRules()
    nrm_bias: NrmBias = NrmBias()
    depth_of_response: Depth = Depth()
    mrd_and_survival: MrdAndSurvival = MrdAndSurvival()
    evaluators: Evaluators = Evaluators()
    surrogacy: Surrogacy = Surrogacy()
    crossover: Crossover = Crossover()
    bridging_and_outcome: Bridging = Bridging()
    second_malignancy: SecondMalignancy = SecondMalignancy()
    deaths_by_period: DeathsByPeriod = DeathsByPeriod()
    censoring_before_landmarks: Censoring = Censoring()
    visit_timing: VisitTiming = VisitTiming()
    missing_response: MissingResponse = MissingResponse()
    stratification: Stratification = Stratification()
    regions: Regions = Regions()
    maturity: Maturity = Maturity()
    hierarchy: Hierarchy = Hierarchy()
    delayed_effects: DelayedEffects = DelayedEffects()
    external_control: ExternalControl = ExternalControl()

    @model_validator(mode="after")
    def _each_once(self) -> "Analyses":
        names = list(self.run or ())
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"question {repeated[0]} stands twice; each is answered once")
        return self


NAMING = ("pfs", "efs", "os", "nrm", "dor", "endpoint", "rates", "order", "planned_events")
"""Options that name endpoints of the study."""


def named_endpoints(analyses: Analyses) -> Iterator[tuple[str, str]]:
    """Yield (key, endpoint) of every endpoint that the options name; defaults are not asked for."""
    for question in analyses.model_fields_set - {"run"}:
        options = getattr(analyses, question)
        for key in [key for key in NAMING if key in options.model_fields_set]:
            value = getattr(options, key)
            names = [value] if isinstance(value, str) else list(value)
            yield from ((f"{question}.{key}", n) for n in names if n and isinstance(n, str))
