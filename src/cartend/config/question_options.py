"""The options of each question about the whole trial; every option has a default."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cartend.config.base import Model, Word
from cartend.contract.terms.adverse import T_CELL
from cartend.contract.terms.general import SEX


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


class Bridging(Model):
    """R18: outcome by bridging therapy, from lymphodepletion on (guideline lines 194-203)."""

    pfs: str = ""
    os: str = ""
    nrm: str = ""
    rates: tuple[str, ...] = ("ORR", "CR")
    horizon: int = Field(default=365, ge=1, description="days after lymphodepletion")
    weights: Literal["ate", "att", "overlap"] = "ate"
    covariates: tuple[str, ...] = Field(
        default=(), description="columns of ADSL; default: strata, AGE, PRIORLIN"
    )


class BackgroundRate(Model):
    """Cases of T-cell malignancy per 100,000 person-years at ages from ... up to ..."""

    from_age: float = Field(ge=0)
    to_age: float = Field(gt=0, le=130)
    per_100000: float = Field(ge=0)
    sex: Annotated[str, Word("", *SEX.group("of_registries"))] = ""

    @model_validator(mode="after")
    def _ages_ascend(self) -> "BackgroundRate":
        if not self.from_age < self.to_age:
            raise ValueError(f"from_age {self.from_age:g} is not below to_age {self.to_age:g}")
        return self


class SecondMalignancy(Model):
    """R44: T-cell malignancy against the background (guideline lines 356-357)."""

    lags: tuple[int, ...] = Field(default=(0, 90), description="days after infusion")
    words: tuple[str, ...] = Field(default=T_CELL, min_length=1)
    rates: tuple[BackgroundRate, ...] = ()
    source: str = "not stated"

    @model_validator(mode="after")
    def _rates_have_a_source(self) -> "SecondMalignancy":
        if self.rates and self.source == "not stated":
            raise ValueError("rates without a source; say where the background rates come from")
        return self


class DeathsByPeriod(Model):
    """Deaths by arm, period, cause and infusion (R20)."""

    os: str = ""
    periods: tuple[int, ...] = Field(default=(56, 91, 183, 365), min_length=1)


class Censoring(Model):
    """Who is censored before each landmark, by arm and reason."""

    pfs: str = ""
    efs: str = ""
    os: str = ""
    landmarks: tuple[int, ...] = (183, 365)


class VisitTiming(Model):
    """When the assessments took place, by arm."""

    pfs: str = ""


class MissingResponse(Model):
    """What missing responses could change (R25); a rate is a response endpoint of the study."""

    rates: tuple[str, ...] = Field(default=(), description="default: primary and key secondary")
    missing: tuple[str, ...] = Field(
        default=(
            "no assessment",
            "no evaluable assessment",
            "not assessed in the window",
        ),
        description="reasons of an answer that count as missing",
    )


class Stratification(Model):
    """Strata as randomised, corrected and pooled (R07)."""

    efs: str = ""
    pfs: str = ""
    os: str = ""
    corrected: dict[str, str] = Field(default={}, description="factor: column of ADSL")
    least_events: int = Field(default=10, ge=1, description="a stratum with fewer is sparse")


class Regions(Model):
    """Results by region."""

    pfs: str = ""
    efs: str = ""
    os: str = ""
    map: dict[str, tuple[str, ...]] = Field(default={}, description="region: its COUNTRY codes")
    horizon: int = Field(default=365, ge=1, description="days since the origin")
    least_events: int = Field(default=10, ge=1, description="fewer give no hazard ratio")


class Maturity(Model):
    """Potential and observed follow-up (R26, R36)."""

    pfs: str = ""
    os: str = ""
    dor: str = ""
    days: int = Field(default=183, ge=1, description="wanted after the origin, or the response")


class Hierarchy(Model):
    """The order of tests, their alpha and the information at this look (D36)."""

    order: tuple[str, ...] = Field(default=(), description="default: endpoints with an alpha")
    alpha: float = Field(default=0.05, gt=0, lt=1, description="of an endpoint without its own")
    planned_events: dict[str, int] = {}
    spending: Literal["obrien-fleming", "pocock", "none"] = "obrien-fleming"


class DelayedEffects(Model):
    """Tests and measures for effects that change with time (specification 5.3)."""

    efs: str = ""
    pfs: str = ""
    os: str = ""
    times: tuple[int, ...] = Field(default=(365, 730), min_length=1)
    tau: int | None = Field(default=None, ge=1, description="default: the last of times reached")
    cuts: tuple[int, ...] = Field(default=(56,), min_length=1)


class ExternalControl(Model):
    """An external control with individual data: a CSV with AVAL, EVENT and the covariates."""

    data: str = Field(default="", description="a file, relative to the working directory")
    time_zero: str = Field(default="", description="in words: from when the external are followed")
    endpoint: str = ""
    covariates: tuple[str, ...] = ()
    weights: Literal["ate", "att", "overlap"] = "att"
    horizon: int = Field(default=365, ge=1, description="days since the origin")

    @model_validator(mode="after")
    def _is_described(self) -> "ExternalControl":
        if self.data and not (self.time_zero and self.covariates):
            raise ValueError("data without time_zero and covariates; state both")
        return self
