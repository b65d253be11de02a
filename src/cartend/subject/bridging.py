"""Bridging therapy between leukapheresis and lymphodepletion, and its classes (D19)."""

import numpy as np
import pandas as pd

from cartend.subject.domains import DATE, coalesce, upper, words
from cartend.subject.events import rows_of

NOT_APPLICABLE = "NOT APPLICABLE"
EVER = pd.Timestamp("1900-01-01")
COLUMNS = words("BRIDGE BRIDGEFL BRSAMEFL BRCLASS BRALKFL BRIMIDFL BRSTDT BRENDT BRNREC")
CHEMOTHERAPY = ("ALKYLATOR", "PLATINUM", "ANTHRACYCLINE", "ANTIMETABOLITE", "VINCA")
# class of one record (specification 7.1); chemotherapy is split by INTENS into B2 and B3
CLASS_OF = {
    "CORTICOSTEROID": "B1",
    "IMID": "B4",
    "BISPECIFIC": "B6",
    "CAR-T": "B6",
    "RADIOTHERAPY": "B8",
}
TARGETED = "B5"
INTENSIVE_UNLESS_STATED = ("PLATINUM",)
CLASSES = {
    "B0": "none",
    "B1": "corticosteroid only",
    "B2": "chemotherapy, low or intermediate",
    "B3": "chemotherapy, intensive",
    "B4": "IMiD-based",
    "B5": "targeted or antibody",
    "B6": "T-cell redirecting",
    "B8": "radiotherapy",
    "B9": "combined or sequential",
}


def bridging_interval(subjects: pd.DataFrame, therapy: pd.Series) -> pd.DataFrame:
    """Return, per USUBJID, the first day of bridging and the first day after it.

    ``subjects`` holds LEUKDT LDDT TRTSDT LOSTDT DTHDT CUTDT, ``therapy`` the first new therapy.
    It runs from leukapheresis to lymphodepletion, else infusion; for the not infused to new
    therapy, else to the end of follow-up, that day included (D19). Where no subject of the study
    has a leukapheresis date, the category alone places a record.
    """
    followed = subjects[["LOSTDT", "DTHDT", "CUTDT"]].min(axis=1) + np.timedelta64(1, "D")
    stop = subjects["LDDT"].fillna(subjects["TRTSDT"])
    stop = stop.fillna(therapy.reindex(subjects.index)).fillna(followed)
    start = subjects["LEUKDT"]
    if start.isna().all():
        start = start.fillna(EVER)
    return pd.DataFrame({"start": start.astype(DATE), "stop": stop.astype(DATE)})


def bridging_records(cm: pd.DataFrame, pr: pd.DataFrame) -> pd.DataFrame:
    """Return the records labelled bridging as events, with INTENS, TARGET and END besides."""
    drugs = cm[upper(cm["CMCAT"]).eq("BRIDGING THERAPY")]
    rays = pr[upper(pr["PRCAT"]).eq("BRIDGING RADIOTHERAPY")]
    drug = rows_of(
        drugs,
        "CMSTDTC",
        "BRIDGING",
        WHAT=coalesce(drugs["CMDECOD"], drugs["CMTRT"]),
        CLASS=upper(drugs["CMCLAS"]),
    )
    drug = drug.assign(
        INTENS=upper(drugs["INTENS"]), TARGET=upper(drugs["TARGET"]), END=drugs["CMENDT_HI"]
    )
    ray = rows_of(rays, "PRSTDTC", "BRIDGING", WHAT=rays["PRTRT"], CLASS="RADIOTHERAPY")
    ray = ray.assign(INTENS=None, TARGET=None, END=rays["PRENDT_HI"])
    return pd.concat([drug, ray], ignore_index=True)


def within_interval(records: pd.DataFrame, interval: pd.DataFrame) -> pd.DataFrame:
    """Return the records that may lie in the subject's interval, with ADT, ADTLO, ADTHI.

    A record that started before leukapheresis is holding therapy. A partial start counts where
    any of its possible days lies in the interval, and is dated at the first of them; a record
    without a start is placed by its category, at the start of the interval.
    """
    start, stop = (records["USUBJID"].map(interval[name]) for name in ("start", "stop"))
    inside = start.notna() & ~(records["HI"] < start) & ~(records["LO"] >= stop)
    rows = records[inside]
    day = np.timedelta64(1, "D")
    low = rows["LO"].where(rows["LO"] >= start[inside], start[inside])
    low = low.where(low > EVER)
    last = stop[inside] - day
    high = rows["HI"].where(rows["HI"] <= last, last)
    flag = coalesce(rows["ADTF"].where(rows["LO"].notna(), "Y"), "")
    return rows.assign(ADT=low, ADTLO=low, ADTHI=high, ADTF=flag).drop(columns=["LO", "HI"])


