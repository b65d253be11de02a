"""Supplemental qualifiers (SUPP--): each QNAM becomes a column of its parent."""

import re

import numpy as np
import pandas as pd

from cartend.contract.datasets.sdtm import SOURCE_ROW, SUPP
from cartend.contract.text import by_word, in_capitals
from cartend.intake import findings
from cartend.intake.reader import needed_names, require_columns
from cartend.intake.words import replaced

ORPHAN = "NO PARENT"
WHOLE = re.compile(r"^0*(\d+)(?:\.0*)?$")
AGAIN = "SECOND VALUE"
SILENT = "NO VALUE"


def merge_supp(
    parent: pd.DataFrame,
    supp: pd.DataFrame,
    domain: str,
    path: object = "SUPP file",
    words: dict[str, str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the SUPP-- values to their parent records; return the parent and findings.

    1. A row points to its parent by USUBJID and IDVAR = IDVARVAL; by USUBJID where IDVAR is blank.
    2. Of two values for one record and QNAM the first counts, and a finding names the other.
    3. A parent column of that name keeps its own value; a different one is a finding.
    4. A row without parent is a finding.

    ``words`` holds our names of qualifiers by the normal form of the study's.
    """
    require_columns(supp, f"SUPP{domain}", path, needed_names(SUPP))
    supp = _prepared(supp, words or {})
    found = [_repeated(supp, domain)]
    supp = supp.drop_duplicates(["USUBJID", "IDVAR", "IDVARVAL", "QNAM"])
    for idvar, rows in supp.groupby("IDVAR", sort=True):
        on = parent.get(idvar)
        keys = _keys(parent["USUBJID"], on if idvar else "")
        wanted = _keys(rows["USUBJID"], rows["IDVARVAL"])
        known = wanted.isin(set(keys)) & (on is not None or idvar == "")
        found.append(_orphans(rows[~known], domain))
        wide = _wide(rows[known], wanted[known])
        parent, conflicts = _joined(parent, keys, wide, domain)
        found.append(conflicts)
    return parent, findings.collect(found)


def supp_links(
    parent: pd.DataFrame, supp: pd.DataFrame, words: dict[str, str] | None = None
) -> pd.DataFrame:
    """Return what became of each supplemental row: ROW QNAM PARENT REASON.

    ROW is its row of the file, PARENT that of a record it belongs to (one line each; missing where
    there is none), REASON a code of ``terms.admission.UNUSED`` where it says nothing.
    """
    told = _prepared(supp, words or {})
    key = ["USUBJID", "IDVAR", "IDVARVAL", "QNAM"]
    second = told.duplicated(key)
    parts = []
    for idvar, rows in told.groupby("IDVAR", sort=True):
        on = parent.get(idvar)
        wanted = rows.assign(KEY=_keys(rows["USUBJID"], rows["IDVARVAL"]))
        if on is None and idvar:
            parts.append(wanted.assign(PARENT=np.nan))
            continue
        known = pd.DataFrame(
            {
                "KEY": _keys(parent["USUBJID"], on if idvar else ""),
                "PARENT": parent[SOURCE_ROW].astype("float64"),
            }
        )
        parts.append(wanted.merge(known, on="KEY", how="left"))
    links = pd.concat(parts) if parts else told.assign(PARENT=np.nan)
    reason = pd.Series(None, index=links.index, dtype=object).mask(links["PARENT"].isna(), ORPHAN)
    links = links.assign(REASON=reason)
    again = links["ROW"].isin(told.loc[second, "ROW"]) & links["REASON"].isna()
    links["REASON"] = links["REASON"].mask(again, AGAIN)
    silent = supp[~supp[SOURCE_ROW].isin(told["ROW"])]
    blank = {"ROW": silent[SOURCE_ROW], "QNAM": silent["QNAM"], "PARENT": np.nan, "REASON": SILENT}
    return pd.concat([links[["ROW", "QNAM", "PARENT", "REASON"]], pd.DataFrame(blank)])


def _prepared(supp: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """Give the pointer columns upper-case names and blanks as ''; number the rows."""
    supp = supp.assign(ROW=supp.get(SOURCE_ROW, pd.Series(range(1, len(supp) + 1), supp.index)))
    for name in ("IDVAR", "IDVARVAL"):
        supp[name] = supp[name].fillna("") if name in supp else ""
    supp["IDVAR"] = in_capitals(supp["IDVAR"]).fillna("")
    supp.loc[supp["IDVAR"].eq(""), "IDVARVAL"] = ""
    return supp[supp["QVAL"].notna() & supp["QNAM"].notna()].assign(
        QNAM=lambda rows: in_capitals(replaced(rows["QNAM"], words))
    )


def _keys(subject: pd.Series, value: object) -> pd.Series:
    """Return subject and pointer value as one text; 7.0 and 07 mean 7."""
    if not isinstance(value, pd.Series):
        return subject.fillna("").astype(str) + "\x1f"
    text = by_word(value.fillna(""), lambda word: WHOLE.sub(r"\1", str(word)))
    return subject.fillna("").astype(str) + "\x1f" + text


def _wide(rows: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """Return one row a key and one column a QNAM."""
    long = pd.DataFrame({"KEY": keys, "QNAM": rows["QNAM"], "QVAL": rows["QVAL"]})
    return long.drop_duplicates(["KEY", "QNAM"]).pivot(index="KEY", columns="QNAM", values="QVAL")


def _joined(
    parent: pd.DataFrame, keys: pd.Series, wide: pd.DataFrame, domain: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the columns of ``wide`` beside the parent, its own values first."""
    found, new = [], {}
    for name in wide.columns:
        value = keys.map(wide[name]).astype(object)
        value = value.where(value.notna(), None)
        if name in parent:
            own = parent[name]
            clash = parent[own.notna() & value.notna() & (own != value)]
            message = f"{name} is '{{{name}}}' in {domain.upper()} and differs in SUPP; kept"
            found.append(
                findings.reading("F-SUPP-002", domain, clash, message, _seq(clash, domain))
            )
            value = own.where(own.notna(), value)
        new[name] = value
    return parent.assign(**new), findings.collect(found)


def _seq(rows: pd.DataFrame, domain: str) -> list[str]:
    """Return the record names before numbers are checked."""
    name = f"{domain.upper()}SEQ"
    return [f"{name} {value}" if value else "" for value in rows.get(name, [""] * len(rows))]


def _rows(rows: pd.DataFrame, domain: str) -> list[str]:
    """Return the names of SUPP rows."""
    return [f"SUPP{domain.upper()} row {row}" for row in rows["ROW"]]


def _repeated(supp: pd.DataFrame, domain: str) -> pd.DataFrame:
    """Return findings of rows that repeat a key with another value."""
    key = ["USUBJID", "IDVAR", "IDVARVAL", "QNAM"]
    first = supp.groupby(key, sort=False)["QVAL"].transform("first")
    again = supp[supp.duplicated(key) & (supp["QVAL"] != first)]
    message = "{QNAM} '{QVAL}' is a second value for {IDVAR} {IDVARVAL}; the first is kept"
    return findings.reading("F-SUPP-002", domain, again, message, _rows(again, domain))


def _orphans(rows: pd.DataFrame, domain: str) -> pd.DataFrame:
    """Return findings of rows whose parent does not exist."""
    place = ("with " + rows["IDVAR"] + " " + rows["IDVARVAL"]).where(rows["IDVAR"].ne(""), "of it")
    message = f"{{QNAM}} '{{QVAL}}': {domain.upper()} holds no record {{PLACE}}"
    rows = rows.assign(PLACE=place)
    return findings.reading("F-SUPP-001", domain, rows, message, _rows(rows, domain))
