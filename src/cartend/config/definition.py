"""The typed form of ``config/endpoints/<ID>.yaml``: one estimand, the grammar of the engine.

An endpoint has no code of its own. Everything that distinguishes one EFS from another is a value
of one of these models, and each rule that can decide a subject carries its id and its sentence.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cartend.config.base import Model, Word
from cartend.config.event import HAPPENED, AssessmentFilter, Censoring, Event, IntercurrentEvent
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.estimand import ORIGIN, POPULATION, STRATEGY
from cartend.contract.terms.estimand import SET_RULE as SET_RULE
from cartend.contract.terms.grammar import MISSING_BASELINE, PARTIAL_DATES

IS_EVENT = STRATEGY.group("is_event")
Population = Annotated[str, Word(*POPULATION)]


class Estimand(Model):
    """The five attributes of ICH E9(R1) in words (D28)."""

    treatment: str
    population: str
    variable: str
    intercurrent_events: str
    summary: str


class Definition(Model):
    """What every endpoint states, whatever its kind."""

    id: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    label: str
    kind: Literal["tte", "competing", "rate"]
    paramcd8: str = Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")
    sentence: str = Field(default="", description="filled from the rules where left out")
    source: str
    uncertain: tuple[str, ...] = ()
    estimand: Estimand
    population: tuple[Population, ...] = ("study",)
    evaluator: Annotated[str, Word("study", *EVALUATOR, "none")] = "study"
    origin: Annotated[str, Word(*ORIGIN)] = "study"
    assessment_filter: AssessmentFilter = AssessmentFilter()
    partial_dates: Annotated[str, Word(*PARTIAL_DATES)] = Field(
        default="imputed",
        description="which day of a partial date counts: the imputed one, or either bound (D4)",
    )
    missing_baseline: Annotated[str, Word(*MISSING_BASELINE)] = Field(
        default="keep",
        description="a subject without disease assessment before the treatment began (D10)",
    )
    family: str = Field(default="", description="endpoints compared with each other, e.g. EFS")
    pair: str | None = Field(default=None, description="endpoint always shown beside it (D32)")


class Weight(Model):
    """The weight of the log-rank test for times after one day, up to another (D1: AVAL scale)."""

    after: int = Field(default=0, ge=0)
    until: int | None = None
    weight: float = Field(ge=0)

    @property
    def piece(self) -> tuple[float, float, float]:
        """The weight as (start, end, w), the end infinite where none is stated."""
        return (self.after, float("inf") if self.until is None else self.until, self.weight)


class TimeToEvent(Definition):
    """A time-to-event estimand, ``kind: tte`` or ``kind: competing``."""

    kind: Literal["tte", "competing"]
    events: dict[str, Event]
    intercurrent_events: dict[str, IntercurrentEvent] = {}
    censoring: dict[str, Censoring]
    not_evaluable_at_landmark: Literal["failure", "censor_last_adequate", "look_ahead"] = "failure"
    look_ahead_days: int = 0
    early_pd_before_window: Literal["ignore", "carry_to_window_start"] = "ignore"
    clinical_progression: Literal["ignore", "event", "censor"] = "ignore"
    visit_tolerance: int | None = Field(
        default=None,
        ge=0,
        description="days before and after every visit's nominal day; none given: the study's own",
    )
    states: dict[int, str] = {1: "event"}
    early_cut: int = Field(
        default=28, ge=0, description="kind competing: last day of an early death (tag EARLY, LATE)"
    )
    times: tuple[int, ...] = Field(
        default=(), description="days at which it is reported besides those of the study"
    )
    tests: bool = Field(default=True, description="false where a set is defined after baseline")
    test_weights: tuple[Weight, ...] = Field(
        default=(), description="a piecewise weighted log-rank test beside the ordinary one"
    )

    @model_validator(mode="after")
    def _states_are_named(self) -> "TimeToEvent":
        if not self.events or not self.censoring:
            raise ValueError(
                "a time-to-event endpoint has at least one event and one censoring rule"
            )
        used = {event.state for event in self.events.values()}
        missing = sorted(used - set(self.states))
        if missing:
            raise ValueError(f"state {missing[0]} has no name under states")
        if self.kind == "tte" and used != {1}:
            raise ValueError("only kind: competing has events of state 2 or more")
        return self

    @model_validator(mode="after")
    def _strategies_have_their_events(self) -> "TimeToEvent":
        for ice in self.intercurrent_events.values():
            if ice.type in HAPPENED:
                self._events_of(ice)
        return self

    def _events_of(self, ice: IntercurrentEvent) -> None:
        """Stop where an intercurrent event is an event of the endpoint and none is listed."""
        happening = ice.happening
        states = [e.state for e in self.events.values() if e.happening == happening]
        meant = f"type RECORD and role {ice.role}" if ice.role else f"type {ice.type}"
        is_event = ice.strategy in IS_EVENT
        if is_event and not states:
            raise ValueError(f"{happening} is {ice.strategy}, but no event of {meant} is listed")
        if states and not is_event:
            raise ValueError(
                f"{happening} is listed as an event, but its strategy is {ice.strategy}; "
                "an event's strategy is composite or competing"
            )
        if ice.strategy == "competing" and max(states) == 1:
            raise ValueError(
                f"{happening} is competing, but its event has state 1, the state of interest; "
                "a competing event has kind: competing and state 2 or more"
            )
        if ice.strategy == "composite" and min(states) > 1:
            raise ValueError(
                f"{happening} is composite, but its event has state {min(states)}; "
                "a composite event has state 1, another state is competing"
            )
        if ice.otherwise in IS_EVENT and len(states) < 2:
            raise ValueError(
                f"otherwise: {ice.otherwise} makes the other {happening} an event; list a second "
                "event of that type that says by its qualifies which ones it means"
            )

    @model_validator(mode="after")
    def _filter_fits_the_strategies(self) -> "TimeToEvent":
        cuts = any(event.type == "NEW_THERAPY" for event in self.events.values()) or any(
            ice.type == "NEW_THERAPY" and {ice.strategy, ice.otherwise} != {"treatment_policy"}
            for ice in self.intercurrent_events.values()
        )
        if cuts and self.assessment_filter.after_new_therapy == "include":
            raise ValueError(
                "assessment_filter.after_new_therapy: include contradicts a strategy of new "
                "therapy that ends the follow-up at it; use treatment_policy"
            )
        return self
