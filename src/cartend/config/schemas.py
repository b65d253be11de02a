"""JSON Schemas of the configuration files, generated from the typed models, for editors.

``python -m cartend.config.schemas`` writes them to ``workflow/schemas``; a test says they are
current. The models stay the judge: they check what a schema cannot say.
"""

import copy
import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from cartend.config.base import Model
from cartend.config.bridging import Bridging
from cartend.config.criteria import Criteria
from cartend.config.definition import TimeToEvent
from cartend.config.eligibility import Eligibility
from cartend.config.event import Censoring, Event, IntercurrentEvent
from cartend.config.rate import Rate
from cartend.config.run import RunConfig, Scenario
from cartend.config.safety import Safety
from cartend.config.study import Study

FOLDER = Path(__file__).resolve().parents[3] / "workflow" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SECTIONS = {"events": Event, "intercurrent_events": IntercurrentEvent, "censoring": Censoring}
BASED_ON = {"type": "string", "description": "id of the endpoint this one is laid over"}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every kind of file by its name."""
    found = {
        "config": RunConfig.model_json_schema(),
        "study": Study.model_json_schema(),
        "criteria": Criteria.model_json_schema(),
        "bridging": rules_schema(Bridging),
        "eligibility": rules_schema(Eligibility),
        "safety": rules_schema(Safety),
        "endpoint": endpoint_schema(),
        "scenario": scenario_schema(),
    }
    return {name: {"$schema": DIALECT, **content} for name, content in found.items()}


def endpoint_schema() -> dict[str, Any]:
    """Return the schema of an endpoint file: complete, or laid over another by ``based_on``.

    What a file may leave out because it is filled in (the type of a rule called by its type, a
    population given as one word) is not asked for here either.
    """
    content = TypeAdapter(TimeToEvent | Rate).json_schema(ref_template="#/$defs/{model}")
    kinds = content["$defs"]
    for kind in ("TimeToEvent", "Rate"):
        _as_written(kinds[kind])
    for model in SECTIONS.values():
        kinds[model.__name__]["required"] = []
    _or_one_word(kinds["Event"]["properties"], "after")
    _rule_windows(kinds["Criterion"]["properties"])
    whole = {"anyOf": content["anyOf"]}
    partial = [_partial(kinds[kind]) for kind in ("TimeToEvent", "Rate")]
    laid_over = {"anyOf": partial, "required": ["id", "based_on"]}
    return {
        "title": "Endpoint",
        "if": {"required": ["based_on"]},
        "then": laid_over,
        "else": whole,
        "$defs": kinds,
    }


def scenario_schema() -> dict[str, Any]:
    """Return the schema of a scenario: each endpoint holds the keys of an endpoint, none needed."""
    content = Scenario.model_json_schema()
    endpoint = endpoint_schema()
    partial = copy.deepcopy(endpoint["then"]["anyOf"])
    for kind in partial:
        kind["required"] = []
    content["$defs"] = content.get("$defs", {}) | endpoint["$defs"]
    content["properties"]["endpoints"]["additionalProperties"] = {"anyOf": partial}
    return content


def rules_schema(model: type[Model]) -> dict[str, Any]:
    """Return the schema of a file of rules: complete, or laid over another by ``based_on``."""
    content = model.model_json_schema()
    content["properties"]["based_on"] = {"type": "string", "description": "file it is laid over"}
    needed = content.pop("required")
    content["if"] = {"required": ["based_on"]}
    content["then"] = {"required": ["id", "based_on"]}
    content["else"] = {"required": needed}
    return content


def _as_written(kind: dict[str, Any]) -> None:
    """Describe a definition as a file has it, before it is resolved."""
    properties = kind["properties"]
    properties["based_on"] = BASED_ON
    _or_one_word(properties, "population")
    ahead = properties.get("not_evaluable_at_landmark")
    if ahead is not None:
        words = ahead.pop("enum")
        ahead["anyOf"] = [
            {"enum": words},
            {"type": "string", "pattern": r"^look_ahead\(\d+\)$"},
        ]
        ahead.pop("type")


def _or_one_word(properties: dict[str, Any], key: str) -> None:
    """Allow one word where a list of words is meant."""
    value = properties[key]
    default = {"default": value.pop("default")} if "default" in value else {}
    if "anyOf" not in value:
        alone = value.get("items") or {"type": "string"}
        properties[key] = {"anyOf": [value, alone], **default}


def _rule_windows(criterion: dict[str, Any]) -> None:
    """Allow ``start`` in a criterion, a short way to write the window of its rule."""
    criterion["start"] = {"type": "string", "description": "visit from whose opening on to look"}


def _partial(kind: dict[str, Any]) -> dict[str, Any]:
    """Return a kind of definition of which any key may be given and ``null`` removes one."""
    kind = copy.deepcopy(kind)
    kind.pop("required", None)
    for name, value in list(kind["properties"].items()):
        if name in SECTIONS:
            value["additionalProperties"] = {
                "anyOf": [value["additionalProperties"], {"type": "null"}]
            }
        if name != "id":
            kind["properties"][name] = {"anyOf": [value, {"type": "null"}]}
    kind["title"] = f"{kind['title']}, laid over another"
    return kind


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
