"""What every rule of one endpoint, evaluator and population looks at (steps 1 to 4).

Source: the normative algorithm of the specification, section 3.2, with decisions D2, D3, D6, D9,
D10, D12 and D15.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cartend.config.definition import TimeToEvent
from cartend.config.sentences import population_origin
from cartend.config.study import Visit
from cartend.contract.terms.death import DEATH_DATE
from cartend.contract.terms.estimand import POPULATION_FLAG
from cartend.endpoint.records import NEVER, Records, Trial
from cartend.subject.schedules import ANCHOR_DATE, schedule_places

ORIGIN_COLUMN = ANCHOR_DATE


@dataclass(frozen=True)
class Members:
    """Who is in the analysis and from when: a mask, the origin days, and the origin's source."""

    mask: np.ndarray
    origin: np.ndarray
    origin_variable: str
    origin_flag: np.ndarray


class Calendar(NamedTuple):
    """One assessment schedule: the visits' labels and their days since its anchor."""

    labels: tuple[str, ...]
    opens: np.ndarray
    closes: np.ndarray
    nominal: np.ndarray


@dataclass(frozen=True)
class Schedule:
    """The assessment schedule of every subject: its calendar, and the day that counts as day 0."""

    anchor: np.ndarray
    place: np.ndarray
    calendars: tuple[Calendar, ...]

    def bound(self, label: str, edge: str) -> np.ndarray:
        """Return per subject the day a visit's window opens, closes or is nominal.

        A subject without anchor has no schedule: its windows never open and never close.
        """
        days = [getattr(one, edge)[one.labels.index(label)] for one in self.calendars]
        return self._on(np.array(days, dtype=np.int64))

    def first_close(self) -> np.ndarray:
        """Return per subject the last day of the first visit's window, NEVER without a visit."""
        days = [one.closes[0] if len(one.closes) else NEVER for one in self.calendars]
        return np.minimum(self._on(np.array(days, dtype=np.int64)), NEVER)

    def _on(self, days: np.ndarray) -> np.ndarray:
        return np.where(self.anchor == NEVER, NEVER, self.anchor + days[self.place])

    def next_nominal(self, subj: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return per day its own where a visit window holds it, else the next nominal day.

        NEVER where no visit comes after it, or the subject has no schedule.
        """
        found = np.full(len(day), NEVER)
        for place, calendar in enumerate(self.calendars):
            own = (self.place[subj] == place) & (self.anchor[subj] != NEVER)
            since = (day - self.anchor[subj])[own]
            later = np.append(calendar.nominal, NEVER)
            later = later[np.searchsorted(calendar.nominal, since, side="right")]
            inside = (since[:, None] >= calendar.opens) & (since[:, None] <= calendar.closes)
            later = np.where(inside.any(axis=1), since, later)
            found[own] = np.where(later == NEVER, NEVER, self.anchor[subj][own] + later)
        return found

    def missed_between(self, after: np.ndarray, before: np.ndarray) -> np.ndarray:
        """Return how many whole visit windows lie strictly between two days (D10)."""
        missed = np.zeros(len(self.anchor), dtype=np.int64)
        for place, calendar in enumerate(self.calendars):
            own = (self.place == place) & (self.anchor != NEVER)
            closed = np.searchsorted(calendar.closes, (before - self.anchor)[own], side="left")
            opened = np.searchsorted(calendar.opens, (after - self.anchor)[own], side="right")
            missed[own] = np.maximum(closed - opened, 0)
        return missed


def schedule_of(trial: Trial, tolerance: int | None = None) -> Schedule:
    """Return the schedules, anchored where the study says; an origin never moves them (D10).

    ``tolerance`` is the definition's own, in days; none given: the study's windows.
    """
    schedules = list(trial.study.with_tolerance(tolerance).schedules.values())
    place = schedule_places(trial.adsl, trial.study)
    anchors = np.stack([trial.day(ORIGIN_COLUMN[one.anchor]) for one in schedules])
    anchor = np.where(place < 0, NEVER, anchors[place, np.arange(len(trial))])
    return Schedule(anchor, place, tuple(_calendar(one.schedule) for one in schedules))


def _calendar(visits: tuple[Visit, ...]) -> Calendar:
    return Calendar(
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


def death_source(trial: Trial, who: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the source of the deaths of some subjects: the domain that ADSL took it from."""
    code = trial.words.code
    domain = trial.text("DTHDOM")[who]
    domain = np.where(domain == 0, code("DM"), domain)
    variable = np.full(len(who), code(DEATH_DATE["DM"]))
    for name, dated in DEATH_DATE.items():
        variable[domain == code(name)] = code(dated)
    return domain, variable, 0


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
    left_out: np.ndarray

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
