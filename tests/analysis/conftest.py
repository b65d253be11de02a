"""The tiny trial as a fixture; lets the tests of this folder import ``tiny_trial`` beside them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tiny_trial import Run, make_criteria  # noqa: E402


@pytest.fixture
def criteria():
    return make_criteria()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path / "tiny")
