"""The event rules: each turns records into candidates (step 5 of the normative algorithm).

Source: specification 3.2; windows by boundary as decision D6 says: a label stands for the opening
or the close of that visit's window, and membership is decided by dates alone.
"""

import numpy as np

from cartend.config.definition import Event
from cartend.endpoint.candidates import Candidates
from cartend.endpoint.context import Context
from cartend.endpoint.intercurrent import TRUNCATIONS, kind_within, qualifies
from cartend.endpoint.nonresponse import add_no_response
from cartend.endpoint.records import NEVER

TRUNCATION_WORDS = {
    "NEW_THERAPY": "after new anticancer therapy, which ends the follow-up",
    "HSCT": "after transplantation, which ends the follow-up",
    "CROSSOVER": "after crossover, which ends the follow-up",
    "REINFUSION": "after re-infusion, which ends the follow-up",
}


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
    """Return per assessment record why it is outside the follow-up, blank where it is inside."""
    subj, day = context.records.subj, context.records.day
    reason = np.full(len(day), "", dtype=object)
    for number, kind in enumerate(TRUNCATIONS, start=1):
        cut = (context.truncated_by[subj] == number) & (day > context.truncation[subj])
        reason[cut] = TRUNCATION_WORDS[kind]
    reason[day > context.death[subj]] = "after death"
    reason[day > context.lost[subj]] = "after loss to follow-up"
    reason[day > context.cutoff[subj]] = "after the data cut-off"
    reason[day < context.origin[subj]] = "before the origin"
    return reason


def _rule_id(context: Context, name: str) -> str:
    return f"{context.definition.id}.{name}"


def _in_population(context: Context) -> np.ndarray:
    return context.origin[context.records.subj] != NEVER


def _codes(context: Context, wanted: tuple[str, ...] | str) -> np.ndarray:
    ranks = context.trial.criteria.rank
    codes = [ranks[code] for code in context.trial.criteria.codes(wanted)]
    return np.isin(context.records.extra["code"], codes)


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
    lost = lost.copy()
    early, late = day < start[subj], day > end[subj]
    lost[early & (lost == "")] = "before the window of the rule opens"
    lost[late & (lost == "")] = "after the window of the rule closes"
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
    label = np.where(context.records.extra["AVALC"] == "RELAPSE", "RELAPSE", "PD").astype(object)
    codes = _codes(context, "progression")
    lost = why_not_seen(context)
    if event.after is not None:
        response = context.first_day(context.in_set(event.after))[context.records.subj]
        lost[(lost == "") & (context.records.day <= response)] = "no response came before it"
    _add_assessments(context, candidates, name, event, order, codes=codes, lost=lost, label=label)
    opens, _ = window_bounds(context, event)
    if context.definition.early_pd_before_window == "carry_to_window_start" and (
        event.window.start or event.window.start_day
    ):
        _carry_early(context, candidates, name, event, order, opens)
    if event.type == "PD" and context.definition.clinical_progression != "ignore":
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
    first = records.first(progression, n)
    other = context.adequate & ~_codes(context, "progression")
    last_other = records.day_of(records.last(other, n))
    if event.window.start is not None:
        nominal = context.schedule.bound(event.window.start, "nominal")
    else:
        nominal = context.origin + (event.window.start_day or 0)
    better_later = (last_other != NEVER) & (last_other > records.day_of(first))
    # A death or the cut-off before the nominal day leaves the progression where it was: ignored.
    reached = np.minimum(np.minimum(context.cutoff, context.lost), context.death) >= nominal
    rows = first[(first >= 0) & ~better_later & reached & (nominal != NEVER)]
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
    records = context.trial.happened["CLINICAL_PD"]
    start = context.origin[records.subj]
    end = np.minimum(np.minimum(context.cutoff, context.lost), context.truncation)[records.subj]
    mask = (records.day >= start) & (records.day <= end) & (start != NEVER)
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
    codes = _codes(context, event.criterion.state_from)
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
    codes = _codes(context, event.criterion.state_from)
    lost = why_not_seen(context)
    lost[(lost == "") & (records.day != first)] = "not the first adequate assessment"
    _add_assessments(
        context, candidates, name, event, order, codes=codes, lost=lost, label="NO_RESPONSE"
    )


def add_death(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add DEATH: on or before the cut-off, of a cause the rule means, not after a truncation."""
    trial, death = context.trial, trial_death(context)
    cause = trial.text("DTHCAUS").astype(str)
    lost = np.full(context.n, "", dtype=object)
    if event.cause_in is not None:
        lost[~np.isin(cause, event.cause_in)] = "cause of death not meant by the rule"
    if event.cause_not_in:
        lost[np.isin(cause, event.cause_not_in)] = "cause of death not meant by the rule"
    if event.min_missed_visits:
        missed = context.schedule.missed_between(last_before_death(context), death)
        lost[missed < event.min_missed_visits] = "fewer missed visits than the rule asks for"
    for number, kind in enumerate(TRUNCATIONS, start=1):
        cut = (context.truncated_by == number) & (death > context.truncation)
        lost[cut] = TRUNCATION_WORDS[kind]
    lost[death > context.cutoff] = "after the data cut-off"
    lost[(death <= context.cutoff) & (context.death == NEVER)] = (
        "after withdrawal from vital-status follow-up"
    )
    lost[death < context.origin] = "before the origin"
    who = np.flatnonzero(context.members.mask & (death != NEVER))
    candidates.add(
        subj=who,
        day=death[who],
        kind="DEATH",
        rule=_rule_id(context, name),
        event="DEATH",
        source=("DM", "DTHDTC", 0),
        state=event.state,
        rank=event.rank,
        order=order,
        flag=trial.text("DTHDTF")[who],
        lost=lost[who],
    )


def trial_death(context: Context) -> np.ndarray:
    """Return the day of death as recorded, known or not at the cut-off."""
    return context.trial.day("DTHDT")


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
    lost = np.full(len(therapy), "", dtype=object)
    lost[~qualifies(therapy, event.qualifies)] = "its reason does not qualify"
    lost[therapy.day > context.truncation[therapy.subj]] = "after an earlier end of the follow-up"
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
    lost = np.full(len(records), "", dtype=object)
    lost[records.day > context.truncation[records.subj]] = "after an earlier end of the follow-up"
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
