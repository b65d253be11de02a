"""Plain text: widths, wrapping, cells."""

import pandas as pd
import pytest

from cartend.explain.text import WIDTH, day_of, pairs, paragraph, show, source, table


def test_a_paragraph_is_wrapped_and_identifiers_stay_whole():
    text = paragraph("EFS-ZUMA-7 " * 20, 4)
    assert all(
        len(line) <= WIDTH and line.startswith("    EFS-ZUMA-7") for line in text.split("\n")
    )


def test_a_long_cell_goes_on_in_the_next_line_of_its_column():
    text = table(("day", "what", "end"), [("7", "one two three", "x")], {"what": 8}, 1)
    assert text == " day  what      end\n   7  one two   x\n      three"


def test_the_last_column_takes_what_is_left_of_the_width():
    text = table(("a", "b"), [("x" * 60, "word " * 30)], {})
    assert max(map(len, text.split("\n"))) <= WIDTH
    assert text.count("word") == 30


def test_pairs_are_never_broken():
    values = [(f"NAME{number}", "with three words") for number in range(12)]
    lines = pairs(values, 2).split("\n")
    assert all(len(line) <= WIDTH for line in lines)
    assert "  ".join(line.strip() for line in lines) == "  ".join(f"{n} {v}" for n, v in values)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pd.Timestamp("2024-02-29"), "2024-02-29"),
        (pd.NaT, "-"),
        (None, "-"),
        ("", "-"),
        (float("nan"), "-"),
        (3.0, "3"),
        (3.5, "3.5"),
        (0, "0"),
        ("CR", "CR"),
    ],
)
def test_a_cell_shows_dates_numbers_and_nothing(value, text):
    assert show(value) == text


def test_a_record_is_named_by_number_or_by_variable():
    assert source("RS", 5, "RSDTC") == "RS.5"
    assert source("DM", 0, "DTHDTC") == "DM.DTHDTC"
    assert source("ADSL", float("nan"), "RANDDT") == "ADSL.RANDDT"
    assert source(None, 1, "X") == ""


def test_days_are_counted_from_the_origin():
    origin = pd.Timestamp("2024-01-10")
    assert day_of(pd.Timestamp("2024-01-10"), origin) == "0"
    assert day_of(pd.Timestamp("2024-01-01"), origin) == "-9"
    assert day_of(pd.NaT, origin) == ""
