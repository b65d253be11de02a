"""The typed form of ``config/bridging/<name>.yaml``: classes of therapy and their washout.

Source: specification 7.1, 7.2, 7.4; decision D19; guideline lines G185-208.
"""

from typing import Literal, get_args

from pydantic import Field, model_validator

from cartend.config.base import Model

TherapyClass = Literal[
    "CORTICOSTEROID",
    "ALKYLATOR",
    "PLATINUM",
    "ANTHRACYCLINE",
    "ANTIMETABOLITE",
    "VINCA",
    "IMID",
    "PROTEASOME INHIBITOR",
    "ANTI-CD38",
    "ANTI-CD20",
    "ANTI-CD19",
    "ANTI-CD22",
    "ANTI-BCMA",
    "ANTI-GD2",
    "BISPECIFIC",
    "ADC",
    "BTK INHIBITOR",
    "TKI",
    "CAR-T",
    "OTHER",
    "RADIOTHERAPY",
    "HSCT",
]
"""CMCLAS of the input contract, and the two that procedures have; blank reads as OTHER."""
CODES = ("B0", "B1", "B2", "B3", "B4", "B5", "B6", "B8", "B9")
RecordCode = Literal["B1", "B2", "B3", "B4", "B5", "B6", "B8"]
PROCEDURES = ("leukapheresis", "lymphodepletion")


class Fit(Model):
    """Which records a rule is for: an agent or a class of its lists, and all else that is said."""

    agents: tuple[str, ...] = ()
    classes: tuple[TherapyClass, ...] = ()
    intensive: Literal["Y", "N"] | None = Field(default=None, description="SUPPCM INTENS")
    routes: tuple[str, ...] = ()
    order: int = Field(default=50, description="rules are tried in this order, then as listed")
    source: str


class Taxon(Fit):
    """One rule of the taxonomy: the class of the records that it fits."""

    code: RecordCode
    sentence: str


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
    labels: dict[Literal[CODES], str]
    taxonomy: dict[str, Taxon]
    washout: dict[str, Washout]
    half_lives: dict[str, float] = Field(default={}, description="days, by agent")
    rebaseline: Rebaseline

    @model_validator(mode="after")
    def _every_record_finds_its_class(self) -> "Bridging":
        missing = [code for code in CODES if code not in self.labels]
        if missing:
            raise ValueError(f"labels: class {missing[0]} has no label")
        for name, rules in (("taxonomy", self.taxonomy), ("washout", self.washout)):
            last = in_order(rules)[-1] if rules else None
            if last is None or not _fits_all(rules[last]):
                raise ValueError(
                    f"{name}: the last rule fits every record (no agents, classes, intensive or "
                    f"routes), so that none is left without; {last or 'there is none'} does not"
                )
        last = self.washout[in_order(self.washout)[-1]]
        if None in (last.before_leukapheresis, last.before_lymphodepletion):
            raise ValueError("washout: the last rule states both limits; 0 asks for none")
        return self


def in_order(rules: dict[str, Fit]) -> list[str]:
    """Return the ids of rules as they are tried."""
    return sorted(rules, key=lambda name: rules[name].order)


def _fits_all(rule: Fit) -> bool:
    return not (rule.agents or rule.classes or rule.intensive or rule.routes)


THERAPY_CLASSES = get_args(TherapyClass)
