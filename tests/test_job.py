"""A job ends in one sentence, whatever goes wrong in it."""

import json
import logging
import warnings
from types import SimpleNamespace

import pytest

from cartend.config.base import ConfigError
from cartend.job import job


@pytest.fixture
def snakemake(tmp_path):
    spec = json.dumps({"formats": {"tables": ["csv"], "figures": ["png"]}})
    return SimpleNamespace(
        rule="events",
        wildcards=["trial", "primary"],
        log=[str(tmp_path / "logs" / "events.log")],
        params=SimpleNamespace(spec=spec),
    )


def log_of(snakemake):
    with open(snakemake.log[0], encoding="utf-8") as stream:
        return stream.read()


def test_the_specification_is_typed(snakemake):
    with job(snakemake) as spec:
        assert spec.formats.tables == ("csv",)
        assert spec.formats.figures == ("png",)


def test_an_error_of_a_border_is_one_sentence_and_status_1(snakemake, capsys):
    with pytest.raises(SystemExit) as ended, job(snakemake):
        raise ConfigError("study.yaml: key arms\n  is missing")
    assert ended.value.code == 1
    assert capsys.readouterr().err == "study.yaml: key arms is missing\n"
    assert log_of(snakemake) == "ERROR study.yaml: key arms is missing\n"


def test_a_defect_has_its_traceback_in_the_log_and_one_sentence_on_the_terminal(snakemake, capsys):
    with pytest.raises(SystemExit) as ended, job(snakemake):
        raise KeyError("ADT")
    assert ended.value.code == 1
    shown = capsys.readouterr().err
    assert shown.startswith("events trial primary: unexpected KeyError ('ADT'); see ")
    assert shown.endswith("events.log\n")
    assert "Traceback" not in shown
    assert "Traceback" in log_of(snakemake)


def test_a_kept_table_outlives_the_failure_and_is_named(snakemake, capsys):
    def write_and_stop(kept):
        kept.write_text("finding_id\n")
        raise ConfigError("RS: unknown result XX")

    with pytest.raises(SystemExit), job(snakemake, keeps="findings.csv") as spec:
        write_and_stop(spec.kept)
    assert capsys.readouterr().err.strip().endswith("findings.csv)")
    assert spec.kept.read_text() == "finding_id\n"


def test_a_table_kept_by_an_earlier_run_is_not_taken_for_this_one(snakemake, capsys):
    with job(snakemake, keeps="findings.csv") as spec:
        spec.kept.write_text("old\n")
    with pytest.raises(SystemExit), job(snakemake, keeps="findings.csv"):
        raise ConfigError("no such file")
    assert capsys.readouterr().err == "no such file\n"


def test_messages_and_warnings_go_to_the_log_and_leave_no_handler(snakemake, capsys):
    before = (list(logging.getLogger().handlers), list(logging.getLogger("cartend").handlers))
    with job(snakemake):
        logging.getLogger("cartend.endpoint").info("eleven subjects")
        logging.getLogger("cartend.endpoint").warning("one odd record")
        warnings.warn("an outside warning", stacklevel=1)
    assert capsys.readouterr().err == "one odd record\n"
    log = log_of(snakemake)
    assert "INFO eleven subjects" in log
    assert "an outside warning" in log
    after = (list(logging.getLogger().handlers), list(logging.getLogger("cartend").handlers))
    assert after == before
