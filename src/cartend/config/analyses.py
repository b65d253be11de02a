"""The key ``analyses`` of a study file: which questions of a regulator are answered, and how.

Each question has the options of its model here; each option has a default, so a study that says
nothing is answered the questions that its design allows.
"""

from typing import Literal

from pydantic import Field, model_validator

from cartend.config.base import Model

Question = Literal[
    "nrm_bias",
    "depth_of_response",
    "mrd_and_survival",
    "evaluators",
    "surrogacy",
    "crossover",
]
"""The questions by name; each is a file of ``cartend.analysis.questions``."""


class NrmBias(Model):
    """R35: does non-relapse mortality bias PFS and EFS, guideline lines 306-309.

    A blank endpoint means the study's first of that family.
    """

    pfs: str = ""
    efs: str = ""
    os: str = ""
    nrm: str = ""
    times: tuple[int, ...] = Field(default=(365, 730), description="days, 12 and 24 months")


class Depth(Model):
    """R24: depth of response against survival (guideline lines 247-252)."""

    pfs: str = ""
    os: str = ""
    landmarks: tuple[int, ...] = Field(default=(28, 90, 180), description="days since the origin")
    horizon: int = Field(default=365, ge=1, description="days after the landmark")


class MrdAndSurvival(Model):
    """R28: MRD against PFS and OS (guideline lines 272-277)."""

    pfs: str = ""
    os: str = ""
    landmarks: tuple[int, ...] = Field(default=(28, 90, 180), description="days since the origin")
    horizon: int = Field(default=365, ge=1, description="days after the landmark")
    thresholds: tuple[float, ...] = (1e-4, 1e-5, 1e-6)


class Evaluators(Model):
    """R37: independent review against the investigator (guideline lines 312-320)."""

    pfs: str = ""
    efs: str = ""
    times: tuple[int, ...] = Field(default=(183, 365), description="days since the origin")
    flag: float = Field(default=0.1, gt=0, lt=1, description="difference of discrepancy rates")
    covariates: tuple[str, ...] = Field(
        default=(), description="columns of ADSL; default: strata, AGE, PRIORLIN"
    )


class Effect(Model):
    """A hazard ratio as reported, with its 95 % limits."""

    hr: float = Field(gt=0)
    lower: float = Field(gt=0)
    upper: float = Field(gt=0)

    @model_validator(mode="after")
    def _limits_hold_it(self) -> "Effect":
        if not self.lower < self.upper or not self.lower <= self.hr <= self.upper:
            raise ValueError(f"hr {self.hr:g} does not lie in {self.lower:g} to {self.upper:g}")
        return self


class Trial(Model):
    """The effects of one trial on the surrogate and on OS, and where they are reported."""

    trial: str
    surrogate: Effect
    os: Effect
    source: str


class Surrogacy(Model):
    """R34: whether PFS and EFS stand for OS (guideline lines 305-306)."""

    pfs: str = ""
    efs: str = ""
    os: str = ""
    landmarks: tuple[int, ...] = Field(default=(183, 365), description="days since the origin")
    horizon: int = Field(default=365, ge=1, description="days after the landmark")
    trials: tuple[Trial, ...] = ()
    least_trials: int = Field(default=6, ge=4, description="fewer trials give no R squared")

    @model_validator(mode="after")
    def _trials_once(self) -> "Surrogacy":
        names = [trial.trial for trial in self.trials]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"trial {repeated[0]} stands twice")
        return self


class Crossover(Model):
    """R16: overall survival under crossover (guideline lines 182-183)."""

    os: str = ""
    pfs: str = ""
    covariates: tuple[str, ...] = Field(
        default=(), description="columns of ADSL; default: strata, AGE, PRIORLIN"
    )


class Analyses(Model):
    """The questions that are answered, and the options of each.

    ``run`` lists them by name; left out, every question that the design allows is answered.
    """

    run: tuple[Question, ...] | None = None
    nrm_bias: NrmBias = NrmBias()
    depth_of_response: Depth = Depth()
    mrd_and_survival: MrdAndSurvival = MrdAndSurvival()
    evaluators: Evaluators = Evaluators()
    surrogacy: Surrogacy = Surrogacy()
    crossover: Crossover = Crossover()

    @model_validator(mode="after")
    def _each_once(self) -> "Analyses":
        names = list(self.run or ())
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"question {repeated[0]} stands twice; each is answered once")
        return self
