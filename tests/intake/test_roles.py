"""Each record has the roles that the study says, in any spelling of its words (decision D38)."""

import pandas as pd
import pytest

from cartend.config.records import Role, Selection, all_records
from cartend.intake.errors import DataError
from cartend.intake.roles import matches, selected, with_roles

CM = pd.DataFrame(
    {
        "CMCAT": ["Car-T  cells", "CAR T CELLS", "CART", None, "OTHER"],
        "CMCAT_RAW": [None, None, None, None, "Cell product"],
        "CMSCAT": ["X", "Y", "X", None, "X"],
    },
    dtype=object,
)


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (("CAR-T CELLS",), [0, 1]),
        (("car*",), [0, 1, 2]),
        (("*T*CELLS",), [0, 1]),
        (("*",), [0, 1, 2, 3, 4]),
        (("",), [3]),
        (("CELL PRODUCT",), [4]),
        (("CAR",), []),
        (("CART", ""), [2, 3]),
    ],
)
def test_the_whole_value_matches_as_read_or_as_delivered(words, rows):
    assert CM.index[matches(CM, "CMCAT", words)].tolist() == rows


def test_a_column_that_is_not_there_matches_nothing():
    assert not matches(CM, "CMLOC", ("*",)).any()


def test_columns_hold_together_words_are_alternatives_and_unless_takes_out():
    ask = {"from": "CM", "where": {"CMCAT": ["CAR T*", "CART"], "CMSCAT": "X"}}
    assert CM.index[selected(CM, Selection.model_validate(ask))].tolist() == [0, 2]
    ask |= {"unless": {"CMCAT": "CART"}}
    assert CM.index[selected(CM, Selection.model_validate(ask))].tolist() == [0]


def test_a_record_may_have_several_roles_in_the_order_of_the_roles():
    named = {"rescue": {"from": "CM", "where": {"CMSCAT": "X"}}, "bridging": {"from": "CM"}}
    records = all_records({name: Role.model_validate(said) for name, said in named.items()})
    roles = with_roles(CM, "cm", records)["ROLE"].tolist()
    assert roles == ["bridging rescue" if row in (0, 2, 4) else "bridging" for row in range(5)]


def test_every_table_has_roles_and_shipped_words_are_the_default(room):
    written, _ = room.ingest()
    assert all("ROLE" in table for table in written.values())
    assert written["ex"]["ROLE"].tolist() == [
        "lymphodepletion",
        "infusion",
        "standard_of_care",
        "infusion",
    ]
    assert written["rs"]["ROLE"].tolist() == ["response"] * 4 + ["component", "response"]
    assert written["ae"]["ROLE"].tolist() == ["death adverse_event"]


def test_a_role_of_the_study_replaces_the_shipped_one_whole(room):
    room.say("infusion", "EX", EXTRT="product x")
    room.say("new_therapy", "CM", CMTRT="NOTHING")
    written, _ = room.ingest()
    assert written["ex"]["ROLE"].tolist()[1:] == ["infusion", "standard_of_care", "infusion"]
    assert "new_therapy" not in written["cm"]["ROLE"].tolist()


def test_null_switches_a_role_off(room):
    room.study_keys["records"] = {"bridging": None}
    assert room.ingest()[0]["cm"]["ROLE"].tolist() == ["prior_therapy", None, "new_therapy"]


def test_a_role_of_the_studys_own_is_given(room):
    room.say("reactivation", "AE", AEDECOD="SEPSIS")
    assert room.ingest()[0]["ae"]["ROLE"].tolist() == ["death adverse_event reactivation"]


def test_a_column_that_the_data_lack_stops_where_the_study_names_it(room):
    room.say("infusion", "EX", EXCATT="X")
    with pytest.raises(DataError) as raised:
        room.ingest()
    assert str(raised.value) == (
        "tiny: key records.infusion names EXCATT, and EX (ex.csv) has no such column; nearest: "
        "EXCAT"
    )


def test_a_column_of_unless_must_be_there_too(room):
    records = {"infusion": {"from": "EX", "unless": {"EXSCAT": "X"}}}
    room.study_keys["records"] = records
    with pytest.raises(DataError, match="records.infusion names EXSCAT, and EX"):
        room.ingest()


def test_a_domain_that_the_data_lack_stops_where_the_study_names_it(room):
    room.drop("ae")
    room.say("reactivation", "AE", AEDECOD="SEPSIS")
    with pytest.raises(DataError, match="records.reactivation names AEDECOD of AE, and the data"):
        room.ingest()


def test_a_qualifier_is_a_column_of_its_parent(room):
    room.say("new_therapy", "CM", NATREAS="EFFICACY")
    assert room.ingest()[0]["cm"]["ROLE"].tolist() == ["prior_therapy", "bridging", "new_therapy"]


def test_roles_that_exclude_each_other_stop_and_are_findings(room):
    room.say("new_therapy", "CM", CMCAT="BRIDGING THERAPY")
    with pytest.raises(DataError) as raised:
        room.ingest()
    assert str(raised.value) == (
        "tiny: roles of which a record has one at most hold together: bridging and new_therapy of "
        "CM S1 CMSEQ 2; narrow where of one of them, or add unless to it, under records in the "
        "study file"
    )
    found = room.findings()
    assert found.loc[found["finding_id"].eq("F-ROLE-004"), "record"].tolist() == ["CMSEQ 2"]


def test_a_word_of_a_role_that_matches_nothing_names_the_nearest(room):
    room.say("infusion", "EX", EXCAT=["CAR-T INFUSION", "CAR-T REINFUSION"])
    _, found = room.ingest()
    assert found["message"].tolist() == [
        "records.infusion: no record has EXCAT 'CAR-T REINFUSION'; nearest: CAR-T INFUSION"
    ]


def test_a_shipped_word_that_matches_nothing_is_no_finding(room):
    room.tables["cm"] = room.tables["cm"].head(1)
    room.tables["suppcm"] = room.tables["suppcm"].head(2)
    assert room.ingest()[1].empty


def test_treatments_that_no_role_claims_are_counted_by_what_they_say(room):
    room.say("bridging", "CM", CMCAT="BRIDGING THERAPY", CMTRT="BENDAMUSTINE")
    room.add("cm", USUBJID="S3", CMSEQ="1", CMCAT="BRIDGING THERAPY", CMTRT="R-CHOP")
    _, found = room.ingest()
    assert found["message"].tolist() == [
        "no role claims a record with CMCAT 'BRIDGING THERAPY', CMTRT 'R-CHOP' (1 record)"
    ]
