"""Rates: a category or Y/N for every subject of a population, and why (D13).

1. Origin: the population's (randomisation for RAND, infusion for every other set; a subject of
   the leukapheresed set who was not infused has none and is a non-responder).
2. Assessments: adequate, from the origin to cut-off, loss, death, up to and including the first
   progression; nothing after new anticancer therapy (same day counts as before) or re-infusion.
3. The rule of the variable decides; missing is no response unless the definition excludes it.

Source: specification 2.5, 2.6, 2.7; decisions D13 to D15.
"""

from dataclasses import dataclass

import numpy as np

from cartend.config.definition import Qualifies, Rate
from cartend.endpoint.context import ORIGIN_COLUMN, deaths_known, schedule_of
from cartend.endpoint.intercurrent import qualifies
from cartend.endpoint.landmark import landmark_day, landmark_responder
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
        return self.counted & _coded(self.trial, self.records, wanted)


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
    evaluable = ~_coded(trial, records, "not_evaluable") & (records.extra["code"] >= 0)
    adequate = seen & evaluable & (records.day <= failure[records.subj])
    progressed = adequate & _coded(trial, records, "progression")
    first = records.day_of(records.first(progressed, n))
    counted = adequate & (records.day <= first[records.subj])
    failed = np.where(first < failure, "progression", failed)
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


def _coded(trial: Trial, records: Records, wanted: tuple[str, ...] | str) -> np.ndarray:
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
    for name, records, mask in ends:
        after = mask & (records.day > origin[records.subj])
        found = records.day_of(records.first(after, n))
        why = np.where(found < day, name, why)
        day = np.minimum(found, day)
    return day, why


def evaluate(trial: Trial, rate: Rate, evaluator: str, population: str) -> RateResult:
    """Return the result of a rate for every subject of the trial."""
    view = view_of(trial, rate, evaluator, population)
    if rate.variable == "best_response":
        result = _best_response(view)
    elif rate.variable == "responder":
        result = _responder(view)
    elif rate.variable == "landmark_response":
        result = _at_landmark(view)
    else:
        result = _mrd_negative(view)
    return result


def _best_response(view: View) -> RateResult:
    """Return BOR: the best counted category, ties on the first date; SD needs its duration."""
    records, n = view.records, view.n
    usable = view.counted & ~_short_stable(view)
    order = np.flatnonzero(usable)
    order = order[np.lexsort((records.day[order], records.extra["code"][order]))][::-1]
    row = np.full(n, -1)
    row[records.subj[order]] = order
    found = row >= 0
    value = np.full(n, "MISSING", dtype=object)
    any_record = records.first(view.seen, n) >= 0
    value[any_record] = "NE"
    names = np.array([category.code for category in view.trial.criteria.categories], dtype=object)
    value[found] = names[records.extra["code"][row[found]]]
    return RateResult(value, row, _why_none(view, found), np.ones(n, dtype=bool), records)


def _short_stable(view: View) -> np.ndarray:
    days = view.rate.min_sd_days
    days = view.trial.criteria.min_sd_days if days is None else days
    if not days:
        return np.zeros(len(view.records), dtype=bool)
    early = view.records.day < view.origin[view.records.subj] + days
    return early & _coded(view.trial, view.records, "stable")


def _why_none(view: View, found: np.ndarray) -> np.ndarray:
    """Return in words why a subject has no counted assessment, blank where it has one."""
    reason = np.full(view.n, "no assessment", dtype=object)
    seen = view.records.first(view.seen, view.n) >= 0
    reason[seen] = "no evaluable assessment"
    late = seen & (view.failed != "")
    reason[late] = "no evaluable assessment before " + view.failed[late].astype(object)
    dead = view.death != NEVER
    reason[dead & ~seen] = "death before any assessment"
    reason[view.origin == NEVER] = _not_infused(view)[view.origin == NEVER]
    reason[found] = ""
    return reason


def _not_infused(view: View) -> np.ndarray:
    why = view.trial.words.text(view.trial.text("NOTINFRS"))
    return np.where(why == "", "not infused", "not infused: " + why)


def _responder(view: View) -> RateResult:
    """Return ORR, CR, DCR: a counted response, in time and durable where the rule asks."""
    rate, records, n = view.rate, view.records, view.n
    response = view.in_set(rate.response) & ~_short_stable(view)
    if rate.within:
        last = landmark_day(view.origin, rate.within)
        response &= records.day <= last[records.subj]
    if rate.durability is not None:
        response &= _durable(view)
    row = records.first(response, n)
    found = row >= 0
    reason = _why_none(view, view.records.first(view.counted, n) >= 0)
    reason[(reason == "") & ~found] = "no assessment in the response set"
    reason[found] = ""
    return _yes_no(view, row, reason)


