"""Before the final analysis the sponsor sees no comparison of the arms (decision D51)."""

import pytest
import yaml

from cartend.analysis.plan import compared_arms, comparisons
from cartend.config.study import Study
from tests.cases.whole import HERE


@pytest.mark.parametrize(("purpose", "pairs"), [("final", 1), ("DMC", 1), ("sponsor", 0)])
def test_who_sees_the_comparison(purpose, pairs):
    content = yaml.safe_load((HERE / "third-arm" / "studies" / "x.yaml").read_text())
    study = Study.model_validate(content | {"purpose": purpose})
    assert len(study.pairs) == len(comparisons(study)) == pairs
    assert len(compared_arms(study)) == 2 * pairs
