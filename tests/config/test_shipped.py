"""Every shipped file: complete, resolvable, and saying where it comes from (D28)."""

import pytest

from cartend.config.base import ConfigError
from cartend.config.finder import SHIPPED, load_study
from cartend.config.load import load_config
from cartend.config.resolve import resolve_definition
from cartend.config.templates import Templates

ENDPOINTS = sorted(path.stem for path in (SHIPPED / "endpoints").glob("*.yaml"))
SCENARIOS = sorted(path.stem for path in (SHIPPED / "scenarios").glob("*.yaml"))
STUDIES = sorted(path.stem for path in (SHIPPED / "studies").glob("*.yaml"))
# An endpoint may name a visit by its label, and then belongs to studies that have one (D27).
NEEDS_VISIT = {
    ("EFS_ALL_SA", "lbcl-second-line"): "M3",
    ("EFS_KTEX19", "lbcl-second-line"): "M3",
    ("EFS_ZUMA7", "ball-single-arm"): "D150",
    ("EFS_TRANSFORM", "ball-single-arm"): "W9",
    ("EFS_BELINDA", "ball-single-arm"): "W12",
    ("EFS_BELINDA_CARRY", "ball-single-arm"): "W12",
    ("MRDNEG_M3", "lbcl-second-line"): "M3",
}


@pytest.fixture(scope="module")
def templates():
    return Templates((SHIPPED,))


@pytest.mark.parametrize("study", ["lbcl-second-line", "ball-single-arm"])
@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_endpoint_resolves_for_both_studies_or_names_the_visit_it_needs(
    templates, name, study
):
    trial = load_study(SHIPPED / "studies" / f"{study}.yaml")
    raw = templates.shipped(name, "test")
    visit = NEEDS_VISIT.get((name, study))
    if visit is not None:
        with pytest.raises(
            ConfigError, match=f"'{visit}' is no landmark or visit of study {study}"
        ):
            resolve_definition(raw, trial, "test")
        return
    definition = resolve_definition(raw, trial, "test")
    assert definition.sentence
    assert definition.source
    assert all(definition.estimand.model_dump().values())
    assert "study" not in definition.population


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_endpoint_states_sentence_or_base_source_and_short_name(templates, name):
    raw = templates.shipped(name, "test")
    assert raw["id"] == name
    assert raw["source"].strip()
    assert len(raw["paramcd8"]) <= 8
    assert raw["estimand"]["treatment"]


def test_short_names_are_unique_over_all_shipped_endpoints(templates):
    short = [templates.shipped(name, "test")["paramcd8"] for name in ENDPOINTS]
    assert len(set(short)) == len(short)


def test_the_shipped_configuration_resolves_and_every_scenario_is_run():
    resolved = load_config(SHIPPED / "config.yaml", SHIPPED.parent)
    run = {name for study in resolved.scenarios.values() for name in study}
    assert run == {"primary", *SCENARIOS}


def test_every_endpoint_a_study_gives_a_role_or_target_is_listed_once():
    for name in STUDIES:
        study = load_study(SHIPPED / "studies" / f"{name}.yaml")
        assert len(set(study.endpoints)) == len(study.endpoints)
        assert {*study.roles, *study.targets} <= set(study.endpoints)
        assert sum(role.role == "primary" for role in study.roles.values()) == 1
