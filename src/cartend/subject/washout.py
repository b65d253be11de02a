"""ADBRDG: every therapy before the product, its class, and its washout (specification 7.2).

Days are counted from the last dose to the procedure. A partial date gives bounds; a verdict is
given only where both ends of them agree. Without a last-dose date there is none: UNKNOWN, never
compliant. Source: guideline lines G190-193; R17; P17.
"""

import numpy as np
import pandas as pd

from cartend.config.bridging import Bridging
from cartend.contract.datasets.subject import ADBRDG
from cartend.contract.terms.general import NOT_APPLICABLE
from cartend.contract.terms.therapy import WASHOUT_SUFFIX
from cartend.contract.text import normal, normalised
from cartend.subject.bridging import same_target, with_class
from cartend.subject.domains import DATE, coalesce, none_for_missing
from cartend.subject.fit import first_fit
from cartend.subject.records import Domains, role_rows, stacked, therapy_rows

COMPLIANT = "COMPLIANT"
VIOLATED = "VIOLATED"
UNKNOWN = "UNKNOWN"
PRIOR = "PRIOR"
HOLDING = "HOLDING"
BRIDGING = "BRIDGING"
OUTSIDE = "OUTSIDE"


def prior_records(domains: Domains, leukapheresis: pd.Series) -> pd.DataFrame:
    """Return prior therapy, and the transplantations that may precede ``leukapheresis``, as events.

    ``leukapheresis`` holds its first date by USUBJID. A transplantation ends on its day; one that
    is recorded as prior therapy too stands once.
    """
    drugs = therapy_rows(domains, "prior_therapy", PRIOR)
    grafts = therapy_rows(domains, "transplantation", PRIOR)
    grafts = grafts[grafts["LO"] <= grafts["USUBJID"].map(leukapheresis)]
    ends = {"CLASS": "HSCT", "ENDLO": grafts["LO"], "END": grafts["HI"], "ENDF": grafts["ADTF"]}
    drugs = drugs[~_keys(drugs).isin(_keys(grafts))]
    rows = stacked([drugs, grafts.assign(**ends)])
    return dated(rows.assign(REASON=None, PLANNED=None)).assign(PHASE=PRIOR)


def _keys(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["USUBJID", "SRCDOM", "SRCSEQ"]])


def dated(records: pd.DataFrame) -> pd.DataFrame:
    """Return records with ADT the first possible day, and ADTLO, ADTHI, ADTF."""
    flag = coalesce(records["ADTF"].where(records["LO"].notna(), "Y"), "")
    start = {"ADT": records["LO"], "ADTLO": records["LO"], "ADTHI": records["HI"], "ADTF": flag}
    return records.assign(**start).drop(columns=["LO", "HI"])


def labelled_records(
    records: pd.DataFrame, inside: pd.DataFrame, leukapheresis: pd.Series
) -> pd.DataFrame:
    """Return the records labelled bridging by phase: BRIDGING where ``inside`` holds them.

    The others are HOLDING where they began before leukapheresis, else OUTSIDE.
    """
    rest = dated(records.drop(index=inside.index))
    before = rest["ADTHI"] < rest["USUBJID"].map(leukapheresis)
    rest = rest.assign(PHASE=np.where(before, HOLDING, OUTSIDE))
    parts = [part for part in (inside.assign(PHASE=BRIDGING), rest) if len(part)]
    return pd.concat(parts) if parts else inside.assign(PHASE=BRIDGING)


def procedure_dates(
    records: pd.DataFrame, adsl: pd.DataFrame, domains: Domains
) -> dict[str, pd.Series]:
    """Return, per record, the day of the procedure that its last dose must precede.

    Lymphodepletion is the first one. Leukapheresis is the first one for what came before it; for
    bridging it is a repeated one after the start of the record, if there was any.
    """
    prior = records["PHASE"].isin([PRIOR, HOLDING])
    collected = role_rows(domains, "leukapheresis", "LEUKAPHERESIS").dropna(subset=["LO"])
    again = collected[["USUBJID", "LO"]].sort_values("LO")
    started = records.loc[records["PHASE"].eq(BRIDGING), ["USUBJID", "ADT"]]
    started = started.dropna().rename_axis("row").reset_index().sort_values("ADT")
    repeated = pd.merge_asof(
        started,
        again,
        left_on="ADT",
        right_on="LO",
        by="USUBJID",
        direction="forward",
        allow_exact_matches=False,
    ).set_index("row")["LO"]
    subject = records["USUBJID"]
    first = subject.map(adsl["LEUKDT"]).where(prior)
    depletion = subject.map(adsl["LDDT"]).where(~records["PHASE"].eq(OUTSIDE))
    repeated = repeated.reindex(records.index).astype(DATE)
    repeated = repeated.where(~(repeated >= depletion))
    return {
        "leukapheresis": first.fillna(repeated).astype(DATE),
        "lymphodepletion": depletion.astype(DATE),
    }


