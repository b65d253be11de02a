"""SUPP-- values become columns of their parents."""

import pandas as pd
import pytest

from cartend.intake.errors import DataError
from cartend.intake.supp import merge_supp

PARENT = pd.DataFrame(
    {
        "USUBJID": ["A", "A", "B"],
        "CMSEQ": ["1", "2", "1"],
        "CMGRPID": ["G", "G", "H"],
        "NATREAS": [None, "TOXICITY", None],
    }
)


def supp(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(
        rows, columns=["USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL"], dtype=object
    )


def test_values_go_to_the_record_the_group_or_the_subject_they_point_to():
    rows = supp(
        ("A", "CMSEQ", "2", "LINE", "3"),
        ("A", "CMSEQ", "1.0", "LINE", "2"),
        ("A", "CMGRPID", "G", "TARGET", "CD19"),
        ("B", None, None, "INTENS", "Y"),
    )
    merged, found = merge_supp(PARENT, rows, "cm")
    assert found.empty
    assert merged[["LINE", "TARGET", "INTENS"]].values.tolist() == [
        ["2", "CD19", None],
        ["3", "CD19", None],
        [None, None, "Y"],
    ]
    assert merged["CMSEQ"].tolist() == PARENT["CMSEQ"].tolist()


def test_an_orphan_is_a_finding_and_changes_nothing():
    rows = supp(("A", "CMSEQ", "9", "LINE", "1"), ("Z", None, None, "LINE", "1"))
    rows = pd.concat([rows, supp(("A", "CMNONE", "1", "LINE", "1"))], ignore_index=True)
    merged, found = merge_supp(PARENT, rows, "cm")
    assert "LINE" not in merged
    assert found["finding_id"].tolist() == ["F-SUPP-001"] * 3
    assert found["record"].tolist() == ["SUPPCM row 1", "SUPPCM row 3", "SUPPCM row 2"]
    assert found["message"][0] == "LINE '1': CM holds no record with CMSEQ 9"


def test_the_first_of_two_values_counts_and_the_second_is_named():
    rows = supp(("A", "CMSEQ", "1", "LINE", "1"), ("A", "CMSEQ", "1", "LINE", "2"))
    merged, found = merge_supp(PARENT, rows, "cm")
    assert merged["LINE"].tolist() == ["1", None, None]
    assert found[["finding_id", "record"]].values.tolist() == [["F-SUPP-002", "SUPPCM row 2"]]


def test_a_value_of_the_parent_wins_and_a_blank_one_is_filled():
    rows = supp(("A", "CMSEQ", "2", "NATREAS", "EFFICACY"), ("B", "CMSEQ", "1", "NATREAS", "OTHER"))
    merged, found = merge_supp(PARENT, rows, "cm")
    assert merged["NATREAS"].tolist() == [None, "TOXICITY", "OTHER"]
    assert found[["finding_id", "usubjid", "record"]].values.tolist() == [
        ["F-SUPP-002", "A", "CMSEQ 2"]
    ]


def test_a_supp_file_without_its_columns_stops_with_one_sentence():
    with pytest.raises(DataError, match="suppcm.csv: no column QVAL"):
        merge_supp(PARENT, supp().drop(columns="QVAL"), "cm", "suppcm.csv")
