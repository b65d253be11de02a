"""When each period of safety follow-up begins, by hand."""

import pandas as pd
import pytest

from cartend.config.files import read_yaml, validate
from cartend.config.load import SHIPPED
from cartend.config.safety import Safety
from cartend.subject.periods import followed_until, in_period, period_of, period_starts

DATES = ("LEUKDT", "BRSTDT", "LDDT", "TRTSDT", "SOCSDT", "XODT", "DTHDT", "LSTALVDT", "CUTDT")
SAFETY = validate(Safety, read_yaml(SHIPPED / "safety" / "default.yaml"), "default")
ROUTE = {"LEUKDT": "2024-01-01", "LDDT": "2024-02-05", "TRTSDT": "2024-02-10"}
END = {"LSTALVDT": "2024-12-31", "CUTDT": "2025-01-31"}


def adsl(*rows):
    frame = pd.DataFrame([{name: row.get(name) for name in DATES} for row in rows])
    frame = frame.apply(pd.to_datetime).astype("datetime64[ms]")
    return frame.set_index(pd.Index([f"S{i}" for i in range(len(rows))], name="USUBJID"))


def starts(row):
    found = period_starts(adsl(row), SAFETY).iloc[0].dropna()
    return {name: f"{day:%Y-%m-%d}" for name, day in found.items()}


def test_a_bridged_subject_has_every_period():
    assert starts({**ROUTE, "BRSTDT": "2024-01-10"}) == {
        "APHERESIS": "2024-01-01",
        "BRIDGING": "2024-01-10",
        "LD": "2024-02-05",
        "D0-28": "2024-02-10",
        "D29-90": "2024-03-10",
        "D91": "2024-05-11",
    }


def test_without_bridging_or_lymphodepletion_there_is_no_such_period():
    found = starts({"LEUKDT": "2024-01-01", "TRTSDT": "2024-02-10"})
    assert list(found) == ["APHERESIS", "D0-28", "D29-90", "D91"]


def test_a_control_subject_counts_from_the_first_dose_until_the_crossover():
    found = starts({"SOCSDT": "2024-01-05", "LEUKDT": "2024-02-20", "XODT": "2024-03-20"})
    assert found == {
        "D0-28": "2024-01-05",
        "D29-90": "2024-02-03",
        "AFTER CROSSOVER": "2024-03-20",
    }


def test_a_period_that_begins_with_the_next_one_does_not_exist():
    assert list(starts({**ROUTE, "LDDT": "2024-02-10"})) == ["APHERESIS", "D0-28", "D29-90", "D91"]


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2023-12-31", "BEFORE"),
        ("2024-01-01", "APHERESIS"),
        ("2024-02-04", "APHERESIS"),
        ("2024-02-05", "LD"),
        ("2024-02-10", "D0-28"),
        ("2024-03-09", "D0-28"),
        ("2024-03-10", "D29-90"),
        ("2024-05-10", "D29-90"),
        ("2024-05-11", "D91"),
        (None, "UNDATED"),
    ],
)
def test_a_day_lies_in_the_last_period_that_has_begun(day, period):
    begun = period_starts(adsl(ROUTE), SAFETY)
    days = pd.Series(pd.to_datetime([day]), index=begun.index).astype("datetime64[ms]")
    assert period_of(days, begun).tolist() == [period]


def test_follow_up_ends_with_death_or_the_last_sign_of_life_and_never_after_the_cut():
    frame = adsl(
        {**END, "DTHDT": "2024-06-01"},
        {**END, "DTHDT": "2025-03-01"},
        {"LSTALVDT": "2025-02-01", "CUTDT": "2025-01-31"},
        END,
    )
    assert followed_until(frame).dt.strftime("%Y-%m-%d").tolist() == [
        "2024-06-01",
        "2024-12-31",
        "2025-01-31",
        "2024-12-31",
    ]


def test_nobody_is_in_a_period_that_begins_after_the_follow_up():
    frame = adsl({**ROUTE, **END, "DTHDT": "2024-03-10"}, {**ROUTE, **END, "DTHDT": "2024-03-09"})
    assert in_period(frame, SAFETY)["D29-90"].tolist() == [True, False]
