"""One time-to-event endpoint for all subjects: the normative algorithm, steps 1 to 10.

1. Origin; without one a subject is not in the analysis. 2. Qualifying new therapy.
3. Truncation. 4. Adequate assessments inside the follow-up. 5. Candidates. 6. The first by date,
then priority. 7. Missed visits. 8. Event. 9. Censoring. 10. Assertions and the audit trail.

Source: specification 3.2 and the decisions D1 to D10, D17, D21, D31.
"""

from dataclasses import dataclass

import numpy as np

from cartend.config.definition import TimeToEvent
from cartend.config.event import Qualifies
from cartend.endpoint.candidates import LIVE, Candidates, choose
from cartend.endpoint.censoring import (
    CNSR_TEXT,
    MISSED,
    NO_ASSESSMENT,
    UNASSESSED,
    Ending,
    after_missed_visits,
    at_origin,
    endings,
    last_adequate_before,
    last_assessment,
)
from cartend.endpoint.context import Context, Members, deaths_known, schedule_of
from cartend.endpoint.ends import OTHER
from cartend.endpoint.intercurrent import (
    first_day_after,
    qualifies,
    therapies_within,
    therapy_truncates,
    truncation,
)
from cartend.endpoint.nonresponse import LANDMARK_CENSORED
from cartend.endpoint.records import NEVER, Records, Trial, no_records
from cartend.endpoint.rules import add_events
from cartend.endpoint.views import WINDOW_OPEN, WITHOUT_BASELINE
from cartend.endpoint.windows import visit_closes

MISSING_BASELINE = "MISSING_BASELINE"


@dataclass(frozen=True)
class Outcome:
    """The result for every subject of the population, and every candidate with its outcome.

    ``result`` has one array a column, in the order of ``who``; ``table`` is the candidate table;
    ``verdict`` says of each candidate ``chosen`` or why it lost. Text is codes of the trial's
    words.
    """

    who: np.ndarray
    result: dict[str, np.ndarray]
    table: dict[str, np.ndarray]
    verdict: np.ndarray


def build_context(
    trial: Trial, definition: TimeToEvent, evaluator: str, members: Members
) -> Context:
    """Return steps 1 to 4: origin, new therapy, truncation, adequate assessments."""
    records = trial.assessments.get(evaluator, no_records("code"))
    therapy = therapies_within(trial, definition, members.origin)
    truncates = therapy_truncates(trial, therapy, definition)
    cut_day, cut_by = truncation(trial, definition, members.origin, therapy, truncates)
    death, cutoff, lost = deaths_known(trial), trial.day("CUTDT"), trial.day("LOSTDT")
    end = np.minimum(np.minimum(cutoff, lost), np.minimum(death, cut_day))
    origin = members.origin
    left_out = _left_out(trial, definition, records, therapy, cut_day)
    adequate = (
        (records.day >= first_day_after(definition, origin)[records.subj])
        & (records.day <= end[records.subj])
        & (origin != NEVER)[records.subj]
        & _evaluable(trial, definition, records)
        & ~left_out
    )
    return Context(
        trial=trial,
        definition=definition,
        evaluator=evaluator,
        members=members,
        schedule=schedule_of(trial, definition.visit_tolerance),
        records=records,
        cutoff=cutoff,
        lost=lost,
        death=death,
        therapy=therapy,
        therapy_truncates=truncates,
        truncation=cut_day,
        truncated_by=cut_by,
        adequate=adequate,
        left_out=left_out,
    )


def _evaluable(trial: Trial, definition: TimeToEvent, records: Records) -> np.ndarray:
    """Return which assessments are adequate by their category (``adequate_only``)."""
    categorised = records.extra["code"] >= 0
    if not definition.assessment_filter.adequate_only:
        return categorised
    return categorised & ~np.isin(records.extra["code"], trial.category("not_evaluable"))


def _left_out(
    trial: Trial,
    definition: TimeToEvent,
    records: Records,
    therapy: Records,
    cut_day: np.ndarray,
) -> np.ndarray:
    """Return which assessments the filter leaves out: after new therapy, or on the last day."""
    chosen = definition.assessment_filter
    last = np.full(len(trial), NEVER)
    if chosen.after_new_therapy == "exclude":
        rules = [i for i in definition.intercurrent_events.values() if i.type == "NEW_THERAPY"]
        exclude = rules[0].qualifies.exclude if rules else ()
        meant = qualifies(trial, therapy, Qualifies(exclude=exclude))
        last = therapy.day_of(therapy.first(meant, len(trial)))
    if not chosen.same_day_ok:
        last = np.minimum(last, cut_day)
        return records.day >= last[records.subj]
    return records.day > last[records.subj]


