import csv
from types import SimpleNamespace

import pytest

from cartend.display.ard import Ard
from cartend.display.compare import compare
from cartend.display.compared import FAMILIES, STEM, entries, of_primary

FORMATS = SimpleNamespace(tables=("csv",), figures=("svg", "png"))


def spec(trial):
    return SimpleNamespace(definitions=trial.definitions, describe="x", grid=None)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], [row for row in rows[1:] if row[0] != "#"]


def test_every_definition_of_the_families_is_one_row_with_events_and_hazard_ratio(
    randomised, tmp_path
):
    compare(randomised.study, {"primary": spec(randomised)}, randomised.folder, tmp_path, FORMATS)
    header, rows = rows_of(tmp_path / f"{STEM}.csv")
    assert len(rows) == 1
    cells = dict(zip(header, rows[0], strict=True))
    assert cells["Definition"] == "Event-free survival"
    assert (cells["Endpoint"], cells["Scenario"], cells["Role"]) == ("EFS", "primary", "primary")
    assert cells["Windows open at cut-off"] == "0"
    assert cells["CAR-T: N"] == "12"
    assert cells["CAR-T: events by type"] == "8: death 8"
    assert cells["Hazard ratio (95% CI)"].count(".") == 3


def test_a_single_arm_trial_compares_medians(single_arm, tmp_path):
    compare(single_arm.study, {"primary": spec(single_arm)}, single_arm.folder, tmp_path, FORMATS)
    header, rows = rows_of(tmp_path / f"{STEM}.csv")
    assert "Hazard ratio (95% CI)" not in header
    assert "All subjects: median, months (95% CI)" in header
    assert (tmp_path / f"{STEM}.svg").exists()
    assert len(rows) == 1


def test_the_study_s_primary_comes_first_and_the_figure_takes_one_evaluator(randomised):
    scenarios = {"other": spec(randomised), "primary": spec(randomised)}
    ards = dict.fromkeys(scenarios, Ard.read(randomised.ard))
    found = entries(randomised.study, scenarios, ards, FAMILIES)
    order = [(entry.scenario, entry.role) for entry in found]
    assert order == [("primary", "primary"), ("other", "sensitivity")]
    assert len(of_primary(found)) == 2


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_forest_is_the_same_twice(randomised, tmp_path, kind):
    scenarios = {"primary": spec(randomised)}
    for name in ("a", "b"):
        compare(randomised.study, scenarios, randomised.folder, tmp_path / name, FORMATS)
    first, second = (tmp_path / name / f"{STEM}.{kind}" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_a_study_without_such_endpoints_has_an_empty_list(randomised, tmp_path):
    definitions = {"OS": randomised.definitions["OS"]}
    none = SimpleNamespace(definitions=definitions, describe="x", grid=None)
    compare(randomised.study, {"primary": none}, randomised.folder, tmp_path, FORMATS)
    assert [path.name for path in tmp_path.iterdir()] == ["index.json"]
    assert (tmp_path / "index.json").read_text() == "[]\n"
