import re

import pytest

from cartend.display.ard import Group
from cartend.display.rtf import column_widths, grouped_rows, write_rtf
from cartend.display.shell import Column, Row, Shell

SHELL = Shell(
    "tiny",
    "Title µ",
    ("Second {line}", "Third\\line"),
    (
        Column("a", "CAR-T (N=2)", Group(), "Arm"),
        Column("b", "Standard (N=1)", Group(), "Arm"),
    ),
    (
        Row("Events ≥ 1", {"a": "1 (50.0%)", "b": "0"}, 0, "First group"),
        Row("of these", {"a": "1"}, 1, "First group"),
        Row("Other_name^2", {"a": "a\N{NO-BREAK SPACE}b"}, 0, "Second group"),
    ),
    ("Note é × ½ 中",),
    stub="Rows",
)


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("rtf") / "tiny.rtf"
    write_rtf(SHELL, path)
    return path.read_bytes().decode("ascii")


def header_of(text: str) -> str:
    """Return what stands in the page's header: the group that opens with it, to its own brace."""
    start = text.index("{\\header")
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0) if text[place - 1] != "\\" else 0
        if depth == 0:
            return text[start : place + 1]
    raise AssertionError("the header is not closed")


def test_every_character_above_127_is_a_number_and_braces_are_escaped(text):
    for character in "µ≥é×½中\N{NO-BREAK SPACE}":
        assert re.search(rf"\\uc1\\u{ord(character)}[?*]", text)
    assert "Second \\{line\\}" in text
    assert "Third\\\\line" in text
    assert "Other_name^2" in text
    plain = re.sub(r"\\[\\{}]", "", text)
    assert plain.count("{") == plain.count("}")


def test_title_page_number_and_column_headings_stand_in_the_header_of_every_page(text):
    header = header_of(text)
    for said in ("Title", "Second", "Third", "fldinst {\\fs18 PAGE}", "fldinst {\\fs18 NUMPAGES}"):
        assert said in header
    for said in ("Rows", "CAR-T (N=2)", "Standard (N=1)"):
        assert text.count(said) == header.count(said) == 1
    assert header.count("b Arm}") == 1
    assert header.count("\\trowd") == 2
    assert "Events" not in header


def test_the_row_of_a_group_is_one_cell_over_the_whole_width(text):
    rows = text.replace(header_of(text), "").split("\\trowd")[1:]
    names = [re.findall(r"\{\\f0(?:\\b)? (.*?)\}\\cell", row) for row in rows]
    assert [row[0] for row in names] == [
        "First group",
        "Events \\uc1\\u8805* 1",
        "of these",
        "Second group",
        "Other_name^2",
    ]
    assert [len(row) for row in names] == [1, 3, 3, 1, 3]
    edges = [re.findall(r"\\cellx(\d+)", row) for row in rows]
    assert len({row[-1] for row in edges}) == 1
    assert [len(row) for row in edges] == [1, 3, 3, 1, 3]


def test_no_row_is_divided_between_two_pages(text):
    assert text.count("\\trowd") == text.count("\\trowd\\trkeep") == 7


def test_a_row_below_a_group_is_indented_and_one_of_a_lower_level_more(text):
    indents = re.findall(
        r"\\li(\d+)\\ri0\\ql\\fs16\{\\f0(?:\\b)? ", text.split("Standard (N=1)")[1]
    )
    assert indents == ["0", "180", "360", "0", "180"]


def test_a_column_of_text_is_wider_than_one_of_numbers():
    rows = (Row("S01", {"n": "12", "t": "word " * 30}), Row("S02", {"n": "3", "t": ""}))
    columns = (Column("n", "N", Group()), Column("t", "What was said", Group()))
    shell = Shell("t", "T", (), columns, rows)
    label, number, words = column_widths(shell, grouped_rows(shell))
    assert words > label > number
