"""What differs between two definitions, against the vectors and against tiny hand-made rows."""

import pandas as pd
import pytest

from cartend.explain.definitions import definition_differences, flatten, side_of
from cartend.explain.diff_text import diff_text
from cartend.explain.differences import (
    change_of_rates,
    change_of_times,
    diff_frame,
    joined_frame,
    reasoned,
)
from cartend.explain.errors import ExplainError
from cartend.explain.results import open_study


def test_scenarios_differ_in_the_subjects_with_new_therapy_and_the_text_says_why(results, expected):
    text = diff_text(results, "primary", "no-therapy")
    assert text.startswith(expected("diff-head"))
    assert expected("diff-t08") in text
    assert max(map(len, text.splitlines())) <= 110


def test_the_frame_has_a_row_a_result_that_differs_with_both_sides(results):
    frame = diff_frame(results, "vectors", "primary", "no-therapy")
    assert list(frame["USUBJID"]) == ["T07", "T07", "T08", "T08"]
    row = frame[frame["USUBJID"].eq("T07") & frame["EVAL_A"].eq("IRC")].iloc[0]
    assert row["CHANGE"] == "event -> censored"
    assert (row["RESULT_A"], row["AVAL_A"], row["RECORD_A"]) == ("NEW_THERAPY", 71, "CM.1")
    assert (row["RESULT_B"], row["AVAL_B"]) == ("BEFORE NEW ANTICANCER THERAPY", 64)
    assert row["WHY_B"] == "an event was found"


def test_the_other_way_round_gives_the_same_subjects_with_the_sides_exchanged(results):
    one = diff_frame(results, "vectors", "primary", "no-therapy")
    other = diff_frame(results, "vectors", "no-therapy", "primary")
    assert set(other["CHANGE"]) == {"censored -> event"}
    assert list(one["WHY_A"]) == list(other["WHY_B"])
    assert list(one["AVAL_B"]) == list(other["AVAL_A"])


def test_two_endpoints_of_one_scenario_are_compared(results):
    frame = diff_frame(results, "vectors", endpoint="EFS_ZUMA7", against="EFS_TRANSFORM")
    irc = frame[frame["EVAL_A"].eq("IRC")].set_index("USUBJID")
    assert dict(irc["CHANGE"]) == {"T07": "event earlier", "T08": "event -> censored"}
    assert irc.loc["T07", "WHY_A"] == "later than the first event"
    assert irc.loc["T07", "WHY_B"] == "NO_RESPONSE found nothing on this record"
    assert irc.loc["T08", "WHY_A"] == "its reason does not qualify"


def test_where_nobody_differs_there_is_no_row_and_no_reason_is_looked_for(results):
    study = open_study(results, "vectors")
    one, other = (side_of(study, scenario, "EFS_ZUMA7") for scenario in ("primary", "no-therapy"))
    joined = joined_frame(study, one, other).assign(CHANGE="")
    found = reasoned(study, one, other, joined)
    assert found.empty
    assert {"WHY_A", "WHY_B", "PARAMCD_A"} <= set(found)


def test_an_endpoint_without_evaluator_is_held_against_each_evaluator(results):
    frame = diff_frame(results, "vectors", endpoint="OS", against="PFS_FDA")
    t07 = frame[frame["USUBJID"].eq("T07")]
    assert list(t07["EVAL_A"]) == ["", ""]
    assert sorted(t07["EVAL_B"]) == ["INV", "IRC"]


def test_a_subject_of_one_set_only_is_listed_and_another_origin_too(results):
    frame = diff_frame(results, "vectors", endpoint="EFS_ZUMA7", against="DOR")
    changes = frame.drop_duplicates("USUBJID").set_index("USUBJID")["CHANGE"]
    assert changes["T07"] == "only in A"
    assert changes["T20"] == "event with another origin"
    assert set(frame.loc[frame["USUBJID"].eq("T07"), "WHY_A"]) == {"no row in B"}


