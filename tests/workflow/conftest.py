"""The project copied and run once, on which the workflow tests act."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from project_copy import Tree, copy_project, edit


@pytest.fixture(scope="session")
def tree(tmp_path_factory) -> Tree:
    """A copy of the project after a run of two of the shipped trials, which suffice here."""
    copy = copy_project(tmp_path_factory.mktemp("project"))
    edit(copy.folder / "config" / "config.yaml", ", mm-late-line, nb-gd2]", "]")
    done = copy.snakemake()
    assert done.returncode == 0, done.stdout[-6000:]
    copy.said = done.stdout
    return copy
