"""Records by their role, out of every domain, as rows that later steps date."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartend.contract.datasets.sdtm import END_DATE, START_DATE, TOPIC
from cartend.contract.records import has_role, of_role
from cartend.contract.terms.therapy import RADIATION, TRANSPLANT
from cartend.contract.text import holds_any, in_capitals
from cartend.subject.domains import DATE, coalesce, date_columns, first_by_subject

Domains = Mapping[str, pd.DataFrame]
DECIDED_LATER = ("REASON", "PLANNED", "WHAT", "CLASS")
NO_DRUG = {"INTENS": None, "TARGET": None, "ROUTE": None, "HALFLIFE": np.nan}
"""What a record that is no medication says of a drug."""
NO_END = {"ENDLO": np.datetime64("NaT", "ms"), "END": np.datetime64("NaT", "ms"), "ENDF": None}


def rows_of(frame: pd.DataFrame, dtc: str, kind: str, **columns: object) -> pd.DataFrame:
    """Return records of one domain as events with LO and HI still undecided.

    ``columns`` gives REASON, PLANNED, WHAT and CLASS as a series or a constant.
    """
    domain = dtc[:2]
    low, high, flag = date_columns(dtc)
    base = {
        "USUBJID": frame["USUBJID"],
        "KIND": kind,
        "LO": frame[low],
        "HI": frame[high],
        "ADTF": frame[flag],
        "SRCDOM": domain,
        "SRCVAR": dtc,
        "SRCSEQ": frame[f"{domain}SEQ"],
    }
    base |= {name: columns.get(name) for name in DECIDED_LATER}
    return pd.DataFrame(base, index=frame.index)


def topic(frame: pd.DataFrame, domain: str) -> pd.Series:
    """Return what each record of a domain is of."""
    first, *others = TOPIC[domain]
    found = frame[first].astype(object)
    for name in others:
        found = coalesce(found, frame[name])
    return found


def stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the parts that hold rows one below the other; the first, empty, where none does."""
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def role_rows(domains: Domains, role: str, kind: str, *carried: str) -> pd.DataFrame:
    """Return every record that has a role, whatever its domain, as events to be dated.

    REASON, PLANNED and the columns ``carried`` are those of the record where its domain has them.
    """
    parts = []
    for name, rows in _held(domains, role).items():
        out = _as_events(rows, name, kind)
        parts.append(out.assign(**{column: rows.get(column) for column in carried}))
    return pd.concat(parts, ignore_index=True)


def _held(domains: Domains, role: str) -> dict[str, pd.DataFrame]:
    """Return the records of a role by domain: where it has any, else none of the first domain."""
    found = {name: of_role(domains[name], role) for name in START_DATE}
    some = {name: rows for name, rows in found.items() if len(rows)}
    return some or dict(list(found.items())[:1])


def _as_events(rows: pd.DataFrame, name: str, kind: str) -> pd.DataFrame:
    said = {"REASON": rows.get("NATREAS"), "PLANNED": rows.get("PLANNED")}
    said["CLASS"] = CLASS[name](rows) if name in CLASS else None
    return rows_of(rows, START_DATE[name], kind, WHAT=topic(rows, name), **said)


def therapy_rows(domains: Domains, role: str, kind: str) -> pd.DataFrame:
    """Return the rows of :func:`role_rows` with the end of each and what it says of a drug.

    ENDLO and END are the first and last day that the last dose may be, ENDF its flag. INTENS,
    TARGET, ROUTE and HALFLIFE are of medications alone.
    """
    parts = []
    for name, rows in _held(domains, role).items():
        out = _as_events(rows, name, kind)
        out = with_ends(out, rows, END_DATE[name]) if name in END_DATE else out.assign(**NO_END)
        parts.append(out.assign(**(_drug(rows) if name == "cm" else NO_DRUG)))
    return pd.concat(parts, ignore_index=True)


def _drug(rows: pd.DataFrame) -> dict[str, pd.Series]:
    said = {"INTENS": rows["INTENS"], "TARGET": in_capitals(rows["TARGET"])}
    return said | {"ROUTE": rows["CMROUTE"], "HALFLIFE": rows["HALFLIFE"]}


def with_ends(rows: pd.DataFrame, source: pd.DataFrame, dtc: str) -> pd.DataFrame:
    """Return the rows with the first and last day that their last dose may be, and its flag."""
    low, high, flag = date_columns(dtc)
    return rows.assign(ENDLO=source[low], END=source[high], ENDF=source[flag])


def _medication_class(rows: pd.DataFrame) -> pd.Series:
    return rows["CMCLAS"]


def _dose_class(rows: pd.DataFrame) -> pd.Series:
    product = pd.Series("CAR-T", index=rows.index, dtype=object)
    return product.where(has_role(rows, "infusion"), None)


def procedure_class(rows: pd.DataFrame) -> pd.Series:
    """Return the class of each procedure: HSCT, RADIOTHERAPY or OTHER.

    A transplantation by its role or its name; radiation where its name or its category says so.
    """
    graft = has_role(rows, "transplantation") | rows["PRTRT"].isin(list(TRANSPLANT))
    rays = holds_any(rows["PRTRT"], RADIATION) | holds_any(rows["PRCAT"], RADIATION)
    named = pd.Series("OTHER", index=rows.index, dtype=object)
    return named.mask(rays, "RADIOTHERAPY").mask(graft, "HSCT")


def first_of_role(domains: Domains, role: str) -> pd.Series:
    """Return, per USUBJID, the first date of the records that have a role, in any domain."""
    return first_by_subject(role_rows(domains, role, role), "LO").astype(DATE)


CLASS = {"cm": _medication_class, "pr": procedure_class, "ex": _dose_class}
"""How the class of a therapy is read, by domain; elsewhere it is not stated."""
