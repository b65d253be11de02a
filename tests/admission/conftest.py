"""Small trials at the gate, every cell of theirs by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gate_trial import shipped_definitions


@pytest.fixture(scope="session")
def definitions():
    """The shipped definitions, resolved for a randomised trial with both evaluators."""
    return shipped_definitions()
