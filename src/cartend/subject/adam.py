"""ADSL and ADEVT of a study that enters with ADaM already derived (D25)."""

import pandas as pd

from cartend.config.study import Study
from cartend.contract.datasets.subject import ADSL, EVENT_DATE, FLAG_DATE, SIGNS_OF_LIFE
from cartend.contract.terms.general import NOT_APPLICABLE, YES_NO
from cartend.subject.death import cause_of_text, impute_death
from cartend.subject.domains import DATE, coalesce
from cartend.subject.events import stack_events
from cartend.subject.sets import PENDING, without_arm
from cartend.subject.strata import age_group

ALIASES = {"BRIDGFL": "BRIDGEFL", "LDSDT": "LDDT"}
BROUGHT_DATES = [*ADSL.of_kind("date"), "NACTDT", "HSCTDT"]
"""The dates of ADSL, and those of events that stand in an ADSL as brought alone."""


def subjects_from_adam(study: Study, adsl: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ADSL, indexed by USUBJID, and ADEVT from an ADSL as brought.

    1. Absent columns are added as missing. 2. A set flag that was not brought follows from its
    date. 3. BRIDGEFL alone gives BRIDGE OTHER (class unknown) or NONE. 4. CUTDT is the study's.
    5. A death that DTHFL alone tells is dated by its interval (D48).
    """
    out = complete_adsl(adsl)
    out = with_cutoff(study, out)
    out = derive_flags(out, without_arm(out, study))
    out = derive_bridge(out)
    out["AGEGR"] = coalesce(out["AGEGR"], age_group(out["AGE"], study.age_groups))
    out = date_flagged_deaths(out, adsl)
    labels = {code: arm.label for code, arm in study.arms.items()}
    planned = out["ARMCD"].map(labels).astype(object)
    out["TRT01P"] = coalesce(coalesce(planned, out["TRT01P"]), out["ARM"])
    for name in study.strata:
        if name not in out:
            out[name] = None
    return out, adevt_from_adsl(out)


def complete_adsl(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL by USUBJID with every column this room writes, absent ones missing."""
    rows = adsl.drop_duplicates("USUBJID").sort_values("USUBJID").set_index("USUBJID")
    columns = {ALIASES.get(name, name): column for name, column in rows.items()}
    empty = pd.Series(None, index=rows.index, dtype=object)
    for name in BROUGHT_DATES:
        columns[name] = pd.to_datetime(columns.get(name, empty)).astype(DATE)
    for name in ADSL.of_kind("text"):
        if name != "USUBJID":
            columns[name] = columns.get(name, empty).astype(object)
    for name in ADSL.of_kind("number"):
        columns[name] = pd.to_numeric(columns.get(name, empty), errors="coerce").astype(float)
    out = in_our_words(pd.DataFrame(columns, index=rows.index))
    dead = out["DTHDT"].notna()
    out["DTHDTF"] = out["DTHDTF"].where(out["DTHDTF"].notna() | ~dead, "")
    for bound in ("DTHDTLO", "DTHDTHI"):
        out[bound] = out[bound].fillna(out["DTHDT"])
    out["DTHCAUS"] = out["DTHCAUS"].where(out["DTHCAUS"].notna() | ~dead, "UNKNOWN")
    return out


def date_flagged_deaths(adsl: pd.DataFrame, brought: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL with the deaths that the flag alone tells, between last alive and CUTDT (D48)."""
    if "DTHFL" not in brought:
        return adsl
    dead = YES_NO.read(brought["DTHFL"]).eq("Y")
    told = adsl.index.isin(brought.loc[dead, "USUBJID"]) & adsl["DTHDT"].isna()
    if not told.any():
        return adsl
    some = adsl[told]
    days = {name: pd.Series(pd.NaT, index=some.index, dtype=DATE) for name in ("LO", "HI")}
    records = pd.DataFrame({**days, "FLAG": None, "SRCDOM": "ADSL", "UPPER": False})
    dated = impute_death(records, some[SIGNS_OF_LIFE].max(axis=1), some["CUTDT"])
    out = adsl.copy()
    out.loc[told, dated.columns] = dated
    out.loc[told, "DTHCAUS"] = coalesce(some["DTHCAUS"], "UNKNOWN")
    return out


def in_our_words(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL with each coded column in the words of its contract.

    A cause outside the taxonomy is UNKNOWN, or OTHER where it begins so (D39), and stays legible
    in DTHCAUSR. A bridging therapy of no known class is OTHER. Elsewhere a word that nobody knows
    says nothing.
    """
    read = {
        column.name: column.vocabulary.read(adsl[column.name])
        for column in ADSL.columns
        if column.vocabulary is not None
    }
    out = adsl.assign(**read | {"DTHCAUS": cause_of_text(adsl["DTHCAUS"])})
    out["DTHCAUSR"] = coalesce(adsl["DTHCAUSR"], adsl["DTHCAUS"])
    given = adsl["BRIDGE"].notna() & out["BRIDGE"].isna()
    return out.assign(BRIDGE=out["BRIDGE"].mask(given, "OTHER"))


def with_cutoff(study: Study, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL with CUTDT, the milestones after it blank and their set flags N (D51).

    CUTDT is the study's, else as brought, else the last day of death, life or study.
    """
    out = adsl.copy()
    if study.cutoff is not None:
        out["CUTDT"] = pd.Timestamp(study.cutoff)
    last = out[["DTHDT", "LSTALVDT", "EOSDT"]].max().max()
    out["CUTDT"] = out["CUTDT"].fillna(last).astype(DATE)
    pending = out["TRTSDT"] > out["CUTDT"]
    flags = dict.fromkeys(FLAG_DATE.values())
    late = {date: out[date] > out["CUTDT"] for date in (*flags, "LDDT", "INFDT2", "XODT")}
    for flag, date in FLAG_DATE.items():
        out[flag] = out[flag].mask(late[date] & (flag != "SAFFL"), "N")
    for date, after in late.items():
        out[date] = out[date].mask(after)
    return out.assign(NOTINFRS=out["NOTINFRS"].mask(pending, PENDING))


def derive_flags(adsl: pd.DataFrame, armless: pd.Series) -> pd.DataFrame:
    """Return ADSL with each missing set flag Y where its date is known, N elsewhere.

    A subject without arm is in no set (D40).
    """
    out = adsl.copy()
    for flag, date in FLAG_DATE.items():
        known = out[date].notna().map({True: "Y", False: "N"})
        out[flag] = coalesce(out[flag], known).mask(armless, "N")
    return out


def derive_bridge(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL with BRIDGE and BRIDGEFL completed from each other."""
    by_flag = {"Y": "OTHER", "N": "NONE", NOT_APPLICABLE: NOT_APPLICABLE}
    by_class = {"NONE": "N", NOT_APPLICABLE: NOT_APPLICABLE}
    classed = adsl["BRIDGE"].notna()
    flag = adsl["BRIDGE"].map(by_class).where(~classed | adsl["BRIDGE"].isin(by_class), "Y")
    out = adsl.assign(BRIDGEFL=coalesce(adsl["BRIDGEFL"], flag))
    bridge = out["BRIDGEFL"].map(by_flag)
    return out.assign(BRIDGE=coalesce(out["BRIDGE"], bridge))


def adevt_from_adsl(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADEVT with one row per subject and dated event of ``EVENT_DATE``."""
    parts = []
    for kind, column in EVENT_DATE.items():
        dated = adsl.loc[adsl[column].notna(), column]
        rows = pd.DataFrame({"USUBJID": dated.index, "ADT": dated.to_numpy()})
        rows = rows.assign(KIND=kind, ADTF="", ADTLO=rows["ADT"], ADTHI=rows["ADT"])
        rows = rows.assign(SRCDOM="ADSL", SRCVAR=column, SRCSEQ=1)
        parts.append(rows.assign(REASON=None, PLANNED=None, WHAT=None, CLASS=None))
    return stack_events(*parts)
