"""The typed form of ``config/endpoints/<ID>.yaml``: one estimand, the grammar of the engine.

An endpoint has no code of its own. Everything that distinguishes one EFS from another is a value
of one of these models, and each rule that can decide a subject carries its id and its sentence.
"""

from typing import Literal

from pydantic import Field, model_validator

from cartend.config.base import Model
from cartend.config.study import Visit

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
    "NOT_INFUSED",
]
IceType = Literal[
    "NEW_THERAPY",
    "HSCT",
    "CROSSOVER",
    "REINFUSION",
    "SECOND_MALIGNANCY",
    "NOT_INFUSED",
    "MISSED_2",
]
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


HAPPENED = (
    "NEW_THERAPY",
    "HSCT",
    "CROSSOVER",
    "REINFUSION",
    "SECOND_MALIGNANCY",
    "NOT_INFUSED",
)
"""Intercurrent events with a date of their own: each may be an event, and may end a follow-up."""

ASSESSED = ("PD", "RELAPSE", "SD_OR_PD_FROM", "REFRACTORY", "RESPONSE", "state")
TAKES = {
    "criterion": ("NO_RESPONSE", "SD_OR_PD_FROM", "REFRACTORY", "RESPONSE"),
    "window": (*ASSESSED[:-1], "NO_RESPONSE", "DEATH", "MRD_POS"),
    "after": ("PD", "RELAPSE"),
    "qualifies": ("NEW_THERAPY",),
    "cause_in": ("DEATH",),
    "cause_not_in": ("DEATH",),
    "min_missed_visits": ("DEATH",),
}
"""Which types of event a key of a rule means something for."""

