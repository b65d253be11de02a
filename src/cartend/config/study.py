"""The typed form of ``config/studies/<id>.yaml``: one trial."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from cartend.config.acceptance import Acceptance
from cartend.config.analyses import Analyses
from cartend.config.arms import Arm, Comparison, check_arms, compared
from cartend.config.base import Model, Word
from cartend.config.brought import Adam, Columns, check_adam
from cartend.config.mrd import Mrd
from cartend.config.records import Records
from cartend.contract.datasets.subject import IDENTITY
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.estimand import ENDPOINT_ROLE, ORIGIN, POPULATIONS_OF_DESIGN
from cartend.contract.terms.general import BEFORE_FINAL, PURPOSE
from cartend.contract.text import capitals, normal

LONGEST = 36525
"""The longest follow-up that is reported, in days: 100 years."""
Anchor = Annotated[str, Word(*ORIGIN.group("anchor"))]
Evaluator = Annotated[str, Word(*EVALUATOR)]
Role = Annotated[str, Word(*ENDPOINT_ROLE)]


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


class ArmSchedule(Schedule):
    """One of several named schedules: for some arms, perhaps from an amendment on.

    ``treatment`` says whether the arms are those assigned (ARMCD) or those given (ACTARMCD; a
    subject without one of the study's arms there has that of its assignment). With ``since``, it
    holds for subjects whose anchor lies on or after that day.
    """

    arms: tuple[str, ...] = Field(min_length=1)
    treatment: Literal["planned", "actual"] = "planned"
    since: date | None = None


def _one_or_several(visits: Any) -> str:
    """Return which form of ``visits`` a value has: one schedule, or several by name."""
    if isinstance(visits, dict):
        return "one_schedule" if {"anchor", "schedule"} & set(visits) else "named_schedules"
    return "one_schedule"


Visits = Annotated[
    Annotated[Schedule, Tag("one_schedule")]
    | Annotated[dict[str, ArmSchedule], Tag("named_schedules")],
    Discriminator(_one_or_several),
]


class Target(Model):
    """A pre-specified target rate p0 and where it comes from (R09)."""

    p0: float = Field(gt=0, lt=1)
    source: str


class EndpointRole(Model):
    """What part an endpoint plays in this study (D36)."""

    role: Role = "secondary"
    alpha: float | None = Field(default=None, gt=0, lt=1)


class Study(Model):
    """One trial: its data, design, schedule, strata and endpoints."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    data: str
    entry: Literal["sdtm", "adam"] = "sdtm"
    disease: str
    criteria: str
    design: Literal["randomised", "single-arm"]
    rct_design: Literal["post_salvage", "upfront"] | None = Field(
        default=None, description="randomised after salvage therapy, or before it (R15)"
    )
    arms: dict[str, Arm]
    comparisons: tuple[Comparison, ...] = Field(
        default=(), description="default: the one experimental and the one control arm"
    )
    target_antigen: str = ""
    cutoff: date | None = None
    visits: Visits
    landmarks: dict[str, str] = {}
    strata: tuple[str, ...] = ()
    strata_are: Literal["randomised", "verified"] = Field(
        default="randomised",
        description="as randomised, or as verified later, where no others are delivered (D54)",
    )
    strata_missing: Literal["stop", "level"] = Field(
        default="stop",
        description="level: a subject without a level of a stratum is in a level of its own (D39)",
    )
    levels: dict[str, tuple[str, ...]] = Field(
        default={}, description="the levels of a stratum or subgroup in the order to print them"
    )
    subgroups: tuple[str, ...] = Field(
        default=(), description="columns of ADSL by which results are given besides: ELIGFL"
    )
    age_groups: tuple[int, ...] = (18, 65)
    ages: Literal["all", "children", "adults"] = "all"
    pool_age_groups: bool = Field(
        default=False, description="children and adults may be analysed together (R01)"
    )
    standard_of_care: tuple[str, ...] = Field(
        default=(), description="drugs or classes of the control arm, for refractoriness (R14)"
    )
    evaluators: tuple[Evaluator, ...] = EVALUATOR.codes
    primary_evaluator: Evaluator = "IRC"
    times: tuple[Annotated[int, Field(ge=1, le=LONGEST)], ...] = Field(
        default=(90, 183, 365, 730), description="days at which curves are reported"
    )
    endpoints: tuple[str, ...]
    roles: dict[str, EndpointRole] = {}
    targets: dict[str, Target] = {}
    mrd: Mrd = Mrd()
    bridging: str = Field(default="default", description="a file under config/bridging")
    safety: str = Field(default="default", description="a file under config/safety")
    eligibility: str | None = Field(default=None, description="a file under config/eligibility")
    response_source: Literal["reported", "algorithmic"] = Field(
        default="reported", description="which visit response feeds the endpoints"
    )
    encoding: str | None = None
    columns: Columns = Field(default=Columns(), description="the same as adam.columns")
    adam: Adam = Adam()
    records: Records = Field(
        default={}, description="roles of records that are not as shipped (config/records)"
    )
    words: dict[str, dict[str, tuple[str, ...]]] = Field(
        default={}, description="by column, as DD.DDSTRESC: our word and theirs that mean it"
    )
    accept: dict[str, Acceptance] = Field(
        default={}, description="stops that this study accepts, by their id and what they name"
    )
    purpose: Annotated[str, Word(*PURPOSE)] = Field(
        default="final", description="for whom the run is made (D51)"
    )
    crossover: Literal["allowed", "none"] = Field(
        default="allowed", description="none: an infusion in a control arm is an error (D40)"
    )
    months: float = 30.4375
    analyses: Analyses = Analyses()

    @field_validator("strata", "subgroups")
    @classmethod
    def _no_name_of_a_subject(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if own := [name for name in names if capitals(name) in IDENTITY]:
            raise ValueError(f"{own[0]} names each subject, and is no stratum")
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"{twice[0]} stands twice")
        return names

    @field_validator("times")
    @classmethod
    def _times_rise(cls, times: tuple[int, ...]) -> tuple[int, ...]:
        if list(times) != sorted(set(times)):
            raise ValueError("times are different days that rise")
        return times

    @field_validator("age_groups")
    @classmethod
    def _ages_rise(cls, cuts: tuple[int, ...]) -> tuple[int, ...]:
        if not cuts or list(cuts) != sorted(set(cuts)):
            raise ValueError("age_groups holds one rising cut point in years at least")
        return cuts

    @field_validator("levels")
    @classmethod
    def _each_level_once(cls, levels: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for name, named in levels.items():
            known = [normal(level) for level in named]
            twice = next((one for one in named if known.count(normal(one)) > 1), None)
            if twice is not None:
                raise ValueError(f"levels.{name}: {twice} stands twice")
        return levels

    @model_validator(mode="after")
    def _arms_and_their_comparisons(self) -> "Study":
        check_arms(self.arms, self.design)
        compared(self.comparisons, self.arms, self.design)
        check_adam(self.adam, self.columns, self.entry, self.endpoints)
        return self

    @model_validator(mode="after")
    def _design_fits(self) -> "Study":
        if self.design != "randomised" and self.rct_design is not None:
            raise ValueError("rct_design belongs to a randomised design")
        if self.primary_evaluator not in self.evaluators:
            raise ValueError(f"primary_evaluator {self.primary_evaluator} is not in evaluators")
        for name, label in self.landmarks.items():
            for schedule, visits in self.schedules.items():
                if visits.visit(label) is None:
                    where = f"schedule {schedule}".strip()
                    raise ValueError(f"landmark {name} names {label}, which is no visit of {where}")
        return self

    @model_validator(mode="after")
    def _every_arm_has_one_schedule(self) -> "Study":
        if isinstance(self.visits, Schedule):
            return self
        for name, schedule in self.visits.items():
            for arm in schedule.arms:
                if arm not in self.arms:
                    raise ValueError(
                        f"visits.{name}.arms names {arm}, which is no arm; arms: "
                        f"{', '.join(self.arms)}"
                    )
        for arm in self.arms:
            _one_schedule_at_a_time(arm, self.visits)
        if len({schedule.treatment for schedule in self.visits.values()}) > 1:
            raise ValueError(
                "visits: all schedules go by the same treatment, planned or actual, so that a "
                "subject has exactly one"
            )
        return self

    @property
    def schedules(self) -> dict[str, Schedule]:
        """The assessment schedules by name; the only one of a study has a blank name."""
        return {"": self.visits} if isinstance(self.visits, Schedule) else dict(self.visits)

    def with_tolerance(self, days: int | None) -> "Study":
        """Return the study with every visit window the nominal day plus and minus ``days``."""
        if isinstance(self.visits, Schedule):
            visits: Any = self.visits.with_tolerance(days)
        else:
            visits = {name: one.with_tolerance(days) for name, one in self.visits.items()}
        return self.model_copy(update={"visits": visits})

    @property
    def pairs(self) -> tuple[Comparison, ...]:
        """The comparisons: those that are named, else the experimental with the control arm.

        None in a design that is not randomised, and none for the sponsor before the final
        analysis, who sees no comparison of the arms (D51).
        """
        if self.purpose == BEFORE_FINAL:
            return ()
        return compared(self.comparisons, self.arms, self.design)

    @property
    def adam_columns(self) -> Columns:
        """The columns of brought ADaM files: ``columns`` and ``adam.columns`` together."""
        return self.columns.with_those_of(self.adam.columns)

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
        return POPULATIONS_OF_DESIGN[self.design][0]


def _one_schedule_at_a_time(arm: str, visits: dict[str, ArmSchedule]) -> None:
    """Stop where an arm has no schedule, or two at one time, or two with different anchors."""
    own = {name: schedule for name, schedule in visits.items() if arm in schedule.arms}
    first = [name for name, schedule in own.items() if schedule.since is None]
    if not first:
        said = "no schedule" if not own else "no schedule before the first since"
        raise ValueError(f"visits: arm {arm} has {said}; every subject has exactly one")
    begun: dict[date | None, str] = {}
    for name, schedule in own.items():
        other = begun.setdefault(schedule.since, name)
        if other != name:
            raise ValueError(
                f"visits: the schedules {other} and {name} overlap: both hold for arm {arm} "
                f"{'' if schedule.since is None else f'since {schedule.since} '}"
                "and a subject has exactly one"
            )
        if schedule.anchor != own[first[0]].anchor:
            raise ValueError(
                f"visits: the schedules {first[0]} and {name} of arm {arm} have different anchors; "
                "which of them holds is decided by the date of one anchor"
            )
