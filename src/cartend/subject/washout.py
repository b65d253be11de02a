"""ADBRDG: every therapy before the product, its class, and its washout (specification 7.2).

Days are counted from the last dose to the procedure. A partial date gives bounds; a verdict is
given only where both ends of them agree. Without a last-dose date there is none: UNKNOWN, never
compliant. Source: guideline lines G190-193; R17; P17.
"""

import numpy as np
import pandas as pd

from cartend.config.bridging import Bridging
from cartend.subject.bridging import NO_DRUG, same_target, with_class, with_ends
from cartend.subject.domains import DATE, coalesce, none_for_missing, upper, words
from cartend.subject.events import rows_of
from cartend.subject.fit import first_fit

COMPLIANT, VIOLATED, UNKNOWN = "COMPLIANT", "VIOLATED", "UNKNOWN"
NOT_APPLICABLE = "NOT APPLICABLE"
PRIOR, HOLDING, BRIDGING, OUTSIDE = "PRIOR", "HOLDING", "BRIDGING", "OUTSIDE"
PHASES = {
    PRIOR: "prior therapy",
    HOLDING: "labelled bridging, begun before leukapheresis",
    BRIDGING: "between leukapheresis and lymphodepletion",
    OUTSIDE: "labelled bridging, begun neither before leukapheresis nor in the interval",
}
SUFFIX = {"leukapheresis": "LA", "lymphodepletion": "LD"}
COLUMNS = words(
    "STUDYID USUBJID ARMCD ASEQ PHASE WHAT CLASS INTENS TARGET SAMEFL TAXID CODE CODEDESC"
    " ADT ADTF ADTLO ADTHI ENDLO ENDHI ENDF"
    " WOLAID WOLADESC LADT LALIM LALO LAHI WOLA WOLDID WOLDDESC LDDT LDLIM LDLO LDHI WOLD"
    " SRCDOM SRCVAR SRCSEQ"
)
DATES = words("ADT ADTLO ADTHI ENDLO ENDHI LADT LDDT")
NUMBERS = words("LALIM LALO LAHI LDLIM LDLO LDHI")


def prior_records(cm: pd.DataFrame, pr: pd.DataFrame, leukapheresis: pd.Series) -> pd.DataFrame:
    """Return prior drugs, and the transplantations that may precede ``leukapheresis``, as events.

    ``leukapheresis`` holds its first date by USUBJID. A transplantation ends on its day.
    """
    drugs = cm[upper(cm["CMCAT"]).eq("PRIOR ANTI-CANCER THERAPY")]
    what = coalesce(drugs["CMDECOD"], drugs["CMTRT"])
    drug = rows_of(drugs, "CMSTDTC", "PRIOR", WHAT=what, CLASS=upper(drugs["CMCLAS"]))
    drug = with_ends(drug, drugs, "CMENDT").assign(
        INTENS=upper(drugs["INTENS"]),
        TARGET=upper(drugs["TARGET"]),
        ROUTE=drugs["CMROUTE"],
        HALFLIFE=drugs["HALFLIFE"],
    )
    grafts = pr[upper(pr["PRCAT"]).eq("HSCT")]
    grafts = grafts[grafts["PRSTDT_LO"] <= grafts["USUBJID"].map(leukapheresis)]
    graft = rows_of(grafts, "PRSTDTC", "PRIOR", WHAT=upper(grafts["PRTRT"]), CLASS="HSCT")
    graft = with_ends(graft, grafts, "PRSTDT").assign(**NO_DRUG)
    return dated(pd.concat([drug, graft], ignore_index=True)).assign(PHASE=PRIOR)


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
    records: pd.DataFrame, adsl: pd.DataFrame, pr: pd.DataFrame
) -> dict[str, pd.Series]:
    """Return, per record, the day of the procedure that its last dose must precede.

    Lymphodepletion is the first one. Leukapheresis is the first one for what came before it; for
    bridging it is a repeated one after the start of the record, if there was any.
    """
    prior = records["PHASE"].isin([PRIOR, HOLDING])
    collected = pr[upper(pr["PRCAT"]).eq("LEUKAPHERESIS")].dropna(subset=["PRSTDT_LO"])
    again = collected[["USUBJID", "PRSTDT_LO"]].sort_values("PRSTDT_LO")
    started = records.loc[records["PHASE"].eq(BRIDGING), ["USUBJID", "ADT"]]
    started = started.dropna().rename_axis("row").reset_index().sort_values("ADT")
    repeated = pd.merge_asof(
        started,
        again,
        left_on="ADT",
        right_on="PRSTDT_LO",
        by="USUBJID",
        direction="forward",
        allow_exact_matches=False,
    ).set_index("row")["PRSTDT_LO"]
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
        known = {agent.upper(): days for agent, days in bridging.half_lives.items()}
        days = records["HALFLIFE"].fillna(upper(records["WHAT"]).map(known).astype(float))
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
    pr: pd.DataFrame,
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
    days = procedure_dates(rows, adsl, pr)
    for procedure, suffix in SUFFIX.items():
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
    rows = rows[COLUMNS].astype(dict.fromkeys(DATES, DATE)).astype(dict.fromkeys(NUMBERS, float))
    rows["SRCSEQ"] = rows["SRCSEQ"].fillna(0).astype("int64")
    text = [name for name in COLUMNS if name not in (*DATES, *NUMBERS, "SRCSEQ", "ASEQ")]
    return none_for_missing(rows, text)


def no_records() -> pd.DataFrame:
    """Return ADBRDG of a study that brings no records of therapy."""
    return finish_adbrdg(pd.DataFrame({name: [] for name in COLUMNS}))


def subject_washout(adbrdg: pd.DataFrame, subjects: pd.Index) -> pd.DataFrame:
    """Return, per USUBJID, WASHLA and WASHLD: the worst verdict over all its records."""
    rank = {NOT_APPLICABLE: 0, COMPLIANT: 1, UNKNOWN: 2, VIOLATED: 3}
    names = {place: name for name, place in rank.items()}
    out = pd.DataFrame(index=subjects)
    for suffix in SUFFIX.values():
        place = adbrdg[f"WO{suffix}"].map(rank).groupby(adbrdg["USUBJID"]).max()
        out[f"WASH{suffix}"] = place.reindex(subjects, fill_value=0).map(names).astype(object)
    return out
