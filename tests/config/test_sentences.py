"""A definition prints what it does: sentences of changed rules are composed from the rules."""

import pytest

from cartend.config.definition import TimeToEvent


def test_a_shipped_definition_prints_its_sap_sentence(folder):
    shipped = folder.definitions("primary")["EFS_ZUMA7"]
    assert shipped.sentence.startswith("Time from randomisation to the earliest of progressive")


def test_a_changed_definition_does_not_repeat_the_shipped_sentence(folder):
    change = {"NO_RESPONSE": {"criterion": {"through": "W26"}}}
    folder.scenario({"EFS_ZUMA7": {"events": change}})
    shipped = folder.definitions("primary")["EFS_ZUMA7"]
    changed = folder.definitions()["EFS_ZUMA7"]
    assert changed.sentence != shipped.sentence
    assert "D150" not in changed.sentence
    assert "150" not in changed.sentence
    assert "the W26 assessment (day 182, window 175 to 189)" in changed.sentence


def test_every_rule_of_a_changed_definition_stands_in_its_sentence(folder):
    folder.scenario({"EFS_X": {"based_on": "EFS_TRANSFORM", "population": "INF"}})
    found = folder.definitions()["EFS_X"]
    for rule in (*found.events.values(), *found.intercurrent_events.values()):
        assert rule.sentence
        assert rule.sentence in found.sentence


def test_censoring_rules_stand_in_the_order_in_which_they_are_tried(folder):
    folder.scenario({"NRM_X": {"based_on": "NRM_REGISTRY", "population": "INF"}})
    found = folder.definitions()["NRM_X"]
    assert list(found.censoring) == ["LAST_ASSESSMENT", "DEATH_UNKNOWN"]  # as they are listed
    assert found.sentence.endswith(
        "Otherwise censored at death of a cause that does not count then the last adequate "
        "assessment."
    )


def test_the_estimand_of_a_changed_definition_follows_its_rules(folder):
    folder.scenario(
        {
            "EFS_ZUMA7": {
                "events": {"NEW_THERAPY": None},
                "intercurrent_events": {"NEW_THERAPY": {"strategy": "hypothetical"}},
            }
        }
    )
    estimand = folder.definitions()["EFS_ZUMA7"].estimand
    assert "new anticancer therapy" in estimand.intercurrent_events
    assert "hypothetical" in estimand.intercurrent_events
    assert "composite" not in estimand.intercurrent_events


def test_a_sentence_of_ones_own_is_kept(folder):
    folder.scenario({"EFS_X": {"based_on": "OS", "origin": "infusion", "sentence": "As I say it."}})
    assert folder.definitions()["EFS_X"].sentence == "As I say it."


def test_a_changed_rate_prints_its_landmark_and_window(folder):
    folder.scenario({"CR_M3": {"landmark": None, "landmark_days": 84, "window": {"after": 14}}})
    text = folder.definitions()["CR_M3"].sentence
    assert "84 days" in text
    assert "14 days after" in text
    assert "three calendar months" not in text


@pytest.mark.parametrize("name", ["EFS_ZUMA7", "EFS_TRANSFORM", "EFS_BELINDA", "PFS_FDA", "NRM"])
def test_every_event_rule_has_a_sentence_of_its_own(folder, name):
    definition = folder.definitions("primary")[name]
    assert isinstance(definition, TimeToEvent)
    sentences = [event.sentence for event in definition.events.values()]
    assert all(sentences)
    assert len(set(sentences)) == len(sentences)
