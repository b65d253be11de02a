"""The faults of bench/faults.py can be planted: their texts stand in the source, once."""

import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "bench"))

from faults import FAULTS, SOURCE, plant  # noqa: E402


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}:{fault.old}")
def test_a_fault_stands_once_leaves_python_and_has_its_tests(fault, tmp_path):
    path = tmp_path / SOURCE / fault.file
    path.parent.mkdir(parents=True)
    path.write_text((PROJECT / SOURCE / fault.file).read_text(encoding="utf-8"), encoding="utf-8")
    assert plant(tmp_path, fault) != path.read_text(encoding="utf-8")
    compile(path.read_text(encoding="utf-8"), fault.file, "exec")
    assert all((PROJECT / tests).exists() for tests in fault.where())


def test_two_faults_at_least_stand_in_every_room():
    rooms = [path.name for path in (PROJECT / SOURCE).iterdir() if (path / "__init__.py").exists()]
    planted = [fault.room for fault in FAULTS]
    assert {room for room in rooms if planted.count(room) < 2} == set()
