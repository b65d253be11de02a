"""Bad configuration and bad data: one clear sentence, status 1, never a traceback.

Each run works in a folder of its own, with the shipped Snakefile and nothing copied in.
"""

import csv
import shutil

import pytest
import yaml
from project_copy import ROOT, run_snakemake, sentence_of

STUDY = "ball-single-arm"


ONE_STOP = "1 stop; listed with the way out in results/own/admission/stops.csv"


def last_line(done):
    return done.stdout.rstrip().splitlines()[-1]


@pytest.fixture
def trial(tmp_path, forks):
    """A trial of one's own: a copy of the shipped leukaemia trial, its study file and a config."""
    return Trial(tmp_path, forks)


class Trial:
    def __init__(self, folder, forks):
        self.folder = folder
        self.forks = forks
        shutil.copytree(ROOT / "data" / "synthetic" / STUDY, folder / "data")
        text = (ROOT / "config" / "studies" / f"{STUDY}.yaml").read_text(encoding="utf-8")
        self.study = yaml.safe_load(text) | {"id": "own", "data": "data"}
        self.config = {"studies": ["own.yaml"], "scenarios": []}

    def run(self, *options):
        (self.folder / "own.yaml").write_text(yaml.safe_dump(self.study))
        (self.folder / "my.yaml").write_text(yaml.safe_dump(self.config))
        places = ("--snakefile", str(ROOT / "Snakefile"), "--configfile", "my.yaml")
        return run_snakemake(*places, *options, forks=self.forks, cwd=self.folder)

    def stops(self, *options):
        return sentence_of(self.run(*options))

    def rows(self, name):
        with (self.folder / "data" / name).open(newline="") as stream:
            return list(csv.reader(stream))

    def write(self, name, rows):
        with (self.folder / "data" / name).open("w", newline="") as stream:
            csv.writer(stream).writerows(rows)


def test_a_trial_outside_the_repository_runs_with_nothing_copied_in(trial):
    done = trial.run("-n")
    assert done.returncode == 0, done.stdout
    assert "results/own/manifest.json" in done.stdout
    assert sorted(path.name for path in trial.folder.iterdir() if path.name[0] != ".") == [
        "data",
        "my.yaml",
        "own.yaml",
    ]


def test_a_wrong_key_of_the_configuration(trial):
    trial.config["scenario"] = trial.config.pop("scenarios")
    said = trial.stops()
    assert said.startswith("my.yaml: key scenario is not known")
    assert said.endswith("nearest: scenarios")


def test_a_wrong_key_of_a_study(trial):
    trial.study["cutof"] = trial.study.pop("cutoff")
    assert "own.yaml: key cutof is not known" in trial.stops()


def test_an_unknown_endpoint(trial):
    trial.study["endpoints"] += ["EFS_ALL_SAA"]
    said = trial.stops()
    assert "endpoint EFS_ALL_SAA is not known" in said
    assert said.endswith("nearest: EFS_ALL_SA")


def test_an_unknown_study(trial):
    trial.config["studies"] = ["ball-single-arms"]
    assert trial.stops().endswith("nearest: ball-single-arm")


def test_a_scenario_that_overrides_nothing(trial):
    shipped = yaml.safe_load((ROOT / "config/endpoints/RESP_M3.yaml").read_text())
    scenario = {
        "name": "same",
        "describe": "Nothing differs.",
        "endpoints": {"RESP_M3": {"label": shipped["label"]}},
    }
    (trial.folder / "same.yaml").write_text(yaml.safe_dump(scenario))
    trial.config["scenarios"] = ["./same.yaml"]
    said = trial.stops()
    assert "same.yaml: the scenario changes nothing in any study of the run" in said


@pytest.mark.parametrize("name", ["sdtm", "adam", "compare", "primary"])
def test_a_scenario_called_like_a_folder_of_the_results(trial, name):
    scenario = {
        "name": name,
        "describe": "The name is taken.",
        "endpoints": {"RESP_M3": {"missing": "exclude"}},
    }
    (trial.folder / "taken.yaml").write_text(yaml.safe_dump(scenario))
    trial.config["scenarios"] = ["./taken.yaml"]
    assert name in trial.stops()


def test_an_absent_data_folder(trial):
    trial.study["data"] = "elsewhere"
    assert "the folder elsewhere does not exist" in trial.stops()


