"""A second implementation of the algorithm of specification 3.2, one subject at a time.

It is slow and plain on purpose: lists, dictionaries and ``datetime.date``, written from the
specification and the typed definitions, and it shares no line with ``cartend.endpoint``. Where
both agree on thousands of difficult subjects, a mistake has to be one of the specification.
"""

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from cartend.config.criteria import Criteria
from cartend.config.definition import TimeToEvent
from cartend.config.event import Event, IntercurrentEvent, Qualifies, Window
from cartend.config.rate import Rate
from cartend.config.study import Study

TRUNCATING = ("composite", "hypothetical", "while_on_treatment", "competing")
CENSORED_BY = {
    "NEW_THERAPY": 3,
    "HSCT": 6,
    "CROSSOVER": 7,
    "REINFUSION": 8,
    "CLINICAL_PD": 9,
    "SECOND_MALIGNANCY": 10,
    "NOT_INFUSED": 11,
}
BY_RECORD = 9
PROCEDURES = {"lymphodepletion": "LYMPHODEPLETION"}
PLAIN = Window()
AFTER_BASELINE = ("first_response", "first_remission", "first_mrd_neg")
NAMES = {
    "NO_RESPONSE": "SD_LATE",
    "RESPONSE": "RESPONSE",
    "SD_OR_PD_FROM": "SD_LATE",
    "REFRACTORY": "NO_RESPONSE",
}


@dataclass
class Happening:
    """One dated clinical event: new therapy, transplantation, crossover, re-infusion."""

    kind: str
    day: date
    reason: str | None = None
    planned: str | None = None
    what: str | None = None
    source: tuple[str, int] = ("CM", 0)
    bounds: tuple[date, date] | None = None


@dataclass
class Person:
    """All records of one subject."""

    id: str
    cutoff: date
    origins: dict[str, date] = field(default_factory=dict)
    assessments: dict[str, list[tuple[date, str]]] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    samples: list[tuple[date, str]] = field(default_factory=list)
    death: date | None = None
    cause: str | None = None
    lost: date | None = None
    withdrawn: date | None = None
    alive: date | None = None
    trackable: bool = True
    arm: str = ""
    baseline: str | None = None
    death_bounds: tuple[date, date] | None = None
    assessment_bounds: dict[tuple[str, date], tuple[date, date]] = field(default_factory=dict)

    def dated(self, partial: str) -> "Person":
        """Return the subject with its partial dates at their earliest or latest day (D4)."""
        if partial == "imputed":
            return self
        place = ("earliest", "latest").index(partial)
        death = self.death_bounds[place] if self.death_bounds else self.death

        def at(day: date, bounds: tuple[date, date] | None) -> date:
            moved = bounds[place] if bounds else day
            if self.death is None or day > self.death:
                return moved
            return min(moved, max(death, bounds[0] if bounds else day))

        assessed = {
            who: sorted((at(d, self.assessment_bounds.get((who, d))), code) for d, code in seen)
            for who, seen in self.assessments.items()
        }
        happened = [replace(h, day=at(h.day, h.bounds)) for h in self.happenings]
        samples = [(at(d, None), call) for d, call in self.samples]
        return replace(
            self, death=death, assessments=assessed, happenings=happened, samples=samples
        )

    @cached_property
    def end(self) -> date:
        """Last day of follow-up: the data cut-off, the loss or the withdrawal (step 1)."""
        return min(d for d in (self.cutoff, self.lost, self.withdrawn) if d is not None)

    @cached_property
    def died(self) -> date | None:
        """The death, where known by the cut-off and not after the end of vital-status follow-up."""
        last = min(d for d in (self.cutoff, self.withdrawn) if d is not None)
        return self.death if self.death is not None and self.death <= last else None


@dataclass
class Row:
    """What the algorithm says of one subject."""

    aval: int
    cnsr: int
    state: int
    name: str
    day: date
    established: date | None = None


@dataclass
class Candidate:
    """A possible event of the subject."""

    day: date
    rank: int
    name: str
    type: str
    state: int
    established: date
    order: int


