"""The periods of safety follow-up of each subject: when each begins, and when follow-up ends."""

import numpy as np
import pandas as pd

from cartend.config.safety import Safety
from cartend.contract.datasets.subject import MILESTONE_DATE
from cartend.subject.domains import DATE

BEFORE = "BEFORE"
CROSSOVER = "AFTER CROSSOVER"
UNDATED = "UNDATED"
NEVER = np.datetime64("9999-12-31", "D")


def reference_date(adsl: pd.DataFrame) -> pd.Series:
    """Return day 0 of a subject's safety: the infusion, in a control arm its first dose."""
    return adsl["TRTSDT"].fillna(adsl["SOCSDT"]).astype(DATE)


def followed_until(adsl: pd.DataFrame) -> pd.Series:
    """Return the last day of safety follow-up: death, else last known alive, never past the cut."""
    dead = adsl["DTHDT"].where(~(adsl["DTHDT"] > adsl["CUTDT"]))
    last = dead.fillna(adsl[["LSTALVDT", "CUTDT"]].min(axis=1))
    return last.astype(DATE)


def period_starts(adsl: pd.DataFrame, safety: Safety) -> pd.DataFrame:
    """Return, per row of ADSL, the first day of each period; missing where it does not exist.

    1. A period begins ``day`` days after its milestone; after infusion that of ``reference_date``.
    2. Where two periods begin on one day the later one takes it: the earlier one does not exist.
    3. A column ``AFTER CROSSOVER`` stands last: the crossover infusion of a control arm.
    """
    reference = reference_date(adsl)
    starts = {}
    for period in safety.periods:
        column = MILESTONE_DATE[period.starts]
        begin = reference if column == "TRTSDT" else adsl[column].astype(DATE)
        starts[period.id] = begin + np.timedelta64(period.day, "D")
    frame = pd.DataFrame({**starts, CROSSOVER: adsl["XODT"].astype(DATE)}, index=adsl.index)
    days = frame.to_numpy("datetime64[D]")
    known = np.where(np.isnat(days), NEVER, days)
    later = np.minimum.accumulate(known[:, ::-1], axis=1)[:, ::-1][:, 1:]
    taken = np.zeros(frame.shape, dtype=bool)
    taken[:, :-1] = known[:, :-1] >= later
    return frame.mask(taken).astype(DATE)


def in_period(adsl: pd.DataFrame, safety: Safety) -> pd.DataFrame:
    """Return, per row of ADSL and period, whether the subject was followed into it."""
    until = followed_until(adsl)
    starts = period_starts(adsl, safety)
    return starts.apply(lambda begin: begin.notna() & (begin <= until))


def period_of(day: pd.Series, starts: pd.DataFrame) -> pd.Series:
    """Return the period in which each day lies: the last one that has begun.

    ``starts`` has the index of ``day``. BEFORE the first period, UNDATED without a day.
    """
    out = pd.Series(BEFORE, index=day.index, dtype=object)
    for name in starts:
        out = out.where(~(starts[name] <= day), name)
    return out.where(day.notna(), UNDATED)