def record_class(records: pd.DataFrame) -> pd.Series:
    """Return the class B1-B6 or B8 of each record.

    Chemotherapy is B3 where INTENS = Y, B2 where N; unstated, platinum is B3 and the rest B2.
    A class outside the table (OTHER, or blank) is B5 unless INTENS says that it is chemotherapy.
    """
    cls = records["CLASS"]
    stated = records["INTENS"].map({"Y": "B3", "N": "B2"}).astype(object)
    unstated = cls.isin(INTENSIVE_UNLESS_STATED).map({True: "B3", False: "B2"})
    chemo = coalesce(stated, unstated)
    other = coalesce(stated.where(cls.isna() | cls.eq("OTHER"), TARGETED), TARGETED)
    fixed = cls.map(CLASS_OF).astype(object)
    return chemo.where(cls.isin(CHEMOTHERAPY), coalesce(fixed, other))


def same_target(records: pd.DataFrame, antigen: str) -> pd.Series:
    """Return whether a record hits the antigen of the CAR (R19): TARGET, else its CMCLAS."""
    if not antigen:
        return pd.Series(False, index=records.index)
    wanted = antigen.upper()
    hits = records["TARGET"].astype("string").str.split(r"[^A-Z0-9]+", regex=True)
    said = hits.explode().eq(wanted).groupby(level=0).any().reindex(records.index)
    by_class = records["TARGET"].isna() & records["CLASS"].eq(f"ANTI-{wanted}")
    return said.eq(True) | by_class


def derive_bridging(records: pd.DataFrame, control: pd.Series, antigen: str) -> pd.DataFrame:
    """Return, per USUBJID, the columns of D19 from the records inside the interval.

    1. BRIDGE: first match of ALKYLATOR, IMID, OTHER; NONE without a record.
    2. BRCLASS: B0 none, B1 steroids alone, the one class of the rest, B9 for two or more.
    3. BRSAMEFL, BRALKFL, BRIMIDFL: any record of that kind; never a class of their own.
    4. Control arm: NOT APPLICABLE throughout.
    """
    subjects = control.index
    flags = pd.DataFrame(
        {
            "USUBJID": records["USUBJID"],
            "alkylator": records["CLASS"].eq("ALKYLATOR"),
            "imid": records["CLASS"].eq("IMID"),
            "same": same_target(records, antigen),
        }
    )
    any_of = flags.groupby("USUBJID").any().reindex(subjects, fill_value=False).astype(bool)
    grouped = records.groupby("USUBJID")
    count = grouped.size().reindex(subjects, fill_value=0)
    out = pd.DataFrame(index=subjects)
    order = [count.eq(0), any_of["alkylator"], any_of["imid"]]
    out["BRIDGE"] = np.select(order, ["NONE", "ALKYLATOR", "IMID"], "OTHER").astype(object)
    out["BRIDGEFL"] = _yes_no(count.gt(0))
    out["BRSAMEFL"] = _yes_no(any_of["same"])
    out["BRCLASS"] = subject_class(records, subjects)
    out["BRALKFL"] = _yes_no(any_of["alkylator"])
    out["BRIMIDFL"] = _yes_no(any_of["imid"])
    out[control.to_numpy()] = NOT_APPLICABLE
    out["BRSTDT"] = grouped["ADT"].min().astype(DATE).where(lambda day: ~control.reindex(day.index))
    out["BRENDT"] = grouped["END"].max().astype(DATE).where(lambda day: ~control.reindex(day.index))
    out["BRNREC"] = count.where(~control, 0).astype("int64")
    return out[COLUMNS]


def subject_class(records: pd.DataFrame, subjects: pd.Index) -> pd.Series:
    """Return BRCLASS per USUBJID: steroids count only where nothing else was given."""
    classes = records.assign(CLS=record_class(records)).groupby(["USUBJID", "CLS"]).size()
    classes = classes.reset_index()[["USUBJID", "CLS"]]
    real = classes[classes["CLS"].ne("B1")].groupby("USUBJID")["CLS"].agg(["nunique", "first"])
    one = real["first"].where(real["nunique"].eq(1), "B9")
    steroid = pd.Series("B1", index=classes.loc[classes["CLS"].eq("B1"), "USUBJID"].unique())
    out = one.reindex(subjects).astype(object)
    return coalesce(coalesce(out, steroid.reindex(subjects)), "B0")


def _yes_no(flags: pd.Series) -> pd.Series:
    return flags.map({True: "Y", False: "N"}).astype(object)
