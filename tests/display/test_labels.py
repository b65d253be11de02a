"""Every type of event that a definition can have is printed in words."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "endpoint"))

from factory import Subject, randomised_study, run  # noqa: E402

from cartend.config.study import Study
from cartend.contract.terms.estimand import DATED_EVENT, EVENT, EVENT_TYPE, INTERCURRENT_TYPE
from cartend.display import labels

TYPES = [name for name in EVENT_TYPE if name != "RECORD"]
HAPPENED = [name for name in EVENT_TYPE.group("happened") if name != "RECORD"]
DATED = DATED_EVENT.group("may_end")
OWN = {"rescue": {"from": "CM", "where": {"CMCAT": "RESCUE"}, "label": "Rescue medication"}}
RULES = {
    "NO_RESPONSE": {"criterion": {"best_is": "stable", "through": "W9"}},
    "SD_OR_PD_FROM": {"criterion": {"state_from": "stable"}, "window": {"start": "W9"}},
    "REFRACTORY": {"criterion": {"state_from": ["SD"]}},
    "RESPONSE": {"criterion": {"state_from": "response"}},
}
"""What a rule of a type needs besides; the others need nothing."""
SILENT = {"MRD_POS", "SECOND_MALIGNANCY", "CROSSOVER"}
"""Types of which these subjects have no record; what they write is their type."""


def make_study(**records) -> Study:
    content = randomised_study("data", 500, ["PFS_EMA"], records=records)
    return Study.model_validate(content)


@pytest.mark.parametrize("code", dict.fromkeys((*TYPES, *INTERCURRENT_TYPE, *DATED)))
def test_a_type_of_event_has_its_label(code):
    if code != "RECORD":
        assert EVENT[code].label
        assert labels.event(make_study(), code) == EVENT[code].label


def test_an_event_of_a_role_of_the_study_has_the_label_of_the_role():
    study = make_study(**OWN)
    assert labels.event(study, "RESCUE") == "Rescue medication"
    assert labels.event(make_study(), "RESCUE") == "Rescue"


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> dict[str, set[str]]:
    """Return the words that a rule of each type writes, by endpoint."""
    endpoints = {
        f"X_{kind}": {
            "based_on": "PFS_EMA",
            "label": kind,
            "paramcd8": f"X{place}",
            "events": {**dict.fromkeys(("PD", "DEATH")), kind: RULES.get(kind, {})},
        }
        for place, kind in enumerate(TYPES)
    }
    for kind in HAPPENED:
        endpoints[f"X_{kind}"]["intercurrent_events"] = {kind: {"strategy": "composite"}}
    endpoints["X_NO_RESPONSE"]["events"]["LATER"] = {
        "type": "NO_RESPONSE",
        "criterion": {"not_achieved": "response", "by": "W9"},
    }
    visits = [(42, "SD"), (63, "SD"), (84, "SD"), (182, "PD")]
    subjects = [
        Subject("A", visits, therapies=[(200, "efficacy")], hsct=[(230, "Y")], death=300),
        Subject("B", [(42, "PR"), (63, "CR"), (126, "PD")], reinfusion=140, cause="INFECTION"),
        Subject("C", [(42, "SD")], infusion=None, death=60, cause="DISEASE UNDER STUDY"),
    ]
    scenario = {"name": "types", "describe": "d", "endpoints": endpoints}
    study = randomised_study("", 500, ["PFS_EMA"], evaluators=["IRC"])
    rows = run(tmp_path_factory.mktemp("types"), subjects, study, 500, scenario)["candidates"]
    rows = rows[rows["STATE"] > 0]
    return {name: set(part["EVNTDESC"]) for name, part in rows.groupby("PARAMCD")}


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in SILENT])
def test_the_words_that_a_rule_writes_have_their_label(written, kind):
    words = written[f"X_{kind}"]
    assert words
    assert words <= set(EVENT)
