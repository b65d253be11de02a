"""Variants of response rates, each by hand: confirmation, stable disease, HSCT, re-infusion."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
import yaml
from factory import DAY0, iso, single_arm_study
from naive import Happening, Person
from nasty import frames

from cartend.config.load import load_config
from cartend.endpoint.build import derive_all
from cartend.endpoint.records import load_trial

SCHEDULE = (("D28", 28), ("M2", 56), ("M3", 90), ("M6", 183))


def answers(
    folder: Path, courses: dict[str, str], endpoint: str, change: dict, cutoff: int = 400, **more
) -> dict[str, str]:
    """Return AVALC (and ``-`` where not counted) by subject of ``30:CR 60:NE`` courses."""
    study = single_arm_study(
        str(folder), cutoff, [endpoint], SCHEDULE, criteria="lugano-2014", evaluators=["IRC"]
    )
    (folder / "study.yaml").write_text(yaml.safe_dump(study))
    scenario = {"name": "v", "describe": "v", "endpoints": {endpoint: change}}
    (folder / "v.yaml").write_text(yaml.safe_dump(scenario))
    config = {"studies": ["study.yaml"], "scenarios": ["v.yaml"] if change else []}
    resolved = load_config(config, folder)
    study, criteria = resolved.studies["vectors"], resolved.criteria["vectors"]
    spec = resolved.scenarios["vectors"]["v" if change else "primary"]
    people = [_person(name, text, cutoff, **more.get(name, {})) for name, text in courses.items()]
    trial = load_trial(study, criteria, *frames(study, criteria, people))
    rows = derive_all(trial, spec.definitions, spec.support)[1]
    rows = rows[(rows["POP"] == "INF") & (rows["PARAMCD"] == endpoint)]
    left = rows["ANL01FL"].map({"Y": "", "N": " -"})
    return dict(zip(rows["USUBJID"], rows["AVALC"] + left, strict=True))


def _person(name: str, text: str, cutoff: int, **more: object) -> Person:
    day = {key: DAY0 + timedelta(value) for key, value in more.items() if isinstance(value, int)}
    seen = [(DAY0 + timedelta(int(v.split(":")[0])), v.split(":")[1]) for v in text.split()]
    happened = [
        Happening(k, d, "OTHER", source=("PR", n))
        for n, (k, d) in enumerate(day.items())
        if k.isupper()
    ]
    return Person(
        name,
        DAY0 + timedelta(cutoff),
        {"infusion": DAY0, "leukapheresis": DAY0},
        {"IRC": seen},
        happened,
        death=day.get("death"),
        arm="CART",
        baseline=more.get("baseline"),
    )


# Confirmation at least 28 days later, at most one NE between, stable disease from day 40 on.
CONFIRMED = {
    "S01": ("30:CR 60:CR", "CR"),
    "S02": ("30:CR 50:CR", "SD"),  # 20 days: too early to confirm; the second is SD on day 50
    "S03": ("30:CR 45:NE 60:CR", "CR"),  # one NE between
    "S04": ("30:CR 45:NE 52:NE 60:CR", "SD"),  # two
    "S05": ("30:PR 60:CR", "PR"),  # CR of day 60 is not confirmed, but it confirms the PR
    "S06": ("30:PR 60:CR 90:CR", "CR"),
    "S07": ("30:CR 60:PR 90:PR", "PR"),  # a CR is not confirmed by PR; the PR of day 60 is
    "S08": ("30:CR 60:PR", "SD"),
    "S09": ("30:PR 60:SD 90:PR", "SD"),  # stable disease between: not accepted here
    "S10": ("30:PR 45:CR 60:PR 75:PR", "SD"),  # PR after CR for day 30; 60 to 75 is too short
    "S11": ("30:PR 60:PD", "PD"),  # unconfirmed on day 30: too early for stable disease
    "S12": ("41:PR 60:PD", "SD"),  # unconfirmed on day 41: stable disease
    "S13": ("30:SD", "NE"),
    "S14": ("40:SD", "SD"),
    "S15": ("30:NE", "NE"),
    "S16": ("", "MISSING"),
    "S17": ("30:CR 45:PD 60:CR", "PD"),  # nothing after progression counts
    "S18": ("41:SD 60:PR 90:PR", "PR"),
    "S19": ("28:PR 35:PR 63:PR", "PR"),  # day 35 is confirmed by day 63, and day 28 too
}


def test_the_confirmed_best_response_of_each_course(tmp_path):
    courses = {name: course for name, (course, _) in CONFIRMED.items()}
    change = {"confirmation": {"ref_confirm_days": 28}, "min_sd_days": 40}
    assert answers(tmp_path, courses, "BOR", change) == {n: b for n, (_, b) in CONFIRMED.items()}


@pytest.mark.parametrize(
    ("course", "accepted", "expected"),
    [
        ("30:PR 60:SD 90:PR", False, "N"),
        ("30:PR 60:SD 90:PR", True, "Y"),
        ("30:PR 60:SD 75:SD 90:PR", True, "N"),  # one stable disease, not two
        ("30:CR 60:SD 90:CR", True, "N"),  # never between complete responses
        ("30:PR 45:NE 60:SD 90:CR", True, "Y"),
        ("30:CR 57:CR", True, "N"),
        ("30:CR 58:CR", True, "Y"),
    ],
)
def test_a_confirmed_objective_response(course, accepted, expected, tmp_path):
    rule = {"ref_confirm_days": 28, "accept_sd_between": accepted}
    assert answers(tmp_path, {"S": course}, "ORR", {"confirmation": rule}) == {"S": expected}


def test_the_date_of_a_confirmed_response_is_that_of_the_first_one_confirmed(tmp_path):
    study = single_arm_study(
        str(tmp_path), 400, ["ORR", "DOR"], SCHEDULE, criteria="lugano-2014", evaluators=["IRC"]
    )
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study))
    rule = {"ORR": {"confirmation": {"ref_confirm_days": 28}}}
    scenario = {"name": "v", "describe": "v", "endpoints": rule}
    (tmp_path / "v.yaml").write_text(yaml.safe_dump(scenario))
    resolved = load_config({"studies": ["study.yaml"], "scenarios": ["v.yaml"]}, tmp_path)
    study, criteria = resolved.studies["vectors"], resolved.criteria["vectors"]
    spec = resolved.scenarios["vectors"]["v"]
    people = [_person("S", "30:PR 45:SD 60:PR 90:CR 183:PD", 400)]
    trial = load_trial(study, criteria, *frames(study, criteria, people))
    adtte, _, _ = derive_all(trial, spec.definitions, spec.support)
    row = adtte[adtte["PARAMCD"] == "DOR"].iloc[0]
    assert row["STARTDT"] == pd.Timestamp(iso(60))  # the PR of day 30 was never confirmed
    assert row["AVAL"] == 183 - 60 + 1


LANDMARK = {"landmark": None, "landmark_days": 90}


@pytest.mark.parametrize(
    ("hsct", "before", "after", "never"),
    [
        # transplanted on day 70; on day 100, after the deciding assessment; not transplanted
        ("treatment_policy", "Y", "Y", "N"),
        ("composite", "N", "Y", "N"),
        ("exclude", "N -", "Y", "N"),
    ],
)
def test_transplantation_before_the_landmark_by_each_strategy(hsct, before, after, never, tmp_path):
    courses = dict.fromkeys(("BEFORE", "AFTER"), "30:CR 92:CR") | {"NEVER": "30:CR 92:SD"}
    found = answers(
        tmp_path,
        courses,
        "CR_M3",
        {**LANDMARK, "hsct": hsct},
        BEFORE={"HSCT": 70},
        AFTER={"HSCT": 100},
    )
    assert found == {"BEFORE": before, "AFTER": after, "NEVER": never}


def test_a_failure_before_the_transplantation_stays_in_the_denominator(tmp_path):
    courses = {"PD": "30:CR 60:PD", "NT": "30:CR 92:CR", "DEAD": "30:CR"}
    found = answers(
        tmp_path,
        courses,
        "CR_M3",
        {**LANDMARK, "hsct": "exclude"},
        PD={"HSCT": 70},
        NT={"NEW_THERAPY": 50, "HSCT": 70},
        DEAD={"death": 60},
    )
    assert found == {"PD": "N", "NT": "N", "DEAD": "N"}


def test_a_reinfusion_ends_the_course_unless_it_is_ignored(tmp_path):
    courses = {"S": "30:SD 92:CR"}
    for reinfusion, expected in (("composite", "N"), ("treatment_policy", "Y")):
        change = {"reinfusion": reinfusion, "response": "complete"}
        more = {"S": {"REINFUSION": 60}}
        assert answers(tmp_path, courses, "ORR", change, **more) == {"S": expected}


def test_an_immature_subject_leaves_the_denominator_only_by_a_maturity_rule(tmp_path):
    courses = {"OPEN": "30:CR", "FAILED": "30:PD", "DEAD": "30:CR", "DONE": "30:CR 92:CR"}
    more = {"cutoff": 110, "DEAD": {"death": 50}}
    found = answers(tmp_path, courses, "CR_M3", LANDMARK, **more)
    assert found == {"OPEN": "N", "FAILED": "N", "DEAD": "N", "DONE": "Y"}
    rule = {**LANDMARK, "maturity": "window_closed"}
    found = answers(tmp_path, courses, "CR_M3", rule, **more)
    # the origin's date alone decides, whatever came since (D51)
    assert found == {"OPEN": "N -", "FAILED": "N -", "DEAD": "N -", "DONE": "Y -"}
    found = answers(tmp_path, courses, "CR_M3", rule, **{**more, "cutoff": 150})
    assert found == {"OPEN": "N", "FAILED": "N", "DEAD": "N", "DONE": "Y"}


def test_missing_leaves_the_denominator_and_a_nonresponder_does_not(tmp_path):
    courses = {"SD": "30:SD", "NE": "30:NE", "NONE": "", "CR": "30:CR"}
    found = answers(tmp_path, courses, "ORR", {"missing": "exclude"})
    assert found == {"SD": "N", "NE": "N -", "NONE": "N -", "CR": "Y"}
    courses = {"SD": "30:CR 92:SD", "UNSEEN": "30:CR", "CR": "92:CR"}
    found = answers(tmp_path, courses, "CR_M3", {**LANDMARK, "missing": "exclude"})
    assert found == {"SD": "N", "UNSEEN": "N -", "CR": "Y"}


def test_a_missing_baseline_is_kept_unless_it_is_excluded(tmp_path):
    courses = {"WITH": "30:CR", "WITHOUT": "30:CR"}
    more = {"WITH": {"baseline": "Y"}, "WITHOUT": {"baseline": "N"}}
    assert set(answers(tmp_path, courses, "ORR", {}, **more).values()) == {"Y"}
    change = {"missing_baseline": "exclude"}
    found = answers(tmp_path, courses, "ORR", change, **more)
    assert found == {"WITH": "Y", "WITHOUT": "Y -"}
