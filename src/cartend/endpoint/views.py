"""What a rate looks at, and the form of its result (steps 1 and 2 of ``rates``)."""

from dataclasses import dataclass

import numpy as np

from cartend.config.event import Qualifies
from cartend.config.rate import Rate
from cartend.contract.terms.disposition import NOT_INFUSED
from cartend.contract.terms.estimand import POPULATION
from cartend.endpoint.context import ORIGIN_COLUMN, deaths_known
from cartend.endpoint.intercurrent import qualifies
from cartend.endpoint.records import NEVER, Records, Trial

PROTOCOL = Qualifies(exclude=("PLANNED",))
TRANSPLANTATION = "transplantation"
MISSING_REASONS = (
    "no assessment",
    "no evaluable assessment",
    "no sample",
    "no adequate sample",
    "not assessed in the window",
)
"""Reasons for no answer that mean that nobody looked."""
WINDOW_OPEN = "WINDOW OPEN AT THE DATA CUT-OFF"
WITHOUT_BASELINE = "NO BASELINE ASSESSMENT"
TRANSPLANTED = "TRANSPLANTATION BEFORE THE DECISION"
NOT_ASSESSED = "NOT ASSESSED"
"""ANL01RS: why a row is not in the primary estimate."""


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
    unevaluable: np.ndarray
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
    """Per subject: category or Y/N, the deciding record (-1: none), and the reason.

    ``unused`` says why a subject is not in the denominator, blank where it is.
    """

    value: np.ndarray
    row: np.ndarray
    reason: np.ndarray
    unused: np.ndarray
    records: Records

    @property
    def counted(self) -> np.ndarray:
        """Return who is in the denominator."""
        return self.unused == ""


def origin_days(trial: Trial, rate: Rate, population: str) -> np.ndarray:
    """Return the origin a rate counts from in a population (D14, D15)."""
    if rate.origin == "study":
        randomised = population == "RAND" or (
            trial.study.design == "randomised"
            and population not in POPULATION.group("rate_from_infusion")
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
    # What is assessed on the day of the origin is baseline (D47).
    seen = (start != NEVER) & (records.day > start) & (records.day <= end[records.subj])
    evaluable = ~coded(trial, records, "not_evaluable") & (records.extra["code"] >= 0)
    credited = records.day <= failure[records.subj]
    if not rate.assessment_filter.same_day_ok:
        credited = records.day < failure[records.subj]
    adequate = seen & evaluable & credited
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
        unevaluable=seen & credited & ~evaluable,
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
    if rate.reinfusion == "composite":
        reinfused = trial.happened["REINFUSION"]
        ends.append(("re-infusion", reinfused, np.ones(len(reinfused), dtype=bool)))
    if rate.hsct != "treatment_policy":
        hsct = trial.happened["HSCT"]
        ends.append((TRANSPLANTATION, hsct, np.ones(len(hsct), dtype=bool)))
    followed = np.minimum(trial.day("CUTDT"), trial.day("LOSTDT"))
    for name, records, mask in ends:
        after = mask & (records.day > origin[records.subj])
        after &= records.day <= followed[records.subj]
        found = records.day_of(records.first(after, n))
        why = np.where(found < day, name, why)
        day = np.minimum(found, day)
    return day, why


def not_infused(view: View) -> np.ndarray:
    """Return why a subject of the leukapheresed set was not infused, in words.

    An infusion that is pending at the cut-off is no reason of that kind (D51).
    """
    why = view.trial.words.text(view.trial.text("NOTINFRS"))
    told = np.where(why == "", "not infused", "not infused: " + why)
    return np.where(pending(view.trial), np.char.lower(why.astype(str)), told)


def pending(trial: Trial) -> np.ndarray:
    """Return whose infusion is pending at the cut-off (D51)."""
    return trial.is_one_of("NOTINFRS", NOT_INFUSED.group("open"))


def yes_no(
    view: View, row: np.ndarray, reason: np.ndarray, immature: np.ndarray | None = None
) -> RateResult:
    """Return Y where a deciding record is found; who leaves the denominator is not counted."""
    value = np.where(row >= 0, "Y", "N").astype(object)
    return RateResult(value, row, reason, why_unused(view, row, reason, immature), view.records)


def why_unused(
    view: View, row: np.ndarray, reason: np.ndarray, immature: np.ndarray | None = None
) -> np.ndarray:
    """Return why a subject is not in the denominator, blank where it is.

    1. Its window was still open (maturity). 2. It was never assessed, and missing is excluded.
    3. A transplantation came before the decision, and is excluded. 4. It has no baseline
    assessment, and that is excluded. A subject with the answer sought stays for 2 and 3; for 1 the
    date of the origin alone decides, whatever has happened since (D51).
    """
    unused, undecided = np.full(view.n, "", dtype=object), row < 0
    if immature is not None:
        unused[immature] = WINDOW_OPEN
    if view.rate.missing == "exclude":
        missing = np.isin(reason.astype(str), MISSING_REASONS)
        missing |= np.char.startswith(reason.astype(str), f"{MISSING_REASONS[1]} before")
        unused[undecided & missing] = NOT_ASSESSED
    if view.rate.hsct == "exclude":
        unused[undecided & (view.failed == TRANSPLANTATION)] = TRANSPLANTED
    if view.rate.missing_baseline == "exclude":
        unused[view.trial.is_one_of("BASEFL", ("N",))] = WITHOUT_BASELINE
    return unused
