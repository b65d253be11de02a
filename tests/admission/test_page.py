"""The page of the gate is one file that says first what must be settled."""

import re

import pandas as pd
import pytest
from gate_trial import admitted, subject
from test_rows import READ

from cartend.admission.page import part_of_report, write_page
from cartend.admission.rows import settled_rows
from cartend.admission.subjects import subject_table
from cartend.contract.check import write, write_csv
from cartend.contract.datasets.admission import ROWS, STOPS, SUBJECTS, TOUCHED_WORDS


@pytest.fixture
def folder(tmp_path, definitions):
    trial = admitted(definitions, [subject("A"), subject("E", None, sets="")])
    rows = settled_rows(trial, READ)
    write(rows, ROWS, tmp_path / "rows.parquet")
    write_csv(subject_table(trial, rows), SUBJECTS, tmp_path / "subjects.csv")
    words = [("CM", "CMCAT", "<MYSTERY>", 2, None, None, "N", "ORR")]
    write_csv(
        pd.DataFrame(words, columns=TOUCHED_WORDS.names), TOUCHED_WORDS, tmp_path / "words.csv"
    )
    stops = [("S-SET", "INF", 2, "own: nobody is in it", "name the records")]
    write_csv(pd.DataFrame(stops, columns=STOPS.names), STOPS, tmp_path / "stops.csv")
    write_page(trial.study, tmp_path)
    return tmp_path


def test_the_stops_come_first_with_their_way_out(folder):
    text = (folder / "admission.html").read_text()
    assert text.index("1 stop.") < text.index("own: nobody is in it.") < text.index("Rows of the")
    assert "<strong>Way out:</strong> name the records." in text


def test_rows_subjects_and_words_are_accounted_for(folder):
    text = (folder / "admission.html").read_text()
    assert re.search(r"CM</th><td>7</td><td>1</td><td>6</td><td>It names no subject: 1;", text)
    assert re.search(r"Subjects of any file</th><td>5</td>", text)
    assert "no arm assigned 1" in text
    assert "&lt;MYSTERY&gt;" in text


def test_the_page_needs_nothing_beside_it_and_can_be_printed(folder):
    text = (folder / "admission.html").read_text()
    assert not re.search(r"(src|href)=|http|<script|@import", text)
    assert "@media print" in text
    assert "Own &lt;trial&gt;" in text


def test_the_report_shows_the_same(folder):
    assert str(part_of_report(folder)) in (folder / "admission.html").read_text()


def test_nothing_written_is_nothing_shown(tmp_path):
    text = part_of_report(tmp_path)
    assert "No stop is left" in text
    assert "No finding" in text
