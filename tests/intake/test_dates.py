"""Partial dates become the days they may mean."""

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartend.intake.dates import add_dates, parse_dtc

CASES = [
    ("2025-03-14", "2025-03-14", "2025-03-14", ""),
    ("2025-03-14T10:30", "2025-03-14", "2025-03-14", ""),
    ("2025-03-14T10:30:59.5+08:00", "2025-03-14", "2025-03-14", ""),
    ("2025-03-14T-:30", "2025-03-14", "2025-03-14", ""),
    ("2025-03-14 10:30:00", "2025-03-14", "2025-03-14", ""),
    ("2014-01-02 00:00:00+00:00", "2014-01-02", "2014-01-02", ""),
    ("2024-02-29", "2024-02-29", "2024-02-29", ""),
    ("2025-02", "2025-02-01", "2025-02-28", "D"),
    ("2024-02", "2024-02-01", "2024-02-29", "D"),
    ("2025-12", "2025-12-01", "2025-12-31", "D"),
    ("2025", "2025-01-01", "2025-12-31", "M"),
    ("2025---15", "2025-01-15", "2025-12-15", "M"),
]
NEAR = [
    *(
        ("2023-05-UN", "2023-05-01", "2023-05-31", "D"),
        ("UN MAY 2023", "2023-05-01", "2023-05-31", "D"),
    ),
    *(
        ("2023-UN-UN", "2023-01-01", "2023-12-31", "M"),
        ("2023-05-00", "2023-05-01", "2023-05-31", "D"),
    ),
    *(("MAY2023", "2023-05-01", "2023-05-31", "D"), ("UNUNK2023", "2023-01-01", "2023-12-31", "M")),
    ("2023年5月", "2023-05-01", "2023-05-31", "D"),
] + [
    (text, "2023-05-14", "2023-05-14", "")
    for text in (
        *("14MAY2023", "14-May-2023", "14MAY2023:10:30:00", "14 mai 2023", "May 14, 2023"),
        *("20230514", "20230514T1030", "2023/05/14", "2023.05.14", "2023-5-14", "23144", "23144.0"),
        *(
            "1999686600",
            "２０２３-０５-１４",
            "٢٠٢٣-٠٥-١٤",
            "२०२३-०५-१४",
            "2023年5月14日",
            "14/05/2023",
        ),
        *("2023-05-14T23:30+09:00", "2023-05-14T00:30Z", "2023-05-14T24:00", "05/14/2023"),
    )
]
UNUSABLE = [
    *("2023-02-30", "2025-02-29", "2025-13-01", "UNK", "03/04/2023", "3.4.2023"),
    *("14MAY23", "--03-14", "0202-03-14", "9999-01-01", "2025-03-14Tnoon", "45060", "5", "2101"),
    *("NA", "2025-03-14/2025-03-20", "30FEB2023", "20231399", "23-05-14", "１４", None),
]


@pytest.mark.parametrize(("text", "low", "high", "flag"), NEAR)
def test_what_can_mean_one_day_alone_is_read(text, low, high, flag):
    row = parse_dtc(pd.Series([text])).iloc[0]
    assert (pd.Timestamp(low), pd.Timestamp(high), flag) == (row.LO, row.HI, row.FLAG)


def test_what_was_read_otherwise_is_a_note_a_column_and_two_meanings_are_an_error():
    text = ["2023-05-UN", "14MAY2023", "15MAY2023", "03/04/2023", "2023-05-01"]
    frame = pd.DataFrame({"USUBJID": "A", "RSSEQ": range(5), "RSDTC": text})
    dated, found = add_dates(frame, "rs")
    assert dated["RSDT_LO"].isna().tolist() == [False, False, False, True, False]
    notes = found[found["finding_id"].eq("F-DATE-003")]["message"].tolist()
    assert notes == [
        "RSDTC: 1 value read from a part given as unknown, the first '2023-05-UN'",
        "RSDTC: 2 values read from a SAS date format, the first '14MAY2023'",
    ]
    (wrong,) = found[found["finding_id"].eq("F-DATE-001")]["message"]
    assert wrong.startswith("RSDTC '03/04/2023' may be two days")


@pytest.mark.parametrize(("text", "low", "high", "flag"), CASES)
def test_a_date_is_bounded_by_the_days_it_may_mean(text, low, high, flag):
    row = parse_dtc(pd.Series([text])).iloc[0]
    assert (pd.Timestamp(low), pd.Timestamp(high), flag) == (row.LO, row.HI, row.FLAG)


@pytest.mark.parametrize("text", UNUSABLE)
def test_what_is_no_date_has_no_bounds_and_no_flag(text):
    row = parse_dtc(pd.Series([text], dtype=object)).iloc[0]
    assert pd.isna(row.LO)
    assert pd.isna(row.HI)
    assert row.FLAG is None


def test_an_invalid_date_is_a_finding_and_its_record_is_kept():
    text = ["2025-01-05", "2023-02-30", None, "UNK"]
    frame = pd.DataFrame({"USUBJID": ["A", "A", "B", "C"], "RSSEQ": [1, 2, 1, 1], "RSDTC": text})
    dated, found = add_dates(frame, "rs")
    assert list(dated.columns) == ["USUBJID", "RSSEQ", "RSDTC", "RSDT_LO", "RSDT_HI", "RSDTF"]
    assert dated["RSDTC"].tolist() == text
    assert str(dated["RSDT_LO"].dtype) == "datetime64[ms]"
    assert dated["RSDTF"].tolist() == ["", None, None, None]
    assert found[["finding_id", "usubjid", "record"]].values.tolist() == [
        ["F-DATE-001", "A", "RSSEQ 2"],
        ["F-DATE-001", "C", "RSSEQ 1"],
    ]
    assert "RSDTC '2023-02-30' is no ISO 8601 date" in found["message"][0]


def test_an_empty_domain_gets_its_date_columns():
    dated, found = add_dates(pd.DataFrame({"USUBJID": [], "RSDTC": []}, dtype=object), "rs")
    assert str(dated["RSDT_LO"].dtype) == "datetime64[ms]"
    assert found.empty


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)))
def test_every_day_of_the_calendar_is_itself_and_lies_in_its_month_and_year(day):
    text = day.isoformat()
    parsed = parse_dtc(pd.Series([text, text[:7], text[:4]]))
    assert (parsed["LO"] <= pd.Timestamp(day)).all()
    assert (parsed["HI"] >= pd.Timestamp(day)).all()
    assert parsed["LO"][0] == parsed["HI"][0] == pd.Timestamp(day)
    assert (parsed["HI"][1] + pd.Timedelta(days=1)).day == 1


@given(st.text(alphabet="0123456789-T:/ UNK", max_size=12))
def test_no_text_breaks_the_parser_and_bounds_are_in_order(text):
    row = parse_dtc(pd.Series([text])).iloc[0]
    assert pd.isna(row.LO) == pd.isna(row.HI) == (row.FLAG is None)
    assert pd.isna(row.LO) or row.LO <= row.HI


def test_a_missing_month_is_a_note_where_an_endpoint_may_use_the_date():
    frame = pd.DataFrame(
        {
            "USUBJID": ["A", "B", "C"],
            "CMSEQ": [1, 1, 1],
            "ROLE": ["prior_therapy", "new_therapy", "new_therapy"],
            "CMSTDTC": ["2024", "2025", "2025-03"],
        }
    )
    _, found = add_dates(frame, "cm")
    assert found[["finding_id", "severity", "usubjid"]].to_numpy().tolist() == [
        ["F-DATE-002", "note", "B"]
    ]
