"""Every class of therapy that the input accepts can be named by a rule, and finds its rule."""

import pandas as pd
import pytest
from pydantic import ValidationError

from cartend.config.bridging import Taxon
from cartend.contract.datasets.sdtm import SDTM
from cartend.contract.terms.therapy import THERAPY_CLASS
from cartend.simulate.disease import load_agents
from cartend.subject.bridging import with_class
from cartend.subject.washout import limits

PROCEDURES = THERAPY_CLASS.group("procedure")
"""What a procedure is: no CMCLAS, but a class of the rules."""
ACCEPTED = [code for code in THERAPY_CLASS if code not in PROCEDURES]


def record(cls: str, agent: str = "ANY", **more: object) -> pd.DataFrame:
    content = {"WHAT": agent, "CLASS": cls, "INTENS": None, "ROUTE": None, **more}
    return pd.DataFrame({name: [value] for name, value in content.items()}, dtype=object)


def test_a_rule_can_name_exactly_what_the_input_accepts():
    assert SDTM["cm"].by_name["CMCLAS"].vocabulary is THERAPY_CLASS
    said = {"code": "B5", "sentence": "Any.", "source": "SAP"}
    for name in (*ACCEPTED, *PROCEDURES):
        assert Taxon(classes=(name,), **said).classes == (name,)
    with pytest.raises(ValidationError):
        Taxon(classes=("ANTI-CD999",), **said)


def test_the_agents_of_the_synthetic_trials_have_the_class_of_their_target():
    for name, agent in load_agents().items():
        assert agent.cmclas in (None, *ACCEPTED), name
        if f"ANTI-{agent.target}" in ACCEPTED:
            assert agent.cmclas != "OTHER", name


@pytest.mark.parametrize("cls", ACCEPTED)
def test_any_systemic_therapy_has_the_limit_of_five_half_lives(make, cls):
    rules = make.rules(make.study(bridging="gd2-neuroblastoma")).bridging
    given = record(cls).assign(HALFLIFE=1.0)
    found = limits(given, rules, "lymphodepletion").iloc[0]
    assert (found["ID"], found["HIGH"]) == ("WO-GD2", 5)


@pytest.mark.parametrize("cls", [word for word in ACCEPTED if word.startswith("ANTI-")])
def test_an_antibody_is_targeted_therapy_with_the_limits_of_an_antibody(make, cls):
    rules = make.rules(make.study()).bridging
    given = record(cls, INTENS="N").assign(HALFLIFE=float("nan"))
    assert with_class(given, rules.taxonomy)["CODE"].tolist() == ["B5"]
    for procedure in ("leukapheresis", "lymphodepletion"):
        assert limits(given, rules, procedure)["ID"].tolist() == ["WO-ANTIBODY"]


def test_the_half_life_of_dinutuximab_is_known_and_two_weeks_are_shorter(make):
    rules = make.rules(make.study(bridging="gd2-neuroblastoma")).bridging
    given = record("ANTI-GD2", "dinutuximab").assign(HALFLIFE=float("nan"))
    found = limits(given, rules, "lymphodepletion").iloc[0]
    assert (found["ID"], found["LOW"], found["HIGH"]) == ("WO-GD2", 14, 14)
