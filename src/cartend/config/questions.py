"""Questions that a proposed study file leaves to its statistician: no run begins before them."""

from collections.abc import Iterator
from typing import Any

from cartend.config.base import ConfigError
from cartend.contract.text import conjoined

QUESTION = "?"
"""What stands in a proposed study file where only its statistician knows."""


def refuse_questions(content: dict[str, Any], where: str) -> None:
    """Stop where a key of a study file still holds ``?``.

    Raises
    ------
    ConfigError
        One sentence with the file and every such key.
    """
    keys = list(_open(content))
    if keys:
        many = len(keys) > 1
        raise ConfigError(
            f"{where}: key{'s' if many else ''} {conjoined(keys)} hold{'' if many else 's'} "
            f"{QUESTION}, which only you can answer; the comment above each says what was seen"
        )


def _open(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _open(inner, f"{key}.{name}" if key else str(name))
            if name == QUESTION:
                yield key
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _open(inner, key)
    elif value == QUESTION:
        yield key
