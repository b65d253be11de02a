"""Analyses and statistics of the results: every one has a label and a unit that is known."""

import pytest

from cartend.contract.terms.results import ANALYSIS, LIMITS, STATISTIC, UNIT


@pytest.mark.parametrize("name", ANALYSIS)
def test_an_analysis_has_a_label_a_unit_and_known_statistics(name):
    one = ANALYSIS[name]
    assert one.label
    assert one.unit in UNIT
    assert set(one.statistics) <= set(STATISTIC)
    assert len(set(one.statistics)) == len(one.statistics)


@pytest.mark.parametrize("name", STATISTIC)
def test_a_statistic_has_a_label_and_its_own_unit_or_that_of_its_analysis(name):
    one = STATISTIC[name]
    assert one.label
    assert not one.unit or one.unit in UNIT
    assert any(name in analysis.statistics for analysis in ANALYSIS.values())


def test_the_limits_of_a_hazard_ratio_are_ratios_and_its_coefficient_is_not():
    cox = ANALYSIS["cox"]
    assert {cox.unit_of(name) for name in LIMITS} == {"ratio"}
    assert cox.unit_of("coef") == "log ratio"
    assert cox.unit_of("p_value") == "probability"
