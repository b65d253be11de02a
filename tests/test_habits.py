"""What ``make`` and the benchmark say while they work."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PYTHON = """#!/bin/sh
[ "$1 $2" = "-m venv" ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
[ "$1 $2" = "-m pip" ] && echo "pip $*" >> pip.log
exit 0
"""


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_says_each_step_of_the_environment_and_that_it_takes_minutes(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.lock").write_text("one==1.0\ntwo==2.0\n")
    for name in ("pyproject.toml", "python"):
        (tmp_path / name).write_text(PYTHON if name == "python" else "")
    (tmp_path / "python").chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    command = ["make", ".environment", f"PYTHON={tmp_path / 'python'}"]
    done = subprocess.run(
        command, cwd=tmp_path, env=kept, capture_output=True, text=True, check=True
    )
    said = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in said] == [
        f"Environment, {step} of 3" for step in (1, 2, 3)
    ]
    assert "2 packages" in said[1]
    assert "minutes" in said[1]
    assert (tmp_path / "pip.log").read_text().count("pip -m pip install -qq") == 2
    again = subprocess.run(
        command, cwd=tmp_path, env=kept, capture_output=True, text=True, check=True
    )
    assert len(again.stdout.splitlines()) == 2


def test_the_benchmark_prints_wall_and_cpu_of_each_and_both_ratios():
    place = importlib.util.spec_from_file_location("pipeline", ROOT / "bench" / "pipeline.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    lines = module.table(4, (30.0, 80.0), (3.0, 2.5), (25.0, 40.0))
    numbers = {line[:22].strip(): line[22:].split()[:2] for line in lines[1:]}
    assert numbers["snakemake --cores 4"] == ["30.0", "80.0"]
    assert numbers["one plain process"] == ["25.0", "40.0"]
    assert numbers["ratio"] == ["1.20", "2.00"]
