"""The robustness table and figure of a grid, from a whole small run."""

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "endpoint"))
from factory import Subject, randomised_study, single_arm_study, steps, write_sdtm

from cartend.analysis.build import build_results
from cartend.analysis.plan import comparisons
from cartend.config.load import load_config
from cartend.config.run import Formats
from cartend.display.ard import Ard
from cartend.display.compare import compare
from cartend.display.compared import entries, of_primary
from cartend.display.robustness import robustness_entries
from cartend.display.specification_curve import choice_lines

GRID = {
    "of": ["EFS_TRANSFORM", "PFS_FDA"],
    "new_therapy": ["composite", "hypothetical"],
    "missed_visits": ["off", 2],
}
FORMATS = Formats(tables=("html", "csv"), figures=("svg",))
STUDIES = {
    "randomised": lambda data: randomised_study(
        data,
        400,
        ["EFS_TRANSFORM", "PFS_FDA", "EFS_BELINDA"],
        roles={"EFS_TRANSFORM": {"role": "primary"}},
    ),
    "single-arm": lambda data: single_arm_study(
        data, 400, ["PFS_FDA"], (("W6", 42), ("W9", 63), ("W12", 84)), criteria="lugano-2014"
    ),
}


def subjects() -> list[Subject]:
    """Return 40 subjects of two arms that progress, change therapy, miss visits and die."""
    random = np.random.default_rng(7)
    made = []
    for number in range(40):
        last = int(random.choice([1, 2, 3, 5, 7]))
        days = [d for d in (42, 63, 84, 126, 150, 182, 274)[:last] if random.random() < 0.8]
        visits = [(day, str(random.choice(["CR", "PR", "SD"]))) for day in days]
        if random.random() < 0.6 and days:
            visits[-1] = (days[-1], "PD")
        therapy = [(int(random.integers(60, 200)), "EFFICACY")] if random.random() < 0.4 else []
        death = int(random.integers(210, 390)) if random.random() < 0.3 else None
        arm = ("CART", "SOC")[number % 2]
        made.append(
            Subject(
                f"S{number:02}",
                visits,
                inv=visits[: max(1, len(visits) - 1)],
                therapies=therapy,
                death=death,
                arm=arm,
                infusion=28 if arm == "CART" else None,
            )
        )
    return made


