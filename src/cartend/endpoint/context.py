"""What every rule of one endpoint, evaluator and population looks at (steps 1 to 4).

Source: the normative algorithm of the specification, section 3.2, with decisions D2, D3, D6, D9,
D10, D12 and D15.
"""

from dataclasses import dataclass

import numpy as np

from cartend.config.definition import TimeToEvent
from cartend.config.sentences import population_origin
from cartend.endpoint.records import NEVER, Records, Trial

ORIGIN_COLUMN = {
    "randomisation": "RANDDT",
    "enrolment": "ENRLDT",
    "leukapheresis": "LEUKDT",
    "infusion": "TRTSDT",
}
POPULATION_FLAG = {"RAND": "RANDFL", "LA": "LAFL", "INF": "INFFL", "SAF": "SAFFL"}


@dataclass(frozen=True)
class Members:
    """Who is in the analysis and from when: a mask, the origin days, and the origin's source."""

    mask: np.ndarray
    origin: np.ndarray
    origin_variable: str
    origin_flag: np.ndarray


@dataclass(frozen=True)
class Schedule:
    """The assessment schedule in absolute days, per subject through its anchor."""

    anchor: np.ndarray
    labels: tuple[str, ...]
    opens: np.ndarray
    closes: np.ndarray
    nominal: np.ndarray

    def bound(self, label: str, edge: str) -> np.ndarray:
        """Return per subject the day a visit's window opens, closes or is nominal.

        A subject without anchor has no schedule: its windows never open and never close.
        """
        days = getattr(self, edge)[self.labels.index(label)]
        return np.where(self.anchor == NEVER, NEVER, self.anchor + days)

    def missed_between(self, after: np.ndarray, before: np.ndarray) -> np.ndarray:
        """Return how many whole visit windows lie strictly between two days (D10)."""
        closed = np.searchsorted(self.closes, before - self.anchor, side="left")
        opened = np.searchsorted(self.opens, after - self.anchor, side="right")
        return np.where(self.anchor == NEVER, 0, np.maximum(closed - opened, 0))


def schedule_of(trial: Trial, tolerance: int | None = None) -> Schedule:
    """Return the schedule, anchored where the study says; an origin never moves it (D10).

    ``tolerance`` is the definition's own, in days; none given: the study's windows.
    """
    visits = trial.study.visits.with_tolerance(tolerance).schedule
    return Schedule(
        anchor=trial.day(ORIGIN_COLUMN[trial.study.visits.anchor]),
        labels=tuple(visit.label for visit in visits),
        opens=np.array([visit.opens for visit in visits], dtype=np.int64),
        closes=np.array([visit.closes for visit in visits], dtype=np.int64),
        nominal=np.array([visit.day for visit in visits], dtype=np.int64),
    )


def deaths_known(trial: Trial) -> np.ndarray:
    """Return the day of death known on or before the data cut-off, NEVER otherwise (D2).

    Loss to follow-up does not hide a death; withdrawal from vital-status follow-up does.
    """
    death = trial.day("DTHDT")
    hidden = (death > trial.day("CUTDT")) | (death > trial.day("VSWDDT"))
    return np.where(hidden, NEVER, death)


def death_source(trial: Trial, who: np.ndarray) -> tuple[np.ndarray, str, int]:
    """Return the source of the deaths of some subjects: the domain that ADSL took it from."""
    domain = trial.text("DTHDOM")[who]
    return np.where(domain == 0, trial.words.code("DM"), domain), "DTHDTC", 0


@dataclass(frozen=True)
class Context:
    """One endpoint, evaluator and population with its truncation; arrays over subjects."""

    trial: Trial
    definition: TimeToEvent
    evaluator: str
    members: Members
    schedule: Schedule
    records: Records
    cutoff: np.ndarray
    lost: np.ndarray
    death: np.ndarray
    therapy: Records
    therapy_truncates: np.ndarray
    truncation: np.ndarray
    truncated_by: np.ndarray
    adequate: np.ndarray

    @property
    def n(self) -> int:
        """Number of subjects in the trial."""
        return len(self.trial)

    @property
    def origin(self) -> np.ndarray:
        """Origin day per subject, NEVER outside the population."""
        return self.members.origin

    @property
    def seen_until(self) -> np.ndarray:
        """Last day the follow-up that ``determinable`` asks for can reach (D3)."""
        ends = np.minimum(self.cutoff, self.lost)
        return np.minimum(np.minimum(ends, self.truncation), self.death)

    def in_set(self, wanted: tuple[str, ...] | str) -> np.ndarray:
        """Return a mask over records: adequate, and of a response set or of given categories."""
        return self.adequate & self.coded(wanted)

    def coded(self, wanted: tuple[str, ...] | str) -> np.ndarray:
        """Return a mask over records: of a response set or of given categories."""
        return np.isin(self.records.extra["code"], self.trial.category(wanted))

    def first_day(self, mask: np.ndarray) -> np.ndarray:
        """Return per subject the day of its first record in a mask, NEVER for none."""
        return self.records.day_of(self.records.first(mask, self.n))


def members_of(trial: Trial, population: str, origin: str) -> Members:
    """Return a flag-defined population with its origin; no origin date: not in the analysis.

    A subject of the set without an origin date is reported by the caller, never dropped silently.
    """
    event = population_origin(population) if origin == "study" else origin
    column = ORIGIN_COLUMN[event]
    mask = trial.flag(POPULATION_FLAG[population])
    day = trial.day(column)
    mask = mask & (day != NEVER)
    return Members(
        mask=mask,
        origin=np.where(mask, day, NEVER),
        origin_variable=column,
        origin_flag=trial.text(f"{column}F"),
    )
