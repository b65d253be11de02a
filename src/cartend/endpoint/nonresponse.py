"""Non-response at a landmark: established only where it can be determined (D3, D7, D8).

1. A subject is determinable where its follow-up passed the close of the landmark's window, or an
   adequate assessment lies in that window.
2. ``best_is``: the best adequate assessment up to the close is in the set. A subject with only
   non-evaluable assessments has no best response and no event.
3. ``not_achieved``: no adequate assessment up to the close is in the set.
4. The date: the last adequate assessment in the window, since a response was possible until
   then; where there is none, the visit's nominal day; or the origin, always the nominal day, or
   the first adequate assessment without a response, where the rule says so.
5. Dated at the origin, progression, truncating new therapy or death before the first qualifying
   response and up to the close establish it too, whatever comes first.
"""

from dataclasses import dataclass

import numpy as np

from cartend.config.event import Event
from cartend.contract.terms.grammar import EVENT_DATE
from cartend.endpoint.candidates import Candidates
from cartend.endpoint.context import Context, death_source
from cartend.endpoint.records import NEVER
from cartend.endpoint.windows import visit_closes, visit_opens

LANDMARK_CENSORED = "NOT_EVALUABLE_AT_LANDMARK"


@dataclass(frozen=True)
class _Landmark:
    opens: np.ndarray
    closes: np.ndarray
    nominal: np.ndarray
    last_in_window: np.ndarray
    response: np.ndarray

    @property
    def evaluable(self) -> np.ndarray:
        return self.last_in_window >= 0


def _landmark(context: Context, event: Event) -> _Landmark:
    schedule, records = context.schedule, context.records
    label = event.criterion.landmark
    opens = visit_opens(context, label, event.window)
    closes = visit_closes(context, label, event.window)
    subj, day = records.subj, records.day
    inside = context.adequate & (day >= opens[subj]) & (day <= closes[subj])
    return _Landmark(
        opens=opens,
        closes=closes,
        nominal=np.maximum(schedule.bound(label, "nominal"), context.origin),
        last_in_window=records.last(inside, context.n),
        response=context.first_day(context.in_set(_response(event))),
    )


def _response(event: Event) -> tuple[str, ...] | str:
    """Return the set whose first assessment is the response a rule waits for."""
    return event.criterion.not_achieved or "response"


def add_no_response(
    context: Context, candidates: Candidates, name: str, event: Event, order: int
) -> None:
    """Add the candidates of one NO_RESPONSE rule."""
    landmark = _landmark(context, event)
    failed = _failed(context, event, landmark)
    looked = np.full(context.n, -1)
    undecided = failed & ~landmark.evaluable
    policy = context.definition.not_evaluable_at_landmark
    if policy == "look_ahead":
        looked, spared = _look_ahead(context, event, landmark)
        failed &= ~(undecided & spared)
    if policy == "censor_last_adequate":
        failed &= ~undecided
        _add_landmark_censoring(context, candidates, name, order, undecided, landmark)
    rows = np.where(landmark.evaluable, landmark.last_in_window, looked)
    if event.dated_at == "first_failing_assessment":
        wanted = event.criterion.not_achieved or "response"
        rows = context.records.first(context.adequate & ~context.in_set(wanted), context.n)
    _add_failures(context, candidates, name, event, order, failed, rows, landmark)
    if event.dated_at == "origin":
        _add_established(context, candidates, name, event, order, landmark)


def _failed(context: Context, event: Event, landmark: _Landmark) -> np.ndarray:
    """Return who is determinable and has failed (steps 1 to 3)."""
    determinable = (context.seen_until > landmark.closes) | landmark.evaluable
    determinable &= context.members.mask & (landmark.closes != NEVER)
    if event.criterion.best_is is None:
        return determinable & (landmark.response > landmark.closes)
    records = context.records
    through = context.adequate & (records.day <= landmark.closes[records.subj])
    best = np.full(context.n, np.iinfo(np.int64).max)
    np.minimum.at(best, records.subj[through], records.extra["code"][through])
    return determinable & np.isin(best, context.trial.category(event.criterion.best_is))


