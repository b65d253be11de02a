"""The design of a randomised trial fixes origin and population of its main endpoints (R15)."""

import pytest
import yaml

from cartend.config.base import ConfigError
from cartend.config.files import read_yaml
from cartend.config.load import SHIPPED, load_config


def load(tmp_path, name, **changes):
    study = {**read_yaml(SHIPPED / "studies" / f"{name}.yaml"), **changes}
    study["data"] = str(SHIPPED.parent / study["data"])
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study))
    return load_config({"studies": ["study.yaml"]}, tmp_path)


@pytest.mark.parametrize("design", ["post_salvage", "upfront"])
def test_both_designs_take_endpoints_from_randomisation(tmp_path, design):
    run = load(tmp_path, "lbcl-second-line", rct_design=design)
    assert run.studies["lbcl-second-line"].rct_design == design


def test_a_main_endpoint_from_another_day_on_is_refused(tmp_path):
    roles = {"DOR": {"role": "primary"}}
    with pytest.raises(ConfigError) as stopped:
        load(tmp_path, "lbcl-second-line", roles=roles)
    assert "DOR is primary, and its origin first_response" in str(stopped.value)
    assert "is not allowed under rct_design upfront; allowed:" in str(stopped.value)


def test_a_single_arm_trial_has_no_such_design(tmp_path):
    with pytest.raises(ConfigError, match="rct_design belongs to a randomised design"):
        load(tmp_path, "ball-single-arm", rct_design="upfront")
