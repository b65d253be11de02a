"""An arm that is not understood stops the run before a number is made (decision D40)."""

import pandas as pd
import pytest
import yaml

from tests.cases.whole import HERE, Whole

CASE = HERE / "third-arm"
ARMS = {
    "CART": {"label": "CAR-T", "role": "experimental"},
    "SOC": {"label": "SOC", "role": "control"},
}


def with_arms(folder, arms, change=None, **more):
    """Return the case with other arms in its study file, its data changed where that is asked."""
    study = yaml.safe_load((CASE / "studies" / "x.yaml").read_text())
    data = CASE / "data"
    if change is not None:
        data = folder / "data"
        data.mkdir()
        for path in (CASE / "data").iterdir():
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
            change(path.stem, table).to_csv(data / path.name, index=False)
    (folder / "studies").mkdir()
    text = yaml.safe_dump(study | {"data": str(data), "arms": arms} | more)
    (folder / "studies" / "x.yaml").write_text(text)
    return Whole(folder, "x", folder / "out")


def test_an_arm_that_the_study_file_does_not_name_is_named_with_its_subjects(tmp_path):
    (stop,) = with_arms(tmp_path, ARMS).stops
    assert stop.key == "F-DM-004 OTHERARM"
    assert stop.count == 20
    assert stop.sentence.startswith("x: 20 subjects of arm OTHERARM, which the study file does not")
    assert stop.way_out.startswith("declare it under arms (role other takes it out of every")


def test_declared_it_is_no_stop_and_every_subject_is_accounted_for(tmp_path):
    whole = with_arms(tmp_path, {**ARMS, "OTHERARM": {"label": "Third", "role": "other"}})
    assert whole.stops == []
    subjects = pd.read_csv(tmp_path / "out" / "admission" / "subjects.csv")
    assert subjects["armcd"].value_counts().to_dict() == {"CART": 20, "OTHERARM": 20, "SOC": 20}
    assert subjects["RAND"].eq("Y").all()


def test_accepted_for_its_count_it_is_printed_with_the_reason(tmp_path):
    said = {"F-DM-004 OTHERARM": {"count": 20, "reason": "closed by amendment 3"}}
    assert with_arms(tmp_path, ARMS, accept=said).stops == []
    accepted = pd.read_csv(tmp_path / "out" / "admission" / "accepted.csv")
    assert accepted[["id", "what", "count", "reason"]].values.tolist() == [
        ["F-DM-004", "OTHERARM", 20, "closed by amendment 3"]
    ]
    assert "closed by amendment 3" in (tmp_path / "out/admission/admission.html").read_text()


def test_accepted_for_another_count_it_stops(tmp_path):
    said = {"F-DM-004 OTHERARM": {"count": 19, "reason": "closed by amendment 3"}}
    (stop,) = with_arms(tmp_path, ARMS, accept=said).stops
    assert "accept counts 19, and there are 20" in stop.sentence


def test_an_arm_of_the_study_of_which_the_data_know_nobody(tmp_path):
    arms = {**ARMS, "OTHERARM": {"label": "Third", "role": "other"}}
    (stop,) = with_arms(tmp_path, {**arms, "LOW": {"label": "Low", "role": "other"}}).stops
    assert stop.key == "S-ARM LOW"


@pytest.mark.parametrize("word", ["", "SCRNFAIL", "Not Assigned"])
def test_a_randomised_subject_without_an_arm(tmp_path, word):
    def change(name, table):
        if name == "dm":
            table.loc[0, ["ARMCD", "ARM"]] = word
        return table

    arms = {**ARMS, "OTHERARM": {"label": "Third", "role": "other"}}
    stops = with_arms(tmp_path, arms, change).stops
    assert [stop.key for stop in stops] == ["S-ARMLESS randomised"]


def test_a_code_and_a_name_that_mean_two_arms(tmp_path):
    def change(name, table):
        if name == "dm":
            table["ARM"] = table["ARMCD"].where(
                table.index != 3, "SOC" if table.loc[3, "ARMCD"] != "SOC" else "CART"
            )
        return table

    arms = {**ARMS, "OTHERARM": {"label": "Third", "role": "other"}}
    said = {"S-ARMS ARMCD CART ARM SOC": {"count": 1, "reason": "no"}}
    (stop,) = with_arms(tmp_path, arms, change, accept=said).stops
    assert stop.id == "S-ARMS"
    assert "which mean" in stop.sentence


def test_a_control_subject_infused_on_the_day_of_randomisation_is_an_error(tmp_path):
    def change(name, table):
        if name != "ex":
            return table
        dm = pd.read_csv(CASE / "data" / "dm.csv", dtype=str)
        ds = pd.read_csv(CASE / "data" / "ds.csv", dtype=str)
        who = dm.loc[dm["ARMCD"].eq("SOC"), "USUBJID"].iloc[0]
        day = ds.loc[ds["USUBJID"].eq(who) & ds["DSDECOD"].str.startswith("RANDOMI"), "DSSTDTC"]
        row = table[table["EXCAT"].eq("CAR-T INFUSION")].iloc[:1]
        row = row.assign(USUBJID=who, EXSTDTC=day.iloc[0], EXSEQ="99")
        return pd.concat([table, row])

    arms = {**ARMS, "OTHERARM": {"label": "Third", "role": "other"}}
    assert with_arms(tmp_path, arms, change).stops == []
    found = pd.read_csv(tmp_path / "out" / "admission" / "findings.csv", dtype=str)
    (row,) = found[found["finding_id"].eq("F-XO-001")].itertuples()
    assert (row.severity, row.primary) == ("error", "Y")
