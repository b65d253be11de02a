"""The grammar of an endpoint: windows, criteria, strategies and states that fit each other."""

import pytest

from cartend.config.definition import TimeToEvent
from cartend.config.event import Criterion, Event, IntercurrentEvent, Window
from cartend.config.files import validate
from cartend.config.rate import Rate

ESTIMAND = dict.fromkeys(
    ("treatment", "population", "variable", "intercurrent_events", "summary"), "said"
)
HEAD = {"id": "E", "label": "E", "paramcd8": "E", "source": "here", "estimand": ESTIMAND}
TTE = {
    **HEAD,
    "kind": "tte",
    "events": {"DEATH": {"type": "DEATH"}},
    "censoring": {"LAST": {"type": "last_known_alive"}},
}
RATE = {**HEAD, "kind": "rate", "variable": "responder"}


@pytest.mark.parametrize(
    ("model", "content", "said"),
    [
        (Window, {"start": "W6", "start_day": 42}, "starts at a visit (start) or on a day"),
        (Window, {"end": "W6", "end_day": 42}, "ends at a visit (end) or on a day"),
        (Window, {"tol_before": -1}, "key tol_before: -1 is not allowed"),
        (Criterion, {}, "exactly one of best_is, not_achieved, state_from"),
        (Criterion, {"best_is": ["SD"]}, "best_is needs through"),
        (Criterion, {"not_achieved": ["response"]}, "not_achieved needs by"),
        (Event, {"type": "NO_RESPONSE"}, "an event of type NO_RESPONSE needs a criterion"),
        (
            Event,
            {"type": "PD", "criterion": {"state_from": ["SD"]}},
            "an event of type PD takes no criterion",
        ),
        (TimeToEvent, {**TTE, "paramcd8": "TOOLONGNAME"}, 'key paramcd8: "TOOLONGNAME"'),
        (TimeToEvent, {**TTE, "id": "efs"}, 'key id: "efs" is not allowed'),
        (TimeToEvent, {**TTE, "estimand": {}}, "key estimand.treatment is missing"),
        (
            TimeToEvent,
            {**TTE, "events": {"DEATH": {"type": "DEATH", "state": 2}}},
            "state 2 has no name under states",
        ),
        (
            TimeToEvent,
            {**TTE, "states": {1: "a", 2: "b"}, "events": {"D": {"type": "DEATH", "state": 2}}},
            "only kind: competing has events of state 2 or more",
        ),
        (
            TimeToEvent,
            {**TTE, "intercurrent_events": {"HSCT": {"type": "HSCT", "strategy": "composite"}}},
            "HSCT is composite, but no event of type HSCT is listed",
        ),
        (
            TimeToEvent,
            {
                **TTE,
                "events": {"HSCT": {"type": "HSCT"}},
                "intercurrent_events": {"HSCT": {"type": "HSCT", "strategy": "hypothetical"}},
            },
            "HSCT is listed as an event, but its strategy is hypothetical",
        ),
        (Rate, {**RATE, "landmark": "P3M"}, "goes with variable: landmark_response"),
        (Rate, {**RATE, "landmark": "3 months"}, 'key landmark: "3 months" is not allowed'),
        (Rate, {**RATE, "durability": {"days": 0}}, "key durability.days: 0 is not allowed"),
    ],
)
def test_rules_that_contradict_each_other_are_one_sentence(sentence_of, model, content, said):
    sentence = sentence_of(validate, model, content, "file")
    assert said in sentence
    assert sentence.startswith("file: ")


def test_a_window_by_visit_label_is_widened_by_its_tolerance_by_actual_day_not():
    window = {"start_day": 84, "end_day": 112, "tol_before": 7, "tol_after": 3}
    assert (Window(**window).first_day, Window(**window).last_day) == (77, 115)
    exact = Window(**window, by="actual_day")
    assert (exact.first_day, exact.last_day) == (84, 112)


