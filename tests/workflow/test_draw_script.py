"""A grid of definitions has one figure, that of the comparison: its own job draws none."""

import ast
import json
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "display"))

from display_trial import CRITERIA, Trial, make_trial  # noqa: E402

SCRIPTS = sorted((Path(__file__).parents[2] / "workflow" / "scripts").glob("*.py"))


def drawn(trial: Trial, grid: dict | None, out: Path) -> tuple[list, list]:
    """Run the script of the rule ``draw``; return the figures drawn and those left out."""
    scenario = {
        "name": "a-grid",
        "describe": "d",
        "definitions": {k: d.model_dump(mode="json") for k, d in trial.definitions.items()},
        "support": {},
        "grid": grid,
        "based_on": {},
    }
    content = {
        "study": trial.study.model_dump(mode="json"),
        "criteria": CRITERIA.model_dump(mode="json"),
        "scenario": scenario,
        "formats": {"figures": ["svg"], "budget": {"others": 2}},
    }
    adtte = trial.primary / "adtte.parquet"
    given = {"ard": trial.ard, "curves": trial.curves, "adtte": adtte, "adsl": trial.adsl}
    stand_in = SimpleNamespace(
        rule="draw",
        wildcards=["tiny", "a-grid"],
        input=SimpleNamespace(**given, whole=[]),
        output=SimpleNamespace(figures=out),
        log=[str(out.parent / "logs" / "draw.log")],
        params=SimpleNamespace(spec=json.dumps(content)),
    )
    script = next(path for path in SCRIPTS if path.stem == "draw")
    runpy.run_path(str(script), init_globals={"snakemake": stand_in})
    lists = [json.loads((out / f"{name}.json").read_text()) for name in ("index", "left_out")]
    return lists[0], lists[1]


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Trial:
    return make_trial(tmp_path_factory.mktemp("trial"), "randomised")


def test_the_job_of_a_grid_draws_no_curves_and_leaves_none_out(trial, tmp_path):
    cells = {name: {"base": name, "chosen": {}} for name in trial.definitions}
    grid = {"of": list(trial.definitions), "axes": [], "cells": cells}
    assert drawn(trial, grid, tmp_path / "figures") == ([], [])
    assert not list((tmp_path / "figures").glob("*.svg"))


def test_the_same_definitions_without_a_grid_are_drawn_and_left_out(trial, tmp_path):
    index, left = drawn(trial, None, tmp_path / "figures")
    assert len(index) == 2
    assert left


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_gives_a_name_one_meaning(script):
    tree = ast.parse(script.read_text(encoding="utf-8"))
    stored = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and type(n.ctx) is ast.Store]
    assert len(stored) == len(set(stored)), stored
