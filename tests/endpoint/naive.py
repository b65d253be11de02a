"""A second implementation of the algorithm of specification 3.2, one subject at a time.

It is slow and plain on purpose: lists, dictionaries and ``datetime.date``, written from the
specification and the typed definitions, and it shares no line with ``cartend.endpoint``. Where
both agree on thousands of difficult subjects, a mistake has to be one of the specification.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from cartend.config.criteria import Criteria
from cartend.config.definition import Event, IntercurrentEvent, Qualifies, Rate, TimeToEvent
from cartend.config.study import Study

TRUNCATING = ("composite", "hypothetical", "while_on_treatment", "competing")
CENSORED_BY = {"NEW_THERAPY": 3, "HSCT": 6, "CROSSOVER": 7, "REINFUSION": 8, "CLINICAL_PD": 9}
NAMES = {"RESPONSE": "RESPONSE", "SD_OR_PD_FROM": "SD_LATE", "REFRACTORY": "NO_RESPONSE"}


@dataclass
class Happening:
    """One dated clinical event: new therapy, transplantation, crossover, re-infusion."""

    kind: str
    day: date
    reason: str | None = None
    planned: str | None = None
    what: str | None = None
    source: tuple[str, int] = ("CM", 0)


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


@dataclass
class Candidate:
    """A possible event of the subject."""

    day: date
    rank: int
    name: str
    type: str
    state: int


class Windows:
    """The scheduled visits of one subject on the calendar; none where the anchor is missing."""

    def __init__(self, study: Study, person: Person) -> None:
        self.study = study
        self.anchor = person.origins.get(study.visits.anchor)

    def all(self) -> list[tuple[date, date]]:
        """Return first and last day of every window."""
        if self.anchor is None:
            return []
        days = [(timedelta(v.opens), timedelta(v.closes)) for v in self.study.visits.schedule]
        return [(self.anchor + opens, self.anchor + closes) for opens, closes in days]

    def of(self, label: str) -> tuple[date, date, date] | None:
        """Return opening, nominal day and close of a landmark or visit."""
        visit = self.study.visits.visit(self.study.landmarks.get(label, label))
        if self.anchor is None or visit is None:
            return None
        return tuple(self.anchor + timedelta(d) for d in (visit.opens, visit.day, visit.closes))

    def missed(self, after: date, before: date) -> int:
        """Count the visits whose whole window lies strictly between two days (D10)."""
        return sum(after < opens and closes < before for opens, closes in self.all())


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
        self.person, self.rule, self.criteria, self.origin = person, rule, criteria, origin
        self.windows = Windows(study, person)
        self.cut_by, self.cut = self._truncation()
        last = min(d for d in (person.end, person.died, self.cut) if d is not None)
        self.seen = sorted(
            (day, code)
            for day, code in person.assessments.get(evaluator, [])
            if origin <= day <= last and code not in criteria.sets["not_evaluable"]
        )

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
            if h.kind == kind and self.origin < h.day <= self.person.end
        ]
        return sorted(found, key=lambda h: h.day)

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
                cuts += [(h.day, ice.type) for h in self._within(ice.type) if _meant(ice, h)]
        if self.rule.clinical_progression == "censor":
            cuts += [(h.day, "CLINICAL_PD") for h in self._within("CLINICAL_PD")]
        if not cuts:
            return "", None
        day = min(day for day, _ in cuts)
        return next(kind for kind in CENSORED_BY if (day, kind) in cuts), day

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
        for event in self.rule.events.values():
            day, name = self._candidate(event)
            if day is not None:
                found.append(Candidate(day, event.rank, name, event.type, event.state))
            if event.type == "PD":
                extra = {"PD": self._carried(event), "CLINICAL_PD": self._clinical()}
                found += [
                    Candidate(day, event.rank, "PD", kind, event.state)
                    for kind, day in extra.items()
                    if day is not None
                ]
        return found

    def _candidate(self, event: Event) -> tuple[date | None, str]:
        if event.type in ("PD", "RELAPSE"):
            return self._progression(event)
        if event.type == "DEATH":
            return self._death(event), "DEATH"
        if event.type == "NEW_THERAPY":
            days = [h.day for h in self._therapies() if qualifies(event.qualifies, h)]
            return self._kept(days), "NEW_THERAPY"
        if event.type == "NO_RESPONSE":
            return self._no_response(event)
        if event.type in ("SD_OR_PD_FROM", "REFRACTORY", "RESPONSE"):
            codes = self.codes(event.criterion.state_from)
            seen = self.seen[:1] if event.type == "REFRACTORY" else self._inside(event, self.seen)
            return next((d for d, code in seen if code in codes), None), NAMES[event.type]
        rules = [i for i in self.rule.intercurrent_events.values() if i.type == event.type]
        found = [h for h in self._within(event.type) if all(_meant(ice, h) for ice in rules)]
        return self._kept([h.day for h in found]), event.type

    def _kept(self, days: list[date]) -> date | None:
        """Return the first of the days, unless the follow-up was cut before it."""
        days = [d for d in days if self.cut is None or d <= self.cut]
        return min(days, default=None)

    def _inside(self, event: Event, seen: list[tuple[date, str]]) -> list[tuple[date, str]]:
        """Return the assessments inside the window of an event; boundaries decide (D6)."""
        window, first, last = event.window, date.min, date.max
        if window.start is not None:
            place = self.windows.of(window.start)
            first = date.max if place is None else place[0]
        elif window.start_day is not None:
            first = self.origin + timedelta(window.start_day - window.tol_before)
        if window.end is not None:
            place = self.windows.of(window.end)
            last = date.min if place is None else place[2]
        elif window.end_day is not None:
            last = self.origin + timedelta(window.end_day + window.tol_after)
        return [(d, code) for d, code in seen if first <= d <= last]

    def _progression(self, event: Event) -> tuple[date | None, str]:
        bad = self.codes("progression")
        seen = self._inside(event, self.seen)
        if event.after is not None:
            good = self.codes(event.after)
            first = next((d for d, code in self.seen if code in good), None)
            seen = [] if first is None else [(d, code) for d, code in seen if d > first]
        hit = next(((d, code) for d, code in seen if code in bad), (None, ""))
        return hit[0], "RELAPSE" if hit[1] == "RELAPSE" else "PD"

    def _carried(self, event: Event) -> date | None:
        """Return the nominal landmark of an early PD that no later assessment has lifted."""
        place = self.windows.of(event.window.start) if event.window.start else None
        if self.rule.early_pd_before_window == "ignore" or place is None:
            return None
        bad = self.codes("progression")
        early = [d for d, code in self.seen if code in bad and d < place[0]]
        others = [d for d, code in self.seen if code not in bad]
        followed = self._limit()
        if early and all(d < early[-1] for d in others) and followed >= place[1]:
            return place[1]
        return None

    def _clinical(self) -> date | None:
        if self.rule.clinical_progression != "event":
            return None
        return self._kept([h.day for h in self._within("CLINICAL_PD")])

    def _death(self, event: Event) -> date | None:
        died, cause = self.person.died, self.person.cause
        if died is None or (self.cut is not None and died > self.cut):
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

    def _no_response(self, event: Event) -> tuple[date | None, str]:
        """Return the date and the name of a non-response (D3, D7, D8)."""
        name = "SD_BEST" if event.criterion.best_is else "NO_RESPONSE"
        place = self.windows.of(event.criterion.landmark)
        day = None if place is None else self._established(event, *place)
        if event.dated_at != "origin":
            return day, name
        first = next((d for d, code in self.seen if code in self._wanted(event)), None)
        if day is None and self._failed_early(first, place[2] if place else date.max):
            return self.origin, "NO_RESPONSE"
        return (None if day is None else self.origin), name

    def _established(self, event: Event, opens: date, nominal: date, close: date) -> date | None:
        """Return the date of a non-response that can be determined, None where it cannot."""
        if not self._failed(event, close):
            return None
        nominal = max(nominal, self.origin)
        within = [d for d, _ in self.seen if opens <= d <= close]
        if not within:
            if self._limit() <= close:
                return None
            if self.rule.not_evaluable_at_landmark == "censor_last_adequate":
                return None
            if self.rule.not_evaluable_at_landmark == "look_ahead":
                until = close + timedelta(self.rule.look_ahead_days)
                later = [(d, code) for d, code in self.seen if close < d <= until][:1]
                if later and later[0][1] in self._wanted(event):
                    return None
                if not later and self._limit() <= until:
                    return None
                within = [d for d, _ in later]
        if event.dated_at == "window_end_nominal":
            ends = (self.person.end, self.cut)
            return min(d for d in (nominal, *ends) if d is not None)
        return within[-1] if within else nominal

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

    def _failed_early(self, first: date | None, close: date) -> bool:
        """Say whether PD, new therapy or death came before a response, by the close (D7)."""
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
        return any(d <= close and (first is None or d < first) for d in days)

    # -- steps 6 to 9 -------------------------------------------------------------------------

    def row(self) -> Row:
        """Return the event or the censoring of the subject."""
        stop = self._unevaluable()
        found = [c for c in self.candidates() if stop is None or c.day <= stop]
        if found:
            chosen = min(found, key=lambda c: (c.day, c.rank))
            gap = self._in_gap(chosen)
            if gap is not None:
                return self._row(gap, 4, 0, "")
            cnsr = 0 if chosen.state == 1 else 10 + chosen.state
            return self._row(chosen.day, cnsr, chosen.state, chosen.name)
        return self._censored(stop)

    def _unevaluable(self) -> date | None:
        """Return the close of a landmark window that censors who was not evaluable in it."""
        if self.rule.not_evaluable_at_landmark != "censor_last_adequate":
            return None
        for event in self.rule.events.values():
            if event.type != "NO_RESPONSE":
                continue
            place = self.windows.of(event.criterion.landmark)
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
                day = person.alive or self.origin
                return self._row(max(self.origin, min(day, *last)), 5, 0, "")
            if rule.type == "death":
                kept = person.died is not None and (self.cut is None or person.died <= self.cut)
                if kept and (rule.cause_in is None or person.cause in rule.cause_in):
                    return self._row(person.died, 9, 0, "")
                continue
            days = [d for d, _ in self.seen if stop is None or d <= stop]
            if not days:
                return self._row(self.origin, 2, 0, "")
            if stop is not None:
                return self._row(days[-1], 9, 0, "")
            return self._row(days[-1], CENSORED_BY.get(self.cut_by, 1), 0, "")
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
        self.person, self.rule, self.criteria, self.origin = person, rule, criteria, origin
        self.study, self.good = study, self.codes(rule.response)
        self.stops = self._stops()
        last = min([person.end, *self.stops] + [person.died] * (person.died is not None))
        seen = sorted(
            (day, code)
            for day, code in person.assessments.get(evaluator, [])
            if origin <= day <= last
        )
        followed = min(d for d in (person.end, person.died) if d is not None)
        self.any = any(origin <= d <= followed for d, _ in person.assessments.get(evaluator, []))
        bad = self.codes("progression")
        self.adequate = [(d, c) for d, c in seen if c not in criteria.sets["not_evaluable"]]
        self.progressed = next((d for d, code in seen if code in bad), None)
        self.seen = [
            (d, code)
            for d, code in seen
            if code not in criteria.sets["not_evaluable"]
            and (self.progressed is None or d <= self.progressed)
        ]

    def _stops(self) -> list[date]:
        """Return the days after which nothing is credited: new therapy, re-infusion, HSCT."""
        kinds = {"REINFUSION"}
        if self.rule.new_therapy == "while_on_treatment":
            kinds.add("NEW_THERAPY")
        if self.rule.hsct == "composite":
            kinds.add("HSCT")
        return [
            h.day
            for h in self.person.happenings
            if h.kind in kinds
            and self.origin < h.day <= self.person.end
            and not (h.kind == "NEW_THERAPY" and h.reason == "PLANNED")
        ]

    def result(self) -> tuple[str, date | None]:
        """Return AVALC and, for a response, its date."""
        if self.rule.variable == "best_response":
            return self._best()
        if self.rule.variable == "mrd_negative":
            day = self._negative()
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
        return [(d, code) for d, code in self.seen if d >= short or code not in stable]

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
        return [d for d, code in self._valued() if code in self.good and d <= last]

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
        if any(
            h.kind in kinds and h.reason != "PLANNED" and first < h.day <= until
            for h in self.person.happenings
            if h.day <= self.person.end
        ):
            return False
        least = until - timedelta(durable.tolerance)
        return any(d >= least and code in self.good for d, code in self.seen)

    def _landmark(self) -> date | None:
        rule = self.rule
        mark = self.origin + timedelta(rule.landmark_days or 0)
        if rule.landmark_days is None:
            mark = later(self.origin, rule.landmark)
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

    def _negative(self) -> date | None:
        person = self.person
        last = min([person.end, *self.stops] + [person.died] * (person.died is not None))
        days = [
            d
            for d, call in person.samples
            if call == "NEG"
            and self.origin <= d <= last
            and (self.progressed is None or d <= self.progressed)
        ]
        return min(days, default=None)
