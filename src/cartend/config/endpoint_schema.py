"""The JSON Schema of an endpoint file, and of what a scenario lays over one.

Each kind of endpoint stands once, with every key optional and ``null`` allowed, which is what may
be laid over another; a complete file asks for more of the same keys.
"""

from pydantic import TypeAdapter

from cartend.config.definition import Definition, TimeToEvent
from cartend.config.event import Censoring, Event, IntercurrentEvent
from cartend.config.rate import Rate
from cartend.config.schema_parts import Schema

SECTIONS = {"events": Event, "intercurrent_events": IntercurrentEvent, "censoring": Censoring}
KINDS = (TimeToEvent.__name__, Rate.__name__)
BASED_ON = {"type": "string", "description": "id of the endpoint this one is laid over"}
NULL = {"type": "null"}
NOT_NULL = {"not": NULL}
LAID_OVER = "#/$defs/LaidOver"


def endpoint_schema() -> Schema:
    """Return the schema of an endpoint file: complete, or laid over another by ``based_on``.

    What a file may leave out because it is filled in (the type of a rule called by its type, a
    population given as one word) is not asked for here either.
    """
    content = TypeAdapter(TimeToEvent | Rate).json_schema(ref_template="#/$defs/{model}")
    kinds = content["$defs"]
    for kind in KINDS:
        _as_written(kinds[kind]["properties"])
    for model in SECTIONS.values():
        kinds[model.__name__].pop("required", None)
    _or_one_word(kinds["Event"]["properties"], "after")
    start = {"type": "string", "description": "visit from whose opening on to look"}
    kinds["Criterion"]["properties"]["start"] = start
    complete = [_complete(kind, kinds[kind]) for kind in KINDS]
    for kind in KINDS:
        _optional(kinds[kind])
    kinds[Definition.__name__] = _shared(*(kinds[kind]["properties"] for kind in KINDS))
    kinds["LaidOver"] = {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in KINDS]}
    return {
        "title": "Endpoint",
        "if": {"required": ["based_on"]},
        "then": {"$ref": LAID_OVER, "required": ["id", "based_on"]},
        "else": {"anyOf": complete},
        "$defs": kinds,
    }


def _as_written(properties: Schema) -> None:
    """Describe a definition as a file has it, before it is resolved."""
    properties["based_on"] = dict(BASED_ON)
    _or_one_word(properties, "population")
    ahead = properties.get("not_evaluable_at_landmark")
    if ahead is not None:
        words = ahead.pop("enum")
        ahead["anyOf"] = [
            {"enum": words},
            {"type": "string", "pattern": r"^look_ahead\(\d+\)$"},
        ]
        ahead.pop("type")


def _or_one_word(properties: Schema, key: str) -> None:
    """Allow one word where a list of words is meant."""
    value = properties[key]
    default = {"default": value.pop("default")} if "default" in value else {}
    if "anyOf" not in value:
        alone = value.get("items") or {"type": "string"}
        properties[key] = {"anyOf": [value, alone], **default}


def _complete(name: str, kind: Schema) -> Schema:
    """Return what a complete file has beyond the keys of a kind: some it needs, none is null."""
    rules = {"additionalProperties": NOT_NULL, "not": NULL}
    may_be_null = {key: True for key, value in kind["properties"].items() if _allows_null(value)}
    return {
        "$ref": f"#/$defs/{name}",
        "required": kind["required"],
        "properties": {key: rules for key in SECTIONS if key in kind["properties"]} | may_be_null,
        "additionalProperties": NOT_NULL,
    }


def _optional(kind: Schema) -> None:
    """Make a kind of endpoint one of which any key may be given and ``null`` removes one."""
    kind.pop("required")
    for name, value in kind["properties"].items():
        if name in SECTIONS:
            value["additionalProperties"] = {"anyOf": [value["additionalProperties"], NULL]}
        if name != "id" and not _allows_null(value):
            kind["properties"][name] = _or_null(value)


def _or_null(value: Schema) -> Schema:
    if "anyOf" in value:
        return {**value, "anyOf": [*value["anyOf"], NULL]}
    about: Schema = {key: value.pop(key) for key in ("default", "description") if key in value}
    return {"anyOf": [value, NULL], **about}


def _allows_null(value: Schema) -> bool:
    return NULL in value.get("anyOf", ())


def _shared(one: Schema, other: Schema) -> Schema:
    """Return the keys that two kinds have in common, which refer to them instead."""
    common = {key: value for key, value in one.items() if other.get(key) == value}
    for properties in (one, other):
        properties |= {
            key: {"$ref": f"#/$defs/{Definition.__name__}/properties/{key}"} for key in common
        }
    return {"description": Definition.__doc__, "properties": common}
