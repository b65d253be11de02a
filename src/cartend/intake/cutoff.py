"""The data cut-off: the study file's, else TS DCUTDTC (specification, data, section 1)."""

import pandas as pd

from cartend.config.study import Study
from cartend.intake.dates import parse_dtc


def stated_cutoffs(ts: pd.DataFrame) -> pd.DataFrame:
    """Return TSVAL, LO, HI and FLAG of the trial summary's DCUTDTC records."""
    rows = ts[ts["TSPARMCD"].eq("DCUTDTC") & ts["TSVAL"].notna()]
    return pd.concat([rows["TSVAL"], parse_dtc(rows["TSVAL"])], axis=1).drop_duplicates()


def adam_cutoff(study: Study, adsl: pd.DataFrame) -> pd.Timestamp:
    """Return the data cut-off of a study that brings ADaM: the study file's, else ADSL CUTDT."""
    if study.cutoff is not None:
        return pd.Timestamp(study.cutoff)
    days = adsl["CUTDT"].dropna().drop_duplicates()
    return days.iloc[0] if len(days) == 1 else pd.NaT


def data_cutoff(study: Study, ts: pd.DataFrame) -> pd.Timestamp:
    """Return the data cut-off, NaT where neither the study nor TS states one complete day."""
    if study.cutoff is not None:
        return pd.Timestamp(study.cutoff)
    days = stated_cutoffs(ts)
    complete = days.loc[days["FLAG"].eq(""), "LO"].drop_duplicates()
    return complete.iloc[0] if len(days) == len(complete) == 1 else pd.NaT
