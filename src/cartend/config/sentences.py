"""A rule, printed, is the text of the analysis plan: sentences made from the typed rules."""

from collections.abc import Callable

from cartend.config.definition import Definition, TimeToEvent
from cartend.config.event import Censoring, Event, IntercurrentEvent, Qualifies
from cartend.config.rate import Confirmation, Rate
from cartend.config.records import all_records, label_of
from cartend.config.study import Study, Visit
from cartend.config.window import Criterion, Window
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.estimand import EVENT_TYPE, ORIGIN, POPULATION_ORIGIN
from cartend.contract.terms.grammar import (
    CENSORED_AT,
    CR_AT_REBASELINE,
    EVENT_DATE,
    HANDLING,
    MISSING_BASELINE,
    MISSING_RESPONSE,
    PARTIAL_DATES,
    RATE_VARIABLE,
    RESPONSE_SET,
)
from cartend.contract.terms.therapy import NEW_THERAPY_REASON, THERAPY_CLASS
from cartend.contract.text import in_a_sentence
from cartend.contract.vocabulary import Vocabulary


def event_sentence(event: Event, study: Study) -> str:
    """Return what makes this event, in words."""
    label = EVENT_TYPE.label(event.type)
    if event.type == "RELAPSE":
        text = f"{label} after the first {_set(event.preceded_by)}"
    elif event.type == "DEATH":
        text = _death(event)
    elif event.type == "RESPONSE":
        text = f"first {_set(event.states)}"
    elif event.type == "REFRACTORY":
        text = f"{_set(event.states)} at the first adequate assessment"
    elif event.state_rule:
        states = _set(event.states)
        return f"{states}{_window(event, study)}, on the date of that assessment{_dated(event)}"
    elif event.type == "NO_RESPONSE" and event.criterion is not None:
        return _no_response(event, event.criterion, study)
    elif event.type == "RECORD":
        text = _record(event.role, study)
    elif event.type == "NEW_THERAPY":
        text = f"start of {label}{_qualifying(event.qualifies)}"
    else:
        text = label
    return text + _window(event, study) + _dated(event)


def _record(role: str, study: Study) -> str:
    """Return what a page prints for a role, as it stands within a sentence."""
    return in_a_sentence(label_of(role, all_records(study.records).get(role)))


def _dated(event: Event) -> str:
    phrase = EVENT_DATE[event.dated_at].label
    return f" ({phrase})" if phrase else ""


def _death(event: Event) -> str:
    text = "death from any cause"
    if event.cause_in is not None:
        text = "death with recorded cause " + " or ".join(_said(event.cause_in, CAUSE))
    if event.cause_not_in:
        text += " other than " + " or ".join(_said(event.cause_not_in, CAUSE))
    if event.min_missed_visits:
        text += f" after {event.min_missed_visits} or more missed visits"
    return text


def _no_response(event: Event, criterion: Criterion, study: Study) -> str:
    where = _visit(criterion.landmark or "", study, event.window)
    if criterion.best_is:
        text = f"best response {_set(criterion.best_is)} up to and including {where}"
    else:
        text = f"no {_set(criterion.not_achieved)} by {where}"
    if event.dated_at == "origin":
        return (
            f"{text}, or progression, new therapy that ends the follow-up or death before such "
            "a response and up to the close of that window; dated at the origin (day 1)"
        )
    if event.dated_at == "window_end_nominal":
        return f"{text}, dated at the nominal day of that visit"
    if event.dated_at == "first_failing_assessment":
        return f"{text}, dated at the first adequate assessment without it"
    return (
        f"{text}, dated at the last adequate assessment in that window or, where there is none, "
        "at its nominal day"
    )


