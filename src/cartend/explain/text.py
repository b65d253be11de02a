"""Plain text of at most 110 characters a line: paragraphs, tables, lists of values."""

import textwrap
from collections.abc import Iterable, Sequence
from functools import lru_cache

import pandas as pd

WIDTH = 110
GAP = "  "


# The sentences of definitions return with every subject, so what was wrapped once is kept.
@lru_cache(maxsize=2048)
def paragraph(text: str, indent: int = 0) -> str:
    """Return a text wrapped to the width, every line indented; identifiers stay whole."""
    space = " " * indent
    return textwrap.fill(
        text,
        width=WIDTH,
        initial_indent=space,
        subsequent_indent=space,
        break_on_hyphens=False,
    )


def pairs(values: Iterable[tuple[str, str]], indent: int = 0) -> str:
    """Return ``NAME value`` pairs in as few lines as they need, no pair broken."""
    lines = [" " * indent]
    for name, value in values:
        word = f"{name} {value}"
        if len(lines[-1]) + len(word) > WIDTH and lines[-1].strip():
            lines.append(" " * indent)
        lines[-1] += word + GAP
    return "\n".join(line.rstrip() for line in lines)


def table(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    most: dict[str, int],
    indent: int = 0,
) -> str:
    """Return rows of text as aligned columns under their names.

    ``most`` holds the greatest width of a column; a longer cell goes on in the next line, and the
    last column takes what is left. A column named ``day`` is aligned to the right.
    """
    rows = [names, *rows]
    widths = _widths(rows, names, most, indent)
    aligned = [str.rjust if name == "day" else str.ljust for name in names]
    return "\n".join(_row(cells, widths, aligned, indent) for cells in rows)


def _widths(
    rows: Sequence[Sequence[str]], names: Sequence[str], most: dict[str, int], indent: int
) -> list[int]:
    longest = [max(len(row[place]) for row in rows) for place in range(len(names))]
    widths = [min(width, most.get(name, width)) for name, width in zip(names, longest, strict=True)]
    left = WIDTH - indent - sum(widths[:-1]) - len(GAP) * (len(widths) - 1)
    return [*widths[:-1], min(widths[-1], max(left, 12))]


def _row(cells: Sequence[str], widths: list[int], aligned: list, indent: int) -> str:
    wrapped = [
        [cell] if len(cell) <= width else _wrapped(cell, width)
        for cell, width in zip(cells, widths, strict=True)
    ]
    lines = []
    for number in range(max(len(part) for part in wrapped)):
        parts = [
            align(part[number] if number < len(part) else "", width)
            for part, width, align in zip(wrapped, widths, aligned, strict=True)
        ]
        lines.append((" " * indent + GAP.join(parts)).rstrip())
    return "\n".join(lines)


@lru_cache(maxsize=8192)
def _wrapped(cell: str, width: int) -> list[str]:
    return textwrap.wrap(cell, width, break_on_hyphens=False) or [""]


def show(value: object) -> str:
    """Return a cell: an ISO date, a whole number without its point, ``-`` for nothing."""
    if isinstance(value, str):
        return value or "-"
    if pd.isna(value):
        return "-"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def day_of(date: pd.Timestamp, origin: pd.Timestamp) -> str:
    """Return the days since an origin as text, blank where one of the two is missing."""
    return "" if pd.isna(date) or pd.isna(origin) else str((date - origin).days)


def source(domain: object, sequence: object, variable: object) -> str:
    """Return ``DOM.SEQ``, or ``DOM.VARIABLE`` for a record without a number."""
    if pd.isna(domain) or domain == "":
        return ""
    numbered = not pd.isna(sequence) and int(sequence) > 0
    return f"{domain}.{int(sequence)}" if numbered else f"{domain}.{variable}"