def test_an_absent_domain_that_is_needed(trial):
    (trial.folder / "data" / "rs.csv").unlink()
    said = trial.stops("--until", "ingest")
    assert said.startswith("data: no file for RS; rs.csv")


def test_an_absent_domain_that_is_not_needed_stops_nothing(trial):
    (trial.folder / "data" / "ae.csv").unlink()
    done = trial.run("--until", "ingest")
    assert done.returncode == 0, done.stdout


def test_a_missing_column(trial):
    rows = trial.rows("rs.csv")
    place = rows[0].index("RSDTC")
    trial.write("rs.csv", [row[:place] + row[place + 1 :] for row in rows])
    said = trial.stops("--until", "admission")
    assert said.startswith("data/rs.csv: no column RSDTC")


def test_an_unknown_code_names_its_rows_and_keeps_findings_and_stops(trial):
    rows = trial.rows("rs.csv")
    row = next(row for row in rows if row[rows[0].index("RSTESTCD")] == "OVRLRESP")
    for column in ("RSORRES", "RSSTRESC"):
        row[rows[0].index(column)] = "WONDERFUL"
    trial.write("rs.csv", rows)
    done = trial.run("--until", "admission")
    said = sentence_of(done)
    assert "WONDERFUL" in said
    assert row[rows[0].index("USUBJID")] in said
    assert "WONDERFUL" in (trial.folder / "results/own/findings.csv").read_text()
    assert last_line(done) == ONE_STOP


def test_a_subject_who_stands_twice_with_different_values(trial):
    rows = trial.rows("dm.csv")
    other = list(rows[1])
    other[rows[0].index("AGE")] = "99"
    trial.write("dm.csv", [*rows, other])
    said = trial.stops("--until", "admission")
    assert said.startswith("dm.csv: BALL-0001: more than one row with different values")


def test_an_empty_study(trial):
    trial.write("dm.csv", trial.rows("dm.csv")[:1])
    assert "DM has no subject" in trial.stops("--until", "ingest")


def test_an_event_before_the_origin_is_a_finding_and_the_run_goes_on(trial):
    rows = trial.rows("dm.csv")
    death = rows[0].index("DTHDTC")
    dead = next(row for row in rows[1:] if row[death])
    dead[death] = "1999-01-01"
    trial.write("dm.csv", rows)
    done = trial.run("--until", "ingest")
    assert done.returncode == 0, done.stdout
    findings = (trial.folder / "results/own/findings.csv").read_text()
    assert any("1999-01-01" in line and dead[1] in line for line in findings.splitlines())


def test_every_stop_is_listed_at_once_and_a_run_after_correcting_goes_on(trial):
    listed = trial.study["arms"]
    trial.study["arms"] = {**listed, "LOW": {"label": "Low dose", "role": "other"}}
    trial.study["strata"] = [*trial.study["strata"], "NOSUCHCOL"]
    done = trial.run("--until", "admission")
    said = sentence_of(done)
    assert said.startswith("own: no subject of the data is of arm LOW (Low dose)")
    assert "key strata names NOSUCHCOL" in done.stdout
    assert last_line(done).startswith("2 stops; listed with the way out in results/own/")
    folder = trial.folder / "results/own/admission"
    names = {"stops.csv", "rows.parquet", "subjects.csv", "words.csv", "findings.csv"}
    assert {path.name for path in folder.iterdir()} == {*names, "admission.html"}
    trial.study["arms"] = listed
    trial.study["strata"].remove("NOSUCHCOL")
    again = trial.run("--until", "response")
    assert again.returncode == 0, again.stdout
    assert "stops.csv" not in last_line(again)
    assert (folder / "files.csv").exists()
    assert (folder / "stops.csv").read_text().count("\n") == 1


def test_a_stop_of_reading_leaves_its_list_and_nothing_of_the_run_before(trial):
    assert trial.run("--until", "admission").returncode == 0
    trial.study.pop("cutoff", None)
    (trial.folder / "data" / "ts.csv").unlink(missing_ok=True)
    done = trial.run("--until", "admission")
    assert "no data cut-off" in sentence_of(done)
    assert last_line(done) == ONE_STOP
    folder = trial.folder / "results/own/admission"
    assert [path.name for path in folder.iterdir()] == ["stops.csv"]


def test_no_line_on_stops_ends_a_run_that_failed_for_something_else(trial):
    (trial.folder / "results").write_text("no folder")
    done = trial.run("--until", "ingest")
    assert done.returncode == 1
    assert "stops.csv" not in last_line(done)
