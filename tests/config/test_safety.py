"""The file of the adverse events of special interest: typed, in order, one sentence if wrong."""

import pytest
import yaml

from cartend.config.base import ConfigError
from cartend.config.files import read_yaml, validate
from cartend.config.load import SHIPPED, load_config
from cartend.config.safety import Safety

DEFAULT = SHIPPED / "safety" / "default.yaml"


def changed(**changes):
    return validate(Safety, {**read_yaml(DEFAULT), **changes}, "mine.yaml")


def test_the_shipped_file_has_the_named_risks_of_the_guideline():
    safety = changed()
    named = {"CRS", "ICANS", "HLH_MAS", "TLS", "INFECTION", "HAEMORRHAGE"}
    assert {c.id for c in safety.special_interest} >= named
    assert set(safety.late) == {"CYTOPENIA", "HYPOGAMMA", "INFECTION"}


def test_periods_stand_in_their_order():
    periods = [
        {"id": "LATE", "label": "l", "starts": "infusion", "day": 29},
        {"id": "EARLY", "label": "e", "starts": "infusion"},
    ]
    with pytest.raises(ConfigError, match="period EARLY does not begin after the one before it"):
        changed(periods=periods)


def test_a_class_holds_something():
    with pytest.raises(ConfigError, match="at least one of terms, contains, systems"):
        changed(special_interest=[{"id": "CRS", "label": "c"}])


def test_a_scale_is_one_of_those_known():
    with pytest.raises(ConfigError, match="'ASTC' is not allowed.*nearest: ASTCT"):
        changed(special_interest=[{"id": "CRS", "label": "c", "terms": ["CRS"], "scale": "ASTC"}])


def test_a_study_may_bring_a_file_of_its_own(tmp_path):
    study = {**read_yaml(SHIPPED / "studies" / "ball-single-arm.yaml"), "safety": "mine"}
    study["data"] = str(SHIPPED.parent / study["data"])
    (tmp_path / "safety").mkdir()
    mine = {**read_yaml(DEFAULT), "id": "mine"}
    (tmp_path / "safety" / "mine.yaml").write_text(yaml.safe_dump(mine, sort_keys=False))
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study))
    run = load_config({"studies": ["study.yaml"]}, tmp_path, [tmp_path])
    assert run.rules["ball-single-arm"].safety.id == "mine"


def test_an_id_stands_once():
    twice = [{"id": "CRS", "label": "c", "terms": ["CRS"]}] * 2
    with pytest.raises(ConfigError, match="id CRS stands twice"):
        changed(special_interest=twice)
