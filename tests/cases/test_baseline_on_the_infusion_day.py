"""What is assessed on the day of the origin is baseline, whatever its time or flag (D47)."""

import pytest

from tests.cases.test_other_words import STUDY, TABLES, delivered
from tests.cases.whole import HERE, Whole

NAME = "baseline-on-the-infusion-day"


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return Whole(HERE / NAME, "x", tmp_path_factory.mktemp(NAME))


def test_a_progression_on_the_day_of_infusion_is_no_event(trial):
    row = trial.times("PFS_FDA", "INV").set_index("USUBJID").loc["S1"]
    assert (row["CNSR"], row["AVAL"]) == (1, 184)
    rates = trial.events["adrsp"].query("USUBJID == 'S1' and EVAL == 'INV' and POP == 'INF'")
    assert rates.set_index("PARAMCD")["AVALC"].to_dict() == {"BOR": "CR", "ORR": "Y"}


def test_the_candidate_says_why_it_lost(trial):
    rows = trial.events["candidates"].query("USUBJID == 'S1' and PARAMCD == 'PFS_FDA'")
    lost = rows[rows["EVNTDESC"].eq("PD") & rows["POP"].eq("INF")]["OUTCOME"].unique()
    assert list(lost) == ["on the day of the origin, which is baseline"]


def test_nothing_is_found_where_time_and_flag_agree(trial):
    assert not trial.findings["finding_id"].str.startswith("F-BASE").any()


RESPONSES = """
    USUBJID,RSSEQ,RSTESTCD,RSCAT,RSSTRESC,RSEVAL,RSDTC,RSBLFL
    X-01,1,OVRLRESP,LUGANO 2014,PD,INVESTIGATOR,{day},{flag}
    X-01,2,OVRLRESP,LUGANO 2014,PR,INVESTIGATOR,2023-03-15,{later}
    X-01,3,OVRLRESP,LUGANO 2014,CR,INVESTIGATOR,2023-05-19,"""


def told(tmp_path, day, flag="", later="", infused="2023-02-15", **study):
    """Return the trial in which X-01 has a progression on a day, with a flag."""
    rs = RESPONSES.format(day=day, flag=flag, later=later)
    tables = {**TABLES, "rs": rs, "ex": TABLES["ex"].replace("2023-02-15", infused)}
    words = {name: value for name, value in STUDY["words"].items() if not name.startswith("RS.")}
    return delivered(tmp_path, {**STUDY, "words": words, **study}, tables)


@pytest.mark.parametrize(
    ("day", "flag", "infused", "found"),
    [
        ("2023-02-15", "", "2023-02-15", 0),
        ("2023-02-15T23:10", "", "2023-02-15", 0),
        ("2023-02-15T16:30:00", "", "2023-02-15T11:05", 1),
        ("2023-02-15", "N", "2023-02-15", 1),
        ("2023-02-15T09:00", "N", "2023-02-15T11:05", 1),
        ("2023-02-15T11:05", "Y", "2023-02-15T11:05", 0),
    ],
)
def test_whatever_its_time_or_flag(tmp_path, day, flag, infused, found):
    trial = told(tmp_path, day, flag, infused=infused)
    assert trial.responders("ORR", "INV") == 1
    row = trial.times("PFS_EMA", "INV").set_index("USUBJID").loc["X-01"]
    assert (row["CNSR"], str(row["ADT"])[:10]) == (1, "2023-05-19")
    assert trial.findings["finding_id"].eq("F-BASE-001").sum() == found


def test_the_day_after_is_an_assessment_whatever_its_flag(tmp_path):
    trial = told(tmp_path, "2023-02-16", flag="Y")
    row = trial.times("PFS_EMA", "INV").set_index("USUBJID").loc["X-01"]
    assert (row["CNSR"], row["AVAL"], row["EVNTDESC"]) == (0, 2, "PD")
    found = trial.findings[trial.findings["finding_id"].eq("F-BASE-002")]
    assert found["severity"].tolist() == ["note"]
    assert "1 records of 1 subjects are flagged as baseline" in found["message"].iloc[0]


def test_from_leukapheresis_the_scan_before_infusion_is_an_assessment(tmp_path):
    trial = told(tmp_path, "2023-02-08", flag="Y")
    definitions = trial.run.scenarios["other"]["primary"].definitions
    change = {"origin": "leukapheresis", "population": ("LA",)}
    definitions["PFS_EMA"] = definitions["PFS_EMA"].model_copy(update=change)
    rows = trial.events["adtte"].query("PARAMCD == 'PFS_EMA'").set_index("USUBJID")
    assert (rows.loc["X-01", "CNSR"], rows.loc["X-01", "EVNTDESC"]) == (0, "PD")
    assert str(rows.loc["X-01", "STARTDT"])[:10] == "2023-01-10"


def test_a_death_on_the_day_of_infusion_is_an_event(tmp_path):
    tables = {**TABLES, "dm": TABLES["dm"].replace("2023-09-10", "2023-02-15")}
    tables |= {name: TABLES[name].replace("2023-09-10", "2023-02-15") for name in ("dd",)}
    tables["rs"] = tables["rs"].replace("X-02,1", "X-09,1")
    trial = delivered(tmp_path, STUDY, tables)
    for endpoint in ("OS", "PFS_EMA"):
        row = trial.times(endpoint).set_index("USUBJID").loc["X-02"]
        assert (row["CNSR"], row["AVAL"], row["EVNTDESC"]) == (0, 1, "DEATH")
