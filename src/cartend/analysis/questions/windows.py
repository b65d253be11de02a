"""Which records of a subject count for a treatment: from the origin to other treatment."""

import numpy as np
import pandas as pd

from cartend.analysis.questions.material import Material, Times
from cartend.contract.terms.estimand import DATED_EVENT, ORIGIN

TRUNCATED = DATED_EVENT.group("other_treatment")


def from_origin(material: Material, times: Times, records: pd.DataFrame) -> pd.DataFrame:
    """Return the records from the origin of an endpoint's subjects to other treatment, with DAY.

    A finding after new therapy, transplantation or a second infusion is not credited to the
    treatment (pitfall P10); one on that very day is. ``records`` hold USUBJID and ADT; DAY is 1
    on the origin, the scale of AVAL. A record of that very day is baseline, unless the origin is an
    assessment itself (decision D47).
    """
    origin = times.frame.set_index("USUBJID")["STARTDT"]
    start = records["USUBJID"].map(origin)
    own = material.definitions[times.paramcd].origin in ORIGIN.group("assessment")
    kept = (records["ADT"] >= start) if own else (records["ADT"] > start)
    other = material.tables("adevt")
    if len(other):
        after = other["ADT"] >= other["USUBJID"].map(origin)
        other = other[other["KIND"].isin(TRUNCATED) & after].groupby("USUBJID")["ADT"].min()
        kept &= ~(records["ADT"] > records["USUBJID"].map(other))
    return records[kept].assign(DAY=((records["ADT"] - start).dt.days + 1)[kept])


def on_subjects(times: Times, records: pd.DataFrame) -> np.ndarray:
    """Return the first DAY of some records by subject of an endpoint, NaN for none."""
    first = records.groupby("USUBJID")["DAY"].min()
    return times.frame["USUBJID"].map(first).to_numpy(dtype=float)
