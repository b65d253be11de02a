"""The words of a delivery in ours: what the study says of them, then the contract's vocabularies.

A coded column holds the code of each text that is understood, any other text in capitals with
single blanks. What was delivered stands in ``<X>_RAW`` wherever it differs.
"""

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.records import all_records
from cartend.config.study import Study
from cartend.config.words import meanings_of
from cartend.contract.datasets.dataset import Dataset
from cartend.contract.datasets.sdtm import CAPITALS
from cartend.contract.text import by_word, in_capitals, is_one_of, normal
from cartend.intake import findings

RAW = "_RAW"
RESULT = {"rs": ("RSSTRESC", "RSORRES"), "adrs": ("AVALC",)}
"""Columns that hold a category of the criteria."""


def in_our_words(
    table: pd.DataFrame, dataset: Dataset, words: dict[str, dict[str, str]]
) -> pd.DataFrame:
    """Return a table with its columns in our words.

    1. A text that the study's ``words`` name is ours (by column: the normal form of theirs, ours).
    2. In a column with a vocabulary it is then the code that it means, else itself in capitals.
    3. Any other text stays as delivered.
    """
    read, raw = {}, {}
    for column in table.columns:
        values = table[column]
        ours = replaced(values, words[column]) if column in words else values
        ours = coded(ours, dataset, column)
        if ours is values:
            continue
        read[column] = ours
        differs = values.notna() & ours.ne(values)
        if differs.any():
            raw[column + RAW] = values.where(differs, None).astype(object)
    return table.assign(**read, **raw)


def replaced(values: pd.Series, words: dict[str, str]) -> pd.Series:
    """Return each text, ours where the study says so; ``words``: normal form of theirs, ours."""
    return by_word(values, lambda text: words.get(normal(text), text))


def coded(values: pd.Series, dataset: Dataset, column: str) -> pd.Series:
    """Return the codes of a coded column, the column itself where it is none."""
    known = dataset.by_name.get(column)
    if known is not None and known.vocabulary is not None:
        return known.vocabulary.read_or_keep(values)
    if column in CAPITALS.get(dataset.name.lower(), ()):
        return in_capitals(values)
    return values


def unmatched_words(table: pd.DataFrame, name: str, study: Study) -> pd.DataFrame:
    """Return a finding for each word of the study file's words that no record holds."""
    return findings.collect(
        findings.about_file(
            "F-WORD-002",
            name,
            f"words says that {name.upper()}.{column} '{theirs}' is {ours}, and no record holds it",
        )
        for column, ours, theirs in meanings_of(study.words, name)
        if not is_one_of(table.get(column, pd.Series(dtype=object)), [theirs]).any()
    )


def spoken(study: Study, criteria: Criteria, name: str) -> dict[str, list[str]]:
    """Return, by column of a table, the words that the study and its criteria use in it."""
    found: dict[str, list[str]] = {}
    for column, _, theirs in meanings_of(study.words, name):
        found.setdefault(column, []).append(theirs)
    for role in all_records(study.records).values():
        for one in role.records if role is not None else ():
            if one.domain == name.upper():
                for column, words in (*one.where.items(), *one.unless.items()):
                    found.setdefault(column, []).extend(words)
    for column in RESULT.get(name, ()):
        found.setdefault(column, []).extend((*criteria.alias_map, *criteria.ignored))
    for column in ("ARMCD", "ACTARMCD"):
        found.setdefault(column, []).extend(study.arms)
    return found


def delivered(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as it was delivered."""
    if column + RAW not in table:
        return table[column]
    return table[column + RAW].where(table[column + RAW].notna(), table[column])
