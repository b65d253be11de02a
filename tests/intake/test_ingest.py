"""The whole step on small trials: what is written, what stops, what repeats."""

import subprocess
import sys
import time

import pandas as pd
import pyreadstat
import pytest

from cartend.contract.datasets.sdtm import SDTM
from cartend.intake.errors import DataError


def test_every_domain_is_written_with_the_columns_of_the_contract(room):
    written, found = room.ingest()
    assert set(written) == set(SDTM)
    for name, dataset in SDTM.items():
        assert set(dataset.names) <= set(written[name].columns)
        assert {"FINDING_IDS", "ROLE"} <= set(written[name])
    header = ["finding_id", "severity", "domain", "usubjid", "record", "message"]
    assert found.columns.tolist() == header


def test_the_therapy_table_is_as_expected_in_full(room):
    cm = room.ingest()[0]["cm"]
    columns = ["USUBJID", "CMSEQ", "CMCAT", "LINE", "PDDTC", "PDDT_LO", "PDDT_HI", "PDDTF"]
    columns += ["CMSTDTC", "CMSTDT_LO", "CMSTDT_HI", "CMSTDTF", "NATREAS"]
    day = pd.Timestamp
    expected = pd.DataFrame(
        [
            ["S1", 1, "PRIOR ANTI-CANCER THERAPY", 1.0, "2024-11", day("2024-11-01")]
            + [day("2024-11-30"), "D", "2023", day("2023-01-01"), day("2023-12-31"), "M", None],
            ["S1", 2, "BRIDGING THERAPY", float("nan"), None, pd.NaT]
            + [pd.NaT, None, "2025-01-20", day("2025-01-20"), day("2025-01-20"), "", None],
            ["S2", 1, "SUBSEQUENT ANTI-CANCER THERAPY", float("nan"), None, pd.NaT]
            + [pd.NaT, None, "2025-04-20", day("2025-04-20"), day("2025-04-20"), "", "EFFICACY"],
        ],
        columns=columns,
    )
    days = [name for name in columns if name.endswith(("_LO", "_HI"))]
    expected[days] = expected[days].astype("datetime64[ms]")
    pd.testing.assert_frame_equal(cm[columns], expected)
    assert str(cm["PDDT_LO"].dtype) == "datetime64[ms]"


def test_absent_domains_are_written_empty_with_their_types(room):
    written, _ = room.ingest()
    assert written["tu"].empty
    assert str(written["tr"]["TRDT_LO"].dtype) == "datetime64[ms]"


def test_the_same_data_in_another_format_give_the_same_tables(room, tmp_path):
    from_csv, _ = room.ingest()
    for path in sorted(room.folder.glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.stem in ("dm", "rs"):
            numbers = [c for c in frame if c in ("AGE", "RSSEQ", "VISITNUM")]
            frame = frame.astype(dict.fromkeys(numbers, float))
            pyreadstat.write_xport(frame, path.with_suffix(".xpt"), file_format_version=5)
        else:
            frame.to_parquet(path.with_suffix(".parquet"), index=False)
        path.unlink()
    from_others, found = room.ingest_folder()
    assert found.empty
    for name, table in from_csv.items():
        pd.testing.assert_frame_equal(table, from_others[name])


def test_the_same_input_gives_the_same_bytes(room):
    room.set("rs", 0, RSDTC="UNK")
    room.ingest()
    out = room.folder.parent / "out"
    first = {path.name: path.read_bytes() for path in [*out.iterdir(), room.findings_path]}
    room.ingest()
    assert first == {path.name: path.read_bytes() for path in [*out.iterdir(), room.findings_path]}


def test_records_carry_the_ids_of_their_findings(room):
    room.set("rs", 5, RSDTC="2023-02-30")
    room.set("rs", 5, RSSTRESC="")
    written, _ = room.ingest()
    assert written["rs"]["FINDING_IDS"].tolist() == [None] * 5 + ["F-DATE-001 F-RS-001"]


def test_equal_rows_of_a_subject_are_merged_with_a_warning(room):
    room.tables["dm"] = pd.concat([room.tables["dm"], room.tables["dm"].iloc[[1]]])
    assert room.hits("F-DM-002") == [("DM", "S2", "")]
    assert room.ingest()[0]["dm"]["USUBJID"].tolist() == ["S1", "S2", "S3"]


def test_rows_of_a_subject_that_differ_stop_the_run_after_the_findings_are_written(room):
    room.tables["dm"] = pd.concat([room.tables["dm"], room.tables["dm"].iloc[[1]]])
    room.tables["dm"] = room.tables["dm"].reset_index(drop=True)
    room.set("dm", 3, AGE="48")
    with pytest.raises(DataError, match="dm.csv: S2: more than one row with different values"):
        room.ingest()
    found = room.findings()
    twice = found[found["finding_id"].eq("F-DM-001")]
    assert twice["usubjid"].tolist() == ["S2", "S2"]


def test_a_single_arm_without_armcd_takes_the_only_arm(room):
    room.study_keys = {
        "design": "single-arm",
        "arms": {"CART": {"label": "CAR-T"}},
        "visits": {"anchor": "infusion", "schedule": []},
    }
    room.drop("dm", "ARMCD")
    written, found = room.ingest()
    assert written["dm"]["ARMCD"].tolist() == ["CART"] * 3
    assert "F-DM-003" in found["finding_id"].tolist()


def test_findings_stand_errors_first_and_records_in_number_order(room):
    for number in (10, 9, 2):
        room.add("rs", USUBJID="S3", RSSEQ=str(number), RSTESTCD="OVRLRESP", RSSTRESC="CR")
    room.set("rs", 0, RSDTC="UNK")
    _, found = room.ingest()
    rank = found["severity"].map(["error", "warning", "note"].index)
    assert rank.is_monotonic_increasing
    undated = found[found["finding_id"] == "F-RS-009"]["record"].tolist()
    assert undated == ["RSSEQ 2", "RSSEQ 9", "RSSEQ 10"]


def test_four_hundred_subjects_take_less_than_two_seconds(room):
    copies = 134
    for name, table in room.tables.items():
        many = [table.assign(USUBJID=table["USUBJID"] + f"-{copy}") for copy in range(copies)]
        room.tables[name] = pd.concat(many, ignore_index=True)
    assert len(room.tables["dm"]) > 400
    room.write()
    began = time.process_time()
    _, found = room.ingest_folder()
    assert time.process_time() - began < 2
    assert found.empty


def test_the_step_imports_no_estimator_and_no_plot():
    code = (
        "import sys, cartend.intake.ingest; "
        "print([m for m in ('lifelines', 'scipy.stats', 'matplotlib', 'pyreadstat') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
