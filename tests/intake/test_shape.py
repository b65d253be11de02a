"""Domains get the contract's columns, numbers and order."""

import pandas as pd

from cartend.contract.datasets.sdtm import SDTM
from cartend.intake.shape import empty_domain, shape_domain


def frame(**columns):
    return pd.DataFrame(columns, dtype=object)


def test_columns_of_the_contract_come_first_and_extra_ones_are_kept():
    table, found = shape_domain(
        frame(EXTRA=["x", "y"], SCSTRESC=["N", "Y"], SCTESTCD=["refract"] * 2, USUBJID=["B", "A"]),
        "sc",
    )
    assert table.columns.tolist() == [*SDTM["sc"].names, "EXTRA", "SCTESTCD_RAW"]
    assert table["USUBJID"].tolist() == ["A", "B"]
    assert table["SCTESTCD"].tolist() == ["REFRACT"] * 2
    assert table["STUDYID"].tolist() == [None, None]
    assert found["finding_id"].tolist() == ["F-SEQ-001"]


def test_record_numbers_are_given_within_each_subject():
    table, found = shape_domain(
        frame(USUBJID=["B", "A", "A"], SSTESTCD=["T"] * 3, SSSTRESC=["1", "2", "3"]), "ss"
    )
    assert table[["USUBJID", "SSSEQ", "SSSTRESC"]].values.tolist() == [
        ["A", 1, "2"],
        ["A", 2, "3"],
        ["B", 1, "1"],
    ]
    assert table["SSSEQ"].dtype == "int64"
    assert found["message"].tolist() == ["SS came without SSSEQ; 1 to n was given by subject"]


def test_a_blank_or_broken_number_gets_the_next_free_one():
    table, found = shape_domain(
        frame(USUBJID=["A"] * 4, SSSEQ=["5", None, "x", "2.5"], SSSTRESC=list("ABCD")),
        "ss",
    )
    assert dict(zip(table["SSSTRESC"], table["SSSEQ"], strict=True)) == {
        "A": 5,
        "B": 6,
        "C": 7,
        "D": 8,
    }
    assert found["message"].tolist() == [
        "SSSEQ was 'blank'; 6 was given",
        "SSSEQ was 'x'; 7 was given",
        "SSSEQ was '2.5'; 8 was given",
    ]


def test_text_in_a_numeric_column_is_a_finding_and_the_record_stays():
    table, found = shape_domain(
        frame(USUBJID=["A", "A"], LBSEQ=["1", "2"], LBLLOD=["<1e-5", "1e-5"]), "lb"
    )
    assert table["LBLLOD"].isna().tolist() == [True, False]
    assert table["LBLLOD"][1] == 1e-5
    assert found[["finding_id", "record", "message"]].values.tolist() == [
        ["F-NUM-001", "LBSEQ 1", "LBLLOD '<1e-5' is no number; the record is kept without it"]
    ]


def test_an_empty_domain_has_every_column_and_type():
    for name, dataset in SDTM.items():
        table = empty_domain(name)
        assert table.empty
        assert table.columns.tolist() == [*dataset.names, "SOURCEROW"]
        assert all(table[column].dtype == "float64" for column in dataset.of_kind("number")), name
