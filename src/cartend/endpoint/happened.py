"""Events that happen between assessments: death, new therapy, transplantation, a positive sample.

Source: step 5 of the normative algorithm, specification 3.2; decisions D2, D9, D15, D17.
"""

import numpy as np

from cartend.config.event import Event
from cartend.contract.text import capitals
from cartend.endpoint.candidates import Candidates
from cartend.endpoint.context import Context, death_source
from cartend.endpoint.ends import verdicts
from cartend.endpoint.intercurrent import first_day_after, kind_within, qualifies
from cartend.endpoint.records import NEVER
from cartend.endpoint.windows import (
    AFTER_THE_END,
    NOT_THE_CAUSE,
    ON_ITS_DAY,
    outside_window,
    rule_id,
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
        rule=rule_id(context, name),
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
    everyone = np.arange(context.n)
    lost = outside_window(context, event, everyone, death, lost)
    if event.min_missed_visits:
        missed = context.schedule.missed_between(last_before_death(context), death)
        lost[missed < event.min_missed_visits] = word("fewer missed visits than the rule asks for")
    for number, words in enumerate(verdicts(trial.study, context.definition), start=1):
        cut = (context.truncated_by == number) & (death > context.truncation)
        lost[cut] = word(words)
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
        rule=rule_id(context, name),
        event="NEW_THERAPY",
        state=event.state,
        rank=event.rank,
        order=order,
        lost=lost,
    )


def add_happened(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add what happened on a day of its own: the first record after the origin.

    A record of a role of the study's own is named by the id of the role, in capitals.
    """
    end, kind = np.minimum(context.cutoff, context.lost), event.happening
    records, mask = kind_within(context.trial, context.definition, kind, context.origin, end)
    lost = np.zeros(len(records), dtype=np.int32)
    lost[records.day > context.truncation[records.subj]] = context.trial.words.code(AFTER_THE_END)
    candidates.add_records(
        records,
        mask,
        kind=kind,
        rule=rule_id(context, name),
        event=capitals(kind),
        state=event.state,
        rank=event.rank,
        order=order,
        lost=lost,
    )


def add_mrd_positive(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add MRD_POS: every adequate positive sample after the origin; the first one counts."""
    samples, words = context.trial.mrd, context.trial.words
    positive = samples.extra["AVALC"] == words.code("POS")
    origin = context.origin[samples.subj]
    lost = np.zeros(len(samples), dtype=np.int32)
    end = np.minimum(np.minimum(context.cutoff, context.lost), context.truncation)
    lost[samples.day > end[samples.subj]] = words.code(AFTER_THE_END)
    first = first_day_after(context.definition, context.origin)[samples.subj]
    lost[samples.day < first] = words.code(ON_ITS_DAY)
    lost[samples.day < origin] = words.code("before the origin")
    lost = outside_window(context, event, samples.subj, samples.day, lost)
    candidates.add_records(
        samples,
        positive & (origin != NEVER),
        kind="MRD_POS",
        rule=rule_id(context, name),
        event="MRD_POS",
        state=event.state,
        rank=event.rank,
        order=order,
        lost=lost,
    )
