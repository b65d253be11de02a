"""What the schemas of several files share: the words of the contract, and ways to write a value."""

from typing import Any

from cartend.config.base import Said
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.estimand import (
    ENDPOINT_ROLE,
    EVENT_TYPE,
    INTERCURRENT_TYPE,
    ORIGIN,
    POPULATION,
    STRATEGY,
)
from cartend.contract.terms.grammar import EVENT_DATE
from cartend.contract.terms.therapy import NEW_THERAPY_REASON, THERAPY_CLASS
from cartend.contract.vocabulary import Vocabulary

Schema = dict[str, Any]
BY_CODE = (
    ENDPOINT_ROLE,
    EVALUATOR,
    EVENT_DATE,
    EVENT_TYPE,
    INTERCURRENT_TYPE,
    ORIGIN,
    POPULATION,
    STRATEGY,
)
AS_SAID = ((CAUSE,), (NEW_THERAPY_REASON,), (THERAPY_CLASS,), (NEW_THERAPY_REASON, THERAPY_CLASS))


def words_schema() -> Schema:
    """Return the schema of the words that several keys may hold, each list once."""
    return {
        "title": "Words",
        "$defs": {name: {"type": "string", "enum": list(words)} for words, name in NAMED.items()},
    }


def _lists() -> dict[tuple[str, ...], str]:
    found = {one.codes: _name(one) for one in BY_CODE}
    return found | {tuple(Said(*some).texts()): _name(*some) for some in AS_SAID}


def _name(*vocabularies: Vocabulary) -> str:
    return "-or-".join(one.name.replace(" ", "-") for one in vocabularies)


NAMED = _lists()
"""The name of each list of words that stands in the schema of words."""


def refer_to_words(content: Any) -> Any:
    """Return a schema in which lists of words that stand in the schema of words are references."""
    if isinstance(content, list):
        return [refer_to_words(part) for part in content]
    if not isinstance(content, dict):
        return content
    name = NAMED.get(tuple(content["enum"])) if isinstance(content.get("enum"), list) else None
    if name is None:
        return {key: refer_to_words(value) for key, value in content.items()}
    rest = {key: value for key, value in content.items() if key not in ("enum", "type")}
    return {**rest, "$ref": f"words.schema.json#/$defs/{name}"}


def concise(content: Any) -> Any:
    """Return a schema without what it says twice.

    A key has no title of its own, which would repeat the key; a key that is a model has no default,
    which would repeat the defaults of the model.
    """
    if isinstance(content, list):
        return [concise(part) for part in content]
    if not isinstance(content, dict):
        return content
    made = {key: concise(value) for key, value in content.items()}
    for value in made.get("properties", {}).values():
        if isinstance(value, dict):
            value.pop("title", None)
            if "$ref" in value:
                value.pop("default", None)
    return made


def one_or_several(several: Schema) -> Schema:
    """Allow one value where a list of them is meant."""
    return {"anyOf": [several, several.get("items") or {"type": "string"}]}
