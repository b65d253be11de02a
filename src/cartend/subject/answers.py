"""How the units of a fact (records, lines, transplantations) become a subject's answer, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartend.config.eligibility import Condition
from cartend.contract.text import is_one_of

MET, UNKNOWN, NOT_MET = 1, 0, -1
NO_THERAPY = "no record of prior therapy"
NO_NUMBER = "a record of prior therapy has no line number"


@dataclass(frozen=True)
class Evidence:
    """What conditions ask: ADSL by USUBJID, prior therapy (``lines``), earlier transplantations.

    ``grafts`` holds USUBJID RECORD WHAT LO HI sure of every transplantation that may have come
    before the subject entered, ``procedures`` whether the study brings any procedures.
    """

    adsl: pd.DataFrame
    prior: pd.DataFrame
    grafts: pd.DataFrame
    procedures: bool


@dataclass(frozen=True)
class Answer:
    """Per subject, ``value`` (1 met, 0 cannot be judged, -1 not met) and ``why`` in words."""

    value: pd.Series
    why: pd.Series


def of_units(evidence: Evidence, units: pd.DataFrame, none: str, prior: bool = True) -> Answer:
    """Return the best unit's value and why; ``none`` where a subject has no unit.

    ``units`` holds USUBJID value why, the first of equals counting. Where ``prior`` and the
    subject has no record of prior therapy at all, nothing can be judged.
    """
    subjects = evidence.adsl.index
    best = units.sort_values(["USUBJID", "value"], ascending=[True, False], kind="stable")
    best = best.drop_duplicates("USUBJID").set_index("USUBJID").reindex(subjects)
    value = best["value"].fillna(NOT_MET).astype("int8")
    why = best["why"].astype(object).where(best["why"].notna(), none)
    if prior:
        absent = ~subjects.isin(evidence.prior["USUBJID"])
        value, why = value.mask(absent, UNKNOWN), why.mask(absent, NO_THERAPY)
    return Answer(value, why)


def numbered(evidence: Evidence, asked: Condition, found: Answer) -> Answer:
    """Return the answer, not to be judged where a line is asked for that is not numbered."""
    if asked.line == "any":
        return found
    rows = evidence.prior
    lost = evidence.adsl.index.isin(rows.loc[rows["LINE"].isna(), "USUBJID"])
    return Answer(found.value.mask(lost, UNKNOWN), found.why.mask(lost, NO_NUMBER))


def matching(records: pd.DataFrame, asked: Condition) -> pd.DataFrame:
    """Return the records of the agents or classes asked for, with ``sure`` False for a blank class.

    Without agents and classes every record matches.
    """
    if not asked.agents and not asked.classes:
        return records.assign(sure=True)
    named = is_one_of(records["WHAT"], asked.agents)
    sure = named | records["CLASS"].isin(asked.classes)
    blank = records["CLASS"].isna() & bool(asked.classes) & ~named
    return records[sure | blank].assign(sure=sure)


def wanted(asked: Condition) -> str:
    """Return the agents and classes asked for, in words."""
    return " or ".join((*asked.agents, *asked.classes)) or "therapy"


def units_of(records: pd.DataFrame, value: np.ndarray, why: pd.Series) -> pd.DataFrame:
    """Return units; a record whose class is blank cannot be judged where it would hold."""
    unsure = ~records["sure"].to_numpy(dtype=bool) if "sure" in records else False
    value = np.where(unsure & (value > UNKNOWN), UNKNOWN, value)
    why = why.mask(unsure, records["RECORD"] + ": class not stated")
    return pd.DataFrame({"USUBJID": records["USUBJID"], "value": value, "why": why})


def yes_or_no(flags: pd.Series, yes: object, no: object, unknown: object) -> np.ndarray:
    """Return one of three values for each flag: Y, N or not stated."""
    return np.where(flags.eq("Y"), yes, np.where(flags.eq("N"), no, unknown)).astype(object)


def span(low: pd.Series, high: pd.Series) -> pd.Series:
    """Return a date as text: the day, or the first and the last day that it may be."""
    first, last = (day.dt.strftime("%Y-%m-%d") for day in (low, high))
    text = first.where(first.eq(last), first + " to " + last)
    return text.astype(object).where(low.notna() & high.notna(), "not dated")
