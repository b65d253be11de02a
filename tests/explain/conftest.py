"""A finished results folder of four vector subjects: two scenarios, no configuration, no data."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "endpoint"))

from factory import Subject, randomised_study, runs

from cartend.config.load import load_config
from cartend.export.manifest import write_manifest

ENDPOINTS = ["OS", "PFS_FDA", "EFS_ZUMA7", "EFS_TRANSFORM", "ORR", "DOR"]
CUTOFF = 500
SUBJECTS = [
    Subject("T01", [(42, "PR"), (63, "CR"), (84, "CR"), (365, "PD")], infusion=28),
    Subject("T07", [(42, "SD"), (63, "SD")], therapies=[(70, "efficacy")], infusion=28),
    Subject("T08", [(42, "PR"), (63, "PR")], therapies=[(70, "toxicity")], infusion=28, alive=90),
    Subject("T20", [(42, "CR")], death=60, cause="INFECTION", infusion=28),
]
SCENARIO = {
    "name": "no-therapy",
    "describe": "New therapy ends the follow-up.",
    "studies": ["vectors"],
    "endpoints": {
        "EFS_ZUMA7": {
            "events": {"NEW_THERAPY": None},
            "intercurrent_events": {"NEW_THERAPY": {"strategy": "hypothetical"}},
        },
        "EFS_LATE": {"based_on": "EFS_BELINDA", "label": "From week 9", "pair": None},
    },
}
EXPECTED = Path(__file__).parent / "expected"
RECORD = {"inputs": {}, "code": {}, "packages": {}, "formats": {}}


@pytest.fixture(scope="session")
def results(tmp_path_factory) -> Path:
    """The results folder, with nothing beside what a reviewer receives."""
    top = tmp_path_factory.mktemp("explain") / "results"
    folder = top / "vectors"
    folder.mkdir(parents=True)
    study = randomised_study("", CUTOFF, ENDPOINTS)
    runs(folder, SUBJECTS, study, CUTOFF, [None, SCENARIO])
    own = folder / f"{SCENARIO['name']}.yaml"
    resolved = load_config({"studies": ["study.yaml"], "scenarios": [f"./{own.name}"]}, folder)
    spec = resolved.spec("vectors")
    content = {
        "study": spec["study"],
        "criteria": spec["criteria"],
        "scenarios": resolved.scenarios_spec("vectors"),
        "order": list(resolved.scenarios["vectors"]),
        "record": RECORD,
    }
    write_manifest(content, folder, folder / "manifest.json")
    shutil.rmtree(folder / "data")
    (folder / "study.yaml").unlink()
    own.unlink()
    return top


@pytest.fixture(scope="session")
def expected():
    """Return the function that reads a text written by hand, by its name."""
    return lambda name: (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")
