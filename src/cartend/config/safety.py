"""The typed form of ``config/safety/<name>.yaml``: adverse events of special interest, periods."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from cartend.config.base import Model, Word
from cartend.contract.terms.adverse import T_CELL
from cartend.contract.terms.assessment import GRADING_SCALE
from cartend.contract.terms.roles import DATED_AS

STARTS = tuple(DATED_AS)
"""Milestones at which a period may start, in the order in which a subject has them."""


class Period(Model):
    """One period of safety follow-up; it ends where the next one that the subject has begins.

    ``day`` counts from ``starts``, whose own day is 0. In a control arm the start of the control
    treatment stands for the infusion; the earlier periods do not exist there.
    """

    id: str
    label: str
    starts: Annotated[str, Word(*STARTS)]
    day: int = Field(default=0, ge=0)


class Late(Model):
    """What of a class counts as late: after which day since infusion, and from which grade on."""

    label: str
    after: int = Field(default=28, ge=0)
    counts: Literal["onset", "presence"] = Field(
        default="onset", description="begins after that day, or is there after it"
    )
    grade: int = Field(default=1, ge=1, le=5)


class SpecialInterest(Model):
    """One class of adverse events of special interest, and the terms that belong to it.

    ``terms`` are whole preferred terms or aliases, ``contains`` parts of one, ``systems`` whole
    system organ classes, all without regard to capitals. ``scale`` is the grading scale where a
    record states none.
    """

    id: str
    label: str
    terms: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    scale: Annotated[str, Word(*GRADING_SCALE)] = "CTCAE"
    severe: bool = Field(default=False, description="grade 3 or more goes to the safety group")
    late: Late | None = None

    @model_validator(mode="after")
    def _something_belongs(self) -> "SpecialInterest":
        if not (self.terms or self.contains or self.systems):
            raise ValueError("a class has at least one of terms, contains, systems")
        return self


class Malignancies(Model):
    """Which second malignancies are T-cell malignancies, and when a transgene is called absent.

    ``contains`` names the T-cell malignancies, ``skin`` those that incidence registries leave
    out. Below ``low_copies`` transgene copies a cell the tumour does not carry the transgene.
    """

    contains: tuple[str, ...] = T_CELL
    skin: tuple[str, ...] = ("BASAL CELL CARCINOMA", "SQUAMOUS CELL CARCINOMA OF SKIN")
    low_copies: float = Field(default=0.01, gt=0, lt=1)


class Safety(Model):
    """What of the adverse events is analysed: periods in order; a term's first class takes it."""

    id: str
    label: str
    source: str
    uncertain: tuple[str, ...] = ()
    periods: tuple[Period, ...]
    special_interest: tuple[SpecialInterest, ...]
    malignancies: Malignancies = Malignancies()

    @field_validator("periods")
    @classmethod
    def _periods_in_order(cls, periods: tuple[Period, ...]) -> tuple[Period, ...]:
        places = [(STARTS.index(period.starts), period.day) for period in periods]
        for period, earlier, later in zip(periods[1:], places, places[1:], strict=False):
            if later <= earlier:
                raise ValueError(f"period {period.id} does not begin after the one before it")
        return periods

    @model_validator(mode="after")
    def _ids_once(self) -> "Safety":
        ids = [*(one.id for one in self.periods), *(one.id for one in self.special_interest)]
        twice = next((name for name in ids if ids.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"id {twice} stands twice among periods and special_interest")
        return self

    @property
    def late(self) -> dict[str, Late]:
        """Return the late form of each class that has one, by the id of the class."""
        return {c.id: c.late for c in self.special_interest if c.late is not None}
