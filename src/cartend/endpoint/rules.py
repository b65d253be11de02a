"""The event rules: each turns records into candidates (step 5 of the normative algorithm).

Source: specification 3.2; windows by boundary as decision D6 says: a label stands for the opening
or the close of that visit's window, and membership is decided by dates alone.
"""

import numpy as np

from cartend.config.definition import Event
from cartend.endpoint.candidates import LIVE, Candidates
from cartend.endpoint.context import Context, death_source
from cartend.endpoint.intercurrent import TRUNCATIONS, kind_within, qualifies
from cartend.endpoint.nonresponse import add_no_response
from cartend.endpoint.records import NEVER

TRUNCATION_WORDS = {
    "NEW_THERAPY": "after new anticancer therapy, which ends the follow-up",
    "HSCT": "after transplantation, which ends the follow-up",
    "CROSSOVER": "after crossover, which ends the follow-up",
    "REINFUSION": "after re-infusion, which ends the follow-up",
    "CLINICAL_PD": "after clinical progression, which ends the follow-up",
}


NOT_THE_CAUSE = "cause of death not meant by the rule"
AFTER_THE_END = "after an earlier end of the follow-up"


def add_events(context: Context, candidates: Candidates) -> None:
    """Add the candidates of every event rule of the definition, in the order of the file."""
    for order, (name, event) in enumerate(context.definition.events.items()):
        RULES[event.type](context, candidates, name, event, order)


def window_bounds(context: Context, event: Event) -> tuple[np.ndarray, np.ndarray]:
    """Return per subject the first and last day on which a rule looks."""
    window, origin = event.window, context.origin
    start = np.full(context.n, -NEVER)
    end = np.full(context.n, NEVER)
    if window.start is not None:
        start = context.schedule.bound(window.start, "opens")
    elif window.start_day is not None:
        start = origin + window.first_day
    if window.end is not None:
        end = context.schedule.bound(window.end, "closes")
    elif window.end_day is not None:
        end = origin + window.last_day
    return start, end


def why_not_seen(context: Context) -> np.ndarray:
    """Return per assessment record (as a code) why it is outside the follow-up, 0 inside."""
    subj, day = context.records.subj, context.records.day
    code = context.trial.words.code
    reason = np.zeros(len(day), dtype=np.int32)
    for number, kind in enumerate(TRUNCATIONS, start=1):
        cut = (context.truncated_by[subj] == number) & (day > context.truncation[subj])
        reason[cut] = code(TRUNCATION_WORDS[kind])
    reason[day > context.death[subj]] = code("after death")
    reason[day > context.lost[subj]] = code("after loss to follow-up")
    reason[day > context.cutoff[subj]] = code("after the data cut-off")
    reason[day < context.origin[subj]] = code("before the origin")
    return reason


def _rule_id(context: Context, name: str) -> str:
    return f"{context.definition.id}.{name}"


def _in_population(context: Context) -> np.ndarray:
    return context.origin[context.records.subj] != NEVER


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
    start, end = window_bounds(context, event)
    subj, day = context.records.subj, context.records.day
    word, lost = context.trial.words.code, lost.copy()
    early, late = day < start[subj], day > end[subj]
    lost[early & (lost == LIVE)] = word("before the window of the rule opens")
    lost[late & (lost == LIVE)] = word("after the window of the rule closes")
    candidates.add_records(
        context.records,
        codes & _in_population(context),
        kind=event.type,
        rule=_rule_id(context, name),
        event=label,
        state=event.state,
        rank=event.rank,
        order=order,
        lost=lost,
    )


