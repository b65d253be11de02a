"""The assessment schedule, from the visits of the data and the days on which they were."""

import re

import pandas as pd

from cartend.contract.text import normal

MONTH = 30.4375
LEAST = 3
"""A visit of fewer records than this is no scheduled one."""


def visits_of(records: pd.DataFrame, anchors: pd.Series) -> list[dict]:
    """Return the visits after the anchor: label, day, before, after; in the order of their days.

    ``records`` has USUBJID, VISIT and DAY (dates); ``anchors`` the anchor date by USUBJID.

    1. The day of a visit is what its name says (week 4: 28, month 3: 91), else the median day.
    2. A window reaches to the middle between two visits, 14 days at most, 7 before day 100.
    """
    days = (records["DAY"] - records["USUBJID"].map(anchors)).dt.days
    rows = records.assign(DAYS=days)[days.gt(0) & records["VISIT"].notna()]
    found = {}
    for label, same in rows.groupby("VISIT", sort=True):
        if len(same) >= LEAST and "unscheduled" not in normal(label):
            nominal = day_of_name(str(label))
            found[str(label)] = nominal if nominal is not None else round(same["DAYS"].median())
    ordered = sorted(found.items(), key=lambda item: item[1])
    once = [
        one for place, one in enumerate(ordered) if place == 0 or one[1] > ordered[place - 1][1]
    ]
    return [_visit(once, place) for place in range(len(once))]


def day_of_name(label: str) -> int | None:
    """Return the day that a visit's name says, None where it says none."""
    text = normal(label).replace("_", " ")
    for unit, length in (
        ("day|d", 1.0),
        ("week|wk|w", 7.0),
        ("month|mo|m", MONTH),
        ("year|y", 365.25),
    ):
        match = re.search(rf"\b(?:{unit})\s*(\d+(?:\.\d+)?)\b", text)
        if match:
            return round(float(match[1]) * length)
    return None


def _visit(ordered: list[tuple[str, int]], place: int) -> dict:
    label, day = ordered[place]
    widest = 7 if day < 100 else 14
    before = after = widest
    if place > 0:
        before = min(before, (day - ordered[place - 1][1] - 1) // 2)
    if place + 1 < len(ordered):
        after = min(after, (ordered[place + 1][1] - day - 1) // 2)
    return {"label": label, "day": day, "before": max(before, 0), "after": max(after, 0)}