def _durable(view: View) -> np.ndarray:
    """Return which responses stand so many days later (specification 2.3).

    A further counted assessment in the set at least ``days - tolerance`` later, and no
    progression, new therapy or (unless allowed) transplantation in the days between.
    """
    rule, records, n = view.rate.durability, view.records, view.n
    last = records.day_of(records.last(view.in_set(view.rate.response), n))[records.subj]
    needed = records.day + rule.days
    stands = (last != NEVER) & (last >= needed - rule.tolerance)
    stands &= view.failure[records.subj] > needed
    stands &= view.death[records.subj] >= needed
    if rule.hsct == "fail":
        stands &= _next_day(view.trial.happened["HSCT"], records) > needed
    return stands


def _next_day(events: Records, records: Records) -> np.ndarray:
    """Return, per record, the day of its subject's first event after it, NEVER for none."""
    span = 1 << 20  # more days than any trial has
    place = np.searchsorted(
        events.subj * span + events.day, records.subj * span + records.day, side="right"
    )
    subj, day = np.append(events.subj, -1)[place], np.append(events.day, NEVER)[place]
    return np.where(subj == records.subj, day, NEVER)


def _yes_no(
    view: View, row: np.ndarray, reason: np.ndarray, immature: np.ndarray | None = None
) -> RateResult:
    counted = np.ones(view.n, dtype=bool)
    if view.rate.missing == "exclude":
        counted &= ~np.char.startswith(reason.astype(str), "no ")
    if immature is not None:
        counted &= ~immature
    value = np.where(row >= 0, "Y", "N").astype(object)
    return RateResult(value, row, reason, counted, view.records)


def _at_landmark(view: View) -> RateResult:
    """Return the three-month response (D14): strict, visit window, or bracket."""
    rate, n = view.rate, view.n
    landmark = landmark_day(view.origin, rate.landmark_days or rate.landmark)
    row = landmark_responder(
        records=view.records,
        counted=view.counted,
        response=view.in_set(rate.response),
        landmark=landmark,
        window=rate.window,
        variant=rate.variant,
        gap_visits=rate.bracket_gap_visits,
        schedule=schedule_of(view.trial),
    )
    closes = np.where(landmark == NEVER, NEVER, landmark + rate.window.after)
    before = view.failure <= closes
    reason = np.full(n, "not assessed in the window", dtype=object)
    opens = landmark - rate.window.before
    day = view.records.day
    inside = (day >= opens[view.records.subj]) & (day <= closes[view.records.subj])
    reason[view.records.first(view.counted & inside, n) >= 0] = "not in response in the window"
    reason[(view.cutoff < closes) & ~before] = "data cut-off before the window closed"
    reason[before] = view.failed[before] + " before or in the window"
    reason[(view.death <= closes) & ~before] = "death before or in the window"
    reason[view.origin == NEVER] = _not_infused(view)[view.origin == NEVER]
    reason[row >= 0] = ""
    immature = None
    if rate.maturity == "window_closed":
        # Never assessed long enough, and nothing has gone wrong: outside the denominator (2.6).
        immature = (view.cutoff < closes) & ~before & (view.death > closes) & (row < 0)
        immature &= landmark != NEVER
    return _yes_no(view, row, reason, immature)


def _mrd_negative(view: View) -> RateResult:
    """Return a counted MRD-negative sample before progression and new therapy (2.7)."""
    samples, n = view.trial.mrd, view.n
    start = view.origin[samples.subj]
    end = np.minimum(np.minimum(view.cutoff, view.trial.day("LOSTDT")), view.failure)
    usable = (start != NEVER) & (samples.day >= start) & (samples.day <= end[samples.subj])
    negative = usable & (samples.extra["AVALC"] == view.trial.words.code("NEG"))
    if view.rate.with_response is not None:
        responded = view.records.first(view.in_set(view.rate.with_response), n) >= 0
        negative &= responded[samples.subj]
    row = samples.first(negative, n)
    reason = np.full(n, "no sample", dtype=object)
    reason[samples.first(usable, n) >= 0] = "no adequate sample"
    positive = usable & (samples.extra["AVALC"] == view.trial.words.code("POS"))
    reason[samples.first(positive, n) >= 0] = "MRD positive"
    reason[view.origin == NEVER] = _not_infused(view)[view.origin == NEVER]
    reason[row >= 0] = ""
    result = _yes_no(view, row, reason)
    return RateResult(result.value, row, reason, result.counted, samples)
