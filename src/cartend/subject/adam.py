"""ADSL and ADEVT of a study that enters with ADaM already derived (D25)."""

import pandas as pd

from cartend.config.study import Study
from cartend.subject.bridging import NOT_APPLICABLE
from cartend.subject.domains import DATE, coalesce, words
from cartend.subject.events import stack_events
from cartend.subject.strata import age_group

DATES = words(
    "RFICDT ENRLDT RANDDT LEUKDT LDDT TRTSDT INFDT2 XODT DTHDT DTHDTLO DTHDTHI LSTALVDT LOSTDT"
    " VSWDDT EOSDT CUTDT BRSTDT BRENDT REBASEDT NACTDT HSCTDT SOCSDT"
)
TEXT = words(
    "STUDYID SITEID SEX RACE COUNTRY ARMCD ARM ACTARMCD TRT01P TRT01A DTHDTF DTHDOM DTHCAUS"
    " DTHCAUSR LALVDOM LALVVAR EOSSTT DCSREAS RANDFL LAFL INFFL SAFFL ENRLFL INFNCFL NOTINFRS"
    " BRIDGE BRIDGEFL BRSAMEFL BRCLASS BRALKFL BRIMIDFL BRAGENTS WASHLA WASHLD REBMISFL REBRESP"
    " REBEVAL REBCRFL BASEFL MRDTRKFL AGEGR PRICARFL CARTUNFL SOCREFFL SOCREFSC"
)
NUMBERS = ("AGE", "PRIORLIN", "BRDUR", "BRNREC", "BRNCYC", "LEUKINF", "LALVSEQ")
ALIASES = {"BRIDGFL": "BRIDGEFL", "LDSDT": "LDDT"}
# flag -> the date that stands in for it
FLAG_DATES = {
    "RANDFL": "RANDDT",
    "LAFL": "LEUKDT",
    "INFFL": "TRTSDT",
    "SAFFL": "TRTSDT",
    "ENRLFL": "ENRLDT",
}
# kind of event -> its date in ADSL
EVENT_DATES = {
    "NEW_THERAPY": "NACTDT",
    "HSCT": "HSCTDT",
    "CROSSOVER": "XODT",
    "REINFUSION": "INFDT2",
    "INFUSION": "TRTSDT",
    "LYMPHODEPLETION": "LDDT",
    "LEUKAPHERESIS": "LEUKDT",
}


def subjects_from_adam(study: Study, adsl: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ADSL, indexed by USUBJID, and ADEVT from an ADSL as brought.

    1. Absent columns are added as missing. 2. A set flag that was not brought follows from its
    date. 3. BRIDGEFL alone gives BRIDGE OTHER (class unknown) or NONE. 4. CUTDT is the study's.
    """
    out = complete_adsl(adsl)
    out = derive_flags(out)
    out = derive_bridge(out)
    out["AGEGR"] = coalesce(out["AGEGR"], age_group(out["AGE"], study.age_groups))
    if study.cutoff is not None:
        out["CUTDT"] = pd.Timestamp(study.cutoff)
    last = out[["DTHDT", "LSTALVDT", "EOSDT"]].max().max()
    out["CUTDT"] = out["CUTDT"].fillna(last).astype(DATE)
    labels = {code: arm.label for code, arm in study.arms.items()}
    out["TRT01P"] = coalesce(coalesce(out["TRT01P"], out["ARMCD"].map(labels)), out["ARM"])
    for name in study.strata:
        if name not in out:
            out[name] = None
    return out, adevt_from_adsl(out)


def complete_adsl(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL by USUBJID with every column this room writes, absent ones missing."""
    rows = adsl.drop_duplicates("USUBJID").sort_values("USUBJID").set_index("USUBJID")
    columns = {ALIASES.get(name, name): column for name, column in rows.items()}
    empty = pd.Series(None, index=rows.index, dtype=object)
    for name in DATES:
        columns[name] = pd.to_datetime(columns.get(name, empty)).astype(DATE)
    for name in TEXT:
        columns[name] = columns.get(name, empty).astype(object)
    for name in NUMBERS:
        columns[name] = pd.to_numeric(columns.get(name, empty), errors="coerce")
    out = pd.DataFrame(columns, index=rows.index)
    dead = out["DTHDT"].notna()
    out["DTHDTF"] = out["DTHDTF"].where(out["DTHDTF"].notna() | ~dead, "")
    for bound in ("DTHDTLO", "DTHDTHI"):
        out[bound] = out[bound].fillna(out["DTHDT"])
    out["DTHCAUS"] = out["DTHCAUS"].where(out["DTHCAUS"].notna() | ~dead, "UNKNOWN")
    return out


def derive_flags(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL with each missing set flag Y where its date is known, N elsewhere."""
    out = adsl.copy()
    for flag, date in FLAG_DATES.items():
        known = out[date].notna().map({True: "Y", False: "N"})
        out[flag] = coalesce(out[flag], known)
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
    """Return ADEVT with one row per subject and dated event of ``EVENT_DATES``."""
    parts = []
    for kind, column in EVENT_DATES.items():
        dated = adsl.loc[adsl[column].notna(), column]
        rows = pd.DataFrame({"USUBJID": dated.index, "ADT": dated.to_numpy()})
        rows = rows.assign(KIND=kind, ADTF="", ADTLO=rows["ADT"], ADTHI=rows["ADT"])
        rows = rows.assign(SRCDOM="ADSL", SRCVAR=column, SRCSEQ=1)
        parts.append(rows.assign(REASON=None, PLANNED=None, WHAT=None, CLASS=None))
    return stack_events(*parts)
