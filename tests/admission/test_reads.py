"""Which records an endpoint reads follows from its definition alone."""

import pytest
from gate_trial import admitted, subject

from cartend.admission.reads import roles_read

START = {"randomisation"}
ENDS = {"death", "disposition"}
ALIVE = {"survival_status", "adverse_event", "response"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("OS", START | ENDS | ALIVE),
        ("PFS_EMA", START | ENDS | {"response", "survival_status"}),
        ("EFS_ZUMA7", START | ENDS | {"response", "survival_status", "new_therapy"}),
        ("DOR", START | ENDS | {"response", "survival_status"}),
    ],
)
def test_times(definitions, name, expected):
    trial = admitted(definitions, [subject("A")], names=[name])
    assert roles_read(trial, definitions[name]) >= expected
    assert "mrd_sample" not in roles_read(trial, definitions[name])


def test_a_relapse_free_death_asks_for_its_cause_and_survival_does_not(definitions):
    trial = admitted(definitions, [subject("A")])
    assert "cause_of_death" in roles_read(trial, definitions["NRM"])
    assert "cause_of_death" not in roles_read(trial, definitions["OS"])


def test_new_therapy_is_read_where_its_strategy_asks_for_it(definitions):
    trial = admitted(definitions, [subject("A")])
    assert "new_therapy" not in roles_read(trial, definitions["PFS_EMA"])
    assert "new_therapy" in roles_read(trial, definitions["PFS_FDA"])
    assert {"new_therapy", "response"} <= roles_read(trial, definitions["ORR"])
