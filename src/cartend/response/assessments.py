"""Component records gathered by assessment: one row a subject, evaluator and visit."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cartend.contract.terms.assessment import COMPONENT
from cartend.response.components import SUBJECT
from cartend.response.dates import DATE


@dataclass(frozen=True)
class Assessments:
    """Assessments in order of time within subject and evaluator, and what was found at each.

    ``visits`` holds USUBJID EVAL KEY DAY (the latest of its components, else of its report);
    every other array or frame has its index. ``lesions`` holds one row a lesion and assessment:
    AT (row of ``visits``), LESION, KIND, NODAL, one column a test and one ``<test>0`` a baseline.
    """

    visits: pd.DataFrame
    records: pd.DataFrame
    baseline: pd.DataFrame
    lesions: pd.DataFrame
    targets: pd.DataFrame

    @property
    def index(self) -> pd.Index:
        """One label an assessment."""
        return self.visits.index

    @cached_property
    def keys(self) -> list[pd.Series]:
        """What makes one course: subject and evaluator."""
        return [self.visits[name] for name in SUBJECT]

    def number(self, test: str) -> pd.Series:
        """Return the value of a test without lesion at each assessment."""
        return self._pick(test, "VALUE").astype(float)

    def text(self, test: str) -> pd.Series:
        """Return the text of a test without lesion at each assessment."""
        return self._pick(test, "TEXT").astype(object)

    def _pick(self, test: str, column: str) -> pd.Series:
        rows = self.records[self.records["TEST"].eq(test) & self.records["LESION"].eq("")]
        return rows.set_index("AT")[column].reindex(self.index)

    def day(self, test: str) -> pd.Series:
        """Return the latest day on which a test was done for each assessment."""
        return self._last(test)["DAY"].reindex(self.index).astype(DATE)

    def source(self, test: str) -> pd.DataFrame:
        """Return DOM and SEQ of the last record of a test at each assessment."""
        return self._last(test)[["DOM", "SEQ"]].reindex(self.index)

    def _last(self, test: str) -> pd.DataFrame:
        rows = self.records[self.records["TEST"].eq(test)].sort_values(["AT", "DAY", "SEQ"])
        return rows.drop_duplicates("AT", keep="last").set_index("AT")

    def base(self, test: str) -> pd.Series:
        """Return the baseline value of a test without lesion."""
        return self._base(test, "VALUE").astype(float)

    def base_text(self, test: str) -> pd.Series:
        """Return the baseline text of a test without lesion."""
        return self._base(test, "TEXT").astype(object)

    def _base(self, test: str, column: str) -> pd.Series:
        rows = self.baseline[self.baseline["TEST"].eq(test) & self.baseline["LESION"].eq("")]
        values = rows.set_index(SUBJECT)[column]
        wanted = pd.MultiIndex.from_frame(self.visits[SUBJECT])
        return pd.Series(values.reindex(wanted).to_numpy(), index=self.index)

    def over_lesions(
        self, values: pd.Series, among: pd.Series, how: str | Callable = "any"
    ) -> pd.Series:
        """Return a value over the lesions of each assessment, missing where there is none."""
        rows = self.lesions[among]
        return values[among].groupby(rows["AT"]).agg(how).reindex(self.index)

    def any_lesion(self, flag: pd.Series, among: pd.Series | None = None) -> pd.Series:
        """Return whether a lesion of the assessment has the flag."""
        among = pd.Series(True, index=self.lesions.index) if among is None else among
        held = self.over_lesions(flag.fillna(False).astype(bool), among)
        return held.eq(True)

    def n_targets(self, kind: str) -> pd.Series:
        """Return how many lesions of a kind the subject has at baseline."""
        rows = self.targets[self.targets["KIND"].eq(kind)]
        count = rows.groupby(SUBJECT).size()
        wanted = pd.MultiIndex.from_frame(self.visits[SUBJECT])
        return pd.Series(count.reindex(wanted).fillna(0).to_numpy(), index=self.index)


def gather(records: pd.DataFrame, kinds: pd.DataFrame, reported: pd.DataFrame) -> Assessments:
    """Return the assessments of component records and of reported responses.

    ``records`` in the columns ``LONG``; ``kinds`` one row a lesion; ``reported`` USUBJID EVAL KEY
    DAY of the reported responses after baseline, which are assessments even without component.
    """
    later = records[~records["BASE"]]
    both = pd.concat([later[[*SUBJECT, "KEY", "DAY"]], reported.assign(REPORTED=1)])
    visits = both.groupby([*SUBJECT, "KEY"], as_index=False).agg(
        DAY=("DAY", "max"), SAID=("REPORTED", "max")
    )
    own = later.groupby([*SUBJECT, "KEY"])["DAY"].max().rename("OWN")
    visits = visits.join(own, on=[*SUBJECT, "KEY"])
    visits["DAY"] = visits["OWN"].fillna(visits["DAY"]).astype(DATE)
    visits = visits.sort_values([*SUBJECT, "DAY", "KEY"]).reset_index(drop=True)
    at = pd.Series(visits.index, index=pd.MultiIndex.from_frame(visits[[*SUBJECT, "KEY"]]))
    place = at.reindex(pd.MultiIndex.from_frame(later[[*SUBJECT, "KEY"]])).to_numpy()
    later = _one_a_test(later.assign(AT=place))
    baseline = records[records["BASE"]]
    lesions = _lesions(later, baseline, kinds)
    return Assessments(
        visits.drop(columns="OWN"), later, baseline, lesions, _targets(baseline, kinds)
    )


def _one_a_test(records: pd.DataFrame) -> pd.DataFrame:
    """Return one record an assessment, test and lesion: the highest or the last."""
    height = records["VALUE"].where(records["TEST"].isin(COMPONENT.group("highest")), 0.0)
    order = records.assign(height=height).sort_values(
        ["AT", "TEST", "LESION", "height", "DAY", "SEQ"], kind="stable"
    )
    return order.drop_duplicates(["AT", "TEST", "LESION"], keep="last").drop(columns="height")


def _lesions(later: pd.DataFrame, baseline: pd.DataFrame, kinds: pd.DataFrame) -> pd.DataFrame:
    """Return one row a lesion and assessment with its tests beside those of the baseline."""
    rows = later[later["LESION"].ne("")]
    unit = ["AT", *SUBJECT, "LESION"]
    out = rows[unit].drop_duplicates().reset_index(drop=True)
    first = baseline[baseline["LESION"].ne("")]
    texts = COMPONENT.group("lesion_text")
    for test in (*COMPONENT.group("lesion_number"), *texts):
        column = "TEXT" if test in texts else "VALUE"
        now = rows[rows["TEST"].eq(test)].set_index(unit)[column].rename(test)
        then = first[first["TEST"].eq(test)].set_index(unit[1:])[column].rename(f"{test}0")
        out = out.join(now, on=unit).join(then, on=unit[1:])
        kind = object if test in texts else float
        out = out.astype({test: kind, f"{test}0": kind})
    out = out.merge(kinds, on=unit[1:], how="left")
    out["NODAL"] = out["NODAL"].eq(True)
    out["KIND"] = out["KIND"].astype(object).where(out["KIND"].notna(), "")
    return out.sort_values(["AT", "LESION"], kind="stable", ignore_index=True)


def _targets(baseline: pd.DataFrame, kinds: pd.DataFrame) -> pd.DataFrame:
    """Return the lesions that have a baseline record, with kind and baseline size."""
    there = baseline.loc[baseline["LESION"].ne(""), [*SUBJECT, "LESION"]].drop_duplicates()
    out = there.merge(kinds, on=[*SUBJECT, "LESION"])
    for test in COMPONENT.group("size"):
        size = baseline[baseline["TEST"].eq(test)].set_index([*SUBJECT, "LESION"])["VALUE"]
        out = out.join(size.rename(test), on=[*SUBJECT, "LESION"])
    return out


@dataclass(frozen=True)
class Shown:
    """One sign of a category: where it shows, the test it rests on, and how it is said."""

    holds: pd.Series
    code: str
    test: str
    words: str | pd.Series
    basis: str | None = None


def decide(
    found: Assessments, progression: list[Shown], rest: list[Shown], unseen: str
) -> pd.DataFrame:
    """Return AVALC, DECIDES, ADT, DOM, SEQ_SOURCE and PDBASIS of each assessment.

    1. Progression by any sign; its date is the earliest sign's (2.0, 6), which is named.
    2. Else the first of the rest that holds, dated at the latest component of the visit.
    3. Else not evaluable.
    """
    index = found.index
    code = pd.Series(unseen, index=index, dtype=object)
    words = pd.Series("no component that decides", index=index, dtype=object)
    test = pd.Series("", index=index, dtype=object)
    basis = pd.Series(None, index=index, dtype=object)
    day = found.visits["DAY"].copy()
    for sign in reversed(rest):
        holds = sign.holds.fillna(False).astype(bool)
        code, words = code.mask(holds, sign.code), words.mask(holds, sign.words)
        test = test.mask(holds, sign.test)
    earliest = pd.Series(pd.NaT, index=index).astype(DATE)
    any_sign = pd.Series(False, index=index)
    for sign in progression:
        holds = sign.holds.fillna(False).astype(bool)
        when = found.day(sign.test).fillna(found.visits["DAY"])
        first = holds & (~any_sign | (when < earliest))
        code, words = code.mask(first, sign.code), words.mask(first, sign.words)
        test, basis = test.mask(first, sign.test), basis.mask(first, sign.basis)
        earliest, any_sign = earliest.mask(first, when), any_sign | holds
    out = pd.DataFrame({"AVALC": code, "DECIDES": words, "PDBASIS": basis})
    out["ADT"] = day.mask(any_sign, earliest).astype(DATE)
    source = _source(found, test)
    return out.assign(DOM=source["DOM"], SEQ_SOURCE=source["SEQ"].astype(float))


def _source(found: Assessments, test: pd.Series) -> pd.DataFrame:
    """Return domain and number of the record that decides, blank where none does."""
    out = pd.DataFrame({"DOM": None, "SEQ": np.nan}, index=found.index)
    out = out.astype({"DOM": object})
    for name in sorted(set(test) - {""}):
        rows = test.eq(name)
        out.loc[rows] = found.source(name)[rows]
    return out
