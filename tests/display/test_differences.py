"""The difference tables, from the finished results of four subjects written by hand."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "endpoint"))
from factory import Subject, randomised_study, runs

from cartend.config.load import load_config
from cartend.display.compare import compare
from cartend.display.differences import SAME, difference_tables
from cartend.display.report import comparison_part, linked
from cartend.display.words import Heading
from cartend.explain.results import StudyResults

SUBJECTS = [
    Subject("T01", [(42, "PR"), (63, "CR"), (84, "CR"), (365, "PD")], infusion=28),
    Subject("T07", [(42, "PR"), (63, "PR")], therapies=[(70, "efficacy")], infusion=28),
    Subject("T20", [(42, "CR")], death=60, cause="INFECTION", infusion=28),
]
SCENARIO = {
    "name": "no-therapy",
    "describe": "New therapy ends the follow-up.",
    "endpoints": {
        "EFS_ZUMA7": {
            "events": {"NEW_THERAPY": None},
            "intercurrent_events": {"NEW_THERAPY": {"strategy": "hypothetical"}},
        },
        "EFS_NEW": {
            "based_on": "EFS_ZUMA7",
            "label": "Without death",
            "events": {"DEATH": None},
        },
    },
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return the typed study, the results and their folder."""
    folder = tmp_path_factory.mktemp("differences")
    study = randomised_study("", 500, ["OS", "EFS_ZUMA7"])
    runs(folder, SUBJECTS, study, 500, [None, SCENARIO])
    own = f"./{SCENARIO['name']}.yaml"
    resolved = load_config({"studies": ["study.yaml"], "scenarios": [own]}, folder)
    content = {
        "study": resolved.spec("vectors")["study"],
        "scenarios": resolved.scenarios_spec("vectors"),
        "order": list(resolved.scenarios["vectors"]),
    }
    return resolved.studies["vectors"], StudyResults.of_run(folder, content)


@pytest.fixture(scope="module")
def shells(opened):
    study, results = opened
    found = difference_tables(Heading(study, "all", "2024-12-31"), results)
    return {shell.id: shell for shell in found}


def test_a_changed_endpoint_is_compared_with_primary_and_a_new_one_with_its_base(shells):
    assert list(shells) == [
        "diff_no-therapy_EFS_ZUMA7",
        "diff_no-therapy_EFS_ZUMA7_subjects",
        "diff_no-therapy_EFS_ZUMA7_EFS_NEW",
        "diff_no-therapy_EFS_ZUMA7_EFS_NEW_subjects",
    ]


def test_the_counts_add_up_to_the_subjects_of_the_set(shells):
    table = shells["diff_no-therapy_EFS_ZUMA7"]
    assert [column.label for column in table.columns] == ["IRC, RAND (N=3)", "INV, RAND (N=3)"]
    assert {row.label: row.cells["IRC_RAND"] for row in table.rows} == {
        SAME: "2 (66.7%)",
        "event -> censored": "1 (33.3%)",
    }


def test_the_subject_that_moves_stands_with_both_results_and_the_reasons(shells):
    (row, *others) = shells["diff_no-therapy_EFS_ZUMA7_subjects"].rows
    assert row.label == "T07"
    assert row.group == "IRC, RAND: event -> censored"
    assert row.cells["A"].startswith("NEW_THERAPY on 2024-03-20, AVAL 71 (EFS_ZUMA7.NEW_THERAPY")
    assert "hypothetical" in row.cells["WHY_A"]
    assert row.cells["B"].startswith("BEFORE NEW ANTICANCER THERAPY on 2024-03-13, AVAL 64 (")
    assert row.cells["WHY_B"] == "an event was found"
    assert [other.group for other in others] == ["INV, RAND: event -> censored"]


def test_the_definitions_values_that_differ_stand_below(shells):
    notes = " ".join(shells["diff_no-therapy_EFS_ZUMA7"].footnotes)
    assert "intercurrent_events.NEW_THERAPY.strategy: composite -> hypothetical" in notes


def test_a_death_that_no_longer_counts_moves_its_subject(shells):
    rows = shells["diff_no-therapy_EFS_ZUMA7_EFS_NEW_subjects"].rows
    assert {row.label for row in rows} == {"T20"}
    assert all(row.cells["A"].startswith("DEATH on 2024-03-10") for row in rows)


def test_the_page_gets_the_tables_and_names_lead_to_subjects(opened, shells, tmp_path):
    study, results = opened
    compare(study, {}, results.folder, tmp_path, {"tables": ["html"], "figures": []}, results)
    parts = comparison_part(tmp_path)
    assert [part["kind"] for part in parts] == ["difference", "difference-list"] * 2
    assert {part["scenario"] for part in parts} == {"no-therapy"}
    page = linked(parts[1]["table"], {"T07": "explain-T07"})
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', page) == [("explain-T07", "T07")] * 2
