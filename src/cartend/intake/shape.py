"""Bringing a domain into the contract's shape: columns, numbers, record numbers, order."""

import pandas as pd

from cartend.contract.datasets.sdtm import SDTM, SOURCE_ROW
from cartend.intake import findings
from cartend.intake.numbers import numbers_in, read_otherwise
from cartend.intake.words import in_our_words


def empty_domain(name: str) -> pd.DataFrame:
    """Return a domain with the contract's columns and no row."""
    blank = {"STUDYID": pd.Series(dtype=object), SOURCE_ROW: pd.Series(dtype="int64")}
    return shape_domain(pd.DataFrame(blank), name)[0]


def shape_domain(
    table: pd.DataFrame, name: str, words: dict[str, dict[str, str]] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a domain with the contract's columns first, typed and sorted, and findings.

    ``words`` holds the study's words by column: the normal form of theirs, and ours. A coded
    column holds our codes; ``<X>_RAW`` the text as delivered, where it differs.
    """
    dataset = SDTM[name]
    table = text_columns(table, dataset.names)
    table = in_our_words(table, dataset, words or {})
    table, numbered = _with_seq(table, name)
    table, counted = _with_numbers(table, name)
    order = [column for column in ("USUBJID", "TSPARMCD", seq_of(name)) if column in dataset.names]
    table = table.sort_values(order, kind="stable", ignore_index=True)
    return table, findings.collect([numbered, counted])


def seq_of(name: str) -> str | None:
    """Return the column of a domain's record numbers, None in DM: one row a subject."""
    return next(iter(SDTM[name].of_kind("integer")), None)


def text_columns(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Put these columns first, blank where absent; keep the extra ones."""
    extra = [name for name in table.columns if name not in columns]
    blank = pd.Series([None] * len(table), index=table.index, dtype=object)
    chosen = {name: table.get(name, blank) for name in (*columns, *extra)}
    return pd.DataFrame(chosen, index=table.index)


def _with_seq(table: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make --SEQ whole numbers; where one is blank or unreadable, give the next free one."""
    seq = seq_of(name)
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
    return table, _numbering_findings(table, before, missing, name)


def _numbering_findings(
    table: pd.DataFrame, before: pd.Series, missing: pd.Series, name: str
) -> pd.DataFrame:
    """One note where a whole domain had no numbers, one warning a record where some had none."""
    if name == "ts" or not missing.any():
        return findings.no_findings()
    seq = before.name
    if before.isna().all():
        message = f"{name.upper()} came without {seq}; 1 to n was given by subject"
        return findings.about_file("F-SEQ-001", name, message)
    rows = table[missing].assign(WAS=before[missing])
    message = f"{seq} was '{{WAS}}'; {{{seq}}} was given"
    return findings.reading("F-SEQ-002", name, rows, message)


def _with_numbers(table: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the numeric columns into numbers; text that is none becomes missing, with a finding."""
    found, numbers = [], {}
    for column in SDTM[name].of_kind("number"):
        value = numbers_in(table[column])
        found.append(read_otherwise(table[column], value, name))
        wrong = table[table[column].notna() & value.isna()]
        message = f"{column} '{{{column}}}' is no number; the record is kept without it"
        found.append(findings.reading("F-NUM-001", name, wrong, message))
        numbers[column] = value
    return table.assign(**numbers), findings.collect(found)
