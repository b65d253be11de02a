import numpy as np
import pandas as pd

from cartend.response.visits import label_days, label_visits


def test_the_nearest_window_labels_a_day_and_a_tie_goes_to_the_earlier_visit(make):
    schedule = make.study().visits
    cases = {
        31: (None, np.nan),  # before every window
        32: ("W6", 42),  # W6 opens on day 32
        42: ("W6", 42),
        52: ("W6", 42),  # both windows: 10 days from W6, 12 from W9
        53: ("W6", 42),  # both windows, 11 days from either: the earlier visit
        54: ("W9", 64),  # both windows: 12 from W6, 10 from W9
        71: ("W9", 64),  # W9 closes on day 71
        72: (None, np.nan),
    }
    w6, w9 = schedule.schedule
    assert w9.opens <= 53 <= w6.closes, "the tie lies in both windows"
    assert 53 - w6.day == w9.day - 53, "and is a tie"
    got = label_days(pd.Series(list(cases)), schedule)
    assert got["AVISIT"].tolist() == [label for label, _ in cases.values()]
    np.testing.assert_array_equal(got["AVISITN"], [day for _, day in cases.values()])


def test_an_undated_record_or_a_subject_without_anchor_is_unlabelled(make):
    rows = pd.DataFrame({"USUBJID": ["A", "A", "B"]})
    rows["ADT"] = make.days("2025-02-12", None, "2025-02-12")
    anchors = pd.Series(make.days("2025-01-01", None).to_numpy(), index=["A", "B"])
    got = label_visits(rows, anchors, make.study().visits)
    assert got["AVISIT"].tolist() == ["W6", None, None]
    assert got["AVISITN"].isna().tolist() == [False, True, True]
