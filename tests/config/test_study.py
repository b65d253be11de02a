"""The study file: what a trial may say, and what it is told where it is wrong."""

import pytest

from cartend.config.finder import SHIPPED, load_study


@pytest.fixture(params=["lbcl-second-line", "ball-single-arm"])
def shipped(request):
    return load_study(SHIPPED / "studies" / f"{request.param}.yaml")


def test_shipped_studies_resolve_origin_and_population_by_design(shipped):
    randomised = shipped.design == "randomised"
    assert shipped.origin == ("randomisation" if randomised else "infusion")
    assert shipped.population == ("RAND" if randomised else "INF")


def test_a_window_is_closed_on_both_sides(shipped):
    visit = shipped.visits.schedule[0]
    assert (visit.opens, visit.closes) == (visit.day - visit.before, visit.day + visit.after)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"design": "randomized"}, "key design: 'randomized' is not allowed; allowed: randomised,"),
        ({"endpoint": ["OS"]}, "key endpoint is not known"),
        ({"endpoints": []}, "key endpoints: the list is empty"),
        ({"landmarks": {"EARLY": "W13"}}, "landmark EARLY names W13, which is no visit"),
        ({"criteria": "lugano-2015"}, "criteria: lugano-2015 is not known"),
        ({"data": "nowhere"}, "key data: the folder nowhere does not exist"),
        ({"arms": {}}, "key arms: a study has at least one arm"),
        ({"arms": {"A": {"label": "A"}}}, "one experimental and one control arm"),
        ({"evaluators": ["INV"]}, "primary_evaluator IRC is not in evaluators"),
        ({"cutoff": "30.06.2026"}, 'key cutoff: "30.06.2026" is not allowed'),
        ({"id": "My Trial"}, 'key id: "My Trial" is not allowed'),
        ({"roles": {"EFS_ZUMA": {"role": "primary"}}}, "nearest: EFS_ZUMA7"),
        ({"roles": {"OS": {"role": "main"}}}, "allowed: primary, key secondary,"),
        ({"targets": {"OS": {"p0": 1.2, "source": "x"}}}, "key targets.OS.p0: 1.2 is not allowed"),
    ],
)
def test_a_wrong_value_is_one_sentence(folder, changes, said):
    assert said in folder.study(**changes).error()


def test_an_unquoted_date_and_a_quoted_one_mean_the_same_day(folder):
    assert folder.load().studies["lbcl-second-line"].cutoff.isoformat() == "2026-06-30"
    folder.replaced('"2026-06-30"', "2026-06-30")
    assert folder.load().studies["lbcl-second-line"].cutoff.isoformat() == "2026-06-30"


def test_a_time_of_day_is_no_number_of_days(folder):
    folder.replaced("times: [90,", "times: [12:30,")
    assert 'key times.0: "12:30" is not allowed' in folder.error()


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        ([("A", 7, 1), ("A", 14, 1)], "visit label A stands twice"),
        ([("A", 14, 1), ("B", 7, 1)], "visit B does not come after A"),
        ([("A", 7, 9), ("B", 14, 1)], "visit B closes before A does"),
    ],
)
def test_visits_follow_each_other(folder, visits, said):
    schedule = [
        {"label": label, "day": day, "before": 1, "after": after} for label, day, after in visits
    ]
    folder.study(visits={"anchor": "randomisation", "schedule": schedule}, landmarks={})
    assert said in folder.error()


def test_an_endpoint_that_is_not_known_is_told_the_nearest(folder):
    said = folder.study(endpoints=["OS", "PFS_FD"], roles={}, targets={}).error()
    assert said.startswith("studies/lbcl.yaml: endpoint PFS_FD is not known; known: ")
    assert said.endswith("nearest: PFS_FDA")


def test_a_landmark_the_study_does_not_have_names_those_it_has(folder):
    schedule = [{"label": "W6", "day": 42}, {"label": "W12", "day": 84}]
    folder.study(visits={"anchor": "randomisation", "schedule": schedule})
    said = folder.error()
    assert "(endpoint EFS_ZUMA7): key events.NO_RESPONSE.criterion.through: 'D150' is no" in said
    assert "known: END_INDUCTION, W6, W12" in said


