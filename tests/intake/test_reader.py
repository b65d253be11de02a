"""Domains are found by name, and what is missing is named."""

import pytest

from cartend.intake.errors import DataError
from cartend.intake.reader import find_files, read_study


def test_names_are_found_whatever_their_capitals(room):
    room.write()
    (room.folder / "dm.csv").rename(room.folder / "DM.CSV")
    (room.folder / "readme.txt").write_text("not data")
    (room.folder / "._rs.csv").write_text("not data")
    assert find_files(room.folder)["dm"].name == "DM.CSV"
    tables = read_study(room.folder)
    assert set(tables) == set(room.tables)
    assert tables["dm"]["USUBJID"].tolist() == ["S1", "S2", "S3"]


def test_two_files_for_one_domain_stop(room):
    room.write()
    (room.folder / "RS.json").write_text("{}")
    with pytest.raises(DataError, match=r"RS.json and rs.csv are both RS; keep one"):
        room.ingest_folder()


def test_a_folder_that_is_not_there_stops(tmp_path):
    with pytest.raises(DataError, match="there is no such data folder"):
        find_files(tmp_path / "nowhere")
    with pytest.raises(DataError, match="no data file; files end in .csv"):
        find_files(tmp_path)


@pytest.mark.parametrize("name", ["dm", "rs", "ds"])
def test_a_required_domain_that_is_missing_stops(room, name):
    room.drop(name)
    with pytest.raises(DataError, match=f"no file for {name.upper()}.*{name}.csv"):
        room.ingest()


def test_disposition_is_not_required_of_a_single_arm(room):
    room.drop("ds")
    room.study_keys = {"design": "single-arm", "visits": {"anchor": "infusion", "schedule": []}}
    written, _ = room.ingest()
    assert written["ds"].empty
    assert "DSDECOD" in written["ds"]


@pytest.mark.parametrize("name", ["ex", "pr", "cm", "lb", "ae", "dd", "ss", "sc"])
def test_any_other_domain_may_be_absent(room, name):
    room.drop(name)
    room.tables.pop(f"supp{name}", None)
    written, _ = room.ingest()
    assert written[name].empty


@pytest.mark.parametrize(
    ("name", "column"),
    [("dm", "USUBJID"), ("rs", "RSDTC"), ("rs", "RSSTRESC"), ("ex", "EXSTDTC")],
)
def test_a_needed_column_that_is_missing_is_named(room, name, column):
    room.drop(name, column)
    with pytest.raises(DataError, match=f"{name}.csv: no column {column}; {name.upper()} needs"):
        room.ingest()


def test_a_randomised_trial_needs_its_arms(room):
    room.drop("dm", "ARM")
    room.drop("dm", "ARMCD")
    with pytest.raises(DataError, match="dm.csv: no column ARMCD; DM needs USUBJID and ARMCD"):
        room.ingest()


def test_categories_are_needed_by_none_but_the_roles_that_name_them(room):
    room.drop("ex", "EXCAT")
    ex, found = room.ingest()
    assert ex["ex"]["ROLE"].isna().all()
    assert "F-EX-001" in found["finding_id"].tolist()


def test_a_column_of_a_similar_name_is_pointed_out(room):
    room.tables["rs"] = room.tables["rs"].rename(columns={"RSDTC": "RSDT"})
    with pytest.raises(DataError, match="no column RSDTC;.*nearest: RSDT"):
        room.ingest()


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_delimiters_are_read_and_said(room, mark, name):
    room.write()
    room.tables["dm"].to_csv(room.folder / "dm.csv", sep=mark, index=False)
    written, found = room.ingest_folder()
    assert written["dm"]["USUBJID"].tolist() == ["S1", "S2", "S3"]
    told = found[found["finding_id"] == "F-FILE-001"]
    assert told["message"].tolist() == [f"dm.csv was parted by {name}"]


def test_a_study_without_subject_stops(room):
    room.tables["dm"] = room.tables["dm"].head(0)
    with pytest.raises(DataError, match="dm.csv: DM has no subject; one row for each subject"):
        room.ingest()


def test_a_header_alone_is_an_empty_response_domain_with_a_finding(room):
    room.tables["rs"] = room.tables["rs"].head(0)
    assert room.hits("F-FILE-003") == [("RS", "", "")]


def test_another_encoding_is_a_note(room):
    room.write()
    text = (room.folder / "dm.csv").read_text().replace("ASIAN", "亚洲人")
    (room.folder / "dm.csv").write_bytes(text.encode("gb18030"))
    written, found = room.ingest_folder()
    assert written["dm"]["RACE"].tolist() == ["亚洲人", "亚洲人", "WHITE"]
    told = found[found["finding_id"] == "F-FILE-001"]
    assert told["message"].tolist() == ["dm.csv was read as gb18030"]
    assert told["severity"].tolist() == ["note"]


def test_a_file_that_is_no_domain_is_a_note_with_the_nearest_name(room):
    room.tables["suprs"] = room.tables["supppr"]
    _, found = room.ingest()
    told = found[found["finding_id"] == "F-FILE-002"]["message"].tolist()
    assert told == ["suprs.csv is no dataset of the contract; nearest: supprs; it is not read"]