WHY_NOT = {
    ("window", kind): ": an intercurrent event that is an event ends the follow-up when it comes"
    for kind in HAPPENED
}
DATED_AT = {
    "assessed": ("event_date", "assessment", "midpoint", "next_visit_nominal"),
    "happened": ("event_date",),
    "NO_RESPONSE": (
        "event_date",
        "assessment",
        "first_failing_assessment",
        "origin",
        "window_end_nominal",
    ),
}
"""Which dates an event of a type may have; an event that happens has the day it happens."""


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
    close (D6). ``tol_before`` and ``tol_after`` replace the visit's own days before and after its
    nominal day. ``start_day`` and ``end_day`` are days since the endpoint's origin, widened by
    ``tol_before`` and ``tol_after``. ``by: actual_day`` takes the nominal days as they are, with
    no tolerance.
    """

    start: str | None = None
    end: str | None = None
    start_day: int | None = None
    end_day: int | None = None
    tol_before: int | None = Field(default=None, ge=0)
    tol_after: int | None = Field(default=None, ge=0)
    by: Literal["visit_label", "actual_day"] = "visit_label"

    @property
    def first_day(self) -> int | None:
        """First day of a window given in days since the origin, None for no such bound."""
        if self.start_day is None:
            return None
        return self.start_day - (self.tol_before or 0) * (self.by == "visit_label")

    @property
    def last_day(self) -> int | None:
        """Last day of a window given in days since the origin, None for no such bound."""
        if self.end_day is None:
            return None
        return self.end_day + (self.tol_after or 0) * (self.by == "visit_label")

    def opens(self, visit: Visit) -> int:
        """Return the day since the anchor on which this rule's window of a visit opens."""
        if self.by == "actual_day":
            return visit.day
        return visit.opens if self.tol_before is None else visit.day - self.tol_before

    def closes(self, visit: Visit) -> int:
        """Return the day since the anchor on which this rule's window of a visit closes."""
        if self.by == "actual_day":
            return visit.day
        return visit.closes if self.tol_after is None else visit.day + self.tol_after

    @property
    def bounds(self) -> tuple[object, ...]:
        """Where the window starts and ends, its tolerances left out."""
        return self.start, self.end, self.start_day, self.end_day

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
        "next_visit_nominal",
    ] = "event_date"
    qualifies: Qualifies = Qualifies()
    cause_in: tuple[Cause, ...] | None = None
    cause_not_in: tuple[Cause, ...] = ()
    min_missed_visits: int | None = Field(default=None, ge=1)
    state: int = Field(default=1, ge=1)
    priority: int | None = None

    @model_validator(mode="after")
    def _criterion_where_needed(self) -> "Event":
        needs = self.type in TAKES["criterion"]
        if needs and self.criterion is None:
            raise ValueError(f"an event of type {self.type} needs a criterion")
        if not needs and self.criterion is not None:
            raise ValueError(f"an event of type {self.type} takes no criterion")
        if needs and self.type != "NO_RESPONSE" and self.criterion.state_from is None:
            raise ValueError(f"the criterion of an event of type {self.type} is state_from")
        return self

    @model_validator(mode="after")
    def _keys_fit_the_type(self) -> "Event":
        for key, types in TAKES.items():
            if key == "criterion" or self.type in types:
                continue
            if getattr(self, key) != type(self).model_fields[key].default:
                raise ValueError(
                    f"key {key} means nothing for an event of type {self.type}; it belongs to "
                    f"{', '.join(types)}{WHY_NOT.get((key, self.type), '')}"
                )
        if self.type == "NO_RESPONSE" and not self.state_rule and any(self.window.bounds):
            raise ValueError(
                "the window of a NO_RESPONSE event is that of the visit its criterion names; only "
                "tol_before, tol_after and by may stand there"
            )
        kind = "state" if self.state_rule else self.type
        allowed = DATED_AT.get(kind, DATED_AT["assessed" if kind in ASSESSED else "happened"])
        if self.dated_at not in allowed:
            raise ValueError(
                f"an event of type {self.type} is not dated at {self.dated_at}; allowed: "
                f"{', '.join(allowed)}"
            )
        return self

    @property
    def state_rule(self) -> bool:
        """Whether the rule is the first assessment in given states, whatever its type."""
        return self.criterion is not None and self.criterion.state_from is not None

    @property
    def preceded_by(self) -> str | tuple[str, ...] | None:
        """The response after which alone a progression counts; any response for a relapse."""
        return self.after or ("response" if self.type == "RELAPSE" else None)

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

    @model_validator(mode="after")
    def _strategy_has_a_meaning(self) -> "IntercurrentEvent":
        why = MEANINGLESS.get((self.type, self.strategy))
        if why:
            raise ValueError(f"{self.type} cannot be {self.strategy}: {why}")
        for key, kind in (
            ("qualifies", "NEW_THERAPY"),
            ("otherwise", "NEW_THERAPY"),
            ("planned", "HSCT"),
            ("visits", "MISSED_2"),
        ):
            if self.type != kind and getattr(self, key) != type(self).model_fields[key].default:
                raise ValueError(f"key {key} means nothing for {self.type}; it belongs to {kind}")
        return self


MEANINGLESS = {
    ("MISSED_2", "composite"): (
        "missed visits become known by the event after them; a death after them is an event of its "
        "own with min_missed_visits"
    ),
    ("MISSED_2", "competing"): (
        "missed visits become known by the event after them and prevent none; a death after them "
        "is a state of its own with min_missed_visits"
    ),
    ("NOT_INFUSED", "while_on_treatment"): (
        "a subject who was never infused was never on treatment; hypothetical ends the follow-up"
    ),
}
"""Strategies that no estimand can mean for a kind of intercurrent event, and why."""


