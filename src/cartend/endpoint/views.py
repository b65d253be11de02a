"""What a rate looks at, and the form of its result (steps 1 and 2 of ``rates``)."""

from dataclasses import dataclass

import numpy as np

from cartend.config.definition import Qualifies, Rate
from cartend.endpoint.context import ORIGIN_COLUMN, deaths_known
from cartend.endpoint.intercurrent import qualifies
from cartend.endpoint.records import NEVER, Records, Trial

PROTOCOL = Qualifies(exclude=("PLANNED",))


@dataclass(frozen=True)
class View:
    """What a rate looks at: masks over records and days over subjects."""

    trial: Trial
    rate: Rate
    records: Records
    origin: np.ndarray
    adequate: np.ndarray
    counted: np.ndarray
    seen: np.ndarray
    failed: np.ndarray
    failure: np.ndarray
    cutoff: np.ndarray
    death: np.ndarray

    @property
    def n(self) -> int:
        """Number of subjects in the trial."""
        return len(self.trial)

    def in_set(self, wanted: tuple[str, ...] | str) -> np.ndarray:
        """Return a mask over the counted records: category in a response set."""
        return self.counted & coded(self.trial, self.records, wanted)


@dataclass(frozen=True)
class RateResult:
    """Per subject: category or Y/N, the deciding record (-1: none), the reason, the denominator."""

    value: np.ndarray
    row: np.ndarray
    reason: np.ndarray
    counted: np.ndarray
    records: Records


def origin_days(trial: Trial, rate: Rate, population: str) -> np.ndarray:
    """Return the origin a rate counts from in a population (D14, D15)."""
    if rate.origin == "study":
        randomised = population == "RAND" or (
            trial.study.design == "randomised" and population not in ("INF", "LA", "SAF")
        )
        return trial.day("RANDDT" if randomised else "TRTSDT")
    return trial.day(ORIGIN_COLUMN[rate.origin])


def view_of(trial: Trial, rate: Rate, evaluator: str, population: str) -> View:
    """Return steps 1 and 2 for one rate, evaluator and population."""
    records, n = trial.assessments[evaluator], len(trial)
    origin = origin_days(trial, rate, population)
    cutoff, death = trial.day("CUTDT"), deaths_known(trial)
    end = np.minimum(np.minimum(cutoff, trial.day("LOSTDT")), death)
    failure, failed = _end_of_credit(trial, rate, origin)
    start = origin[records.subj]
    seen = (start != NEVER) & (records.day >= start) & (records.day <= end[records.subj])
    evaluable = ~coded(trial, records, "not_evaluable") & (records.extra["code"] >= 0)
    adequate = seen & evaluable & (records.day <= failure[records.subj])
    progressed = adequate & coded(trial, records, "progression")
    first = records.day_of(records.first(progressed, n))
    counted = adequate & (records.day <= first[records.subj])
    # A progression on the very day of new therapy came first (P19).
    failed = np.where((first <= failure) & (first != NEVER), "progression", failed)
    return View(
        trial=trial,
        rate=rate,
        records=records,
        origin=origin,
        adequate=adequate,
        counted=counted,
        seen=seen,
        failed=failed,
        failure=np.minimum(failure, first),
        cutoff=cutoff,
        death=death,
    )


def coded(trial: Trial, records: Records, wanted: tuple[str, ...] | str) -> np.ndarray:
    """Return a mask over records: of a response set or of given categories."""
    return np.isin(records.extra["code"], trial.category(wanted))


def _end_of_credit(trial: Trial, rate: Rate, origin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the last day a response is credited to the strategy, and what ended it."""
    n = len(trial)
    day, why = np.full(n, NEVER), np.full(n, "", dtype=object)
    ends = []
    if rate.new_therapy == "while_on_treatment":
        therapy = trial.happened["NEW_THERAPY"]
        ends.append(("new anticancer therapy", therapy, qualifies(trial, therapy, PROTOCOL)))
    reinfused = trial.happened["REINFUSION"]
    ends.append(("re-infusion", reinfused, np.ones(len(reinfused), dtype=bool)))
    if rate.hsct == "composite":
        hsct = trial.happened["HSCT"]
        ends.append(("transplantation", hsct, np.ones(len(hsct), dtype=bool)))
    followed = np.minimum(trial.day("CUTDT"), trial.day("LOSTDT"))
    for name, records, mask in ends:
        after = mask & (records.day > origin[records.subj])
        after &= records.day <= followed[records.subj]
        found = records.day_of(records.first(after, n))
        why = np.where(found < day, name, why)
        day = np.minimum(found, day)
    return day, why


def not_infused(view: View) -> np.ndarray:
    """Return why a subject of the leukapheresed set was not infused, in words."""
    why = view.trial.words.text(view.trial.text("NOTINFRS"))
    return np.where(why == "", "not infused", "not infused: " + why)


def yes_no(
    view: View, row: np.ndarray, reason: np.ndarray, immature: np.ndarray | None = None
) -> RateResult:
    """Return Y where a deciding record is found; who leaves the denominator is not counted."""
    counted = np.ones(view.n, dtype=bool)
    if view.rate.missing == "exclude":
        counted &= ~np.char.startswith(reason.astype(str), "no ")
    if immature is not None:
        counted &= ~immature
    value = np.where(row >= 0, "Y", "N").astype(object)
    return RateResult(value, row, reason, counted, view.records)