def ice_sentence(ice: IntercurrentEvent, study: Study) -> str:
    """Return how an intercurrent event is handled, in words."""
    if ice.type == "MISSED_2":
        if ice.strategy == "treatment_policy":
            return "progression or death after missed visits is an event (treatment policy)"
        return (
            f"progression or death after {ice.visits} or more consecutive missed visits is "
            "censored at the last adequate assessment before them (hypothetical)"
        )
    words = _record(ice.role, study) if ice.type == "RECORD" else EVENT_TYPE.label(ice.type)
    if ice.type == "HSCT" and ice.planned != "any":
        words = f"{ice.planned} {words}"
    text = f"{words}{_qualifying(ice.qualifies)} {HANDLING.label(ice.strategy)}"
    if ice.type == "NEW_THERAPY" and ice.otherwise != "treatment_policy":
        text += f"; other new therapy {HANDLING.label(ice.otherwise)}"
    return text


def definition_sentence(definition: TimeToEvent | Rate, study: Study) -> str:
    """Return the whole endpoint in words, composed from its rules."""
    if isinstance(definition, Rate):
        return _rate_sentence(definition)
    parts = "; ".join(event.sentence for event in definition.events.values())
    ices = "; ".join(ice.sentence for ice in definition.intercurrent_events.values())
    ordered = sorted(definition.censoring.values(), key=lambda rule: rule.order)
    censoring = " then ".join(censoring_sentence(rule) for rule in ordered)
    text = f"Time from {origin_words(definition, study)} to the first of: {parts}."
    if ices:
        text += f" Intercurrent events: {ices}."
    if definition.visit_tolerance is not None:
        days = definition.visit_tolerance
        text += f" Visit windows reach from {days} days before the nominal day to {days} after it."
    text += "".join(f" {words}" for words in _filters(definition))
    return f"{text} Otherwise censored at {censoring}."


def _filters(definition: Definition) -> list[str]:
    """Return what a definition says of assessments, partial dates and baseline, if anything."""
    chosen = definition.assessment_filter
    said = {
        "An assessment that is not evaluable counts as an assessment.": not chosen.adequate_only,
        "Assessments after new anticancer therapy are left out.": (
            chosen.after_new_therapy == "exclude"
        ),
        "An assessment on the day that ends the follow-up is left out.": not chosen.same_day_ok,
        PARTIAL_DATES[definition.partial_dates].label: True,
        MISSING_BASELINE[definition.missing_baseline].label: True,
    }
    return [text for text, holds in said.items() if text and holds]


def origin_words(definition: Definition, study: Study) -> str:
    """Return the origin of a definition in words, one per population where they differ."""
    if definition.origin != "study":
        return ORIGIN.label(definition.origin)
    words = []
    for population in definition.population:
        origin = population_origin(population)
        words.append(f"{ORIGIN.label(origin)} ({population})")
    return ", ".join(dict.fromkeys(words))


def population_origin(population: str) -> str:
    """Return what ``origin: study`` means in a population (D12, D15)."""
    return POPULATION_ORIGIN.get(population, "infusion")


def _rate_sentence(rate: Rate) -> str:
    text = RATE_VARIABLE.label(rate.variable).format(
        response=_set(rate.response),
        landmark=_landmark(rate),
        before=rate.window.before,
        after=rate.window.after,
        lasting=_duration(rate.lasting),
    ) + _sample(rate)
    if rate.within:
        text += f", within {rate.within} of the origin"
    if rate.durability:
        text += f", standing at least {rate.durability.days} days later"
    if rate.confirmation:
        text += _confirmed(rate.confirmation)
    if rate.min_sd_days:
        text += f"; stable disease counts from day {rate.min_sd_days} on"
    if rate.new_therapy == "while_on_treatment":
        text += "; nothing after new anticancer therapy counts"
    if rate.hsct != "treatment_policy":
        text += "; nothing after transplantation counts"
    if rate.reinfusion == "treatment_policy":
        text += "; re-infusion is ignored"
    text = f"{text}. A missing assessment {MISSING_RESPONSE.label(rate.missing)}."
    if rate.cr_at_rebaseline != "as_others":
        text += f" {CR_AT_REBASELINE.label(rate.cr_at_rebaseline)}"
    if rate.hsct == "exclude":
        text += " Who is transplanted before the decision leaves the denominator."
    if rate.maturity == "window_closed":
        text += " Who was not followed to the close of the window, free of failure, leaves it too."
    return text + "".join(f" {words}" for words in _filters(rate))


