"""Several named schedules: labels, windows, missed visits and landmarks go by the subject's own."""

import pandas as pd
import pytest
import yaml
from factory import Subject, randomised_study, run, runs, steps, write_sdtm

from cartend.config.load import load_config

EARLY = [{"label": "A", "day": 30}, {"label": "B", "day": 60}, {"label": "C", "day": 90}]
LATE = [{"label": "A", "day": 60}, {"label": "B", "day": 120}, {"label": "C", "day": 180}]
PER_ARM = {
    "often": {"anchor": "randomisation", "arms": ["CART"], "schedule": EARLY},
    "seldom": {"anchor": "randomisation", "arms": ["SOC"], "schedule": LATE},
}


def _run(tmp_path, subjects, visits, endpoints, scenario=None) -> pd.DataFrame:
    study = randomised_study("", 400, endpoints, evaluators=["IRC"], visits=visits, landmarks={})
    return run(tmp_path, subjects, study, 400, scenario)["adtte"].set_index("USUBJID")


def _cells(table: pd.DataFrame) -> dict[str, str]:
    return {s: f"{row['AVAL']}.{row['CNSR']} {row['EVNTDESC']}" for s, row in table.iterrows()}


def test_missed_visits_are_counted_on_the_schedule_of_the_arm(tmp_path):
    seen = [(30, "CR"), (110, "PD")]
    subjects = [Subject("S1", seen), Subject("S2", seen, infusion=None, arm="SOC")]
    found = _cells(_run(tmp_path, subjects, PER_ARM, ["PFS_FDA"]))
    assert found["S1"] == "31.4 BEFORE MISSED VISITS"  # B (53-67) and C (83-97) missed
    assert found["S2"] == "111.0 PD"  # A (53-67) alone missed; B closes on day 127


def test_a_landmark_closes_with_the_window_of_the_subject_s_own_schedule(tmp_path):
    rule = {"based_on": "EFS_TRANSFORM", "events": {"NO_RESPONSE": {"criterion": {"by": "B"}}}}
    scenario = {"name": "b", "describe": "b", "studies": ["vectors"], "endpoints": {"EFS_B": rule}}
    study = randomised_study("", 400, ["PFS_EMA"], evaluators=["IRC"], visits=PER_ARM, landmarks={})
    seen = [(30, "SD"), (70, "SD"), (110, "PR"), (350, "PR")]
    subjects = [Subject("S1", seen), Subject("S2", seen, infusion=None, arm="SOC")]
    table = run(tmp_path, subjects, study, 400, scenario)["adtte"]
    found = _cells(table[table["PARAMCD"] == "EFS_B"].set_index("USUBJID"))
    assert found["S1"] == "61.0 NO_RESPONSE"  # nominal day 60: nothing in the window 53-67
    assert found["S2"] == "351.1 LAST ADEQUATE ASSESSMENT"  # PR on day 110, before 113-127 closes


def test_an_assessment_has_the_label_of_its_subject_s_schedule(tmp_path):
    seen = [(60, "CR"), (118, "CR")]
    subjects = [Subject("S1", seen), Subject("S2", seen, infusion=None, arm="SOC")]
    _run(tmp_path, subjects, PER_ARM, ["PFS_EMA"])
    adrs = pd.read_parquet(tmp_path / "adam" / "adrs.parquet").query("EVAL == 'IRC'")
    labels = adrs.groupby("USUBJID")["AVISIT"].agg(list)
    assert labels["S1"] == ["B", None]  # day 118 lies outside every window of this arm
    assert labels["S2"] == ["A", "B"]


def test_an_arm_may_have_its_own_anchor_and_the_origin_of_an_endpoint_moves_neither(tmp_path):
    visits = {
        "infused": {"anchor": "infusion", "arms": ["CART"], "schedule": EARLY},
        "others": {"anchor": "randomisation", "arms": ["SOC"], "schedule": EARLY},
    }
    # Infused on day 40: windows 63-77, 93-107, 123-137 since randomisation.
    subjects = [
        Subject("S1", [(70, "CR"), (120, "PD")], infusion=40),
        Subject("S2", [(35, "CR"), (120, "PD")], infusion=None, arm="SOC"),
    ]
    found = _cells(_run(tmp_path, subjects, visits, ["PFS_FDA"]))
    assert found["S1"] == "121.0 PD"  # the visit of days 93-107 alone was missed
    assert found["S2"] == "36.4 BEFORE MISSED VISITS"  # 53-67 and 83-97 missed


