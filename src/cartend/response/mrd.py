"""ADMRD: each MRD sample called negative, positive or indeterminate at the threshold (2.7, R29)."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from cartend.config.study import Mrd, Study
from cartend.contract.datasets.engine import CALL
from cartend.contract.datasets.response import ADMRD
from cartend.contract.records import has_role
from cartend.contract.terms.assessment import (
    CLEAR_IMAGING,
    MRD_CALL,
    MRD_METHOD,
    MRD_RESULT,
    RESPONSE_TEST,
    SPECIMEN,
)
from cartend.contract.text import capitals
from cartend.contract.vocabulary import Vocabulary
from cartend.response.dates import date_assessments
from cartend.response.tables import in_contract
from cartend.response.visits import label_by_schedule
from cartend.subject.domains import coalesce


def cells_needed(threshold: float) -> int:
    """Return the cells to analyse so that a true level T is missed with at most 5 %: -ln(0.05)/T.

    Poisson: P(0 cells | N T) = exp(-N T) <= 0.05 (specification 2.7).
    """
    return math.ceil(-math.log(0.05) / threshold)


def below_threshold(rows: pd.DataFrame, threshold: float) -> pd.Series:
    """Return True below T, False at or above it, None where neither number nor text says so."""
    text = MRD_RESULT.read(rows["LBSTRESC"])
    value = rows["LBSTRESN"]
    below = text.eq("NEGATIVE").astype(object).where(text.notna(), None)
    below = below.where(value.isna(), value < threshold)
    unsettled = text.isin(MRD_RESULT.group("unsettled"))
    return below.where(~unsettled & ~rows["LBSTAT"].eq("NOT DONE"), None)


def shortcomings(rows: pd.DataFrame, plan: Mrd) -> dict[str, pd.Series]:
    """Return why a sample cannot prove negativity: text -> whether it holds for each row.

    ``rows`` holds LBSPEC LBMETHOD LBLLOD MRDCELLS HEMODIL TRACKABL (sample, else subject).
    """
    spec, method = rows["LBSPEC"], rows["LBMETHOD"]
    limit, cells = rows["LBLLOD"], rows["MRDCELLS"]
    needed = cells_needed(plan.threshold)
    diluted = rows["HEMODIL"].eq("Y") & (plan.haemodiluted == "indeterminate")
    lost = rows["TRACKABL"].eq("N") & plan.require_trackable
    return {
        "specimen not stated": spec.isna(),
        "specimen not per protocol": spec.notna() & ~spec.isin(codes(SPECIMEN, plan.specimens)),
        "method not stated": method.isna(),
        "method not per protocol": method.notna() & ~method.isin(codes(MRD_METHOD, plan.methods)),
        "limit of detection not stated": limit.isna(),
        f"limit of detection above {plan.threshold:g}": limit > plan.threshold,
        f"fewer than {needed} cells": cells < needed,
        "haemodiluted": diluted,
        "no trackable clone at baseline": lost,
    }


def codes(vocabulary: Vocabulary, texts: Iterable[str]) -> list[str]:
    """Return what the data hold for some texts of a plan: codes, other words in capitals."""
    return [vocabulary.code(text) or capitals(text) for text in texts]


def call_samples(rows: pd.DataFrame, plan: Mrd) -> pd.DataFrame:
    """Return the rows with AVALC (NEG, POS, INDETERMINATE), CALLRS and THRESH.

    1. NEG: below T, by a sample that could have shown T (no shortcoming).
    2. POS: at or above T; or reported positive by a sample with a shortcoming.
    3. Everything else INDETERMINATE, never negative by default. Unknown cells count as enough
       only beside a limit of detection at or below T, and CALLRS says so.
    """
    below = below_threshold(rows, plan.threshold)
    faults = shortcomings(rows, plan)
    short = pd.concat(faults, axis=1).any(axis=1) if len(rows) else pd.Series(dtype=bool)
    text = pd.Series("", index=rows.index, dtype=object)
    for reason, holds in faults.items():
        text = text.mask(holds, text.where(text.eq(""), text + "; ") + reason)
    is_below, is_above = below.eq(True), below.eq(False)
    reported = is_below & short & MRD_RESULT.read(rows["LBSTRESC"]).eq("POSITIVE")
    negative, positive = is_below & ~short, is_above | reported
    call = np.where(negative, "NEG", np.where(positive, "POS", "INDETERMINATE"))
    low = f"below {plan.threshold:g}"
    noted = low + rows["MRDCELLS"].isna().map(
        {True: "; cells not stated, limit of detection taken as proof", False: ""}
    )
    why = np.select(
        [negative, is_above, reported, is_below],
        [noted, f"at or above {plan.threshold:g}", "reported positive; " + text, text],
        _no_result(rows),
    )
    return rows.assign(AVALC=call.astype(object), CALLRS=why, THRESH=plan.threshold)


def _no_result(rows: pd.DataFrame) -> pd.Series:
    """Return why a sample has no result: not done, reported indeterminate, or blank."""
    said = rows["LBSTRESC"].notna()
    why = said.map({True: "result reported indeterminate", False: "no result"})
    return why.mask(rows["LBSTAT"].eq("NOT DONE"), "not done").astype(object)


def choose_samples(rows: pd.DataFrame, plan: Mrd, by: tuple[str, ...] = ()) -> pd.Series:
    """Return a flag: Y for the one sample per USUBJID and ADT (and ``by``) that counts.

    A sample per protocol before any other, then positive before negative before indeterminate,
    then the lower sequence number; a sample without a date never counts.
    """
    off = ~rows["LBSPEC"].isin(codes(SPECIMEN, plan.specimens))
    order = rows.assign(off=off, place=rows["AVALC"].map(MRD_CALL.place))
    order = order[rows["ADT"].notna()].sort_values(["USUBJID", "ADT", "off", "place", "SEQ"])
    first = order.drop_duplicates(["USUBJID", "ADT", *by]).index
    return pd.Series(np.where(rows.index.isin(first), "Y", "N"), index=rows.index, dtype=object)


def detectable_below(rows: pd.DataFrame) -> pd.Series:
    """Return Y for a negative sample that found something, N for one that did not (D52).

    What lies below the limit of detection is nothing found; a sample that is not negative has none.
    """
    value, limit = rows["LBSTRESN"], rows["LBLLOD"]
    found = (value > 0) & ~(value < limit)
    flag = found.map({True: "Y", False: "N"}).astype(object)
    return flag.where(rows["AVALC"].eq("NEG"), None)


def call_column(threshold: float) -> str:
    """Return the ADMRD column of the call at a threshold: CALL1E5 for 1e-5."""
    return f"{CALL}{threshold:.0e}".replace("e-0", "E").replace("e-", "E")


def every_threshold(plan: Mrd) -> tuple[float, ...]:
    """Return the thresholds at which samples are called, the study's own among them."""
    return tuple(sorted({plan.threshold, *plan.thresholds}, reverse=True))


