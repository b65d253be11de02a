"""Every input row is used, or not for a reason; every word that tells records apart is listed."""

import pandas as pd
import pytest

from cartend.contract.check import ContractError
from cartend.contract.terms.admission import UNUSED
from cartend.intake.account import account


def reasons(room, domain):
    rows = room.rows[room.rows["domain"].eq(domain)].set_index("row")
    return rows.loc[rows["used"].eq("N"), "reason"].to_dict()


def raw_counts(room):
    return {
        path.stem.upper(): len(pd.read_csv(path, dtype=str, keep_default_na=False))
        for path in room.folder.glob("*.csv")
    }


def test_each_row_of_each_file_stands_once(room):
    room.add("ae", USUBJID="S1", AESEQ="2", AEDECOD="Fever", AESTDTC="2025-02-20")
    room.add("ae", USUBJID="")
    room.add_table("vs", USUBJID="S9", VSSEQ="1")
    room.ingest()
    assert room.rows.groupby("domain").size().to_dict() == raw_counts(room)
    assert (room.rows["used"].eq("Y") == room.rows["reason"].isna()).all()
    assert set(room.rows["reason"].dropna()) <= set(UNUSED)
    assert reasons(room, "VS") == {1: "FILE NOT READ"}
    assert room.rows.set_index("domain").loc["VS", "usubjid"] == "S9"
    assert reasons(room, "AE") == {3: "BLANK"}
    assert not reasons(room, "RS")


def test_why_a_row_is_not_used(room):
    room.add("cm", USUBJID="S9", CMSEQ="1", CMCAT="BRIDGING THERAPY", CMSTDTC="2025-02-01")
    room.add("cm", USUBJID="S1", CMSEQ="7", CMCAT="CONCOMITANT MEDICATION", CMSTDTC="2025-02-01")
    room.add("cm", USUBJID="S1", CMSEQ="8", CMCAT="BRIDGING THERAPY", CMSTDTC="")
    room.add(
        "ex", USUBJID="S3", EXSEQ="2", EXCAT="CAR-T INFUSION", EXDOSE="0", EXSTDTC="2025-04-01"
    )
    room.add("rs", USUBJID="S3", RSSEQ="9", RSTESTCD="OVRLRESP", RSSTRESC="CR", RSDTC="2026-02-01")
    room.add("suppcm", USUBJID="S1", IDVAR="CMSEQ", IDVARVAL="99", QNAM="LINE", QVAL="1")
    room.add("suppcm", USUBJID="S1", IDVAR="CMSEQ", IDVARVAL="8", QNAM="INTENS", QVAL="Y")
    room.add("suppcm", USUBJID="S1", IDVAR="CMSEQ", IDVARVAL="1", QNAM="COLOUR", QVAL="RED")
    room.add("suppcm", USUBJID="S1", IDVAR="CMSEQ", IDVARVAL="1", QNAM="LINE", QVAL="2")
    room.tables["dm"] = pd.concat([room.tables["dm"], room.tables["dm"].tail(1)])
    room.ingest()
    assert reasons(room, "CM") == {4: "SUBJECT UNKNOWN", 5: "NO ROLE", 6: "NO DATE"}
    assert reasons(room, "EX") == {5: "NOT GIVEN"}
    assert reasons(room, "RS") == {7: "AFTER CUT-OFF"}
    assert reasons(room, "DM") == {4: "EQUAL ROW"}
    assert reasons(room, "SUPPCM") == {
        4: "NO PARENT",
        5: "PARENT NOT USED",
        6: "NOT SOUGHT",
        7: "SECOND VALUE",
    }


def test_a_table_keeps_the_row_of_its_file(room):
    room.tables["rs"] = room.tables["rs"].iloc[::-1]
    written, _ = room.ingest()
    assert written["rs"]["SOURCEROW"].tolist() == [6, 5, 4, 3, 2, 1]


def test_roles_stand_beside_the_row(room):
    room.ingest()
    rows = room.rows.set_index(["domain", "row"])["role"]
    assert rows["CM", 2] == "bridging"
    assert rows["SUPPCM", 3] == "new_therapy"
    assert rows["DS", 3] == "death disposition"


def test_brought_datasets_are_accounted_for(room):
    room.bring_adam()
    room.add("adrs", USUBJID="S9", PARAMCD="OVR", AVALC="CR", ADT="2025-04-04", EVAL="IRC")
    room.ingest()
    assert room.rows.groupby("domain").size().to_dict() == raw_counts(room)
    assert reasons(room, "ADRS") == {3: "NOT SOUGHT", 5: "SUBJECT UNKNOWN"}
    assert set(reasons(room, "ADTTE").values()) == {"NOT SOUGHT"}
    room.drop("adrs")
    room.ingest()
    assert reasons(room, "ADTTE") == {2: "NOT SOUGHT", 4: "NOT SOUGHT"}
    assert room.rows.query("domain == 'ADTTE'")["role"].tolist() == ["OS", "PFS", "OS", "PFS"]


def test_rows_that_are_lost_on_the_way_are_no_account():
    raw = pd.DataFrame({"SOURCEROW": [1, 2], "USUBJID": ["A", "B"]})
    told = raw.head(1).assign(ROLE=None, reason=None)
    with pytest.raises(ContractError, match="2 rows were read and 1 are accounted for"):
        account("cm", 2, raw, [told])


def test_words_are_as_delivered_with_what_they_were_taken_for(room):
    room.set("rs", 0, RSSTRESC="Complete  metabolic response")
    room.add("cm", USUBJID="S1", CMSEQ="5", CMCAT="Vitamins", CMSTDTC="2025-02-01")
    room.ingest()
    words = room.words.set_index(["domain", "column", "word"])
    complete = words.loc[("RS", "RSSTRESC", "Complete  metabolic response")]
    assert (complete["taken_for"], complete["known"], complete["count"]) == ("CR", "Y", 1)
    assert words.loc[("EX", "EXCAT", "CAR-T INFUSION"), "taken_for"] == "infusion"
    assert words.loc[("EX", "EXCAT", "CAR-T INFUSION"), "roles"] == "infusion"
    assert words.loc[("DS", "DSDECOD", "RANDOMIZED"), "count"] == 3
    assert words.loc[("CM", "CMCAT", "Vitamins"), "known"] == "N"
    assert words.loc[("RS", "RSEVAL", "INDEPENDENT ASSESSOR"), "taken_for"] == "IRC"
    assert words.loc[("DM", "ARMCD", "CART"), "taken_for"] == "CART"
