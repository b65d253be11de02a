"""The typed form of ``config/studies/<id>.yaml``: one trial."""

from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from cartend.config.analyses import Analyses
from cartend.config.base import Model

Anchor = Literal["randomisation", "enrolment", "leukapheresis", "infusion"]
Evaluator = Literal["IRC", "INV"]
Role = Literal["primary", "key secondary", "secondary", "sensitivity", "exploratory"]


class Arm(Model):
    """One arm of the trial, keyed by ARMCD."""

    label: str
    role: Literal["experimental", "control"] = "experimental"


class Visit(Model):
    """One scheduled disease assessment: nominal day since the anchor, and its window.

    The window is ``[day - before, day + after]``, both ends included.
    """

    label: str
    day: int
    before: int = Field(default=7, ge=0)
    after: int = Field(default=7, ge=0)

    @property
    def opens(self) -> int:
        """First day of the window, in days since the anchor."""
        return self.day - self.before

    @property
    def closes(self) -> int:
        """Last day of the window, in days since the anchor."""
        return self.day + self.after


class Schedule(Model):
    """The assessment schedule; its anchor is the study's, never an endpoint's (D10)."""

    anchor: Anchor
    schedule: tuple[Visit, ...]

    @model_validator(mode="after")
    def _visits_are_ordered(self) -> "Schedule":
        labels = [visit.label for visit in self.schedule]
        repeated = sorted({label for label in labels if labels.count(label) > 1})
        if repeated:
            raise ValueError(f"visit label {repeated[0]} stands twice; labels are unique")
        for earlier, later in zip(self.schedule, self.schedule[1:], strict=False):
            if later.day <= earlier.day or later.opens <= earlier.opens:
                raise ValueError(f"visit {later.label} does not come after {earlier.label}")
            if later.closes <= earlier.closes:
                raise ValueError(f"visit {later.label} closes before {earlier.label} does")
        return self

    def visit(self, label: str) -> Visit | None:
        """Return the visit of that label, or None."""
        return next((visit for visit in self.schedule if visit.label == label), None)

    def with_tolerance(self, days: int | None) -> "Schedule":
        """Return the schedule with every window the nominal day plus and minus ``days``.

        None leaves the windows as the study has them. Windows may then overlap: membership goes by
        their boundaries (D6).
        """
        if days is None:
            return self
        widened = {"before": days, "after": days}
        visits = tuple(visit.model_copy(update=widened) for visit in self.schedule)
        return self.model_copy(update={"schedule": visits})


class Target(Model):
    """A pre-specified target rate p0 and where it comes from (R09)."""

    p0: float = Field(gt=0, lt=1)
    source: str


class EndpointRole(Model):
    """What part an endpoint plays in this study (D36)."""

    role: Role = "secondary"
    alpha: float | None = Field(default=None, gt=0, lt=1)


class Mrd(Model):
    """How a sample becomes an MRD call (spec section 2.7, R29)."""

    threshold: float = Field(default=1e-4, gt=0, lt=1)
    specimens: tuple[str, ...] = ("BONE MARROW",)
    methods: tuple[str, ...] = ("FLOW CYTOMETRY", "NGS", "RT-QPCR", "DDPCR")
    haemodiluted: Literal["indeterminate", "accept"] = "indeterminate"
    require_trackable: bool = True


class Columns(Model):
    """For ``entry: adam``: our column names mapped to those of the files (D25)."""

    adsl: dict[str, str] = {}
    adrs: dict[str, str] = {}
    adtte: dict[str, str] = {}


class Study(Model):
    """One trial: its data, design, schedule, strata and endpoints."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    data: str
    entry: Literal["sdtm", "adam"] = "sdtm"
    disease: str
    criteria: str
    design: Literal["randomised", "single-arm"]
    arms: dict[str, Arm]
    target_antigen: str = ""
    cutoff: date | None = None
    visits: Schedule
    landmarks: dict[str, str] = {}
    strata: tuple[str, ...] = ()
    age_groups: tuple[int, ...] = (18, 65)
    evaluators: tuple[Evaluator, ...] = ("IRC", "INV")
    primary_evaluator: Evaluator = "IRC"
    times: tuple[int, ...] = (90, 183, 365, 730)
    endpoints: tuple[str, ...]
    roles: dict[str, EndpointRole] = {}
    targets: dict[str, Target] = {}
    mrd: Mrd = Mrd()
    encoding: str | None = None
    columns: Columns = Columns()
    months: float = 30.4375
    analyses: Analyses = Analyses()

    @field_validator("arms")
    @classmethod
    def _one_role_each(cls, arms: dict[str, Arm]) -> dict[str, Arm]:
        if not arms:
            raise ValueError("a study has at least one arm")
        return arms

    @model_validator(mode="after")
    def _design_fits_arms(self) -> "Study":
        roles = [arm.role for arm in self.arms.values()]
        if self.design == "randomised" and (
            roles.count("experimental") != 1 or roles.count("control") != 1
        ):
            raise ValueError("a randomised design has one experimental and one control arm")
        if self.primary_evaluator not in self.evaluators:
            raise ValueError(f"primary_evaluator {self.primary_evaluator} is not in evaluators")
        for name, label in self.landmarks.items():
            if self.visits.visit(label) is None:
                raise ValueError(f"landmark {name} names {label}, which is no visit of schedule")
        return self

    def arm_of_role(self, role: str) -> str | None:
        """Return the ARMCD with that role, or None."""
        return next((code for code, arm in self.arms.items() if arm.role == role), None)

    @property
    def origin(self) -> str:
        """What ``origin: study`` means here (D12)."""
        return "randomisation" if self.design == "randomised" else "infusion"

    @property
    def population(self) -> str:
        """What ``population: study`` means here (D12)."""
        return "RAND" if self.design == "randomised" else "INF"
