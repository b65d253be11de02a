"""ADTTE with AVAL and CNSR and no dates (D25): read, estimated by group, and equal to R."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from cartend.analysis.build import build_results
from cartend.config.load import load_config
from cartend.stats.gray import gray
from cartend.stats.logrank import logrank

HERE = Path(__file__).parent / "bmt"
VALUES = Path(__file__).parents[1] / "reference" / "values" / "bmt.json"
REAL = json.loads(VALUES.with_name("_real.json").read_text())
RELAPSE = 12  # CNSR of a competing event is 10 + STATE (D21)


def _brought(raw: pd.DataFrame, folder: Path) -> None:
    """Write ADSL and ADTTE with nothing but what the file has."""
    ids = [f"B{number:03d}" for number in range(1, len(raw) + 1)]
    adsl = pd.DataFrame({"USUBJID": ids, "INFFL": "Y", "GROUP": raw["group"]})
    relapsed, died = raw["d2"].eq(1), raw["d3"].eq(1) & raw["d2"].eq(0)
    times = {
        "OS": (raw["t1"], 1 - raw["d1"]),
        "DFS": (raw["t2"], 1 - raw["d3"]),
        "NRM": (raw["t2"], pd.Series(1, index=raw.index).mask(died, 0).mask(relapsed, RELAPSE)),
    }
    rows = [
        pd.DataFrame({"USUBJID": ids, "PARAMCD": name, "AVAL": time, "CNSR": cnsr})
        for name, (time, cnsr) in times.items()
    ]
    folder.mkdir()
    adsl.to_csv(folder / "adsl.csv", index=False)
    pd.concat(rows).to_csv(folder / "adtte.csv", index=False)


@pytest.fixture(scope="module")
def frames(outside_data, run_steps, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bmt")
    _brought(pd.read_csv(outside_data / "real" / "KMsurv_bmt.csv"), folder / "data")
    study = yaml.safe_load((HERE / "study.yaml").read_text())
    (folder / "study.yaml").write_text(yaml.safe_dump({**study, "data": str(folder / "data")}))
    resolved = load_config({"studies": ["study.yaml"]}, folder, [HERE])
    out = run_steps(folder, resolved)
    scenario = resolved.scenarios["bmt"]["primary"]
    paths = [
        folder / "adam" / "adsl.parquet",
        *(folder / "primary" / f"{name}.parquet" for name in ("adtte", "adrsp")),
    ]
    build_results(
        resolved.studies["bmt"],
        resolved.criteria["bmt"],
        scenario.definitions,
        "primary",
        *paths,
        folder / "ard.csv",
        folder / "curves.parquet",
    )
    text = dict.fromkeys(("population", "arm", "by", "level", "event"), str)
    out["data"] = folder / "data"
    out["ard"] = pd.read_csv(folder / "ard.csv", dtype=text, keep_default_na=False)
    return out


@pytest.fixture(scope="module")
def reference():
    return json.loads(VALUES.read_text())


def test_every_subject_has_a_row_and_no_date(frames):
    adtte = frames["adtte"].query("POP == 'INF'")
    assert adtte.groupby("PARAMCD").size().to_dict() == {"OS": 137, "DFS": 137, "NRM": 137}
    assert adtte["ADT"].isna().all()
    assert adtte["RULEID"].str.endswith(".BROUGHT").all()
    nrm = adtte[adtte["PARAMCD"].eq("NRM")]
    assert nrm["STATE"].value_counts().to_dict() == {0: 54, 2: 42, 1: 41}


def _row(ard: pd.DataFrame, **where: object) -> float:
    rows = ard[ard["population"].eq("INF")]
    for name, value in where.items():
        rows = rows[rows[name].eq(value)]
    assert len(rows) == 1, where
    return float(rows["value"].iloc[0])


@pytest.mark.parametrize("group", ["1", "2", "3"])
@pytest.mark.parametrize("day", [90, 365, 730])
def test_disease_free_survival_by_group_equals_r(frames, reference, group, day):
    found = _row(
        frames["ard"],
        paramcd="DFS",
        by="GROUP",
        level=group,
        analysis="km",
        time=str(day),
        statistic="estimate",
    )
    km = reference["km"][f"g{group}"]
    expected = [s for t, s in zip(km["time"], km["surv"], strict=True) if t <= day][-1]
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("group", ["1", "2", "3"])
def test_incidence_of_relapse_and_of_death_without_it_equals_r(frames, reference, group):
    where = {"by": "GROUP", "level": group, "time": "365", "statistic": "estimate"}
    curve = reference["aj"][f"g{group}"]["cuminc"]
    last = sum(time <= 365 for time in curve["time"]) - 1
    found = {
        event: _row(frames["ard"], paramcd="NRM", analysis="cif", event=event, **where)
        for event in ("1", "2")
    }
    assert found["2"] == pytest.approx(curve["e1"][last], abs=1e-12)
    assert found["1"] == pytest.approx(curve["e2"][last], abs=1e-12)
    free = _row(frames["ard"], paramcd="DFS", analysis="km", **where)
    assert sum(found.values()) + free == pytest.approx(1, abs=1e-12)


@pytest.fixture(scope="module")
def by_group(frames):
    """Return the rows of each endpoint with the disease group of ADSL."""
    adtte = frames["adtte"].query("POP == 'INF'")
    group = pd.read_csv(frames["data"] / "adsl.csv").set_index("USUBJID")["GROUP"]
    return {
        name: part.assign(GROUP=part["USUBJID"].map(group))
        for name, part in adtte.groupby("PARAMCD")
    }


def test_grays_test_of_relapse_and_of_death_without_it_equals_cmprsk(by_group):
    rows = by_group["NRM"]
    found = gray(rows["AVAL"].to_numpy(), rows["STATE"].to_numpy(), rows["GROUP"].to_numpy())
    expected = REAL["bmt"]["gray"]
    assert expected["cause"] == ["1", "2"]
    for place, cause in enumerate((1, 2)):
        assert found[cause].statistic == pytest.approx(expected["stat"][place], rel=1e-8)
        assert found[cause].p_value == pytest.approx(expected["p"][place], rel=1e-8)
        assert found[cause].df == 2


@pytest.mark.parametrize(("name", "key"), [("DFS", "logrank"), ("OS", "os")])
def test_survival_by_group_differs_as_in_survdiff(by_group, name, key):
    rows = by_group[name]
    event = rows["CNSR"].eq(0).to_numpy().astype(int)
    found = logrank(rows["AVAL"].to_numpy(), event, rows["GROUP"].to_numpy())
    assert found.statistic == pytest.approx(REAL["bmt"][key], rel=1e-8)


def test_grays_test_of_a_single_cause_of_failure_is_near_the_logrank_test(by_group):
    """Disease-free survival has no competing event: Gray's test then tests the same hazard."""
    rows = by_group["DFS"]
    event = rows["CNSR"].eq(0).to_numpy().astype(int)
    arguments = rows["AVAL"].to_numpy(), event, rows["GROUP"].to_numpy()
    assert gray(*arguments)[1].statistic == pytest.approx(logrank(*arguments).statistic, rel=0.05)
