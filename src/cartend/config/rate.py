"""A rate, ``kind: rate``: a category or Y/N for every subject of a population (D13)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cartend.config.base import Kept, Model, Word
from cartend.config.definition import Definition
from cartend.contract.terms.assessment import SPECIMEN
from cartend.contract.terms.estimand import STRATEGY
from cartend.contract.terms.grammar import CR_AT_REBASELINE, MISSING_RESPONSE, RATE_VARIABLE


class RateWindow(Model):
    """How far from the landmark a response may lie to count for it, in days (D14)."""

    before: int = Field(default=0, ge=0)
    after: int = Field(default=28, ge=0)


class Durability(Model):
    """A response counts only if it still stands after so many days (specification 2.3)."""

    days: int = Field(ge=1)
    tolerance: int = Field(default=0, ge=0)
    hsct: Literal["allow", "fail"] = "fail"


class Confirmation(Model):
    """A response counts once a later assessment confirms it (specification 2.5)."""

    ref_confirm_days: int = Field(ge=1, description="least days from response to confirmation")
    max_ne_between: int = Field(default=1, ge=0, description="not evaluable between them at most")
    accept_sd_between: bool = Field(
        default=False, description="one stable disease may lie between, not for a complete response"
    )


class Rate(Definition):
    """A rate, ``kind: rate``: a category or Y/N for every subject of the population (D13)."""

    kind: Literal["rate"]
    variable: Annotated[str, Word(*RATE_VARIABLE)]
    response: tuple[str, ...] | str = "response"
    landmark: str = Field(default="", pattern=r"^(P\d+[MD])?$", description="ISO duration: P3M")
    landmark_days: int | None = Field(default=None, ge=1, description="days; comes before landmark")
    window: RateWindow = RateWindow()
    variant: Literal["strict", "bracket"] = "strict"
    bracket_gap_visits: int = 2
    durability: Durability | None = None
    confirmation: Confirmation | None = None
    within: str = Field(
        default="",
        pattern=r"^(P\d+[MD])?$",
        description="the response must come within this time of the origin",
    )
    min_sd_days: int | None = None
    new_therapy: Annotated[str, Word(*STRATEGY.group("of_new_therapy"))] = "while_on_treatment"
    hsct: Literal["treatment_policy", "composite", "exclude"] = "treatment_policy"
    reinfusion: Annotated[str, Word(*STRATEGY.group("of_reinfusion"))] = "composite"
    missing: Annotated[str, Word(*MISSING_RESPONSE)] = "non_responder"
    maturity: Literal["none", "window_closed"] = "none"
    cr_at_rebaseline: Annotated[str, Word(*CR_AT_REBASELINE)] = Field(
        default="as_others",
        description="subjects in complete response after bridging, before lymphodepletion",
    )
    lasting: str = Field(
        default="",
        pattern=r"^(P\d+[MD])?$",
        description="durable_response, mrd_sustained: for at least this long",
    )
    with_response: tuple[str, ...] | str | None = Field(
        default=None, description="mrd_negative: only with a response of this set"
    )
    response_within: str = Field(
        default="",
        pattern=r"^(P\d+[MD])?$",
        description="with_response: assessed within this time before or after the sample",
    )
    threshold: float | None = Field(
        default=None, gt=0, lt=1, description="mrd_negative: one of mrd: {thresholds} of the study"
    )
    specimen: Annotated[str, Kept(SPECIMEN)] | None = Field(
        default=None, description="mrd_negative: LBSPEC, e.g. PLASMA (ctDNA); else the protocol's"
    )
    at_visit: str | None = Field(
        default=None, description="mrd_negative: sampled within the window of this visit"
    )
    imaging_negative: bool = Field(
        default=False, description="mrd_negative: with negative imaging near the sample"
    )

    @model_validator(mode="after")
    def _landmark_is_given(self) -> "Rate":
        landmark = bool(self.landmark) or self.landmark_days is not None
        if (self.variable == "landmark_response") != landmark:
            raise ValueError("landmark or landmark_days goes with variable: landmark_response")
        about_sample = self.threshold, self.specimen, self.at_visit, self.imaging_negative or None
        if self.variable != "mrd_negative" and any(x is not None for x in about_sample):
            raise ValueError(
                "threshold, specimen, at_visit and imaging_negative go with variable: mrd_negative"
            )
        lasting = self.variable in RATE_VARIABLE.group("lasting")
        if lasting != bool(self.lasting):
            raise ValueError("lasting goes with variable: durable_response or mrd_sustained")
        respond = self.variable in RATE_VARIABLE.group("responds")
        if self.cr_at_rebaseline != "as_others" and not respond:
            raise ValueError(
                "cr_at_rebaseline goes with variable: responder, landmark_response or "
                "durable_response"
            )
        return self

    @model_validator(mode="after")
    def _keys_fit_the_variable(self) -> "Rate":
        for key, variables in RATE_TAKES.items():
            given = getattr(self, key) != type(self).model_fields[key].default
            if given and self.variable not in variables:
                raise ValueError(
                    f"key {key} means nothing for variable: {self.variable}; it goes with "
                    f"{', '.join(variables)}"
                )
        if self.maturity != "none" and self.variable == "responder" and not self.within:
            raise ValueError("maturity needs within: a response may come until then")
        if self.confirmation is not None and self.durability is not None:
            raise ValueError(
                "confirmation and durability both ask for a later assessment; give one of them"
            )
        if self.missing_baseline == "censor_at_origin":
            raise ValueError("a rate has no follow-up to censor; missing_baseline: keep or exclude")
        chosen = self.assessment_filter
        if not chosen.adequate_only or chosen.after_new_therapy != "as_strategy":
            raise ValueError(
                "of assessment_filter a rate takes same_day_ok; an assessment that is not "
                "evaluable is no response, and new_therapy says what counts after new therapy"
            )
        return self


RATE_TAKES = {
    key: RATE_VARIABLE.group(key)
    for key in (
        "window",
        "variant",
        "within",
        "durability",
        "confirmation",
        "min_sd_days",
        "maturity",
        "with_response",
    )
}
"""Which variables a key of a rate means something for."""
