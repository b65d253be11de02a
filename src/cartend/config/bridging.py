"""The typed form of ``config/bridging/<name>.yaml``: classes of therapy and their washout.

Source: specification 7.1, 7.2, 7.4; decision D19; guideline lines G185-208.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from cartend.config.base import Model, Said, Word
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.roles import ROLE
from cartend.contract.terms.therapy import BRIDGE, BRIDGE_CLASS, BRIDGING_KIND, THERAPY_CLASS

TherapyClass = Annotated[str, Said(THERAPY_CLASS)]
"""CMCLAS of the input contract, and the two that procedures have; blank reads as OTHER."""
RecordCode = Annotated[str, Word(*BRIDGE_CLASS.group("of_record"))]
Bridge = Annotated[str, Word(*BRIDGE.group("given"))]
PROCEDURES = ROLE.group("after_washout")


class Fit(Model):
    """Which records a rule is for: an agent or a class of its lists, and all else that is said."""

    agents: tuple[str, ...] = ()
    classes: tuple[TherapyClass, ...] = ()
    intensive: Annotated[str, Said(YES_NO)] | None = Field(
        default=None, description="SUPPCM INTENS"
    )
    routes: tuple[str, ...] = ()
    order: int = Field(default=50, description="rules are tried in this order, then as listed")
    source: str


class Taxon(Fit):
    """One rule of the taxonomy: the class of the records that it fits, the fine or the coarse one.

    ``code`` is the fine class (BRCLASS), ``bridge`` the coarse one (BRIDGE, BRALKFL, BRIMIDFL).
    What a rule does not say is left to the next rule that fits.
    """

    code: RecordCode | None = Field(default=None, description="class of bridging, B1 to B8")
    bridge: Bridge | None = Field(default=None, description="class by which results are given")
    sentence: str

    @model_validator(mode="after")
    def _says_something(self) -> "Taxon":
        if self.code is None and self.bridge is None:
            raise ValueError("a rule of the taxonomy says code, bridge or both")
        return self


class Washout(Fit):
    """Days from the last dose to a procedure, at least; 0 asks for none.

    Without a limit for a procedure the next rule that fits is asked.
    ``half_lives``: the limit before lymphodepletion is the shorter one of the days and so many
    half-lives of the agent.
    """

    label: str
    before_leukapheresis: int | None = Field(default=None, ge=0)
    before_lymphodepletion: int | None = Field(default=None, ge=0)
    half_lives: float | None = Field(default=None, gt=0)
    uncertain: str = ""

    @model_validator(mode="after")
    def _half_lives_shorten_days(self) -> "Washout":
        if self.half_lives is not None and self.before_lymphodepletion is None:
            raise ValueError("half_lives goes with before_lymphodepletion, which it shortens")
        return self


class Rebaseline(Model):
    """Which assessment is the baseline after bridging (specification 7.4, 2 and 5)."""

    domains: dict[Literal["RS", "TR", "LB"], tuple[str, ...]] = Field(
        description="test codes that assess the disease, by domain"
    )
    after_last_dose: int = Field(default=1, ge=0, description="days, at least")
    before_lymphodepletion: int = Field(default=0, ge=0, description="days, at least")
    within: int | None = Field(default=None, ge=1, description="days before, at most")
    sentence: str
    source: str


class Bridging(Model):
    """How bridging is classed, washed out and followed by a new baseline."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    label: str
    source: str
    uncertain: tuple[str, ...] = ()
    labels: dict[Annotated[str, Word(*BRIDGE_CLASS)], str]
    kinds: dict[Annotated[str, Word(*BRIDGING_KIND)], tuple[str, ...]] = Field(
        description="how bridging was given, and the classes that are it"
    )
    bridge_order: tuple[Bridge, ...] = Field(
        description="of several classes of BRIDGE, the first here counts"
    )
    taxonomy: dict[str, Taxon]
    washout: dict[str, Washout]
    half_lives: dict[str, float] = Field(default={}, description="days, by agent")
    rebaseline: Rebaseline

    @field_validator("bridge_order")
    @classmethod
    def _every_class_has_its_place(cls, order: tuple[str, ...]) -> tuple[str, ...]:
        if sorted(order) != sorted(BRIDGE.group("given")):
            raise ValueError(
                f"{', '.join(order)} is not each of {', '.join(BRIDGE.group('given'))} once"
            )
        return order

    @field_validator("kinds")
    @classmethod
    def _every_class_is_of_one_kind(
        cls, kinds: dict[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        given = [code for codes in kinds.values() for code in codes]
        if sorted(given) != sorted(BRIDGE_CLASS.group("given")):
            raise ValueError(
                f"{', '.join(given)} is not each of {', '.join(BRIDGE_CLASS.group('given'))} once"
            )
        return kinds

    @model_validator(mode="after")
    def _every_record_finds_its_class(self) -> "Bridging":
        missing = [code for code in BRIDGE_CLASS if code not in self.labels]
        if missing:
            raise ValueError(f"labels: class {missing[0]} has no label")
        for name, rules in (("taxonomy", self.taxonomy), ("washout", self.washout)):
            last = in_order(rules)[-1] if rules else None
            if last is None or not _fits_all(rules[last]):
                raise ValueError(
                    f"{name}: the last rule fits every record (no agents, classes, intensive or "
                    f"routes), so that none is left without; {last or 'there is none'} does not"
                )
        taxon = self.taxonomy[in_order(self.taxonomy)[-1]]
        if None in (taxon.code, taxon.bridge):
            raise ValueError("taxonomy: the last rule states code and bridge")
        washout = self.washout[in_order(self.washout)[-1]]
        if None in (washout.before_leukapheresis, washout.before_lymphodepletion):
            raise ValueError("washout: the last rule states both limits; 0 asks for none")
        return self


def in_order(rules: Mapping[str, Fit]) -> list[str]:
    """Return the ids of rules as they are tried."""
    return sorted(rules, key=lambda name: rules[name].order)


def _fits_all(rule: Fit) -> bool:
    return not (rule.agents or rule.classes or rule.intensive or rule.routes)
