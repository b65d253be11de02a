"""Fixtures that every room may use, and which tests share a process."""

import os
import sys
from pathlib import Path

import pytest

# ``roles`` stands beside this file and is for every folder of tests
sys.path.append(str(Path(__file__).parent))

VARIABLE = "CARTEND_OUTSIDE_DATA"
TOGETHER = {
    "tests/workflow/test_rerun.py": "tree",
    "tests/workflow/test_guideline.py": "tree",
}
"""Files that act on one expensive thing, made once a process, and the name of the group."""


@pytest.fixture(scope="session")
def outside_data() -> Path:
    """The folder of data not made here (D30); without it the test is skipped, by name."""
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        pytest.skip(f"outside data: {VARIABLE} is not set")
    if not Path(folder).is_dir():
        pytest.skip(f"outside data: {VARIABLE} names {folder}, which is no folder")
    return Path(folder)


def group_of(nodeid: str) -> str:
    """Return the group of a test, by default its file: a group runs in one process."""
    file = nodeid.partition("::")[0]
    return TOGETHER.get(file, file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the groups of several files first, which take longest."""
    items.sort(key=lambda item: group_of(item.nodeid) not in TOGETHER.values())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Deal out whole groups, in the order of collection.

    Marks of ``xdist_group`` would say the same, but pytest 9.2 drops the name that
    pytest-xdist 3.8 appends to a test's id, and every test runs anywhere, without a word.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return Groups(config, log)