class Windows:
    """The scheduled visits of one subject on the calendar; none where the anchor is missing."""

    def __init__(self, study: Study, person: Person) -> None:
        self.study = study
        own = [s for s in study.schedules.values() if person.arm in getattr(s, "arms", person.arm)]
        self.visits = own[0].schedule
        self.anchor = person.origins.get(own[0].anchor)

    def all(self) -> list[tuple[date, date]]:
        """Return first and last day of every window."""
        if self.anchor is None:
            return []
        days = [(timedelta(v.opens), timedelta(v.closes)) for v in self.visits]
        return [(self.anchor + opens, self.anchor + closes) for opens, closes in days]

    def of(self, label: str, rule: Window = PLAIN) -> tuple[date, date, date] | None:
        """Return opening, nominal day and close of a landmark or visit as a rule sees them."""
        label = self.study.landmarks.get(label, label)
        visit = next((v for v in self.visits if v.label == label), None)
        if self.anchor is None or visit is None:
            return None
        before = visit.before if rule.tol_before is None else rule.tol_before
        after = visit.after if rule.tol_after is None else rule.tol_after
        if rule.by == "actual_day":
            before = after = 0
        days = (visit.day - before, visit.day, visit.day + after)
        return tuple(self.anchor + timedelta(d) for d in days)

    def next_nominal(self, day: date) -> date | None:
        """Return a day inside a window itself, else the nominal day of the next visit."""
        if self.anchor is None:
            return None
        if any(opens <= day <= closes for opens, closes in self.all()):
            return day
        nominal = [self.anchor + timedelta(v.day) for v in self.visits]
        return min((d for d in nominal if d > day), default=None)

    def missed(self, after: date, before: date) -> int:
        """Count the visits whose whole window lies strictly between two days (D10)."""
        return sum(after < opens and closes < before for opens, closes in self.all())


def kind_of(rule: Event | IntercurrentEvent) -> str:
    """Return which happenings a rule means: for a RECORD those of its role, else its own type."""
    return PROCEDURES.get(rule.role, rule.role) if rule.type == "RECORD" else rule.type


def qualifies(rule: Qualifies, therapy: Happening) -> bool:
    """Say whether a new therapy is one the rule means."""
    if excluded(rule, therapy):
        return False
    return rule.reasons is None or (therapy.reason or "UNKNOWN") in rule.reasons


def excluded(rule: Qualifies, therapy: Happening) -> bool:
    """Say whether a therapy is none of the new ones at all: planned, or of an excluded class."""
    return therapy.reason in rule.exclude or therapy.what in rule.exclude


class Codes:
    """Response sets by name, looked up once."""

    known: dict[tuple, tuple[str, ...]] = {}

    def codes(self, wanted: str | tuple[str, ...]) -> tuple[str, ...]:
        """Return the categories of a response set."""
        key = (self.criteria.id, wanted)
        if key not in self.known:
            self.known[key] = self.criteria.codes(wanted)
        return self.known[key]


