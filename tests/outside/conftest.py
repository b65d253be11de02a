"""Studies assembled in a temporary folder from data not made here (D30)."""

import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "endpoint"))

from factory import steps  # noqa: E402

from cartend.config.load import load_config  # noqa: E402
from cartend.config.resolved import Resolved  # noqa: E402


@pytest.fixture(scope="session")
def assemble(outside_data):
    """Return a function that puts files and a study mapping into a folder and resolves them."""

    def make(folder: Path, files: dict[str, str], study: dict, *shelves: Path) -> Resolved:
        data = folder / "data"
        data.mkdir(parents=True)
        for name, source in files.items():
            shutil.copyfile(outside_data / source, data / name)
        (folder / "study.yaml").write_text(yaml.safe_dump({**study, "data": str(data)}))
        return load_config({"studies": ["study.yaml"]}, folder, shelves)

    return make


@pytest.fixture(scope="session")
def run_steps():
    """Return ``steps(folder, resolved)``: ingest, subjects, response and events of one study."""

    def run(folder: Path, resolved: Resolved) -> dict[str, pd.DataFrame]:
        return steps(folder, resolved, "primary")

    return run
