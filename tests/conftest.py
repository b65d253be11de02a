"""Fixtures that every room may use."""

import os
from pathlib import Path

import pytest

VARIABLE = "CARTEND_OUTSIDE_DATA"


@pytest.fixture(scope="session")
def outside_data() -> Path:
    """The folder of data not made here (D30); without it the test is skipped, by name."""
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        pytest.skip(f"outside data: {VARIABLE} is not set")
    if not Path(folder).is_dir():
        pytest.skip(f"outside data: {VARIABLE} names {folder}, which is no folder")
    return Path(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, in one process, the tests of a file and those that act on one whole run."""
    for item in items:
        shared = "tree" if "tree" in getattr(item, "fixturenames", ()) else str(item.path)
        item.add_marker(pytest.mark.xdist_group(shared))
