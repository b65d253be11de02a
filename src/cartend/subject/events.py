"""ADEVT: the dated clinical events that endpoint definitions refer to, one row a record."""

import numpy as np
import pandas as pd

from cartend.subject.domains import DATE, coalesce, none_for_missing, upper, words

COLUMNS = words("USUBJID KIND ADT ADTF ADTLO ADTHI REASON PLANNED WHAT CLASS SRCDOM SRCVAR SRCSEQ")
SORT = ["USUBJID", "ADT", "KIND", "SRCDOM", "SRCSEQ"]
CONDITIONING_DAYS = 21
CONDITIONING_REASONS = ("PLANNED", "CONSOLIDATION")
MALIGNANT = (
    "MALIGNAN|CARCINOMA|LEUKAEMIA|LEUKEMIA|LYMPHOMA|SARCOMA|MELANOMA|CANCER|MYELODYSPLA|ADENOCARC"
    "|BLASTOMA|GLIOMA|MYELOMA|MESOTHELIOMA"
)
NOT_SECOND = "PROGRESSION|RECURREN|RELAPSE|FLARE|LYSIS|BENIGN|PAIN|PERICARDIAL|PLEURAL|ASCITES"


def assessment_days(rs: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID and ADT of every completely dated disease assessment, by date."""
    dated = rs[rs["RSDT_LO"].notna() & rs["RSDT_LO"].eq(rs["RSDT_HI"])]
    days = dated[["USUBJID", "RSDT_LO"]].drop_duplicates()
    return days.rename(columns={"RSDT_LO": "ADT"}).sort_values("ADT")


def date_start(rows: pd.DataFrame, seen: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Return the rows with ADT, ADTLO, ADTHI made of LO, HI and ADTF (P17, D4).

    ``seen`` holds USUBJID and ADT of the disease assessments, sorted by ADT; the last one on or
    before HI bounds a partial start from below.

    1. Complete: that day.
    2. Day missing: the earliest possible day, not before the last assessment.
    3. Month missing: the middle of [last assessment + 1, min(HI, cut-off)], rounded down.
    """
    rows = rows.assign(ADTF=coalesce(rows["ADTF"], ""), ADT=rows["LO"], ADTLO=rows["LO"])
    high = rows["HI"].where(~(rows["HI"] > cutoff) | (rows["LO"] > cutoff), cutoff)
    rows = rows.assign(ADTHI=high.astype(DATE)).reset_index(drop=True)
    some = rows[rows["ADTF"].ne("") & rows["ADT"].notna()]
    if len(some):
        rows.loc[some.index, ["ADT", "ADTLO"]] = _bounded_start(some, seen)
    return rows.drop(columns=["LO", "HI"])


def _bounded_start(some: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Return ADT and ADTLO of partially dated rows, bounded by the last assessment before."""
    left = some[["USUBJID", "ADTHI"]].rename_axis("row").reset_index().sort_values("ADTHI")
    right = seen[seen["USUBJID"].isin(left["USUBJID"])].rename(columns={"ADT": "last"})
    last = pd.merge_asof(left, right, left_on="ADTHI", right_on="last", by="USUBJID")
    last = last.set_index("row")["last"].reindex(some.index)
    month = some["ADTF"].eq("M")
    bound = last.where(~month, last + np.timedelta64(1, "D"))
    bound = bound.where(~(bound > some["ADTHI"]), some["ADTHI"])
    low = some["ADTLO"].where(~(bound > some["ADTLO"]), bound)
    day = np.timedelta64(1, "D")
    middle = low + ((some["ADTHI"] - low) // (2 * day)) * day
    return pd.DataFrame({"ADT": low.where(~month, middle), "ADTLO": low}).astype(DATE)


def rows_of(frame: pd.DataFrame, dtc: str, kind: str, **columns: object) -> pd.DataFrame:
    """Return records of one domain as events with LO and HI still undecided.

    ``columns`` gives REASON, PLANNED, WHAT and CLASS as a series or a constant.
    """
    domain = dtc[:2]
    stem = dtc[:-1]
    base = {
        "USUBJID": frame["USUBJID"],
        "KIND": kind,
        "LO": frame[f"{stem}_LO"],
        "HI": frame[f"{stem}_HI"],
        "ADTF": frame[f"{stem}F"],
        "SRCDOM": domain,
        "SRCVAR": dtc,
        "SRCSEQ": frame[f"{domain}SEQ"],
    }
    base |= {name: columns.get(name) for name in ("REASON", "PLANNED", "WHAT", "CLASS")}
    return pd.DataFrame(base, index=frame.index)


def new_therapies(cm: pd.DataFrame, pr: pd.DataFrame) -> pd.DataFrame:
    """Return the subsequent anti-cancer drugs and radiotherapies as NEW_THERAPY rows."""
    drugs = cm[upper(cm["CMCAT"]).eq("SUBSEQUENT ANTI-CANCER THERAPY")]
    rays = pr[upper(pr["PRCAT"]).eq("SUBSEQUENT RADIOTHERAPY")]
    what = coalesce(drugs["CMDECOD"], drugs["CMTRT"])
    reason = upper(drugs["NATREAS"])
    parts = [
        rows_of(
            drugs, "CMSTDTC", "NEW_THERAPY", REASON=reason, WHAT=what, CLASS=upper(drugs["CMCLAS"])
        ),
        rows_of(
            rays,
            "PRSTDTC",
            "NEW_THERAPY",
            REASON=upper(rays["NATREAS"]),
            WHAT=rays["PRTRT"],
            CLASS="RADIOTHERAPY",
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def transplants(pr: pd.DataFrame) -> pd.DataFrame:
    """Return the HSCT procedures with PLANNED: part of the assigned strategy or not."""
    rows = pr[upper(pr["PRCAT"]).eq("HSCT")]
    return rows_of(
        rows,
        "PRSTDTC",
        "HSCT",
        PLANNED=upper(rows["PLANNED"]),
        REASON=upper(rows["NATREAS"]),
        WHAT=rows["PRTRT"],
        CLASS="HSCT",
    )


def mark_conditioning(therapies: pd.DataFrame, hsct: pd.DataFrame) -> pd.DataFrame:
    """Return the new therapies, those that condition for an HSCT as KIND HSCT_CONDITIONING.

    A planned or consolidating drug started at most 21 days before an HSCT belongs to it (D15).
    """
    drugs = therapies[therapies["SRCDOM"].eq("CM") & therapies["REASON"].isin(CONDITIONING_REASONS)]
    pairs = drugs[["USUBJID", "ADT"]].rename_axis("row").reset_index()
    pairs = pairs.merge(hsct[["USUBJID", "ADT"]], on="USUBJID", suffixes=("", "_HSCT"))
    days = (pairs["ADT_HSCT"] - pairs["ADT"]).dt.days
    belongs = pairs.loc[days.between(0, CONDITIONING_DAYS), "row"].unique()
    kind = therapies["KIND"].mask(therapies.index.isin(belongs), "HSCT_CONDITIONING")
    return therapies.assign(KIND=kind)


def infusion_events(labelled: pd.DataFrame) -> pd.DataFrame:
    """Return INFUSION, REINFUSION and CROSSOVER rows; a crossover is a NEW_THERAPY too (D15)."""
    rows = labelled.dropna(subset=["KIND"])
    rows = rows.assign(ADTF=coalesce(rows["ADTF"], ""), CLASS="CAR-T", PLANNED=None)
    crossed = rows["KIND"].eq("CROSSOVER")
    reason = upper(rows["NATREAS"])
    rows["REASON"] = reason.where(reason.notna() | ~crossed, "EFFICACY")
    return pd.concat([rows, rows[crossed].assign(KIND="NEW_THERAPY")])[COLUMNS]


def procedures(ex: pd.DataFrame, pr: pd.DataFrame) -> pd.DataFrame:
    """Return the LYMPHODEPLETION and LEUKAPHERESIS rows."""
    depleted = ex[upper(ex["EXCAT"]).eq("LYMPHODEPLETION")]
    collected = pr[upper(pr["PRCAT"]).eq("LEUKAPHERESIS")]
    parts = [
        rows_of(depleted, "EXSTDTC", "LYMPHODEPLETION", WHAT=depleted["EXTRT"]),
        rows_of(collected, "PRSTDTC", "LEUKAPHERESIS", WHAT=collected["PRTRT"]),
    ]
    return pd.concat(parts, ignore_index=True)


def is_second_malignancy(terms: pd.Series) -> pd.Series:
    """Return which terms name a malignancy, signs of the disease under study left out."""
    term = upper(terms).astype("string")
    return term.str.contains(MALIGNANT, na=False) & ~term.str.contains(NOT_SECOND, na=False)


def second_malignancies(ae: pd.DataFrame, dd: pd.DataFrame, deaths: pd.DataFrame) -> pd.DataFrame:
    """Return SECOND_MALIGNANCY rows: malignant adverse events, and deaths from one (R42).

    ``deaths`` holds LO, HI and FLAG by USUBJID and dates a death record without a date. Signs of
    the disease under study (progression, recurrence, flare, lysis) are not second malignancies.
    """
    hit = is_second_malignancy(ae["AEDECOD"])
    adverse = rows_of(ae[hit], "AESTDTC", "SECOND_MALIGNANCY", WHAT=ae.loc[hit, "AEDECOD"])
    fatal = dd[upper(dd["DDSTRESC"]).isin(["SECOND MALIGNANCY", "SECOND PRIMARY MALIGNANCY"])]
    fatal = fatal[~fatal["USUBJID"].isin(adverse["USUBJID"])]
    died = rows_of(fatal, "DDDTC", "SECOND_MALIGNANCY", WHAT=fatal["DDSTRESC"])
    for column, source in {"LO": "LO", "HI": "HI", "ADTF": "FLAG"}.items():
        died[column] = died[column].where(died[column].notna(), died["USUBJID"].map(deaths[source]))
    return pd.concat([adverse, died], ignore_index=True)


def clinical_progressions(ds: pd.DataFrame) -> pd.DataFrame:
    """Return CLINICAL_PD rows: dispositions that name progression or relapse as their reason."""
    rows = ds[upper(ds["DSDECOD"]).isin(["PROGRESSIVE DISEASE", "DISEASE RELAPSE"])]
    return rows_of(rows, "DSSTDTC", "CLINICAL_PD", WHAT=rows["DSDECOD"])


def therapies_and_transplants(
    domains: dict[str, pd.DataFrame], labelled: pd.DataFrame, cutoff: pd.Timestamp
) -> pd.DataFrame:
    """Return NEW_THERAPY, HSCT_CONDITIONING, HSCT and the infusion events, dated."""
    cm, pr, rs = domains["cm"], domains["pr"], domains["rs"]
    seen = assessment_days(rs)
    hsct = date_start(transplants(pr), seen, cutoff)
    drugs = mark_conditioning(date_start(new_therapies(cm, pr), seen, cutoff), hsct)
    return stack_events(drugs, hsct, infusion_events(labelled))


def stack_events(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return the events of all parts with a date, in the columns and order of ADEVT."""
    kept = [part[COLUMNS].astype(object) for part in parts if len(part)]
    rows = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)
    rows = rows.astype({"ADT": DATE, "ADTLO": DATE, "ADTHI": DATE})
    rows = rows[rows["ADT"].notna()].sort_values(SORT, kind="stable").reset_index(drop=True)
    rows["SRCSEQ"] = pd.to_numeric(rows["SRCSEQ"]).fillna(1).astype("int64")
    text = [name for name in COLUMNS if name not in ("ADT", "ADTLO", "ADTHI", "SRCSEQ")]
    return none_for_missing(rows, text)
