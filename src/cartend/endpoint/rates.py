"""Rates: a category or Y/N for every subject of a population, and why (D13).

1. Origin: the population's (randomisation for RAND, infusion for every other set; a subject of
   the leukapheresed set who was not infused has none and is a non-responder).
2. Assessments: adequate, from the origin to cut-off, loss, death, up to and including the first
   progression; nothing after new anticancer therapy (same day counts as before) or re-infusion.
3. The rule of the variable decides; missing is no response unless the definition excludes it.
4. Subjects in complete response before lymphodepletion are treated as the definition says.

Source: specification 2.5, 2.6, 2.7; decisions D13 to D15.
"""

import numpy as np

from cartend.config.rate import Rate
from cartend.endpoint.confirmation import confirmed
from cartend.endpoint.context import schedule_of
from cartend.endpoint.landmark import landmark_day, landmark_responder
from cartend.endpoint.mrd import mrd_negative, mrd_sustained
from cartend.endpoint.rebaseline import treat_complete
from cartend.endpoint.records import NEVER, Records, Trial
from cartend.endpoint.views import (
    RateResult,
    View,
    coded,
    not_infused,
    pending,
    view_of,
    why_unused,
    yes_no,
)


def evaluate(trial: Trial, rate: Rate, evaluator: str, population: str) -> RateResult:
    """Return the result of a rate for every subject of the trial."""
    view = view_of(trial, rate, evaluator, population)
    if rate.variable == "best_response":
        result = _best_response(view)
    elif rate.variable == "responder":
        result = _responder(view)
    elif rate.variable == "landmark_response":
        result = _at_landmark(view)
    elif rate.variable == "durable_response":
        result = _lasting_response(view)
    elif rate.variable == "mrd_negative":
        result = mrd_negative(view)
    else:
        result = mrd_sustained(view)
    return treat_complete(
        view, result, lambda other: _at_landmark(view_of(trial, other, evaluator, population))
    )


def _best_response(view: View) -> RateResult:
    """Return BOR: the best counted category, ties on the first date; SD needs its duration."""
    records, n = view.records, view.n
    code = _category(view)
    usable = view.counted & (code >= 0)
    order = np.flatnonzero(usable)
    order = order[np.lexsort((records.day[order], code[order]))][::-1]
    row = np.full(n, -1)
    row[records.subj[order]] = order
    found = row >= 0
    value = np.full(n, "MISSING", dtype=object)
    any_record = records.first(view.seen, n) >= 0
    value[any_record] = "NE"
    # A death before any assessment is not evaluable, not a missing record (2.5, ii).
    value[(view.death != NEVER) & (view.origin != NEVER)] = "NE"
    names = np.array([category.code for category in view.trial.criteria.categories], dtype=object)
    value[found] = names[code[row[found]]]
    reason = _why_none(view, found)
    return RateResult(value, row, reason, why_unused(view, row, reason), records)


def _category(view: View) -> np.ndarray:
    """Return, per record, the category it counts as, -1 for not evaluable (2.5).

    1. Stable disease needs its least duration. 2. Where a response needs confirmation, one that
    is not confirmed is stable disease, if it comes late enough for that.
    """
    code = np.where(_short_stable(view), -1, view.records.extra["code"])
    if view.rate.confirmation is None:
        return code
    stable = view.trial.category("stable")
    response = coded(view.trial, view.records, "response")
    unconfirmed = response & ~confirmed(view, view.rate.confirmation)
    as_stable = np.where(_early(view) | (not len(stable)), -1, stable[0] if len(stable) else -1)
    return np.where(unconfirmed, as_stable, code)


def _short_stable(view: View) -> np.ndarray:
    return _early(view) & coded(view.trial, view.records, "stable")


def _early(view: View) -> np.ndarray:
    """Return which assessments come before stable disease may be called that."""
    days = view.rate.min_sd_days
    days = view.trial.criteria.min_sd_days if days is None else days
    return view.records.day < view.origin[view.records.subj] + (days or 0)


def _why_none(view: View, found: np.ndarray) -> np.ndarray:
    """Return in words why a subject has no counted assessment, blank where it has one."""
    reason = np.full(view.n, "no assessment", dtype=object)
    seen = view.records.first(view.seen, view.n) >= 0
    reason[seen] = "no evaluable assessment"
    late = seen & (view.failed != "")
    reason[late] = "no evaluable assessment before " + view.failed[late].astype(object)
    dead = view.death != NEVER
    reason[dead & ~seen] = "death before any assessment"
    reason[view.origin == NEVER] = not_infused(view)[view.origin == NEVER]
    reason[found] = ""
    return reason


def _responder(view: View) -> RateResult:
    """Return ORR, CR, DCR: a counted response, in time and durable where the rule asks."""
    rate, records, n = view.rate, view.records, view.n
    response = view.counted & np.isin(_category(view), view.trial.category(rate.response))
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
    closes = landmark_day(view.origin, rate.within) if rate.within else np.full(n, NEVER)
    closes = closes + (rate.durability.days if rate.durability is not None else 0)
    return yes_no(view, row, reason, _immature(view, closes))


def _immature(view: View, closes: np.ndarray) -> np.ndarray | None:
    """Return whose window is open at the cut-off or whose infusion is pending, None if moot (2.6).

    Such a subject leaves the denominator only by a maturity rule defined before the data cut-off.
    The date of the origin alone decides: who has responded or failed early is no more of the
    denominator than who may yet do so (D51).
    """
    if view.rate.maturity == "none":
        return None
    open_ = (view.cutoff < closes) & (closes < NEVER) & (view.origin != NEVER)
    return open_ | ((view.origin == NEVER) & pending(view.trial))


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
    reason[view.origin == NEVER] = not_infused(view)[view.origin == NEVER]
    reason[row >= 0] = ""
    return yes_no(view, row, reason, _immature(view, closes))


def _lasting_response(view: View) -> RateResult:
    """Return responses that last so long by the rules of the duration of response (3.9).

    1. It ends at the first progression or death; new therapy and re-infusion censor it.
    2. An end after two or more missed visits is censored at the assessment before them.
    3. It lasts where its end, or the last adequate assessment of a censored one, lies at least
       so long after it; who is censored earlier is not durable.
    """
    records, n, schedule = view.records, view.n, schedule_of(view.trial)
    response = view.in_set(view.rate.response)
    if view.rate.confirmation is not None:
        response &= confirmed(view, view.rate.confirmation)
    row = records.first(response, n)
    needed = landmark_day(records.day_of(row), view.rate.lasting)
    progressed = view.failed == "progression"
    credited = np.where(progressed | (view.failure == NEVER), NEVER, view.failure)
    ended = np.minimum(np.where(progressed, view.failure, NEVER), view.death)
    censored = (ended == NEVER) | (credited < ended)
    until = np.where(censored, NEVER, np.where(ended == view.failure, ended - 1, ended))
    last = records.day_of(records.last(view.adequate & (records.day <= until[records.subj]), n))
    last = np.where(last == NEVER, -NEVER, last)
    censored |= schedule.missed_between(last, ended) >= 2
    lasts = (row >= 0) & (np.where(censored, last, ended) >= needed)
    reason = _why_none(view, records.first(view.counted, n) >= 0)
    reason[reason == ""] = "no assessment in the response set"
    reason[row >= 0] = "response not seen to last that long"
    reason[(row >= 0) & ~censored & ~lasts] = "progression or death before that"
    reason[lasts] = ""
    return yes_no(view, np.where(lasts, row, -1), reason)
