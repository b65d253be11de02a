"""The typed form of ``config/eligibility/<name>.yaml``: who may enter, as a tree of conditions.

A criterion is a condition, or holds when any or all of its parts do. Each answers MET, NOT MET or
CANNOT BE JUDGED. Source: specification 1.2; guideline lines G78-131.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cartend.config.base import Model, Said, Word
from cartend.config.bridging import TherapyClass
from cartend.contract.terms.roles import ROLE
from cartend.contract.terms.therapy import LINE_PHASE

Fact = Literal[
    "lines",
    "exposed",
    "failed_agents",
    "intolerant",
    "refractory",
    "no_response",
    "line_failed",
    "relapse_within",
    "relapse_after_transplant",
    "characteristic",
    "age",
    "washout",
]
COMPARISONS = ("one_of", "none_of", "at_least", "at_most", "above", "below")
AGENTS = ("agents", "classes")
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "lines": (("at_least",), ("at_most",)),
    "exposed": ((), (*AGENTS, "full_dose", "line")),
    "failed_agents": (("at_least", "response"), AGENTS),
    "intolerant": ((), AGENTS),
    "refractory": (("no_response",), (*AGENTS, "line", "within_days")),
    "no_response": (("response",), ("line", "cycles")),
    "line_failed": (("response",), ("line",)),
    "relapse_within": (("months", "since"), ("line", "response")),
    "relapse_after_transplant": (("agents",), ()),
    "characteristic": (("test",), COMPARISONS),
    "age": ((), COMPARISONS[2:]),
    "washout": (("procedure",), ()),
}
"""What each fact needs, and what it takes besides."""


class Condition(Model):
    """One question to a subject's data; each fact takes the keys that ``KEYS`` lists."""

    fact: Fact
    agents: tuple[str, ...] = ()
    classes: tuple[TherapyClass, ...] = ()
    line: Literal["any", "first", "last", "later"] = "any"
    full_dose: bool = False
    response: tuple[str, ...] = Field(default=(), description="best responses that count as one")
    no_response: tuple[str, ...] = Field(default=(), description="best responses that are none")
    within_days: int | None = Field(default=None, ge=0)
    cycles: int | None = Field(default=None, ge=1)
    months: int | None = Field(default=None, ge=1, description="calendar months, the last day in")
    since: Literal["response", "end", "start"] | None = None
    test: str = ""
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    procedure: Annotated[str, Word(*ROLE.group("after_washout"))] | None = None

    @model_validator(mode="after")
    def _keys_belong_to_the_fact(self) -> Self:
        needed, taken = KEYS[self.fact]
        given = {name for name in self.model_fields_set if name != "fact"}
        for name in needed:
            if name not in given:
                raise ValueError(f"fact {self.fact} needs the key {name}")
        foreign = sorted(given - {*needed, *taken})
        if foreign:
            allowed = ", ".join((*needed, *taken))
            raise ValueError(f"fact {self.fact} takes no key {foreign[0]}; it takes {allowed}")
        if self.since == "response" and not self.response:
            raise ValueError("since: response needs the key response, the categories of one")
        compared = given & set(COMPARISONS)
        if self.fact in ("characteristic", "age") and not compared:
            raise ValueError(f"fact {self.fact} needs a comparison: {', '.join(COMPARISONS)}")
        if self.fact in ("exposed", "failed_agents", "intolerant") and not given & set(AGENTS):
            raise ValueError(f"fact {self.fact} needs agents or classes")
        return self


class CaseReport(Model):
    """The flag of the case report form for a criterion: an SC test and what its values mean."""

    test: str
    met: tuple[str, ...]
    not_met: tuple[str, ...]

    @model_validator(mode="after")
    def _a_value_means_one_thing(self) -> Self:
        both = sorted(set(self.met) & set(self.not_met))
        if both:
            raise ValueError(f"value {both[0]} stands under met and under not_met")
        return self


class Criterion(Model):
    """One criterion with its sentence and source: a condition, or parts of which any or all hold.

    ``role: reported`` is shown and does not decide eligibility.
    """

    label: str
    sentence: str
    source: str
    guideline: str = Field(default="", description="lines of the guideline")
    role: Literal["required", "reported"] = "required"
    when: Condition | None = None
    any: dict[str, "Criterion"] = {}
    all: dict[str, "Criterion"] = {}
    crf: CaseReport | None = None
    order: int = Field(default=0, description="place in the tables; as listed where it is not said")

    @model_validator(mode="after")
    def _one_way_to_hold(self) -> Self:
        ways = [bool(self.when), bool(self.any), bool(self.all)]
        if sum(ways) != 1:
            raise ValueError("a criterion has exactly one of when, any, all")
        return self

    @property
    def parts(self) -> dict[str, "Criterion"]:
        """The criteria of which any or all must hold, in order; none for a condition."""
        return in_order(self.any or self.all)


def in_order(criteria: dict[str, Criterion]) -> dict[str, Criterion]:
    """Return criteria by their ``order``, those of one order as listed."""
    return dict(sorted(criteria.items(), key=lambda item: item[1].order))


class Counting(Model):
    """How lines of therapy are counted from records with a line number.

    A line made only of records in these phases (SUPPCM ``PHASE``) belongs to the line before it,
    unless that one had progressed: induction, transplantation and maintenance are one line.
    """

    joins: tuple[Annotated[str, Said(LINE_PHASE)], ...] = LINE_PHASE.group(
        "not_treatment_of_disease"
    )
    sentence: str
    source: str


class Eligibility(Model):
    """Who may enter a trial by its prior therapy and condition."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    label: str
    source: str
    uncertain: tuple[str, ...] = ()
    counting: Counting
    crf: CaseReport | None = Field(default=None, description="the flag for eligibility as a whole")
    criteria: dict[str, Criterion]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        names = [name for name, _, _ in walk(self)]
        for name in names:
            if not _is_identifier(name):
                raise ValueError(f"criterion {name!r}: an id has capitals, digits and _ only")
            if names.count(name) > 1:
                raise ValueError(f"criterion {name} stands twice; ids are unique in a file")
        if not any(criterion.role == "required" for criterion in self.criteria.values()):
            raise ValueError("criteria: at least one has role: required")
        return self


def walk(eligibility: Eligibility) -> list[tuple[str, str, Criterion]]:
    """Return (id, id of the criterion it is part of, criterion), each before its parts."""
    found: list[tuple[str, str, Criterion]] = []

    def enter(name: str, parent: str, criterion: Criterion) -> None:
        found.append((name, parent, criterion))
        for part, content in criterion.parts.items():
            enter(part, name, content)

    for name, criterion in in_order(eligibility.criteria).items():
        enter(name, "", criterion)
    return found


def _is_identifier(name: str) -> bool:
    plain = name.replace("_", "")
    return plain.isascii() and plain.isalnum() and name == name.upper()
