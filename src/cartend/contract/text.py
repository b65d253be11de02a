"""The one place where text is made comparable (decision D37).

A text has two forms. *As delivered* is what is printed, sorted and what a subject is known by.
*Normal* is what vocabularies and roles are compared with: two texts that a reader would call the
same word have the same normal form.
"""

import unicodedata
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

MINUS = "\u2212"
"""The mathematical minus, which people type for a hyphen; Unicode calls it no dash."""


def normal(text: Any) -> str:
    """Return the form of a text that is compared; '' for a missing one.

    1. Compatibility form of Unicode (NFKC): full width is narrow, a composed letter is one letter.
    2. Every dash, hyphen and minus is a blank, so that CAR-T is CAR T.
    3. Runs of blanks are one blank, outer ones go.
    4. Case does not count.
    """
    if not isinstance(text, str):
        if pd.isna(text):
            return ""
        text = str(text)
    if text.isascii():
        flat = text.replace("-", " ")
    else:
        flat = "".join(" " if _is_dash(c) else c for c in unicodedata.normalize("NFKC", text))
    return " ".join(flat.split()).casefold()


def _is_dash(character: str) -> bool:
    return character == MINUS or unicodedata.category(character) == "Pd"


def capitals(text: object) -> str:
    """Return a text in capitals with single blanks, as unknown words are printed."""
    return " ".join(str(text).split()).upper()


def by_word(values: pd.Series, change: Callable[[str], object]) -> pd.Series:
    """Return text values changed word by word: each different word is changed once.

    Missing values stay missing (None). Any kind of text column; the result has dtype object.
    """
    codes, found = pd.factorize(values)
    changed = np.empty(len(found) + 1, dtype=object)
    changed[:-1] = [change(word) for word in found]
    return pd.Series(changed[codes], index=values.index, dtype=object)


def normalised(values: pd.Series) -> pd.Series:
    """Return the normal form of each text, None where it is missing or blank."""
    return by_word(values, lambda word: normal(word) or None)


def in_capitals(values: pd.Series) -> pd.Series:
    """Return each text in capitals with single blanks, None where it is missing or blank."""
    return by_word(values, lambda word: capitals(word) or None)


def is_one_of(values: pd.Series, words: Iterable[str]) -> pd.Series:
    """Return whether each text is one of some words, in any spelling of them."""
    wanted = {normal(word) for word in words}
    return by_word(values, lambda word: normal(word) in wanted).eq(True)


def holds_any(values: pd.Series, parts: Iterable[str]) -> pd.Series:
    """Return whether each text holds one of some parts, in any spelling of them."""
    wanted = [normal(part) for part in parts]
    return by_word(values, lambda word: any(part in normal(word) for part in wanted)).eq(True)


def same(one: object, other: object) -> bool:
    """Return whether two texts are the same word."""
    return normal(one) == normal(other)


def nearest(word: object, allowed: Iterable[str]) -> str | None:
    """Return the allowed word that most resembles this one, None where none does."""
    words = {normal(item): str(item) for item in allowed}
    found = get_close_matches(normal(word), list(words), n=1, cutoff=0.5)
    return words[found[0]] if found else None


def hint(word: object, allowed: Iterable[str]) -> str:
    """Return ``; nearest: X`` for the allowed word most like this one, nothing where none is."""
    found = nearest(word, allowed)
    return f"; nearest: {found}" if found else ""


def in_a_sentence(label: str) -> str:
    """Return a label as it stands within a sentence: small, unless it begins with an acronym."""
    first = label.split(" ")[0]
    plain = first[1:2].islower() and first[1:] == first[1:].lower()
    return label[:1].lower() + label[1:] if plain else label


def listed(words: Iterable[object]) -> str:
    """Return the words as ``A, B or C``."""
    items = [str(word) for word in words]
    return " or ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: ``1 record``, ``3 records``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def first_of(words: Iterable[object], shown: int = 5, by: str = ", ") -> str:
    """Return the first few words, and how many more there are."""
    items = [str(word) for word in words]
    more = f" and {len(items) - shown} more" if len(items) > shown else ""
    return by.join(items[:shown]) + more


def conjoined(words: Iterable[object]) -> str:
    """Return the words as ``A, B and C``."""
    items = [str(word) for word in words]
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
