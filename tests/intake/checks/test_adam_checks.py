"""Every ADaM check sees the one thing that is wrong, and nothing in clean data."""

import pytest

from cartend.intake.checks import ADAM_CHECKS

CASES = {
    "F-ADAM-001": [
        (lambda r: r.set("adtte", 1, PARAMCD="OS"), ("ADTTE", "S1", "OS"), ("ADTTE", "S1", "OS")),
    ],
    "F-ADAM-002": [
        (lambda r: r.set("adtte", 1, USUBJID="S9"), ("ADTTE", "S9", "PFS")),
        (lambda r: r.set("adrs", 2, USUBJID="S9"), ("ADRS", "S9", "BOR ASEQ 3")),
    ],
    "F-ADAM-003": [
        (lambda r: r.set("adtte", 3, AVAL="84"), ("ADTTE", "S2", "PFS")),
        (lambda r: r.drop("adtte", "STARTDT"),),
    ],
    "F-ADAM-004": [
        (lambda r: r.set("adtte", 3, AVAL="0"), ("ADTTE", "S2", "PFS")),
        (lambda r: r.set("adtte", 3, AVAL="", ADT=""), ("ADTTE", "S2", "PFS")),
        (lambda r: r.set("adtte", 3, AVAL=""),),
    ],
    "F-ADAM-005": [
        (lambda r: r.set("adtte", 3, AVAL="84.5"), ("ADTTE", "S2", "PFS")),
    ],
    "F-ADAM-006": [
        (lambda r: r.set("adtte", 2, CNSR="-1"), ("ADTTE", "S2", "OS")),
        (lambda r: r.set("adtte", 2, CNSR="0.5"), ("ADTTE", "S2", "OS")),
        (lambda r: r.set("adtte", 2, CNSR=""), ("ADTTE", "S2", "OS")),
        (lambda r: r.set("adtte", 2, CNSR="12"),),
    ],
    "F-ADAM-007": [
        (lambda r: r.set("adtte", 2, EVNTDESC="", CNSDTDSC=""), ("ADTTE", "S2", "OS")),
        (lambda r: r.set("adtte", 3, CNSDTDSC="Cut-off"), ("ADTTE", "S2", "PFS")),
    ],
    "F-ADAM-008": [
        (lambda r: r.set("adtte", 2, ADT="2026-01-01"), ("ADTTE", "S2", "OS")),
        (lambda r: r.set("adrs", 3, ADT="2026-01-01"), ("ADRS", "S2", "OVR ASEQ 1")),
    ],
    "F-ADAM-009": [
        (lambda r: r.set("adtte", 3, ADT="2025-01-11"), ("ADTTE", "S2", "PFS")),
    ],
    "F-ADAM-010": [
        (lambda r: r.set("adtte", 3, ADT="2025-08-02"), ("ADTTE", "S2", "PFS")),
        (lambda r: r.set("adrs", 1, ADT="2025-09-21"), ("ADRS", "S1", "OVR ASEQ 2")),
    ],
    "F-ADAM-011": [
        (lambda r: r.set("adsl", 0, INFDT="2025-01-09"), ("ADSL", "S1", "")),
        (lambda r: r.set("adsl", 1, EOSDT="2025-01-11"), ("ADSL", "S2", "")),
        (lambda r: r.set("adsl", 0, LSTALVDT="2025-09-21"), ("ADSL", "S1", "")),
        (lambda r: r.set("adsl", 1, EOSDT="2025-08-02"), ("ADSL", "S2", "")),
    ],
    "F-ADAM-012": [
        (lambda r: r.set("adtte", 2, CNSR="0"), ("ADTTE", "S2", "OS")),
        (lambda r: r.set("adtte", 0, CNSR="1"), ("ADTTE", "S1", "OS")),
        (lambda r: r.set("adsl", 0, DTHDT="2025-09-19"), ("ADTTE", "S1", "OS")),
    ],
    "F-ADAM-013": [
        (lambda r: r.set("adtte", 1, AVAL="255"), ("ADTTE", "S1", "PFS")),
        (lambda r: r.set("adtte", 1, ADT="2025-09-21"), ("ADTTE", "S1", "PFS")),
    ],
    "F-ADAM-014": [
        (lambda r: r.set("adtte", 3, AVALU="CYCLES"), ("ADTTE", "", "")),
    ],
    "F-ADAM-015": [
        (lambda r: r.set("adsl", 1, ARMCD="PBO"), ("ADSL", "S2", "")),
    ],
    "F-ADAM-016": [
        (lambda r: r.set("adrs", 3, ADT=""), ("ADRS", "S2", "OVR ASEQ 1")),
    ],
    "F-ADAM-017": [
        (lambda r: r.set("adsl", 1, DTHFL="Y"), ("ADSL", "S2", "")),
        (lambda r: r.set("adsl", 0, DTHFL="Y"),),
    ],
}
ROWS = [(name, number) for name, cases in CASES.items() for number in range(len(cases))]


def test_clean_adam_data_have_no_finding(room):
    room.bring_adam()
    assert room.ingest()[1].values.tolist() == []


@pytest.mark.parametrize(("name", "number"), ROWS)
def test_a_check_names_exactly_the_records_that_are_wrong(room, name, number):
    spoil, *expected = CASES[name][number]
    room.bring_adam()
    spoil(room)
    assert room.hits(name) == expected


def test_every_check_has_a_case():
    assert set(CASES) == {check.id for check in ADAM_CHECKS}
