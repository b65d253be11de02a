"""Giving every record its roles (decision D38).

A table of a domain gets the column ROLE: the ids of every role whose selection the row meets,
parted by blanks, in the order of the roles; missing where it meets none.
"""

import re
from collections.abc import Callable
from functools import reduce

import pandas as pd

from cartend.config.records import Records, Selection, Words
from cartend.contract.terms.roles import COLUMN
from cartend.contract.text import by_word, normal

DELIVERED = "_RAW"
"""``<X>_RAW`` holds a coded column as delivered, where a word was taken for one of ours."""


def with_roles(table: pd.DataFrame, domain: str, records: Records) -> pd.DataFrame:
    """Return the records of one domain with ROLE.

    1. A role's selections of this domain are evaluated one by one; any of them gives the role.
    2. A selection holds where each column of ``where`` matches and not each of ``unless`` does.
    3. A column matches where its value, as read or as delivered, has the normal form of a word;
       ``*`` in a word stands for any text. A column that the table lacks matches nothing.
    """
    roles = pd.Series("", index=table.index, dtype=object)
    for name, role in records.items():
        here = [] if role is None else [s for s in role.records if s.domain == domain.upper()]
        if not here:
            continue
        holds = reduce(pd.Series.__or__, (selected(table, selection) for selection in here))
        roles = roles.where(~holds, roles + f" {name}")
    roles = roles.str.strip()
    return table.assign(**{COLUMN: roles.where(roles.ne(""), None)})


def selected(table: pd.DataFrame, selection: Selection) -> pd.Series:
    """Return which rows a selection means."""
    taken = _all_match(table, selection.where)
    if selection.unless:
        taken &= ~_all_match(table, selection.unless)
    return taken


def _all_match(table: pd.DataFrame, asked: Words) -> pd.Series:
    everything = pd.Series(True, index=table.index)
    return reduce(pd.Series.__and__, (matches(table, c, w) for c, w in asked.items()), everything)


def matches(table: pd.DataFrame, column: str, words: tuple[str, ...]) -> pd.Series:
    """Return in which rows a column holds one of some words, as read or as delivered."""
    fits = pattern(words)
    found = pd.Series(False, index=table.index)
    for name in (column, column + DELIVERED):
        if name in table:
            found |= by_word(table[name].fillna(""), fits).eq(True)
    return found


def pattern(words: tuple[str, ...]) -> Callable[[object], bool]:
    """Return a test of whether the normal form of a text is one of some words."""
    parts = ["".join(".*" if p == "*" else re.escape(p) for p in _pieces(word)) for word in words]
    compiled = re.compile("|".join(f"(?:{part})" for part in parts), re.DOTALL)
    return lambda text: compiled.fullmatch(normal(text)) is not None


def _pieces(word: str) -> list[str]:
    """Return a word in its normal form, cut at each ``*``."""
    return [piece for piece in re.split(r"(\*)", normal(word)) if piece]
