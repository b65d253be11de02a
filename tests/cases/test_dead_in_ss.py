"""A death is one whatever tells of it; a status dates it by an interval (decision D48)."""

import pandas as pd
import pytest

from tests.cases.test_other_words import STUDY, TABLES, delivered
from tests.cases.whole import HERE, Whole


def days(row, *names):
    """Return dates as AVAL of OS: days from the infusion, that day being 1."""
    return [(row[name] - row["TRTSDT"]).days + 1 for name in names]


def test_the_case(tmp_path):
    trial = Whole(HERE / "dead-in-ss", "x", tmp_path)
    row = trial.times("OS").set_index("USUBJID").loc["S1"]
    assert (row["CNSR"], row["AVAL"], row["EVNTDESC"]) == (0, 151, "DEATH")
    assert (row["ADTF"], row["SRCDOM"], row["SRCVAR"]) == ("Y", "SS", "SSDTC")
    assert days(trial.adsl.set_index("USUBJID").loc["S1"], "DTHDTLO", "DTHDTHI") == [102, 201]
    (found,) = trial.findings.query("usubjid == 'S1' and severity == 'error'").itertuples()
    assert (found.finding_id, found.domain, found.record) == ("F-DTH-005", "SS", "SSSEQ 2")
    assert "2023-07-29" in found.message


ALIVE = TABLES["dm"].replace("2023-09-10,Y", ",")
NO_CAUSE = "USUBJID,DDSEQ,DDTESTCD,DDSTRESC,DDDTC"
SS = """
    USUBJID,SSSEQ,SSTESTCD,SSSTRESC,SSDTC
    X-02,1,SURVSTAT,Alive,2023-06-21
    X-02,2,SURVSTAT,{word},{day}"""


def dead(folder, dm=ALIVE, dd=NO_CAUSE, study=None, **tables):
    """Return ADSL's row of X-02, last known alive on 2023-06-21, and the trial."""
    base = {**TABLES, "dm": dm, "dd": dd, "ss": SS.format(word="alive", day="2023-06-21")}
    trial = delivered(folder, {**STUDY, **(study or {})}, base | tables)
    return trial.adsl.set_index("USUBJID").loc["X-02"], trial


def bounds(row):
    return [row[name].strftime("%m-%d") for name in ("DTHDTLO", "DTHDT", "DTHDTHI")]


@pytest.mark.parametrize("word", ["DEAD", "dead", "Deceased", "Died"])
def test_a_status_in_any_known_word(tmp_path, word):
    row, _ = dead(tmp_path, ss=SS.format(word=word, day="2023-08-01"))
    assert (bounds(row), row["DTHDTF"]) == (["06-22", "07-12", "08-01"], "Y")
    assert row["DTHDOM"] == "SS"


def test_a_study_that_names_its_own_deaths_keeps_the_status(tmp_path):
    records = {**STUDY["records"], "death": {"from": "DS", "where": {"DSDECOD": "DEATH"}}}
    row, _ = dead(tmp_path, study={"records": records}, ss=SS.format(word="DEAD", day="2023-07-01"))
    assert (bounds(row), row["DTHDTF"]) == (["06-22", "06-26", "07-01"], "Y")


def test_the_day_after_the_last_sign_of_life_is_the_day(tmp_path):
    row, _ = dead(tmp_path, ss=SS.format(word="DEAD", day="2023-06-22"))
    assert (bounds(row), row["DTHDTF"]) == (["06-22"] * 3, "Y")


def test_the_cause_of_death_has_the_day_by_which_it_was_known(tmp_path):
    row, _ = dead(tmp_path, dd=TABLES["dd"])
    assert (bounds(row), row["DTHDOM"]) == (["06-22", "08-01", "09-10"], "DD")
    assert row["DTHCAUS"] == "DISEASE UNDER STUDY"


def test_the_earliest_of_two_says_by_when(tmp_path):
    row, _ = dead(tmp_path, dd=TABLES["dd"], ss=SS.format(word="DEAD", day="2023-08-01"))
    assert (bounds(row)[2], row["DTHDOM"]) == ("08-01", "SS")


def test_a_disposition_dates_it_before_any_status(tmp_path):
    ds = TABLES["ds"] + "\n        X-02,3,DEATH,2023-07-04"
    row, _ = dead(tmp_path, ds=ds, ss=SS.format(word="DEAD", day="2023-07-30"))
    assert (bounds(row), row["DTHDTF"], row["DTHDOM"]) == (["07-04"] * 3, "", "DS")


def test_a_partial_date_in_dm_comes_before_a_disposition(tmp_path):
    ds = TABLES["ds"] + "\n        X-02,3,DEATH,2023-07-04"
    row, _ = dead(tmp_path, dm=TABLES["dm"].replace("2023-09-10", "2023-07"), ds=ds)
    assert (bounds(row), row["DTHDTF"], row["DTHDOM"]) == (["07-01", "07-15", "07-31"], "D", "DM")


