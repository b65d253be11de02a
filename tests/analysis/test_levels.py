"""The order of the levels of a stratifier: the study's, a twin column's, the number's, or text."""

import pandas as pd
import pytest

from cartend.analysis.levels import level_places
from tests.cases.test_other_words import STUDY


@pytest.fixture
def ordered():
    """Return the levels of FACTOR in order, for a study file's ``levels`` and columns of ADSL."""
    from cartend.config.study import Study

    def order(values, twin=None, levels=(), more=()):
        study = Study.model_validate(
            {**STUDY, "strata": ["FACTOR"], "levels": {"FACTOR": list(levels)} if levels else {}}
        )
        adsl = pd.DataFrame({"FACTOR": list(values)})
        if twin is not None:
            adsl["FACTORN"] = list(twin)
        places = level_places(study, (adsl, pd.DataFrame({"FACTOR": list(more)}))).get("FACTOR", {})
        return sorted({*values, *more}, key=lambda level: (places.get(level, 0), level))

    return order


@pytest.mark.parametrize(
    ("values", "twin", "levels", "want"),
    [
        (["High", "Low", "Medium"], None, ["Low", "Medium", "High"], ["Low", "Medium", "High"]),
        (["high risk", "LOW-RISK"], None, ["Low risk", "High Risk"], ["LOW-RISK", "high risk"]),
        (["C", "A", "MISSING", "B"], None, ["B"], ["B", "A", "C", "MISSING"]),
        (["High", "Low", "Medium"], [3, 1, 2], (), ["Low", "Medium", "High"]),
        (["High", "Low"], ["20", "3"], (), ["Low", "High"]),
        (["High", "Low", "MISSING"], [2, 1, None], (), ["Low", "High", "MISSING"]),
        (["High", "Low"], [1, 1], (), ["High", "Low"]),
        (["High", "Low"], [2, None], (), ["High", "Low"]),
        (["High", "Low"], [2, 1], ["High", "Low"], ["High", "Low"]),
        (["10", "2", "1"], None, (), ["1", "2", "10"]),
        (["10", "-1.5", "MISSING", "2"], None, (), ["-1.5", "2", "10", "MISSING"]),
        (["10", "2", ">=3"], None, (), ["10", "2", ">=3"]),
        (["<18", "18-64", ">=65"], None, (), ["18-64", "<18", ">=65"]),
    ],
)
def test_the_first_order_that_is_told(ordered, values, twin, levels, want):
    assert ordered(values, twin, levels) == want


def test_a_level_of_the_results_alone_is_in_order_too(ordered):
    assert ordered(["2", "10"], more=["7"]) == ["2", "7", "10"]


def test_a_level_that_stands_twice_is_refused(ordered):
    with pytest.raises(ValueError, match="levels.FACTOR: .* stands twice"):
        ordered(["A"], levels=["Low", "High", "low"])
