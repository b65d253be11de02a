"""The estimate job as a whole."""

import subprocess
import sys

import pandas as pd
import pytest
from tiny_trial import Run, make_definitions, make_study, pick


def test_the_same_data_in_another_order_give_the_same_bytes(run, tmp_path):
    run.build()
    other = Run(tmp_path / "other")
    for name in ("adsl", "adtte", "adrsp"):
        setattr(other, name, getattr(other, name).sample(frac=1, random_state=3))
    other.build()
    for name in ("ard.csv", "curves.parquet"):
        first = (run.folder / "primary" / name).read_bytes()
        assert first == (other.folder / "primary" / name).read_bytes(), name


def test_every_row_has_a_value_or_a_note(run):
    ard = run.build()
    assert not (ard["value"].isna() & (ard["note"] == "")).any()


def test_levels_of_a_stratifier_add_up_to_all(run):
    ard = run.build()
    rows = ard[(ard["analysis"] == "km") & (ard["statistic"] == "N") & (ard["paramcd"] == "EFS")]
    for arm in ("", "CART", "SOC"):
        total = rows[(rows["arm"] == arm) & (rows["by"] == "")]["value"].item()
        parts = rows[(rows["arm"] == arm) & (rows["by"] != "")].groupby("by")["value"].sum()
        assert set(parts.index) == {"BRIDGE", "BRIDGEFL", "AGEGR", "REFRACT"}
        assert set(parts) == {total}


def test_only_the_endpoints_of_the_scenario_are_written(run):
    definitions = make_definitions()
    run.definitions = {"EFS": definitions["EFS"], "ORR": definitions["ORR"]}
    assert set(run.build()["paramcd"]) == {"EFS", "ORR", "FLOW", "SETS", "INTERVALS"}


def test_evaluators_are_estimated_apart(run):
    other = run.adtte[run.adtte["PARAMCD"] == "EFS"].assign(EVAL="INV", AVAL=30)
    run.adtte = pd.concat([run.adtte, other], ignore_index=True)
    ard = run.build()
    assert pick(ard, paramcd="EFS", analysis="km", evaluator="INV")["min"] == 30
    assert pick(ard, paramcd="EFS", analysis="km")["min"] == 5


def test_a_trial_that_brings_time_and_censoring_alone_is_estimated(run):
    run.study = make_study(entry="adam")
    run.adtte = run.adtte[run.adtte["PARAMCD"] == "EFS"][["USUBJID", "PARAMCD", "AVAL", "CNSR"]]
    run.adsl = run.adsl[["USUBJID", "ARMCD"]]
    run.adrsp = run.adrsp.head(0)
    ard = run.build()
    found = pick(ard, paramcd="EFS", analysis="km", evaluator="")
    assert (found["N"], found["events"]) == (6, 4)
    counted = pick(ard, paramcd="EFS", analysis="count", evaluator="")
    assert (counted["EVENT", "n"], counted["CNSR 1: CENSORED", "n"]) == (4, 2)
    assert pick(ard, paramcd="EFS", analysis="logrank", arm="CART vs SOC", evaluator="")["df"] == 1


def test_a_single_arm_trial_has_no_arms_and_no_comparison(run):
    arms = {"CART": {"label": "CAR-T"}}
    run.study = make_study(design="single-arm", arms=arms, strata=[])
    run.adtte["ARMCD"] = run.adrsp["ARMCD"] = run.adsl["ARMCD"] = "CART"
    ard = run.build()
    assert set(ard["arm"]) == {""}


def test_the_job_loads_no_plotting_and_no_distribution_library():
    code = (
        "import sys, cartend.analysis.build, cartend.analysis.checks; "
        "print([m for m in ('lifelines', 'scipy.stats', 'matplotlib') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["adtte", "adrsp"])
def test_a_scenario_with_one_kind_of_endpoint_is_enough(run, name):
    setattr(run, name, getattr(run, name).head(0))
    ard = run.build()
    estimated = set(ard.loc[(ard["value"].notna()) & (ard["note"] == ""), "analysis"])
    assert ("km" in estimated) == (name == "adrsp")
    assert ("difference" in estimated) == (name == "adtte")


def test_an_endpoint_without_any_row_is_named_with_the_reason(run):
    run.adrsp = run.adrsp.head(0)
    ard = run.build()
    absent = ard[ard["note"].str.contains("not derivable")]
    assert set(absent["paramcd"]) == {n for n, d in run.definitions.items() if d.kind == "rate"}
    assert absent.loc[absent["statistic"] == "estimate", "value"].isna().all()
    assert (absent.loc[absent["statistic"] == "N", "value"] == 0).all()
