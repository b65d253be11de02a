"""Which of a study's assessment schedules each subject has, and from which date (D10, P22, P23)."""

import numpy as np
import pandas as pd

from cartend.config.study import ArmSchedule, Study
from cartend.contract.datasets.subject import MILESTONE_DATE
from cartend.contract.terms.estimand import ORIGIN
from cartend.subject.domains import coalesce

ANCHOR_DATE = {anchor: MILESTONE_DATE[anchor] for anchor in ORIGIN.group("anchor")}


def schedule_places(adsl: pd.DataFrame, study: Study) -> np.ndarray:
    """Return, per row of ADSL, the place of its schedule in ``study.schedules``, -1 for none.

    1. The arm: ARMCD, or ACTARMCD where the schedules go by actual treatment and it is an arm of
       the study; the only arm of a single-arm study needs no column.
    2. Of the schedules of that arm, the latest that was in force on the day of the anchor.
    """
    places = np.zeros(len(adsl), dtype=np.int64)
    schedules = list(study.schedules.values())
    if not isinstance(schedules[0], ArmSchedule):
        return places
    arm = arm_of(adsl, study, actual=schedules[0].treatment == "actual")
    places[:] = -1
    in_force = sorted(enumerate(schedules), key=lambda one: str(one[1].since or ""))
    for place, schedule in in_force:
        mine = arm.isin(schedule.arms)
        if schedule.since is not None:
            mine &= adsl[ANCHOR_DATE[schedule.anchor]] >= pd.Timestamp(schedule.since)
        places[mine.to_numpy()] = place
    return places


def arm_of(adsl: pd.DataFrame, study: Study, *, actual: bool) -> pd.Series:
    """Return the arm by which a subject has its schedule."""
    empty = pd.Series(None, index=adsl.index, dtype=object)
    planned = adsl["ARMCD"].astype(object) if "ARMCD" in adsl else empty
    if len(study.arms) == 1:
        planned = coalesce(planned, next(iter(study.arms)))
    if not actual or "ACTARMCD" not in adsl:
        return planned
    given = adsl["ACTARMCD"].astype(object)
    return coalesce(given.where(given.isin(list(study.arms))), planned)
