"""Prior therapy as records with their line, counted as IMWG counts (specification 1.2).

Induction, transplantation and maintenance are one line; a planned sequence is one line. The line
number of the case report form is taken, and lines of consolidation, conditioning or maintenance
alone join the line before them, unless that one had progressed.
"""

import pandas as pd

from cartend.config.eligibility import Counting
from cartend.contract.records import of_role
from cartend.contract.terms.therapy import LINE_PHASE
from cartend.contract.text import in_capitals, is_one_of
from cartend.subject.domains import coalesce

DATES = (("CMSTDT", "START"), ("CMENDT", "END"), ("PDDT", "PD"), ("CRDT", "CR"))


def prior_therapy(cm: pd.DataFrame, counting: Counting) -> pd.DataFrame:
    """Return the records of prior therapy, by subject and record number.

    USUBJID SEQ RECORD (``CM 5``) WHAT CLASS LINE (as counted, missing where a record of the
    subject has no number) BEST PHASE INTOLER FULLDOSE CYCLES, and START, END, PD, CR each with
    _LO and _HI. PD and CR are those of the line where a record does not hold them itself.
    """
    rows = of_role(cm, "prior_therapy")
    rows = rows.sort_values(["USUBJID", "CMSEQ"], kind="stable").reset_index(drop=True)
    out = pd.DataFrame({"USUBJID": rows["USUBJID"], "SEQ": rows["CMSEQ"].fillna(0).astype("int64")})
    out["RECORD"] = "CM " + out["SEQ"].astype(str)
    out["WHAT"] = in_capitals(coalesce(rows["CMDECOD"], rows["CMTRT"]))
    out["CLASS"], out["BEST"] = rows["CMCLAS"], in_capitals(rows["BESTRESP"])
    out["PHASE"] = LINE_PHASE.read_or_keep(rows["PHASE"])
    out["INTOLER"], out["FULLDOSE"] = rows["INTOLER"], rows["FULLDOSE"]
    out["CYCLES"] = rows["CYCLES"]
    for stem, name in DATES:
        out[f"{name}_LO"], out[f"{name}_HI"] = rows[f"{stem}_LO"], rows[f"{stem}_HI"]
    unnumbered = out["USUBJID"].isin(rows.loc[rows["LINE"].isna(), "USUBJID"])
    out["LINE"] = rows["LINE"].where(~unnumbered)
    return out.assign(LINE=counted_lines(out, counting))


def counted_lines(records: pd.DataFrame, counting: Counting) -> pd.Series:
    """Return the line of each record, counted from 1 without gaps.

    1. A recorded line all of whose records are in a joining phase joins the line before it.
    2. Unless the line before had progressed on or before the day on which this one started.
    """
    numbered = records[records["LINE"].notna()]
    numbered = numbered.assign(joins=is_one_of(numbered["PHASE"], counting.joins))
    by_line = numbered.groupby(["USUBJID", "LINE"])
    lines = by_line.agg(joins=("joins", "all"), start=("START_LO", "min"), end=("PD_LO", "min"))
    first = lines.groupby(level=0).cumcount().eq(0)
    before = lines["end"].groupby(level=0).shift()
    joins = lines["joins"] & ~first & ~before.le(lines["start"])
    number = (~joins).astype(int).groupby(level=0).cumsum()
    keys = pd.MultiIndex.from_frame(records[["USUBJID", "LINE"]])
    return pd.Series(number.reindex(keys).to_numpy(dtype=float), index=records.index)


def chosen_lines(records: pd.DataFrame, line: str) -> pd.DataFrame:
    """Return the records of the first, the last, the later (second on) lines, or of any.

    A record without a number is in none of them but ``any``.
    """
    if line == "any":
        return records
    if line == "later":
        return records[records["LINE"].ge(2)]
    number = {"first": "min", "last": "max"}[line]
    return records[records["LINE"].eq(records.groupby("USUBJID")["LINE"].transform(number))]