class Naive(Codes):
    """Specification 3.2 for one subject, one definition and one evaluator."""

    def __init__(
        self,
        person: Person,
        rule: TimeToEvent,
        study: Study,
        criteria: Criteria,
        evaluator: str,
        origin: date,
    ) -> None:
        person = person.dated(rule.partial_dates)
        self.person, self.rule, self.criteria, self.origin = person, rule, criteria, origin
        self.windows = Windows(study, person)
        own = rule.origin in AFTER_BASELINE  # else what is seen on its day is baseline (D47)
        first = origin if own else origin + timedelta(1)
        self.cut_by, self.cut = self._truncation()
        last = min(d for d in (person.end, person.died, self.cut) if d is not None)
        self.seen = sorted(
            (day, code)
            for day, code in person.assessments.get(evaluator, [])
            if first <= day <= last and not self._filtered(day, code)
        )
        alive = min(d for d in (person.end, person.died) if d is not None)
        if self.cut is not None:
            alive = min(alive, self.cut)
        self.samples = sorted((day, call) for day, call in person.samples if first <= day <= alive)

    def _filtered(self, day: date, code: str) -> bool:
        """Say whether the assessment filter leaves an assessment out (specification 3.1)."""
        chosen = self.rule.assessment_filter
        if chosen.adequate_only and code in self.criteria.sets["not_evaluable"]:
            return True
        lasts = [] if chosen.same_day_ok or self.cut is None else [self.cut]
        if chosen.after_new_therapy == "exclude":
            ices = [i for i in self.rule.intercurrent_events.values() if i.type == "NEW_THERAPY"]
            rule = ices[0].qualifies if ices else Qualifies()
            lasts += [h.day for h in self._therapies() if not excluded(rule, h)][:1]
        if not lasts:
            return False
        return day > min(lasts) or (not chosen.same_day_ok and day == min(lasts))

    # -- steps 2 and 3 ------------------------------------------------------------------------

    def _therapies(self) -> list[Happening]:
        """Return what counts as new therapy: a crossover does unless the definition names it."""
        own = any(ice.type == "CROSSOVER" for ice in self.rule.intercurrent_events.values())
        crossed = {h.source for h in self.person.happenings if h.kind == "CROSSOVER"}
        return [h for h in self._within("NEW_THERAPY") if not (own and h.source in crossed)]

    def _within(self, kind: str) -> list[Happening]:
        """Return the happenings of a kind after the origin and within follow-up, by date."""
        found = [
            h
            for h in self.person.happenings
            if h.kind == kind and self._after_origin(h.day) and h.day <= self.person.end
        ]
        return sorted(found, key=lambda h: h.day)

    def _after_origin(self, day: date) -> bool:
        """Say whether a happening comes after the origin; on a response's own day it does."""
        return day > self.origin or (self.rule.origin in AFTER_BASELINE and day == self.origin)

    def _truncation(self) -> tuple[str, date | None]:
        """Return which intercurrent event ends the follow-up first, and when (D9)."""
        cuts = []
        for ice in self.rule.intercurrent_events.values():
            if ice.type == "NEW_THERAPY":
                cuts += [
                    (h.day, "NEW_THERAPY")
                    for h in self._therapies()
                    if self._strategy(ice, h) in TRUNCATING
                ]
            elif ice.type != "MISSED_2" and ice.strategy in TRUNCATING:
                kind = kind_of(ice)
                cuts += [(h.day, kind) for h in self._within(kind) if _meant(ice, h)]
        named = {kind_of(ice) for ice in self.rule.intercurrent_events.values()}
        for event in self.rule.events.values():
            kind = kind_of(event)
            if (event.type == "RECORD" or kind in CENSORED_BY) and kind not in named:
                therapy = event.type == "NEW_THERAPY"
                cuts += [
                    (h.day, kind)
                    for h in (self._therapies() if therapy else self._within(kind))
                    if event.type != "NEW_THERAPY" or qualifies(event.qualifies, h)
                ]
        if self.rule.clinical_progression == "censor":
            cuts += [(h.day, "CLINICAL_PD") for h in self._within("CLINICAL_PD")]
        if not cuts:
            return "", None
        day = min(day for day, _ in cuts)
        rules = (*self.rule.events.values(), *self.rule.intercurrent_events.values())
        kinds = [*CENSORED_BY, *(kind_of(rule) for rule in rules if rule.type == "RECORD")]
        return next(kind for kind in kinds if (day, kind) in cuts), day

    def _strategy(self, ice: IntercurrentEvent, therapy: Happening) -> str:
        """Return the strategy for one new therapy: the rule's, or that of the other kind."""
        events = [e for e in self.rule.events.values() if e.type == "NEW_THERAPY"]
        if any(qualifies(event.qualifies, therapy) for event in events):
            return "composite"
        if excluded(ice.qualifies, therapy) or any(excluded(e.qualifies, therapy) for e in events):
            return "treatment_policy"
        return ice.strategy if qualifies(ice.qualifies, therapy) else ice.otherwise

    # -- step 5 -------------------------------------------------------------------------------

    def candidates(self) -> list[Candidate]:
        """Return every candidate event, in the order of the definition."""
        found = []
        for order, event in enumerate(self.rule.events.values()):
            day, name, since = self._candidate(event)
            if day is not None:
                found.append(
                    Candidate(day, event.rank, name, event.type, event.state, since, order)
                )
            if event.type == "PD":
                carried, early = self._carried(event)
                clinical = self._clinical()
                found += [
                    Candidate(day, event.rank, "PD", kind, event.state, since, order)
                    for kind, day, since in (
                        ("PD", carried, early),
                        ("CLINICAL_PD", clinical, clinical),
                    )
                    if day is not None
                ]
        return found

    def _candidate(self, event: Event) -> tuple[date | None, str, date | None]:
        """Return the date of an event, its name, and when it was established."""
        if event.type in ("PD", "RELAPSE"):
            # An unscheduled progression may be dated after the next one, which then comes first.
            hits = [(self._moved(event, day), day, name) for day, name in self._progressions(event)]
            return next(((day, name, own) for day, own, name in sorted(hits)), (None, "", None))
        if event.type == "NO_RESPONSE" and not event.criterion.state_from:
            return self._no_response(event)
        if event.type in ("SD_OR_PD_FROM", "REFRACTORY", "RESPONSE", "NO_RESPONSE"):
            codes = self.codes(event.criterion.state_from)
            seen = self.seen[:1] if event.type == "REFRACTORY" else self.seen
            seen = self._inside(event, seen)
            days = [(self._moved(event, d), d) for d, code in seen if code in codes]
            day, own = min(days, default=(None, None))
            return day, NAMES[event.type], own
        if event.type == "DEATH":
            day = self._death(event)
        elif event.type == "NEW_THERAPY":
            day = self._kept([h.day for h in self._therapies() if qualifies(event.qualifies, h)])
        elif event.type == "MRD_POS":
            positive = self._inside(event, [s for s in self.samples if s[1] == "POS"])
            day = positive[0][0] if positive else None
        else:
            kind = kind_of(event)
            rules = [i for i in self.rule.intercurrent_events.values() if kind_of(i) == kind]
            found = [h for h in self._within(kind) if all(_meant(ice, h) for ice in rules)]
            day = self._kept([h.day for h in found])
            return day, kind.upper(), day
        return day, event.type, day

    def _moved(self, event: Event, day: date) -> date:
        """Return where an assessed event is dated: its own day, midway, or at the next visit."""
        if event.dated_at in ("event_date", "assessment"):
            return day
        if event.dated_at == "midpoint":
            before = self._last_adequate(day, same_day=False)
            return before + timedelta((day - before).days // 2)
        ends = [d for d in (self.person.end, self.cut) if d is not None]
        following = self.windows.next_nominal(day)
        return day if following is None else max(day, min(following, *ends))

    def _kept(self, days: list[date]) -> date | None:
        """Return the first of the days, unless the follow-up was cut before it."""
        days = [d for d in days if self.cut is None or d <= self.cut]
        return min(days, default=None)

    def _inside(self, event: Event, seen: list[tuple[date, str]]) -> list[tuple[date, str]]:
        """Return the assessments inside the window of an event; boundaries decide (D6)."""
        window, first, last = event.window, date.min, date.max
        if window.start is not None:
            place = self.windows.of(window.start, window)
            first = date.max if place is None else place[0]
        elif window.start_day is not None:
            widen = (window.tol_before or 0) if window.by == "visit_label" else 0
            first = self.origin + timedelta(window.start_day - widen)
        if window.end is not None:
            place = self.windows.of(window.end, window)
            last = date.min if place is None else place[2]
        elif window.end_day is not None:
            widen = (window.tol_after or 0) if window.by == "visit_label" else 0
            last = self.origin + timedelta(window.end_day + widen)
        return [(d, code) for d, code in seen if first <= d <= last]

    def _progressions(self, event: Event) -> list[tuple[date, str]]:
        bad = self.codes("progression")
        seen = self._inside(event, self.seen)
        after = event.after or (("response",) if event.type == "RELAPSE" else None)
        if after is not None:
            good = self.codes(after)
            first = next((d for d, code in self.seen if code in good), None)
            seen = [] if first is None else [(d, code) for d, code in seen if d > first]
        return [(d, "RELAPSE" if code == "RELAPSE" else "PD") for d, code in seen if code in bad]

    def _carried(self, event: Event) -> tuple[date | None, date | None]:
        """Return the nominal landmark of an early PD that no later one has lifted, and that PD."""
        window = event.window
        place = self.windows.of(window.start, window) if window.start else None
        if self.rule.early_pd_before_window == "ignore" or place is None:
            return None, None
        bad = self.codes("progression")
        early = [d for d, code in self.seen if code in bad and d < place[0]]
        others = [d for d, code in self.seen if code not in bad]
        reached = self.person.cutoff >= place[1]  # the cut-off alone stops it (D50)
        if early and all(d < early[-1] for d in others) and reached:
            return place[1], early[-1]
        return None, None

    def _clinical(self) -> date | None:
        if self.rule.clinical_progression != "event":
            return None
        return self._kept([h.day for h in self._within("CLINICAL_PD")])

    def _death(self, event: Event) -> date | None:
        died, cause = self.person.died, self.person.cause
        if died is None or (self.cut is not None and died > self.cut) or died < self.origin:
            return None
        if not self._inside(event, [(died, "DEATH")]):
            return None
        if event.cause_in is not None and cause not in event.cause_in:
            return None
        if cause in event.cause_not_in:
            return None
        missed = self.windows.missed(self._last_adequate(died), died)
        return None if missed < (event.min_missed_visits or 0) else died

    def _limit(self) -> date:
        """Return min(cut-off or loss, truncation, death), what ``determinable`` asks for (D3)."""
        return min(d for d in (self.person.end, self.cut, self.person.died) if d is not None)

    def _no_response(self, event: Event) -> tuple[date | None, str, date | None]:
        """Return the date, the name and the day of establishment of a non-response (D3, D7, D8)."""
        name = "SD_BEST" if event.criterion.best_is else "NO_RESPONSE"
        place = self.windows.of(event.criterion.landmark, event.window)
        day, since = (None, None) if place is None else self._established(event, *place)
        if event.dated_at != "origin":
            return day, name, since
        first = next((d for d, code in self.seen if code in self._wanted(event)), None)
        early = self._failed_early(first, place[2] if place else date.max)
        if day is None and early is None:
            return None, name, None
        if day is None or (early is not None and early < since):
            return self.origin, "NO_RESPONSE", early
        return self.origin, name, since

    def _established(
        self, event: Event, opens: date, nominal: date, close: date
    ) -> tuple[date | None, date | None]:
        """Return the date of a non-response that can be determined, and when it was known."""
        day, seen = self._determined(event, opens, nominal, close)
        if day is None:
            return None, None
        if event.dated_at == "first_failing_assessment":
            wanted = self._wanted(event)
            failing = next((d for d, code in self.seen if code not in wanted), None)
            if failing is None:
                return max(nominal, self.origin), close + timedelta(1)
            return failing, failing
        return day, seen or close + timedelta(1)

    def _determined(
        self, event: Event, opens: date, nominal: date, close: date
    ) -> tuple[date | None, date | None]:
        if not self._failed(event, close):
            return None, None
        nominal = max(nominal, self.origin)
        within = [d for d, _ in self.seen if opens <= d <= close]
        if not within:
            if self._limit() <= close:
                return None, None
            if self.rule.not_evaluable_at_landmark == "censor_last_adequate":
                return None, None
            if self.rule.not_evaluable_at_landmark == "look_ahead":
                until = close + timedelta(self.rule.look_ahead_days)
                later = [(d, code) for d, code in self.seen if close < d <= until][:1]
                if later and later[0][1] in self._wanted(event):
                    return None, None
                if not later and self._limit() <= until:
                    return None, None
                within = [d for d, _ in later]
        seen = within[-1] if within else None
        if event.dated_at == "window_end_nominal":
            ends = (self.person.end, self.cut)
            return min(d for d in (nominal, *ends) if d is not None), seen
        return seen or nominal, seen

    def _wanted(self, event: Event) -> tuple[str, ...]:
        """Return the categories that are a response for this criterion."""
        criterion = event.criterion
        if criterion.not_achieved:
            return self.codes(criterion.not_achieved)
        rank = self.criteria.rank
        best = min(rank[code] for code in self.codes(criterion.best_is))
        return tuple(code for code in rank if rank[code] < best)

    def _failed(self, event: Event, close: date) -> bool:
        codes = [code for d, code in self.seen if d <= close]
        if event.criterion.not_achieved:
            return not any(code in self._wanted(event) for code in codes)
        best = min(codes, key=self.criteria.rank.__getitem__, default=None)
        return best in self.codes(event.criterion.best_is)

    def _failed_early(self, first: date | None, close: date) -> date | None:
        """Return when PD, new therapy or death came before a response, by the close (D7)."""
        bad = self.codes("progression")
        days = [d for d, code in self.seen if code in bad]
        if self.person.died is not None and (self.cut is None or self.person.died <= self.cut):
            days.append(self.person.died)
        for ice in self.rule.intercurrent_events.values():
            if ice.type == "NEW_THERAPY" and ice.strategy in TRUNCATING:
                days += [
                    h.day
                    for h in self._therapies()
                    if self._strategy(ice, h) in TRUNCATING
                    and (self.cut is None or h.day <= self.cut)
                ]
        meant = [d for d in days if d <= close and (first is None or d < first)]
        return min(meant, default=None)

    # -- steps 6 to 9 -------------------------------------------------------------------------

    def row(self) -> Row:
        """Return the event or the censoring of the subject."""
        if self.rule.missing_baseline == "censor_at_origin" and self.person.baseline == "N":
            return self._row(self.origin, 9, 0, "")
        stop = self._unevaluable()
        found = [c for c in self.candidates() if stop is None or c.day <= stop]
        if found:
            chosen = min(found, key=lambda c: (c.day, c.rank, c.order, c.established))
            gap = self._in_gap(chosen)
            if gap is not None:
                return self._row(gap, 4, 0, "")
            cnsr = 0 if chosen.state == 1 else 10 + chosen.state
            row = self._row(chosen.day, cnsr, chosen.state, chosen.name)
            row.established = chosen.established
            return row
        return self._censored(stop)

    def _unevaluable(self) -> date | None:
        """Return the close of a landmark window that censors who was not evaluable in it."""
        if self.rule.not_evaluable_at_landmark != "censor_last_adequate":
            return None
        for event in self.rule.events.values():
            if event.type != "NO_RESPONSE":
                continue
            if event.criterion.state_from:
                continue
            place = self.windows.of(event.criterion.landmark, event.window)
            if place is None or not self._failed(event, place[2]) or self._limit() <= place[2]:
                continue
            if not any(place[0] <= d <= place[2] for d, _ in self.seen):
                return place[2]
        return None

    def _in_gap(self, chosen: Candidate) -> date | None:
        """Return where an event after missed visits is censored (step 7, D10)."""
        for ice in self.rule.intercurrent_events.values():
            if ice.type != "MISSED_2" or ice.strategy not in TRUNCATING:
                continue
            if chosen.type not in ("PD", "RELAPSE", "DEATH", "CLINICAL_PD"):
                continue
            same_day = chosen.type in ("DEATH", "CLINICAL_PD")
            last = self._last_adequate(chosen.day, same_day)
            if self.windows.missed(last, chosen.day) >= ice.visits:
                return last
        return None

    def _last_adequate(self, until: date, same_day: bool = True) -> date:
        """Return the last adequate assessment up to a day, or the origin."""
        days = [d for d, _ in self.seen if d < until or (same_day and d == until)]
        return days[-1] if days else self.origin

    def _censored(self, stop: date | None) -> Row:
        person = self.person
        for rule in sorted(self.rule.censoring.values(), key=lambda rule: rule.order):
            if rule.type == "last_known_alive":
                last = [d for d in (person.cutoff, person.withdrawn) if d is not None]
                day = max(self.origin, min(person.alive or self.origin, *last))
                if self.cut is not None and self.cut < day:
                    return self._row(self.cut, CENSORED_BY.get(self.cut_by, BY_RECORD), 0, "")
                return self._row(day, 5, 0, "")
            if rule.type == "death":
                kept = person.died is not None and (self.cut is None or person.died <= self.cut)
                if kept and (rule.cause_in is None or person.cause in rule.cause_in):
                    return self._row(person.died, 9, 0, "")
                continue
            seen = self.seen
            if rule.type == "last_mrd_sample":
                seen = [s for s in self.samples if s[1] in ("NEG", "POS")]
            days = [d for d, _ in seen if stop is None or d <= stop]
            if not days:
                return self._row(self.origin, 2, 0, "")
            if stop is not None:
                return self._row(days[-1], 9, 0, "")
            why = CENSORED_BY.get(self.cut_by, BY_RECORD) if self.cut_by else 1
            return self._row(days[-1], why, 0, "")
        raise AssertionError("no censoring rule applies")

    def _row(self, day: date, cnsr: int, state: int, name: str) -> Row:
        return Row((day - self.origin).days + 1, cnsr, state, name, day)


def _meant(ice: IntercurrentEvent, happening: Happening) -> bool:
    """Say whether a transplantation is of the planned or unplanned kind the rule means."""
    if ice.planned == "any":
        return True
    return (happening.planned == "Y") == (ice.planned == "planned")


# -- rates (specification 2.5, 2.6) ------------------------------------------------------------


def later(start: date, iso: str) -> date:
    """Return the date an ISO period (P3M, P90D) later; a day the month lacks is its last."""
    number, unit = int(iso[1:-1]), iso[-1]
    if unit == "D":
        return start + timedelta(number)
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


class NaiveRate(Codes):
    """A rate for one subject and one evaluator: the category or Y/N, and its date."""

    def __init__(
        self,
        person: Person,
        rule: Rate,
        study: Study,
        criteria: Criteria,
        evaluator: str,
        origin: date,
    ) -> None:
        person = person.dated(rule.partial_dates)
        self.person, self.rule, self.criteria, self.origin = person, rule, criteria, origin
        self.study, self.good = study, self.codes(rule.response)
        self.stopped = self._stops()
        self.stops = [day for _, day in self.stopped]
        last = min([person.end] + [person.died] * (person.died is not None))
        stop = min(self.stops, default=date.max)
        same = rule.assessment_filter.same_day_ok
        seen = sorted(
            (day, code)
            for day, code in person.assessments.get(evaluator, [])
            if origin < day <= last and (day < stop or (same and day == stop))
        )
        followed = min(d for d in (person.end, person.died) if d is not None)
        self.any = any(origin < d <= followed for d, _ in person.assessments.get(evaluator, []))
        bad = self.codes("progression")
        self.credited = seen
        self.adequate = [(d, c) for d, c in seen if c not in criteria.sets["not_evaluable"]]
        self.progressed = next((d for d, code in seen if code in bad), None)
        self.seen = [
            (d, code)
            for d, code in seen
            if code not in criteria.sets["not_evaluable"]
            and (self.progressed is None or d <= self.progressed)
        ]

    def _stops(self) -> list[tuple[str, date]]:
        """Return what ends the credit, kind and day: new therapy, re-infusion, HSCT."""
        kinds = {"REINFUSION"} if self.rule.reinfusion == "composite" else set()
        if self.rule.new_therapy == "while_on_treatment":
            kinds.add("NEW_THERAPY")
        if self.rule.hsct != "treatment_policy":
            kinds.add("HSCT")
        return [
            (h.kind, h.day)
            for h in self.person.happenings
            if h.kind in kinds
            and self.origin < h.day <= self.person.end
            and not (h.kind == "NEW_THERAPY" and h.reason == "PLANNED")
        ]

    def result(self) -> tuple[str, date | None, str]:
        """Return AVALC, for a response its date, and whether it is in the denominator."""
        value, day = self._value()
        return value, day, "N" if self._unused(value, day) else "Y"

    def _unused(self, value: str, day: date | None) -> bool:
        """Say whether the subject leaves the denominator (2.6, 2.8, D10)."""
        rule, person = self.rule, self.person
        if rule.missing_baseline == "exclude" and person.baseline == "N":
            return True
        if rule.maturity == "window_closed" and person.cutoff < self._close():
            return True  # the origin's date alone decides (D51)
        if day is not None:
            return False
        moved = [day for kind, day in self.stopped if kind == "HSCT"]
        others = [day for kind, day in self.stopped if kind != "HSCT"]
        others += [self.progressed] if self.progressed is not None else []
        if rule.hsct == "exclude" and moved and all(d > min(moved) for d in others):
            return True
        return rule.missing == "exclude" and self._nobody_looked()

    def _close(self) -> date:
        """Return the last day on which the rate could still be decided."""
        rule = self.rule
        if rule.variable == "landmark_response":
            return self._marks()[1] + timedelta(rule.window.after)
        more = rule.durability.days if rule.durability else 0
        return later(self.origin, rule.within) + timedelta(more)

    def _nobody_looked(self) -> bool:
        rule, person = self.rule, self.person
        if rule.variable == "landmark_response":
            _, mark = self._marks()
            opens, closes = mark - timedelta(rule.window.before), self._close()
            ended = [d for d in (person.died, *self.stops, self.progressed) if d is not None]
            looked = any(opens <= d <= closes for d, _ in self.seen)
            return not looked and person.cutoff >= closes and not any(d <= closes for d in ended)
        return not self.seen and (self.any or person.died is None)

    def _marks(self) -> tuple[date, date]:
        mark = self.origin + timedelta(self.rule.landmark_days or 0)
        if self.rule.landmark_days is None:
            mark = later(self.origin, self.rule.landmark)
        return self.origin, mark

    def _value(self) -> tuple[str, date | None]:
        if self.rule.variable == "best_response":
            return self._best()
        if self.rule.variable == "mrd_negative":
            day = self._negative()
        elif self.rule.variable == "mrd_sustained":
            day = self._sustained()
        elif self.rule.variable == "landmark_response":
            day = self._landmark()
        elif self.rule.variable == "durable_response":
            day = self._lasting()
        else:
            day = next((d for d in self._responses() if self._stands(d)), None)
        return ("N", None) if day is None else ("Y", day)

    def _valued(self) -> list[tuple[date, str]]:
        """Return the assessments, stable disease that was too short left out (2.5)."""
        least = self.rule.min_sd_days
        least = self.criteria.min_sd_days if least is None else least
        short = self.origin + timedelta(least)
        stable = self.codes("stable")
        if self.rule.confirmation is None:
            return [(d, code) for d, code in self.seen if d >= short or code not in stable]
        good, valued = self.codes("response"), []
        for d, code in self.seen:
            if code in good and not self._confirmed(d, code):
                code = stable[0]
            if d >= short or code not in stable:
                valued.append((d, code))
        return valued

    def _confirmed(self, day: date, code: str) -> bool:
        """Say whether a later assessment confirms a response (2.5)."""
        rule, rank = self.rule.confirmation, self.criteria.rank
        good, top = self.codes("response"), self.codes("complete")
        unevaluable = self.criteria.sets["not_evaluable"]
        between: list[str] = []
        for d, other in self.credited:
            if d <= day or (self.progressed is not None and d > self.progressed):
                continue
            answers = [c for c in between if c in good]
            worse_later = any(
                rank[b] > rank[a]
                for i, a in enumerate([code, *answers])
                for b in [*answers[i:], other]
            )
            stable = [c for c in between if c not in good and c not in unevaluable]
            allowed = 1 if rule.accept_sd_between and code not in top else 0
            clean = (
                sum(c in unevaluable for c in between) <= rule.max_ne_between
                and len(stable) <= allowed
                and all(c in self.codes("stable") for c in stable)
            )
            late = (d - day).days >= rule.ref_confirm_days
            if other in good and late and clean and not worse_later:
                return True
            between.append(other)
        return False

    def _best(self) -> tuple[str, date | None]:
        if not self.any:  # a death before any assessment is not evaluable (2.5, ii)
            return ("MISSING" if self.person.died is None else "NE"), None
        valued = self._valued()
        if not valued:
            return "NE", None
        day, code = min(valued, key=lambda a: (self.criteria.rank[a[1]], a[0]))
        return code, day

    def _responses(self) -> list[date]:
        last = later(self.origin, self.rule.within) if self.rule.within else date.max
        valued = self._valued() if self.rule.variable == "responder" else self.seen
        found = [(d, code) for d, code in valued if code in self.good and d <= last]
        if self.rule.confirmation is not None and self.rule.variable != "responder":
            found = [(d, code) for d, code in found if self._confirmed(d, code)]
        return [d for d, _ in found]

    def _lasting(self) -> date | None:
        """Return the first response, where its end or last sight lies so long after it (3.9)."""
        first = next(iter(self._responses()), None)
        if first is None:
            return None
        needed = later(first, self.rule.lasting)
        ends = [d for d in (self.progressed, self.person.died) if d is not None]
        ended = min(ends) if ends else None
        if self.stops and (ended is None or min(self.stops) < ended):
            ended = None  # new therapy censors: only what was seen up to it counts
        bad = self.codes("progression")
        before = [
            d
            for d, c in self.adequate
            if ended is None or d < ended or (d == ended and c not in bad)
        ]
        windows = Windows(self.study, self.person)
        missed = 0 if ended is None else windows.missed(before[-1], ended)
        return first if (before[-1] if ended is None or missed >= 2 else ended) >= needed else None

    def _stands(self, first: date) -> bool:
        """Say whether a response still stands after the days asked for (2.3)."""
        durable = self.rule.durability
        if durable is None:
            return True
        until = first + timedelta(durable.days)
        kinds = ["NEW_THERAPY"] + ["HSCT"] * (durable.hsct == "fail")
        if self.person.died is not None and self.person.died < until:
            return False
        if any(
            h.kind in kinds and h.reason != "PLANNED" and first < h.day <= until
            for h in self.person.happenings
            if h.day <= self.person.end
        ):
            return False
        least = until - timedelta(durable.tolerance)
        return any(d >= least and code in self.good for d, code in self.seen)

    def _landmark(self) -> date | None:
        rule, (_, mark) = self.rule, self._marks()
        opens, closes = mark - timedelta(rule.window.before), mark + timedelta(rule.window.after)
        good = [d for d, code in self.seen if code in self.good]
        strict = next((d for d in good if opens <= d <= closes), None)
        if strict is not None or rule.variant == "strict":
            return strict
        before, after = [d for d in good if d < mark], [d for d in good if d >= mark]
        if not (before and after):
            return None
        between = [code for d, code in self.seen if before[-1] < d < after[0]]
        unseen = Windows(self.study, self.person).missed(before[-1], after[0])
        return None if between or unseen > rule.bracket_gap_visits else after[0]

    def _usable(self) -> list[tuple[date, str]]:
        """Return the samples before progression, new therapy and the end of follow-up."""
        person = self.person
        last = min([person.end, *self.stops] + [person.died] * (person.died is not None))
        return sorted(
            (d, call)
            for d, call in person.samples
            if self.origin < d <= last and (self.progressed is None or d <= self.progressed)
        )

    def _negative(self) -> date | None:
        if self.rule.with_response is not None:
            good = self.codes(self.rule.with_response)
            if not any(code in good for _, code in self.seen):
                return None
        return next((d for d, call in self._usable() if call == "NEG"), None)

    def _sustained(self) -> date | None:
        """Return the first sample that is negative so long after an unbroken run began (2.7)."""
        begun = None
        for day, call in self._usable():
            if call == "POS":
                begun = None
            elif call == "NEG":
                begun = begun or day
                if day >= later(begun, self.rule.lasting):
                    return day
        return None
