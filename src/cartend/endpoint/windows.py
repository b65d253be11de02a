"""When a rule looks, and why a record is outside the follow-up.

Windows go by boundary (D6): a label stands for the opening or the close of that visit's window,
and membership is decided by dates alone.
"""

import numpy as np

from cartend.config.definition import Event
from cartend.endpoint.context import Context
from cartend.endpoint.intercurrent import TRUNCATIONS
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


def rule_id(context: Context, name: str) -> str:
    """Return the id under which a rule stands in ADTTE and in the candidates."""
    return f"{context.definition.id}.{name}"
