"""Dates that are no ISO 8601 text and can mean one thing alone, in ISO 8601.

What can mean two days (03/04/2023) is no date here: it is never guessed.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cartend.contract.terms.dates import MONTH, UNKNOWN_PART

SHORT, ZONED, SCRIPT, PARTS, SAS = (
    "separators or zeros of its own",
    "a time with a zone, whose local day counts",
    "digits of another script",
    "a part given as unknown",
    "a SAS date format",
)
DAYS_OF_SAS = "a number of days since 1960-01-01"
SECONDS_OF_SAS = "a number of seconds since 1960-01-01"
CERTAIN_ORDER = "a day that can be no month"
EPOCH = np.datetime64("1960-01-01")
YEARS_READ = ("1970-01-01", "2060-01-01")
"""A number is a date of SAS where it lies between these days."""
TIME = r"(?:[T :,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AP]M)?(?:Z| ?[+-]\d{2}:?\d{2})?)?"
PART = r"(\d{1,2}|[A-Z?_X*]{1,7}|-{1,2})"
YEAR = r"(\d{4})"
SEP = r"[-/. ]"


class Near(NamedTuple):
    """A date in ISO 8601, and in what other way it was written."""

    iso: str
    how: str


def near_iso(text: str) -> Near | None:
    """Return what a text that is no ISO 8601 date means, None where that is not certain."""
    plain = _plain(text)
    if plain != text and re.fullmatch(r"\d{4}(-\d{2}(-\d{2}(T\S+)?)?)?", plain):
        return Near(plain, SCRIPT)
    for read in READERS:
        found = read(plain)
        if found is not None:
            return found
    return None


def _plain(text: str) -> str:
    """Return a text in capitals, its digits those of ASCII and its dashes hyphens."""
    wide = unicodedata.normalize("NFKC", text).strip()
    read = "".join(_ascii(c) for c in wide)
    read = re.sub(r"(?<=\d)\s*[年년]\s*", "-", read)
    read = re.sub(r"(?<=\d)\s*[月월]\s*", "-", read)
    return re.sub(r"(?<=\d)\s*[日일]", "", read).rstrip("-" if "年" in wide or "년" in wide else "")


def _ascii(character: str) -> str:
    if unicodedata.category(character) in ("Pd", "Sm") and character not in "+<>=~|":
        return "-"
    digit = unicodedata.digit(character, None)
    return character.upper() if digit is None else str(digit)


def _year_first(text: str) -> Near | None:
    """Read 2023/05/14, 2023-5-4, 2023-05-UN, 2023-UN-UN."""
    found = re.fullmatch(rf"{YEAR}{SEP}{PART}(?:{SEP}{PART})?{TIME}", text)
    return None if found is None else _joined(*found.groups())


def _joined(year: str, month: str, day: str | None) -> Near | None:
    """Return year, month and day, each of the latter a number or a word for unknown."""
    how = SHORT
    if not month.isdigit() and (named := MONTH.code(month)) is not None:
        month, how = named, SAS
    if _unknown(month):
        return Near(year, PARTS) if day is None or _unknown(day) or day.isdigit() else None
    if not month.isdigit() or not 1 <= int(month) <= 12:
        return None
    if day is None:
        return Near(f"{year}-{int(month):02}", how)
    if _unknown(day):
        return Near(f"{year}-{int(month):02}", PARTS)
    return Near(f"{year}-{int(month):02}-{int(day):02}", how) if day.isdigit() else None


def _unknown(part: str) -> bool:
    return UNKNOWN_PART.code(part) is not None or not part.strip("-?_X*0")


def _compact(text: str) -> Near | None:
    """Read 20230514, 202305, 20230514T1030 and 14 digits of day and time."""
    found = re.fullmatch(
        r"((?:19|20)\d{2})(\d{2})(\d{2})?(?:T?\d{4}(?:\d{2})?(?:Z|[+-]\d{4})?)?", text
    )
    if found is None or (found[3] is None and len(text) != 6):
        return None
    return Near("-".join(part for part in found.groups() if part), SAS)


def _named_month(text: str) -> Near | None:
    """Read 14MAY2023, 14-MAY-2023:10:30:00, UN MAY 2023, MAY2023, UNUNK2023, MAY 14, 2023."""
    day = r"(\d{1,2}|UN|UK|NK|UNK|XX|\?\?|--)"
    month = r"([^\W\d_]+\.?)"
    found = re.fullmatch(rf"(?:{day}[-/. ]*)?{month}[-/., ]*{YEAR}{TIME}", text)
    if found is not None:
        return _by_name(found[3], found[2], found[1])
    found = re.fullmatch(rf"{month} *(\d{{1,2}})[., ]+{YEAR}{TIME}", text)
    return None if found is None else _by_name(found[3], found[1], found[2])


def _by_name(year: str, month: str, day: str | None) -> Near | None:
    named = MONTH.code(month.rstrip("."))
    if named is None:
        return Near(year, PARTS) if _unknown(month) and (day is None or _unknown(day)) else None
    return _joined(year, named, day)._replace(how=PARTS if day and _unknown(day) else SAS)


def _day_first(text: str) -> Near | None:
    """Read 14/05/2023, of which one number alone can be the month; 03/04/2023 is none."""
    found = re.fullmatch(rf"(\d{{1,2}}){SEP}(\d{{1,2}}){SEP}{YEAR}{TIME}", text)
    if found is None:
        return None
    one, other = int(found[1]), int(found[2])
    if one == other <= 12 or (one > 12 >= other):
        return Near(f"{found[3]}-{other:02}-{one:02}", CERTAIN_ORDER)
    return Near(f"{found[3]}-{one:02}-{other:02}", CERTAIN_ORDER) if other > 12 >= one else None


def _number(text: str) -> Near | None:
    """Read a SAS date or datetime that came without its format."""
    if not re.fullmatch(r"\d{4,5}(\.0*)?|\d{9,10}(\.\d*)?", text):
        return None
    number = float(text)
    seconds = number >= 10**8
    day = EPOCH + np.timedelta64(int(number // 86400) if seconds else int(number), "D")
    if not np.datetime64(YEARS_READ[0]) <= day < np.datetime64(YEARS_READ[1]):
        return None
    return Near(str(day), SECONDS_OF_SAS if seconds else DAYS_OF_SAS)


READERS: tuple[Callable[[str], Near | None], ...] = (
    _compact,
    _year_first,
    _named_month,
    _day_first,
    _number,
)
"""What reads a text, the first that can."""
