"""The JSON Schemas beside the workflow are those of the models."""

import json

import pytest

from cartend.config.files import read_yaml
from cartend.config.finder import SHIPPED
from cartend.config.schemas import FOLDER, schemas, text

PLACES = {
    "study": "studies",
    "endpoint": "endpoints",
    "scenario": "scenarios",
    "criteria": "criteria",
}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_schema_file_is_current(name):
    """Out of date? Run python -m cartend.config.schemas."""
    assert (FOLDER / f"{name}.schema.json").read_text() == text(schemas()[name])


@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_shipped_file_is_valid_by_its_schema_and_a_wrong_key_is_not(name):
    jsonschema = pytest.importorskip("jsonschema")
    check = jsonschema.Draft202012Validator(
        json.loads((FOLDER / f"{name}.schema.json").read_text())
    )
    for path in sorted((SHIPPED / PLACES[name]).glob("*.yaml")):
        content = read_yaml(path)
        assert list(check.iter_errors(content)) == [], path.name
        assert not check.is_valid({**content, "no_such_key": 1}), path.name