def side_by_side(rows: pd.DataFrame, plan: Mrd) -> pd.DataFrame:
    """Return the rows with the call at each threshold, each sample judged as of its own specimen.

    What a specimen of the protocol proves is its AVALC; a specimen of its own (PLASMA: ctDNA) is
    judged here by everything but that.
    """
    own = rows["LBSPEC"].dropna().unique()
    specimens = tuple(sorted({*codes(SPECIMEN, plan.specimens), *own}))
    calls = {}
    for threshold in every_threshold(plan):
        own_plan = plan.model_copy(update={"threshold": threshold, "specimens": specimens})
        calls[call_column(threshold)] = call_samples(rows, own_plan)["AVALC"]
    return rows.assign(**calls)


def imaging_near(rows: pd.DataFrame, rs: pd.DataFrame, study: Study) -> pd.Series:
    """Return IMAGNEG: Y where imaging near the sample was negative, N where it was not, else None.

    RS METBRESP of the primary evaluator, CMR, CR or NEGATIVE; the nearest within ``imaging_days``.
    """
    by_metabolism = RESPONSE_TEST.read(rs["RSTESTCD"]).eq("METBRESP")
    scan = rs[by_metabolism & has_role(rs, "component") & rs["RSDT_LO"].notna()]
    scan = scan[coalesce(scan["EVAL"], "INV").eq(study.primary_evaluator)]
    pairs = (
        rows[["USUBJID", "ADT"]]
        .reset_index()
        .merge(scan[["USUBJID", "RSDT_LO", "RSSTRESC"]], on="USUBJID")
    )
    pairs["apart"] = (pairs["RSDT_LO"] - pairs["ADT"]).dt.days.abs()
    pairs = pairs[pairs["apart"] <= study.mrd.imaging_days]
    nearest = pairs.sort_values(["index", "apart", "RSDT_LO"]).drop_duplicates("index")
    seen = CLEAR_IMAGING.read(nearest["RSSTRESC"])
    clear = seen.notna().map({True: "Y", False: "N"})
    out = pd.Series(None, index=rows.index, dtype=object)
    out.loc[nearest["index"]] = clear.to_numpy(dtype=object)
    return out


def derive_admrd(
    study: Study, lb: pd.DataFrame, adsl: pd.DataFrame, rs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return ADMRD: one row per MRD sample of LB, with its call at the study's threshold.

    Beside it the calls at every threshold of ``thresholds`` (CALL1E4...), and, with ``rs``, what
    imaging near the sample said. ANL01FL: the sample of its day; ANL02FL: of its day and specimen.
    """
    mine = has_role(lb, "mrd_sample") & lb["USUBJID"].isin(adsl["USUBJID"])
    names = {"LBSEQ": "SEQ", "LBDT_LO": "LO", "LBDT_HI": "HI", "LBDTF": "FLAG"}
    rows = lb[mine].reset_index(drop=True).rename(columns=names)
    subjects = adsl.set_index("USUBJID")
    clone = rows["USUBJID"].map(subjects["MRDTRKFL"])
    rows["TRACKABL"] = coalesce(rows["TRACKABL"], clone)
    rows = side_by_side(call_samples(rows, study.mrd), study.mrd)
    limits = subjects[["CUTDT", "DTHDTHI"]].min(axis=1)
    rows = date_assessments(rows.assign(EVAL=""), limits, progression=())
    rows["DETBLFL"] = detectable_below(rows)
    rows["ANL01FL"] = choose_samples(rows, study.mrd)
    rows["ANL02FL"] = choose_samples(rows, study.mrd, by=("LBSPEC",))
    rows["IMAGNEG"] = None if rs is None or rows.empty else imaging_near(rows, rs, study)
    rows = label_by_schedule(rows, adsl, study)
    rows["STUDYID"] = rows["USUBJID"].map(subjects["STUDYID"])
    rows = rows.assign(AVAL=rows["LBSTRESN"], SRCDOM="LB", SRCVAR="LBDTC", SRCSEQ=rows["SEQ"])
    rows = rows.assign(PARAMCD="MRD", PARAM="Minimal residual disease")
    return finish_admrd(rows, tuple(call_column(value) for value in every_threshold(study.mrd)))


def finish_admrd(rows: pd.DataFrame, calls: tuple[str, ...]) -> pd.DataFrame:
    """Return ADMRD in the columns, kinds and order of its contract."""
    rows = rows.sort_values(["USUBJID", "ADT", "SRCSEQ"], kind="stable")
    return in_contract(rows, ADMRD, calls)
