"""The project copied and run once, on which the workflow tests act."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from project_copy import Tree, copy_project, edit, forking_process, keep_subjects

SUBJECTS = {"lbcl-second-line": 120, "ball-single-arm": 60}
"""How many subjects of each trial are enough for every output to be written."""


@pytest.fixture(scope="session")
def forks() -> Iterator[str]:
    """The address of the process that runs snakemake and its jobs (forking.py)."""
    with forking_process() as address:
        yield address


@pytest.fixture(scope="session")
def tree(tmp_path_factory, forks) -> Tree:
    """A copy of the project after a run of two of the shipped trials, which suffice here.

    The trials are cut down to some of their subjects (``SUBJECTS``). Every shipped scenario runs,
    partial-dates in one of them; pages have one format.
    """
    once_for_all(tmp_path_factory)
    copy = copy_project(tmp_path_factory.mktemp("project"), forks)
    config = copy.folder / "config" / "config.yaml"
    edit(config, ", mm-late-line, nb-gd2]", "]")
    partial = config.parent / "scenarios" / "partial-dates.yaml"
    edit(partial, "\nendpoints:", "\nstudies: [lbcl-second-line]\nendpoints:")
    for study, number in SUBJECTS.items():
        keep_subjects(copy.folder / "data" / "synthetic" / study, number)
    edit(config, "{tables: [html, csv], figures: [svg, png]}", "{tables: [html], figures: [svg]}")
    done = copy.snakemake()
    assert done.returncode == 0, done.stdout[-6000:]
    copy.said = done.stdout
    return copy


def once_for_all(tmp_path_factory) -> None:
    """Fail where another process of pytest-xdist makes the same (see tests/conftest.py)."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        (tmp_path_factory.getbasetemp().parent / "tree").touch(exist_ok=False)
