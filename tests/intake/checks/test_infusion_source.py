"""F-EX-001 says of DM RFXSTDTC what the milestones make of it."""

import pytest

from cartend.subject.milestones import infusions

FIRST = {0: "2025-02-15", 2: "2025-03-15"}
"""DM RFXSTDTC of two subjects, by row."""


def no_record(room):
    room.tables["ex"] = room.tables["ex"][:0]


def no_infusion(room):
    room.tables["ex"] = room.tables["ex"][room.tables["ex"]["EXCAT"].ne("CAR-T INFUSION")]


CASES = {
    "no file": (lambda room: room.drop("ex"), True, "EX has no record: DM RFXSTDTC counts"),
    "no record": (no_record, True, "EX has no record: DM RFXSTDTC counts"),
    "no date either": (lambda room: room.drop("ex"), False, "EX has no record and DM no RFXSTDTC"),
    "other records": (no_infusion, True, "none of the 2 records of EX is a CAR-T infusion"),
    "other records, no date": (no_infusion, False, "none of the 2 records of EX is a CAR-T"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_message_is_what_happens(room, case):
    spoil, dated, said = CASES[case]
    room.tables["dm"]["RFXSTDTC"] = ""
    for row, date in FIRST.items() if dated else ():
        room.set("dm", row, RFXSTDTC=date)
    spoil(room)
    tables, found, *_ = room.read()
    (message,) = found.loc[found["finding_id"] == "F-EX-001", "message"]
    counted = infusions(tables)["USUBJID"].nunique()
    assert message.startswith(said)
    assert counted == (2 if "DM RFXSTDTC counts" in message else 0)
    assert ("nobody counts as infused" in message) == (counted == 0)
    if dated:
        assert "(2 subjects)" in message
