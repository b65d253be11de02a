"""What brought parameters are and who judged, from the study file or from an unmistakable name."""

import pandas as pd
import pytest

from cartend.intake.errors import DataError


@pytest.fixture(autouse=True)
def adam(room):
    room.bring_adam()


def codes(room, *names: str, **columns: str) -> None:
    """Give the ADRS rows these parameter codes, and columns of their own."""
    room.drop("adrs", "EVAL")
    room.tables["adrs"]["PARAMCD"] = names
    for name, value in columns.items():
        room.tables["adrs"][name] = value


@pytest.mark.parametrize(
    ("code", "evaluator"),
    [
        ("OVRIRC", "IRC"),
        ("OVRINV", "INV"),
        ("OVRBICR", "IRC"),
        ("OVRLINV", "INV"),
        ("ovrlrespicr", "IRC"),
    ],
)
def test_a_visit_response_that_names_its_evaluator_is_read_and_said(room, code, evaluator):
    codes(room, code, code, "BOR", code)
    adrs, found = room.ingest()
    read = adrs["adrs"].query("PARAMCD == 'OVR'")
    assert read["EVAL"].tolist() == [evaluator] * 3
    assert read["PARAMCD_RAW"].tolist() == [code] * 3
    said = f"PARAMCD {code} is taken for OVR by {evaluator} (3 records)"
    assert said in found["message"].tolist()


@pytest.mark.parametrize("code", ["OVRALG", "OVRX", "BORIRC", "OVRIRCX", "INVOVR"])
def test_a_name_that_may_be_something_else_is_left_alone(room, code):
    codes(room, code, code, "OVR", "OVR")
    adrs, found = room.ingest()
    assert adrs["adrs"]["PARAMCD"].value_counts()[code] == 2
    assert "F-ADAM-102" not in found["finding_id"].tolist()


def test_the_text_of_a_parameter_may_name_the_evaluator(room):
    codes(room, "OVRLRESP", "OVR", "BOR", "OVR", PARAM="Overall Response by Investigator")
    room.tables["adrs"].loc[0, "PARAM"] = "Overall response by Independent Review Committee (days)"
    adrs, found = room.ingest()
    read = adrs["adrs"].query("PARAMCD == 'OVR'")
    assert sorted(read["EVAL"]) == ["INV", "INV", "IRC"]
    assert found["finding_id"].value_counts()["F-ADAM-102"] == 2


def test_a_column_counts_before_the_name_and_a_contradiction_is_a_warning(room):
    codes(room, "OVRIRC", "OVRINV", "BOR", "OVRIRC", PARCAT2="Investigator")
    adrs, found = room.ingest()
    assert set(adrs["adrs"]["EVAL"]) == {"INV"}
    warned = found[found["finding_id"].eq("F-ADAM-103")]
    assert len(warned) == 2
    assert warned["message"].unique().tolist() == [
        "the record says INV, its parameter IRC; INV is taken"
    ]


def test_what_the_study_says_counts_before_everything(room):
    codes(room, "OVRX", "OVRY", "BOR", "OVRX", PARCAT2="Investigator")
    room.study_keys["adam"] = {"adrs": {"ovrx": "IRC", "OVRY": "INV"}}
    adrs, found = room.ingest()
    assert adrs["adrs"].query("PARAMCD_RAW == 'OVRX'")["EVAL"].tolist() == ["IRC", "IRC"]
    assert found.empty


def test_another_column_may_hold_evaluators_in_other_words(room):
    codes(room, "OVR", "OVR", "BOR", "OVR")
    room.tables["adrs"]["PARCAT2"] = ["Blinded Independent Central Review", "Site Investigator"] * 2
    assert sorted(room.ingest()[0]["adrs"]["EVAL"]) == ["INV", "INV", "IRC", "IRC"]


def test_times_become_endpoints_of_evaluators(room):
    room.study_keys |= {
        "endpoints": ["OS", "PFS_FDA"],
        "adam": {"adtte": {"PFS": {"endpoint": "PFS_FDA", "evaluator": "IRC"}}},
    }
    adtte = room.ingest()[0]["adtte"].set_index("PARAMCD")
    assert adtte["EVAL"].to_dict() == {"OS": "", "PFS_FDA": "IRC"}
    assert set(adtte.loc["PFS_FDA", "PARAMCD_RAW"]) == {"PFS"}
    assert adtte.loc["OS", "PARAMCD_RAW"].isna().all()


def test_without_a_map_times_keep_their_names(room):
    room.set("adtte", 1, PARAMCD="PFSIRC", PARAM="Progression-free survival by IRC")
    adtte = room.ingest()[0]["adtte"]
    assert "PFSIRC" in adtte["PARAMCD"].tolist()
    assert set(adtte["EVAL"]) == {""}


def test_a_parameter_of_the_map_that_no_record_has_stops(room):
    room.study_keys["adam"] = {"adtte": {"OSX": {"endpoint": "OS"}}}
    with pytest.raises(DataError) as raised:
        room.ingest()
    assert str(raised.value).endswith(
        "adtte.csv: no record has PARAMCD OSX, which key adam.adtte of study tiny names; there are "
        "OS, PFS; nearest: OS"
    )


def test_the_infusion_is_infdt_and_trtsdt_holds_it(room):
    room.tables["adsl"]["TRTSDT"] = ["2025-02-09", "2025-01-20"]
    adsl, found = room.ingest()
    infused = [pd.Timestamp("2025-02-15"), pd.NaT]
    assert adsl["adsl"]["TRTSDT"].tolist() == adsl["adsl"]["INFDT"].tolist() == infused
    assert found.empty


def test_the_first_dose_of_a_randomised_study_is_no_infusion(room):
    room.tables["adsl"] = room.tables["adsl"].rename(columns={"INFDT": "TRTSDT"})
    adsl, found = room.ingest()
    assert adsl["adsl"][["TRTSDT", "INFDT"]].isna().all(axis=None)
    assert found["finding_id"].tolist() == ["F-ADAM-104"]


def test_the_first_dose_of_a_single_arm_study_is_taken_with_a_note(room):
    room.tables["adsl"] = room.tables["adsl"].rename(columns={"INFDT": "TRTSDT"})
    room.study_keys |= {
        "design": "single-arm",
        "arms": {"CART": {"label": "CAR-T"}, "SOC": {"label": "Other", "role": "other"}},
        "visits": {"anchor": "infusion", "schedule": []},
    }
    adsl, found = room.ingest()
    assert adsl["adsl"]["INFDT"].tolist() == [pd.Timestamp("2025-02-15"), pd.NaT]
    assert found[["finding_id", "severity"]].values.tolist() == [["F-ADAM-105", "note"]]


def test_both_dates_may_be_mapped_and_each_is_what_it_is(room):
    room.tables["adsl"] = room.tables["adsl"].rename(columns={"INFDT": "CARTDT"})
    room.tables["adsl"]["FIRSTDT"] = ["2025-02-09", "2025-01-20"]
    room.study_keys["adam"] = {"columns": {"adsl": {"TRTSDT": "FIRSTDT", "INFDT": "CARTDT"}}}
    adsl, found = room.ingest()
    assert adsl["adsl"]["INFDT"].tolist() == [pd.Timestamp("2025-02-15"), pd.NaT]
    assert found.empty