def derive(trial: Trial, definition: TimeToEvent, evaluator: str, members: Members) -> Outcome:
    """Return the outcome of one endpoint, evaluator and population for all its subjects."""
    context = build_context(trial, definition, evaluator, members)
    candidates = Candidates(trial.words)
    add_events(context, candidates)
    table = candidates.table()
    chosen = choose(table, context.n)
    kind, day = _first_event(table, chosen)
    gap = after_missed_visits(context, kind, day)
    landmark = kind == trial.words.code(LANDMARK_CENSORED)
    has_event = (chosen >= 0) & ~gap & ~landmark
    without = _without_baseline(context, "censor_at_origin")
    has_event &= ~without
    ending, ending_rule = _ending(context, kind, day, gap, landmark, without)
    result = _result(context, candidates, table, chosen, has_event, ending, ending_rule)
    _add_endings(context, candidates, ending, ending_rule, has_event)
    full = candidates.table()
    n_events = len(table["subj"])
    verdict = _verdicts(candidates, full, n_events, chosen, day, gap, has_event, without)
    who = np.flatnonzero(members.mask)
    _assert_sound(context, who, result)
    return Outcome(
        who=who,
        result={name: values[who] for name, values in result.items()},
        table=full,
        verdict=verdict,
    )


def _first_event(table: dict[str, np.ndarray], chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the kind and the day of each subject's first candidate; blank and NEVER for none."""
    kind = np.zeros(len(chosen), dtype=np.int32)
    day = np.full(len(chosen), NEVER)
    found = chosen >= 0
    kind[found] = table["kind"][chosen[found]]
    day[found] = table["day"][chosen[found]]
    return kind, day


def _ending(
    context: Context,
    kind: np.ndarray,
    day: np.ndarray,
    gap: np.ndarray,
    landmark: np.ndarray,
    without: np.ndarray,
) -> tuple[Ending, np.ndarray]:
    """Return where each follow-up ends and by which rule: the first one that speaks.

    A baseline that is missing, missed visits and a landmark that could not be evaluated come
    before the definition's rules.
    """
    rules = endings(context)
    ending = rules[-1]
    code = context.trial.words.code
    names = np.full(context.n, code(ending.rule))
    for rule in reversed(rules[:-1]):
        _lay_over(context, ending, names, rule, (rule.day != NEVER) & (rule.day >= context.origin))
    if gap.any() or landmark.any():
        unassessed = np.isin(kind, context.trial.words.codes(UNASSESSED))
        until = np.where(gap, last_adequate_before(context, day, unassessed), day)
        name = "MISSED_VISITS" if gap.any() else LANDMARK_CENSORED
        earlier = last_assessment(context, name, None, until)
        none = earlier.cnsr == NO_ASSESSMENT
        earlier.cnsr = np.where(gap, MISSED, np.where(none, NO_ASSESSMENT, OTHER))
        earlier.told = np.zeros(context.n, dtype=np.int32)
        _lay_over(context, ending, names, earlier, gap | landmark)
        names[landmark] = code(f"{context.definition.id}.{LANDMARK_CENSORED}")
    if without.any():
        origin = at_origin(context, MISSING_BASELINE)
        origin.cnsr = np.full(context.n, OTHER)
        _lay_over(context, ending, names, origin, without)
    return ending, names


def _without_baseline(context: Context, rule: str) -> np.ndarray:
    """Return whom the definition treats so for want of a baseline assessment (D10)."""
    if context.definition.missing_baseline != rule:
        return np.zeros(context.n, dtype=bool)
    return context.trial.is_one_of("BASEFL", ("N",)) & context.members.mask


def _lay_over(
    context: Context, ending: Ending, names: np.ndarray, rule: Ending, mask: np.ndarray
) -> None:
    for name in ("day", "cnsr", "dom", "var", "seq", "flag", "told"):
        setattr(ending, name, np.where(mask, getattr(rule, name), getattr(ending, name)))
    names[mask] = context.trial.words.code(rule.rule)


def _result(
    context: Context,
    candidates: Candidates,
    table: dict[str, np.ndarray],
    chosen: np.ndarray,
    has_event: np.ndarray,
    ending: Ending,
    ending_rule: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return one array a column of ADTTE, over all subjects (steps 8 and 9)."""
    rows = chosen[has_event]
    cnsr_words = context.trial.words.codes(CNSR_TEXT)
    result = {
        "day": ending.day.copy(),
        "cnsr": ending.cnsr.copy(),
        "state": np.zeros(context.n, dtype=np.int64),
        "event": cnsr_words[ending.cnsr],
        "rule": ending_rule.copy(),
        "dom": ending.dom.copy(),
        "var": ending.var.copy(),
        "seq": ending.seq.copy(),
        "flag": ending.flag.copy(),
        "told": np.where(has_event, 0, ending.told),
        "estab": np.full(context.n, NEVER),
    }
    for name in ("day", "state", "seq", "estab", "event", "rule", "dom", "var", "flag"):
        result[name][has_event] = table[name][rows]
    state = result["state"]
    result["cnsr"] = np.where(has_event, np.where(state > 1, 10 + state, 0), result["cnsr"])
    result["origin"] = context.origin
    result["origin_flag"] = context.members.origin_flag
    result["unused"] = _why_unused(context)
    result["tags"] = _tags(context, result)
    return result


def _why_unused(context: Context) -> np.ndarray:
    """Return (as a code) why a subject is not in the primary estimate, 0 where it is."""
    code = context.trial.words.code
    why = np.where(_window_open(context), code(WINDOW_OPEN), 0)
    return np.where(_without_baseline(context, "exclude"), code(WITHOUT_BASELINE), why)


def _window_open(context: Context) -> np.ndarray:
    """Return whose landmark window was still open at the data cut-off, where it matters (D31)."""
    open_ = np.zeros(context.n, dtype=bool)
    for event in context.definition.events.values():
        if event.dated_at == "origin":
            closes = visit_closes(context, event.criterion.landmark, event.window)
            open_ |= (closes >= context.cutoff) & (closes != NEVER)
    return open_


def _tags(context: Context, result: dict[str, np.ndarray]) -> np.ndarray:
    """Return the tags of non-relapse deaths (specification 4.1, D17), blank elsewhere."""
    trial = context.trial
    tags = np.zeros(context.n, dtype=np.int32)
    if context.definition.kind != "competing":
        return tags
    dead = (result["state"] == 1) & (result["event"] == trial.words.code("DEATH"))
    hsct = context.trial.happened["HSCT"]
    transplanted = hsct.day_of(hsct.first(np.ones(len(hsct), dtype=bool), context.n))
    last = last_adequate_before(context, result["day"], np.ones(context.n, dtype=bool))
    missed = context.schedule.missed_between(last, result["day"])
    early = result["day"] - context.origin <= context.definition.early_cut
    for name, mask in (
        ("EARLY", early),
        ("LATE", ~early),
        ("POST_HSCT", (transplanted <= result["day"]) & (transplanted > context.origin)),
        ("SPM", trial.is_one_of("DTHCAUS", ("SECOND MALIGNANCY",))),
        ("UNASSESSED", missed >= 2),
    ):
        for code in np.unique(tags[dead & mask]):
            joined = trial.words.code(f"{trial.words.words[code]} {name}".strip())
            tags[dead & mask & (tags == code)] = joined
    return tags


def _add_endings(
    context: Context,
    candidates: Candidates,
    ending: Ending,
    ending_rule: np.ndarray,
    has_event: np.ndarray,
) -> None:
    """Add the end of follow-up of every subject, so that a censored row too has its candidate."""
    who = np.flatnonzero(context.members.mask)
    words = context.trial.words
    texts = words.codes(CNSR_TEXT)
    candidates.add(
        subj=who,
        day=ending.day[who],
        kind="CENSORING",
        rule=ending_rule[who],
        event=texts[ending.cnsr[who]],
        source=(ending.dom[who], ending.var[who], ending.seq[who]),
        state=0,
        flag=ending.flag[who],
        lost=np.where(has_event[who], words.code("an event was found"), LIVE),
    )


def _verdicts(
    candidates: Candidates,
    table: dict[str, np.ndarray],
    n_events: int,
    chosen: np.ndarray,
    day: np.ndarray,
    gap: np.ndarray,
    has_event: np.ndarray,
    without: np.ndarray,
) -> np.ndarray:
    """Return ``chosen`` or the reason a candidate lost, for every row of the table."""
    word = candidates.words.code
    verdict = table["lost"].copy()
    live = table["lost"] == LIVE
    position = np.arange(len(live))
    event_row = live & (position < n_events)
    subj = table["subj"]
    same_day = table["day"] == day[subj]
    verdict[event_row] = word("later than the first event")
    verdict[event_row & same_day] = word("same day as the first event, lower priority")
    first = event_row & (chosen[subj] == position)
    verdict[first] = word("the landmark could not be evaluated: the subject is censored")
    verdict[first & gap[subj]] = word("after missed visits: the subject is censored before them")
    verdict[first & without[subj]] = word("no baseline assessment: censored at the origin")
    verdict[first & has_event[subj]] = word("chosen")
    verdict[live & (position >= n_events)] = word("chosen")
    return verdict


def _assert_sound(context: Context, who: np.ndarray, result: dict[str, np.ndarray]) -> None:
    """Assert step 10: nobody ends before the origin or after the cut-off, and everybody ends."""
    day, origin = result["day"][who], result["origin"][who]
    late = day > np.maximum(context.cutoff[who], origin)
    if (day == NEVER).any() or (day < origin).any() or late.any():
        bad = who[(day == NEVER) | (day < origin) | late][0]
        subject = context.trial.adsl["USUBJID"].iloc[bad]
        raise AssertionError(
            f"{context.definition.id}: subject {subject} ends outside its follow-up"
        )
