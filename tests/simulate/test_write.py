"""`make data` gives the bytes that are in the repository."""

import filecmp
from pathlib import Path

import yaml

from cartend.simulate.__main__ import write_study
from cartend.simulate.parameters import STUDIES

DATA = Path(__file__).resolve().parents[2] / "data/synthetic"
LIMIT = 8_000_000


def test_the_shipped_data_are_made_again_byte_for_byte(tmp_path):
    for name in STUDIES:
        write_study(name, tmp_path)
        files = sorted(path.name for path in (DATA / name).iterdir())
        assert files == sorted(path.name for path in (tmp_path / name).iterdir())
        _, differing, odd = filecmp.cmpfiles(DATA / name, tmp_path / name, files, shallow=False)
        assert not differing
        assert not odd


def test_the_shipped_data_are_small():
    assert sum(path.stat().st_size for path in DATA.rglob("*.csv")) < LIMIT


def test_lines_end_with_a_line_feed_alone():
    for path in DATA.rglob("*.csv"):
        assert b"\r" not in path.read_bytes()


def test_truth_lists_errors_parameters_and_values():
    for name in STUDIES:
        content = yaml.safe_load((DATA / name / "truth.yaml").read_text("utf-8"))
        assert list(content) == ["study", "planted_errors", "truth", "parameters", "responses"]
        assert content["parameters"]["study"] == name
        assert content["truth"]["seed"] == content["parameters"]["truth_seed"]
