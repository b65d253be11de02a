"""A proposal as the text of a study file: every line with what was seen, questions marked."""

from collections.abc import Iterable
from typing import Any

import yaml

from cartend.config.questions import QUESTION


class Flow(dict):
    """A mapping that is written on one line."""


class FlowList(list):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


_Dumper.add_representer(
    Flow, lambda d, v: d.represent_mapping("tag:yaml.org,2002:map", v, flow_style=True)
)
_Dumper.add_representer(
    FlowList, lambda d, v: d.represent_sequence("tag:yaml.org,2002:seq", v, flow_style=True)
)


def one_line(value: Any) -> Any:
    """Return a value whose mappings and lists are each written on one line."""
    if isinstance(value, dict):
        return Flow({key: one_line(inner) for key, inner in value.items()})
    if isinstance(value, (list, tuple)):
        return FlowList([one_line(inner) for inner in value])
    return value


def lines_of(key: str, value: Any, told: str = "") -> list[str]:
    """Return the lines of one key, what was seen of it as a comment above."""
    text = yaml.dump(
        {key: value}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=4096
    ).rstrip("\n")
    return [*comment(told), *text.split("\n")]


def comment(text: str) -> list[str]:
    """Return a text as comment lines, none for a blank one; what ends a line is a blank in it."""
    return [f"# {' '.join(part.split())}" for part in text.split("\n") if part.strip()]


def questions_first(questions: Iterable[str]) -> list[str]:
    """Return the heading: which keys hold a question, and that no run begins before an answer."""
    keys = list(questions)
    if not keys:
        return []
    return [
        f"# {len(keys)} question{'s' if len(keys) > 1 else ''} for you, each a line that holds "
        f"{QUESTION}: {', '.join(keys)}.",
        "# No run begins before they are answered.",
    ]
