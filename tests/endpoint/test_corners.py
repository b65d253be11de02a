"""Corners in which the engine and a naive reading of the specification once differed."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from factory import randomised_study, single_arm_study
from naive import Happening, Person
from nasty import frames

from cartend.config.load import load_config
from cartend.endpoint.build import derive_all
from cartend.endpoint.records import load_trial

DAY0, CUTOFF = date(2024, 1, 10), 500


def _day(day: int | None) -> date | None:
    return None if day is None else DAY0 + timedelta(day)


def _person(visits: str, cutoff: int = CUTOFF, lost: int | None = None, **happened: int) -> Person:
    """Return a subject of ``42:SD 63:PD`` and of happenings by kind and day."""
    pairs = [visit.split(":") for visit in visits.split()]
    seen = [(_day(int(day)), code) for day, code in pairs]
    found = [
        Happening(kind.rstrip("_2"), _day(day), "OTHER", source=("PR", number))
        for number, (kind, day) in enumerate(happened.items(), 1)
    ]
    return Person(
        "S1",
        _day(cutoff),
        {"randomisation": DAY0, "infusion": DAY0},
        {"IRC": seen, "INV": seen},
        found,
        lost=_day(lost),
    )


def _outcome(folder: Path, person: Person, endpoint: str, change: dict | None = None) -> str:
    """Return ``AVAL.event name`` of a randomised trial's endpoint, changed by a scenario."""
    study = randomised_study(str(folder), (person.cutoff - DAY0).days, [endpoint])
    adtte, _ = _derive(folder, person, study, endpoint, change)
    row = adtte[(adtte["EVAL"] == "IRC") & (adtte["POP"] == "RAND")].iloc[0]
    return f"{row['AVAL']}.{int(row['CNSR'] == 0)} " + (
        row["EVNTDESC"] if row["CNSR"] == 0 else str(row["CNSR"])
    )


def _derive(folder: Path, person: Person, study: dict, endpoint: str, change: dict | None):
    (folder / "study.yaml").write_text(yaml.safe_dump(study))
    config, name = {"studies": ["study.yaml"]}, "primary"
    if change:
        name = "changed"
        content = {"name": name, "describe": name, "endpoints": {endpoint: change}}
        (folder / "changed.yaml").write_text(yaml.safe_dump(content))
        config["scenarios"] = ["changed.yaml"]
    resolved = load_config(config, folder)
    study, criteria = resolved.studies["vectors"], resolved.criteria["vectors"]
    spec = resolved.scenarios["vectors"][name]
    trial = load_trial(study, criteria, *frames(study, criteria, [person]))
    return derive_all(trial, spec.definitions, spec.support)[:2]


ORIGIN = {"events": {"NO_RESPONSE": {"dated_at": "origin"}}}
NOMINAL = {"events": {"NO_RESPONSE": {"dated_at": "window_end_nominal"}}}
AHEAD = {"not_evaluable_at_landmark": "look_ahead(35)"}


@pytest.mark.parametrize(
    ("visits", "expected"),
    [("42:SD 63:PD", "1.1 NO_RESPONSE"), ("42:CR 63:PD", "64.1 PD")],
)
def test_a_failure_at_the_origin_is_a_progression_before_any_response(visits, expected, tmp_path):
    person = _person(visits, cutoff=100)
    assert _outcome(tmp_path, person, "EFS_ZUMA7", ORIGIN) == expected


def test_a_nominal_date_never_lies_after_the_data_cut_off(tmp_path):
    person = _person("57:SD", cutoff=60)
    assert _outcome(tmp_path, person, "EFS_TRANSFORM") == "58.1 NO_RESPONSE"
    assert _outcome(tmp_path, person, "EFS_TRANSFORM", NOMINAL) == "61.1 NO_RESPONSE"


@pytest.mark.parametrize(
    ("lost", "expected"), [(105, "43.0 1"), (106, "64.1 NO_RESPONSE"), (None, "64.1 NO_RESPONSE")]
)
def test_a_look_ahead_that_is_still_open_is_no_failure(lost, expected, tmp_path):
    person = _person("42:SD", lost=lost)
    assert _outcome(tmp_path, person, "EFS_TRANSFORM", AHEAD) == expected


def test_a_look_ahead_finds_the_late_response_and_the_late_failure(tmp_path):
    late = _person("42:SD 80:CR")
    assert _outcome(tmp_path, late, "EFS_TRANSFORM") == "64.1 NO_RESPONSE"
    assert _outcome(tmp_path, late, "EFS_TRANSFORM", AHEAD) == "81.0 1"
    failed = _person("42:SD 80:SD")
    assert _outcome(tmp_path, failed, "EFS_TRANSFORM", AHEAD) == "81.1 NO_RESPONSE"