def add_progression(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add PD: the first adequate progression inside the window; its name is the category's."""
    words = context.trial.words
    label = np.where(context.coded(("RELAPSE",)), words.code("RELAPSE"), words.code("PD"))
    codes = context.coded("progression")
    lost = why_not_seen(context)
    if event.after is not None:
        response = context.first_day(context.in_set(event.after))[context.records.subj]
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
    # The end of the follow-up (cut-off, loss, truncation, death) before the nominal day leaves the
    # progression where it was: ignored.
    reached = context.seen_until >= nominal
    rows = early[(early >= 0) & ~better_later & reached & (nominal != NEVER)]
    chosen = np.zeros(len(records), dtype=bool)
    chosen[rows] = True
    carried = records.where(chosen)
    candidates.add(
        subj=carried.subj,
        day=nominal[carried.subj],
        kind=event.type,
        rule=f"{_rule_id(context, name)}.CARRIED",
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
        rule=f"{_rule_id(context, name)}.CLINICAL",
        event="PD",
        state=event.state,
        rank=event.rank,
        order=order,
    )


def add_state_from(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add SD_OR_PD_FROM: the first adequate assessment in the states from the window on."""
    codes = context.coded(event.criterion.state_from)
    lost = why_not_seen(context)
    _add_assessments(
        context, candidates, name, event, order, codes=codes, lost=lost, label="SD_LATE"
    )


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


def add_death(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add DEATH: on or before the cut-off, of a cause the rule means, not after a truncation."""
    trial, death = context.trial, context.trial.day("DTHDT")
    lost = _why_death_lost(context, event, death)
    who = np.flatnonzero(context.members.mask & (death != NEVER))
    candidates.add(
        subj=who,
        day=death[who],
        kind="DEATH",
        rule=_rule_id(context, name),
        event="DEATH",
        source=death_source(trial, who),
        state=event.state,
        rank=event.rank,
        order=order,
        flag=trial.text("DTHDTF")[who],
        lost=lost[who],
    )


def _why_death_lost(context: Context, event: Event, death: np.ndarray) -> np.ndarray:
    """Return per subject (as a code) why its death is no candidate of a rule, 0 where it is."""
    trial, word = context.trial, context.trial.words.code
    lost = np.zeros(context.n, dtype=np.int32)
    if event.cause_in is not None:
        lost[~trial.is_one_of("DTHCAUS", event.cause_in)] = word(NOT_THE_CAUSE)
    if event.cause_not_in:
        lost[trial.is_one_of("DTHCAUS", event.cause_not_in)] = word(NOT_THE_CAUSE)
    if event.min_missed_visits:
        missed = context.schedule.missed_between(last_before_death(context), death)
        lost[missed < event.min_missed_visits] = word("fewer missed visits than the rule asks for")
    for number, kind in enumerate(TRUNCATIONS, start=1):
        cut = (context.truncated_by == number) & (death > context.truncation)
        lost[cut] = word(TRUNCATION_WORDS[kind])
    hidden = (death <= context.cutoff) & (context.death == NEVER)
    lost[death > context.cutoff] = word("after the data cut-off")
    lost[hidden] = word("after withdrawal from vital-status follow-up")
    lost[death < context.origin] = word("before the origin")
    return lost


def last_before_death(context: Context) -> np.ndarray:
    """Return the last adequate assessment up to the day of death, the origin where none (D10)."""
    records = context.records
    mask = context.adequate & (records.day <= context.trial.day("DTHDT")[records.subj])
    last = records.day_of(records.last(mask, context.n))
    return np.where(last == NEVER, context.origin, last)


def add_new_therapy(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add NEW_THERAPY: the first qualifying start; the others are kept with their reason."""
    therapy = context.therapy
    word = context.trial.words.code
    lost = np.zeros(len(therapy), dtype=np.int32)
    lost[~qualifies(context.trial, therapy, event.qualifies)] = word("its reason does not qualify")
    lost[therapy.day > context.truncation[therapy.subj]] = word(AFTER_THE_END)
    candidates.add_records(
        therapy,
        np.ones(len(therapy), dtype=bool),
        kind="NEW_THERAPY",
        rule=_rule_id(context, name),
        event="NEW_THERAPY",
        state=event.state,
        rank=event.rank,
        order=order,
        lost=lost,
    )


def add_happened(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add HSCT, CROSSOVER, REINFUSION, SECOND_MALIGNANCY: the first record after the origin."""
    end = np.minimum(context.cutoff, context.lost)
    records, mask = kind_within(context.trial, context.definition, event.type, context.origin, end)
    lost = np.zeros(len(records), dtype=np.int32)
    lost[records.day > context.truncation[records.subj]] = context.trial.words.code(AFTER_THE_END)
    candidates.add_records(
        records,
        mask,
        kind=event.type,
        rule=_rule_id(context, name),
        event=event.type,
        state=event.state,
        rank=event.rank,
        order=order,
        lost=lost,
    )


RULES = {
    "PD": add_progression,
    "RELAPSE": add_progression,
    "DEATH": add_death,
    "NEW_THERAPY": add_new_therapy,
    "NO_RESPONSE": add_no_response,
    "SD_OR_PD_FROM": add_state_from,
    "REFRACTORY": add_refractory,
    "HSCT": add_happened,
    "CROSSOVER": add_happened,
    "REINFUSION": add_happened,
    "SECOND_MALIGNANCY": add_happened,
}
