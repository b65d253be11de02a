"""The day of the anchor is baseline of the components, and a flag after it makes none (D47)."""

import pandas as pd
import pytest

from cartend.response.components import LONG, _with_baseline

ANCHOR = pd.Timestamp("2024-03-10")


def kept(*records, anchor=ANCHOR, test="SUMDIAM"):
    """Return the day of the baseline and those of the assessments; a record is (day, flagged)."""
    rows = pd.DataFrame(
        {
            "USUBJID": "A",
            "EVAL": "IRC",
            "TEST": test,
            "LESION": "T1",
            "VALUE": 1.0,
            "TEXT": None,
            "DAY": pd.to_datetime([day for day, _ in records]).astype("datetime64[ms]"),
            "KEY": "V",
            "FLAGGED": [flag for _, flag in records],
            "DOM": "TR",
            "SEQ": range(len(records)),
        }
    )
    out = _with_baseline(rows, pd.Series([anchor], index=["A"], dtype="datetime64[ms]"))
    assert list(out) == LONG
    days = out["DAY"].dt.strftime("%m-%d")
    return days[out["BASE"]].tolist(), days[~out["BASE"]].tolist()


@pytest.mark.parametrize(
    ("records", "baseline", "later"),
    [
        ([("2024-03-01", False), ("2024-03-10", False), ("2024-04-09", False)], "03-10", ["04-09"]),
        ([("2024-03-01", True), ("2024-03-10", False), ("2024-04-09", False)], "03-10", ["04-09"]),
        ([("2024-03-01", True), ("2024-04-02", True), ("2024-05-09", False)], "03-01",
         ["04-02", "05-09"]),
        ([("2024-03-01", False), ("2024-04-02", True)], "03-01", ["04-02"]),
        ([("2024-02-20", True), ("2024-03-05", True), ("2024-04-09", False)], "03-05", ["04-09"]),
    ],
)  # fmt: skip
def test_a_flag_after_the_anchor_makes_no_baseline(records, baseline, later):
    assert kept(*records) == ([baseline], later)


def test_only_a_flag_after_the_anchor_is_no_baseline_at_all():
    assert kept(("2024-03-12", True), ("2024-04-09", False)) == ([], ["03-12", "04-09"])


def test_without_an_anchor_the_flag_decides():
    records = [("2024-03-01", False), ("2024-03-05", True), ("2024-04-09", False)]
    assert kept(*records, anchor=pd.NaT) == (["03-05"], ["04-09"])


def test_a_lesion_first_seen_on_the_day_of_the_anchor_is_not_new():
    assert kept(("2024-03-10", False), test="SEEN") == ([], [])
    assert kept(("2024-03-11", False), test="SEEN") == ([], ["03-11"])
