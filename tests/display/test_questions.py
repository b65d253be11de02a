"""The tables and figures of the questions, from results written by hand."""

import csv
from pathlib import Path

import numpy as np
import pytest
from display_trial import make_study

from cartend.analysis.ard import Ard as Written
from cartend.analysis.curves import Curves
from cartend.analysis.questions.page import Page
from cartend.display import theme
from cartend.display.ard import Ard
from cartend.display.curves import read_curves
from cartend.display.question_figures import question_figures
from cartend.display.questions import question_tables
from cartend.display.words import Heading
from cartend.display.writers import write_csv
from cartend.stats.competing import cumulative_incidence
from cartend.stats.illness import occupation

VERSUS = "A vs B"


def shells(tmp_path: Path, write) -> list:
    results, curves = Written("tiny", "primary"), Curves("tiny", "primary")
    write(Page(results, curves, "nrm_bias"))
    results.write(tmp_path / "ard.csv")
    curves.write(tmp_path / "curves.parquet")
    heading = Heading(make_study("randomised"), "primary", "2026-06-30")
    return list(question_tables(heading, Ard.read(tmp_path / "ard.csv")))


def cells(shell, tmp_path: Path) -> dict[tuple[str, str], list[str]]:
    write_csv(shell, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return {(row[0], row[1]): row[2:] for row in rows[1:] if row[0] != "#"}


def ratio(page: Page, **more) -> None:
    values = {"events": 7, "N": 20, "estimate": 0.5, "lower": 0.25, "upper": 1.0, "p_value": 0.04}
    page.add("cox", "Cox", {**values, **more}, arm=VERSUS)


def test_sections_and_lines_keep_the_order_in_which_they_were_written(tmp_path):
    def write(page: Page) -> None:
        for title in ("Zebra", "Apple"):
            page.section(title)
            for text in ("later", "earlier"):
                page.line(text)
                page.tally(3, 12, arm="A")

    (shell,) = shells(tmp_path, write)
    assert [(row.group, row.label) for row in shell.rows] == [
        ("Zebra", "later"),
        ("Zebra", "earlier"),
        ("Apple", "later"),
        ("Apple", "earlier"),
    ]


def test_arms_comparison_p_value_and_method_stand_in_one_row(tmp_path):
    def write(page: Page) -> None:
        page.section("S")
        page.line("L")
        for arm, value in (("A", 0.25), ("B", 0.125)):
            page.add("cif", "Aalen-Johansen", {"estimate": value}, arm=arm, time=365)
        gap = {"estimate": 0.125, "lower": -0.05, "upper": 0.3, "p_value": 0.2}
        page.add("difference", "normal limits", gap, arm=VERSUS, time=365)

    (shell,) = shells(tmp_path, write)
    row = cells(shell, tmp_path)[("S", "L")]
    assert row == ["25.0", "12.5", "12.5 (-5.0, 30.0)", "0.2000", "Aalen-Johansen; normal limits"]


def test_two_methods_of_one_column_are_two_rows(tmp_path):
    def write(page: Page) -> None:
        page.section("S")
        page.line("L")
        ratio(page)
        page.add("ipcw", "weighted", {"estimate": 0.6, "lower": 0.3, "upper": 1.2}, arm=VERSUS)

    (shell,) = shells(tmp_path, write)
    assert [row.cells["compared"] for row in shell.rows] == [
        "7/20; 0.500 (0.250, 1.000)",
        "0.600 (0.300, 1.200)",
    ]


def test_a_warning_that_is_raised_stands_under_the_title(tmp_path):
    def write(page: Page) -> None:
        page.section("Warning")
        page.line("PFS: a benefit that may be biased")
        page.add("warning", "PFS better; OS worse", {"met": 1}, arm=VERSUS)

    (shell,) = shells(tmp_path, write)
    assert "WARNING: PFS: a benefit that may be biased (PFS better; OS worse)" in shell.subtitle
    assert shell.rows[0].cells["compared"] == "RAISED"


def test_a_warning_that_is_not_raised_stands_in_the_table_alone(tmp_path):
    def write(page: Page) -> None:
        page.section("Warning")
        page.line("PFS")
        page.add("warning", "PFS better; OS better", {"met": 0}, arm=VERSUS)

    (shell,) = shells(tmp_path, write)
    assert not any("WARNING" in line for line in shell.subtitle)
    assert shell.rows[0].cells["compared"] == "not raised"


def test_what_cannot_be_derived_has_its_reason_as_a_footnote(tmp_path):
    def write(page: Page) -> None:
        page.run("S", lambda: page.absent("nobody crossed over"))

    (shell,) = shells(tmp_path, write)
    assert shell.rows[0].cells["all"] == "NE [a]"
    assert any("nobody crossed over" in note for note in shell.footnotes)


def test_an_exploratory_table_says_so(tmp_path):
    (shell,) = shells(tmp_path, lambda page: page.absent("nothing"))
    assert any(note.startswith("Exploratory") for note in shell.footnotes)


@pytest.fixture
def figures(tmp_path):
    random = np.random.default_rng(3)

    def write(page: Page) -> None:
        page.section("Cumulative incidence (%)")
        for arm in ("A", "B"):
            first, state = random.integers(10, 900, 40), random.integers(0, 3, 40)
            last = first + random.integers(0, 300, 40)
            page.line("Curves")
            page.curves.add_incidence(page.place(arm), cumulative_incidence(first, state), [1, 2])
            shares = occupation(first, state, last, random.integers(0, 2, 40))
            names = ("free", "relapsed", "died_after", "died_free")
            page.curves.add_states(page.place(arm), shares, names)
        page.absent("no table in this test")

    shells(tmp_path, write)
    heading = Heading(make_study("randomised"), "primary", "2026-06-30")
    ard, curves = Ard.read(tmp_path / "ard.csv"), read_curves(tmp_path / "curves.parquet")
    with theme.styled():
        return {stem: figure for _, stem, figure, _ in question_figures(heading, ard, curves)}


def test_stacked_areas_never_pass_one_hundred_percent_and_states_fill_it(figures):
    assert set(figures) == {"question_nrm_bias_incidence", "question_nrm_bias_states"}
    for stem, figure in figures.items():
        panels = [axes for axes in figure.axes if axes.collections]
        assert len(panels) == 2
        for axes in panels:
            top = max(area.get_paths()[0].vertices[:, 1].max() for area in axes.collections)
            assert top <= 1 + 1e-9
            if stem.endswith("states"):
                assert top == pytest.approx(1)


def test_a_figure_stays_on_its_page(figures):
    for figure in figures.values():
        for axes in figure.axes:
            box = axes.get_position()
            assert min(box.x0, box.y0) >= 0
            assert max(box.x1, box.y1) <= 1
