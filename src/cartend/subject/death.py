"""Date and cause of death, with the imputation of partial dates (P17, D4)."""

import numpy as np
import pandas as pd

from cartend.contract.datasets.sdtm import START_DATE
from cartend.contract.records import has_role, of_role
from cartend.contract.terms.death import CAUSE
from cartend.contract.text import by_word, in_capitals, normal
from cartend.subject.domains import DATE, coalesce

DAY = np.timedelta64(1, "D")
MID_MONTH = 15


def death_records(domains: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return, per dead USUBJID, LO, HI, FLAG and SRCDOM of the death date, and UPPER (D48).

    1. The first source with a date decides: DM, DS, the end of the fatal AE.
    2. Else the earliest day on which a record says that the subject is dead (DD, SS, any other
       domain with the role ``death``): UPPER, the death is not later than that day.
    3. A subject whom a source calls dead without any date has LO and HI missing.
    """
    dm, dd = domains["dm"], domains["dd"]
    told = {name: _tells(domains[name], name) for name in ("dm", *START_DATE)}
    dated = [
        ("DM", dm[dm["USUBJID"].isin(told["dm"]["USUBJID"]) | dm["DTHDT_LO"].notna()], "DTHDT"),
        ("DS", told["ds"], "DSSTDT"),
        ("AE", told["ae"], "AEENDT"),
    ]
    named = {name for name, _, _ in dated}
    others = {name: dtc for name, dtc in START_DATE.items() if name.upper() not in named}
    known = [(name.upper(), dd if name == "dd" else told[name], others[name]) for name in others]
    rows = [_dated(*source).assign(UPPER=False) for source in dated]
    rows += [_dated(name, frame, dtc[:-1]).assign(UPPER=True) for name, frame, dtc in known]
    found = pd.concat(rows, ignore_index=True)
    found = found.assign(undated=found["LO"].isna(), until=found["HI"].where(found["UPPER"]))
    found = found.sort_values(["USUBJID", "undated", "UPPER", "until"], kind="stable")
    found = found.drop_duplicates("USUBJID").set_index("USUBJID")
    return found[["LO", "HI", "FLAG", "SRCDOM", "UPPER"]]


def _tells(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the records of a domain that tell of a death: by their role, a flag or a status."""
    tells = has_role(frame, "death")
    if name == "dm":
        tells |= frame["DTHFL"].eq("Y")
    if name == "ss":
        tells |= has_role(frame, "survival_status") & frame["SSSTRESC"].eq("DEAD")
    return frame[tells]


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


def impute_death(
    records: pd.DataFrame, alive: pd.Series, cutoff: pd.Timestamp | pd.Series
) -> pd.DataFrame:
    """Return, per dead USUBJID, DTHDT DTHDTF DTHDTLO DTHDTHI DTHDOM (P17, D4, D48).

    ``alive`` is the last known alive day by USUBJID. The interval of what is possible is
    [max(earliest day, last alive + 1), min(latest day, cut-off)], where it is not empty.

    1. Complete: that day.
    2. Day missing (D): the 15th, moved into the interval.
    3. Month missing (M), no date at all, or the day on which the subject was known to be dead (Y):
       the middle of the interval, rounded down.

    A death whose earliest possible day lies after the cut-off is not moved before it, and one that
    is known from a day after the cut-off alone lies after it.
    """
    last = alive.reindex(records.index).astype(DATE)
    cut = pd.Series(cutoff, index=records.index).astype(DATE)
    told = records["LO"]
    late = records["UPPER"] & (told > cut)
    start = told.mask(records["UPPER"]).fillna(last + DAY)
    start = start.mask(late & ~(start > cut), cut + DAY)
    high = records["HI"].where(~(records["HI"] > cut) | (told > cut), cut).fillna(cut)
    low = start.fillna(high)
    raised = low.where(~(last + DAY > low), last + DAY)
    flag = coalesce(records["FLAG"].where(told.notna() & ~records["UPPER"], "Y"), "")
    partial = flag.ne("")
    low = low.where(~partial, raised.where(raised <= high, high))
    middle = low + ((high - low) // (2 * DAY)) * DAY
    fifteenth = told + (MID_MONTH - 1) * DAY
    fifteenth = fifteenth.where(~(fifteenth < low), low).where(~(fifteenth > high), high)
    day = told.where(~partial, middle).where(flag.ne("D"), fifteenth)
    out = {"DTHDT": day, "DTHDTF": flag, "DTHDTLO": low, "DTHDTHI": high}
    out = pd.DataFrame(out).assign(DTHDOM=records["SRCDOM"])
    return out.astype({"DTHDT": DATE, "DTHDTLO": DATE, "DTHDTHI": DATE})


def cause_of_death(domains: dict[str, pd.DataFrame], dead: pd.Index) -> pd.DataFrame:
    """Return, per dead USUBJID, DTHCAUS (class of ``CAUSE``) and DTHCAUSR (text as reported).

    The cause in DD decides, else the fatal adverse event, else UNKNOWN. A stated text outside the
    taxonomy is UNKNOWN, or OTHER where it begins so (D39); an adverse event outside it is OTHER.
    Either stays legible in DTHCAUSR.
    """
    stated = of_role(domains["dd"], "cause_of_death")
    text = in_capitals(coalesce(stated["DDSTRESC"], stated["DDORRES"]))
    stated = stated.assign(text=text, cause=cause_of_text(text))
    fatal = of_role(domains["ae"], "death")
    text = in_capitals(fatal["AEDECOD"])
    fatal = fatal.assign(text=text, cause=coalesce(CAUSE.read(text), "OTHER"))
    rows = pd.concat([part[["USUBJID", "text", "cause"]] for part in (stated, fatal)])
    rows = rows.dropna(subset=["text"]).drop_duplicates("USUBJID").set_index("USUBJID")
    rows = rows.reindex(dead).astype(object)
    text = rows["text"].where(rows["text"].notna(), None)
    return pd.DataFrame({"DTHCAUS": coalesce(rows["cause"], "UNKNOWN"), "DTHCAUSR": text})


def cause_of_text(texts: pd.Series) -> pd.Series:
    """Return the class of each stated cause, missing where nothing is stated (D39)."""
    other = by_word(texts, lambda text: normal(text).startswith("other")).eq(True)
    unknown = pd.Series("UNKNOWN", index=texts.index, dtype=object).mask(other, "OTHER")
    return coalesce(CAUSE.read(texts), unknown.where(texts.notna(), None))
