"""Giving every record its roles (decision D38).

A table of a domain gets the column ROLE: the ids of every role whose selection the row meets,
parted by blanks, in the order of the roles; missing where it meets none.
"""

import re
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path

import pandas as pd

from cartend.config.records import Records, Role, Selection, Words
from cartend.contract.terms.roles import COLUMN, EXCLUSIVE
from cartend.contract.text import by_word, conjoined, first_of, hint, normal
from cartend.intake import findings
from cartend.intake.errors import DataError
from cartend.intake.stops import Stop
from cartend.intake.words import RAW


def with_roles(table: pd.DataFrame, domain: str, records: Records) -> pd.DataFrame:
    """Return the records of one domain with ROLE.

    1. A role's selections of this domain are evaluated one by one; any of them gives the role.
    2. A selection holds where each column of ``where`` matches and not each of ``unless`` does.
    3. A column matches where its value, as read or as delivered, has the normal form of a word;
       ``*`` in a word stands for any text. A column that the table lacks matches nothing.
    """
    roles = pd.Series("", index=table.index, dtype=object)
    for name, role in records.items():
        here = selections(role, domain)
        if not here:
            continue
        holds = reduce(pd.Series.__or__, (selected(table, selection) for selection in here))
        roles = roles.where(~holds, roles + f" {name}")
    roles = roles.str.strip()
    return table.assign(**{COLUMN: roles.where(roles.ne(""), None)})


def selections(role: Role | None, domain: str) -> list[Selection]:
    """Return the selections of a role that mean rows of one domain."""
    return [] if role is None else [one for one in role.records if one.domain == domain.upper()]


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
    if column in table:
        found |= by_word(table[column].fillna(""), fits).eq(True)
    if column + RAW in table:
        raw = table[column + RAW]
        found |= by_word(raw, fits).eq(True) & raw.notna()
    return found


def pattern(words: tuple[str, ...]) -> Callable[[object], bool]:
    """Return a test of whether the normal form of a text is one of some words."""
    parts = ["".join(".*" if p == "*" else re.escape(p) for p in _pieces(word)) for word in words]
    compiled = re.compile("|".join(f"(?:{part})" for part in parts), re.DOTALL)
    return lambda text: compiled.fullmatch(normal(text)) is not None


def _pieces(word: str) -> list[str]:
    """Return a word in its normal form, cut at each ``*``."""
    return [piece for piece in re.split(r"(\*)", normal(word)) if piece]


def named_roles(records: Records) -> dict[str, Role]:
    """Return the roles that the study file names."""
    return {name: role for name, role in records.items() if role is not None and not role.shipped}


def refuse_absent_columns(
    columns: list[str], domain: str, records: Records, study: str, path: Path | None
) -> None:
    """Stop where a role of the study file names a column that the data lack (decision D38).

    Raises
    ------
    DataError
        One sentence with the key of the study file, the column, the domain and the nearest column.
    """
    for name, role in named_roles(records).items():
        for selection in selections(role, domain):
            for column in (*selection.where, *selection.unless):
                if path is None:
                    raise DataError(
                        f"{study}: key records.{name} names {column} of {domain.upper()}, and the "
                        f"data have no file for {domain.upper()}; bring it, or leave this out"
                    )
                if column not in columns:
                    raise DataError(
                        f"{study}: key records.{name} names {column}, and {domain.upper()} "
                        f"({path.name}) has no such column{hint(column, columns)}"
                    )


def contradiction_findings(
    tables: dict[str, pd.DataFrame], study: str
) -> tuple[pd.DataFrame, list[Stop]]:
    """Return findings of records whose roles exclude each other, and a stop a pair of them."""
    found, stops = [], []
    for domain, rows, roles in _contradictions(tables):
        found.append(findings.reading("F-ROLE-004", domain, rows, f"{roles} hold of this record"))
        records = zip(rows["USUBJID"], findings.record_of(rows, domain), strict=True)
        named = first_of(f"{subject} {record}".strip() for subject, record in records)
        stops.append(
            Stop(
                "F-ROLE-004",
                f"{domain.upper()} {roles}",
                len(rows),
                f"{study}: roles of which a record has one at most hold together: {roles} of "
                f"{domain.upper()} {named}",
                "narrow where of one of them, or add unless to it, under records in the study file",
            )
        )
    return findings.collect(found), stops


def _contradictions(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield domain, records and roles where roles hold that exclude each other."""
    for domain, table in tables.items():
        for ids in table[COLUMN].dropna().unique():
            for group in EXCLUSIVE:
                held = [role for role in group if role in ids.split()]
                if len(held) > 1:
                    yield domain, table[table[COLUMN].eq(ids)], conjoined(held)
