"""Used and unused rows are the rows read, and what subjects tell of a row is told."""

import pandas as pd
import pytest
from gate_trial import admitted, subject

from cartend.admission.rows import (
    RowsError,
    assert_complete,
    left_by_intake,
    row_counts,
    settled_rows,
    unused_counts,
)
from cartend.contract.check import check
from cartend.contract.datasets.admission import ROWS

READ = pd.DataFrame(
    [
        ("CM", 1, "A", "new_therapy", "Y", None),
        ("CM", 2, "A", None, "N", "NO ROLE"),
        ("CM", 3, "F", "new_therapy", "Y", None),
        ("CM", 4, "X", "new_therapy", "Y", None),
        ("CM", 5, None, None, "N", "NO SUBJECT"),
        ("CM", 6, "E", "new_therapy", "N", "NOT HAPPENED"),
        ("CM", 7, "G", "bridging", "Y", None),
        ("DM", 1, "F", None, "Y", None),
        ("SUPPDM", 1, "F", None, "Y", None),
        ("TS", 1, None, None, "Y", None),
    ],
    columns=ROWS.names,
)


@pytest.fixture
def trial(definitions):
    rows = [
        subject("A"),
        subject("E", None, sets=""),
        subject("F", "SCRNFAIL", sets=""),
        subject("G", sets=""),
    ]
    return admitted(definitions, rows)


def test_rows_of_who_is_in_no_set_are_not_used_except_those_that_say_why(trial):
    told = settled_rows(trial, READ)
    check(told, ROWS)
    assert told["reason"].fillna("").tolist() == [
        "",
        "NO ROLE",
        "NO ARM",
        "SUBJECT UNKNOWN",
        "NO SUBJECT",
        "NOT HAPPENED",
        "IN NO SET",
        "",
        "",
        "",
    ]
    assert (told["used"].eq("Y") == told["reason"].isna()).all()


def test_used_and_unused_are_counted_by_file_with_their_reasons(trial):
    told = settled_rows(trial, READ)
    assert row_counts(told).values.tolist() == [
        ["CM", 7, 1, 6],
        ["DM", 1, 1, 0],
        ["SUPPDM", 1, 1, 0],
        ["TS", 1, 1, 0],
    ]
    assert unused_counts(told)["CM"][0] == ("It names no subject", 1)
    assert sum(count for _, count in unused_counts(told)["CM"]) == 6


def test_a_row_that_is_lost_or_unused_without_a_reason_is_a_fault():
    with pytest.raises(RowsError, match="CM: 1 rows used and 5 not, of 7 read"):
        assert_complete(
            READ,
            READ[~READ["row"].isin([3, 4]) | READ["domain"].ne("CM")]
            .assign(
                used=lambda rows: rows["used"].where(rows["row"].ne(7), "N"),
                reason=lambda rows: rows["reason"].where(rows["row"].ne(7), "IN NO SET"),
            )
            .pipe(lambda rows: pd.concat([rows, rows[rows["row"].eq(2)]])),
        )
    with pytest.raises(RowsError, match="CM row 1: not used, without a reason"):
        assert_complete(READ, READ.assign(used="N"))


def test_a_table_that_the_intake_does_not_leave_is_empty_and_of_its_contract(tmp_path):
    check(left_by_intake(tmp_path / "rows.parquet", ROWS), ROWS)
    READ.to_parquet(tmp_path / "rows.parquet")
    assert len(left_by_intake(tmp_path / "rows.parquet", ROWS)) == len(READ)