class AssessmentFilter(Model):
    """Which assessments a definition looks at (specification 3.1).

    ``adequate_only: false`` takes an assessment that is not evaluable for one all the same: it
    ends a gap and dates a censoring, but is no response and no stable disease.
    ``after_new_therapy``: as the strategy of new therapy says; ``exclude`` leaves out assessments
    after it though the follow-up goes on. ``same_day_ok: false`` leaves out an assessment on the
    very day on which the follow-up is cut.
    """

    adequate_only: bool = True
    after_new_therapy: Literal["as_strategy", "exclude", "include"] = "as_strategy"
    same_day_ok: bool = True


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
    assessment_filter: AssessmentFilter = AssessmentFilter()
    partial_dates: Literal["imputed", "earliest", "latest"] = Field(
        default="imputed",
        description="which day of a partial date counts: the imputed one, or either bound (D4)",
    )
    missing_baseline: Literal["keep", "censor_at_origin", "exclude"] = Field(
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
        states = [event.state for event in self.events.values() if event.type == ice.type]
        is_event = ice.strategy in ("composite", "competing")
        if is_event and not states:
            raise ValueError(
                f"{ice.type} is {ice.strategy}, but no event of type {ice.type} is listed"
            )
        if states and not is_event:
            raise ValueError(
                f"{ice.type} is listed as an event, but its strategy is {ice.strategy}; "
                "an event's strategy is composite or competing"
            )
        if ice.strategy == "competing" and max(states) == 1:
            raise ValueError(
                f"{ice.type} is competing, but its event has state 1, the state of interest; "
                "a competing event has kind: competing and state 2 or more"
            )
        if ice.strategy == "composite" and min(states) > 1:
            raise ValueError(
                f"{ice.type} is composite, but its event has state {min(states)}; "
                "a composite event has state 1, another state is competing"
            )
        if ice.otherwise in ("composite", "competing") and len(states) < 2:
            raise ValueError(
                f"otherwise: {ice.otherwise} makes the other {ice.type} an event; list a second "
                "event of that type that says by its qualifies which ones it means"
            )

    @model_validator(mode="after")
    def _filter_fits_the_strategies(self) -> "TimeToEvent":
        cuts = any(event.type == "NEW_THERAPY" for event in self.events.values()) or any(
            ice.type == "NEW_THERAPY" and (ice.strategy, ice.otherwise) != POLICY
            for ice in self.intercurrent_events.values()
        )
        if cuts and self.assessment_filter.after_new_therapy == "include":
            raise ValueError(
                "assessment_filter.after_new_therapy: include contradicts a strategy of new "
                "therapy that ends the follow-up at it; use treatment_policy"
            )
        return self


POLICY = ("treatment_policy", "treatment_policy")


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
    confirmation: Confirmation | None = None
    within: str = Field(
        default="",
        pattern=r"^(P\d+[MD])?$",
        description="the response must come within this time of the origin",
    )
    min_sd_days: int | None = None
    new_therapy: Literal["while_on_treatment", "treatment_policy"] = "while_on_treatment"
    hsct: Literal["treatment_policy", "composite", "exclude"] = "treatment_policy"
    reinfusion: Literal["composite", "treatment_policy"] = "composite"
    missing: Literal["non_responder", "exclude"] = "non_responder"
    maturity: Literal["none", "window_closed"] = "none"
    cr_at_rebaseline: Literal["as_others", "kept_if_complete", "exclude", "non_responder"] = Field(
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
    specimen: str | None = Field(
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
        lasting = self.variable in ("durable_response", "mrd_sustained")
        if lasting != bool(self.lasting):
            raise ValueError("lasting goes with variable: durable_response or mrd_sustained")
        respond = self.variable in ("responder", "landmark_response", "durable_response")
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
    "window": ("landmark_response",),
    "variant": ("landmark_response",),
    "within": ("responder",),
    "durability": ("responder",),
    "confirmation": ("best_response", "responder", "durable_response"),
    "min_sd_days": ("best_response", "responder"),
    "maturity": ("landmark_response", "responder"),
    "with_response": ("mrd_negative",),
}
"""Which variables a key of a rate means something for."""


SET_RULE = {"RESPONDERS": "ORR", "CR_SET": "REMISSION", "MRDNEG_SET": "MRDNEG"}
"""Which rate endpoint says who belongs to a set that depends on response (D16)."""