@pytest.mark.parametrize(("treatment", "expected"), [("planned", 31), ("actual", 111)])
def test_a_schedule_may_go_by_the_treatment_given(treatment, expected, tmp_path):
    visits = {name: {**one, "treatment": treatment} for name, one in PER_ARM.items()}
    subjects = [Subject("S1", [(30, "CR"), (110, "PD")])]
    data = str(tmp_path / "data")
    more = {"evaluators": ["IRC"], "visits": visits, "landmarks": {}}
    study = randomised_study(data, 400, ["PFS_FDA"], **more)
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study))
    write_sdtm(tmp_path / "data", subjects, 400)
    dm = tmp_path / "data" / "dm.csv"
    table = pd.read_csv(dm).assign(ACTARMCD="SOC", ACTARM="SOC")  # given standard of care
    table.to_csv(dm, index=False)
    rs = tmp_path / "data" / "rs.csv"
    rs.write_text(rs.read_text().replace(",@,", ",LUGANO 2014,"))
    frames = steps(tmp_path, load_config({"studies": ["study.yaml"]}, tmp_path), "primary")
    assert frames["adtte"]["AVAL"].tolist() == [expected]


def test_an_amended_schedule_holds_for_subjects_anchored_from_its_day_on(tmp_path):
    visits = {
        "first": {"anchor": "randomisation", "arms": ["CART", "SOC"], "schedule": EARLY},
        "amended": {
            "anchor": "randomisation",
            "arms": ["CART", "SOC"],
            "schedule": LATE,
            "since": "2024-01-11",
        },
    }
    seen = [(30, "CR"), (110, "PD")]
    after = Subject("S2", [(31, "CR"), (111, "PD")], randomised=1, infusion=1)
    found = _cells(_run(tmp_path, [Subject("S1", seen), after], visits, ["PFS_FDA"]))
    assert found["S1"] == "31.4 BEFORE MISSED VISITS"  # randomised on the day before
    assert found["S2"] == "111.0 PD"


TOLERANCE = [
    ({}, "64.0 NO_RESPONSE"),  # W9 closes on day 70; the response of day 73 is late
    ({"tol_after": 10}, "74.1 LAST ADEQUATE ASSESSMENT"),
    ({"tol_after": 9}, "64.0 NO_RESPONSE"),
    ({"by": "actual_day", "tol_after": 10}, "64.0 NO_RESPONSE"),
]


def test_the_tolerance_of_a_rule_replaces_that_of_the_visit(tmp_path):
    study = randomised_study("", 400, ["EFS_TRANSFORM"], evaluators=["IRC"])
    subjects = [Subject("S1", [(42, "SD"), (73, "PR")])]
    scenarios = [None] + [
        {
            "name": f"t{number}",
            "describe": "t",
            "endpoints": {"EFS_TRANSFORM": {"events": {"NO_RESPONSE": {"window": window}}}},
        }
        for number, (window, _) in enumerate(TOLERANCE)
        if window
    ]
    found = runs(tmp_path, subjects, study, 400, scenarios)
    told = [_cells(frames["adtte"].set_index("USUBJID"))["S1"] for frames in found]
    assert told == [expected for _, expected in TOLERANCE]


UNSCHEDULED = [
    ([(42, "SD"), (100, "PD")], "127.0 PD"),  # between the windows: the visit of day 126
    ([(42, "SD"), (78, "PD")], "79.0 PD"),  # inside the window of day 84: its own day
    ([(42, "SD"), (390, "PD")], "401.0 PD"),  # day 456 lies after the cut-off, day 400
]


def test_an_unscheduled_progression_may_be_dated_at_the_next_scheduled_visit(tmp_path):
    study = randomised_study("", 400, ["PFS_EMA"], evaluators=["IRC"])
    change = {"events": {"PD": {"dated_at": "next_visit_nominal"}}}
    scenario = {"name": "t", "describe": "t", "endpoints": {"PFS_EMA": change}}
    subjects = [Subject(f"S{n}", seen) for n, (seen, _) in enumerate(UNSCHEDULED)]
    adtte = run(tmp_path, subjects, study, 400, scenario)["adtte"].set_index("USUBJID")
    found = _cells(adtte)
    assert [found[subject.id] for subject in subjects] == [said for _, said in UNSCHEDULED]
    established = (adtte["ESTABDT"] - adtte["STARTDT"]).dt.days
    assert [established[s.id] for s in subjects] == [seen[-1][0] for seen, _ in UNSCHEDULED]
