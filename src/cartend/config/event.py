"""The rules of an endpoint: events, intercurrent events, assessments, censoring."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cartend.config.base import Model, Said, Word
from cartend.config.window import Criterion, Window
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.estimand import EVENT_TYPE, INTERCURRENT_TYPE, STRATEGY
from cartend.contract.terms.grammar import CENSORED_AT, EVENT_DATE
from cartend.contract.terms.roles import DATED_AS
from cartend.contract.terms.therapy import NEW_THERAPY_REASON, THERAPY_CLASS

EventType = Annotated[str, Word(*EVENT_TYPE)]
IceType = Annotated[str, Word(*INTERCURRENT_TYPE)]
Strategy = Annotated[str, Word(*STRATEGY)]
Cause = Annotated[str, Said(CAUSE)]
Reason = Annotated[str, Said(NEW_THERAPY_REASON)]

RANKS = tuple(EVENT_TYPE.group(f"names_{place}") for place in ("first", "second", "third"))
"""Whose name an event has when several fall on one day; the rest (death last) come after them."""

HAPPENED = EVENT_TYPE.group("happened")
"""Intercurrent events with a date of their own: each may be an event, and may end a follow-up."""

TAKES = {
    key: EVENT_TYPE.group(key)
    for key in (
        "criterion",
        "window",
        "after",
        "qualifies",
        "cause_in",
        "cause_not_in",
        "min_missed_visits",
    )
}
"""Which types of event a key of a rule means something for."""

WHY_NOT = {
    ("window", kind): ": an intercurrent event that is an event ends the follow-up when it comes"
    for kind in HAPPENED
}


class Qualifies(Model):
    """Which new anticancer therapies a rule means, by NATREAS reason and by class."""

    reasons: tuple[Reason, ...] | None = Field(
        default=None, description="NATREAS values that qualify; none given: any reason"
    )
    exclude: tuple[Annotated[str, Said(NEW_THERAPY_REASON, THERAPY_CLASS)], ...] = Field(
        default=(), description="NATREAS values or classes of therapy that never qualify"
    )


class Happening(Model):
    """What an event and an intercurrent event share: their type, and the role of a RECORD.

    ``type: RECORD`` is a record of the role that ``role`` names, dated by its start.
    """

    role: str = Field(default="", description="RECORD: the role of the records that are meant")

    def _role_fits(self, kind: str) -> None:
        """Stop where a RECORD has no role, or another type has one."""
        if kind == "RECORD" and not self.role:
            raise ValueError("RECORD needs role: which records are meant (records of the study)")
        if kind != "RECORD" and self.role:
            raise ValueError(f"key role means nothing for {kind}; it belongs to RECORD")

    def _happening(self, kind: str) -> str:
        return DATED_AS.get(self.role, self.role) if kind == "RECORD" else kind


class Event(Happening):
    """One rule that can make a subject's event."""

    type: EventType
    sentence: str = Field(default="", description="filled from the rule where left out")
    window: Window = Window()
    criterion: Criterion | None = None
    after: str | tuple[str, ...] | None = Field(
        default=None, description="only after the first response in this set"
    )
    dated_at: Annotated[str, Word(*EVENT_DATE)] = "event_date"
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
        if needs and self.type != "NO_RESPONSE" and not self.state_rule:
            raise ValueError(f"the criterion of an event of type {self.type} is state_from")
        return self

    @model_validator(mode="after")
    def _keys_fit_the_type(self) -> "Event":
        self._role_fits(self.type)
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
        allowed = EVENT_DATE.group(self._dated_as)
        if self.dated_at not in allowed:
            raise ValueError(
                f"an event of type {self.type} is not dated at {self.dated_at}; allowed: "
                f"{', '.join(allowed)}"
            )
        return self

    @property
    def happening(self) -> str:
        """The kind of dated event: that of the role where the type is RECORD, else the type."""
        return self._happening(self.type)

    @property
    def _dated_as(self) -> str:
        """Which dates it may have: one that happens has the day on which it happens."""
        if self.state_rule or self.type in EVENT_TYPE.group("assessed"):
            return "assessed"
        return "no_response" if self.type == "NO_RESPONSE" else "happened"

    @property
    def state_rule(self) -> bool:
        """Whether the rule is the first assessment in given states, whatever its type."""
        return self.states is not None

    @property
    def states(self) -> tuple[str, ...] | str | None:
        """The states whose first assessment makes the event, where the rule names some."""
        return self.criterion.state_from if self.criterion is not None else None

    @property
    def preceded_by(self) -> str | tuple[str, ...] | None:
        """The response after which alone a progression counts; any response for a relapse."""
        return self.after or ("response" if self.type == "RELAPSE" else None)

    @property
    def rank(self) -> int:
        """Label priority among events of one day: PD, non-response, new therapy, death."""
        if self.priority is not None:
            return self.priority
        return next((n for n, types in enumerate(RANKS) if self.type in types), len(RANKS))


class IntercurrentEvent(Happening):
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
        self._role_fits(self.type)
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

    @property
    def happening(self) -> str:
        """The kind of dated event: that of the role where the type is RECORD, else the type."""
        return self._happening(self.type)


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

    type: Annotated[str, Word(*CENSORED_AT)]
    cause_in: tuple[Cause, ...] | None = None
    order: int = Field(default=0, description="rules are tried in this order, then as listed")
    sentence: str = ""
