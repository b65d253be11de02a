"""The small trials of this folder, made once; nothing here writes into them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from display_trial import Trial, make_trial  # noqa: E402


@pytest.fixture(scope="session")
def randomised(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return make_trial(tmp_path_factory.mktemp("randomised"), "randomised")


@pytest.fixture(scope="session")
def single_arm(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return make_trial(tmp_path_factory.mktemp("single"), "single-arm")
