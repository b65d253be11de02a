import pandas as pd

from cartend.response.dates import date_assessments


def rows_of(make, *given):
    frame = pd.DataFrame(given, columns=["USUBJID", "AVALC", "SEQ", "LO", "HI", "FLAG"])
    frame["LO"], frame["HI"] = make.days(*frame["LO"]), make.days(*frame["HI"])
    return frame.assign(EVAL="IRC")


def test_partial_dates_response_latest_progression_earliest_month_missing_in_the_middle(make):
    rows = rows_of(
        make,
        ("A", "CR", 1, "2025-03-10", "2025-03-10", ""),
        ("A", "CR", 2, "2025-04-01", "2025-04-30", "D"),
        ("B", "SD", 1, "2025-03-10", "2025-03-10", ""),
        ("B", "PD", 2, "2025-03-01", "2025-03-31", "D"),
        ("C", "PR", 1, "2025-03-01", "2025-03-01", ""),
        ("C", "PR", 2, "2025-01-01", "2025-12-31", "M"),
        ("D", "CR", 1, "2025-04-01", "2025-04-30", "D"),
        ("E", "CR", 1, None, None, None),
    )
    limits = make.days("2025-12-31", "2025-12-31", "2025-03-12", "2025-04-20", "2025-12-31")
    limits.index = list("ABCDE")
    got = date_assessments(rows, limits, ("PD",))
    # B: the day after the record before it; C: between 2 and 12 March; D: not after the limit
    want = ["2025-03-10", "2025-04-30", "2025-03-10", "2025-03-11"]
    want += ["2025-03-01", "2025-03-07", "2025-04-20", None]
    pd.testing.assert_series_equal(got["ADT"], make.days(*want), check_names=False)
    low = ["2025-03-10", "2025-04-01", "2025-03-10", "2025-03-11"]
    low += ["2025-03-01", "2025-03-02", "2025-04-01", None]
    pd.testing.assert_series_equal(got["ADTLO"], make.days(*low), check_names=False)
    high = ["2025-03-10", "2025-04-30", "2025-03-10", "2025-03-31"]
    high += ["2025-03-01", "2025-03-12", "2025-04-20", None]
    pd.testing.assert_series_equal(got["ADTHI"], make.days(*high), check_names=False)
    assert got["ADTF"].tolist()[:7] == ["", "D", "", "D", "", "M", "D"]


def test_a_partial_date_does_not_overtake_the_next_complete_one(make):
    rows = rows_of(
        make,
        ("A", "CR", 1, "2025-03-01", "2025-03-31", "D"),
        ("A", "PD", 2, "2025-03-20", "2025-03-20", ""),
    )
    limits = make.days("2025-12-31")
    limits.index = ["A"]
    got = date_assessments(rows, limits, ("PD",))
    assert got["ADTHI"].iloc[0] == got["ADT"].iloc[0] == pd.Timestamp("2025-03-19")
