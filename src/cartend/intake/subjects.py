"""Subjects: one row each in DM and in ADSL, and ids that name one subject alone."""

import pandas as pd

from cartend.contract.datasets.sdtm import SOURCE_ROW
from cartend.contract.text import first_of, normal
from cartend.intake import findings
from cartend.intake.stops import Stop


def one_row_a_subject(
    table: pd.DataFrame, name: str, file: str
) -> tuple[pd.DataFrame, pd.DataFrame, list[Stop]]:
    """Merge equal rows of a subject; return the table, findings, and a stop where rows differ."""
    told = f"stands twice in {name.upper()} with"
    columns = [column for column in table.columns if column != SOURCE_ROW]
    kept = table.drop_duplicates(columns, ignore_index=True)
    merged = table[table.duplicated(columns)]
    twice = kept[kept.duplicated("USUBJID", keep=False) & kept["USUBJID"].notna()]
    found = findings.collect(
        [
            findings.reading("F-DM-002", name, merged, f"{told} equal values; one row is kept"),
            findings.reading("F-DM-001", name, twice, f"{told} different values"),
        ]
    )
    if twice.empty:
        return kept, found, []
    names = twice["USUBJID"].drop_duplicates().tolist()
    told = f"{file}: {first_of(names)}: more than one row with different values"
    one = kept[~kept.duplicated("USUBJID") | kept["USUBJID"].isna()].reset_index(drop=True)
    return one, found, [Stop("F-DM-001", name.upper(), len(names), told, "keep one row")]


def ids_spelled_alike(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[Stop]]:
    """Return findings of ids that differ in spelling alone, and the stop for them (D37).

    An id is what a subject is known by, as delivered; two of them with one normal form may be one
    subject or two, which no program can know.
    """
    spelled: dict[str, dict[str, str]] = {}
    for name, table in tables.items():
        if "USUBJID" in table:
            for given in table["USUBJID"].dropna().unique():
                spelled.setdefault(normal(given), {}).setdefault(given, name)
    alike = [given for _, given in sorted(spelled.items()) if len(given) > 1]
    if not alike:
        return findings.no_findings(), []
    rows = [
        findings.reading(
            "F-ID-004",
            name,
            pd.DataFrame({"USUBJID": [given]}),
            [f"{given} and {others[0]} differ in spelling alone"],
            [""],
        )
        for group in alike
        for given, name in group.items()
        for others in [[other for other in group if other != given]]
    ]
    told = [f"'{one}' and '{other}'" for one, other, *_ in map(sorted, alike)]
    sentence = f"USUBJID {first_of(told)} differ in spelling alone (case, hyphens, blanks)"
    way_out = "write the id of one subject in one way"
    return findings.collect(rows), [Stop("F-ID-004", "USUBJID", len(alike), sentence, way_out)]
