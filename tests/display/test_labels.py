"""Every type of event that a definition can have is printed in words."""

import sys
from pathlib import Path
from typing import get_args

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "endpoint"))

from factory import Subject, randomised_study, run  # noqa: E402

from cartend.config.event import HAPPENED
from cartend.config.terms import EventType, IceType
from cartend.display import labels
from cartend.endpoint.records import KINDS
from cartend.explain.timeline import EVENT_WORDS

TYPES = get_args(EventType)
RULES = {
    "NO_RESPONSE": {"criterion": {"best_is": "stable", "through": "W9"}},
    "SD_OR_PD_FROM": {"criterion": {"state_from": "stable"}, "window": {"start": "W9"}},
    "REFRACTORY": {"criterion": {"state_from": ["SD"]}},
    "RESPONSE": {"criterion": {"state_from": "response"}},
}
"""What a rule of a type needs besides; the others need nothing."""
SILENT = {"MRD_POS", "SECOND_MALIGNANCY", "CROSSOVER"}
"""Types of which these subjects have no record; what they write is their type."""


@pytest.mark.parametrize("code", dict.fromkeys((*TYPES, *get_args(IceType), *KINDS)))
def test_a_type_of_event_has_its_label(code):
    assert code in labels.EVENT
    assert labels.event(code) == labels.EVENT[code]


@pytest.mark.parametrize("code", KINDS)
def test_a_dated_event_has_its_words_in_the_timeline(code):
    assert code in EVENT_WORDS


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
    assert words <= set(labels.EVENT)
