"""ADAE: every adverse event with its class, period, grade and scale (R38, R39)."""

import numpy as np
import pandas as pd

from cartend.config.safety import Safety
from cartend.contract.datasets.subject import ADAE
from cartend.contract.records import of_role
from cartend.contract.terms.assessment import GRADING_SCALE
from cartend.contract.text import by_word, holds_any, in_capitals, is_one_of, normal
from cartend.subject.domains import DATE, coalesce, none_for_missing
from cartend.subject.periods import followed_until, period_of, period_starts, reference_date

STATED = "STATED"
ASSUMED = "ASSUMED"


def derive_adverse_events(
    safety: Safety, ae: pd.DataFrame, adsl: pd.DataFrame, cases: pd.DataFrame
) -> pd.DataFrame:
    """Return ADAE, one row a record of AE, by USUBJID and AESEQ.

    ``adsl`` is indexed by USUBJID; ``cases`` holds SPMFL, SPMTYPE, TCELLFL and SPMCAUS by the
    index of ``ae``.

    1. Start: the first possible day; a partial start that may lie on day 0 or after it, on day 0.
    2. ASTDY: days since day 0 (infusion; in a control arm the first dose), which is 0 itself.
    3. Class: the first of the configuration that holds the term; period: the last one begun.
    4. Grade and scale: ``grades``.
    5. Late: begins, or is there, after the late day of its class, of a grade that counts.
    """
    known = of_role(ae, "adverse_event")
    known = known[known["USUBJID"].isin(adsl.index)]
    of = adsl.reindex(known["USUBJID"]).set_axis(known.index)
    start, end = _start(known, reference_date(of)), known["AEENDT_HI"].astype(DATE)
    klass = special_interest(safety, known)
    starts = period_starts(of, safety)
    out = pd.DataFrame(
        {
            "STUDYID": of["STUDYID"],
            "USUBJID": known["USUBJID"],
            "AESEQ": known["AESEQ"],
            "AEDECOD": known["AEDECOD"],
            "AEBODSYS": known["AEBODSYS"],
            "ASTDT": start,
            "ASTDTF": coalesce(known["AESTDTF"], "").where(start.notna(), None),
            "AENDT": end,
            "ADURN": (end - start).dt.days + 1.0,
            "AREFDT": reference_date(of),
            "ASTDY": (start - reference_date(of)).dt.days.astype(float),
            "APERIOD": period_of(start, starts),
            "AESICL": klass,
        }
    )
    out = out.join(grades(safety, known, klass))
    for name in ("AESER", "AEOUT", "AESDTH"):
        out[name] = in_capitals(known[name])
    out = out.join(late_events(safety, out, followed_until(of))).join(cases.reindex(out.index))
    out = out.assign(SRCDOM="AE", SRCVAR="AESTDTC", SRCSEQ=known["AESEQ"])
    return finish(out)


def finish(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ADAE in the columns, kinds and order of its contract."""
    out = frame.reindex(columns=ADAE.names)
    kinds = dict.fromkeys(ADAE.of_kind("date"), DATE)
    out = out.astype(kinds | dict.fromkeys(ADAE.of_kind("number"), float))
    for name in ADAE.of_kind("integer"):
        out[name] = pd.to_numeric(out[name]).fillna(1).astype("int64")
    text = ADAE.of_kind("text")
    out = none_for_missing(out.astype(dict.fromkeys(text, object)), text)
    return out.sort_values(["USUBJID", "AESEQ"], kind="stable").reset_index(drop=True)


def _start(ae: pd.DataFrame, reference: pd.Series) -> pd.Series:
    low, high = ae["AESTDT_LO"].astype(DATE), ae["AESTDT_HI"].astype(DATE)
    spans = (low < reference) & (reference <= high)
    return low.where(~spans, reference)


def special_interest(safety: Safety, ae: pd.DataFrame) -> pd.Series:
    """Return the class of each record, the first of the configuration that holds it, else None."""
    out = pd.Series(None, index=ae.index, dtype=object)
    for wanted in reversed(safety.special_interest):
        hit = is_one_of(ae["AEDECOD"], wanted.terms) | is_one_of(ae["AEBODSYS"], wanted.systems)
        hit |= holds_any(ae["AEDECOD"], wanted.contains)
        out = out.where(~hit, wanted.id)
    return out


def grades(safety: Safety, ae: pd.DataFrame, klass: pd.Series) -> pd.DataFrame:
    """Return AETOXGR, AESCALE and AESCALEF (stated or assumed) of each record.

    1. A class that is not graded by CTCAE takes ASTCTGR, the grade on the scale that GRSCALE names
       (ASTCT without one), else AETOXGR on the scale that GRSCALE or the configuration names.
    2. Every other event is graded by CTCAE, in AETOXGR.
    """
    meant = klass.map({c.id: c.scale for c in safety.special_interest}).fillna("CTCAE")
    said = by_word(ae["GRSCALE"], _scale).where(meant.ne("CTCAE"), None)
    own = ae["ASTCTGR"].notna() & meant.ne("CTCAE")
    scale = coalesce(said, meant.where(~own, "ASTCT"))
    stated = (said.notna() | own).map({True: STATED, False: ASSUMED})
    grade = ae["AETOXGR"].where(~own, ae["ASTCTGR"])
    return pd.DataFrame({"AETOXGR": grade, "AESCALE": scale, "AESCALEF": stated})


def _scale(text: object) -> str | None:
    """Return the first scale that a text names: ASTCT 2019 is ASTCT."""
    place = {normal(text).find(normal(scale)): scale for scale in GRADING_SCALE}
    named = {start: scale for start, scale in place.items() if start >= 0}
    return named[min(named)] if named else None


def late_events(safety: Safety, adae: pd.DataFrame, until: pd.Series) -> pd.DataFrame:
    """Return LATEFL (Y or N; None where the class has no late form) and LATEDT of each record.

    LATEDT is the first day on which the event counts as late. An event without an end goes on to
    the end of follow-up, ``until``.
    """
    flag = pd.Series(None, index=adae.index, dtype=object)
    date = pd.Series(pd.NaT, index=adae.index).astype(DATE)
    for name, late in safety.late.items():
        own = adae["AESICL"].eq(name) & adae["AREFDT"].notna()
        first = adae["AREFDT"] + np.timedelta64(late.after + 1, "D")
        hit = adae["ASTDT"] >= first
        if late.counts == "presence":
            hit |= (adae["ASTDT"] < first) & (adae["AENDT"].fillna(until) >= first)
        hit &= own & (adae["AETOXGR"] >= late.grade)
        flag = flag.where(~own, hit.map({True: "Y", False: "N"}))
        date = date.where(~hit, adae["ASTDT"].where(adae["ASTDT"] >= first, first))
    return pd.DataFrame({"LATEFL": flag, "LATEDT": date})
