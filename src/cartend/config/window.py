"""When a rule of an endpoint looks, and which non-response it means."""

from typing import Literal

from pydantic import Field, model_validator

from cartend.config.base import Model
from cartend.config.study import Visit


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
