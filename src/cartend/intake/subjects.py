"""One row a subject, in DM and in ADSL."""

import pandas as pd

from cartend.intake import findings


def one_row_a_subject(
    table: pd.DataFrame, name: str, file: str
) -> tuple[pd.DataFrame, pd.DataFrame, str | None]:
    """Merge equal rows of a subject; where they differ, return a sentence for which to stop."""
    told = f"stands twice in {name.upper()} with"
    kept = table.drop_duplicates(ignore_index=True)
    merged = table[table.duplicated()]
    twice = kept[kept.duplicated("USUBJID", keep=False) & kept["USUBJID"].notna()]
    found = findings.collect(
        [
            findings.reading("F-DM-002", name, merged, f"{told} equal values; one row is kept"),
            findings.reading("F-DM-001", name, twice, f"{told} different values"),
        ]
    )
    if twice.empty:
        return kept, found, None
    names = twice["USUBJID"].drop_duplicates()
    listed = ", ".join(names.head(5)) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return kept, found, f"{file}: {listed}: more than one row with different values; keep one row"
