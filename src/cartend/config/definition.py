"""The typed form of ``config/endpoints/<ID>.yaml``: one estimand, the grammar of the engine.

An endpoint has no code of its own. Everything that distinguishes one EFS from another is a value
of one of these models, and each rule that can decide a subject carries its id and its sentence.
"""

from typing import Literal

from pydantic import Field, model_validator

from cartend.config.base import Model

EventType = Literal[
    "PD",
    "RELAPSE",
    "DEATH",
    "NEW_THERAPY",
    "NO_RESPONSE",
    "SD_OR_PD_FROM",
    "REFRACTORY",
    "RESPONSE",
    "MRD_POS",
    "HSCT",
    "SECOND_MALIGNANCY",
    "CROSSOVER",
    "REINFUSION",
]
IceType = Literal["NEW_THERAPY", "HSCT", "CROSSOVER", "REINFUSION", "MISSED_2"]
Strategy = Literal[
    "treatment_policy", "composite", "hypothetical", "while_on_treatment", "competing"
]
Origin = Literal[
    "study",
    "randomisation",
    "enrolment",
    "leukapheresis",
    "infusion",
    "first_response",
    "first_remission",
    "first_mrd_neg",
]
Population = Literal[
    "study",
    "RAND",
    "LA",
    "INF",
    "SAF",
    "EFFEVAL",
    "RESPONDERS",
    "CR_SET",
    "MRD_EVAL",
    "MRDNEG_SET",
]
Reason = Literal["EFFICACY", "TOXICITY", "CONSOLIDATION", "PLANNED", "OTHER", "UNKNOWN"]
"""Why a new therapy was started (SUPPCM NATREAS); UNKNOWN where the data give no reason."""

Cause = Literal[
    "DISEASE UNDER STUDY",
    "INFECTION",
    "CRS",
    "ICANS/NEUROTOXICITY",
    "HLH/MAS",
    "TLS",
    "HAEMORRHAGE",
    "CYTOPENIA-RELATED OTHER",
    "CARDIOVASCULAR/RESPIRATORY",
    "ORGAN FAILURE",
    "SECOND MALIGNANCY",
    "GVHD/HSCT-RELATED",
    "LD/BRIDGING TOXICITY",
    "OTHER",
    "UNKNOWN",
]
"""Classes of the cause of death (specification 4.3, D18)."""

PRIORITY = {
    "PD": 0,
    "RELAPSE": 0,
    "NO_RESPONSE": 1,
    "SD_OR_PD_FROM": 1,
    "REFRACTORY": 1,
    "RESPONSE": 1,
    "MRD_POS": 1,
    "NEW_THERAPY": 2,
}
"""Whose name an event has when several fall on one day; the rest (death last) have 3."""


class Estimand(Model):
    """The five attributes of ICH E9(R1) in words (D28)."""

    treatment: str
    population: str
    variable: str
    intercurrent_events: str
    summary: str


class Window(Model):
    """When a rule looks: visit labels of the study's schedule, or days since the origin.

    ``start: W12`` means from the opening of that visit's window on; ``end: W12`` means up to its
    close (D6). ``start_day`` and ``end_day`` are days since the endpoint's origin; ``by:
    visit_label`` widens them by ``tol_before`` and ``tol_after``, ``by: actual_day`` does not.
    """

    start: str | None = None
    end: str | None = None
    start_day: int | None = None
    end_day: int | None = None
    tol_before: int = Field(default=0, ge=0)
    tol_after: int = Field(default=0, ge=0)
    by: Literal["visit_label", "actual_day"] = "visit_label"

    @property
    def first_day(self) -> int | None:
        """First day of a window given in days since the origin, None for no such bound."""
        if self.start_day is None:
            return None
        return self.start_day - (self.tol_before if self.by == "visit_label" else 0)

    @property
    def last_day(self) -> int | None:
        """Last day of a window given in days since the origin, None for no such bound."""
        if self.end_day is None:
            return None
        return self.end_day + (self.tol_after if self.by == "visit_label" else 0)

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> "Window":
        if self.start is not None and self.start_day not in (None, 0):
            raise ValueError("a window starts at a visit (start) or on a day (start_day), not both")
        if self.end is not None and self.end_day is not None:
            raise ValueError("a window ends at a visit (end) or on a day (end_day), not both")
        return self


