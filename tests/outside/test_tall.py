"""Real patients: survival by MRD on day 29 in T-cell leukaemia, from times alone, equal to R."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from cartend.analysis.build import build_results
from cartend.config.load import load_config
from cartend.stats.logrank import logrank

HERE = Path(__file__).parent / "tall"
VALUES = Path(__file__).parents[1] / "reference" / "tall" / "values.json"
SOURCES = {"OS": ("os.time", "os.censor"), "EFS": ("efs.time", "efs.censor")}
UNTIMED = ["TALL-146", "TALL-233", "TALL-261"]


def brought(raw: pd.DataFrame, folder: Path) -> None:
    """Write ADSL and ADTTE as the file has them: years to days, and 1 is an event in it."""
    adsl = raw[["ID", "Sex", "Race", "MRD.binary"]].rename(columns={"ID": "USUBJID"})
    adsl = adsl.assign(AGE=raw["Age_Days"] / 365.25, INFFL="Y")
    rows = [
        pd.DataFrame(
            {
                "USUBJID": raw["ID"],
                "PARAMCD": name,
                "AVAL": raw[time] * 365.25,
                "CNSR": 1 - raw[event],
            }
        )
        for name, (time, event) in SOURCES.items()
    ]
    folder.mkdir()
    adsl.to_csv(folder / "adsl.csv", index=False)
    pd.concat(rows).to_csv(folder / "adtte.csv", index=False)


@pytest.fixture(scope="module")
def frames(outside_data, run_steps, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tall")
    raw = pd.read_csv(outside_data / "real" / "GRIN2_tall_clin_data.csv")
    brought(raw, folder / "data")
    study = yaml.safe_load((HERE / "study.yaml").read_text())
    (folder / "study.yaml").write_text(yaml.safe_dump({**study, "data": str(folder / "data")}))
    resolved = load_config({"studies": ["study.yaml"]}, folder, [HERE])
    out = run_steps(folder, resolved)
    build_results(
        resolved.studies["tall"],
        resolved.criteria["tall"],
        resolved.scenarios["tall"]["primary"].definitions,
        "primary",
        folder / "adam" / "adsl.parquet",
        *(folder / "primary" / f"{name}.parquet" for name in ("adtte", "adrsp")),
        folder / "ard.csv",
        folder / "curves.parquet",
    )
    text = dict.fromkeys(("population", "arm", "by", "level", "event", "method"), str)
    ard = pd.read_csv(folder / "ard.csv", dtype=text, keep_default_na=False)
    findings = pd.read_csv(folder / "findings.csv", dtype=str, keep_default_na=False)
    adsl = pd.read_parquet(folder / "adam" / "adsl.parquet")
    return {**out, "ard": ard, "findings": findings, "adsl": adsl}


@pytest.fixture(scope="module")
def reference():
    return json.loads(VALUES.read_text())


def test_the_three_subjects_without_a_time_are_findings_and_the_others_rows(frames):
    adtte = frames["adtte"].query("POP == 'INF'")
    assert adtte.groupby("PARAMCD").size().to_dict() == {"OS": 262, "EFS": 262}
    assert len(frames["adsl"]) == 265
    found = frames["findings"]
    untimed = found[found["finding_id"].eq("F-ADAM-004") & found["severity"].eq("error")]
    assert sorted(untimed["usubjid"].unique()) == UNTIMED
    assert untimed["message"].str.endswith("the record does not count").all()


def at(frames, name, level, day, statistic):
    rows = frames["ard"].query("population == 'INF' and by == 'MRDGRP' and analysis == 'km'")
    rows = rows[rows["paramcd"].eq(name) & rows["level"].eq(level) & rows["time"].eq(str(day))]
    rows = rows[rows["statistic"].eq(statistic)]
    assert len(rows) == 1
    return rows.iloc[0]["value"]


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_survival_by_mrd_with_log_log_limits_equals_r(frames, reference, name, level, place):
    expected, day = reference[name]["km"][level], reference["times"][place]
    for ours, theirs in (("estimate", "surv"), ("lower", "lower"), ("upper", "upper")):
        value, wanted = at(frames, name, str(level), day, ours), expected[theirs][place]
        if wanted == "NA":  # S = 1 has no log-log limit (D35)
            assert value == ""
        else:
            assert float(value) == pytest.approx(wanted, abs=1e-8)
    assert float(at(frames, name, str(level), day, "n_risk")) == expected["n_risk"][place]


@pytest.mark.parametrize("name", SOURCES)
def test_events_by_mrd_are_those_of_r(frames, reference, name):
    rows = frames["adtte"].query("POP == 'INF'")
    rows = rows[rows["PARAMCD"].eq(name)]
    events = rows["CNSR"].eq(0).groupby(rows["MRDGRP"]).sum()
    assert events.to_dict() == {str(i): km["events"] for i, km in enumerate(reference[name]["km"])}


@pytest.mark.parametrize("name", SOURCES)
def test_the_log_rank_test_by_mrd_equals_r(frames, reference, name):
    rows = frames["adtte"].query("POP == 'INF'")
    rows = rows[rows["PARAMCD"].eq(name)]
    event = rows["CNSR"].eq(0).to_numpy(dtype=np.int64)
    test = logrank(rows["AVAL"].to_numpy(), event, rows["MRDGRP"].to_numpy())
    assert test.statistic == pytest.approx(reference[name]["chisq"], abs=1e-8)
    assert test.p_value == pytest.approx(reference[name]["p"], abs=1e-8)
