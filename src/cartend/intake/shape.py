"""Bringing a domain into the contract's shape: columns, numbers, record numbers, order."""

import numpy as np
import pandas as pd

from cartend.intake import findings
from cartend.intake.domains import Domain
from cartend.intake.words import VOCABULARY

CODED = {
    "rs": ("RSTESTCD", "RSACPTFL", "RSSTAT"),
    "lb": ("LBTESTCD", "LBMETHOD", "LBSPEC", "LBSTRESC", "HEMODIL", "TRACKABL", "LBBLFL"),
    "dd": ("DDTESTCD", "DDSTRESC"),
    "ss": ("SSTESTCD", "SSSTRESC"),
    "ts": ("TSPARMCD",),
    "sc": ("SCTESTCD",),
    "ex": ("CONFORM",),
    "pr": ("PLANNED", "PRTRT"),
    "dm": ("DTHFL",),
    "ae": ("AESDTH",),
}


def empty_domain(domain: Domain) -> pd.DataFrame:
    """Return the domain with the contract's columns and no row."""
    return shape_domain(pd.DataFrame({"STUDYID": pd.Series(dtype=object)}), domain)[0]


def shape_domain(table: pd.DataFrame, domain: Domain) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the domain with the contract's columns first, typed and sorted, and findings."""
    table = text_columns(table, domain.columns)
    table = _with_coded_words(table, domain)
    table, numbered = _with_seq(table, domain)
    table, counted = _with_numbers(table, domain)
    table = table.sort_values(domain.sort_key, kind="stable", ignore_index=True)
    return table, findings.collect([numbered, counted])


def text_columns(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Put these columns first, blank where absent; keep the extra ones."""
    extra = [name for name in table.columns if name not in columns]
    blank = pd.Series([None] * len(table), index=table.index, dtype=object)
    chosen = {name: table.get(name, blank) for name in (*columns, *extra)}
    return pd.DataFrame(chosen, index=table.index)


def _with_coded_words(table: pd.DataFrame, domain: Domain) -> pd.DataFrame:
    """Write the words of controlled columns in capitals; any other text stays as it is."""
    names = (*CODED.get(domain.name, ()), *VOCABULARY.get(domain.name, {}))
    return table.assign(**{name: table[name].str.upper() for name in names if len(table)})


def _with_seq(table: pd.DataFrame, domain: Domain) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make --SEQ whole numbers; where one is blank or unreadable, give the next free one."""
    seq = domain.seq
    if seq is None:
        return table, findings.no_findings()
    subject = table["USUBJID"].fillna("") if "USUBJID" in table else pd.Series("", table.index)
    number = pd.to_numeric(table[seq], errors="coerce")
    number = number.where((number % 1 == 0) & (number > 0))
    missing = number.isna()
    highest = number.groupby(subject).transform("max").fillna(0)
    given = highest + missing.groupby(subject).cumsum()
    before = table[seq]
    table = table.assign(**{seq: number.where(~missing, given).astype("int64")})
    return table, _numbering_findings(table, before, missing, domain)


def _numbering_findings(
    table: pd.DataFrame, before: pd.Series, missing: pd.Series, domain: Domain
) -> pd.DataFrame:
    """One note where a whole domain had no numbers, one warning a record where some had none."""
    if domain.name == "ts" or not missing.any():
        return findings.no_findings()
    if before.isna().all():
        message = f"{domain.name.upper()} came without {domain.seq}; 1 to n was given by subject"
        return findings.about_file("F-SEQ-001", domain.name, message)
    rows = table[missing].assign(WAS=before[missing])
    message = f"{domain.seq} was '{{WAS}}'; {{{domain.seq}}} was given"
    return findings.reading("F-SEQ-002", domain.name, rows, message)


def _with_numbers(table: pd.DataFrame, domain: Domain) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the numeric columns into numbers; text that is none becomes missing, with a finding."""
    found, numbers = [], {}
    for name in domain.numeric:
        value = pd.to_numeric(table[name], errors="coerce").astype("float64")
        value = value.where(np.isfinite(value))
        wrong = table[table[name].notna() & value.isna()]
        message = f"{name} '{{{name}}}' is no number; the record is kept without it"
        found.append(findings.reading("F-NUM-001", domain.name, wrong, message))
        numbers[name] = value
    return table.assign(**numbers), findings.collect(found)
