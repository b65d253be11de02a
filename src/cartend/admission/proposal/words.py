"""What the words of a column suggest, and how many records hold them."""

from collections.abc import Iterable

import pandas as pd

from cartend.contract.text import normal
from cartend.intake.roles import pattern

Tables = dict[str, pd.DataFrame]
"""The files of a delivery as read: text, None where blank, by lower-case name."""


def words_like(values: pd.Series, asked: Iterable[str]) -> list[str]:
    """Return the different texts that one of some words fits, the most frequent first."""
    counts = values.dropna().value_counts()
    fits = pattern(tuple(asked))
    found = [(-int(count), str(text)) for text, count in counts.items() if fits(text)]
    return [text for _, text in sorted(found)]


def fits_any(text: object, asked: Iterable[str]) -> bool:
    """Return whether one of some words fits a text."""
    return bool(pattern(tuple(asked))(text))


def column_like(columns: Iterable[str], asked: Iterable[str]) -> list[str]:
    """Return the columns that some names fit, in the order of the names."""
    every = list(columns)
    found = [column for one in asked for column in every if pattern((one,))(column)]
    return list(dict.fromkeys(found))


def tally(values: pd.Series, words: Iterable[str] | None = None) -> str:
    """Return ``A (12), B (3)``: the texts of a column with their counts."""
    counts = values.dropna().value_counts()
    chosen = (
        list(words) if words is not None else sorted(counts.index, key=lambda w: (-counts[w], w))
    )
    wanted = {normal(word) for word in chosen}
    rows = [(text, int(count)) for text, count in counts.items() if normal(text) in wanted]
    return ", ".join(
        f"{text} ({count})" for text, count in sorted(rows, key=lambda r: (-r[1], r[0]))
    )
