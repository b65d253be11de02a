"""A subject's arm is found by the key, the names and the label of an arm."""

import pandas as pd
import pytest

from cartend.config.study import Arm
from cartend.intake.arms import arm_of

ARMS = {
    "CART": Arm(label="Cells", names=("CAR-T 2x10^6", "CAR-T 1x10^6")),
    "SOC": Arm(label="Standard of care", role="control"),
}


@pytest.mark.parametrize(
    ("armcd", "arm", "found"),
    [
        ("cart", None, "CART"),
        ("A", "CAR T 2X10^6", "CART"),
        (None, "car-t 1x10^6", "CART"),
        (None, "STANDARD  OF CARE", "SOC"),
        ("CART", "Standard of care", "CART"),
        ("SCRNFAIL", "Cells", "SCRNFAIL"),
        (None, "Not Assigned", "NOTASSGN"),
        ("A", "Unheard of", "A"),
        (None, None, None),
    ],
)
def test_the_first_column_that_says_something_decides(armcd, arm, found):
    frame = pd.DataFrame({"ARMCD": [armcd], "ARM": [arm]}, dtype=object)
    assert arm_of(frame, ("ARMCD", "ARM"), ARMS).tolist() == [found]


def test_codes_of_the_data_become_those_of_the_study_and_stay_beside(room):
    room.study_keys["arms"] = {
        "A": {"label": "One", "names": ["CART"]},
        "B": {"label": "Standard of care", "role": "control"},
    }
    room.set("dm", 1, ARMCD="2")
    dm, found = room.ingest()
    assert dm["dm"]["ARMCD"].tolist() == ["A", "B", "A"]
    assert dm["dm"]["ARMCD_RAW"].tolist() == ["CART", "2", "CART"]
    assert found[["finding_id", "severity", "message"]].values.tolist() == [
        [
            "F-DM-008",
            "note",
            "ARMCD '2' is no arm of the study file; ARM 'Standard of care' is B and is taken "
            "(1 subject)",
        ]
    ]


def test_an_arm_may_be_told_by_its_name_alone(room):
    room.drop("dm", "ARMCD")
    assert room.ingest()[0]["dm"]["ARMCD"].tolist() == ["CART", "SOC", "CART"]


def test_in_a_single_arm_a_screen_failure_is_in_no_arm(room):
    room.study_keys = {
        "design": "single-arm",
        "arms": {"X": {"label": "Cells"}},
        "visits": {"anchor": "infusion", "schedule": []},
    }
    room.drop("dm", "ARMCD")
    room.set("dm", 1, ARM="Screen Failure")
    assert room.ingest()[0]["dm"]["ARMCD"].tolist() == ["X", "SCRNFAIL", "X"]
