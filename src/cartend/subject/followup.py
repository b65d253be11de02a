"""How long a subject was followed: data cut, last known alive, loss, withdrawal, end of study."""

import pandas as pd

from cartend.config.study import Study
from cartend.contract.datasets.sdtm import START_DATE
from cartend.contract.records import has_role, of_role
from cartend.contract.terms.disposition import DISPOSITION
from cartend.contract.text import holds_any, is_one_of
from cartend.subject.domains import DATE, coalesce, first_by_subject
from cartend.subject.milestones import not_given

ALIVE_DATES = {
    name: START_DATE[name] for name in ("ss", "rs", "lb", "tr", "ex", "cm", "pr", "ae", "ds")
} | {"dm": "RFICDTC"}
"""The date whose record proves that the subject was alive on that day, by domain."""


def cutoff_date(study: Study, domains: dict[str, pd.DataFrame]) -> pd.Timestamp:
    """Return the data cut-off: the study file's, else TS DCUTDTC, else the last day in the data."""
    if study.cutoff is not None:
        return pd.Timestamp(study.cutoff).as_unit("ms")
    ts = domains["ts"]
    stated = ts.loc[is_one_of(ts["TSPARMCD"], ["DCUTDTC"]), "TSVAL"].dropna().astype(str).str[:10]
    days = pd.to_datetime(stated, errors="coerce", format="%Y-%m-%d").dropna()
    if len(days):
        return days.iloc[0].as_unit("ms")
    last = [domains[name][f"{dtc[:-1]}_HI"].max() for name, dtc in ALIVE_DATES.items()]
    last.append(domains["dm"]["DTHDT_HI"].max())
    return pd.Series(last).max().as_unit("ms")


def alive_evidence(domains: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every dated sign of life: USUBJID, ADT, LALVDOM, LALVVAR, LALVSEQ.

    A partial date proves life on its earliest possible day at the earliest only, so that day
    counts. A record that says the thing was not done proves nothing.
    """
    parts = [_signs_of(name, dtc, domains[name]) for name, dtc in ALIVE_DATES.items()]
    parts = [part for part in parts if len(part)]
    if not parts:
        columns = ["USUBJID", "ADT", "LALVDOM", "LALVVAR", "LALVSEQ"]
        return pd.DataFrame(columns=columns).astype({"ADT": DATE})
    return pd.concat(parts, ignore_index=True)


def _signs_of(name: str, dtc: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the signs of life of one domain, one row per subject and day."""
    keep = frame[f"{dtc[:-1]}_LO"].notna()
    if name == "ss":
        keep &= has_role(frame, "survival_status") & frame["SSSTRESC"].eq("ALIVE")
    if name == "ds":
        keep &= ~frame["DSDECOD"].isin(DISPOSITION.group("no_sign_of_life"))
        keep &= ~has_role(frame, "death")
    if name == "lb":
        keep &= ~frame["LBSTAT"].eq("NOT DONE")
    if name == "ex":
        keep &= ~not_given(frame)
    rows = frame[keep].assign(DMSEQ=1.0)
    seq = f"{name.upper()}SEQ"
    signs = pd.DataFrame(
        {
            "USUBJID": rows["USUBJID"],
            "ADT": rows[f"{dtc[:-1]}_LO"],
            "LALVDOM": name.upper(),
            "LALVVAR": dtc,
            "LALVSEQ": rows[seq],
        }
    )
    return signs.drop_duplicates(["USUBJID", "ADT"])


def last_alive(evidence: pd.DataFrame, limit: pd.Series) -> pd.DataFrame:
    """Return, per USUBJID, LSTALVDT and its source: the latest sign of life up to a limit.

    ``limit`` holds the last admissible day by USUBJID: the data cut-off, or death before it.
    Of two records of one day the domain that stands first in ``ALIVE_DATES`` is the source.
    """
    kept = evidence[evidence["ADT"] <= evidence["USUBJID"].map(limit)]
    latest = kept.groupby("USUBJID")["ADT"].transform("max")
    source = kept[kept["ADT"].eq(latest)].drop_duplicates("USUBJID").set_index("USUBJID")
    return source.rename(columns={"ADT": "LSTALVDT"}).reindex(limit.index)


def study_level(ds: pd.DataFrame) -> pd.Series:
    """Return whether a disposition record speaks of the study, not only of its treatment."""
    return ~holds_any(ds["DSSCAT"], ["TREATMENT"])


def vital_status_withdrawn(ds: pd.DataFrame) -> pd.Series:
    """Return whether a record withdraws consent to vital-status follow-up too (D2)."""
    withdrawn = ds["DSDECOD"].isin(DISPOSITION.group("withdrawal"))
    return withdrawn & (holds_any(ds["DSSCAT"], ["VITAL STATUS"]) | ds["VITALWD"].eq("Y"))


def end_of_study(ds: pd.DataFrame) -> pd.DataFrame:
    """Return, per USUBJID, EOSDT, EOSSTT and DCSREAS from the last disposition of the study.

    A record counts where DSSCAT says study, or, without DSSCAT, where its DSDECOD ends a study.
    """
    said = holds_any(ds["DSSCAT"], ["STUDY"]) & ~holds_any(ds["DSCAT"], ["MILESTONE"])
    final = ds["DSDECOD"].isin(DISPOSITION.group("end_of_study")) & study_level(ds)
    rows = ds[final | said].sort_values(["USUBJID", "DSSTDT_LO", "DSSEQ"])
    last = rows.drop_duplicates("USUBJID", keep="last").set_index("USUBJID")
    done = last["DSDECOD"].eq("COMPLETED")
    return pd.DataFrame(
        {
            "EOSDT": last["DSSTDT_LO"],
            "EOSSTT": done.map({True: "COMPLETED", False: "DISCONTINUED"}).astype(object),
            "DCSREAS": last["DSDECOD"].where(~done, None),
        }
    )


def derive_followup(ds: pd.DataFrame, subjects: pd.Index, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Return, per USUBJID, LOSTDT VSWDDT EOSDT EOSSTT DCSREAS CUTDT.

    1. LOSTDT: first loss to follow-up or withdrawal; it ends the assessments (D2).
    2. VSWDDT: first withdrawal that ends vital-status follow-up too.
    3. EOSSTT is ONGOING where no disposition ended the study up to the cut-off.
    """
    ds = of_role(ds, "disposition")
    lost = ds["DSDECOD"].isin(DISPOSITION.group("loss")) & study_level(ds)
    out = pd.DataFrame(index=subjects)
    out["LOSTDT"] = first_by_subject(ds[lost], "DSSTDT_LO")
    out["VSWDDT"] = first_by_subject(ds[vital_status_withdrawn(ds)], "DSSTDT_LO")
    out = out.join(end_of_study(ds[~(ds["DSSTDT_LO"] > cutoff)]))
    out["EOSSTT"] = coalesce(out["EOSSTT"], "ONGOING")
    out["DCSREAS"] = out["DCSREAS"].astype(object).where(out["DCSREAS"].notna(), None)
    out["CUTDT"] = cutoff
    return out.astype(dict.fromkeys(("LOSTDT", "VSWDDT", "EOSDT", "CUTDT"), DATE))
