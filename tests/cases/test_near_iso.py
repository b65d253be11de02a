"""Dates near to ISO 8601 and those of SAS date a death as they say (P17)."""

import pandas as pd
import pytest

from tests.cases.test_units_of_cases import changed
from tests.cases.whole import HERE, Whole


def death(whole, subject):
    row = whole.times("OS").set_index("USUBJID").loc[subject]
    adsl = whole.adsl.set_index("USUBJID").loc[subject]
    infused = adsl["TRTSDT"]
    bounds = [(adsl[name] - infused).days + 1 for name in ("DTHDTLO", "DTHDTHI")]
    return str(row["ADT"])[:10], row["AVAL"], row["ADTF"] or "", bounds


def test_a_day_not_known_and_a_day_of_sas(tmp_path):
    whole = Whole(HERE / "near-iso-death-dates", "x", tmp_path)
    assert death(whole, "S1") == ("2023-05-15", 126, "D", [112, 142])
    assert death(whole, "S2") == ("2023-05-14", 125, "", [125, 125])
    notes = whole.findings[whole.findings["finding_id"].eq("F-DATE-003")]
    assert set(notes["message"]) == {
        "DTHDTC: 1 value read from a part given as unknown, the first '2023-05-UN'",
        "DTHDTC: 1 value read from a SAS date format, the first '14MAY2023'",
    }


@pytest.mark.parametrize(
    ("partial", "day"),
    [("UN-MAY-2023", "23144"), ("2023/05/??", "14MAY2023:23:59:00"), ("MAY2023", "20230514")],
)
def test_in_other_words(tmp_path, partial, day):
    words = {"2023-05-UN": partial, "14MAY2023": day}
    whole = changed(
        tmp_path,
        "near-iso-death-dates",
        "dm",
        DTHDTC=lambda t: t["DTHDTC"].map(lambda word: words.get(word, word)),
    )
    assert death(whole, "S1") == ("2023-05-15", 126, "D", [112, 142])
    assert death(whole, "S2") == ("2023-05-14", 125, "", [125, 125])


def test_a_date_of_two_meanings_is_an_error(tmp_path):
    whole = changed(
        tmp_path,
        "near-iso-death-dates",
        "dm",
        DTHDTC=lambda t: t["DTHDTC"].replace("14MAY2023", "03/04/2023"),
    )
    (row,) = whole.findings[whole.findings["finding_id"].eq("F-DATE-001")].itertuples()
    assert (row.severity, row.usubjid) == ("error", "S2")
    assert "may be two days" in row.message
    assert pd.isna(whole.domain("dm").set_index("USUBJID").loc["S2", "DTHDT_LO"])
