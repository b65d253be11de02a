"""A trial as arrays: subjects by position, days as integers, records sorted by subject and day.

The engine never loops over subjects. Everything it needs is one array over subjects (a date, a
flag) or one array over records (an assessment, a new therapy), and ``first`` and ``last`` lead
from the second kind to the first.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study

NEVER = np.int64(2**40)
"""A day that never comes: the value of a missing date, so that ``minimum`` does what it says."""
EPOCH = np.datetime64("1970-01-01", "D")


def to_days(dates: pd.Series | None, n: int) -> np.ndarray:
    """Return days since 1970-01-01 as int64, NEVER where missing; ``n`` is used for no column."""
    if dates is None:
        return np.full(n, NEVER)
    values = pd.to_datetime(dates).to_numpy().astype("datetime64[D]")
    days = (values - EPOCH).astype(np.int64)
    return np.where(np.isnat(values), NEVER, days)


def to_dates(days: np.ndarray) -> np.ndarray:
    """Return datetime64[ms] of days since 1970-01-01, NaT for NEVER."""
    dates = EPOCH + np.where(days == NEVER, 0, days).astype("timedelta64[D]")
    dates = dates.astype("datetime64[ms]")
    dates[days == NEVER] = np.datetime64("NaT")
    return dates


@dataclass(frozen=True)
class Records:
    """Dated records of all subjects, sorted by (subj, day); every array has one value a record.

    ``subj`` is the position of the subject, ``dom``, ``var``, ``seq`` the source record,
    ``flag`` the imputation flag of the date.
    """

    subj: np.ndarray
    day: np.ndarray
    dom: np.ndarray
    var: np.ndarray
    seq: np.ndarray
    flag: np.ndarray
    extra: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.subj)

    def where(self, mask: np.ndarray) -> "Records":
        """Return the records of a mask, order kept."""
        cut = {name: values[mask] for name, values in self.extra.items()}
        return replace(
            self,
            subj=self.subj[mask],
            day=self.day[mask],
            dom=self.dom[mask],
            var=self.var[mask],
            seq=self.seq[mask],
            flag=self.flag[mask],
            extra=cut,
        )

    def first(self, mask: np.ndarray, n: int) -> np.ndarray:
        """Return per subject the position of its first record in the mask, -1 for none."""
        rows = np.flatnonzero(mask)[::-1]
        found = np.full(n, -1)
        found[self.subj[rows]] = rows
        return found

    def last(self, mask: np.ndarray, n: int) -> np.ndarray:
        """Return per subject the position of its last record in the mask, -1 for none."""
        rows = np.flatnonzero(mask)
        found = np.full(n, -1)
        found[self.subj[rows]] = rows
        return found

    def day_of(self, rows: np.ndarray) -> np.ndarray:
        """Return the day of each position, NEVER for -1."""
        if not len(self.day):
            return np.full(len(rows), NEVER)
        return np.where(rows >= 0, self.day[rows], NEVER)


def records_of(frame: pd.DataFrame, position: pd.Series, extra: tuple[str, ...]) -> Records:
    """Return the dated rows of a frame with USUBJID, ADT, ADTF, SRCDOM, SRCVAR, SRCSEQ.

    Rows without a date are left out here; they stand in ADRS or ADEVT with their finding.
    """
    subj = position.reindex(frame["USUBJID"]).to_numpy()
    day = to_days(frame["ADT"], len(frame))
    keep = ~np.isnan(subj) & (day != NEVER)
    subj, day = subj[keep].astype(np.int64), day[keep]
    frame = frame[keep]
    order = np.lexsort((np.arange(len(subj)), day, subj))
    frame = frame.iloc[order]
    return Records(
        subj=subj[order],
        day=day[order],
        dom=_text(frame, "SRCDOM"),
        var=_text(frame, "SRCVAR"),
        seq=pd.to_numeric(frame["SRCSEQ"], errors="coerce").fillna(0).to_numpy(np.int64),
        flag=_text(frame, "ADTF"),
        extra={name: _text(frame, name) for name in extra},
    )


def _text(frame: pd.DataFrame, name: str) -> np.ndarray:
    if name not in frame:
        return np.full(len(frame), "", dtype=object)
    values = frame[name]
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    return values.where(values.notna(), "").to_numpy(dtype=object)


@dataclass(frozen=True)
class Trial:
    """All subjects of one study, ready for the engine."""

    study: Study
    criteria: Criteria
    adsl: pd.DataFrame
    assessments: dict[str, Records]
    happened: dict[str, Records]
    mrd: Records

    def __len__(self) -> int:
        return len(self.adsl)

    def day(self, column: str) -> np.ndarray:
        """Return a date column of ADSL as days, NEVER where missing or where there is none."""
        return to_days(self.adsl.get(column), len(self.adsl))

    def flag(self, column: str) -> np.ndarray:
        """Return whether a flag column of ADSL is Y."""
        if column not in self.adsl:
            return np.zeros(len(self.adsl), dtype=bool)
        return (self.adsl[column] == "Y").to_numpy()

    def text(self, column: str) -> np.ndarray:
        """Return a text column of ADSL, blank where missing."""
        return _text(self.adsl, column)


KINDS = ("NEW_THERAPY", "HSCT", "CROSSOVER", "REINFUSION", "SECOND_MALIGNANCY", "CLINICAL_PD")


def load_trial(
    study: Study,
    criteria: Criteria,
    adsl: pd.DataFrame,
    adrs: pd.DataFrame,
    adevt: pd.DataFrame,
    admrd: pd.DataFrame,
) -> Trial:
    """Return the trial as arrays; only the records that count (ANL01FL = Y) are assessments."""
    adsl = adsl.sort_values("USUBJID", kind="stable").reset_index(drop=True)
    position = pd.Series(np.arange(len(adsl), dtype=float), index=adsl["USUBJID"])
    assessments = {}
    counted = adrs[(adrs["ANL01FL"] == "Y") & (adrs["PARAMCD"] == "OVR")]
    ranks = criteria.rank
    for evaluator in study.evaluators:
        records = records_of(counted[counted["EVAL"] == evaluator], position, ("AVALC",))
        codes = pd.Categorical(records.extra["AVALC"], categories=list(ranks)).codes
        assessments[evaluator] = replace(
            records, extra={"code": codes.astype(np.int64), "AVALC": records.extra["AVALC"]}
        )
    happened = {
        kind: records_of(
            adevt[adevt["KIND"] == kind], position, ("REASON", "PLANNED", "CLASS", "WHAT")
        )
        for kind in KINDS
    }
    samples = records_of(_counted_samples(admrd), position, ("AVALC", "CALLRS"))
    return Trial(study, criteria, adsl, assessments, happened, samples)


def _counted_samples(admrd: pd.DataFrame) -> pd.DataFrame:
    return admrd[admrd["ANL01FL"] == "Y"] if "ANL01FL" in admrd else admrd
