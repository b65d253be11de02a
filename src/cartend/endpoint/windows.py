"""When a rule looks, and why a record is outside the follow-up.

Windows go by boundary (D6): a label stands for the opening or the close of that visit's window,
and membership is decided by dates alone.
"""

import numpy as np

from cartend.config.event import Event, Window
from cartend.endpoint.candidates import LIVE
from cartend.endpoint.context import Context
from cartend.endpoint.ends import verdicts
from cartend.endpoint.intercurrent import first_day_after
from cartend.endpoint.records import NEVER

NOT_THE_CAUSE = "cause of death not meant by the rule"
AFTER_THE_END = "after an earlier end of the follow-up"
ON_ITS_DAY = "on the day of the origin, which is baseline"


def visit_opens(context: Context, label: str, window: Window) -> np.ndarray:
    """Return per subject the first day of a visit's window as a rule sees it.

    The rule's own tolerance replaces the visit's; ``by: actual_day`` is the nominal day itself.
    """
    nominal = context.schedule.bound(label, "nominal")
    if window.by == "actual_day":
        return nominal
    if window.tol_before is None:
        return context.schedule.bound(label, "opens")
    return np.where(nominal == NEVER, NEVER, nominal - window.tol_before)


def visit_closes(context: Context, label: str, window: Window) -> np.ndarray:
    """Return per subject the last day of a visit's window as a rule sees it."""
    nominal = context.schedule.bound(label, "nominal")
    if window.by == "actual_day":
        return nominal
    if window.tol_after is None:
        return context.schedule.bound(label, "closes")
    return np.where(nominal == NEVER, NEVER, nominal + window.tol_after)


def window_bounds(context: Context, event: Event) -> tuple[np.ndarray, np.ndarray]:
    """Return per subject the first and last day on which a rule looks."""
    window, origin = event.window, context.origin
    start = np.full(context.n, -NEVER)
    end = np.full(context.n, NEVER)
    if window.start is not None:
        start = visit_opens(context, window.start, window)
    elif window.start_day is not None:
        start = origin + window.first_day
    if window.end is not None:
        end = visit_closes(context, window.end, window)
    elif window.end_day is not None:
        end = origin + window.last_day
    return start, end


def outside_window(
    context: Context, event: Event, subj: np.ndarray, day: np.ndarray, lost: np.ndarray
) -> np.ndarray:
    """Return why records are no candidates, those outside the window of the rule added."""
    start, end = window_bounds(context, event)
    word, lost = context.trial.words.code, lost.copy()
    live = lost == LIVE
    lost[live & (day < start[subj])] = word("before the window of the rule opens")
    lost[live & (day > end[subj])] = word("after the window of the rule closes")
    return lost


def why_not_seen(context: Context) -> np.ndarray:
    """Return per assessment record (as a code) why it is outside the follow-up, 0 inside."""
    subj, day = context.records.subj, context.records.day
    code = context.trial.words.code
    reason = np.zeros(len(day), dtype=np.int32)
    reason[context.left_out] = code("left out by the assessment filter of the definition")
    for number, words in enumerate(verdicts(context.trial.study, context.definition), start=1):
        cut = (context.truncated_by[subj] == number) & (day > context.truncation[subj])
        reason[cut] = code(words)
    reason[day > context.death[subj]] = code("after death")
    reason[day > context.lost[subj]] = code("after loss to follow-up")
    reason[day > context.cutoff[subj]] = code("after the data cut-off")
    reason[day < first_day_after(context.definition, context.origin)[subj]] = code(ON_ITS_DAY)
    reason[day < context.origin[subj]] = code("before the origin")
    return reason


def rule_id(context: Context, name: str) -> str:
    """Return the id under which a rule stands in ADTTE and in the candidates."""
    return f"{context.definition.id}.{name}"