def test_label_priority_is_progression_non_response_therapy_death():
    criterion = {"not_achieved": ("response",), "by": "W9"}
    events = [
        Event(type="PD"),
        Event(type="NO_RESPONSE", criterion=criterion),
        Event(type="NEW_THERAPY"),
        Event(type="DEATH"),
    ]
    assert [event.rank for event in events] == [0, 1, 2, 3]
    assert Event(type="DEATH", priority=0).rank == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"type": "DEATH", "qualifies": {"reasons": ["EFFICACY"]}}, "it belongs to NEW_THERAPY"),
        ({"type": "PD", "cause_in": ["CRS"]}, "key cause_in means nothing for an event of type PD"),
        ({"type": "PD", "min_missed_visits": 2}, "it belongs to DEATH"),
        ({"type": "DEATH", "after": ["CR"]}, "key after means nothing for an event of type DEATH"),
        (
            {"type": "HSCT", "window": {"end_day": 30}},
            "an intercurrent event that is an event ends the follow-up when it comes",
        ),
        ({"type": "DEATH", "dated_at": "origin"}, "not dated at origin; allowed: event_date"),
        ({"type": "PD", "dated_at": "origin"}, "allowed: event_date, assessment, midpoint"),
        (
            {
                "type": "NO_RESPONSE",
                "criterion": {"best_is": ["SD"], "through": "W9"},
                "dated_at": "midpoint",
            },
            "not dated at midpoint",
        ),
        (
            {
                "type": "NO_RESPONSE",
                "criterion": {"best_is": ["SD"], "through": "W9"},
                "window": {"end_day": 63},
            },
            "only tol_before, tol_after and by may stand there",
        ),
        (
            {"type": "RESPONSE", "criterion": {"not_achieved": ["CR"], "by": "W9"}},
            "the criterion of an event of type RESPONSE is state_from",
        ),
    ],
)
def test_a_key_that_means_nothing_for_a_type_of_event_is_refused(sentence_of, content, said):
    assert said in sentence_of(validate, Event, content, "file")


STRATEGIES = ("treatment_policy", "composite", "hypothetical", "while_on_treatment", "competing")
ICES = ("NEW_THERAPY", "HSCT", "CROSSOVER", "REINFUSION", "SECOND_MALIGNANCY", "NOT_INFUSED")
REFUSED = {
    ("MISSED_2", "composite"): "missed visits become known by the event after them",
    ("MISSED_2", "competing"): "missed visits become known by the event after them and prevent",
    ("NOT_INFUSED", "while_on_treatment"): "a subject who was never infused was never on treatment",
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("kind", [*ICES, "MISSED_2"])
def test_every_strategy_of_every_intercurrent_event_is_taken_or_refused_with_its_reason(
    sentence_of, kind, strategy
):
    rule = {"type": kind, "strategy": strategy}
    why = REFUSED.get((kind, strategy))
    if why:
        assert why in sentence_of(validate, IntercurrentEvent, rule, "file")
        return
    events = {"DEATH": {"type": "DEATH"}}
    if strategy in ("composite", "competing"):
        events[kind] = {"type": kind, "state": 2 if strategy == "competing" else 1}
    content = {
        **TTE,
        "kind": "competing",
        "states": {1: "event", 2: "other"},
        "events": events,
        "intercurrent_events": {kind: rule},
    }
    assert validate(TimeToEvent, content, "file").intercurrent_events[kind].strategy == strategy


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"planned": "planned"}, "key planned means nothing for CROSSOVER; it belongs to HSCT"),
        ({"visits": 3}, "key visits means nothing for CROSSOVER; it belongs to MISSED_2"),
        ({"otherwise": "hypothetical"}, "it belongs to NEW_THERAPY"),
        ({"qualifies": {"reasons": ["EFFICACY"]}}, "it belongs to NEW_THERAPY"),
    ],
)
def test_a_key_of_another_intercurrent_event_is_refused(sentence_of, changes, said):
    rule = {"type": "CROSSOVER", "strategy": "hypothetical", **changes}
    assert said in sentence_of(validate, IntercurrentEvent, rule, "file")


THERAPY = {"type": "NEW_THERAPY"}


@pytest.mark.parametrize(
    ("state", "ice", "more", "said"),
    [
        (1, {"strategy": "competing"}, {}, "its event has state 1, the state of interest"),
        (2, {"strategy": "composite"}, {}, "another state is competing"),
        (
            1,
            {"strategy": "composite", "otherwise": "competing"},
            {},
            "list a second event of that type",
        ),
        (
            None,
            {"strategy": "hypothetical"},
            {"assessment_filter": {"after_new_therapy": "include"}},
            "include contradicts a strategy of new therapy that ends the follow-up",
        ),
    ],
)
def test_a_strategy_and_the_events_of_the_endpoint_fit_each_other(
    sentence_of, state, ice, more, said
):
    events = {"DEATH": {"type": "DEATH"}}
    if state:
        events["NEW_THERAPY"] = {**THERAPY, "state": state}
    content = {
        **TTE,
        "kind": "competing",
        "states": {1: "event", 2: "other"},
        "events": events,
        "intercurrent_events": {"NEW_THERAPY": {**THERAPY, **ice}},
        **more,
    }
    assert said in sentence_of(validate, TimeToEvent, content, "file")
