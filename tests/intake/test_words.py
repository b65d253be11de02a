"""Words of a delivery become ours: what the study says, then the contract (decision D37)."""

import pytest

from cartend.intake.errors import DataError


def test_a_coded_column_holds_our_code_and_what_was_delivered_stands_beside(room):
    room.set("pr", 2, PRTRT="Allogeneic  stem cell transplantation")
    room.set("ds", 1, DSDECOD="Randomised")
    written, _ = room.ingest()
    assert written["pr"]["PRTRT"].tolist() == ["LEUKAPHERESIS", "LEUKAPHERESIS", "ALLOGENEIC HSCT"]
    assert written["pr"]["PRTRT_RAW"].tolist()[2] == "Allogeneic  stem cell transplantation"
    assert written["ds"]["DSDECOD"][1] == "RANDOMIZED"
    assert written["ds"]["DSDECOD_RAW"].dropna().tolist() == ["Randomised"]


def test_nothing_is_kept_twice_where_nothing_differs(room):
    written, _ = room.ingest()
    assert not [name for table in written.values() for name in table if name.endswith("_RAW")]


def test_what_means_nothing_is_in_capitals_with_single_blanks_as_delivered_beside(room):
    room.set("cm", 1, CMCLAS="  alkylating  stuff ")
    cm = room.ingest()[0]["cm"]
    assert cm["CMCLAS"][1] == "ALKYLATING STUFF"
    assert cm["CMCLAS_RAW"][1] == "alkylating  stuff"


@pytest.mark.parametrize("spelling", ["Medical Choice", "medical-choice", "MEDICAL  CHOICE"])
def test_a_word_of_the_study_is_ours_before_roles_and_vocabulary(room, spelling):
    room.study_keys["words"] = {"DS.DSDECOD": {"RANDOMISED": ["MEDICAL CHOICE"]}}
    room.set("ds", 1, DSDECOD=spelling)
    ds = room.ingest()[0]["ds"]
    assert ds["DSDECOD"][1] == "RANDOMIZED"
    assert ds["ROLE"][1] == "randomisation disposition"


def test_results_and_criteria_may_be_mapped(room):
    room.study_keys["words"] = {
        "RS.RSSTRESC": {"CR": ["VERY GOOD"]},
        "RS.RSCAT": {"LUGANO 2014": ["Cheson X"]},
        "RS.RSEVAL": {"INVESTIGATOR": ["SITE"]},
    }
    room.set("rs", 5, RSSTRESC="very good", RSCAT="CHESON X", RSEVAL="site")
    rs, found = room.ingest()
    assert rs["rs"].loc[5, ["AVALC", "EVAL", "RSSTRESC_RAW"]].tolist() == ["CR", "INV", "very good"]
    assert found.empty


def test_a_text_of_an_adverse_event_may_be_mapped(room):
    room.study_keys["words"] = {"AE.AEDECOD": {"Infection": ["SEPSIS"]}}
    ae = room.ingest()[0]["ae"]
    assert ae[["AEDECOD", "AEDECOD_RAW"]].values.tolist() == [["Infection", "Sepsis"]]


def test_a_qualifier_may_have_another_name(room):
    room.study_keys["words"] = {"SUPPCM.QNAM": {"LINE": ["cmline"], "NATREAS": ["CMREAS"]}}
    room.set("suppcm", 0, QNAM="CMLINE")
    room.set("suppcm", 2, QNAM="CMREAS")
    cm, found = room.ingest()
    assert cm["cm"]["LINE"][0] == 1
    assert cm["cm"]["NATREAS"][2] == "EFFICACY"
    assert found.empty


def test_a_word_of_the_study_that_no_record_holds_is_a_warning(room):
    room.study_keys["words"] = {
        "DD.DDSTRESC": {"DISEASE UNDER STUDY": ["PROGRESSION"]},
        "SUPPCM.QNAM": {"LINE": ["CMLINE"]},
    }
    _, found = room.ingest()
    assert found[["finding_id", "severity", "message"]].values.tolist() == [
        [
            "F-WORD-002",
            "warning",
            "words says that DD.DDSTRESC 'PROGRESSION' is DISEASE UNDER STUDY, and no record holds "
            "it",
        ],
        [
            "F-WORD-002",
            "warning",
            "words says that SUPPCM.QNAM 'CMLINE' is LINE, and no record holds it",
        ],
    ]


def test_a_sponsors_word_for_what_nobody_seeks_is_quiet_once_it_is_ours(room):
    room.add("cm", USUBJID="S1", CMSEQ="9", CMCAT="Comedication")
    told = room.ingest()[1]["message"].tolist()
    assert told[0].startswith("CMCAT 'Comedication' is unknown: no role claims it")
    room.study_keys["words"] = {"CM.CMCAT": {"CONCOMITANT MEDICATION": ["Comedication"]}}
    assert room.ingest()[1].empty


def test_words_of_brought_datasets_are_ours_too(room):
    room.bring_adam()
    room.study_keys["words"] = {"ADRS.AVALC": {"PR": ["PARTIAL"]}}
    room.set("adrs", 1, AVALC="Partial")
    adrs, found = room.ingest()
    assert adrs["adrs"].loc[1, ["AVALC", "AVALC_RAW"]].tolist() == ["PR", "Partial"]
    assert found.empty


@pytest.mark.parametrize("other", ["s1", "S1 ", "S-1"])
def test_ids_are_trimmed_and_those_that_differ_in_spelling_alone_stop(room, other):
    room.set("ae", 0, USUBJID=other)
    if other == "S1 ":
        assert room.ingest()[0]["ae"]["USUBJID"].tolist() == ["S1"]
        return
    if other == "S-1":
        room.tables = {
            name: table.assign(USUBJID=table["USUBJID"].replace("S1", "S 1"))
            for name, table in room.tables.items()
        }
    with pytest.raises(DataError, match="differ in spelling alone .case, hyphens, blanks.; write"):
        room.ingest()
    found = room.findings()
    assert found["finding_id"].eq("F-ID-004").sum() == 2


def test_an_id_is_kept_as_it_is(room):
    room.tables = {
        name: table.assign(USUBJID=table["USUBJID"].replace("S1", "s-1  x"))
        for name, table in room.tables.items()
    }
    assert "s-1  x" in room.ingest()[0]["dm"]["USUBJID"].tolist()


def test_full_width_and_no_break_blanks_are_the_same_word(room):
    room.set("ex", 3, EXCAT="ＣＡＲ‐Ｔ\u00a0infusion")
    written, found = room.ingest()
    assert written["ex"]["ROLE"][3] == "infusion"
    assert found.empty
