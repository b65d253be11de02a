"""Results that are not what a run wrote are told, file by file."""

import json

import pytest

from cartend.cli import main
from cartend.digest import file_digest
from cartend.export.verify import VerifyError, verify


@pytest.fixture
def results(tmp_path):
    """A study's results of three files, with the manifest of a run over two input files."""
    data, folder = tmp_path / "data", tmp_path / "results" / "trial"
    (folder / "primary").mkdir(parents=True)
    data.mkdir()
    for name in ("dm.csv", "rs.csv"):
        (data / name).write_text(f"USUBJID\n{name}\n")
    for name in ("report.html", "primary/ard.csv", "primary/adtte.parquet"):
        (folder / name).write_text(name)
    (folder / "primary" / ".snakemake_timestamp").write_text("")
    manifest = {
        "study": "trial",
        "configuration": {"study": {"data": str(data)}},
        "inputs": {path.name: file_digest(path) for path in data.iterdir()},
        "outputs": {
            path.relative_to(folder).as_posix(): file_digest(path)
            for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def told(results):
    return [str(one) for one in verify(results / "results")]


def test_an_untouched_run_has_no_difference_and_the_command_counts(results, capsys):
    assert told(results) == []
    assert main(["verify", str(results / "results")]) == 0
    assert capsys.readouterr().out == ("trial: 3 outputs and 2 inputs are as the run left them\n")


@pytest.mark.parametrize("folder", ["results", "results/trial"])
def test_missing_edited_and_foreign_files_are_told_and_the_status_is_one(results, folder, capsys):
    trial = results / "results" / "trial"
    (trial / "report.html").unlink()
    (trial / "primary" / "ard.csv").write_text("edited")
    (trial / "primary" / "more.csv").write_text("foreign")
    assert main(["verify", str(results / folder)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "trial: primary/ard.csv is edited: its bytes are not those of the run",
        "trial: primary/more.csv is foreign: no run wrote or read it",
        "trial: report.html is missing",
        "3 differences",
    ]


def test_inputs_that_changed_are_told(results):
    data = results / "data"
    (data / "dm.csv").write_text("other")
    (data / "rs.csv").unlink()
    (data / "lb.csv").write_text("new")
    assert told(results) == [
        "trial: input dm.csv is edited: its bytes are not those of the run",
        "trial: input lb.csv is foreign: no run wrote or read it",
        "trial: input rs.csv is missing",
    ]


def test_a_data_folder_that_is_gone_is_one_line(results):
    (results / "data").rename(results / "moved")
    (line,) = told(results)
    assert line.endswith("data is not there: the inputs cannot be compared")


def test_the_folder_of_a_scenario_that_was_not_run_is_left_alone(results):
    old = results / "results" / "trial" / "old"
    old.mkdir()
    (old / "ard.csv").write_text("")
    assert told(results) == []


@pytest.mark.parametrize("text", ["", "[1]", "{}", "\x00", '{"study": 1}'])
def test_what_is_no_manifest_is_one_sentence(results, text, capsys):
    (results / "results" / "trial" / "manifest.json").write_text(text)
    assert main(["verify", str(results / "results")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("cartend verify: ")
    assert "manifest" in said
    assert said.count("\n") == 1


def test_a_folder_without_results_is_one_sentence(tmp_path):
    with pytest.raises(VerifyError, match="no manifest.json in it nor one folder below"):
        verify(tmp_path)
