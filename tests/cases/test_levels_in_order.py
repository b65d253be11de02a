"""Levels stand in the order of the study, of a numeric twin column, or of the number."""

import pandas as pd
import pytest
import yaml

from tests.cases.results import levels, results
from tests.cases.whole import HERE, Whole

CASE = HERE / "levels-in-order"


def changed(folder, adsl=None, **keys):
    """Return the case with another ADSL and other keys in its study file."""
    study = yaml.safe_load((CASE / "studies" / "x.yaml").read_text()) | keys
    (folder / "studies").mkdir()
    (folder / "data").mkdir()
    (folder / "studies" / "x.yaml").write_text(yaml.safe_dump(study))
    for name in ("adsl", "adtte"):
        table = pd.read_csv(CASE / "data" / f"{name}.csv", dtype=str)
        table = adsl(table) if name == "adsl" and adsl else table
        table.to_csv(folder / "data" / f"{name}.csv", index=False)
    return Whole(folder, "x", folder / "out")


def test_numbers_are_in_their_order(tmp_path):
    ard = results(Whole(CASE, "x", tmp_path))
    assert levels(ard, "PRIORLN") == ["1", "2", "10"]
    assert levels(ard, "RISK") == ["High", "Low", "Medium"]


@pytest.mark.parametrize("named", [["Low", "Medium", "High"], ["LOW", "medium", "High"]])
def test_the_order_of_the_study_file(tmp_path, named):
    trial = changed(tmp_path, levels={"RISK": named, "PRIORLN": ["10", "1"]})
    ard = results(trial)
    assert levels(ard, "RISK") == ["Low", "Medium", "High"]
    assert levels(ard, "PRIORLN") == ["10", "1", "2"]
    curves = pd.read_parquet(trial.out / "curves.parquet")
    assert list(dict.fromkeys(curves[curves["by"].eq("RISK")]["level"])) == [
        "Low",
        "Medium",
        "High",
    ]


def test_the_order_of_the_numeric_twin_column(tmp_path):
    number = {"Low": "1", "Medium": "2", "High": "3"}
    trial = changed(tmp_path, adsl=lambda t: t.assign(RISKN=t["RISK"].map(number)))
    assert levels(results(trial), "RISK") == ["Low", "Medium", "High"]


def test_the_subgroup_page_has_the_same_order(tmp_path):
    trial = changed(
        tmp_path,
        levels={"RISK": ["Low", "Medium", "High"]},
        design="randomised",
        roles={"OS": {"role": "primary"}},
        arms={"CART": {"label": "CAR-T"}, "SOC": {"label": "Other", "role": "control"}},
        adsl=lambda t: t.assign(
            ARMCD=["CART", "SOC", "SOC", "CART"] * 9, RANDDT=t["TRTSDT"], INFDT=t["TRTSDT"]
        ).drop(columns="TRTSDT"),
    )
    ard = results(trial)
    page = ard[ard["paramcd"].eq("subgroups") & ard["by"].str.endswith(": RISK")]
    lines = [level.partition(" ")[2] for level in dict.fromkeys(page["level"])]
    assert lines[:3] == ["Low", "Medium", "High"]
