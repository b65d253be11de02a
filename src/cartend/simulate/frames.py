"""Small tools that turn arrays of subjects and days into SDTM rows."""

import numpy as np
import pandas as pd

from cartend.simulate.assumed import layout
from cartend.simulate.trial import Trial


def iso(trial: Trial, rows: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return ISO dates of ``day`` (days since day 0) for the subjects at positions ``rows``."""
    start = trial.cohort["DAY0"].to_numpy()[rows]
    calendar = (start + np.asarray(day, float)).astype("int64").astype("datetime64[D]")
    return np.datetime_as_string(calendar).astype(object)


def block(trial: Trial, rows: np.ndarray, **columns: object) -> pd.DataFrame:
    """Return one row for each position in ``rows``, with its USUBJID and the given columns."""
    subject = trial.cohort["USUBJID"].to_numpy()[rows]
    return pd.DataFrame({"USUBJID": subject, **columns}, index=range(len(subject)))


def shorten(text: np.ndarray, precision: np.ndarray) -> np.ndarray:
    """Return dates cut to the month (``M``) or the year (``Y``); ``D`` keeps the day."""
    text = np.asarray(text, object)
    month = np.array([value[:7] for value in text], object)
    year = np.array([value[:4] for value in text], object)
    return np.where(precision == "D", text, np.where(precision == "M", month, year))


def number(frames: list[pd.DataFrame], seq: str, order: list[str]) -> pd.DataFrame:
    """Return the stacked rows, sorted by subject and ``order``, with the sequence number."""
    frames = [frame for frame in frames if len(frame)]
    frame = pd.concat(frames, ignore_index=True)
    order = [name for name in order if name in frame]
    frame = frame.sort_values(["USUBJID", *order], kind="stable", na_position="last")
    frame = frame.reset_index(drop=True)
    frame.insert(1, seq, frame.groupby("USUBJID", sort=False).cumcount() + 1)
    return frame


def split_supp(
    frame: pd.DataFrame, domain: str, seq: str, names: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parent domain without ``names``, and its SUPP-- rows, one a value."""
    names = [name for name in names if name in frame]
    kept = frame[["USUBJID", seq, *names]]
    rows = kept.melt(["USUBJID", seq], var_name="QNAM", value_name="QVAL").dropna(subset="QVAL")
    rows = rows.sort_values(["USUBJID", seq, "QNAM"], kind="stable").reset_index(drop=True)
    supp = pd.DataFrame(
        {
            "USUBJID": rows["USUBJID"],
            "RDOMAIN": domain.upper(),
            "IDVAR": seq,
            "IDVARVAL": rows[seq].astype(str),
            "QNAM": rows["QNAM"],
            "QLABEL": rows["QNAM"].map(layout("qualifiers")),
            "QVAL": rows["QVAL"].astype(str),
        }
    )
    return frame.drop(columns=names), supp
