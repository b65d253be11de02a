"""The project copied and run once, on which the workflow tests act."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from project_copy import Tree, copy_project


@pytest.fixture(scope="session")
def tree(tmp_path_factory) -> Tree:
    """A copy of the project after the default run of both trials."""
    copy = copy_project(tmp_path_factory.mktemp("project"))
    done = copy.snakemake()
    assert done.returncode == 0, done.stdout[-6000:]
    copy.said = done.stdout
    return copy
