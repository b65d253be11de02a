"""JSON Schemas of the configuration files, generated from the typed models, for editors.

``python -m cartend.config.schemas`` writes them to ``workflow/schemas``; a test says they are
current. What several files share stands in one of them, and the others refer to it by its name
(``endpoint.schema.json#/$defs/Event``). The models stay the judge: they check what a schema
cannot say.
"""

import json
import sys
from pathlib import Path
from typing import Any

from cartend.config.base import Model
from cartend.config.bridging import Bridging
from cartend.config.criteria import Criteria
from cartend.config.eligibility import Eligibility
from cartend.config.endpoint_schema import LAID_OVER, endpoint_schema
from cartend.config.records import Role
from cartend.config.run import RunConfig, Scenario
from cartend.config.safety import Safety
from cartend.config.schema_parts import (
    Schema,
    concise,
    one_or_several,
    refer_to_words,
    words_schema,
)
from cartend.config.study import Study
from cartend.contract.terms.roles import ROLE

FOLDER = Path(__file__).resolve().parents[3] / "workflow" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Schema]:
    """Return the schema of every kind of file by its name, and that of the words they share."""
    found = {
        "config": RunConfig.model_json_schema(),
        "study": study_schema(),
        "records": records_schema(),
        "criteria": Criteria.model_json_schema(),
        "bridging": rules_schema(Bridging),
        "eligibility": rules_schema(Eligibility),
        "safety": rules_schema(Safety),
        "endpoint": endpoint_schema(),
        "scenario": scenario_schema(),
    }
    made = {name: refer_to_words(concise(content)) for name, content in found.items()}
    made["words"] = words_schema()
    return {name: {"$schema": DIALECT, **content} for name, content in made.items()}


def study_schema() -> Schema:
    """Return the schema of a study; its roles of records are those of the records file."""
    content = Study.model_json_schema()
    properties = content["properties"]
    about = {"description": properties["records"]["description"]}
    properties["records"] = {"$ref": "records.schema.json#/$defs/Records", **about}
    for name in ("Role", "Selection"):
        content["$defs"].pop(name)
    return content


def records_schema() -> Schema:
    """Return the schema of a file of roles: each is a selection, several, or null for none."""
    content = Role.model_json_schema()
    selection = content["$defs"]["Selection"]
    for key in ("where", "unless"):
        columns = selection["properties"][key]
        columns["additionalProperties"] = one_or_several(columns["additionalProperties"])
    label = {"label": content["properties"]["label"]}
    several = {"type": "array", "items": {"$ref": "#/$defs/Selection"}, "minItems": 1}
    labelled = {**selection, "properties": selection["properties"] | label}
    listed = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"records": one_or_several(several), **label},
        "required": ["records"],
    }
    role = {"anyOf": [{"$ref": "#/$defs/Labelled"}, several, listed, {"type": "null"}]}
    shipped = {name: {"$ref": "#/$defs/Role", "description": ROLE.label(name)} for name in ROLE}
    records = {
        "type": "object",
        "properties": shipped,
        "additionalProperties": {"$ref": "#/$defs/Role"},
    }
    kinds = {"Selection": selection, "Labelled": labelled, "Role": role, "Records": records}
    return {"title": "Records", "$ref": "#/$defs/Records", "$defs": kinds}


def scenario_schema() -> Schema:
    """Return the schema of a scenario: each endpoint holds the keys of an endpoint, none needed."""
    content = Scenario.model_json_schema()
    content["properties"]["endpoints"]["additionalProperties"] = {
        "$ref": f"endpoint.schema.json{LAID_OVER}"
    }
    return content


def rules_schema(model: type[Model]) -> Schema:
    """Return the schema of a file of rules: complete, or laid over another by ``based_on``.

    A rule that is laid over another needs none of its keys, and ``null`` removes it.
    """
    content = model.model_json_schema()
    complete = {key: found for key in content["properties"] if (found := _needed(content, key))}
    content["properties"]["based_on"] = {"type": "string", "description": "file it is laid over"}
    needed = content.pop("required")
    content["if"] = {"required": ["based_on"]}
    content["then"] = {"required": ["id", "based_on"]}
    content["else"] = {"required": needed, "properties": complete}
    return content


def _needed(content: Schema, key: str) -> Schema:
    """Ask no key of the model, or the models by id, that a key holds; return what was asked."""
    value = content["properties"][key]
    by_id = isinstance(value.get("additionalProperties"), dict)
    holds = value["additionalProperties"] if by_id else value
    name = str(holds.get("$ref", "")).rpartition("/")[2]
    if not name:
        return {}
    needed = {"type": "object", "required": content["$defs"][name].pop("required", [])}
    if by_id:
        value["additionalProperties"] = {"anyOf": [holds, {"type": "null"}]}
        return {"additionalProperties": needed}
    return needed


def text(content: dict[str, Any]) -> str:
    """Return the text of a schema file; the same models give the same bytes."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    """Write all schema files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in schemas().items():
        (FOLDER / f"{name}.schema.json").write_text(text(content), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
