"""Dates as the days they may mean: ISO 8601, complete or partial (D4), and what is near to it."""

import re

import numpy as np
import pandas as pd

from cartend.contract.datasets.sdtm import IMPUTED
from cartend.contract.records import has_role
from cartend.contract.terms.roles import COLUMN
from cartend.contract.text import counted
from cartend.intake import findings
from cartend.intake.near_dates import ZONED, near_iso

ZONE = re.compile(r"[ T].*[0-9](?:Z| ?[+-][0-9]{2}:?[0-9]{2})$")
TIME = (
    r"(?:[T ](?:[0-9]{2}|-)(?::(?:[0-9]{2}|-)){0,2}(?:[.,][0-9]+)?(?:Z| ?[+-][0-9]{2}:?[0-9]{2})?)?"
)
ISO = re.compile(rf"^([0-9]{{4}})(?:-([0-9]{{2}}|-)(?:-([0-9]{{2}}|-))?)?{TIME}$")
YEARS = (1900, 2100)
DAY_LONG = len("2025-03-14")
TWO_DAYS = re.compile(r"\s*\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}.*")


def parse_dtc(text: pd.Series) -> pd.DataFrame:
    """Return LO and HI, the earliest and latest possible day, and FLAG, for dates as text.

    1. Times are cut off; ``2025-03-14``: LO = HI, FLAG ''.
    2. ``2025-03``: first and last day of the month, FLAG 'D'.
    3. ``2025`` (or ``2025---14``): first and last day possible in the year, FLAG 'M'.
    4. What is no ISO 8601 and can mean one thing alone is read so (``near_dates``).
    5. Anything else, and days that the calendar lacks: NaT, NaT, None.
    """
    return read_dates(text)[["LO", "HI", "FLAG"]]


def read_dates(text: pd.Series) -> pd.DataFrame:
    """Return LO, HI and FLAG of dates, and HOW: what a date was that is no plain ISO 8601.

    Each different text is read once.
    """
    codes, words = pd.factorize(text)
    words = np.asarray(words, dtype=object)
    low, high, flag = _iso(words)
    how = np.full(len(words), None, dtype=object)
    for place in np.isnat(low).nonzero()[0]:
        near = near_iso(str(words[place]))
        if near is not None:
            one = _iso(np.array([near.iso], dtype=object))
            if not np.isnat(one[0][0]):
                low[place], high[place], flag[place] = (part[0] for part in one)
                how[place] = near.how
    for place, word in enumerate(words):
        if len(word) > DAY_LONG and how[place] is None and ZONE.search(word):
            how[place] = None if np.isnat(low[place]) else ZONED
    nothing = np.datetime64("NaT")
    found = {
        "LO": np.append(low, nothing)[codes].astype("M8[ms]"),
        "HI": np.append(high, nothing)[codes].astype("M8[ms]"),
        "FLAG": np.append(flag, None)[codes],
        "HOW": np.append(how, None)[codes],
    }
    return pd.DataFrame(found, index=text.index)


def _iso(words: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first and the last day, and the flag, of ISO 8601 dates as text."""
    found = [ISO.match(word) if isinstance(word, str) else None for word in words]
    year, month, day = (
        np.array([_number(one, place) for one in found], dtype="float64") for place in (1, 2, 3)
    )
    low = _day(year, np.where(np.isnan(month), 1, month), np.where(np.isnan(day), 1, day))
    last = np.where(np.isnan(month), 12, month)
    high = np.where(np.isnan(day), _month_end(year, last), _day(year, last, day))
    wrong = np.isnat(low) | np.isnat(high)
    low[wrong] = np.datetime64("NaT")
    high[wrong] = np.datetime64("NaT")
    flag = np.where(np.isnan(month), "M", np.where(np.isnan(day), "D", "")).astype(object)
    flag[wrong] = None
    return low, high, flag


def _number(found: re.Match[str] | None, place: int) -> float:
    """Return one part of a date, NaN where it is not there."""
    part = found[place] if found is not None else None
    return np.nan if part in (None, "-") else float(part)


def _month(year: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return months as datetime64[M], NaT where the year or month is out of range."""
    with np.errstate(invalid="ignore"):
        good = (year >= YEARS[0]) & (year <= YEARS[1]) & (month >= 1) & (month <= 12)
    count = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("int64")
    found = count.astype("M8[M]")
    found[~good] = np.datetime64("NaT")
    return found


def _day(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return days as datetime64[D], NaT where the month has no such day."""
    months = _month(year, month)
    offset = np.where(np.isnan(day), 0, day).astype("int64") - 1
    days = months.astype("M8[D]") + offset
    days[days.astype("M8[M]") != months] = np.datetime64("NaT")
    return days


def _month_end(year: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return the last day of each month."""
    return (_month(year, month) + 1).astype("M8[D]") - 1


def _matters(frame: pd.DataFrame, domain: str) -> pd.Series:
    """Return which records an endpoint may use: of therapies and procedures the later ones."""
    if domain.lower() not in ("cm", "pr") or COLUMN not in frame:
        return pd.Series(True, index=frame.index)
    return has_role(frame, "new_therapy") | has_role(frame, "transplantation")


def date_columns(frame: pd.DataFrame) -> list[str]:
    """Return the names of the date columns as SDTM names them."""
    return [name for name in frame.columns if name.endswith("DTC")]


def otherwise_read(given: pd.Series, how: pd.Series, domain: str) -> pd.DataFrame:
    """Return a note for each way, other than ISO 8601, in which dates of a column were written."""
    told = []
    for kind, rows in given[how.notna()].groupby(how[how.notna()], sort=True):
        message = (
            f"{given.name}: {counted(len(rows), 'value')} read from {kind}, the "
            f"first '{rows.iloc[0]}'"
        )
        told.append(findings.about_file("F-DATE-003", domain, message))
    return findings.collect(told)


def no_date(values: pd.Series, name: str) -> list[str]:
    """Return what is said of each value that is no date; of one with two meanings, both."""
    return [
        f"{name} '{word}' may be two days (day or month first); the record is kept without this "
        "date, write it as YYYY-MM-DD"
        if TWO_DAYS.fullmatch(word)
        else f"{name} '{word}' is no ISO 8601 date; the record is kept without this date"
        for word in values
    ]


def add_dates(frame: pd.DataFrame, domain: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add ``<X>DT_LO``, ``<X>DT_HI`` and ``<X>DTF`` for each ``<X>DTC``; return findings too."""
    added, found = {}, []
    for name in date_columns(frame):
        parsed = read_dates(frame[name])
        found.append(otherwise_read(frame[name], parsed["HOW"], domain))
        stem = name[:-1]
        added |= {
            f"{stem}_LO": parsed["LO"],
            f"{stem}_HI": parsed["HI"],
            f"{stem}F": parsed["FLAG"],
        }
        wrong = frame[frame[name].notna() & parsed["LO"].isna()]
        message = no_date(wrong[name], name)
        found.append(findings.reading("F-DATE-001", domain, wrong, message))
        if name in IMPUTED.get(domain.lower(), ()):
            vague = frame[parsed["FLAG"].eq("M") & _matters(frame, domain)]
            message = (
                f"{name} '{{{name}}}' has no month; the middle of the possible days is taken, and "
                "the scenario partial-dates takes the earliest and the latest"
            )
            found.append(findings.reading("F-DATE-002", domain, vague, message))
    others = [name for name in frame.columns if name not in added]
    dated = pd.concat([frame[others], pd.DataFrame(added, index=frame.index)], axis=1)
    return dated, findings.collect(found)
