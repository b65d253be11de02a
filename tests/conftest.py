"""Fixtures that every room may use."""

import os
import sys
from pathlib import Path

import pytest

# ``roles`` stands beside this file and is for every folder of tests
sys.path.append(str(Path(__file__).parent))

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
    """Keep together, in one process, the tests of a file and those that act on one whole run.

    Those of the whole run take longest, so they start first.
    """
    groups = {
        item: "tree" if "tree" in getattr(item, "fixturenames", ()) else str(item.path)
        for item in items
    }
    for item, shared in groups.items():
        item.add_marker(pytest.mark.xdist_group(shared))
    items.sort(key=lambda item: groups[item] != "tree")
