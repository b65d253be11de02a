"""A record of a role of the study's own as an event: `type: RECORD` with `role` (D38)."""

import pytest
import yaml

OWN = {"from": "CM", "where": {"CMCAT": ["TRANSFUSION"]}, "label": "Platelet transfusion"}
RECORDS = {"transfusion": OWN, "icu": {"from": "PR"}, "fact": {"from": "SC"}, "bridging": None}
EVENT = {"type": "RECORD", "role": "transfusion"}
ICE = {**EVENT, "strategy": "composite"}


@pytest.fixture
def laid_over(folder):
    """Return the definition, or the sentence of what is wrong, of PFS_FDA with other rules."""
    folder.study(records=RECORDS)

    def lay(events=None, ices=None, **keys):
        rules = {"events": events or {}, "intercurrent_events": ices or {}}
        folder.scenario({"PFS_X": {"based_on": "PFS_FDA", **rules, **keys}})
        return folder

    return lay


def test_it_is_told_by_its_role_and_printed_by_its_label(laid_over):
    found = laid_over({"TRANSFUSED": EVENT}, {"TRANSFUSED": ICE}).definitions()["PFS_X"]
    event, ice = found.events["TRANSFUSED"], found.intercurrent_events["TRANSFUSED"]
    assert event.happening == ice.happening == "transfusion"
    assert event.rank > found.events["PD"].rank
    assert event.sentence == "platelet transfusion"
    assert ice.sentence == "platelet transfusion is an event (composite)"
    assert "; platelet transfusion. Intercurrent events: " in found.sentence


def test_a_role_without_label_is_printed_by_its_id(laid_over):
    found = laid_over(ices={"ICU": {"type": "RECORD", "role": "icu", "strategy": "hypothetical"}})
    sentence = found.definitions()["PFS_X"].intercurrent_events["ICU"].sentence
    assert sentence.startswith("icu ends the follow-up at the last adequate assessment before it")


def test_a_shipped_role_with_a_date_is_the_kind_of_its_events(laid_over):
    found = laid_over({"INFUSED": {"type": "RECORD", "role": "infusion"}}).definitions()["PFS_X"]
    assert found.events["INFUSED"].happening == "INFUSION"
    assert found.events["INFUSED"].sentence == "CAR-T infusion"
    assert found.events["PD"].happening == "PD"


def test_several_roles_stand_in_one_definition_each_with_its_own_strategy(laid_over):
    icu = {"type": "RECORD", "role": "icu"}
    events = {"TRANSFUSED": EVENT, "ICU": {**icu, "state": 2}}
    ices = {"TRANSFUSED": ICE, "ICU": {**icu, "strategy": "competing"}}
    keys = {"kind": "competing", "states": {1: "event", 2: "intensive care"}}
    found = laid_over(events, ices, **keys).definitions()["PFS_X"]
    kinds = [event.happening for event in found.events.values()]
    assert kinds == ["PD", "DEATH", "transfusion", "icu"]


@pytest.mark.parametrize(
    ("events", "ices", "said"),
    [
        ({"R": {"type": "RECORD"}}, {}, "key events.R: RECORD needs role: which records are"),
        ({"R": {"type": "HSCT", "role": "icu"}}, {}, "key role means nothing for HSCT; it belongs"),
        (
            {"R": {"type": "RECORD", "role": "transfusions"}},
            {},
            "key events.R.role: 'transfusions' is no role of study lbcl-second-line whose records "
            "have a date of their own; known: icu, transfusion, leukapheresis, lymphodepletion, "
            "infusion; nearest: transfusion",
        ),
        ({"R": {"type": "RECORD", "role": "fact"}}, {}, "events.R.role: 'fact' is no role"),
        ({"R": {"type": "RECORD", "role": "bridging"}}, {}, "events.R.role: 'bridging' is no role"),
        (
            {"R": {"type": "RECORD", "role": "transplantation"}},
            {},
            "key events.R.role: 'transplantation' has a type of its own; write type: HSCT",
        ),
        (
            {},
            {"R": {"type": "RECORD", "role": "ice", "strategy": "hypothetical"}},
            "key intercurrent_events.R.role: 'ice' is no role",
        ),
        ({}, {"R": ICE}, "transfusion is composite, but no event of type RECORD and role transf"),
        (
            {"R": {"type": "RECORD", "role": "icu"}},
            {"R": ICE},
            "transfusion is composite, but no event of type RECORD and role transfusion is listed",
        ),
        (
            {"R": EVENT},
            {"R": {**ICE, "strategy": "treatment_policy"}},
            "transfusion is listed as an event, but its strategy is treatment_policy",
        ),
        ({"R": {**EVENT, "window": {"start": "W6"}}}, {}, "key window means nothing for an event"),
        ({"R": {**EVENT, "dated_at": "origin"}}, {}, "type RECORD is not dated at origin; allowed"),
    ],
)
def test_what_a_record_cannot_be_is_one_sentence(laid_over, events, ices, said):
    assert said in laid_over(events, ices).error()


def test_it_comes_back_from_the_plain_form_of_a_job(laid_over):
    found = laid_over({"TRANSFUSED": EVENT}, {"TRANSFUSED": ICE}).definitions()["PFS_X"]
    assert type(found).model_validate(yaml.safe_load(found.model_dump_json())) == found
