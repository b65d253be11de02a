"""Events that an assessment makes: progression, relapse, states from a visit on, response.

Source: step 5 of the normative algorithm, specification 3.2; decisions D6, D7, D10.
"""

import numpy as np

from cartend.config.event import Event
from cartend.contract.terms.grammar import EVENT_DATE
from cartend.endpoint.candidates import LIVE, Candidates
from cartend.endpoint.context import Context
from cartend.endpoint.intercurrent import kind_within
from cartend.endpoint.records import NEVER
from cartend.endpoint.windows import (
    outside_window,
    rule_id,
    why_not_seen,
    window_bounds,
)


def _add_assessments(
    context: Context,
    candidates: Candidates,
    name: str,
    event: Event,
    order: int,
    *,
    codes: np.ndarray,
    lost: np.ndarray,
    label: str | np.ndarray,
) -> None:
    subj, day = context.records.subj, context.records.day
    lost = outside_window(context, event, subj, day, lost)
    mask = codes & (context.origin[subj] != NEVER)
    if event.dated_at in EVENT_DATE.group("moved"):
        days = _midpoints(context) if event.dated_at == "midpoint" else _next_visits(context)
        _add_dated(context, candidates, name, event, order, mask, lost, label, days)
        return
    candidates.add_records(
        context.records,
        mask,
        kind=event.type,
        rule=rule_id(context, name),
        event=label,
        state=event.state,
        rank=event.rank,
        order=order,
        lost=lost,
    )


def _add_dated(
    context: Context,
    candidates: Candidates,
    name: str,
    event: Event,
    order: int,
    mask: np.ndarray,
    lost: np.ndarray,
    label: str | np.ndarray,
    days: np.ndarray,
) -> None:
    """Add assessments on other days than their own; ESTABDT is the day of the assessment."""
    chosen, day = context.records.where(mask), days[mask]
    candidates.add(
        subj=chosen.subj,
        day=np.maximum(day, context.origin[chosen.subj]),
        kind=event.type,
        rule=rule_id(context, name),
        event=label[mask] if isinstance(label, np.ndarray) else label,
        source=(chosen.dom, chosen.var, chosen.seq),
        state=event.state,
        rank=event.rank,
        order=order,
        flag=chosen.flag,
        estab=chosen.day,
        lost=lost[mask],
    )


def _midpoints(context: Context) -> np.ndarray:
    """Return, per record, the day midway from the adequate one before it (or the origin) to it."""
    records = context.records
    position = np.where(context.adequate, np.arange(len(records)), -1)
    before = np.maximum.accumulate(np.concatenate([[-1], position]))[:-1]
    own = (before >= 0) & (records.subj[before] == records.subj)
    previous = np.where(own, records.day[before], context.origin[records.subj])
    return previous + (records.day - previous) // 2


def _next_visits(context: Context) -> np.ndarray:
    """Return, per record, its own day inside a visit window, else the next visit's nominal day.

    The date never lies after the end of the follow-up, and never before the assessment; after the
    last scheduled visit an assessment keeps its day.
    """
    subj, day = context.records.subj, context.records.day
    ends = np.minimum(np.minimum(context.cutoff, context.lost), context.truncation)
    following = context.schedule.next_nominal(subj, day)
    moved = np.maximum(day, np.minimum(following, ends[subj]))
    return np.where(following == NEVER, day, moved)


def add_progression(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add PD: the first adequate progression inside the window; its name is the category's."""
    words = context.trial.words
    label = np.where(context.coded(("RELAPSE",)), words.code("RELAPSE"), words.code("PD"))
    codes = context.coded("progression")
    lost = why_not_seen(context)
    if event.preceded_by is not None:
        response = context.first_day(context.in_set(event.preceded_by))[context.records.subj]
        early = (lost == LIVE) & (context.records.day <= response)
        lost[early] = words.code("no response came before it")
    _add_assessments(context, candidates, name, event, order, codes=codes, lost=lost, label=label)
    opens, _ = window_bounds(context, event)
    if context.definition.early_pd_before_window == "carry_to_window_start" and (
        event.window.start or event.window.start_day
    ):
        _carry_early(context, candidates, name, event, order, opens)
    if event.type == "PD" and context.definition.clinical_progression == "event":
        _add_clinical(context, candidates, name, event, order)


def _carry_early(
    context: Context,
    candidates: Candidates,
    name: str,
    event: Event,
    order: int,
    opens: np.ndarray,
) -> None:
    """Add a progression before the window, with nothing better after it, at the nominal day."""
    records, n = context.records, context.n
    progression = context.in_set("progression") & (records.day < opens[records.subj])
    early = records.last(progression, n)
    other = context.adequate & ~context.coded("progression")
    last_other = records.day_of(records.last(other, n))
    if event.window.start is not None:
        nominal = context.schedule.bound(event.window.start, "nominal")
    else:
        nominal = context.origin + (event.window.start_day or 0)
    better_later = (last_other != NEVER) & (last_other > records.day_of(early))
    # The event is established: the end of the follow-up after it does not undo it. A data cut-off
    # before the nominal day leaves it where it was, and the subject is censored (D50).
    reached = context.cutoff >= nominal
    rows = early[(early >= 0) & ~better_later & reached & (nominal != NEVER)]
    chosen = np.zeros(len(records), dtype=bool)
    chosen[rows] = True
    carried = records.where(chosen)
    candidates.add(
        subj=carried.subj,
        day=nominal[carried.subj],
        kind=event.type,
        rule=f"{rule_id(context, name)}.CARRIED",
        event="PD",
        source=(carried.dom, carried.var, carried.seq),
        state=event.state,
        rank=event.rank,
        order=order,
        estab=carried.day,
    )


def _add_clinical(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add clinical progression without an assessment, where the definition takes it as an event."""
    records, mask = kind_within(
        context.trial, context.definition, "CLINICAL_PD", context.origin, context.seen_until
    )
    candidates.add_records(
        records,
        mask,
        kind="CLINICAL_PD",
        rule=f"{rule_id(context, name)}.CLINICAL",
        event="PD",
        state=event.state,
        rank=event.rank,
        order=order,
    )


def add_state_from(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add SD_OR_PD_FROM and RESPONSE: the first adequate assessment in the states."""
    label = "RESPONSE" if event.type == "RESPONSE" else "SD_LATE"
    codes = context.coded(event.criterion.state_from)
    lost = why_not_seen(context)
    _add_assessments(context, candidates, name, event, order, codes=codes, lost=lost, label=label)


def add_refractory(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add REFRACTORY: the first adequate assessment is in the states."""
    records = context.records
    first = records.day_of(records.first(context.adequate, context.n))[records.subj]
    codes = context.coded(event.criterion.state_from)
    lost = why_not_seen(context)
    word = context.trial.words.code
    lost[(lost == LIVE) & (records.day != first)] = word("not the first adequate assessment")
    _add_assessments(
        context, candidates, name, event, order, codes=codes, lost=lost, label="NO_RESPONSE"
    )
