"""The table of results: order, exactness, and a reason for every missing number."""

import math

import pytest

from cartend.analysis.ard import COLUMNS, Ard, ArdError, Place, read_ard


@pytest.fixture
def ard():
    return Ard("s", "primary")


def test_columns_stand_in_the_order_of_the_contract(ard, tmp_path):
    ard.cell(Place("OS")).add("km", "m", {"N": 3})
    ard.write(tmp_path / "ard.csv")
    first, second = (tmp_path / "ard.csv").read_text().splitlines()
    assert first == (
        "study,scenario,paramcd,population,evaluator,arm,by,level,analysis,method,event,prob,time,"
        "statistic,value,note"
    )
    assert second == "s,primary,OS,,,,,,km,m,,,,N,3,"


def test_a_number_is_read_back_to_the_last_bit(ard, tmp_path):
    value = 0.1 + 0.2
    ard.cell(Place("OS", level="NA")).add("km", "m", {"estimate": value, "se": 1e-300}, time=90)
    ard.write(tmp_path / "ard.csv")
    back = read_ard(tmp_path / "ard.csv")
    assert tuple(back.columns) == COLUMNS
    assert back["value"].tolist() == [value, 1e-300]
    assert back["time"].tolist() == [90, 90]
    assert back["level"].tolist() == ["NA", "NA"]
    assert back["prob"].isna().all()
    assert set(back["note"]) == {""}


def test_lines_end_with_a_newline_alone(ard, tmp_path):
    ard.cell(Place("OS")).add("km", "m", {"N": 3})
    ard.write(tmp_path / "ard.csv")
    assert b"\r" not in (tmp_path / "ard.csv").read_bytes()


def test_rows_are_sorted_whatever_the_order_of_writing(ard, tmp_path):
    ard.cell(Place("PFS")).add("km", "m", {"N": 1})
    ard.cell(Place("OS", arm="SOC")).add("km", "m", {"estimate": 0.5, "N": 1}, time=365)
    ard.cell(Place("OS", arm="SOC")).add("km", "m", {"N": 1}, time=90)
    rows = [(r[2], r[12], r[13]) for r in ard.sorted_rows()]
    assert rows == [
        ("OS", 90, "N"),
        ("OS", 365, "N"),
        ("OS", 365, "estimate"),
        ("PFS", -1.0, "N"),
    ]


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_a_missing_number_has_a_note(ard, value):
    ard.cell(Place("OS")).add("km", "m", {"estimate": value}, note="not reached")
    assert ard.rows[0][-2:] == (None, "not reached")


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_a_missing_number_without_note_is_refused(ard, value):
    with pytest.raises(ArdError, match="OS .*km estimate is .* without a note"):
        ard.cell(Place("OS", "RAND")).add("km", "m", {"estimate": value})


def test_the_reason_of_one_statistic_is_not_that_of_another(ard):
    ard.cell(Place("OS")).add(
        "km", "m", {"estimate": 1.0, "upper": math.nan}, notes={"upper": "not reached"}
    )
    assert [row[-1] for row in ard.rows] == ["", "not reached"]


def test_two_rows_for_one_number_are_refused(ard):
    for value in (1, 2):
        ard.cell(Place("OS")).add("km", "m", {"N": value})
    with pytest.raises(ArdError, match=r"two rows for one number: s \| primary \| OS"):
        ard.sorted_rows()


def test_a_failure_becomes_one_noted_row_a_statistic(ard):
    cell = ard.cell(Place("OS"))
    with cell.attempt("km", "m", ("estimate", "se")):
        cell.add("km", "m", {"estimate": 0.5})
        raise ValueError("time must not be negative")
    assert [(r[13], r[14], r[15]) for r in ard.rows] == [
        ("estimate", None, "not estimable: time must not be negative"),
        ("se", None, "not estimable: time must not be negative"),
    ]


def test_a_fault_of_the_program_is_not_hidden(ard):
    cell = ard.cell(Place("OS"))
    with pytest.raises(TypeError), cell.attempt("km", "m", ("estimate",)):
        raise TypeError("no data could make this right")