def test_a_landmark_name_stands_for_the_visit_the_study_maps_it_to(folder):
    folder.study(landmarks={"END_INDUCTION": "W12", "D_LATE": "W26"})
    folder.scenario(
        {"EFS_ZUMA7": {"events": {"NO_RESPONSE": {"criterion": {"through": "D_LATE"}}}}}
    )
    assert folder.definitions()["EFS_ZUMA7"].events["NO_RESPONSE"].criterion.landmark == "W26"


OFTEN = [{"label": "W6", "day": 42}, {"label": "W9", "day": 63}, {"label": "W12", "day": 84}]
BOTH = {
    "often": {"anchor": "randomisation", "arms": ["CART"], "schedule": OFTEN},
    "seldom": {"anchor": "infusion", "arms": ["SOC"], "schedule": OFTEN[:2]},
}
LEAN = {"endpoints": ["OS", "EFS_TRANSFORM"], "roles": {}, "landmarks": {}}


def test_a_study_may_have_one_schedule_or_several_named_ones(folder):
    assert list(folder.load().studies["lbcl-second-line"].schedules) == [""]
    study = folder.study(visits=BOTH, **LEAN).load().studies["lbcl-second-line"]
    assert list(study.schedules) == ["often", "seldom"]
    assert type(study).model_validate(study.model_dump(mode="json")) == study


@pytest.mark.parametrize(
    ("schedule", "changes", "said"),
    [
        ("seldom", {"arms": ["SCO"]}, "visits.seldom.arms names SCO, which is no arm; arms: CART,"),
        ("seldom", {"arms": ["CART"]}, "the schedules often and seldom overlap: both hold for arm"),
        ("seldom", {"since": "2025-01-01"}, "arm SOC has no schedule before the first since"),
        ("seldom", {"arms": []}, "key visits.seldom.arms: [] is not allowed"),
        ("seldom", {"armes": []}, "visits.seldom.armes is not known; allowed here: anchor, arms"),
        (
            "seldom",
            {"arms": ["CART", "SOC"], "since": "2025-01-01"},
            "the schedules often and seldom of arm CART have different anchors",
        ),
        ("seldom", {"treatment": "actual"}, "all schedules go by the same treatment"),
        ("often", {"arms": []}, "key visits.often.arms: [] is not allowed"),
    ],
)
def test_schedules_that_leave_a_subject_without_exactly_one_are_one_sentence(
    folder, schedule, changes, said
):
    visits = {**BOTH, schedule: {**BOTH[schedule], **changes}}
    assert said in folder.study(visits=visits, **LEAN).error()


def test_an_arm_without_a_schedule_is_named(folder):
    said = folder.study(visits={"often": BOTH["often"]}, **LEAN).error()
    assert "visits: arm SOC has no schedule; every subject has exactly one" in said


def test_a_landmark_or_visit_stands_in_every_schedule(folder):
    keys = {**LEAN, "landmarks": {"END_INDUCTION": "W12"}}
    said = folder.study(visits=BOTH, **keys).error()
    assert "landmark END_INDUCTION names W12, which is no visit of schedule seldom" in said
    keys = {**LEAN, "endpoints": ["EFS_BELINDA"]}
    said = folder.study(visits=BOTH, **keys).error()
    assert "'W12' is no visit of schedule seldom of study lbcl-second-line" in said
    assert "stands in every schedule" in said


def test_a_sentence_says_the_days_of_every_schedule_where_they_differ(folder):
    later = [{"label": "W6", "day": 42}, {"label": "W9", "day": 70}]
    visits = {**BOTH, "seldom": {**BOTH["seldom"], "schedule": later}}
    resolved = folder.study(visits=visits, **LEAN).load()
    rule = resolved.scenarios["lbcl-second-line"]["primary"].definitions["EFS_TRANSFORM"]
    said = rule.events["NO_RESPONSE"].sentence
    days = "often: day 63, window 56 to 70; seldom: day 70, window 63 to 77"
    assert f"the W9 assessment ({days})" in said
