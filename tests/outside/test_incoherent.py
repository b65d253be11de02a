"""A public simulated ADTTE whose dates contradict each other: all found, and nothing crashes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

HERE = Path(__file__).parent / "incoherent"
PROJECT = Path(__file__).parents[2]
FILES = {
    "adsl.csv": "cdisc/random_cdisc_data_cadsl.csv",
    "adtte.csv": "cdisc/random_cdisc_data_cadtte.csv",
}
# What the file has wrong, counted by hand-written comparisons in `counted_by_hand`.
ERRORS = {"F-ADAM-004", "F-ADAM-008", "F-ADAM-012", "F-ADAM-013"}


@pytest.fixture(scope="module")
def frames(assemble, run_steps, tmp_path_factory):
    folder = tmp_path_factory.mktemp("incoherent")
    study = yaml.safe_load((HERE / "study.yaml").read_text())
    shelf = Path(__file__).parent / "admiral"
    out = run_steps(folder, assemble(folder, FILES, study, shelf))
    out["raw"] = pd.read_csv(folder / "data" / "adtte.csv")
    return out


def test_each_kind_of_contradiction_has_its_finding(frames):
    found = frames["findings"]
    assert set(found.loc[found["severity"].eq("error"), "finding_id"]) == ERRORS
    warnings = found.loc[found["severity"].eq("warning"), "finding_id"]
    assert set(warnings) == {"F-ADAM-005", "F-ADAM-014"}


def test_the_counts_are_those_of_the_file(frames):
    raw, count = frames["raw"], frames["findings"]["finding_id"].value_counts()
    assert count["F-ADAM-004"] == raw["AVAL"].le(0).sum()
    assert count["F-ADAM-005"] == (raw["AVAL"] % 1 != 0).sum()
    assert count["F-ADAM-008"] == raw["ADTM"].str[:10].gt("2022-12-31").sum()
    os = raw[raw["PARAMCD"].eq("OS")]
    death, day = os["DTHDT"], os["ADTM"].str[:10]
    event = os["CNSR"].eq(0)
    wrong = (event & (death.isna() | day.ne(death))) | (~event & death.notna())
    assert count["F-ADAM-012"] == wrong.sum()
    wide = raw.pivot(index="USUBJID", columns="PARAMCD", values=["AVAL", "ADTM"])
    longer = sum((wide["AVAL", p] > wide["AVAL", "OS"]).sum() for p in ("PFS", "EFS"))
    later = sum(
        (wide["ADTM", p].str[:10] > wide["ADTM", "OS"].str[:10]).sum() for p in ("PFS", "EFS")
    )
    assert count["F-ADAM-013"] == longer + later


def test_the_times_are_taken_as_brought_whole_days_up(frames):
    adtte, raw = frames["adtte"].query("POP == 'INF'"), frames["raw"]
    for name in ("OS", "PFS", "EFS"):
        rows = adtte[adtte["PARAMCD"].eq(name)].set_index("USUBJID")
        theirs = raw[raw["PARAMCD"].eq(name)].set_index("USUBJID")
        assert len(rows) == 400
        excess = rows["AVAL"] - theirs["AVAL"]
        assert excess.between(0, 1, inclusive="left").all()
        assert (rows["CNSR"].eq(0) == theirs["CNSR"].eq(0)).all()


def test_a_run_over_it_ends_in_one_sentence_of_the_checks(assemble, tmp_path):
    """The estimates are made; the checks then stop the run for rows after the data cut-off."""
    study = yaml.safe_load((HERE / "study.yaml").read_text())
    assemble(tmp_path, FILES, study, HERE.parent / "admiral")
    shutil.copytree(HERE.parent / "admiral" / "endpoints", tmp_path / "endpoints")
    (tmp_path / "config.yaml").write_text("studies: [study.yaml]\n")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "snakemake", "--snakefile", PROJECT / "Snakefile"),
            *("--configfile", "config.yaml", "--cores", "2", "--until", "checks"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "the first is ADTTE-CUTOFF (primary EFS INV INF): dated after the data cut-off" in said
    assert "Traceback" not in said
    ard = pd.read_csv(tmp_path / "results/incoherent/primary/ard.csv", dtype={"population": str})
    events = ard.query("analysis == 'km' and statistic == 'events' and by.isna()")
    assert events.set_index("paramcd")["value"].to_dict() == {"OS": 185, "PFS": 258, "EFS": 150}


def test_an_endpoint_that_was_not_brought_is_one_sentence(assemble, run_steps, tmp_path):
    study = yaml.safe_load((HERE / "study.yaml").read_text())
    resolved = assemble(tmp_path, FILES, {**study, "endpoints": ["PFS_EMA"]})
    with pytest.raises(Exception, match="endpoint PFS_EMA: the study brings no visit responses"):
        run_steps(tmp_path, resolved)
