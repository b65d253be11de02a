"""Each subject of any file stands once: its arm, its sets, and why it is in none or not in one."""

import pandas as pd
from gate_trial import INF_DAY, RANDOMISED, SINGLE, admitted, subject

from cartend.admission.subjects import subject_table


def rows_of(*pairs):
    rows = [
        {"domain": "CM", "row": n, "usubjid": who, "used": used}
        for n, (who, used) in enumerate(pairs, 1)
    ]
    return pd.DataFrame(rows, columns=["domain", "row", "usubjid", "used"])


def reasons(trial, rows=None):
    table = subject_table(trial, rows_of() if rows is None else rows)
    return table.set_index("usubjid")["reason"].to_dict()


def test_a_randomised_trial(definitions):
    rows = [
        subject("A"),
        subject("B", "SOC", sets="RAND SAF"),
        subject("C", "SOC", sets="RAND LA SAF", XODT=INF_DAY, LEUKDT=INF_DAY),
        subject("D", "CART", sets="LA SAF", NOTINFRS="MANUFACTURING FAILURE"),
        subject("E", "SCRNFAIL", sets=""),
        subject("F", None, sets=""),
        subject("G", "LOW", sets="RAND"),
        subject("H", "CART", sets="RAND LA SAF", NOTINFRS="INFUSION PENDING"),
        subject("I", "CART", sets="RAND", NOTINFRS="DEATH"),
    ]
    table = subject_table(admitted(definitions, rows), rows_of(("A", "Y"), ("A", "N"), ("Z", "N")))
    assert table["usubjid"].tolist() == list("ABCDEFGHIZ")
    assert table.set_index("usubjid")["sets"].to_dict() == {
        "A": "RAND LA INF SAF",
        "B": "RAND SAF",
        "C": "RAND LA SAF",
        "D": "LA SAF",
        "G": "RAND",
        "H": "RAND LA SAF",
        "I": "RAND",
    } | dict.fromkeys("EFZ", "")
    assert table.set_index("usubjid")["reason"].to_dict() == {
        "A": "",
        "B": "control arm: no infusion is planned",
        "C": "control arm: no infusion is planned",
        "D": "not randomised",
        "E": "screen failure",
        "F": "no arm assigned",
        "G": "arm LOW is not of the study",
        "H": "infusion pending at the cut-off",
        "I": "not leukapheresed, not infused: death",
        "Z": "not in DM",
    }
    assert table["rows"].tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert table["used"].tolist() == [1, *[0] * 9]
    assert table.set_index("usubjid").loc["G", ["armcd", "arm", "RAND", "INF"]].tolist() == [
        None,
        "LOW",
        "Y",
        "N",
    ]


def test_a_single_arm_trial(definitions):
    rows = [
        subject("A", sets="LA INF SAF"),
        subject("B", sets="LA SAF", NOTINFRS="INFUSION PENDING"),
        subject("C", sets="LA SAF", NOTINFRS="PROGRESSIVE DISEASE"),
        subject("D", sets="INF SAF"),
        subject("E", sets=""),
    ]
    ds = [{"USUBJID": "E", "DSDECOD": "SCREEN FAILURE", "ROLE": "screen_failure"}]
    assert reasons(admitted(definitions, rows, SINGLE, ds=ds)) == {
        "A": "",
        "B": "infusion pending at the cut-off",
        "C": "not infused: progressive disease",
        "D": "infused, no leukapheresis recorded",
        "E": "screen failure",
    }


def test_a_subject_of_any_domain_is_there_and_a_brought_list_is_called_adsl(definitions):
    study = RANDOMISED | {"entry": "adam"}
    adrs = [{"USUBJID": "X", "PARAMCD": "OVR"}]
    assert reasons(admitted(definitions, [subject("A")], study, adrs=adrs)) == {
        "A": "",
        "X": "not in ADSL",
    }


def test_the_arm_stands_as_delivered(definitions):
    dm = [{"USUBJID": "A", "ARMCD": "CART", "ARMCD_RAW": "1", "ARM": "Cells"}]
    table = subject_table(admitted(definitions, [subject("A")], dm=dm), rows_of())
    assert table["arm"].tolist() == ["1 / Cells"]
