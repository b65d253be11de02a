"""Date and cause of death, with the imputation of partial dates (P17, D4)."""

import numpy as np
import pandas as pd

from cartend.subject.domains import DATE, coalesce, upper

DAY = np.timedelta64(1, "D")
MID_MONTH = 15

# class of cause of death (specification 4.3, D18) -> other texts that mean it
CAUSES: dict[str, tuple[str, ...]] = {
    "DISEASE UNDER STUDY": (
        "PROGRESSIVE DISEASE",
        "DISEASE PROGRESSION",
        "DISEASE RELAPSE",
        "MALIGNANT NEOPLASM PROGRESSION",
        "NEOPLASM PROGRESSION",
        "DISEASE",
    ),
    "INFECTION": ("SEPSIS", "SEPTIC SHOCK", "PNEUMONIA", "COVID-19"),
    "CRS": ("CYTOKINE RELEASE SYNDROME",),
    "ICANS": (
        "NEUROTOXICITY",
        "ICANS/NEUROTOXICITY",
        "IMMUNE EFFECTOR CELL-ASSOCIATED NEUROTOXICITY SYNDROME",
    ),
    "HLH/MAS": ("HLH", "MAS", "IEC-HS", "HAEMOPHAGOCYTIC LYMPHOHISTIOCYTOSIS"),
    "TLS": ("TUMOUR LYSIS SYNDROME", "TUMOR LYSIS SYNDROME"),
    "HAEMORRHAGE": ("HEMORRHAGE", "CEREBRAL HAEMORRHAGE", "BLEEDING"),
    "CYTOPENIA": ("CYTOPENIA-RELATED OTHER", "CYTOPENIA-RELATED"),
    "CARDIOVASCULAR/RESPIRATORY": (
        "CARDIOVASCULAR",
        "RESPIRATORY",
        "CARDIAC ARREST",
        "RESPIRATORY FAILURE",
    ),
    "ORGAN FAILURE": ("MULTIPLE ORGAN DYSFUNCTION SYNDROME", "MULTI-ORGAN FAILURE"),
    "SECOND MALIGNANCY": ("SECOND PRIMARY MALIGNANCY", "SECONDARY MALIGNANCY", "SPM"),
    "GVHD/HSCT-RELATED": ("GVHD", "HSCT-RELATED", "GRAFT VERSUS HOST DISEASE"),
    "LD/BRIDGING TOXICITY": ("LYMPHODEPLETION TOXICITY", "BRIDGING TOXICITY"),
    "OTHER": (),
    "UNKNOWN": (),
}
CAUSE_OF_TEXT = {text: cause for cause, others in CAUSES.items() for text in (cause, *others)}


