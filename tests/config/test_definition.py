"""The grammar of an endpoint: windows, criteria, strategies and states that fit each other."""

import pytest

from cartend.config.definition import Criterion, Event, Rate, TimeToEvent, Window
from cartend.config.files import validate

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
