"""YAML files to typed models, with one clear sentence for whatever is wrong."""

import json
import re
import types
import typing
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from cartend.config.base import ConfigError
from cartend.contract.text import hint

if typing.TYPE_CHECKING:
    from yaml import SafeLoader as _Parser
else:
    _Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Parser):
    """YAML as people expect it: the plain scalars of YAML 1.2, and no key twice.

    PyYAML reads YAML 1.1, where ``NO`` is false, ``12:30`` is 750, ``010`` is 8, ``1e-3`` is text
    and an unquoted date is no text. It also keeps the last of two equal keys without a word.
    Where PyYAML was built with libyaml, that parser is used: a run starts 1 s sooner.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise ConfigError(f"key {key} stands twice (line {line}); a key stands once")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        """Return a whole number; a leading zero makes no octal number of it."""
        digits = self.construct_scalar(node)
        if len(digits) > LONGEST_NUMBER:
            line = node.start_mark.line + 1
            raise ConfigError(
                f"a number of {len(digits)} digits stands in line {line}; {LONGEST_NUMBER} at most"
            )
        return int(digits)


_Loader.yaml_implicit_resolvers = {}
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?$"
for _tag, _pattern, _first in (
    ("null", r"(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"[-+]?[0-9]+$", list("-+0123456789")),
    ("float", _FLOAT, list("-+.0123456789")),
    ("merge", r"<<$", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping of a YAML file; ConfigError names the file and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        if len(text) > LARGEST_FILE:
            raise ConfigError(f"the file has {len(text)} characters; {LARGEST_FILE} at most")
        content = yaml.load(text, Loader=_Loader)
        _refuse_bombs(content)
    except OSError as error:
        raise ConfigError(f"{path}: the file cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: the file is not UTF-8 text") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: {TOO_DEEP}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise ConfigError(f"{path}: no valid YAML{where}: {problem}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: a mapping of keys is expected, not {type(content).__name__}")
    return content


def _refuse_bombs(content: object) -> None:
    """Stop where aliases make of a small file a huge or an endless one, or where it is too deep.

    Raises
    ------
    ConfigError
        The rest of one sentence on the file.
    """
    sizes: dict[int, int] = {}

    def size(value: object, depth: int) -> int:
        if depth > DEEPEST:
            raise ConfigError(TOO_DEEP)
        if not isinstance(value, (dict, list)):
            return 1
        known = sizes.get(id(value))
        if known == 0:
            raise ConfigError("an alias stands inside what it names, without an end")
        if known is not None:
            return known
        sizes[id(value)] = 0
        inner = value.values() if isinstance(value, dict) else value
        found = 1 + sum(size(one, depth + 1) for one in inner)
        if found > MOST_VALUES:
            raise ConfigError(f"aliases make more than {MOST_VALUES} values of it")
        sizes[id(value)] = found
        return found

    size(content, 0)


LARGEST_FILE = 2_000_000
LONGEST_NUMBER = 18
MOST_VALUES = 200_000
DEEPEST = 40
TOO_DEEP = f"keys are nested deeper than {DEEPEST}"
"""What no study, scenario or definition needs, and a file made to break a program has."""

Typed = TypeVar("Typed", bound=BaseModel)
Location = tuple[int | str, ...]


def validate(model: type[Typed], content: dict[str, Any], where: str) -> Typed:
    """Return the model of a mapping; a value is never coerced into another type.

    Raises
    ------
    ConfigError
        One sentence with file, key, value, what is allowed, and the nearest allowed word.
    """
    try:
        return model.model_validate_json(json.dumps(content, default=_plain), strict=True)
    except ValidationError as error:
        raise ConfigError(f"{where}: {_sentence(model, error)}") from error


FORMS = ("one_schedule", "named_schedules")
"""How pydantic names the form of a value that has two; no key of a file."""


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise ConfigError(f"{value!r} is no text, number, list or mapping")


def _sentence(model: type[BaseModel], error: ValidationError) -> str:
    errors = error.errors()
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    tags = _tags(model, first["loc"])
    shown = (part for place, part in enumerate(first["loc"]) if place not in tags)
    key = ".".join(str(part) for part in shown if part not in FORMS)
    if first["type"] == "extra_forbidden":
        allowed = sorted(_fields_at(model, first["loc"][:-1]))
        close = hint(first["loc"][-1], allowed)
        return f"key {key} is not known; allowed here: {', '.join(allowed)}{close}"
    if first["type"] == "missing":
        return f"key {key} is missing"
    if first["type"] == "union_tag_invalid":
        allowed = _words(str(first["ctx"]["expected_tags"]))
        tag, name = first["ctx"]["tag"], str(first["ctx"]["discriminator"]).strip("'")
        said = f"key {key}.{name}: {tag!r} is not allowed; allowed: {', '.join(allowed)}"
        return said + hint(tag, allowed)
    if first["type"] == "literal_error":
        allowed = _words(str(first["ctx"]["expected"]))
        close = hint(first["input"], allowed)
        return f"key {key}: {first['input']!r} is not allowed; allowed: {', '.join(allowed)}{close}"
    if first["type"] == "value_error":
        return f"key {key}: {first['ctx']['error']}" if key else str(first["ctx"]["error"])
    value = json.dumps(first["input"], ensure_ascii=False, default=str)
    value = value if len(value) <= 80 else value[:77] + "..."
    return f"key {key}: {value} is not allowed; {first['msg'][0].lower()}{first['msg'][1:]}"


def _words(expected: str) -> list[str]:
    return [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",")]


def _fields_at(model: type[BaseModel], location: Location) -> list[str]:
    """Return the keys allowed at a place of a nested model."""
    kind: Any = model
    annotation: Any = model
    for part in location:
        if part in FORMS:
            form = typing.get_args(annotation)[FORMS.index(part)]
            kind = _inner(typing.get_args(form)[0])
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and part in kind.model_fields:
            annotation = kind.model_fields[part].annotation
            kind = _inner(annotation)
        elif _of_kind(annotation, part) is not None:
            annotation = kind = _of_kind(annotation, part)
    known = isinstance(kind, type) and issubclass(kind, BaseModel)
    return list(kind.model_fields) if known else []


def _tags(model: type[BaseModel], location: Location) -> set[int]:
    """Return the places of a location that name the kind of a model, no key of the file."""
    found: set[int] = set()
    annotation: Any = model
    for place, part in enumerate(location):
        member = _of_kind(annotation, part)
        if member is not None:
            found.add(place)
            annotation = member
            continue
        inner = _inner(annotation)
        known = isinstance(inner, type) and issubclass(inner, BaseModel)
        if known and part in inner.model_fields:
            annotation = inner.model_fields[part].annotation
    return found


def _of_kind(annotation: Any, tag: object) -> type[BaseModel] | None:
    """Return the model of a union told apart by their key ``kind`` that has this kind."""
    if isinstance(annotation, type):
        return None
    for argument in typing.get_args(annotation):
        if isinstance(argument, type) and issubclass(argument, BaseModel):
            field = argument.model_fields.get("kind")
            if field is not None and tag in typing.get_args(field.annotation):
                return argument
        elif (found := _of_kind(argument, tag)) is not None:
            return found
    return None


def _inner(annotation: Any) -> Any:
    """Return the model inside Optional, tuple or dict annotations."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, tuple, dict, list):
        for argument in reversed(typing.get_args(annotation)):
            inner = _inner(argument)
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                return inner
    return annotation


def deep_merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``over`` laid on top: mappings merge, lists replace, null removes."""
    merged = dict(base)
    for key, value in over.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = deep_merge(merged[key], value)
        else:
            merged[key] = value
    return merged