def death_records(domains: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return, per dead USUBJID, LO, HI, FLAG and SRCDOM of the death date.

    The first source with a date decides: DM, DS DEATH, DD, fatal AE (its end, else its start).
    A subject whom a source calls dead without any date has LO and HI missing.
    """
    dm, ds, dd, ae = (domains[name] for name in ("dm", "ds", "dd", "ae"))
    fatal = ae[upper(ae["AESDTH"]).eq("Y") | upper(ae["AEOUT"]).eq("FATAL")]
    sources = [
        ("DM", dm[upper(dm["DTHFL"]).eq("Y") | dm["DTHDT_LO"].notna()], "DTHDT"),
        ("DS", ds[upper(ds["DSDECOD"]).eq("DEATH")], "DSSTDT"),
        ("DD", dd, "DDDT"),
        ("AE", fatal, "AEENDT"),
        ("AE", fatal, "AESTDT"),
    ]
    rows = pd.concat([_dated(*source) for source in sources], ignore_index=True)
    rows["undated"] = rows["LO"].isna()
    rows = rows.sort_values(["USUBJID", "undated"], kind="stable")
    return rows.drop_duplicates("USUBJID").set_index("USUBJID")[["LO", "HI", "FLAG", "SRCDOM"]]


def _dated(domain: str, frame: pd.DataFrame, stem: str) -> pd.DataFrame:
    """Return USUBJID, LO, HI, FLAG, SRCDOM of the records of one source of death."""
    columns = {
        "USUBJID": frame["USUBJID"].astype(object),
        "LO": frame[f"{stem}_LO"],
        "HI": frame[f"{stem}_HI"],
        "FLAG": frame[f"{stem}F"].astype(object),
        "SRCDOM": domain,
    }
    return pd.DataFrame(columns).astype({"SRCDOM": object})


def impute_death(records: pd.DataFrame, alive: pd.Series, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Return, per dead USUBJID, DTHDT DTHDTF DTHDTLO DTHDTHI DTHDOM (P17, D4).

    ``alive`` is the last known alive day by USUBJID. The interval of what is possible is
    [max(earliest day, last alive + 1), min(latest day, cut-off)], where it is not empty.

    1. Complete: that day.
    2. Day missing (D): the 15th, moved into the interval.
    3. Month missing (M), or no date at all (Y): the middle of the interval, rounded down.

    A death whose earliest possible day lies after the cut-off is not moved before it.
    """
    last = alive.reindex(records.index).astype(DATE)
    cut = pd.Series(cutoff, index=records.index).astype(DATE)
    low = records["LO"].fillna(last + DAY)
    high = records["HI"].where(~(records["HI"] > cut) | (low > cut), cut).fillna(cut)
    raised = low.where(~(last + DAY > low), last + DAY)
    flag = coalesce(records["FLAG"].where(records["LO"].notna(), "Y"), "")
    partial = flag.ne("")
    low = low.where(~partial, raised.where(raised <= high, high))
    middle = low + ((high - low) // (2 * DAY)) * DAY
    fifteenth = records["LO"] + (MID_MONTH - 1) * DAY
    fifteenth = fifteenth.where(~(fifteenth < low), low).where(~(fifteenth > high), high)
    day = records["LO"].where(~partial, middle).where(flag.ne("D"), fifteenth)
    out = {"DTHDT": day, "DTHDTF": flag, "DTHDTLO": low, "DTHDTHI": high}
    out = pd.DataFrame(out).assign(DTHDOM=records["SRCDOM"])
    return out.astype({"DTHDT": DATE, "DTHDTLO": DATE, "DTHDTHI": DATE})


def cause_of_death(domains: dict[str, pd.DataFrame], dead: pd.Index) -> pd.DataFrame:
    """Return, per dead USUBJID, DTHCAUS (class of ``CAUSES``) and DTHCAUSR (text as reported).

    DD PRCDTH decides, else the fatal adverse event, else UNKNOWN; a text outside the taxonomy
    is OTHER, and stays legible in DTHCAUSR.
    """
    dd, ae = domains["dd"], domains["ae"]
    stated = dd[coalesce(upper(dd["DDTESTCD"]), "PRCDTH").eq("PRCDTH")]
    stated = stated.assign(text=upper(coalesce(stated["DDSTRESC"], stated["DDORRES"])))
    fatal = ae[upper(ae["AESDTH"]).eq("Y") | upper(ae["AEOUT"]).eq("FATAL")]
    fatal = fatal.assign(text=upper(fatal["AEDECOD"]))
    rows = pd.concat([stated[["USUBJID", "text"]], fatal[["USUBJID", "text"]]])
    rows = rows.dropna(subset=["text"]).drop_duplicates("USUBJID").set_index("USUBJID")
    text = rows["text"].reindex(dead).astype(object)
    cause = text.map(CAUSE_OF_TEXT).astype(object)
    cause = coalesce(cause, text.notna().map({True: "OTHER", False: "UNKNOWN"}))
    return pd.DataFrame({"DTHCAUS": cause, "DTHCAUSR": text.where(text.notna(), None)})
