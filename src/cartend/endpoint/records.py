"""A trial as arrays: subjects by position, days as integers, records sorted by subject and day.

The engine never loops over subjects. Everything it needs is one array over subjects (a date, a
flag) or one array over records (an assessment, a new therapy), and ``first`` and ``last`` lead
from the second kind to the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.contract.datasets.engine import BOUNDS, CALL
from cartend.contract.datasets.response import ADMRD
from cartend.contract.terms.assessment import VISIT_RESPONSE
from cartend.contract.terms.estimand import DATED_EVENT
from cartend.endpoint.words import Words

NEVER = np.int64(2**40)
"""A day that never comes: the value of a missing date, so that ``minimum`` does what it says."""
EPOCH = np.datetime64("1970-01-01", "D")


def to_days(dates: pd.Series) -> np.ndarray:
    """Return days since 1970-01-01 as int64, NEVER where missing."""
    if not pd.api.types.is_datetime64_dtype(dates.dtype):
        dates = pd.to_datetime(dates)
    values = dates.to_numpy().astype("datetime64[D]")
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
    ``flag`` the imputation flag of the date; text is held as codes of the trial's words.
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


@dataclass(frozen=True)
class Trial:
    """All subjects of one study, ready for the engine.

    ``happened`` holds the dated events by kind, a role of the study's own under its id.
    """

    study: Study
    criteria: Criteria
    adsl: pd.DataFrame
    words: Words
    assessments: dict[str, Records]
    happened: dict[str, Records]
    mrd: Records
    mrd_by_specimen: Records
    _columns: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    _dated: dict[str, "Trial"] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.adsl)

    def happening(self, kind: str) -> Records:
        """Return the dated events of a kind; none of a role that no record has.

        Raises
        ------
        KeyError
            For a shipped kind that was not asked of ``load_trial``.
        """
        if kind in DATED_EVENT:
            return self.happened[kind]
        return self.happened.get(kind, no_records(*HAPPENED))

    def day(self, column: str) -> np.ndarray:
        """Return a date column of ADSL as days, NEVER where missing or where there is none."""
        key = ("day", column)
        if key not in self._columns:
            there = column in self.adsl
            self._columns[key] = to_days(self.adsl[column]) if there else np.full(len(self), NEVER)
        return self._columns[key]

    def flag(self, column: str) -> np.ndarray:
        """Return whether a flag column of ADSL is Y."""
        return self.text(column) == self.words.code("Y")

    def text(self, column: str) -> np.ndarray:
        """Return a text column of ADSL as codes, blank where missing."""
        key = ("text", column)
        if key not in self._columns:
            there = column in self.adsl
            self._columns[key] = (
                self.words.encode(self.adsl[column])
                if there
                else np.zeros(len(self), dtype=np.int32)
            )
        return self._columns[key]

    def dated(self, partial: str) -> "Trial":
        """Return the trial with partial dates at a bound, ``earliest`` or ``latest`` (P17, D4).

        Deaths take DTHDTLO or DTHDTHI, records ADTLO or ADTHI; nothing else moves. What is not
        dated later than the death with the imputed dates is not moved after it.
        """
        if partial == "imputed":
            return self
        if partial not in self._dated:
            bound, column = ("lo", "DTHDTLO") if partial == "earliest" else ("hi", "DTHDTHI")
            imputed = self.day("DTHDT")
            known = (imputed != NEVER) & (self.day(column) != NEVER)
            death = np.where(known, self.day(column), imputed)
            columns = {**self._columns, ("day", "DTHDT"): death}
            samples = {"mrd": self.mrd, "mrd_by_specimen": self.mrd_by_specimen}
            moved = [
                {name: at_bound(one, bound, imputed, death) for name, one in kinds.items()}
                for kinds in (self.assessments, self.happened, samples)
            ]
            self._dated[partial] = replace(
                self, assessments=moved[0], happened=moved[1], **moved[2], _columns=columns
            )
        return self._dated[partial]

    def number(self, column: str) -> np.ndarray:
        """Return a number column of ADSL as integers, 0 where missing."""
        if column not in self.adsl:
            return np.zeros(len(self), dtype=np.int64)
        values = pd.to_numeric(self.adsl[column], errors="coerce").fillna(0)
        return values.to_numpy(np.int64)

    def is_one_of(self, column: str, values: tuple[str, ...]) -> np.ndarray:
        """Return whether a text column of ADSL is one of a few words."""
        return np.isin(self.text(column), self.words.codes(values))

    def category(self, wanted: tuple[str, ...] | str) -> np.ndarray:
        """Return the ranks of a named response set, or of the given categories."""
        rank = self.criteria.rank
        return np.array([rank[code] for code in self.criteria.codes(wanted)], dtype=np.int64)


def at_bound(records: Records, bound: str, imputed: np.ndarray, death: np.ndarray) -> Records:
    """Return the records with every day at its bound, sorted again.

    ``imputed`` and ``death`` are the days of death as imputed and at the bound.
    """
    if bound not in records.extra:
        return records
    subj, day = records.subj, records.extra[bound]
    alive = records.day <= imputed[subj]
    day = np.where(alive, np.minimum(day, np.maximum(death[subj], records.extra["lo"])), day)
    order = np.lexsort((np.arange(len(day)), day, subj))
    return replace(records, day=day).where(order)


HAPPENED = ("REASON", "PLANNED", "CLASS")
"""What is known of a dated event besides its day and its record."""


def kinds_of(adevt: pd.DataFrame, named: Iterable[str]) -> list[str]:
    """Return the kinds of dated events that are loaded, those of the study's own last.

    Of the shipped kinds those that may end a follow-up and those that are ``named``; any other is
    a role of the study's own.
    """
    own = sorted(set(adevt["KIND"].dropna().unique()) - set(DATED_EVENT))
    return list(dict.fromkeys([*DATED_EVENT.group("may_end"), *named, *own]))


def call_columns(names: Iterable[str]) -> list[str]:
    """Return those of ADMRD's columns that hold the call at a threshold."""
    return [name for name in names if name.startswith(CALL) and name not in ADMRD.by_name]


