"""The page on the guideline has an entry for every requirement, and names what exists."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from guideline_page import KINDS, PROJECT, entries

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