def test_rates_are_compared_by_category(results):
    frame = diff_frame(results, "vectors", endpoint="ORR", against="ORR")
    assert frame.empty


def test_values_that_differ_are_listed_by_path_and_words_are_left_out(results):
    opened = open_study(results, "vectors")
    sides = [side_of(opened, name, "EFS_ZUMA7") for name in ("primary", "no-therapy")]
    assert definition_differences(opened, *sides) == [
        ("events.NEW_THERAPY", "given", None),
        ("intercurrent_events.NEW_THERAPY.strategy", "composite", "hypothetical"),
    ]
    flat = flatten({"label": "x", "events": {"PD": {"sentence": "y", "state": 1, "k": [1, 2]}}})
    assert flat == {
        "events": "given",
        "events.PD": "given",
        "events.PD.state": 1,
        "events.PD.k": "1, 2",
    }


def joined(**sides):
    """Return one joined pair of equal rows, but for the values given as ``name=(A, B)``."""
    equal = {
        "RESULT": ("PD", "PD"),
        "STATE": (1, 1),
        "ADT": ("2024-03-01", "2024-03-01"),
        "AVAL": (10, 10),
        "ANL01FL": ("Y", "Y"),
        "REASON": ("", ""),
    }
    place = sides.pop("side", "both")
    row = {
        f"{n}_{s}": v
        for n, pair in {**equal, **sides}.items()
        for s, v in zip("AB", pair, strict=True)
    }
    frame = pd.DataFrame([{**row, "side": place}])
    return frame.astype({"ADT_A": "datetime64[ms]", "ADT_B": "datetime64[ms]"})


@pytest.mark.parametrize(
    ("sides", "change"),
    [
        ({}, ""),
        ({"side": "left_only"}, "only in A"),
        ({"side": "right_only"}, "only in B"),
        ({"STATE": (1, 0), "RESULT": ("PD", "LAST")}, "event -> censored"),
        ({"STATE": (1, 2)}, "event -> competing event"),
        ({"ADT": ("2024-03-01", "2024-02-01"), "AVAL": (40, 11)}, "event earlier"),
        ({"STATE": (0, 0), "ADT": ("2024-03-01", "2024-04-01")}, "censored later"),
        ({"RESULT": ("PD", "NO_RESPONSE")}, "event for another reason"),
        ({"AVAL": (10, 20)}, "event with another origin"),
        ({"ANL01FL": ("Y", "N")}, "leaves the estimate"),
        ({"ANL01FL": ("N", "Y")}, "enters the estimate"),
    ],
)
def test_each_kind_of_change_of_a_time_has_its_word(sides, change):
    assert list(change_of_times(joined(**sides))) == [change]


@pytest.mark.parametrize(
    ("sides", "change"),
    [
        ({}, ""),
        ({"RESULT": ("CR", "PR")}, "CR -> PR"),
        ({"ADT": ("2024-03-01", "2024-03-02")}, "other date"),
        ({"ADT": (None, None)}, ""),
        ({"REASON": ("", "no sample")}, "other reason"),
        ({"ANL01FL": ("Y", "N")}, "leaves the estimate"),
    ],
)
def test_each_kind_of_change_of_a_rate_has_its_word(sides, change):
    assert list(change_of_rates(joined(**sides))) == [change]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("primary", "primary"), "primary is compared with itself"),
        (("primary", "no-terapy"), "known: primary, no-therapy; nearest: no-therapy"),
        (("primary", "no-therapy", "vector"), "study vector is not known"),
        (("primary", "no-therapy", None, "OSS"), "nearest: OS"),
        (("primary", "primary", None, "OS", "ORR"), "one is a rate, the other a time"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(results, words, sentence):
    with pytest.raises(ExplainError, match=r"^[^\n]+$") as error:
        diff_text(results, *words)
    assert sentence in str(error.value)
