import pandas as pd
import pytest

from cartend.response.pairs import combine_pairs

PET, CT = "PET-CT", "CT"


def visit(make, *given):
    """Rows of subject A: method, category, date, perhaps visit."""
    frame = pd.DataFrame(
        [(*row, "WEEK 8") if len(row) == 3 else row for row in given],
        columns=["RSMETHOD", "AVALC", "ADT", "VISIT"],
    )
    return frame.assign(
        USUBJID="A",
        EVAL="INV",
        RSEVAL="INVESTIGATOR",
        RSEVALID=None,
        RSSCAT=None,
        ADT=make.days(*frame["ADT"]),
        SEQ=range(1, len(frame) + 1),
    )


def chosen(got):
    """The rows not combined into another: category, day, sequence number."""
    kept = got[~got["used"]]
    return list(zip(kept["AVALC"], kept["ADT"].dt.strftime("%m-%d"), kept["SEQ"], strict=True))


@pytest.mark.parametrize(
    ("pet", "ct", "want"),
    [
        (("PR", "2025-03-01"), ("CR", "2025-03-03"), ("PR", "03-03", 1)),  # PMR beats CT CR
        (("CR", "2025-03-05"), ("PR", "2025-03-03"), ("CR", "03-05", 1)),  # CMR beats CT PR
        (("PD", "2025-03-05"), ("PD", "2025-03-03"), ("PD", "03-03", 1)),  # earliest that shows it
        (("PD", "2025-03-05"), ("PR", "2025-03-03"), ("PD", "03-05", 1)),  # CT does not show it
        (("PR", "2025-03-01"), ("PD", "2025-03-03"), ("PR", "03-03", 1)),  # PET decides
        (("NE", "2025-03-01"), ("PD", "2025-03-03"), ("PD", "03-03", 2)),
        (("NE", "2025-03-01"), ("PR", "2025-03-03"), ("PR", "03-03", 2)),
        (("CR", "2025-03-01"), ("NE", "2025-03-03"), ("CR", "03-01", 1)),  # NE is no component
        (("NE", "2025-03-01"), ("NE", "2025-03-03"), ("NE", "03-01", 1)),
    ],
)
def test_the_leading_method_decides_where_it_is_evaluable(make, pet, ct, want):
    got = combine_pairs(visit(make, (PET, *pet), (CT, *ct)), make.criteria())
    assert chosen(got) == [want]
    gone = got.loc[got["used"], "ANL01RS"].tolist()
    assert gone == ["combined into the other row of its visit"]
    assert got.loc[~got["used"], "PAIRSEQ"].tolist() == [3 - want[2]]


@pytest.mark.parametrize(
    ("way", "want"),
    [
        ("use_other", [("CR", "02-01", 1), ("SD", "03-03", 4), ("PD", "04-03", 6)]),
        ("not_evaluable", [("CR", "02-01", 1), ("NE", "03-01", 3), ("PD", "04-03", 6)]),
        ("carry_forward", [("CR", "02-01", 1), ("CR", "03-03", 4), ("PD", "04-03", 6)]),
    ],
)
def test_the_key_decides_where_the_leading_method_is_not_evaluable(make, way, want):
    rows = visit(
        make,
        (PET, "CR", "2025-02-01", "WEEK 8"),
        (CT, "PR", "2025-02-01", "WEEK 8"),
        (PET, "NE", "2025-03-01", "WEEK 12"),
        (CT, "SD", "2025-03-03", "WEEK 12"),
        (PET, "NE", "2025-04-01", "WEEK 16"),
        (CT, "PD", "2025-04-03", "WEEK 16"),  # progression stands whatever the key says
    )
    got = combine_pairs(rows, make.criteria(when_leading_not_evaluable=way))
    assert chosen(got) == want


def test_visits_without_a_name_or_unscheduled_are_paired_by_date(make):
    rows = visit(
        make,
        (PET, "CR", "2025-02-01", None),
        (CT, "PR", "2025-02-01", None),
        (PET, "PD", "2025-03-01", "UNSCHEDULED"),
        (CT, "SD", "2025-05-01", "UNSCHEDULED"),
    )
    got = combine_pairs(rows, make.criteria())
    assert chosen(got) == [("CR", "02-01", 1), ("PD", "03-01", 3), ("SD", "05-01", 4)]


def test_readers_and_evaluators_are_paired_apart_and_other_methods_left_alone(make):
    rows = visit(
        make,
        (PET, "PR", "2025-02-01"),
        (CT, "CR", "2025-02-01"),
        (PET, "CR", "2025-02-01"),
        (CT, "CR", "2025-02-01"),
        (None, "SD", "2025-02-01"),
    )
    rows["RSEVALID"] = ["R1", "R1", "R2", "R2", None]
    got = combine_pairs(rows, make.criteria())
    assert chosen(got) == [("PR", "02-01", 1), ("CR", "02-01", 3), ("SD", "02-01", 5)]


def test_the_rsscat_names_the_method_where_rsmethod_is_blank(make):
    rows = visit(make, (None, "PR", "2025-02-01"), (None, "CR", "2025-02-01"))
    rows["RSSCAT"] = ["pet-ct", "ct"]
    assert chosen(combine_pairs(rows, make.criteria())) == [("PR", "02-01", 1)]


def test_criteria_without_a_pair_rule_leave_the_rows_as_they_are(make):
    rows = visit(make, (PET, "PR", "2025-02-01"), (CT, "CR", "2025-02-01"))
    got = combine_pairs(rows, make.criteria("b-all"))
    pd.testing.assert_frame_equal(got[rows.columns], rows)
