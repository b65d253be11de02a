import pytest

from cartend.display.ard import Value
from cartend.display.format import (
    Notes,
    fixed,
    interval,
    months,
    p_value,
    percent,
    ratio,
    share,
    text,
    with_interval,
)


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        (2.675, 2, "2.68"),  # binary floating point rounds it down, half to even too
        (0.125, 2, "0.13"),
        (-0.125, 2, "-0.13"),
        (2.5, 0, "3"),
        (1e-9, 2, "0.00"),
        (-1e-9, 2, "0.00"),
        (1e6, 1, "1000000.0"),
    ],
)
def test_numbers_round_half_away_from_zero_on_their_decimal_text(value, places, printed):
    assert fixed(value, places) == printed


@pytest.mark.parametrize(
    ("value", "printed"), [(0.1255, "12.6"), (0.00049999, "0.0"), (1.0, "100.0"), (0.2885, "28.9")]
)
def test_a_percentage_has_one_decimal(value, printed):
    assert percent(value) == printed


def test_a_share_is_computed_from_its_counts_exactly():
    assert share(1, 16) == "1 (6.3%)"  # 6.25
    assert share(61, 75) == "61 (81.3%)"
    assert share(0, 0) == "0"


@pytest.mark.parametrize(
    ("days", "printed"), [(310, "10.2"), (30.4375, "1.0"), (1, "0.03"), (0, "0.0")]
)
def test_months_are_days_over_the_study_s_days_of_a_month(days, printed):
    assert months(days, 30.4375) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0.00009999, "<0.0001"), (0.0001, "0.0001"), (0.04995, "0.0500"), (0.99999, ">0.9999")],
)
def test_a_p_value_has_four_decimals_or_a_bound(value, printed):
    assert p_value(value) == printed


def test_a_large_ratio_loses_the_third_decimal():
    assert (ratio(0.3715975), ratio(12.2583)) == ("0.372", "12.26")


def test_what_is_not_reached_is_ne_with_the_key_of_its_footnote():
    notes = Notes()
    reached, never = Value(310.0), Value(None, "not reached")
    form = str
    assert text(never, form, notes) == "NE [a]"
    assert text(Value(None, "not estimable: no subjects"), form, notes) == "NE [b]"
    assert interval(reached, never, form, notes) == "(310.0, NE [a])"
    assert notes.lines() == [
        "[a] NE: not estimable, because not reached (NR).",
        "[b] NE: not estimable: no subjects.",
    ]


def test_no_row_in_the_results_is_a_blank_and_all_missing_is_one_ne():
    notes = Notes()
    never = Value(None, "not reached")
    assert text(None, str, notes) == ""
    assert interval(None, None, str, notes) == ""
    assert with_interval(never, never, never, str, notes) == "NE [a]"
    assert with_interval(None, None, None, str, notes) == ""


def test_footnote_letters_go_on_after_z():
    notes = Notes()
    keys = [notes.key(f"reason {number}") for number in range(28)]
    assert keys[25:] == ["z", "aa", "ab"]
