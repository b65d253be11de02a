"""Bridging therapy between leukapheresis and lymphodepletion, and its classes (D19)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartend.config.bridging import Taxon
from cartend.contract.datasets.subject import BRIDGING
from cartend.contract.terms.general import NOT_APPLICABLE
from cartend.subject.domains import DATE, coalesce
from cartend.subject.fit import first_fit
from cartend.subject.records import Domains, therapy_rows

EVER = pd.Timestamp("1900-01-01")


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


def bridging_records(domains: Domains) -> pd.DataFrame:
    """Return the records labelled bridging as events, with INTENS, ROUTE, TARGET and their end."""
    return therapy_rows(domains, "bridging", "BRIDGING").assign(REASON=None, PLANNED=None)


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


def with_class(records: pd.DataFrame, taxonomy: Mapping[str, Taxon]) -> pd.DataFrame:
    """Return the records with TAXID, the rule that classes each, and CODE, its class."""
    rule = first_fit(records, taxonomy)
    return records.assign(TAXID=rule, CODE=rule.map({i: t.code for i, t in taxonomy.items()}))


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
    """Return, per USUBJID, the columns of D19 from the classed records inside the interval.

    1. BRIDGE: first match of ALKYLATOR, IMID, OTHER; NONE without a record.
    2. BRCLASS: B0 none, B1 steroids alone, the one class of the rest, B9 for two or more.
    3. BRSAMEFL, BRALKFL, BRIMIDFL: any record of that kind; never a class of their own.
    4. BRAGENTS: the agents as recorded. BRNREC: records; BRNCYC: different days on which one
       started; BRDUR: days from the first dose to the last, both included.
    5. Control arm: NOT APPLICABLE throughout.
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
    out["BRAGENTS"] = agents(records).reindex(subjects).where(~control, None)
    cycles = grouped["ADT"].nunique().reindex(subjects, fill_value=0)
    out["BRNCYC"] = cycles.where(~control, 0).astype("int64")
    out["BRDUR"] = ((out["BRENDT"] - out["BRSTDT"]).dt.days + 1).astype(float)
    return out[BRIDGING]


def agents(records: pd.DataFrame) -> pd.Series:
    """Return BRAGENTS per USUBJID: what was given, each once, in the order of the first dose."""
    first = records.sort_values(["USUBJID", "ADT", "WHAT"], kind="stable")
    first = first.dropna(subset=["WHAT"]).drop_duplicates(["USUBJID", "WHAT"])
    place = first.groupby("USUBJID").cumcount()
    listed = first[place.eq(0)].set_index("USUBJID")["WHAT"].astype(object)
    for number in range(1, int(place.max()) + 1 if len(place) else 0):
        later = first[place.eq(number)].set_index("USUBJID")["WHAT"]
        listed[later.index] = listed[later.index] + "; " + later
    return listed


def subject_class(records: pd.DataFrame, subjects: pd.Index) -> pd.Series:
    """Return BRCLASS per USUBJID: steroids count only where nothing else was given."""
    classes = records[["USUBJID", "CODE"]].drop_duplicates()
    real = classes[classes["CODE"].ne("B1")].groupby("USUBJID")["CODE"].agg(["nunique", "first"])
    one = real["first"].where(real["nunique"].eq(1), "B9")
    steroid = pd.Series("B1", index=classes.loc[classes["CODE"].eq("B1"), "USUBJID"].unique())
    out = one.reindex(subjects).astype(object)
    return coalesce(coalesce(out, steroid.reindex(subjects)), "B0")


def _yes_no(flags: pd.Series) -> pd.Series:
    return flags.map({True: "Y", False: "N"}).astype(object)
