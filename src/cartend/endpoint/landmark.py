"""Response at a landmark, three months or later after the origin (R25, D14).

1. The landmark is a calendar duration (``P3M``: the same day of the third month after, or that
   month's last day) or a number of days after the origin.
2. Strict: an adequate assessment in response inside [landmark - before, landmark + after].
3. Bracket: strict, or the last adequate assessment up to the landmark and the first one after it
   both in response, with at most so many whole visit windows between them unassessed.
"""

import re

import numpy as np

from cartend.config.rate import RateWindow
from cartend.endpoint.context import Schedule
from cartend.endpoint.records import NEVER, Records


def landmark_day(origin: np.ndarray, landmark: str | int) -> np.ndarray:
    """Return the landmark in days since 1970, NEVER where the origin is.

    >>> landmark_day(np.array([18262]), "P3M") - 18262   # 2020-01-01 to 2020-04-01
    array([91])
    """
    known = origin != NEVER
    if isinstance(landmark, int):
        return np.where(known, origin + landmark, NEVER)
    number, unit = re.fullmatch(r"P(\d+)([MD])", landmark).groups()
    if unit == "D":
        return np.where(known, origin + int(number), NEVER)
    date = np.where(known, origin, 0).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    day_of_month = date - month.astype("datetime64[D]")
    target = month + int(number)
    last = (target + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved = np.minimum(target.astype("datetime64[D]") + day_of_month, last)
    return np.where(known, moved.astype(np.int64), NEVER)


def landmark_responder(
    *,
    records: Records,
    counted: np.ndarray,
    response: np.ndarray,
    landmark: np.ndarray,
    window: RateWindow,
    variant: str,
    gap_visits: int,
    schedule: Schedule,
) -> np.ndarray:
    """Return per subject the deciding assessment, -1 for a non-responder.

    ``counted`` and ``response`` are masks over records that already end at the first failure.
    """
    n, mark = len(landmark), landmark[records.subj]
    known = mark != NEVER
    inside = (records.day >= mark - window.before) & (records.day <= mark + window.after) & known
    row = records.first(response & inside, n)
    if variant != "bracket":
        return row
    before = records.last(counted & known & (records.day <= mark), n)
    after = records.first(counted & known & (records.day > mark), n)
    both = (before >= 0) & (after >= 0)
    both[both] = response[before[both]] & response[after[both]]
    missed = schedule.missed_between(records.day_of(before), records.day_of(after))
    both &= missed <= gap_visits
    return np.where((row < 0) & both, after, row)