def load_trial(
    study: Study,
    criteria: Criteria,
    adsl: pd.DataFrame,
    adrs: pd.DataFrame,
    adevt: pd.DataFrame,
    admrd: pd.DataFrame,
    named: Iterable[str] = (),
) -> Trial:
    """Return the trial as arrays; only the records that count (ANL01FL = Y) are assessments.

    ``named`` are kinds of dated events that definitions name besides those that may end a
    follow-up: a procedure of the shipped roles that is an event of its own.
    """
    words = Words()
    adsl = adsl.sort_values("USUBJID", kind="stable").reset_index(drop=True)
    position = pd.Index(adsl["USUBJID"])
    counted = (adrs["ANL01FL"] == "Y") & adrs["PARAMCD"].isin(VISIT_RESPONSE.group("feeds"))
    assessments = {}
    for evaluator in study.evaluators:
        part = adrs[counted & (adrs["EVAL"] == evaluator)]
        ranks = part["AVALC"].map(criteria.rank).astype(float).fillna(-1)
        records = records_of(part.assign(code=ranks), position, words, ())
        assessments[evaluator] = records
    happened = {
        kind: records_of(adevt[adevt["KIND"] == kind], position, words, HAPPENED)
        for kind in kinds_of(adevt, named)
    }
    samples = admrd[admrd["ANL01FL"] == "Y"] if "ANL01FL" in admrd else admrd
    mrd = records_of(samples, position, words, ("AVALC",))
    own = admrd[admrd["ANL02FL"] == "Y"] if "ANL02FL" in admrd else admrd.iloc[:0]
    calls = call_columns(own.columns)
    by_specimen = records_of(own, position, words, ("AVALC", "LBSPEC", "IMAGNEG", *calls))
    return Trial(study, criteria, adsl, words, assessments, happened, mrd, by_specimen)


def records_of(
    frame: pd.DataFrame, position: pd.Index, words: Words, extra: tuple[str, ...]
) -> Records:
    """Return the dated rows of a frame with USUBJID, ADT, ADTF, SRCDOM, SRCVAR, SRCSEQ.

    Rows without a date are left out here; they stand in ADRS or ADEVT with their finding. A
    column ``code`` is kept as integers.
    """
    subj = _positions(frame["USUBJID"], position)
    day = to_days(frame["ADT"])
    keep = np.flatnonzero((subj >= 0) & (day != NEVER))
    order = keep[np.lexsort((keep, day[keep], subj[keep]))]
    ordered = frame.iloc[order]
    more = {name: _encode(ordered, name, words) for name in extra}
    if "code" in ordered:
        more["code"] = ordered["code"].to_numpy(np.int64)
    for name, bound in zip(("lo", "hi"), BOUNDS, strict=True):
        if bound in ordered:
            possible = to_days(ordered[bound])
            more[name] = np.where(possible == NEVER, day[order], possible)
    return Records(
        subj=subj[order],
        day=day[order],
        dom=_encode(ordered, "SRCDOM", words),
        var=_encode(ordered, "SRCVAR", words),
        seq=pd.to_numeric(ordered["SRCSEQ"], errors="coerce").fillna(0).to_numpy(np.int64),
        flag=_encode(ordered, "ADTF", words),
        extra=more,
    )


def no_records(*extra: str) -> Records:
    """Return no records at all, with these extra columns."""
    none = np.empty(0, dtype=np.int64)
    return Records(none, none, none, none, none, none, dict.fromkeys(extra, none))


def _positions(subjects: pd.Series, position: pd.Index) -> np.ndarray:
    """Return the position of each subject, -1 for one that ADSL does not have."""
    if isinstance(subjects.dtype, pd.CategoricalDtype):
        lookup = np.append(position.get_indexer(subjects.cat.categories), -1)
        return lookup[subjects.cat.codes.to_numpy()]
    return position.get_indexer(subjects)


def _encode(frame: pd.DataFrame, name: str, words: Words) -> np.ndarray:
    if name not in frame:
        return np.zeros(len(frame), dtype=np.int32)
    return words.encode(frame[name])
