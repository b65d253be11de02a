"""ADAE: every adverse event with its class, period, grade and scale (R38, R39)."""

import numpy as np
import pandas as pd

from cartend.config.safety import Safety
from cartend.subject.domains import DATE, coalesce, none_for_missing, upper, words
from cartend.subject.periods import followed_until, period_of, period_starts, reference_date

COLUMNS = words(
    "STUDYID USUBJID AESEQ AEDECOD AEBODSYS ASTDT ASTDTF AENDT ADURN AREFDT ASTDY APERIOD"
    " AESICL AETOXGR AESCALE AESCALEF AESER AEOUT AESDTH LATEFL LATEDT SPMFL SPMTYPE TCELLFL"
    " SPMCAUS"
    " SRCDOM SRCVAR SRCSEQ"
)
DATES = ("ASTDT", "AENDT", "AREFDT", "LATEDT")
NUMBERS = ("AETOXGR", "ADURN", "ASTDY")
SCALES = ("ASTCT", "LEE", "PENN", "CTCAE")
STATED, ASSUMED = "STATED", "ASSUMED"


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
    known = ae[ae["USUBJID"].isin(adsl.index)]
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
        out[name] = upper(known[name])
    out = out.join(late_events(safety, out, followed_until(of))).join(cases.reindex(out.index))
    out = out.assign(SRCDOM="AE", SRCVAR="AESTDTC", SRCSEQ=known["AESEQ"])
    return finish(out)


def finish(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ADAE in the columns, kinds and order of its contract."""
    out = frame.reindex(columns=COLUMNS)
    out = out.astype(dict.fromkeys(DATES, DATE) | dict.fromkeys(NUMBERS, float))
    for name in ("AESEQ", "SRCSEQ"):
        out[name] = pd.to_numeric(out[name]).fillna(1).astype("int64")
    text = [name for name in COLUMNS if name not in (*DATES, *NUMBERS, "AESEQ", "SRCSEQ")]
    out = none_for_missing(out.astype(dict.fromkeys(text, object)), text)
    return out.sort_values(["USUBJID", "AESEQ"], kind="stable").reset_index(drop=True)


def _start(ae: pd.DataFrame, reference: pd.Series) -> pd.Series:
    low, high = ae["AESTDT_LO"].astype(DATE), ae["AESTDT_HI"].astype(DATE)
    spans = (low < reference) & (reference <= high)
    return low.where(~spans, reference)


def special_interest(safety: Safety, ae: pd.DataFrame) -> pd.Series:
    """Return the class of each record, the first of the configuration that holds it, else None."""
    term, system = upper(ae["AEDECOD"]), upper(ae["AEBODSYS"])
    out = pd.Series(None, index=ae.index, dtype=object)
    for wanted in reversed(safety.special_interest):
        hit = term.isin([t.upper() for t in wanted.terms])
        hit |= system.isin([s.upper() for s in wanted.systems])
        for part in wanted.contains:
            hit |= term.astype("string").str.contains(part.upper(), regex=False, na=False)
        out = out.where(~hit, wanted.id)
    return out


def grades(safety: Safety, ae: pd.DataFrame, klass: pd.Series) -> pd.DataFrame:
    """Return AETOXGR, AESCALE and AESCALEF (stated or assumed) of each record.

    1. A class that is not graded by CTCAE takes ASTCTGR, the grade on the scale that GRSCALE names
       (ASTCT without one), else AETOXGR on the scale that GRSCALE or the configuration names.
    2. Every other event is graded by CTCAE, in AETOXGR.
    """
    meant = klass.map({c.id: c.scale for c in safety.special_interest}).fillna("CTCAE")
    said = upper(ae["GRSCALE"]).astype("string").str.extract(f"({'|'.join(SCALES)})")[0]
    said = said.astype(object).where(said.notna() & meant.ne("CTCAE"), None)
    own = ae["ASTCTGR"].notna() & meant.ne("CTCAE")
    scale = coalesce(said, meant.where(~own, "ASTCT"))
    stated = (said.notna() | own).map({True: STATED, False: ASSUMED})
    grade = ae["AETOXGR"].where(~own, ae["ASTCTGR"])
    return pd.DataFrame({"AETOXGR": grade, "AESCALE": scale, "AESCALEF": stated})


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
