"""Data that were not made for this project go through, and what is odd in them is found."""

import shutil

import pytest


@pytest.fixture
def bring(room, outside_data):
    def copy(**files: str) -> None:
        room.folder.mkdir()
        for name, source in files.items():
            shutil.copy(outside_data / source, room.folder / f"{name}.csv")

    return copy


@pytest.fixture
def lymphoma(room, bring):
    bring(
        dm="cdisc/pharmaversesdtm_dm.csv",
        ds="cdisc/pharmaversesdtm_ds.csv",
        rs="cdisc/pharmaversesdtm_rs_onco_lymphoma.csv",
    )
    room.study_keys = {
        "arms": {
            "Pbo": {"label": "Placebo", "role": "control"},
            "Xan_Hi": {"label": "Xanomeline High Dose", "role": "experimental"},
            "Xan_Lo": {"label": "Xanomeline Low Dose", "role": "other"},
        },
        "evaluators": ["INV"],
        "primary_evaluator": "INV",
        "strata": [],
        "cutoff": "2015-12-31",
    }
    return room.ingest_folder()


def test_a_lymphoma_study_of_another_source_is_read_in_full(lymphoma):
    written, _ = lymphoma
    assert (len(written["dm"]), len(written["rs"]), len(written["ds"])) == (306, 68, 850)
    rs = written["rs"]
    assert rs.groupby(["RSMETHOD", "AVALC"]).size().to_dict() == {
        ("CT", "CR"): 3,
        ("CT", "NE"): 2,
        ("CT", "PD"): 5,
        ("CT", "PR"): 16,
        ("CT", "SD"): 8,
        ("PET-CT", "CR"): 5,
        ("PET-CT", "NE"): 6,
        ("PET-CT", "PD"): 6,
        ("PET-CT", "PR"): 7,
        ("PET-CT", "SD"): 10,
    }
    assert set(rs["EVAL"]) == {"INV"}
    assert rs["RSDT_LO"].isna().sum() == rs["RSDTC"].isna().sum() > 0


def test_what_is_odd_in_it_is_found(lymphoma):
    written, found = lymphoma
    counts = found["finding_id"].value_counts()
    assert counts["F-EX-001"] == 1
    assert counts["F-RS-001"] == 3
    assert counts["F-RS-009"] == written["rs"]["RSDTC"].isna().sum()
    assert (written["dm"]["ARMCD"] == "Xan_Lo").sum() == 84
    assert "254 subjects" in found.set_index("finding_id").loc["F-EX-001", "message"]


def test_incoherent_times_to_event_fill_the_findings(room, bring):
    bring(adsl="cdisc/random_cdisc_data_cadsl.csv", adtte="cdisc/random_cdisc_data_cadtte.csv")
    single = {"design": "single-arm", "visits": {"anchor": "infusion", "schedule": []}}
    arms = {f"ARM {letter}": {"label": letter} for letter in "ABC"}
    room.study_keys = {
        "entry": "adam",
        "arms": arms,
        "strata": [],
        "cutoff": "2022-12-31",
        **single,
    }
    room.study_keys["columns"] = {"adtte": {"STARTDT": "RANDDT"}}
    written, found = room.ingest_folder()
    assert (len(written["adsl"]), len(written["adtte"])) == (400, 2000)
    counts = found["finding_id"].value_counts()
    assert counts["F-ADAM-003"] == counts["F-ADAM-005"] == 1600
    for finding_id in ("F-ADAM-004", "F-ADAM-008", "F-ADAM-012", "F-ADAM-013", "F-ADAM-014"):
        assert counts[finding_id] > 0


def test_a_simulated_single_arm_enters_as_adam(room, bring):
    bring(
        adsl="admiral/oracle_sim_adsl.csv",
        adrs="admiral/oracle_sim_adrs.csv",
        adtte="admiral/oracle_admiral130_sim_adtte.csv",
    )
    room.study_keys = {
        "entry": "adam",
        "design": "single-arm",
        "arms": {"CART": {"label": "CAR-T"}},
        "visits": {"anchor": "infusion", "schedule": []},
        "strata": [],
        "columns": {"adsl": {"LEUKDT": "LKDT"}},
    }
    written, found = room.ingest_folder()
    assert found["finding_id"].tolist() == ["F-ADAM-101", "F-ADAM-105", "F-UNIT-001"]
    assert (len(written["adsl"]), len(written["adrs"]), len(written["adtte"])) == (150, 445, 642)
    assert written["adsl"]["LEUKDT"].notna().all()
    assert set(written["adsl"]["ARMCD"]) == {"CART"}
    assert set(written["adrs"]["AVALC"]) <= {"CR", "PR", "SD", "PD", "NE"}