@pytest.mark.parametrize(("end", "dated"), [("2023-08-09", True), ("", False)])
def test_the_end_of_a_fatal_event_dates_it_and_its_start_does_not(tmp_path, end, dated):
    ae = f"USUBJID,AESEQ,AEDECOD,AESTDTC,AEENDTC,AEOUT\nX-02,1,Sepsis,2023-07-01,{end},FATAL"
    row, _ = dead(tmp_path, ae=ae, study={"records": _without(STUDY["records"], "reactivation")})
    assert row["DTHCAUS"] == "INFECTION"
    if dated:
        assert (bounds(row), row["DTHDTF"]) == (["08-09"] * 3, "")
    else:
        assert (row["DTHDTF"], row["DTHDTLO"].strftime("%m-%d")) == ("Y", "07-02")
        assert row["DTHDTHI"] == pd.Timestamp("2024-01-31")


def _without(table, name):
    return {key: value for key, value in table.items() if key != name}


def test_without_any_date_it_lies_up_to_the_cutoff(tmp_path):
    row, trial = dead(tmp_path, dm=TABLES["dm"].replace("2023-09-10,Y", ",Y"))
    assert (row["DTHDTF"], row["DTHDTLO"].strftime("%m-%d")) == ("Y", "06-22")
    assert row["DTHDTHI"] == pd.Timestamp("2024-01-31")
    assert trial.times("OS").set_index("USUBJID").loc["X-02", "CNSR"] == 0


def test_a_status_of_after_the_cutoff_is_no_death_before_it(tmp_path):
    row, trial = dead(tmp_path, ss=SS.format(word="DEAD", day="2024-03-01"))
    assert row["DTHDTLO"] == pd.Timestamp("2024-02-01")
    os = trial.times("OS").set_index("USUBJID").loc["X-02"]
    assert (os["CNSR"], str(os["ADT"])[:10]) == (5, "2023-06-21")


def test_told_after_the_cutoff_with_a_date_before_it_it_is_one(tmp_path):
    dm = TABLES["dm"].replace("2023-09-10", "2023-07-20")
    row, trial = dead(tmp_path, dm=dm, ss=SS.format(word="DEAD", day="2024-03-01"))
    assert bounds(row) == ["07-20"] * 3
    assert trial.times("OS").set_index("USUBJID").loc["X-02", "CNSR"] == 0


@pytest.mark.parametrize("told", ["ss", "ds", "dm"])
def test_alive_after_death_is_an_error_whatever_tells_of_it(tmp_path, told):
    tables = {"ss": SS.format(word="ALIVE", day="2023-08-20"), "dm": ALIVE, "ds": TABLES["ds"]}
    if told == "ss":
        tables["ss"] += "\n    X-02,3,SURVSTAT,DEAD,2023-07-20"
    elif told == "ds":
        tables["ds"] += "\n        X-02,3,DEATH,2023-07-20"
    else:
        tables["dm"] = TABLES["dm"].replace("2023-09-10", "2023-07-20")
    row, trial = dead(tmp_path, **tables)
    found = trial.findings[trial.findings["finding_id"].eq("F-DTH-008")]
    assert found[["usubjid", "severity"]].values.tolist() == [["X-02", "error"]]
    assert row["DTHDT"] <= pd.Timestamp("2023-07-20")


def test_both_bounds_are_the_sensitivity(tmp_path):
    for partial, day in (("earliest", "06-22"), ("latest", "08-01")):
        folder = tmp_path / partial
        folder.mkdir()
        _, trial = dead(folder, ss=SS.format(word="DEAD", day="2023-08-01"))
        definitions = trial.run.scenarios["other"]["primary"].definitions
        for name, rule in definitions.items():
            definitions[name] = rule.model_copy(update={"partial_dates": partial})
        row = trial.times("OS").set_index("USUBJID").loc["X-02"]
        assert (row["ADT"].strftime("%m-%d"), row["CNSR"]) == (day, 0)


@pytest.mark.parametrize(("flag", "dead_"), [("Y", True), ("Yes", True), ("N", False), ("", False)])
def test_a_flag_of_adsl_is_a_death(tmp_path, flag, dead_):
    adsl = f"""
        USUBJID,TRT01P,INFDT,DTHFL,DTHDT,LSTALVDT
        A,Cells,2023-02-01,{flag},,2023-12-01
        B,Cells,2023-01-01,Y,2023-08-01,2023-08-01"""
    adrs = """
        USUBJID,PARAMCD,ADT,AVALC
        A,OVR,2023-04-01,PR
        B,OVR,2023-04-01,PD"""
    study = {**STUDY, "entry": "adam", "records": {}, "words": {}, "endpoints": ["OS", "ORR"]}
    study["arms"] = {"ABC": {"label": "CAR-T", "names": ["Cells"]}}
    trial = delivered(tmp_path, study, {"adsl": adsl, "adrs": adrs})
    row = trial.times("OS").set_index("USUBJID").loc["A"]
    ends = (row["CNSR"], str(row["ADT"])[:10], row["ADTF"])
    assert ends == ((0, "2024-01-01", "Y") if dead_ else (5, "2023-12-01", ""))
    assert (trial.findings["finding_id"].eq("F-ADAM-017").sum() == 1) == dead_
