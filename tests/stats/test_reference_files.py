"""The list of differences from R names tests that exist, and the values belong to the data."""

import re
from pathlib import Path

from reference_values import FOLDER, NAMES


def test_every_difference_is_asserted_by_a_test():
    text = (FOLDER / "DIFFERENCES.md").read_text()
    cited = re.findall(r"`(test_\w+\.py)::(test_\w+)`", text)
    assert len(cited) >= 15
    for file, name in cited:
        assert f"def {name}(" in (Path(__file__).parent / file).read_text(), f"{file}::{name}"


def test_every_data_set_has_values():
    assert (
        sorted(p.stem for p in (FOLDER / "values").glob("*.json") if not p.stem.startswith("_"))
        == NAMES
    )
    assert len(NAMES) == 26
