"""Rule ids and their sentences."""

import pytest

from cartend.explain.rules import handling_of, rule_name, rule_sentence

DEFINITION = {
    "id": "EFS",
    "events": {
        "PD": {"sentence": "progression"},
        "NO_RESPONSE": {"sentence": "no response"},
    },
    "censoring": {"LAST_ASSESSMENT": {"sentence": "censored at the last one"}},
    "intercurrent_events": {
        "MISSED_2": {"type": "MISSED_2", "sentence": "missed visits are censored"},
        "THERAPY": {"type": "NEW_THERAPY", "sentence": "new therapy ends the follow-up"},
    },
}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("EFS.PD", "progression"),
        (
            "EFS.PD.CARRIED",
            "progression, carried to the nominal day of the visit with which the rule's window "
            "opens",
        ),
        ("EFS.NO_RESPONSE.DEATH", "no response, established by death before such a response"),
        ("EFS.LAST_ASSESSMENT", "censored at the last one"),
        ("EFS.MISSED_VISITS", "missed visits are censored"),
        (
            "EFS.NOT_EVALUABLE_AT_LANDMARK",
            "not evaluable at the landmark: censored at the last adequate assessment",
        ),
        ("EFS.BROUGHT", "taken from the ADTTE that the study brought"),
        ("EFS.NOBODY_KNOWS", ""),
    ],
)
def test_a_rule_id_has_its_sentence(rule, sentence):
    assert rule_sentence(DEFINITION, rule) == sentence


def test_a_rule_is_named_without_its_endpoint():
    assert rule_name(DEFINITION, "EFS.NO_RESPONSE.DEATH") == "NO_RESPONSE.DEATH"


def test_what_is_no_event_is_found_among_the_intercurrent_events():
    assert handling_of(DEFINITION, "NEW_THERAPY") == "new therapy ends the follow-up"
    assert handling_of(DEFINITION, "HSCT") == ""