def _look_ahead(
    context: Context, event: Event, landmark: _Landmark
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first adequate assessment after the window, and whom the look ahead spares.

    Spared is a response there, and who was not followed to the end of the look ahead (D3).
    """
    records = context.records
    until = landmark.closes + context.definition.look_ahead_days
    later = context.adequate & (records.day > landmark.closes[records.subj])
    row = records.first(later & (records.day <= until[records.subj]), context.n)
    spared = context.seen_until <= until
    found = row >= 0
    spared[found] = context.in_set(_response(event))[row[found]]
    return row, spared


def _add_failures(
    context: Context,
    candidates: Candidates,
    name: str,
    event: Event,
    order: int,
    failed: np.ndarray,
    rows: np.ndarray,
    landmark: _Landmark,
) -> None:
    """Add step 4: failures with their date and the assessment that established them."""
    records = context.records
    who = np.flatnonzero(failed)
    rows = rows[who]
    seen = rows >= 0
    # The nominal day of a window that was still open is not dated after the end of the follow-up.
    followed = np.minimum(np.minimum(context.cutoff, context.lost), context.truncation)
    established = np.where(seen, records.day_of(rows), landmark.nominal[who])
    day = {
        "origin": context.origin[who],
        "window_end_nominal": np.minimum(landmark.nominal, followed)[who],
    }.get(event.dated_at, established)
    dom, var, seq, flag = _sources(context, rows)
    label = "SD_BEST" if event.criterion.best_is else "NO_RESPONSE"
    dated_by_scan = seen & (event.dated_at not in EVENT_DATE.group("calendar"))
    candidates.add(
        subj=who,
        day=day,
        kind="NO_RESPONSE",
        rule=f"{context.definition.id}.{name}",
        event=label,
        source=(dom, var, seq),
        state=event.state,
        rank=event.rank,
        order=order,
        flag=np.where(dated_by_scan, flag, 0),
        estab=np.where(seen, established, landmark.closes[who] + 1),
    )


def _sources(
    context: Context, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the source of assessment rows; the schedule's anchor where there is no row."""
    records, seen, words = context.records, rows >= 0, context.trial.words
    size = len(rows)
    dom = np.full(size, words.code("ADSL"))
    var = np.full(size, words.code(context.members.origin_variable))
    seq = np.zeros(size, dtype=np.int64)
    flag = np.zeros(size, dtype=np.int32)
    for target, values in ((dom, records.dom), (var, records.var), (flag, records.flag)):
        target[seen] = values[rows[seen]]
    seq[seen] = records.seq[rows[seen]]
    return dom, var, seq, flag


def _add_landmark_censoring(
    context: Context,
    candidates: Candidates,
    name: str,
    order: int,
    undecided: np.ndarray,
    landmark: _Landmark,
) -> None:
    """Add the censoring of who was not evaluable: nothing after the close counts."""
    who = np.flatnonzero(undecided)
    candidates.add(
        subj=who,
        day=landmark.closes[who],
        kind=LANDMARK_CENSORED,
        rule=f"{context.definition.id}.{name}.{LANDMARK_CENSORED}",
        event=LANDMARK_CENSORED,
        source=("ADSL", context.members.origin_variable, 0),
        state=0,
        rank=9,
        order=order,
    )


def _add_established(
    context: Context,
    candidates: Candidates,
    name: str,
    event: Event,
    order: int,
    landmark: _Landmark,
) -> None:
    """Add step 5: what establishes a failure that is dated at the origin."""
    records, therapy, n = context.records, context.therapy, context.n
    common = {
        "kind": "NO_RESPONSE",
        "event": "NO_RESPONSE",
        "state": event.state,
        "rank": event.rank,
        "order": order,
    }
    after_close = np.where(landmark.closes == NEVER, NEVER, landmark.closes + 1)
    before = np.minimum(landmark.response, after_close)
    progressed = records.first(
        context.in_set("progression") & (records.day < before[records.subj]), n
    )
    followed = therapy.day <= context.truncation[therapy.subj]
    meant = context.therapy_truncates & followed & (therapy.day < before[therapy.subj])
    treated = therapy.first(meant, n)
    for source, rows, why in ((records, progressed, "PROGRESSION"), (therapy, treated, "THERAPY")):
        who = np.flatnonzero((rows >= 0) & context.members.mask)
        found = rows[who]
        candidates.add(
            subj=who,
            day=context.origin[who],
            rule=f"{context.definition.id}.{name}.{why}",
            source=(source.dom[found], source.var[found], source.seq[found]),
            estab=source.day[found],
            **common,
        )
    died = (context.death < before) & (context.death <= context.truncation)
    who = np.flatnonzero(died & context.members.mask & (context.death >= context.origin))
    candidates.add(
        subj=who,
        day=context.origin[who],
        rule=f"{context.definition.id}.{name}.DEATH",
        source=death_source(context.trial, who),
        estab=context.death[who],
        **common,
    )