def _confirmed(rule: Confirmation) -> str:
    stable = ", one stable disease" if rule.accept_sd_between else ""
    return (
        f", confirmed by the same or a better one at least {rule.ref_confirm_days} days later (at "
        f"most {rule.max_ne_between} not evaluable{stable} between them)"
    )


def _sample(rate: Rate) -> str:
    """Return what a rate of MRD asks of the sample beyond the study's plan."""
    said = ""
    if rate.threshold is not None:
        said += f", below {rate.threshold:g}"
    if rate.specimen:
        said += f", in {rate.specimen.lower()}"
    if rate.at_visit:
        said += f", at visit {rate.at_visit}"
    if rate.imaging_negative:
        said += ", with negative imaging near it"
    if rate.with_response is not None and rate.variable == "mrd_negative":
        near = f" within {_duration(rate.response_within)} of it" if rate.response_within else ""
        said += f", with {_set(rate.with_response)}{near}"
    return said


def _landmark(rate: Rate) -> str:
    if rate.landmark_days is not None:
        return f"{rate.landmark_days} days"
    if not rate.landmark:
        return ""
    return _duration(rate.landmark)


def _duration(iso: str) -> str:
    number, unit = iso[1:-1], iso[-1:]
    return f"{number} calendar months" if unit == "M" else f"{number} days"


def ice_summary(definition: TimeToEvent) -> str:
    """Return the strategies of all intercurrent events in one line."""
    return "; ".join(ice.sentence for ice in definition.intercurrent_events.values()) or (
        "none is named: every one by treatment policy"
    )


def censoring_sentence(rule: Censoring) -> str:
    """Return where the follow-up of a subject without event ends, in words."""
    return CENSORED_AT.label(rule.type)


def _qualifying(qualifies: Qualifies) -> str:
    text = ""
    if qualifies.reasons is not None:
        text += " for reason " + " or ".join(_said(qualifies.reasons, NEW_THERAPY_REASON))
    if qualifies.exclude:
        kinds = _said(qualifies.exclude, THERAPY_CLASS, NEW_THERAPY_REASON)
        text += f" (not counting {', '.join(kinds)})"
    return text


def _said(codes: tuple[str, ...], *vocabularies: Vocabulary) -> list[str]:
    """Return words as they stand within a sentence."""
    labels = {code: label for words in vocabularies for code, label in words.labels.items()}
    return [in_a_sentence(labels[code]) for code in codes]


def _set(wanted: tuple[str, ...] | str | None) -> str:
    names = (wanted,) if isinstance(wanted, str) else tuple(wanted or ("response",))
    return " or ".join(RESPONSE_SET.label(name) for name in names)


def _visit(label: str, study: Study, window: Window) -> str:
    def days(visit: Visit) -> str:
        opens, closes = window.opens(visit), window.closes(visit)
        if opens == closes:
            return f"day {visit.day}"
        return f"day {visit.day}, window {opens} to {closes}"

    return f"the {label} assessment ({_in_each(label, study, days)})"


def _in_each(label: str, study: Study, words: Callable[[Visit], str]) -> str:
    """Return what is said of a visit, by schedule where the schedules differ in it."""
    visits = {name: one.visit(label) for name, one in study.schedules.items()}
    said = {name: words(visit) for name, visit in visits.items() if visit is not None}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{name}: {text}" for name, text in said.items())


def _window(event: Event, study: Study) -> str:
    window, text = event.window, ""
    if window.start is not None:
        days = _in_each(window.start, study, lambda visit: f"day {window.opens(visit)}")
        text += f" from the opening of the {window.start} window ({days}) on"
    elif window.start_day:
        text += f" from day {window.first_day} on"
    if window.end is not None:
        days = _in_each(window.end, study, lambda visit: f"day {window.closes(visit)}")
        text += f" up to the close of the {window.end} window ({days})"
    elif window.end_day is not None:
        text += f" up to day {window.last_day}"
    return text
