"""What the page on the guideline names as output is what a run of the shipped trials writes."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))

from guideline_page import Written, entries, names_output, requirements_in

OUTPUTS = [(entry.id, output) for entry in entries() for output in entry.outputs]


@pytest.fixture(scope="module")
def written(tree) -> Written:
    return Written(tree.folder / "results")


def test_the_run_holds_studies(written):
    assert len(written.studies) >= 2


@pytest.mark.parametrize(("requirement", "output"), OUTPUTS, ids=[":".join(o) for o in OUTPUTS])
def test_a_run_writes(written, requirement, output):
    assert written.has(output), f"{requirement}: no run wrote {output}"


def test_a_table_that_names_a_requirement_stands_under_it(written):
    known = {entry.id: entry for entry in entries()}
    pages = [page for page in written.pages() if page[0] == "table"]
    named = [(stem, one) for _, stem, words in pages for one in requirements_in(words)]
    assert named
    assert [p for p in named if not names_output(known[p[1]], "table", p[0])] == []


@pytest.mark.parametrize(
    "output",
    [
        "table:no_such_table",
        "figure:OS_*_nothing",
        "compare:nothing",
        "ard:OS/no_such_analysis",
        "ard:OS/km/NOTHING",
        "column:adsl.NOTHING",
        "file:nothing.html",
    ],
)
def test_what_no_run_writes_is_not_found(written, output):
    assert not written.has(output)
