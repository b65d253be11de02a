"""ADEVT: the dated clinical events that endpoint definitions refer to, one row a record."""

import numpy as np
import pandas as pd

from cartend.contract.datasets.sdtm import START_DATE
from cartend.contract.datasets.subject import ADEVT, ADEVT_ORDER
from cartend.contract.records import of_role, own_roles
from cartend.contract.terms.adverse import MALIGNANT, NOT_SECOND
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.disposition import DISPOSITION
from cartend.contract.terms.roles import DATED_AS, ROLE
from cartend.contract.terms.therapy import NEW_THERAPY_REASON
from cartend.contract.text import holds_any
from cartend.subject.domains import DATE, coalesce, none_for_missing
from cartend.subject.records import Domains, role_rows, rows_of, stacked

CONDITIONING_DAYS = 21


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


def new_therapies(domains: Domains) -> pd.DataFrame:
    """Return the records of new anticancer therapy as NEW_THERAPY rows."""
    return role_rows(domains, "new_therapy", "NEW_THERAPY")


def transplants(domains: Domains) -> pd.DataFrame:
    """Return the transplantations with PLANNED: part of the assigned strategy or not."""
    return role_rows(domains, "transplantation", "HSCT").assign(CLASS="HSCT")


def mark_conditioning(therapies: pd.DataFrame, hsct: pd.DataFrame) -> pd.DataFrame:
    """Return the new therapies, those that condition for an HSCT as KIND HSCT_CONDITIONING.

    A planned or consolidating drug started at most 21 days before an HSCT belongs to it (D15).
    """
    belonging = NEW_THERAPY_REASON.group("belongs_to_transplantation")
    drugs = therapies[therapies["SRCDOM"].eq("CM") & therapies["REASON"].isin(belonging)]
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
    rows["REASON"] = rows["NATREAS"].where(rows["NATREAS"].notna() | ~crossed, "EFFICACY")
    return pd.concat([rows, rows[crossed].assign(KIND="NEW_THERAPY")])[ADEVT.names]


def procedures(domains: Domains) -> pd.DataFrame:
    """Return the LYMPHODEPLETION and LEUKAPHERESIS rows."""
    roles = ROLE.group("after_washout")
    return stacked([_bare(role_rows(domains, role, DATED_AS[role])) for role in roles])


def _bare(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of which only the day and what was given are told."""
    return rows.assign(REASON=None, PLANNED=None, CLASS=None)


def own_events(domains: Domains) -> pd.DataFrame:
    """Return the records of each role of the study's own, KIND being the role's id."""
    roles = {role for name in START_DATE for role in own_roles(domains[name])}
    parts = [role_rows(domains, role, role) for role in sorted(roles)]
    return stacked(parts) if parts else role_rows(domains, "", "").iloc[:0]


def is_second_malignancy(terms: pd.Series) -> pd.Series:
    """Return which terms name a malignancy, signs of the disease under study left out."""
    return holds_any(terms, MALIGNANT) & ~holds_any(terms, NOT_SECOND)


def second_malignancies(ae: pd.DataFrame, dd: pd.DataFrame, deaths: pd.DataFrame) -> pd.DataFrame:
    """Return SECOND_MALIGNANCY rows: malignant adverse events, and deaths from one (R42).

    ``deaths`` holds LO, HI and FLAG by USUBJID and dates a death record without a date. Signs of
    the disease under study (progression, recurrence, flare, lysis) are not second malignancies.
    """
    hits = of_role(ae, "adverse_event")
    hits = hits[is_second_malignancy(hits["AEDECOD"])]
    adverse = rows_of(hits, "AESTDTC", "SECOND_MALIGNANCY", WHAT=hits["AEDECOD"])
    fatal = of_role(dd, "cause_of_death")
    fatal = fatal[CAUSE.read(fatal["DDSTRESC"]).eq("SECOND MALIGNANCY")]
    fatal = fatal[~fatal["USUBJID"].isin(adverse["USUBJID"])]
    died = rows_of(fatal, "DDDTC", "SECOND_MALIGNANCY", WHAT=fatal["DDSTRESC"])
    for column, source in {"LO": "LO", "HI": "HI", "ADTF": "FLAG"}.items():
        died[column] = died[column].where(died[column].notna(), died["USUBJID"].map(deaths[source]))
    return pd.concat([adverse, died], ignore_index=True)


def clinical_progressions(ds: pd.DataFrame) -> pd.DataFrame:
    """Return CLINICAL_PD rows: dispositions that name progression or relapse as their reason."""
    rows = of_role(ds, "disposition")
    rows = rows[rows["DSDECOD"].isin(DISPOSITION.group("clinical_progression"))]
    return rows_of(rows, "DSSTDTC", "CLINICAL_PD", WHAT=rows["DSDECOD"])


def therapies_and_transplants(
    domains: dict[str, pd.DataFrame], labelled: pd.DataFrame, cutoff: pd.Timestamp
) -> pd.DataFrame:
    """Return NEW_THERAPY, HSCT_CONDITIONING, HSCT and the infusion events, dated."""
    seen = assessment_days(domains["rs"])
    hsct = date_start(transplants(domains), seen, cutoff)
    drugs = mark_conditioning(date_start(new_therapies(domains), seen, cutoff), hsct)
    return stack_events(drugs, hsct, infusion_events(labelled))


def stack_events(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return the events of all parts with a date, in the columns and order of ADEVT."""
    names = ADEVT.names
    kept = [part[names].astype(object) for part in parts if len(part)]
    rows = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=names)
    rows = rows.astype(dict.fromkeys(ADEVT.of_kind("date"), DATE))
    rows = rows[rows["ADT"].notna()].sort_values(ADEVT_ORDER, kind="stable").reset_index(drop=True)
    rows["SRCSEQ"] = pd.to_numeric(rows["SRCSEQ"]).fillna(1).astype("int64")
    return none_for_missing(rows, ADEVT.of_kind("text"))
