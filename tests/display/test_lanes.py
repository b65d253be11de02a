"""Lanes and marks of the swimmer plot, from datasets written by hand."""

import pandas as pd
import pytest
from display_trial import CRITERIA, make_study

from cartend.display.lanes import Records, lanes, marks


def date(text: str | None) -> pd.Timestamp:
    return pd.Timestamp(text) if text else pd.NaT


def adsl(rows: list[dict]) -> pd.DataFrame:
    names = ("RANDDT", "TRTSDT", "LEUKDT", "ENRLDT", "RFICDT", "DTHDT", "LSTALVDT", "LOSTDT")
    frame = pd.DataFrame(rows)
    for name in (*names, "VSWDDT"):
        given = frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=object)
        frame[name] = pd.to_datetime(given).astype("datetime64[ms]")
    for name, value in (("ARMCD", "A"), ("INFFL", "Y"), ("EOSSTT", "ONGOING")):
        frame[name] = frame[name].fillna(value) if name in frame else value
    return frame


def records(subjects, responses=(), events=(), times=()) -> Records:
    adrs = pd.DataFrame(list(responses), columns=["USUBJID", "EVAL", "ADT", "AVALC", "ANL01FL"])
    adevt = pd.DataFrame(list(events), columns=["USUBJID", "KIND", "ADT"])
    adtte = pd.DataFrame(list(times), columns=["USUBJID", "EVAL", "POP", "ADT"])
    for frame in (adrs, adevt, adtte):
        frame["ADT"] = pd.to_datetime(frame["ADT"]).astype("datetime64[ms]")
    return Records(CRITERIA, adsl(subjects), adrs, adevt, adtte)


SUBJECTS = [
    {"USUBJID": "S1", "RANDDT": "2024-01-01", "DTHDT": "2024-01-31", "LSTALVDT": "2024-01-20"},
    {"USUBJID": "S2", "RANDDT": "2024-01-01", "LSTALVDT": "2024-03-01"},
    {"USUBJID": "S3", "RANDDT": "2024-01-01", "LSTALVDT": "2024-02-10", "LOSTDT": "2024-02-10"},
    {"USUBJID": "S4", "ARMCD": "B", "RANDDT": "2024-01-01"},
    {"USUBJID": "S5", "LSTALVDT": "2024-02-10"},
]
TIMES = [
    ("S4", "IRC", "RAND", "2024-01-05"),
    ("S4", "INV", "RAND", "2024-01-15"),
    ("S1", "IRC", "RESPONDERS", "2024-01-31"),
    ("S3", "INV", "RESPONDERS", "2024-01-31"),
]


@pytest.fixture
def drawn() -> pd.DataFrame:
    return lanes(make_study("randomised"), records(SUBJECTS, times=TIMES))


def test_a_bar_ends_at_death_else_when_last_known_alive_else_with_adtte(drawn):
    assert drawn.set_index("USUBJID")["END"].to_dict() == {"S1": 30, "S2": 60, "S3": 40, "S4": 14}


def test_who_is_alive_and_followed_goes_on_and_who_was_lost_does_not(drawn):
    assert drawn.set_index("USUBJID")["ONGOING"].to_dict() == {
        "S1": False,
        "S2": True,
        "S3": False,
        "S4": True,
    }


def test_groups_are_arms_and_responders_of_the_primary_evaluator_the_longest_first(drawn):
    assert drawn[["USUBJID", "GROUP"]].to_numpy().tolist() == [
        ["S1", "CAR-T, with a response"],
        ["S2", "CAR-T, without a response"],
        ["S3", "CAR-T, without a response"],
        ["S4", "Standard, without a response"],
    ]


def test_a_subject_without_an_origin_has_no_lane(drawn):
    assert "S5" not in set(drawn["USUBJID"])


def test_in_a_single_arm_who_was_not_infused_starts_at_leukapheresis():
    subjects = [
        {"USUBJID": "S1", "TRTSDT": "2024-02-01", "LEUKDT": "2024-01-01", "DTHDT": "2024-02-11"},
        {"USUBJID": "S2", "LEUKDT": "2024-01-01", "DTHDT": "2024-01-21", "INFFL": "N"},
    ]
    drawn = lanes(make_study("single-arm"), records(subjects))
    assert drawn[["USUBJID", "GROUP", "END"]].to_numpy().tolist() == [
        ["S1", "Infused", 10],
        ["S2", "Not infused", 20],
    ]


def test_marks_are_the_assessments_that_count_the_events_and_death():
    study = make_study("randomised")
    responses = [
        ("S1", "IRC", "2024-01-11", "CR", "Y"),
        ("S1", "IRC", "2024-01-11", "PR", "N"),
        ("S1", "INV", "2024-01-12", "PD", "Y"),
        ("S2", "IRC", None, "CR", "Y"),
        ("S5", "IRC", "2024-01-11", "CR", "Y"),
    ]
    events = [
        ("S2", "HSCT", "2024-01-21"),
        ("S2", "BRIDGING", "2024-01-03"),
        ("S3", "NEW_THERAPY", "2024-02-01"),
        ("S4", "CROSSOVER", "2024-01-09"),
        ("S4", "NEW_THERAPY", "2024-01-09"),
        ("S4", "NEW_THERAPY", "2024-01-10"),
    ]
    given = records(SUBJECTS, responses, events)
    found = marks(study, given, lanes(study, given))
    assert found.to_numpy().tolist() == [
        ["S1", 10, "CR"],
        ["S1", 30, "DEATH"],
        ["S2", 20, "HSCT"],
        ["S3", 31, "NEW_THERAPY"],
        ["S4", 8, "CROSSOVER"],
        ["S4", 9, "NEW_THERAPY"],
    ]


def test_a_study_without_responses_and_events_has_its_deaths_alone():
    study = make_study("randomised")
    given = records(SUBJECTS)
    assert marks(study, given, lanes(study, given)).to_numpy().tolist() == [["S1", 30, "DEATH"]]
