"""Numbers as people write them: decimal commas, digits of other scripts, and words for missing."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cartend.contract.datasets.dataset import Dataset
from cartend.contract.datasets.missing import CODED, MISSING_CODE, MISSING_VALUE
from cartend.contract.text import normal
from cartend.intake import findings

COMMA = re.compile(r"[+-]?\d+,\d+")
SURE = re.compile(r"[+-]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,}))")
"""A comma that is no mark of thousands: behind it stand other than three digits, before it 0."""


def numbers_in(text: pd.Series) -> pd.Series:
    """Return the numbers of a column of text, NaN where one cannot be read.

    A comma is the decimal mark of a column where one of its values says so for certain.
    """
    value = pd.to_numeric(text, errors="coerce").astype("float64")
    odd = text.notna() & value.isna()
    if odd.any():
        plain = text[odd].map({word: _plain(word) for word in text[odd].unique()})
        if plain.map(lambda word: SURE.fullmatch(word) is not None).any():
            decimal = plain.map(lambda word: COMMA.fullmatch(word) is not None)
            plain = plain.where(~decimal, plain.str.replace(",", "."))
        value = value.mask(odd, pd.to_numeric(plain, errors="coerce").reindex(text.index))
    return value.where(np.isfinite(value)).astype("float64")


def _plain(text: object) -> str:
    """Return a text with the digits of ASCII and a plain minus."""
    read = unicodedata.normalize("NFKC", str(text)).replace("\u2212", "-").strip()
    digits = ((character, unicodedata.digit(character, None)) for character in read)
    return "".join(character if digit is None else str(digit) for character, digit in digits)


def read_otherwise(given: pd.Series, value: pd.Series, domain: str) -> pd.DataFrame:
    """Return a note of the numbers of a column that are written with another mark or digits."""
    other = given.notna() & value.notna() & pd.to_numeric(given, errors="coerce").isna()
    if not other.any():
        return findings.no_findings()
    first = given[other].iloc[0]
    message = (
        f"{given.name}: {int(other.sum())} numbers read as '{first}' is: {value[other].iloc[0]:g}"
    )
    return findings.about_file("F-NUM-002", domain, message)


def without_missing(
    table: pd.DataFrame, dataset: Dataset, spoken: Mapping[str, Iterable[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a table in which what means missing is missing, and a note a column.

    1. In numbers and dates: NA, NaN, a point and the like. 2. In coded columns: NA. 3. In ids and
    free text nothing: there it may be a word, as Namibia's.

    ``spoken`` holds, by column, the words that the study or its criteria use: those stay.
    """
    changed, told = {}, []
    for column in table.columns:
        lacking = _lacking(dataset, str(column))
        words = lacking - {normal(word) for word in spoken.get(str(column), ())}
        if not words:
            continue
        seen = [one for one in table[column].dropna().unique() if normal(one) in words]
        if seen:
            here = table[column].isin(seen)
            changed[column] = table[column].where(~here, None)
            said = ", ".join(f"'{one}'" for one in sorted(map(str, seen)))
            message = f"{column}: {int(here.sum())} cells hold {said}, which is read as missing"
            told.append(findings.about_file("F-NA-001", dataset.name, message))
    return table.assign(**changed), findings.collect(told)


def _lacking(dataset: Dataset, column: str) -> set[str]:
    """Return the normal form of what means missing in a column; nothing in ids and free text."""
    known = dataset.by_name.get(column)
    kind = known.kind if known is not None else "dtc" if column.endswith("DTC") else "text"
    if kind != "text":
        return {normal(word) for word in MISSING_VALUE}
    vocabulary = known.vocabulary if known is not None else None
    if vocabulary is None and column not in CODED:
        return set()
    return {
        normal(word) for word in MISSING_CODE if vocabulary is None or vocabulary.code(word) is None
    }
