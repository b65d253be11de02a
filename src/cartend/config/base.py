"""What every typed model of a YAML file shares: strictness, words of the contract, its error."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from cartend.contract.text import capitals
from cartend.contract.vocabulary import Vocabulary


class ConfigError(Exception):
    """A configuration file cannot be used; the message is one sentence for its author."""


class Model(BaseModel):
    """A strict, frozen model: an unknown key is an error, and a value is never coerced silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Word:
    """The type of a key that holds one of some words, spelt as they are.

    ``Annotated[str, Word(*STRATEGY)]`` is to pydantic and to a schema what ``Literal`` of the
    same words is, and text to everyone else.
    """

    def __init__(self, *codes: str) -> None:
        self.codes = codes

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.literal_schema(list(self.codes))


class Said(Word):
    """The type of a key that holds a word of a vocabulary as people write it.

    A synonym, or another spelling, is read to its code; what means none of the words is refused.
    Several vocabularies may be meant at once; of two that know a text, the first reads it.
    """

    def __init__(self, *vocabularies: Vocabulary) -> None:
        super().__init__(*_once(code for one in vocabularies for code in one))
        self.vocabularies = vocabularies

    def read(self, text: object) -> object:
        """Return the code that a text means; anything else as it is, for pydantic to judge."""
        return _code(text, self.vocabularies) or text

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        words = core_schema.literal_schema(list(self.codes))
        return core_schema.no_info_before_validator_function(self.read, words)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "enum": self.texts()}

    def texts(self) -> list[str]:
        """Return every text that means one of the words, codes first."""
        return _once([*self.codes, *(text for one in self.vocabularies for text in one.texts())])


class Kept(Said):
    """The type of a key that holds a word of a vocabulary, or one that only the data know.

    What means none of the words is kept in capitals, which is how the intake writes it.
    """

    def read(self, text: object) -> object:
        """Return the code that a text means, else the text in capitals."""
        known = _code(text, self.vocabularies)
        return known or (capitals(text) if isinstance(text, str) else text)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, core_schema.str_schema())

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "examples": self.texts()}


def _code(text: object, vocabularies: Iterable[Vocabulary]) -> str | None:
    if not isinstance(text, str):
        return None
    return next((code for one in vocabularies if (code := one.code(text)) is not None), None)


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
