"""TU and TR rows of lesions, for every disease that has them."""

import numpy as np
import pandas as pd

from cartend.simulate.components.course import (
    FIRST,
    Course,
    at_baseline,
    at_visits,
    numbers,
    texts,
    wobble,
)
from cartend.simulate.frames import block, iso

NEW_SITE = "LYMPH NODE, INGUINAL"


def identified(
    course: Course, member: np.ndarray, link: str, kind: str, place: np.ndarray | str
) -> pd.DataFrame:
    """Return the TU row of one lesion of each member, found at the first baseline."""
    rows = np.flatnonzero(member)
    where = place[rows] if isinstance(place, np.ndarray) else place
    return block(course.trial, rows, TULNKID=link, TUTESTCD="TUMIDENT", TUORRES=kind, TULOC=where,
                 TUDTC=iso(course.trial, rows, np.full(len(rows), FIRST)),
                 VISIT="BASELINE")  # fmt: skip


def measured(
    course: Course, member: np.ndarray, link: str, test: str, value: np.ndarray,
    first: np.ndarray, again: np.ndarray, present: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    """Return TR rows of one length of one lesion, in mm: baselines and assessments."""
    value = wobble(course, f"{test} {link}", value)
    fixed = {"TRLNKID": link, "TRTESTCD": test}
    base = at_baseline(course, "TR", numbers("TR", first, 0, "mm"), numbers("TR", again, 0, "mm"),
                       member, **fixed)  # fmt: skip
    where = present & member[:, None]
    return pd.concat(
        [base, at_visits(course, where, "TR", **fixed, **numbers("TR", value, 0, "mm"))],
        ignore_index=True,
    )


def described(
    course: Course, member: np.ndarray, link: str | None, test: str, value: np.ndarray,
    first: np.ndarray, present: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    """Return TR rows of a word about a lesion or a visit: baselines and assessments."""
    fixed = {"TRLNKID": link, "TRTESTCD": test}
    base = at_baseline(course, "TR", texts("TR", first), texts("TR", first), member, **fixed)
    where = present & member[:, None]
    return pd.concat(
        [base, at_visits(course, where, "TR", **fixed, **texts("TR", value))], ignore_index=True
    )


def counted(
    course: Course, member: np.ndarray, test: str, value: np.ndarray, first: np.ndarray,
    again: np.ndarray, present: np.ndarray, unit: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return TR rows of a number about a visit: baselines and assessments."""
    fixed = {"TRLNKID": None, "TRTESTCD": test}
    base = at_baseline(course, "TR", numbers("TR", first, 0, unit), numbers("TR", again, 0, unit),
                       member, **fixed)  # fmt: skip
    where = present & member[:, None]
    return pd.concat(
        [base, at_visits(course, where, "TR", **fixed, **numbers("TR", value, 0, unit))],
        ignore_index=True,
    )


def new_lesion(
    course: Course, seen: np.ndarray, size: np.ndarray, place: str = NEW_SITE
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the TU row of a lesion where it is first seen, and its TR rows from then on."""
    first = seen & (np.cumsum(seen, axis=1) == 1)
    rows, places = np.nonzero(first)
    tu = block(course.trial, rows, TULNKID="NEW1", TUTESTCD="TUMIDENT", TUORRES="NEW", TULOC=place,
               TUDTC=iso(course.trial, rows, course.day[rows, places]),
               VISIT=course.visit[rows, places])  # fmt: skip
    wide = np.repeat(size[:, None], seen.shape[1], axis=1)
    fixed = {"TRLNKID": "NEW1", "TRTESTCD": "LDIAM"}
    return tu, at_visits(course, seen, "TR", **fixed, **numbers("TR", wide, 0, "mm"))