class Run:
    """A resolved study with its results for primary and the grid."""

    def __init__(self, folder: Path, design: str) -> None:
        write_sdtm(folder / "data", subjects(), 400)
        rs = folder / "data" / "rs.csv"
        rs.write_text(rs.read_text().replace(",@,", ",LUGANO 2014,"))
        grid = {"name": "grid", "describe": "a grid", "grid": GRID}
        for name, content in (("study", STUDIES[design](str(folder / "data"))), ("grid", grid)):
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(content))
        config = {"studies": ["study.yaml"], "scenarios": ["grid.yaml"]}
        self.folder, resolved = folder, load_config(config, folder)
        (self.study,) = resolved.studies.values()
        (criteria,) = resolved.criteria.values()
        self.scenarios = resolved.scenarios[self.study.id]
        for name, spec in self.scenarios.items():
            steps(folder, resolved, name)
            out = folder / name
            inputs = (folder / "adam/adsl.parquet", out / "adtte.parquet", out / "adrsp.parquet")
            made = (out / "ard.csv", out / "curves.parquet")
            by = () if spec.grid else None
            build_results(
                self.study, criteria, spec.definitions, name, *inputs, *made, stratifiers=by
            )
        compare(self.study, self.scenarios, folder, folder / "compare", FORMATS)

    def choices(self) -> list:
        ards = {name: Ard.read(self.folder / name / "ard.csv") for name in self.scenarios}
        primary = {"primary": self.scenarios["primary"]}
        shipped = of_primary(
            entries(self.study, primary, {"primary": ards["primary"]}, ("EFS", "PFS"))
        )
        against = next(iter(comparisons(self.study)), None)
        grid = self.scenarios["grid"]
        return robustness_entries(self.study, grid, ards["grid"], shipped, against)

    def table(self) -> pd.DataFrame:
        with (self.folder / "compare/robustness_grid.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.reader(file) if row[0] != "#"]
        return pd.DataFrame(rows[1:], columns=rows[0]).set_index("Definition")


@pytest.fixture(scope="module", params=sorted(STUDIES))
def run(request, tmp_path_factory):
    return Run(tmp_path_factory.mktemp("grid"), request.param)


@pytest.fixture(scope="module")
def randomised(tmp_path_factory):
    return Run(tmp_path_factory.mktemp("grid"), "randomised")


def test_every_definition_of_the_grid_is_one_row_for_each_population_and_evaluator(run):
    keys = pd.read_csv(run.folder / "grid/ard.csv", keep_default_na=False)
    keys = keys[~keys["evaluator"].str.contains("vs") & keys["paramcd"].str.contains("_G")]
    held = set(zip(keys["paramcd"], keys["population"], keys["evaluator"], strict=True))
    grid = [c for c in run.choices() if c.entry.scenario == "grid"]
    found = [(c.entry.definition.id, c.entry.population, c.entry.evaluator) for c in grid]
    assert len(found) == len(set(found))
    assert set(found) == held
    assert {name for name, *_ in found} == set(run.scenarios["grid"].grid.cells)
    assert len(run.table()) == len(run.choices())


def test_the_rows_stand_in_the_order_of_the_hazard_ratio(randomised):
    ratios = [c.numbers[0] for c in randomised.choices()]
    known = [value for value in ratios if value is not None]
    assert len(known) > 4
    assert known == sorted(known)
    assert ratios[len(known) :] == [None] * (len(ratios) - len(known))


def test_the_row_of_a_shipped_definition_has_the_numbers_of_the_shipped_one(randomised):
    mine = {c.entry.definition.id: c for c in randomised.choices() if c.entry.evaluator == "IRC"}
    same = [c for c in mine.values() if c.shipped and c.entry.scenario == "grid"]
    assert {c.shipped for c in same} == {"EFS_TRANSFORM", "PFS_FDA"}
    ard = Ard.read(randomised.folder / "primary/ard.csv")
    for choice in same:
        results = ard.of(choice.shipped, "RAND", "IRC")
        (who,) = results.comparisons(randomised.study)
        expected = tuple(
            results.number(who, "cox", name) for name in ("estimate", "lower", "upper")
        )
        assert choice.numbers == pytest.approx(expected, abs=0, rel=0)


def test_a_shipped_definition_that_no_choice_repeats_stands_beside_the_grid(randomised):
    beside = [c for c in randomised.choices() if c.entry.scenario == "primary"]
    assert [c.shipped for c in beside] == ["EFS_BELINDA"]
    row = randomised.table().loc["EFS_BELINDA [EFS_BELINDA]"]
    assert row["Definition: New therapy"] == "as shipped"


def test_the_primary_endpoint_is_marked_in_the_table(randomised):
    marked = [name for name in randomised.table().index if "primary endpoint" in name]
    assert set(marked) == {"EFS_TRANSFORM_G1 [EFS_TRANSFORM, the study's primary endpoint]"}


def test_the_figure_has_one_mark_a_choice_and_definition(run):
    choices = run.choices()
    for name, words in choice_lines(run.study, run.scenarios["grid"], choices):
        assert len(words) > 1, name
    svg = (run.folder / "compare/robustness_grid.svg").read_text()
    for word in ("Starts from", "ends follow-up", "2 or more censor"):
        assert (word in svg) == (run.study.design == "randomised" or word != "Starts from")


def test_the_comparison_of_shipped_definitions_leaves_the_grid_out(run):
    text = (run.folder / "compare/efs_definitions.csv").read_text()
    assert "_G1" not in text


def test_the_results_of_a_grid_are_not_broken_down_by_stratum(run):
    ard = pd.read_csv(run.folder / "grid/ard.csv", keep_default_na=False)
    assert set(ard["by"]) == {""}