def limits(records: pd.DataFrame, bridging: Bridging, procedure: str) -> pd.DataFrame:
    """Return ID, DESC, LOW and HIGH of the washout limit of each record, in days.

    The first rule that fits and states a limit for the procedure counts. A half-life is that of
    the record (HALFLIFE, days), else that of its agent in the rules; LOW and HIGH differ where the
    limit is the shorter of some days and some half-lives, and none is known.
    """
    key = f"before_{procedure}"
    stated = {i: rule for i, rule in bridging.washout.items() if getattr(rule, key) is not None}
    rule = first_fit(records, stated)
    label = rule.map({i: stated[i].label for i in stated})
    high = rule.map({i: float(getattr(stated[i], key)) for i in stated}).astype(float)
    low = high.copy()
    if procedure == "lymphodepletion":
        times = rule.map({i: stated[i].half_lives for i in stated}).astype(float)
        known = {normal(agent): days for agent, days in bridging.half_lives.items()}
        days = records["HALFLIFE"].fillna(normalised(records["WHAT"]).map(known).astype(float))
        shorter = np.ceil(times * days)
        low = low.where(times.isna() | shorter.ge(high), shorter.fillna(0.0))
        high = high.where(shorter.isna() | shorter.ge(high), shorter)
    return pd.DataFrame({"ID": rule, "DESC": label, "LOW": low, "HIGH": high})


def verdicts(
    end_low: pd.Series, end_high: pd.Series, procedure: pd.Series, limit: pd.DataFrame
) -> pd.DataFrame:
    """Return LO and HI, the bounds of the days from last dose to procedure, and the VERDICT.

    1. Without procedure, or with a limit of 0: NOT APPLICABLE.
    2. Without last dose: UNKNOWN. 3. Both bounds at or above the limit: COMPLIANT; both below:
    VIOLATED; else UNKNOWN.
    """
    low = (procedure - end_high).dt.days.astype(float)
    high = (procedure - end_low).dt.days.astype(float)
    held, broken = low.ge(limit["HIGH"]), high.lt(limit["LOW"])
    verdict = np.select([held, broken], [COMPLIANT, VIOLATED], UNKNOWN)
    asked = procedure.notna() & limit["HIGH"].gt(0)
    return pd.DataFrame(
        {"LO": low, "HI": high, "VERDICT": np.where(asked, verdict, NOT_APPLICABLE)}
    )


def derive_adbrdg(
    adsl: pd.DataFrame,
    bridging: Bridging,
    antigen: str,
    records: pd.DataFrame,
    domains: Domains,
) -> pd.DataFrame:
    """Return ADBRDG, one row a record, sorted by subject and date.

    ``adsl`` is indexed by USUBJID and holds those meant to be infused; ``records`` are those of
    :func:`prior_records` and :func:`labelled_records`. An end before its start is moved to it.
    """
    rows = records[records["USUBJID"].isin(adsl.index)].reset_index(drop=True)
    rows = with_class(rows, bridging.taxonomy)
    rows["CODEDESC"] = rows["CODE"].map(bridging.labels)
    rows["SAMEFL"] = same_target(rows, antigen).map({True: "Y", False: "N"})
    low = rows["ENDLO"].astype(DATE)
    rows["ENDLO"] = low.where(~(rows["ADTLO"] > low), rows["ADTLO"]).astype(DATE)
    rows["ENDHI"] = rows["END"].astype(DATE)
    rows["ENDLO"] = rows["ENDLO"].where(~(rows["ENDLO"] > rows["ENDHI"]), rows["ENDHI"])
    days = procedure_dates(rows, adsl, domains)
    for procedure, suffix in WASHOUT_SUFFIX.items():
        limit = limits(rows, bridging, procedure)
        found = verdicts(rows["ENDLO"], rows["ENDHI"], days[procedure], limit)
        rows[f"WO{suffix}ID"], rows[f"WO{suffix}DESC"] = limit["ID"], limit["DESC"]
        rows[f"{suffix}DT"], rows[f"{suffix}LIM"] = days[procedure], limit["HIGH"]
        rows[f"{suffix}LO"], rows[f"{suffix}HI"] = found["LO"], found["HI"]
        rows[f"WO{suffix}"] = found["VERDICT"]
    rows["STUDYID"], rows["ARMCD"] = (rows["USUBJID"].map(adsl[c]) for c in ("STUDYID", "ARMCD"))
    return finish_adbrdg(rows)


def finish_adbrdg(rows: pd.DataFrame) -> pd.DataFrame:
    """Return ADBRDG in the columns, kinds and order of its contract."""
    rows = rows.sort_values(
        ["USUBJID", "ADT", "SRCDOM", "SRCSEQ"], kind="stable", na_position="first"
    )
    rows = rows.assign(ASEQ=rows.groupby("USUBJID").cumcount() + 1).reset_index(drop=True)
    kinds = dict.fromkeys(ADBRDG.of_kind("date"), DATE)
    rows = rows[ADBRDG.names].astype(kinds | dict.fromkeys(ADBRDG.of_kind("number"), float))
    rows["SRCSEQ"] = rows["SRCSEQ"].fillna(0).astype("int64")
    return none_for_missing(rows, ADBRDG.of_kind("text"))


def no_records() -> pd.DataFrame:
    """Return ADBRDG of a study that brings no records of therapy."""
    return finish_adbrdg(pd.DataFrame({name: [] for name in ADBRDG.names}))


def subject_washout(adbrdg: pd.DataFrame, subjects: pd.Index) -> pd.DataFrame:
    """Return, per USUBJID, WASHLA and WASHLD: the worst verdict over all its records."""
    rank = {NOT_APPLICABLE: 0, COMPLIANT: 1, UNKNOWN: 2, VIOLATED: 3}
    names = {place: name for name, place in rank.items()}
    out = pd.DataFrame(index=subjects)
    for suffix in WASHOUT_SUFFIX.values():
        place = adbrdg[f"WO{suffix}"].map(rank).groupby(adbrdg["USUBJID"]).max()
        out[f"WASH{suffix}"] = place.reindex(subjects, fill_value=0).map(names).astype(object)
    return out
