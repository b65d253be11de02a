"""Where the follow-up of a subject without event ends, and why (steps 7 and 9).

CNSR (D21): 1 last adequate assessment, 2 no post-baseline assessment (origin), 3 before new
therapy, 4 missed visits, 5 last known alive, 6 HSCT, 7 crossover, 8 re-infusion, 9 other,
10 second malignancy, 11 not infused.
"""

from dataclasses import dataclass

import numpy as np

from cartend.config.event import Censoring
from cartend.contract.terms.assessment import MRD_CALL
from cartend.contract.terms.estimand import CANDIDATE_KIND, CENSORING, STRATEGY
from cartend.endpoint.context import Context, death_source
from cartend.endpoint.ends import OTHER, dated_by_event, dated_by_role, reasons
from cartend.endpoint.intercurrent import first_day_after
from cartend.endpoint.records import NEVER, Records

NO_ASSESSMENT, MISSED, ALIVE = 2, 4, 5
UNASSESSED = CANDIDATE_KIND.group("unassessed")
"""Events that are no assessment themselves."""
CNSR_TEXT = ["", *(one.text for one in CENSORING)]
CNSR_DATE_TEXT = {one.code: one.date for one in CENSORING}
BEFORE_ROLE = "Date of the last adequate assessment on or before {}"
SAMPLE_BEFORE_ROLE = "Date of the last adequate MRD sample on or before {}"
"""What the censoring date is where a role of the study's own ends the follow-up."""
AT_EVENT = "Date of {}, which ends the follow-up"
"""What it is where there are no assessments to go back to, whatever event ends the follow-up."""


@dataclass
class Ending:
    """A censoring rule evaluated: day, reason and source per subject; NEVER where it is silent.

    ``dom``, ``var``, ``flag`` and ``told`` are codes of the trial's words; ``told`` is what the day
    is, blank where the reason alone says it.
    """

    rule: str
    day: np.ndarray
    cnsr: np.ndarray
    dom: np.ndarray
    var: np.ndarray
    seq: np.ndarray
    flag: np.ndarray
    told: np.ndarray


def endings(context: Context) -> list[Ending]:
    """Return every censoring rule of the definition, in order."""
    rules = context.definition.censoring
    ordered = sorted(rules, key=lambda name: rules[name].order)
    return [RULES[rules[name].type](context, name, rules[name]) for name in ordered]


def last_assessment(
    context: Context, name: str, rule: Censoring, until: np.ndarray | None = None
) -> Ending:
    """Return the last adequate assessment inside the follow-up; the origin where none."""
    records = context.records
    mask = context.adequate
    if until is not None:
        mask = mask & (records.day <= until[records.subj])
    row = records.last(mask, context.n)
    found = row >= 0
    ending = at_origin(context, name)
    ending.day = np.where(found, records.day_of(row), ending.day)
    told = dated_by_role(context.trial.study, context.definition, BEFORE_ROLE)
    _name_reason(context, ending, found, NO_ASSESSMENT, told)
    _take_source(ending, records, row)
    return ending


def _name_reason(
    context: Context, ending: Ending, ended: np.ndarray, else_: int, told: list[str]
) -> None:
    """Let the ending say what ended it: where ``ended`` the truncation, elsewhere ``else_``.

    ``told`` is what the day is then, in the numbers of ``truncated_by``.
    """
    words = context.trial.words.codes(told)[context.truncated_by]
    ending.cnsr = np.where(ended, reasons(context.definition)[context.truncated_by], else_)
    ending.told = np.where(ended, words, 0)


def at_origin(context: Context, name: str) -> Ending:
    """Return the origin of every subject as the end of its follow-up."""
    n, words = context.n, context.trial.words
    return Ending(
        rule=f"{context.definition.id}.{name}",
        day=context.origin.copy(),
        cnsr=np.full(n, NO_ASSESSMENT),
        dom=np.full(n, words.code("ADSL")),
        var=np.full(n, words.code(context.members.origin_variable)),
        seq=np.zeros(n, dtype=np.int64),
        flag=context.members.origin_flag.copy(),
        told=np.zeros(n, dtype=np.int32),
    )


