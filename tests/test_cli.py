"""The command line: what it prints, its exit status, and that it starts at once."""

import json
import subprocess
import sys
from importlib.metadata import version

import pandas as pd
import pytest

from cartend.cli import main


@pytest.fixture
def empty(tmp_path):
    """A results folder with one study, whose manifest knows one subject and no endpoint."""
    folder = tmp_path / "results" / "trial"
    (folder / "adam").mkdir(parents=True)
    pd.DataFrame({"USUBJID": ["S-01"]}).to_parquet(folder / "adam/adsl.parquet")
    study = {"id": "trial", "endpoints": [], "evaluators": ["IRC"]}
    primary = {"definitions": {}, "support": {}}
    content = {"study": "trial", "configuration": {"study": study}}
    manifest = {**content, "definitions": {"primary": primary}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path / "results"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["explain", "trail", "S-01"],
            "cartend explain: {results}: study trail is not known; known: trial; nearest: trial",
        ),
        (
            ["explain", "trial", "S-02"],
            "cartend explain: study trial: subject S-02 is not known; known: S-01; nearest: S-01",
        ),
        (
            ["diff", "primary", "primery"],
            "cartend diff: {results}: scenario primery is not known; known: primary; "
            "nearest: primary",
        ),
        (
            ["explain", "trial", "S-01"],
            "cartend explain: {results}/trial/adam/adevt.parquet does not exist; run the study to "
            "its end",
        ),
    ],
)
def test_what_is_not_known_or_not_there_is_one_sentence_and_status_1(
    empty, capsys, words, sentence
):
    assert main([*words, "--results", str(empty)]) == 1
    assert capsys.readouterr().err == sentence.format(results=empty) + "\n"


def test_a_folder_that_does_not_exist_is_named(tmp_path, capsys):
    assert main(["explain", "a", "b", "--results", str(tmp_path / "none")]) == 1
    assert "none does not exist; name one with --results" in capsys.readouterr().err


def test_a_broken_manifest_is_named(empty, capsys):
    (empty / "trial/manifest.json").write_text("{")
    assert main(["explain", "trial", "S-01", "--results", str(empty)]) == 1
    assert "manifest.json cannot be read" in capsys.readouterr().err


def test_a_missing_argument_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["explain", "trial"])
    assert stop.value.code == 2
    assert "USUBJID" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"cartend {version('cartend')}\n"


def test_help_and_version_need_no_pandas_and_an_explanation_no_engine_and_no_plots():
    program = (
        "import sys; from cartend.cli import parser; parser(); assert 'pandas' not in sys.modules;"
        "import cartend.explain.explain, cartend.explain.diff_text;"
        "heavy = {'matplotlib', 'scipy', 'lifelines', 'snakemake', 'cartend.endpoint'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