class Criterion(Model):
    """Which of the three kinds of non-response (specification 3.1).

    ``best_is`` with ``through``; ``not_achieved`` with ``by``; ``state_from`` with the window's
    ``start``. A response set is a set name of the criteria (``response``) or category codes.
    """

    best_is: tuple[str, ...] | str | None = None
    not_achieved: tuple[str, ...] | str | None = None
    state_from: tuple[str, ...] | str | None = None
    through: str | None = None
    by: str | None = None

    @model_validator(mode="after")
    def _exactly_one_kind(self) -> "Criterion":
        kinds = [k for k in ("best_is", "not_achieved", "state_from") if getattr(self, k)]
        if len(kinds) != 1:
            raise ValueError("exactly one of best_is, not_achieved, state_from")
        if self.best_is and not self.through:
            raise ValueError("best_is needs through: a visit label or landmark name")
        if self.not_achieved and not self.by:
            raise ValueError("not_achieved needs by: a visit label or landmark name")
        return self

    @property
    def landmark(self) -> str | None:
        """The visit whose window's close decides, or None for ``state_from``."""
        return self.through or self.by


class Qualifies(Model):
    """Which new anticancer therapies a rule means, by NATREAS reason and by kind of record."""

    reasons: tuple[Reason, ...] | None = Field(
        default=None, description="NATREAS values that qualify; none given: any reason"
    )
    exclude: tuple[str, ...] = Field(
        default=(), description="NATREAS values or record kinds that never qualify"
    )


class Event(Model):
    """One rule that can make a subject's event."""

    type: EventType
    sentence: str = Field(default="", description="filled from the rule where left out")
    window: Window = Window()
    criterion: Criterion | None = None
    after: str | tuple[str, ...] | None = Field(
        default=None, description="only after the first response in this set"
    )
    dated_at: Literal[
        "event_date",
        "assessment",
        "first_failing_assessment",
        "origin",
        "window_end_nominal",
        "midpoint",
    ] = "event_date"
    qualifies: Qualifies = Qualifies()
    cause_in: tuple[Cause, ...] | None = None
    cause_not_in: tuple[Cause, ...] = ()
    min_missed_visits: int | None = Field(default=None, ge=1)
    state: int = Field(default=1, ge=1)
    priority: int | None = None

    @model_validator(mode="after")
    def _criterion_where_needed(self) -> "Event":
        needs = self.type in ("NO_RESPONSE", "SD_OR_PD_FROM", "REFRACTORY", "RESPONSE")
        if needs and self.criterion is None:
            raise ValueError(f"an event of type {self.type} needs a criterion")
        if not needs and self.criterion is not None:
            raise ValueError(f"an event of type {self.type} takes no criterion")
        return self

    @property
    def rank(self) -> int:
        """Label priority among events of one day: PD, non-response, new therapy, death."""
        return self.priority if self.priority is not None else PRIORITY.get(self.type, 3)


class IntercurrentEvent(Model):
    """How one intercurrent event is handled (ICH E9(R1))."""

    type: IceType
    strategy: Strategy
    qualifies: Qualifies = Qualifies()
    planned: Literal["any", "planned", "unplanned"] = "any"
    otherwise: Strategy = Field(
        default="treatment_policy",
        description="strategy of the non-qualifying kind (D9)",
    )
    visits: int = Field(default=2, ge=1, description="MISSED_2: consecutive visits missed")
    sentence: str = ""


