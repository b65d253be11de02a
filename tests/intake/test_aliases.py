"""Responses are put into the words of the criteria, or the run stops and says where."""

import pandas as pd
import pytest

from cartend.intake.errors import DataError


def test_each_word_of_the_criteria_is_mapped(room):
    rs, _ = room.ingest()
    expected = [
        ("S1", 1, "CR", "IRC"),
        ("S1", 2, "PR", "INV"),
        ("S2", 1, "PD", "IRC"),
        ("S2", 2, "PD", "INV"),
        ("S3", 1, None, "INV"),
        ("S3", 2, "CR", "INV"),
    ]
    columns = ["USUBJID", "RSSEQ", "AVALC", "EVAL"]
    assert list(rs["rs"][columns].itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize(
    ("evaluator", "code"),
    [("Independent Assessor", "IRC"), ("ADJUDICATOR", "IRC"), ("investigator", "INV"), ("", "INV")],
)
def test_the_evaluator_is_irc_or_inv_and_blank_is_inv(room, evaluator, code):
    room.set("rs", 5, RSEVAL=evaluator)
    assert room.ingest()[0]["rs"]["EVAL"].tolist()[5] == code


def test_the_original_result_counts_where_the_standard_one_is_blank(room):
    room.set("rs", 0, RSSTRESC="", RSORRES="complete  response")
    written, found = room.ingest()
    assert written["rs"]["AVALC"][0] == "CR"
    assert found.query("finding_id == 'F-RS-001'").empty


def test_a_domain_with_original_results_alone_is_enough(room):
    room.tables["rs"] = room.tables["rs"].rename(columns={"RSSTRESC": "RSORRES"})
    assert room.ingest()[0]["rs"]["AVALC"].tolist() == ["CR", "PR", "PD", "PD", None, "CR"]


def test_not_done_and_blank_results_are_not_evaluable_with_a_note(room):
    room.set("rs", 0, RSSTAT="NOT DONE")
    room.set("rs", 1, RSSTRESC="")
    written, found = room.ingest()
    assert written["rs"]["AVALC"].tolist()[:2] == ["NE", "NE"]
    notes = found[found["finding_id"] == "F-RS-001"]
    assert notes["record"].tolist() == ["RSSEQ 1", "RSSEQ 2"]
    assert set(notes["severity"]) == {"note"}


def test_an_unknown_result_stops_and_names_rows_words_and_the_nearest(room):
    room.set("rs", 0, RSSTRESC="CMRR")
    with pytest.raises(DataError) as raised:
        room.ingest()
    sentence = str(raised.value)
    assert sentence.startswith("rs.csv: S1 RSSEQ 1: result 'CMRR' is unknown; nearest: CMR;")
    assert "allowed for result under Lugano 2014 is CR, CMR, CAR" in sentence
    assert "\n" not in sentence
    found = room.findings()
    assert found[["finding_id", "severity", "record"]].values.tolist() == [
        ["F-RS-003", "error", "RSSEQ 1"]
    ]


def test_many_unknown_results_are_counted_not_all_listed(room):
    for row in range(8):
        room.add(
            "rs",
            USUBJID="S3",
            RSSEQ=str(10 + row),
            RSTESTCD="OVRLRESP",
            RSSTRESC="??",
            RSDTC="2025",
        )
    with pytest.raises(DataError, match="RSSEQ 14: result .* and 3 more; allowed"):
        room.ingest()


def test_other_criteria_stop(room):
    room.set("rs", 1, RSCAT="LUGANO 2015")
    with pytest.raises(DataError, match="RSCAT 'LUGANO 2015' is unknown; nearest: LUGANO 20"):
        room.ingest()


def test_an_unknown_evaluator_stops(room):
    room.set("rs", 1, RSEVAL="INVESTIGATR")
    with pytest.raises(DataError, match="RSEVAL 'INVESTIGATR' is unknown; nearest: INVEST"):
        room.ingest()


def test_a_component_record_may_say_anything(room):
    room.set("rs", 4, RSCAT="ANOTHER SCALE", RSEVAL="READER 7")
    written, _ = room.ingest()
    assert written["rs"]["AVALC"][4] is None


def test_a_blank_category_of_criteria_is_a_warning(room):
    room.set("rs", 0, RSCAT="")
    assert room.hits("F-RS-002") == [("RS", "S1", "RSSEQ 1")]


def test_words_that_the_criteria_ignore_are_set_aside(room, monkeypatch):
    ignoring = room.criteria.model_copy(update={"ignored": ("ECOG",)})
    monkeypatch.setattr(type(room), "criteria", ignoring)
    room.set("rs", 0, RSCAT="ECOG", RSSTRESC="1")
    written, found = room.ingest()
    assert written["rs"]["AVALC"][0] is None
    assert found[found["finding_id"] == "F-RS-006"]["record"].tolist() == ["RSSEQ 1"]


def test_aliases_of_one_method_hold_for_that_method_alone(room, monkeypatch):
    pair = room.criteria.pair.model_copy(update={"other_aliases": {"NR": "SD"}})
    monkeypatch.setattr(type(room), "criteria", room.criteria.model_copy(update={"pair": pair}))
    room.set("rs", 0, RSMETHOD="CT", RSSTRESC="NR")
    assert room.ingest()[0]["rs"]["AVALC"][0] == "SD"
    room.set("rs", 0, RSMETHOD="PET-CT", RSSTRESC="NR")
    with pytest.raises(DataError, match="result 'NR' is unknown"):
        room.ingest()


def test_every_alias_of_every_shipped_criteria_is_reached(room):
    from cartend.intake.aliases import canonical

    for name in ("lugano-2014", "b-all"):
        room.criteria_id = name
        for category in room.criteria.categories:
            words = pd.Series([category.code, *category.aliases])
            assert set(canonical(words.str.lower(), room.criteria)) == {category.code}
