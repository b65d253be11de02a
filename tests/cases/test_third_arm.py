"""An arm of role other is an arm of its own, and in no comparison (decision D40)."""

import pytest
import yaml

from tests.cases.whole import HERE, Whole

CASE = HERE / "third-arm"


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return Whole(CASE, "x", tmp_path_factory.mktemp("third-arm"))


def test_each_subject_is_in_its_arm(trial):
    arms = trial.adsl["ARMCD"].value_counts().to_dict()
    assert arms == {"CART": 20, "SOC": 20, "OTHERARM": 20}
    by_arm = trial.times("OS").groupby("ARMCD")["CNSR"].agg(lambda cnsr: int(cnsr.eq(0).sum()))
    assert by_arm.to_dict() == {"CART": 15, "OTHERARM": 9, "SOC": 19}


def test_the_pair_that_is_compared_is_the_experimental_and_the_control(trial):
    assert [(one.experimental, one.control) for one in trial.study.pairs] == [("CART", "SOC")]


def test_an_arm_that_the_study_file_does_not_name_is_an_error_of_each_subject(tmp_path):
    study = yaml.safe_load((CASE / "studies" / "x.yaml").read_text())
    del study["arms"]["OTHERARM"]
    (tmp_path / "studies").mkdir()
    text = yaml.safe_dump(study | {"data": str(CASE / "data")})
    (tmp_path / "studies" / "x.yaml").write_text(text)
    found = Whole(tmp_path, "x", tmp_path / "out").findings
    told = found[found["finding_id"].eq("F-DM-004")]
    assert len(told) == 20
    assert "the study file knows CART or SOC" in told["message"].iloc[0]
