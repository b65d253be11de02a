"""The page on the guideline has an entry for every requirement, and names what exists."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from guideline_page import KINDS, PROJECT, entries, names_output, requirements_in

from cartend.analysis.questions.catalog import CATALOG as QUESTIONS
from cartend.analysis.safety.catalog import CATALOG as SAFETY
from cartend.config.finder import SHIPPED

ENTRIES = {entry.id: entry for entry in entries()}
RULE_WORDS = {"CROSSOVER"}


def test_every_requirement_has_one_entry_in_order():
    assert [entry.id for entry in entries()] == [f"R{number:02d}" for number in range(1, 49)]


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_an_entry_names_guideline_lines_and_known_kinds_of_output(entry):
    assert re.match(r"(Lines \d+-\d+|Record S1 F\d+-\d+)\. \S", entry.text)
    for output in entry.outputs:
        assert output.partition(":")[0] in KINDS, output


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_an_entry_without_output_says_so_and_one_with_output_has_its_test(entry):
    assert entry.outputs or entry.output.startswith("none"), entry.output
    assert bool(entry.outputs) == bool(entry.tests)
    for place in entry.tests:
        assert (PROJECT / "tests" / place).is_file(), place


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_an_endpoint_that_an_entry_names_is_shipped(entry):
    known = {path.stem for path in (SHIPPED / "endpoints").glob("*.yaml")} | RULE_WORDS
    for name in entry.keys:
        if re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
            assert name in known, name


PAGES = [(f"question_{one.name}", one.requirement) for one in QUESTIONS.values()]
PAGES += [(f"safety_{one.name}", one.requirement) for one in SAFETY]
SERVED = [(stem, number) for stem, said in PAGES for number in requirements_in(said)]


def test_a_range_of_requirements_is_each_of_them():
    assert requirements_in("R17-R19, R42; D36") == ["R17", "R18", "R19", "R42"]


@pytest.mark.parametrize(("stem", "requirement"), SERVED, ids=[" ".join(one) for one in SERVED])
def test_a_page_stands_under_every_requirement_that_it_names(stem, requirement):
    """So "none yet" cannot stay where a page serves the requirement."""
    assert names_output(ENTRIES[requirement], "table", stem)
