"""Ages, times and shares of cells in other units than ours, turned into ours (D39, D42, D52).

A unit that is given and not known is a stop where the value is read; without a unit the value is
in the contract's: years, days, a fraction.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from cartend.contract.records import has_role
from cartend.contract.terms.admission import UNIT_STOP
from cartend.contract.terms.assessment import MRD_RESULT
from cartend.contract.terms.general import TIME_UNIT
from cartend.contract.terms.units import (
    DAYS_A_WEEK,
    HOURS_A_DAY,
    MONTHS_A_YEAR,
    SHARE,
    YEARS_OF_AGE,
)
from cartend.contract.text import by_word, counted
from cartend.intake import findings
from cartend.intake.numbers import numbers_in
from cartend.intake.stops import Stop
from cartend.intake.words import RAW

Read = tuple[pd.DataFrame, list[pd.DataFrame], list[Stop]]
"""A table in our units, what is to be said of it, and the units that are not known."""
IN_BRACKETS = re.compile(r"[\(\[]\s*(?:in\s+)?([^\(\)\[\]]+?)\s*[\)\]]")
AT_THE_END = re.compile(r"(?:\bin|[,;:/-])\s+([^\W\d_]+)\s*$", re.IGNORECASE)


def ages_in_years(table: pd.DataFrame, name: str) -> Read:
    """Return DM or ADSL with AGE in years by AGEU; the column as delivered is AGE_RAW."""
    given = table["AGE"].notna()
    unit = TIME_UNIT.read(table["AGEU"])
    unknown = given & table["AGEU"].notna() & unit.isna()
    factor = unit.map(YEARS_OF_AGE).astype("float64").fillna(1.0)
    changed = given & factor.ne(1.0)
    told = []
    for word, rows in table[changed].groupby(table["AGEU"], sort=True):
        message = f"AGE of {len(rows)} subjects is in {word}; it is turned into years"
        told.append(findings.about_file("F-UNIT-002", name, message))
    blank = given & table["AGEU"].isna()
    if blank.any():
        message = f"AGE of {int(blank.sum())} subjects has no AGEU; it is read in years"
        told.append(findings.about_file("F-UNIT-001", name, message))
    stops = _unknown_units(table[unknown], name, "AGEU", "AGE", list(YEARS_OF_AGE))
    if not changed.any():
        return table, told, stops
    raw = table["AGE"].where(changed).map("{:g}".format, na_action="ignore").astype(object)
    ages = table["AGE"] * factor
    return table.assign(AGE=ages, **{"AGE" + RAW: raw.where(changed, None)}), told, stops


def _unknown_units(
    rows: pd.DataFrame, name: str, column: str, of: str, allowed: list[str], also: str = ""
) -> list[Stop]:
    """Return a stop for each unit that is not known."""
    return [
        Stop(
            UNIT_STOP,
            f"{name.upper()}.{column} {word}",
            len(same),
            f"{name.upper()}.{column} '{word}' is no unit of {of} that is known, and "
            f"{counted(len(same), 'record')} of it would be read",
            f"write {', '.join(allowed)}, or say under words what it is{also}",
        )
        for word, same in rows.groupby(column, sort=True)
    ]


def times_in_days(adtte: pd.DataFrame, month: float, read: pd.Series) -> Read:
    """Return a brought ADTTE with AVAL in days by AVALU, else by a unit in PARAM.

    1. Months, years (12 months) and weeks become the nearest day, one at least; days stay.
    2. A record with both its dates needs no unit: they make its time.
    3. Without a unit, a time is in days.

    ``month`` is the length of a month in days; ``read`` says of which records the time is read.
    """
    said = adtte["AVALU"]
    told_by = by_word(adtte["PARAM"], unit_in_text)
    code = TIME_UNIT.read(said)
    timed = adtte["AVAL"].notna()
    dated = adtte["ADT"].notna() & adtte["STARTDT"].notna()
    both = timed & code.notna() & told_by.notna() & code.ne(told_by)
    unknown = timed & said.notna() & code.isna()
    unit = code.where(said.notna(), told_by)
    days = {
        "HOURS": 1 / HOURS_A_DAY,
        "WEEKS": DAYS_A_WEEK,
        "MONTHS": month,
        "YEARS": MONTHS_A_YEAR * month,
    }
    factor = unit.map(days).astype("float64")
    changed = timed & factor.notna()
    nearest = np.floor(adtte["AVAL"] * factor + 0.5)
    nearest = nearest.mask((nearest < 1) & (adtte["AVAL"] > 0), 1.0)
    raw = adtte["AVAL"].map("{:.10g}".format, na_action="ignore").astype(object)
    table = adtte.assign(
        AVAL=nearest.where(changed, adtte["AVAL"]),
        AVALU=unit.where(unit.isna(), "DAYS").where(~unknown, said),
    )
    if changed.any():
        table = table.assign(
            **{"AVAL" + RAW: raw.where(changed, None), "AVALU" + RAW: said.where(changed, None)}
        )
    told = [*_turned(adtte[changed], unit[changed], month), *_without(adtte[timed & unit.isna()])]
    stops = _unknown_times(adtte[unknown & ~dated & read])
    return table, told, [*stops, *_two_units(adtte[both & ~dated & read], told_by)]


def unit_in_text(text: str) -> str | None:
    """Return the unit that the text of a parameter names: ``Overall Survival (months)``."""
    for pattern in (IN_BRACKETS, AT_THE_END):
        for word in reversed(pattern.findall(text)):
            code = TIME_UNIT.code(word)
            if code is not None and len(word) > 1:
                return code
    return None


def _turned(rows: pd.DataFrame, unit: pd.Series, month: float) -> list[pd.DataFrame]:
    found = []
    for (code, name), same in rows.groupby([rows["PARAMCD"], unit], sort=True):
        message = (
            f"{code}: {len(same)} times in {str(name).lower()} became the nearest day, a month "
            f"being {month:g} days"
        )
        found.append(findings.about_file("F-UNIT-002", "adtte", message))
    return found


def _without(rows: pd.DataFrame) -> list[pd.DataFrame]:
    message = "{}: {} times have no unit; they are read in days"
    return [
        findings.about_file("F-UNIT-001", "adtte", message.format(code, len(same)))
        for code, same in rows[rows["ADT"].isna() | rows["STARTDT"].isna()].groupby("PARAMCD")
    ]


def _unknown_times(rows: pd.DataFrame) -> list[Stop]:
    found = []
    for code, same in rows.groupby("PARAMCD", sort=True):
        for stop in _unknown_units(same, "adtte", "AVALU", "time", list(TIME_UNIT)):
            what = f"{stop.what} of {code}"
            found.append(stop._replace(what=what, sentence=f"PARAMCD {code}: {stop.sentence}"))
    return found


def _two_units(rows: pd.DataFrame, told: pd.Series) -> list[Stop]:
    found = []
    for (code, unit), same in rows.groupby(["PARAMCD", "AVALU"], sort=True):
        other = str(told[same.index[0]]).lower()
        sentence = f"PARAMCD {code}: AVALU says {unit} and PARAM {other} ({len(same)} records)"
        what = f"ADTTE.AVALU {unit} of {code}"
        found.append(Stop(UNIT_STOP, what, len(same), sentence, "say the unit in one way"))
    return found


def shares(lb: pd.DataFrame) -> Read:
    """Return LB with MRD results and limits of detection as fractions (decision D52).

    1. The unit of LBSTRESN is LBSTRESU, else LBORRESU where the two results are one number; a
    result that stands in LBSTRESC or LBORRES alone is taken from there.
    2. LBLLOD has the unit of the result where it has one.
    """
    mine = has_role(lb, "mrd_sample")
    if not mine.any():
        return lb, [], []
    rows = lb[mine]
    value, unit = _result_and_unit(rows)
    factor = by_word(unit, share_of).astype("float64")
    unknown = unit.notna() & factor.isna() & (value.notna() | rows["LBLLOD"].notna())
    factor = factor.fillna(1.0)
    result, limit = value * factor, rows["LBLLOD"] * factor
    told = [_limits_too_low(rows[limit < LEAST_LIMIT]), *_scaled(rows, unit, factor)]
    told += [_apart(rows, result), *_no_unit(rows, unit, value)]
    also = ", or records: {mrd_sample: null} where no MRD is analysed"
    named = rows.assign(LBSTRESU=unit)[unknown]
    stops = _unknown_units(named, "lb", "LBSTRESU", "MRD", KNOWN_SHARES, also)
    table = lb.copy()
    table.loc[mine, "LBSTRESN"] = result
    table.loc[mine, "LBLLOD"] = limit
    return table, told, stops


LEAST_LIMIT = 1e-7
"""A limit of detection below it is none that an assay has: its unit is another."""
KNOWN_SHARES = ["%", "10^-n", "per 10^n", "FRACTION"]
NOISE = 1e-9
"""What two equal numbers may differ by for being computed, as a part of them."""


def _result_and_unit(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    standard = rows["LBSTRESN"].fillna(numbers_in(rows["LBSTRESC"]))
    recorded = numbers_in(rows["LBORRES"])
    same = standard.isna() | recorded.isna() | np.isclose(standard, recorded, rtol=1e-9, atol=0)
    unit = rows["LBSTRESU"].where(rows["LBSTRESU"].notna() | ~same, rows["LBORRESU"])
    alone = standard.isna() & recorded.notna()
    unit = unit.mask(alone & rows["LBORRESU"].notna(), rows["LBORRESU"])
    return standard.fillna(recorded), unit.where(unit.notna(), None)


def half_a_digit(numbers: pd.Series) -> pd.Series:
    """Return half a unit of the last digit of each number as written: what rounding hides."""
    codes, words = pd.factorize(numbers)
    half = [_half(str(word)) for word in words]
    return pd.Series(np.array([*half, 0.0])[codes], index=numbers.index)


def _half(text: str) -> float:
    try:
        exponent = Decimal(text).as_tuple().exponent
    except InvalidOperation:
        return 0.0
    return 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0


def share_of(unit: str) -> float | None:
    """Return the factor from a unit of MRD to a fraction: ``%``, ``10^-5``, ``per 10^4``."""
    code = SHARE.code(unit)
    if code is not None:
        return float(code)
    text = unicodedata.normalize("NFKC", unit).replace("\u2212", "-").casefold()
    text = re.sub(r"\b(?:nucleated|mononuclear|cells?|leu[ck]ocytes|wbcs?|mncs?)\b", "", text)
    text = re.sub(r"[\s,_']+", "", text)
    if least := re.fullmatch(r"[x×]?(?:10(?:\^|\*\*|e)?|1e)\(?(-\d{1,2})\)?", text):
        return 10.0 ** int(least[1])
    found = re.fullmatch(
        r"1?(?:/|per|in|of|pro)(?:[x×]?(?:10(?:\^|\*\*|e)|1e)(\d{1,2})|(10+))", text
    )
    if found is None:
        return None
    return 10.0 ** -int(found[1]) if found[1] else 1.0 / int(found[2])


def _limits_too_low(rows: pd.DataFrame) -> pd.DataFrame:
    told = f"LBLLOD {{LBLLOD}} is below {LEAST_LIMIT:g} as a fraction; is its unit another?"
    return findings.reading("F-MRD-007", "lb", rows, told)


def _scaled(rows: pd.DataFrame, unit: pd.Series, factor: pd.Series) -> list[pd.DataFrame]:
    changed = factor.ne(1.0)
    message = "MRD of {} records is in {}; it is turned into a fraction, and LBLLOD with it"
    return [
        findings.about_file("F-UNIT-002", "lb", message.format(len(same), word))
        for word, same in rows[changed].groupby(unit[changed], sort=True)
    ]


def _no_unit(rows: pd.DataFrame, unit: pd.Series, value: pd.Series) -> list[pd.DataFrame]:
    blank = int((unit.isna() & (value.notna() | rows["LBLLOD"].notna())).sum())
    message = f"MRD of {blank} records has no unit; it is read as a fraction"
    return [findings.about_file("F-UNIT-001", "lb", message)] if blank else []


def _apart(rows: pd.DataFrame, result: pd.Series) -> pd.DataFrame:
    """Return findings of results whose standardised form is another number, units considered."""
    recorded = numbers_in(rows["LBORRES"])
    unit = rows["LBORRESU"].where(rows["LBORRESU"].notna(), rows["LBSTRESU"])
    other = recorded * by_word(unit.where(unit.notna(), None), share_of).astype("float64").fillna(1)
    scale = (other / recorded).fillna(1.0), (result / rows["LBSTRESN"]).fillna(1.0)
    allowed = half_a_digit(rows["LBORRES"]) * scale[0] + half_a_digit(rows["LBSTRESN"]) * scale[1]
    allowed = allowed * (1 + NOISE) + NOISE * np.maximum(other.abs(), result.abs())
    wrong = other.notna() & result.notna() & ((other - result).abs() > allowed)
    words = [MRD_RESULT.read(rows[column]) for column in ("LBORRES", "LBSTRESC")]
    wrong |= words[0].notna() & words[1].notna() & words[0].ne(words[1])
    told = "LBORRES {LBORRES} {LBORRESU} and LBSTRESN {LBSTRESC} {LBSTRESU} are two results; "
    return findings.reading("F-MRD-008", "lb", rows[wrong], told + "the latter counts")


UNITS: dict[str, Callable[[pd.DataFrame, str], Read]] = {
    "dm": ages_in_years,
    "adsl": ages_in_years,
    "lb": lambda table, _: shares(table),
}
"""What brings a table into our units, by its name."""


def in_our_units(table: pd.DataFrame, name: str) -> Read:
    """Return a table in our units, what is to be said of it, and stops of units not known."""
    return UNITS[name](table, name) if name in UNITS else (table, [], [])
