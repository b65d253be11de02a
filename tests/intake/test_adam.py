"""A study may bring ADaM."""

import pandas as pd
import pytest

from cartend.contract.datasets.sdtm import SDTM
from cartend.intake.errors import DataError


@pytest.fixture(autouse=True)
def adam(room):
    room.bring_adam()


def test_datasets_are_written_in_our_columns_beside_empty_domains(room):
    written, _ = room.ingest()
    assert set(written) == {"adsl", "adrs", "adtte", *SDTM}
    assert all(written[name].empty for name in SDTM)
    assert str(written["adsl"]["RANDDT"].dtype) == "datetime64[ms]"
    assert written["adsl"]["LEUKDT"].isna().all()
    columns = ["USUBJID", "PARAMCD", "EVAL", "AVALC", "ASEQ"]
    assert written["adrs"][columns].values.tolist() == [
        ["S1", "BOR", "IRC", "CR", 3],
        ["S1", "OVR", "INV", "PR", 2],
        ["S1", "OVR", "IRC", "CR", 1],
        ["S2", "OVR", "IRC", "PD", 1],
    ]
    assert written["adtte"]["EVAL"].tolist() == [""] * 4


def test_columns_of_other_names_are_mapped(room):
    room.tables["adsl"] = room.tables["adsl"].rename(columns={"INFDT": "CARTDT"})
    room.study_keys["columns"] = {"adsl": {"TRTSDT": "cartdt"}}
    written, _ = room.ingest()
    assert written["adsl"]["TRTSDT"].tolist() == [pd.Timestamp("2025-02-15"), pd.NaT]
    assert written["adsl"]["INFDT"].tolist() == [pd.Timestamp("2025-02-15"), pd.NaT]


def test_a_mapped_column_that_is_missing_is_named_with_the_nearest(room):
    room.study_keys["columns"] = {"adsl": {"LEUKDT": "RANDT"}}
    with pytest.raises(
        DataError, match="no column RANDT, which columns maps to LEUKDT; nearest: RAND"
    ):
        room.ingest()


def test_datetime_columns_stand_for_absent_dates(room):
    room.tables["adtte"] = room.tables["adtte"].rename(columns={"ADT": "ADTM"})
    room.tables["adtte"]["ADTM"] += " 05:39:28"
    written, found = room.ingest()
    assert written["adtte"]["ADT"][0] == pd.Timestamp("2025-09-20")
    assert found.empty


def test_times_without_dates_are_enough(room):
    room.tables["adtte"] = room.tables["adtte"].drop(columns=["STARTDT", "ADT"])
    written, found = room.ingest()
    assert written["adtte"]["AVAL"].tolist() == [254, 254, 202, 85]
    assert found.empty


def test_a_blank_evaluator_is_the_primary_one(room):
    room.drop("adrs", "EVAL")
    written, found = room.ingest()
    assert set(written["adrs"]["EVAL"]) == {"IRC"}
    assert found["message"].tolist() == ["EVAL is blank on 4 records; IRC is taken"]


def test_the_evaluator_may_stand_in_another_column(room):
    room.drop("adrs", "EVAL")
    room.tables["adrs"]["PARCAT2"] = "Investigator"
    assert set(room.ingest()[0]["adrs"]["EVAL"]) == {"INV"}


def test_parameter_codes_of_other_packages_are_known(room):
    for row in range(4):
        room.set("adrs", row, PARAMCD=["OVRINV", "OVRINV", "BOR", "OVRINV"][row])
    room.set("adtte", 1, PARAMCD="RSD")
    written, _ = room.ingest()
    assert set(written["adrs"]["PARAMCD"]) == {"OVR", "BOR"}
    assert set(written["adtte"]["PARAMCD"]) == {"OS", "PFS", "DOR"}


def test_an_unknown_visit_response_stops(room):
    room.set("adrs", 0, AVALC="XR")
    with pytest.raises(DataError, match="adrs.csv: S1 OVR ASEQ 1: result 'XR' is unknown"):
        room.ingest()


@pytest.mark.parametrize("code", ["0.5", "-1"])
def test_a_censoring_code_that_could_be_taken_for_an_event_stops(room, code):
    room.set("adtte", 2, CNSR=code)
    with pytest.raises(DataError, match=rf"neither 0 nor a positive integer .first: S2 OS: {code}"):
        room.ingest()


def test_another_parameter_may_hold_any_value(room):
    room.set("adrs", 2, PARAMCD="RSP", AVALC="Y")
    assert "Y" in room.ingest()[0]["adrs"]["AVALC"].tolist()


def test_an_incomplete_date_is_a_finding(room):
    room.set("adsl", 0, RANDDT="2025-01")
    assert room.hits("F-DATE-001") == [("ADSL", "S1", "")]


@pytest.mark.parametrize("column", ["ARM", "TRT01P"])
def test_the_arm_is_found_by_its_label(room, column):
    room.drop("adsl", "ARMCD")
    room.tables["adsl"][column] = ["CAR-T", "Standard of Care"]
    assert room.ingest()[0]["adsl"]["ARMCD"].tolist() == ["CART", "SOC"]


def test_datasets_that_are_missing_stop(room):
    room.drop("adrs")
    assert room.ingest()[0]["adrs"].empty
    (room.folder / "adtte.csv").unlink()
    with pytest.raises(DataError, match="no file for ADRS or ADTTE"):
        room.ingest_folder()
    (room.folder / "adsl.csv").rename(room.folder / "adtte.csv")
    with pytest.raises(DataError, match="no file for ADSL"):
        room.ingest_folder()


def test_an_empty_subject_dataset_stops(room):
    room.tables["adsl"] = room.tables["adsl"].head(0)
    with pytest.raises(DataError, match="ADSL has no subject"):
        room.ingest()


def test_a_missing_cutoff_stops_and_the_subjects_may_bring_it(room):
    room.study_keys["cutoff"] = None
    with pytest.raises(DataError, match="no data cut-off .ADSL CUTDT is not one day"):
        room.ingest()
    room.tables["adsl"]["CUTDT"] = "2025-12-31"
    assert room.ingest()[1].empty
