"""What can end a follow-up, and how that is said: shipped kinds of events and a study's own roles.

``truncated_by`` of the engine holds 1 + the position in ``truncations``, 0 for nothing.
"""

from collections.abc import Iterable

import numpy as np

from cartend.config.definition import Definition, TimeToEvent
from cartend.config.records import label_of
from cartend.config.study import Study
from cartend.contract.terms.estimand import CENSORING, DATED_EVENT, TRUNCATION
from cartend.contract.text import in_a_sentence

LAST_ASSESSMENT, OTHER = 1, 9
CNSR_OF_KIND = {one.kind: one.code for one in CENSORING if one.kind}
"""CNSR of a follow-up that a kind of event ends; any other kind is OTHER."""


def truncations(definition: TimeToEvent) -> tuple[str, ...]:
    """Return the kinds that may end the follow-up, in the order that breaks a tie.

    The shipped ones, then the roles that the definition names, in its order.
    """
    rules = (*definition.events.values(), *definition.intercurrent_events.values())
    roles = [rule.happening for rule in rules if rule.type == "RECORD"]
    return tuple(dict.fromkeys((*TRUNCATION, *roles)))


def named_kinds(definitions: Iterable[Definition]) -> list[str]:
    """Return the kinds of events that definitions name by their role."""
    timed = [one for one in definitions if isinstance(one, TimeToEvent)]
    kinds = [kind for one in timed for kind in truncations(one) if kind not in TRUNCATION]
    return list(dict.fromkeys(kinds))


def reasons(definition: TimeToEvent) -> np.ndarray:
    """Return the CNSR of each way to end, in the numbers of ``truncated_by``."""
    codes = [CNSR_OF_KIND.get(kind, OTHER) for kind in truncations(definition)]
    return np.array([LAST_ASSESSMENT, *codes])


def verdicts(study: Study, definition: TimeToEvent) -> list[str]:
    """Return why a later record is no candidate, by kind, in the order of ``truncations``."""
    return [
        TRUNCATION.label(kind)
        if kind in TRUNCATION
        else f"after {event_words(study, kind)}, which ends the follow-up"
        for kind in truncations(definition)
    ]


def dated_by_role(study: Study, definition: TimeToEvent, sentence: str) -> list[str]:
    """Return what the censoring date is where a role ends the follow-up, blank where none does.

    In the numbers of ``truncated_by``; ``sentence`` has ``{}`` for the role.
    """
    shipped = [kind in TRUNCATION for kind in truncations(definition)]
    told = dated_by_event(study, definition, sentence)
    return ["", *("" if one else text for one, text in zip(shipped, told[1:], strict=True))]


def dated_by_event(study: Study, definition: TimeToEvent, sentence: str) -> list[str]:
    """Return what the censoring date is where any event ends the follow-up, as above."""
    kinds = truncations(definition)
    return ["", *(sentence.format(event_words(study, kind)) for kind in kinds)]


def event_words(study: Study, kind: str) -> str:
    """Return the label of a kind of event, as it stands in a sentence: shipped, or the study's."""
    shipped = kind in DATED_EVENT
    label = DATED_EVENT.label(kind) if shipped else label_of(kind, study.records.get(kind))
    return in_a_sentence(label)
