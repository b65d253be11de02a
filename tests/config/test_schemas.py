"""The JSON Schemas beside the workflow are those of the models, and refer to each other."""

import json

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

from cartend.config.files import read_yaml
from cartend.config.finder import SHIPPED
from cartend.config.schemas import FOLDER, schemas, text

PLACES = {
    "study": "studies",
    "endpoint": "endpoints",
    "scenario": "scenarios",
    "records": "records",
    "criteria": "criteria",
    "bridging": "bridging",
    "eligibility": "eligibility",
    "safety": "safety",
}
NAMES = sorted(schemas())


@pytest.fixture(scope="module")
def valid():
    """Return whether a content is valid by a schema file, its references resolved by file name."""
    files = {path.name: json.loads(path.read_text()) for path in FOLDER.glob("*.schema.json")}
    for content in files.values():
        jsonschema.Draft202012Validator.check_schema(content)
    resources = [(name, Resource.from_contents(content)) for name, content in files.items()]
    registry = Registry().with_resources(resources)

    def ask(name: str, content: object) -> bool:
        whole = {"$ref": f"{name}.schema.json"}
        return jsonschema.Draft202012Validator(whole, registry=registry).is_valid(content)

    return ask


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_file_is_current(name):
    """Out of date? Run python -m cartend.config.schemas."""
    assert (FOLDER / f"{name}.schema.json").read_text() == text(schemas()[name])


def test_no_schema_file_is_left_of_an_earlier_kind():
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.schema.json" for name in NAMES}


@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_shipped_file_is_valid_by_its_schema_and_a_wrong_key_is_not(valid, name):
    files = sorted((SHIPPED / PLACES[name]).glob("*.yaml"))
    assert files
    for path in files:
        content = read_yaml(path)
        assert valid(name, content), path.name
        assert not valid(name, {**content, "no_such_key": 1}), path.name


def test_the_run_is_valid_by_its_schema(valid):
    assert valid("config", read_yaml(SHIPPED / "config.yaml"))
    assert not valid("config", {"studies": []})


RULE = {"cause_in": ["ICANS/NEUROTOXICITY"], "type": "DEATH"}


@pytest.mark.parametrize(
    ("keys", "right"),
    [
        ({}, True),
        ({"events": {"D": RULE}}, True),
        ({"events": {"D": {**RULE, "cause_in": ["INFECTIOUS"]}}}, False),
        ({"events": {"D": {"type": "RECORD", "role": "transfusion"}}}, True),
        ({"events": {"D": {"type": "RECORDS"}}}, False),
        ({"events": {"D": None}}, False),
        ({"label": None}, False),
        ({"label": 3}, False),
        ({"pair": None}, True),
        ({"origin": "randomization"}, False),
        ({"population": "RAND"}, True),
        ({"population": ["RAND", "INFUSED"]}, False),
        ({"not_evaluable_at_landmark": "look_ahead(28)"}, True),
        ({"not_evaluable_at_landmark": "look_ahead"}, True),
        ({"not_evaluable_at_landmark": "ahead"}, False),
        ({"variable": "responder"}, False),
    ],
)
def test_a_complete_endpoint(valid, keys, right):
    assert valid("endpoint", {**read_yaml(SHIPPED / "endpoints" / "OS.yaml"), **keys}) == right


def test_a_complete_endpoint_has_every_key_that_its_model_asks_for(valid):
    content = read_yaml(SHIPPED / "endpoints" / "OS.yaml")
    for key in ("id", "label", "kind", "paramcd8", "source", "estimand", "events", "censoring"):
        assert not valid("endpoint", {k: v for k, v in content.items() if k != key}), key


@pytest.mark.parametrize(
    ("keys", "right"),
    [
        ({"label": "Other"}, True),
        ({"label": None}, True),
        ({"events": {"NEW_THERAPY": None}}, True),
        ({"events": {"NEW_THERAPY": {"qualifies": {"reasons": None}}}}, True),
        ({"events": {"NEW_THERAPY": {"qualify": {}}}}, False),
        ({"evaluator": "BICR"}, False),
        ({"based_on": 1}, False),
    ],
)
def test_what_a_file_or_a_scenario_lays_over_another(valid, keys, right):
    assert valid("endpoint", {"id": "X", "based_on": "OS", **keys}) == right
    scenario = {"name": "other", "describe": "a test", "endpoints": {"OS": keys}}
    assert valid("scenario", scenario) == right


def test_a_rule_laid_over_another_needs_none_of_its_keys_a_complete_one_all(valid):
    whole = read_yaml(SHIPPED / "bridging" / "default.yaml")
    name, rule = next(iter(whole["washout"].items()))
    partial = {"washout": {name: {"before_lymphodepletion": 7}, "WO-X": None}}
    assert valid("bridging", {"id": "x", "based_on": "default", **partial})
    assert not valid("bridging", {**whole, **partial})
    assert not valid("bridging", {**whole, "rebaseline": {}})
    del rule["source"]
    assert not valid("bridging", whole)


RECORDS = """
infusion: {from: EX, where: {EXCAT: [STUDY TREATMENT, "CAR T*"]}}
leukapheresis: {from: PR, where: {PRTRT: LEUKAPHERESIS}, unless: {PRSTAT: NOT DONE}}
other_treatment: null
new_therapy: [{from: CM, where: {CMSCAT: [SUBSEQUENT]}}, {from: PR}]
transfusion: {from: CM, where: {CMCAT: [TRANSFUSION]}, label: Platelet transfusion}
fracture: {records: [{from: AE, where: {AEDECOD: ["*FRACTURE*"]}}], label: Fracture}
"""


def test_roles_of_records_are_valid_in_a_file_of_their_own_and_in_a_study(valid):
    records = yaml.safe_load(RECORDS)
    study = read_yaml(SHIPPED / "studies" / "lbcl-second-line.yaml")
    assert valid("records", records)
    assert valid("study", {**study, "records": records})
    for wrong in ({"where": {}}, {"from": "EX", "where": ["X"]}, {"records": []}, [], "EX"):
        assert not valid("records", {"infusion": wrong}), wrong
        assert not valid("study", {**study, "records": {"infusion": wrong}}), wrong


def test_no_schema_repeats_a_model_of_another():
    """Each model stands in one file; those of two files differ by name and content."""
    owner: dict[str, str] = {}
    for name, content in schemas().items():
        for model, definition in content.get("$defs", {}).items():
            if len(json.dumps(definition)) > 300:
                other = owner.setdefault(json.dumps(definition, sort_keys=True), name)
                assert other == name, f"{model} stands in {other} and in {name}"
