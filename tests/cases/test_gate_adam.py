"""What a brought ADaM lacks for a listed analysis is a stop before any number (D39)."""

import pyreadstat
import yaml

from tests.cases.test_sponsor_adam import CASE, other_study
from tests.cases.whole import Whole


def test_a_stratum_that_no_column_has(tmp_path):
    (stop,) = other_study(tmp_path, "adtte", strata=["STRAT1V", "NOSUCHCOL"]).stops
    assert stop.key == "S-STRATUM NOSUCHCOL"
    assert stop.sentence.startswith("adtte: key strata names NOSUCHCOL, of which no subject has a")


def test_a_subgroup_that_no_column_has(tmp_path):
    (stop,) = other_study(tmp_path, "adtte", subgroups=["REGIO"]).stops
    assert stop.key == "S-STRATUM REGIO"


def test_a_subgroup_that_adsl_has(tmp_path):
    whole = other_study(tmp_path, "adtte", subgroups=["SEX"])
    assert whole.stops == []


def with_adrs(folder, change, **more):
    """Return the case of responses with its ADRS changed."""
    study = yaml.safe_load((CASE / "studies" / "adrs.yaml").read_text())
    data = folder / "data"
    data.mkdir()
    for path in (CASE / study["data"]).iterdir():
        table, _ = pyreadstat.read_xport(path)
        (change(table) if path.stem == "adrs" else table).to_csv(
            data / f"{path.stem}.csv", index=False
        )
    (folder / "studies").mkdir()
    text = yaml.safe_dump(study | {"data": str(data)} | more)
    (folder / "studies" / "adrs.yaml").write_text(text)
    return Whole(folder, "adrs", folder / "out")


def test_a_primary_evaluator_of_whom_there_is_no_record(tmp_path):
    def without_irc(adrs):
        return adrs[~adrs["PARAMCD"].str.contains("IRC")]

    adam = {"columns": {"adsl": {"LEUKDT": "APHDT", "INFDT": "CARTDT"}}}
    (stop,) = with_adrs(tmp_path, without_irc, adam=adam).stops
    assert stop.key == "S-EVAL IRC"
    assert "ADRS is by IRC, who decides" in stop.sentence
    assert "by INV" in stop.sentence


def test_an_arm_of_adsl_that_the_study_does_not_name(tmp_path):
    study = yaml.safe_load((CASE / "studies" / "adtte.yaml").read_text())
    arms = study["arms"]
    control = next(code for code, arm in arms.items() if arm["role"] == "control")
    arms[control] |= {"label": "Something else", "names": ["Nobody says so"]}
    arms = {("ZZZ" if code == control else code): arm for code, arm in arms.items()}
    stops = other_study(tmp_path, "adtte", arms=arms).stops
    assert [(stop.key, stop.count) for stop in stops] == [
        ("F-DM-004 Standard of Care", 20),
        ("S-ARM ZZZ", 1),
    ]


def test_what_follows_from_a_file_that_is_not_read_is_no_stop_of_its_own(tmp_path):
    def without_irc(adrs):
        return adrs[~adrs["PARAMCD"].str.contains("IRC")]

    (stop,) = with_adrs(tmp_path, without_irc).stops
    assert stop.key == "S-FILE adrs.csv"
    assert "no record has PARAMCD OVRIRC" in stop.sentence