class Censoring(Model):
    """Where the follow-up of a subject without event ends."""

    type: Literal["last_adequate_assessment", "last_known_alive", "death", "last_mrd_sample"]
    cause_in: tuple[Cause, ...] | None = None
    order: int = Field(default=0, description="rules are tried in this order, then as listed")
    sentence: str = ""


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
    evaluator: Literal["study", "IRC", "INV", "none"] = "study"
    origin: Origin = "study"
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
        by_type = {ice.type: ice.strategy for ice in self.intercurrent_events.values()}
        events = {event.type for event in self.events.values()}
        for kind in ("NEW_THERAPY", "HSCT", "CROSSOVER", "REINFUSION"):
            composite = by_type.get(kind) in ("composite", "competing")
            if composite and kind not in events:
                raise ValueError(
                    f"{kind} is {by_type[kind]}, but no event of type {kind} is listed"
                )
            if kind in events and kind in by_type and not composite:
                raise ValueError(
                    f"{kind} is listed as an event, but its strategy is {by_type[kind]}; "
                    "an event's strategy is composite or competing"
                )
        used = {event.state for event in self.events.values()}
        missing = sorted(used - set(self.states))
        if missing:
            raise ValueError(f"state {missing[0]} has no name under states")
        if self.kind == "tte" and used != {1}:
            raise ValueError("only kind: competing has events of state 2 or more")
        return self


class RateWindow(Model):
    """How far from the landmark a response may lie to count for it, in days (D14)."""

    before: int = Field(default=0, ge=0)
    after: int = Field(default=28, ge=0)


class Durability(Model):
    """A response counts only if it still stands after so many days (specification 2.3)."""

    days: int = Field(ge=1)
    tolerance: int = Field(default=0, ge=0)
    hsct: Literal["allow", "fail"] = "fail"


class Rate(Definition):
    """A rate, ``kind: rate``: a category or Y/N for every subject of the population (D13)."""

    kind: Literal["rate"]
    variable: Literal[
        "best_response",
        "responder",
        "landmark_response",
        "durable_response",
        "mrd_negative",
        "mrd_sustained",
    ]
    response: tuple[str, ...] | str = "response"
    landmark: str = Field(default="", pattern=r"^(P\d+[MD])?$", description="ISO duration: P3M")
    landmark_days: int | None = Field(default=None, ge=1, description="days; comes before landmark")
    window: RateWindow = RateWindow()
    variant: Literal["strict", "bracket"] = "strict"
    bracket_gap_visits: int = 2
    durability: Durability | None = None
    within: str = Field(
        default="",
        pattern=r"^(P\d+[MD])?$",
        description="the response must come within this time of the origin",
    )
    min_sd_days: int | None = None
    new_therapy: Literal["while_on_treatment", "treatment_policy"] = "while_on_treatment"
    hsct: Literal["treatment_policy", "composite", "exclude"] = "treatment_policy"
    missing: Literal["non_responder", "exclude"] = "non_responder"
    maturity: Literal["none", "window_closed"] = "none"
    lasting: str = Field(
        default="",
        pattern=r"^(P\d+[MD])?$",
        description="durable_response, mrd_sustained: for at least this long",
    )
    with_response: tuple[str, ...] | str | None = Field(
        default=None, description="mrd_negative: only with a response of this set"
    )

    @model_validator(mode="after")
    def _landmark_is_given(self) -> "Rate":
        landmark = bool(self.landmark) or self.landmark_days is not None
        if (self.variable == "landmark_response") != landmark:
            raise ValueError("landmark or landmark_days goes with variable: landmark_response")
        lasting = self.variable in ("durable_response", "mrd_sustained")
        if lasting != bool(self.lasting):
            raise ValueError("lasting goes with variable: durable_response or mrd_sustained")
        return self


SET_RULE = {"RESPONDERS": "ORR", "CR_SET": "REMISSION", "MRDNEG_SET": "MRDNEG"}
"""Which rate endpoint says who belongs to a set that depends on response (D16)."""
