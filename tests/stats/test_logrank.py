"""Log-rank tests against R, textbook values and identities."""

import numpy as np
import pytest
from reference_values import (
    GROUPED,
    LEUKAEMIA_ARM,
    LEUKAEMIA_EVENT,
    LEUKAEMIA_TIME,
    LUNG_EVENT,
    LUNG_SEX,
    LUNG_TIME,
    agree,
    data,
    values,
)

from cartend.stats.logrank import logrank
from cartend.stats.results import EstimationError

DEGENERATE = ["e_all_cens_same", "e_zero_events"]
ORDINARY = [n for n in GROUPED if n not in DEGENERATE]
leukaemia = (LEUKAEMIA_TIME, LEUKAEMIA_EVENT, LEUKAEMIA_ARM)


def of(name, **options):
    d = data(name)
    return logrank(d["time"], d["status"] > 0, d["grp"], entry=d["entry"], **options)


@pytest.mark.parametrize("name", ORDINARY)
def test_reference(name):
    found, r = of(name), values(name)["logrank"]
    assert found.note == ""
    assert found.df == r["df"]
    agree(found.statistic, r["chisq"])
    if "p" in r:
        agree(found.p_value, r["p"])
        agree(found.observed, r["obs"])
        agree(found.expected, r["exp"])
        agree(found.variance, r["var"])


@pytest.mark.parametrize("name", ORDINARY)
def test_reference_stratified(name):
    found, r = of(name, strata=data(name)["str"]), values(name)["logrank_strat"]
    agree(found.statistic, r["chisq"])
    assert found.df == r["df"]
    if "var" in r:
        agree(found.variance, r["var"])


@pytest.mark.parametrize("name", [n for n in ORDINARY if "logrank_rho1" in values(n)])
def test_reference_weighted_by_survival(name):
    agree(of(name, rho=1).statistic, values(name)["logrank_rho1"]["chisq"])


@pytest.mark.parametrize("name", DEGENERATE)
def test_reference_degenerate(name):
    assert values(name)["logrank"]["chisq"] == 0
    found = of(name)
    assert np.isnan(found.statistic)
    assert np.isnan(found.p_value)
    assert found.note == "not estimable: no events"


def test_leukaemia():
    found = logrank(*leukaemia)
    assert found.statistic == pytest.approx(16.7929, abs=5e-5)
    assert found.p_value == pytest.approx(4.17e-5, rel=2e-3)
    assert found.groups == (0, 1)


def test_lung():
    found = logrank(LUNG_TIME, LUNG_EVENT, LUNG_SEX)
    assert found.statistic == pytest.approx(10.3267, abs=5e-5)
    assert found.p_value == pytest.approx(0.00131, abs=5e-6)


@pytest.mark.parametrize(("rho", "gamma", "expected"), [(1, 0, 14.457), (0, 1, 13.048)])
def test_fleming_harrington(rho, gamma, expected):
    found = logrank(*leukaemia, rho=rho, gamma=gamma)
    assert found.statistic == pytest.approx(expected, abs=5e-4)


def test_weight_zero_up_to_a_time_is_the_test_on_those_beyond_it():
    found = logrank(*leukaemia, weights=[(0, 8, 0), (8, np.inf, 1)])
    late = LEUKAEMIA_TIME > 8
    beyond = logrank(LEUKAEMIA_TIME[late], LEUKAEMIA_EVENT[late], LEUKAEMIA_ARM[late])
    assert found.statistic == pytest.approx(8.8189, abs=5e-5)
    assert found.statistic == pytest.approx(beyond.statistic, rel=1e-12)


def test_a_constant_weight_changes_nothing():
    found = logrank(*leukaemia, weights=[(0, np.inf, 0.4)])
    assert found.statistic == pytest.approx(logrank(*leukaemia).statistic, rel=1e-12)


def test_by_hand_with_delayed_entry():
    # day 2: 1 of {A, B} (the second A enters on day 2, so not yet); day 4: 1 of {A, B}
    found = logrank([2, 5, 4, 6], [1, 0, 1, 0], [0, 0, 1, 1], entry=[0, 2, 0, 4])
    assert found.expected.tolist() == [1.0, 1.0]
    assert found.variance[0, 0] == pytest.approx(0.5)
    assert found.statistic == 0


def test_a_group_without_expected_events_leaves():
    time, event, group = [1, 5, 6, 7], [0, 1, 0, 1], [0, 1, 2, 2]
    found = logrank(time, event, group)
    assert found.expected[0] == 0
    assert found.df == 1
    assert logrank(time, event, group, strata=[1, 1, 1, 1]).df == 1


@pytest.mark.parametrize(
    ("event", "group", "note"),
    [
        ([1, 1, 1], [1, 1, 1], "fewer than two groups to compare"),
        ([0, 0, 0], [1, 1, 2], "no events"),
        ([1, 0, 0], ["a", "b", "b"], ""),
    ],
)
def test_degenerate_groups_are_a_note(event, group, note):
    found = logrank([1, 2, 3], event, group)
    assert found.note == (f"not estimable: {note}" if note else "")
    assert np.isnan(found.statistic) == bool(note)


def test_singular_variance_is_a_note():
    # each stratum holds one group: nothing is ever compared
    found = logrank([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 1, 1], strata=[0, 0, 1, 1])
    assert found.note == "not estimable: the variance of the score is singular"
    assert logrank([], [], []).note == "not estimable: no events"


def test_misuse():
    with pytest.raises(EstimationError, match="overlap"):
        logrank(*leukaemia, weights=[(0, 8, 0), (7, 9, 1)])
    with pytest.raises(EstimationError, match="start < end"):
        logrank(*leukaemia, weights=[(8, 8, 1)])
    with pytest.raises(EstimationError, match="strata has 1"):
        logrank(*leukaemia, strata=[1])