def last_alive(context: Context, name: str, rule: Censoring) -> Ending:
    """Return the last date known alive, never after the cut-off, nor before the origin.

    An intercurrent event that ends the follow-up ends it on its own day: without assessments there
    is no earlier one to go back to.
    """
    trial = context.trial
    alive = np.minimum(trial.day("LSTALVDT"), trial.day("CUTDT"))
    alive = np.minimum(alive, trial.day("VSWDDT"))
    missing = trial.day("LSTALVDT") == NEVER
    day = np.where(missing, context.origin, np.maximum(alive, context.origin))
    ending = at_origin(context, name)
    cut = context.truncation < day
    day = np.where(cut, context.truncation, day)
    ending.day = np.where(context.members.mask, day, NEVER)
    told = dated_by_event(trial.study, context.definition, AT_EVENT)
    _name_reason(context, ending, cut, ALIVE, told)
    clipped = (alive != trial.day("LSTALVDT")) | cut
    known = ~missing & ~clipped & (trial.text("LALVDOM") != 0)
    ending.dom = np.where(known, trial.text("LALVDOM"), ending.dom)
    ending.var = np.where(missing, ending.var, trial.words.code("LSTALVDT"))
    ending.var = np.where(known, trial.text("LALVVAR"), ending.var)
    ending.seq = np.where(known, trial.number("LALVSEQ"), ending.seq)
    ending.flag = np.zeros(context.n, dtype=np.int32)
    return ending


def death_that_does_not_count(context: Context, name: str, rule: Censoring) -> Ending:
    """Return the day of a death whose cause the events leave out (registry-type NRM, D18)."""
    trial = context.trial
    meant = trial.is_one_of("DTHCAUS", rule.cause_in or ())
    meant &= context.death <= context.truncation
    ending = at_origin(context, name)
    ending.day = np.where(meant & context.members.mask, context.death, NEVER)
    ending.cnsr = np.full(context.n, OTHER)
    ending.dom, ending.var, _ = death_source(trial, np.arange(context.n))
    ending.flag = trial.text("DTHDTF")
    return ending


def last_mrd_sample(context: Context, name: str, rule: Censoring) -> Ending:
    """Return the last adequate MRD sample inside the follow-up; the origin where none."""
    samples, words = context.trial.mrd, context.trial.words
    end = np.minimum(context.seen_until, context.truncation)[samples.subj]
    start = first_day_after(context.definition, context.origin)[samples.subj]
    adequate = np.isin(samples.extra["AVALC"], words.codes(MRD_CALL.group("adequate")))
    adequate &= (samples.day >= start) & (samples.day <= end)
    adequate &= (context.origin != NEVER)[samples.subj]
    row = samples.last(adequate, context.n)
    found = row >= 0
    ending = at_origin(context, name)
    ending.day = np.where(found, samples.day_of(row), ending.day)
    told = dated_by_role(context.trial.study, context.definition, SAMPLE_BEFORE_ROLE)
    _name_reason(context, ending, found, NO_ASSESSMENT, told)
    _take_source(ending, samples, row)
    return ending


def _take_source(ending: Ending, records: Records, row: np.ndarray) -> None:
    """Let the ending name the records of ``row`` as its source, where there is one."""
    found = row >= 0
    for target, values in (
        (ending.dom, records.dom),
        (ending.var, records.var),
        (ending.flag, records.flag),
        (ending.seq, records.seq),
    ):
        target[found] = values[row[found]]


RULES = {
    "last_mrd_sample": last_mrd_sample,
    "last_adequate_assessment": last_assessment,
    "last_known_alive": last_alive,
    "death": death_that_does_not_count,
}


def after_missed_visits(context: Context, kind: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return who is censored by the gap rule (step 7, D10).

    1. It looks at progressions and deaths only (``kind`` and ``day`` of the first event).
    2. It counts the visits whose whole window lies strictly between the last adequate assessment
       (or the origin) and the event; for a death or a clinical progression, an assessment of the
       same day is the last one.
    3. Two or more (the definition's number) censor at that assessment (or the origin).
    """
    visits = [
        ice.visits
        for ice in context.definition.intercurrent_events.values()
        if ice.type == "MISSED_2" and ice.strategy in STRATEGY.group("censors")
    ]
    words = context.trial.words
    looked = np.isin(kind, words.codes(CANDIDATE_KIND.group("gap")))
    if not visits or not looked.any():
        return np.zeros(context.n, dtype=bool)
    last = last_adequate_before(context, day, np.isin(kind, words.codes(UNASSESSED)))
    return looked & (context.schedule.missed_between(last, day) >= min(visits))


def last_adequate_before(context: Context, day: np.ndarray, same_day: np.ndarray) -> np.ndarray:
    """Return the last adequate assessment before a day (or up to it), the origin where none."""
    limit = np.where(same_day, day, day - 1)
    records = context.records
    mask = context.adequate & (records.day <= limit[records.subj])
    last = records.day_of(records.last(mask, context.n))
    return np.where(last == NEVER, context.origin, last)