@pytest.mark.parametrize(
    ("visits", "expected"),
    [("42:PD", "85.1 PD"), ("42:PD 50:CR", "51.0 1"), ("42:PD 50:CR 63:PD", "85.1 PD")],
)
def test_an_early_progression_is_carried_unless_an_assessment_after_it_lifts_it(
    visits, expected, tmp_path
):
    assert _outcome(tmp_path, _person(visits), "EFS_BELINDA_CARRY") == expected


def test_an_early_progression_is_carried_whatever_the_follow_up_after_it(tmp_path):
    change = {
        "early_pd_before_window": "carry_to_window_start",
        "intercurrent_events": {"NEW_THERAPY": {"strategy": "hypothetical"}},
    }
    treated = _person("42:PD", NEW_THERAPY=60)
    assert _outcome(tmp_path, treated, "EFS_BELINDA", change) == "85.1 PD"
    assert _outcome(tmp_path, _person("42:PD", lost=83), "EFS_BELINDA_CARRY") == "85.1 PD"
    assert _outcome(tmp_path, _person("42:PD", lost=84), "EFS_BELINDA_CARRY") == "85.1 PD"


@pytest.mark.parametrize(
    ("choice", "expected"), [("ignore", "85.1 PD"), ("event", "71.1 PD"), ("censor", "43.0 9")]
)
def test_a_clinical_progression_is_ignored_or_an_event_or_the_end(choice, expected, tmp_path):
    person = _person("42:SD 84:PD", CLINICAL_PD=70)
    change = None if choice == "ignore" else {"clinical_progression": choice}
    assert _outcome(tmp_path, person, "PFS_EMA", change) == expected


def test_a_clinical_progression_after_missed_visits_is_censored_like_any_other(tmp_path):
    person = _person("42:SD", CLINICAL_PD=100)
    change = {"clinical_progression": "event"}
    assert _outcome(tmp_path, person, "PFS_EMA", change) == "101.1 PD"
    assert _outcome(tmp_path, person, "PFS_FDA", change) == "43.0 4"


@pytest.mark.parametrize(
    ("transplanted", "expected"),
    [({}, "Y"), ({"HSCT": 10}, "Y"), ({"HSCT": 10, "HSCT_2": 40}, "N"), ({"HSCT": 57}, "Y")],
)
def test_any_transplantation_within_the_28_days_ends_a_remission(transplanted, expected, tmp_path):
    person = _person("28:CR 56:CR", **transplanted)
    study = single_arm_study(str(tmp_path), CUTOFF, ["ORR_3M_28D"], (("D28", 28), ("M2", 56)))
    _, adrsp = _derive(tmp_path, person, study, "ORR_3M_28D", None)
    mine = adrsp[(adrsp["EVAL"] == "IRC") & (adrsp["POP"] == "INF")]
    assert list(mine["AVALC"]) == [expected]


def test_a_rate_without_landmark_can_be_changed_by_a_scenario(tmp_path):
    study = single_arm_study(str(tmp_path), CUTOFF, ["BOR"], (("D28", 28),), criteria="lugano-2014")
    _, adrsp = _derive(tmp_path, _person("28:SD"), study, "BOR", {"min_sd_days": 45})
    assert set(adrsp["AVALC"]) == {"NE"}


@pytest.mark.parametrize(
    ("tolerance", "expected"),
    [(None, "67.1 NO_RESPONSE"), (0, "64.1 NO_RESPONSE"), (14, "275.0 1")],
)
def test_a_definition_may_widen_or_close_the_windows_of_the_visits(tolerance, expected, tmp_path):
    # SD on day 66, CR on day 75: the week-9 window closes on day 70, on day 63 or on day 77.
    person = _person("42:SD 66:SD 75:CR 126:CR 182:CR 274:CR", cutoff=300)
    change = None if tolerance is None else {"visit_tolerance": tolerance}
    assert _outcome(tmp_path, person, "EFS_TRANSFORM", change) == expected


@pytest.mark.parametrize(("tolerance", "expected"), [(0, "64.0 4"), (33, "183.1 PD")])
def test_missed_visits_are_counted_in_the_windows_of_the_definition(tolerance, expected, tmp_path):
    # W12, W18 and D150 lie whole between day 63 and day 182; with 33 days, only W18 (93 to 159).
    person = _person("42:SD 63:SD 182:PD")
    assert _outcome(tmp_path, person, "PFS_FDA", {"visit_tolerance": tolerance}) == expected
