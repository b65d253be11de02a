"""Intercurrent events: which new therapies a rule means, and what ends the follow-up (step 3, D9).

1. A new therapy that a definition excludes (by reason, class or source) is no new therapy to it.
2. A new therapy qualifies for a rule where its reason is one of the rule's reasons.
3. Its strategy: composite or competing where an event rule takes it; else that of the
   intercurrent event where it qualifies, and ``otherwise`` where it does not.
4. Every strategy but treatment policy truncates; the earliest truncation wins.
"""

import numpy as np

from cartend.config.definition import TimeToEvent
from cartend.config.event import Qualifies
from cartend.contract.terms.estimand import ORIGIN, STRATEGY
from cartend.endpoint.ends import truncations
from cartend.endpoint.records import NEVER, Records, Trial

TRUNCATING = STRATEGY.group("ends")
AFTER_BASELINE = ORIGIN.group("assessment")
"""Origins that are an assessment: what falls on that very day comes after it (P10)."""


def first_day_after(definition: TimeToEvent, origin: np.ndarray) -> np.ndarray:
    """Return the first day on which an assessment or an intercurrent event is after the origin.

    On the day of any other origin every assessment is baseline, whatever its time or flag: nothing
    given that day can have acted (D47). A death of that day is an event.
    """
    return origin if definition.origin in AFTER_BASELINE else origin + 1


def qualifies(trial: Trial, therapy: Records, rule: Qualifies) -> np.ndarray:
    """Return which therapies a rule means; a missing reason is the reason UNKNOWN."""
    words = trial.words
    given = therapy.extra["REASON"]
    reason = np.where(given == 0, words.code("UNKNOWN"), given)
    excluded = words.meaning(rule.exclude)
    kept = ~np.isin(reason, excluded) & ~np.isin(therapy.extra["CLASS"], excluded)
    if rule.reasons is None:
        return kept
    return kept & np.isin(reason, words.meaning(rule.reasons))


def therapies_within(trial: Trial, definition: TimeToEvent, origin: np.ndarray) -> Records:
    """Return the new therapies after the origin and on or before cut-off and loss.

    A crossover infusion is new therapy too (D15), unless the definition names CROSSOVER itself.
    """
    therapy = trial.happened["NEW_THERAPY"]
    end = np.minimum(trial.day("CUTDT"), trial.day("LOSTDT"))
    start = first_day_after(definition, origin)[therapy.subj]
    mask = (therapy.day >= start) & (therapy.day <= end[therapy.subj])
    mask &= origin[therapy.subj] != NEVER
    if any(ice.type == "CROSSOVER" for ice in definition.intercurrent_events.values()):
        mask &= therapy.dom != trial.words.code("EX")
    return therapy.where(mask)


def therapy_truncates(trial: Trial, therapy: Records, definition: TimeToEvent) -> np.ndarray:
    """Return which new therapies end the follow-up (steps 1 to 4 above)."""
    truncates = np.zeros(len(therapy), dtype=bool)
    for event in definition.events.values():
        if event.type == "NEW_THERAPY":
            truncates |= qualifies(trial, therapy, event.qualifies)
    for ice in definition.intercurrent_events.values():
        if ice.type != "NEW_THERAPY":
            continue
        meant = qualifies(trial, therapy, ice.qualifies)
        anyone = qualifies(trial, therapy, Qualifies(exclude=ice.qualifies.exclude))
        if ice.strategy in STRATEGY.group("censors"):
            truncates |= meant
        if ice.otherwise in TRUNCATING:
            truncates |= anyone & ~meant
    return truncates


def truncation(
    trial: Trial,
    definition: TimeToEvent,
    origin: np.ndarray,
    therapy: Records,
    truncates: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return per subject the day that ends its follow-up and what kind ended it (0: nothing)."""
    n = len(trial)
    day = np.full(n, NEVER)
    kind = np.zeros(n, dtype=np.int64)
    end = np.minimum(trial.day("CUTDT"), trial.day("LOSTDT"))
    for number, name in enumerate(truncations(definition), start=1):
        if name == "NEW_THERAPY":
            found = therapy.day_of(therapy.first(truncates, n))
        else:
            found = _first_of_kind(trial, definition, name, origin, end)
        earlier = found < day
        day = np.where(earlier, found, day)
        kind = np.where(earlier, number, kind)
    return day, kind


def kind_within(
    trial: Trial, definition: TimeToEvent, name: str, origin: np.ndarray, end: np.ndarray
) -> tuple[Records, np.ndarray]:
    """Return the records of a kind and which of them a definition looks at."""
    records = trial.happening(name)
    start = first_day_after(definition, origin)[records.subj]
    mask = (records.day >= start) & (records.day <= end[records.subj])
    mask &= origin[records.subj] != NEVER
    for ice in definition.intercurrent_events.values():
        if ice.happening == name and ice.planned != "any":
            wanted = "Y" if ice.planned == "planned" else "N"
            mask &= records.extra["PLANNED"] == trial.words.code(wanted)
    return records, mask


def _first_of_kind(
    trial: Trial, definition: TimeToEvent, name: str, origin: np.ndarray, end: np.ndarray
) -> np.ndarray:
    events = {event.happening for event in definition.events.values()}
    ices = definition.intercurrent_events.values()
    strategies = [ice.strategy for ice in ices if ice.happening == name]
    if name == "CLINICAL_PD":
        ends = definition.clinical_progression == "censor"
    else:
        ends = name in events or any(s in TRUNCATING for s in strategies)
    if not ends:
        return np.full(len(trial), NEVER)
    records, mask = kind_within(trial, definition, name, origin, end)
    return records.day_of(records.first(mask, len(trial)))
