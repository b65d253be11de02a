"""The manifest says what was read and written, and where every subject stands."""

import json

import pandas as pd
import pytest

from cartend.digest import file_digest
from cartend.export.manifest import write_manifest


@pytest.fixture
def results(tmp_path):
    """Results of three subjects in one scenario, and the folder of a scenario no longer run."""
    folder = tmp_path / "trial"
    for name in ("sdtm", "adam", "primary", "old", "compare"):
        (folder / name).mkdir(parents=True)
    subjects = ["1", "2", "3"]
    pd.DataFrame({"USUBJID": [*subjects, "4"]}).to_parquet(folder / "sdtm/dm.parquet")
    flags = {"RANDFL": list("NNN"), "LAFL": list("YYY"), "INFFL": list("YYN"), "SAFFL": list("YYN")}
    pd.DataFrame({"USUBJID": subjects, **flags}).to_parquet(folder / "adam/adsl.parquet")
    shared = {"USUBJID": subjects, "POP": "LA", "EVAL": ["", "", ""]}
    times = {"PARAMCD": "NRM", "CNSR": [0, 12, 1], "STATE": [1, 2, 0], "ANL01FL": list("YYN")}
    pd.DataFrame({**shared, **times}).to_parquet(folder / "primary/adtte.parquet")
    rates = {"PARAMCD": "CR", "AVALC": ["Y", "N", "N"], "ANL01FL": list("YYY")}
    pd.DataFrame({**shared, **rates}).to_parquet(folder / "primary/adrsp.parquet")
    (folder / "old/ard.csv").write_text("study\n")
    (folder / "findings.csv").write_text("finding_id\n")
    (folder / "compare/.snakemake_timestamp").write_text("")
    return folder


CONTENT = {
    "study": {"id": "trial"},
    "criteria": {"id": "lugano"},
    "scenarios": {"primary": {"name": "primary", "definitions": {}}},
    "order": ["primary"],
    "record": {
        "inputs": {"dm.csv": "abc"},
        "code": {"events": "def"},
        "packages": {"pandas": "2.3", "python": "3.11"},
        "formats": {"tables": ["csv"], "figures": []},
    },
}


def read(results):
    write_manifest(CONTENT, results, results / "manifest.json")
    return json.loads((results / "manifest.json").read_text())


def test_subjects_are_counted_step_by_step(results):
    steps = read(results)["subjects"]
    assert steps[:6] == [
        {"step": "DM", "subjects": 4},
        {"step": "ADSL", "subjects": 3},
        {"step": "RANDFL", "subjects": 0},
        {"step": "LAFL", "subjects": 3},
        {"step": "INFFL", "subjects": 2},
        {"step": "SAFFL", "subjects": 2},
    ]
    place = {"scenario": "primary", "evaluator": "", "population": "LA", "subjects": 3}
    times = {"step": "NRM", **place, "in_primary_estimate": 2}
    assert steps[6] == {**times, "events": 1, "competing": 1, "censored": 1}
    rates = {"step": "CR", **place, "in_primary_estimate": 3}
    assert steps[7] == {**rates, "outcomes": {"N": 2, "Y": 1}}


def test_every_output_is_listed_but_itself_and_those_of_scenarios_not_run(results):
    outputs = read(results)["outputs"]
    assert set(outputs) == {
        "adam/adsl.parquet",
        "findings.csv",
        "primary/adrsp.parquet",
        "primary/adtte.parquet",
        "sdtm/dm.parquet",
    }
    assert outputs["findings.csv"] == file_digest(results / "findings.csv")


def test_writing_again_gives_the_same_bytes_and_no_path_of_the_machine(results):
    read(results)
    first = (results / "manifest.json").read_bytes()
    read(results)
    assert (results / "manifest.json").read_bytes() == first
    assert str(results).encode() not in first
