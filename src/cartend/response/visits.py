"""Visit labels of assessments by the study's schedule (D6, P22)."""

import numpy as np
import pandas as pd

from cartend.config.study import Schedule, Study
from cartend.subject.schedules import ANCHOR_DATE, schedule_places


def anchor_dates(adsl: pd.DataFrame, study: Study) -> pd.Series:
    """Return, per USUBJID, the date from which its own schedule counts its days (D10)."""
    subjects, place = adsl.set_index("USUBJID"), schedule_places(adsl, study)
    anchors = pd.Series(pd.NaT, index=subjects.index, dtype="datetime64[ms]")
    for number, schedule in enumerate(study.schedules.values()):
        anchors = anchors.where(place != number, subjects[ANCHOR_DATE[schedule.anchor]])
    return anchors


def label_by_schedule(rows: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the rows (USUBJID, ADT) labelled each by the schedule of its subject (P23)."""
    subjects = adsl.set_index("USUBJID")
    place = rows["USUBJID"].map(pd.Series(schedule_places(adsl, study), index=subjects.index))
    out = rows.assign(AVISIT=None, AVISITN=np.nan).astype({"AVISIT": object})
    for number, schedule in enumerate(study.schedules.values()):
        mine = place.eq(number)
        labelled = label_visits(rows[mine], subjects[ANCHOR_DATE[schedule.anchor]], schedule)
        for name in ("AVISIT", "AVISITN"):
            out.loc[mine, name] = labelled[name]
    return out


def label_days(days: pd.Series, schedule: Schedule) -> pd.DataFrame:
    """Return AVISIT and AVISITN (nominal day) of each day since the anchor.

    Among the windows that contain the day, the visit of the nearest nominal day; a tie goes to
    the earlier visit. Outside every window both are missing: the record is unlabelled (P22).
    """
    value = days.to_numpy(dtype=float, na_value=np.nan)
    nearest = np.full(len(value), np.inf)
    place = np.full(len(value), -1)
    for number, visit in enumerate(schedule.schedule):
        distance = np.abs(value - visit.day)
        inside = (value >= visit.opens) & (value <= visit.closes) & (distance < nearest)
        nearest = np.where(inside, distance, nearest)
        place = np.where(inside, number, place)
    labels = np.array([*(visit.label for visit in schedule.schedule), None], dtype=object)
    nominal = np.array([*(float(visit.day) for visit in schedule.schedule), np.nan])
    return pd.DataFrame({"AVISIT": labels[place], "AVISITN": nominal[place]}, index=days.index)


def label_visits(rows: pd.DataFrame, anchors: pd.Series, schedule: Schedule) -> pd.DataFrame:
    """Return the rows (USUBJID, ADT) with AVISIT and AVISITN by the day since their anchor."""
    days = (rows["ADT"] - rows["USUBJID"].map(anchors)).dt.days
    labels = label_days(days, schedule)
    return rows.assign(AVISIT=labels["AVISIT"], AVISITN=labels["AVISITN"])
