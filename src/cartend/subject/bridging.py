"""Bridging therapy between leukapheresis and lymphodepletion, and its classes (D19)."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartend.config.bridging import Taxon
from cartend.contract.datasets.subject import BRIDGING
from cartend.contract.terms.general import NOT_APPLICABLE
from cartend.contract.terms.therapy import BRIDGE_CLASS, NO_CLASS, SEVERAL_CLASSES
from cartend.contract.text import by_word, capitals, normal
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
    """Return the records with their classes by the first rule that fits and states one.

    CODE is the fine class, TAXID the rule that gives it, BRIDGE the coarse one.
    """
    said = {
        key: {name: value for name, rule in taxonomy.items() if (value := getattr(rule, key))}
        for key in ("code", "bridge")
    }
    rule = {
        key: first_fit(records, {name: taxonomy[name] for name in values})
        for key, values in said.items()
    }
    return records.assign(
        TAXID=rule["code"],
        CODE=rule["code"].map(said["code"]),
        BRIDGE=rule["bridge"].map(said["bridge"]),
    )


def same_target(records: pd.DataFrame, antigen: str) -> pd.Series:
    """Return whether a record hits the antigen of the CAR (R19): TARGET, else its CMCLAS."""
    if not antigen:
        return pd.Series(False, index=records.index)
    wanted = normal(antigen)
    said = by_word(records["TARGET"], lambda text: wanted in re.split(r"[^a-z0-9]+", normal(text)))
    by_class = records["TARGET"].isna() & records["CLASS"].eq(f"ANTI-{capitals(antigen)}")
    return said.eq(True) | by_class


def derive_bridging(
    records: pd.DataFrame, control: pd.Series, antigen: str, order: tuple[str, ...]
) -> pd.DataFrame:
    """Return, per USUBJID, the columns of D19 from the classed records inside the interval.

    1. BRIDGE: the first of ``order`` that any record has; NONE without a record.
    2. BRCLASS: B0 none, B1 steroids alone, the one class of the rest, B9 for two or more.
    3. BRSAMEFL, BRALKFL, BRIMIDFL: any record of that kind.
    4. BRAGENTS: the agents as recorded. BRNREC: records; BRNCYC: different days on which one
       started; BRDUR: days from the first dose to the last, both included.
    5. Control arm: NOT APPLICABLE throughout.
    """
    subjects = control.index
    flags = {name: records["BRIDGE"].eq(name) for name in order}
    flags = pd.DataFrame({**flags, "same": same_target(records, antigen)})
    any_of = flags.groupby(records["USUBJID"]).any()
    any_of = any_of.reindex(subjects, fill_value=False).astype(bool)
    grouped = records.groupby("USUBJID")
    count = grouped.size().reindex(subjects, fill_value=0)
    out = pd.DataFrame(index=subjects)
    given = np.select([any_of[name] for name in order], list(order), "NONE")
    out["BRIDGE"] = given.astype(object)
    out["BRIDGEFL"] = _yes_no(count.gt(0))
    out["BRSAMEFL"] = _yes_no(any_of["same"])
    out["BRCLASS"] = subject_class(records, subjects)
    out["BRALKFL"] = _yes_no(any_of["ALKYLATOR"])
    out["BRIMIDFL"] = _yes_no(any_of["IMID"])
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
    """Return BRCLASS per USUBJID: a class set aside counts only where nothing else was given."""
    classes = records[["USUBJID", "CODE"]].drop_duplicates()
    aside = classes["CODE"].isin(BRIDGE_CLASS.group("aside"))
    main, alone = (_one_class(part, subjects) for part in (classes[~aside], classes[aside]))
    return coalesce(coalesce(main, alone), NO_CLASS)


def _one_class(classes: pd.DataFrame, subjects: pd.Index) -> pd.Series:
    """Return the only class of each subject, or that of several."""
    found = classes.groupby("USUBJID")["CODE"].agg(["nunique", "first"])
    one = found["first"].where(found["nunique"].eq(1), SEVERAL_CLASSES)
    return one.reindex(subjects).astype(object)


def _yes_no(flags: pd.Series) -> pd.Series:
    return flags.map({True: "Y", False: "N"}).astype(object)
