"""Breslow and Day's test against R root searches and a published table."""

import numpy as np
import pytest
from reference_values import agree, values

from cartend.stats.homogeneity import breslow_day
from cartend.stats.results import EstimationError

TABLES = {k: v for k, v in values("_rates")["tables"].items() if "bd" in v}


@pytest.mark.parametrize("case", [c for c in TABLES if c != "s5"])
def test_reference(case):
    r = TABLES[case]
    counts = r["x1"], r["n1"], r["x2"], r["n2"]
    found = breslow_day(*counts)
    agree(found.statistic, r["bd"]["tarone"])
    agree(breslow_day(*counts, correction="none").statistic, r["bd"]["stat"])
    assert found.df == r["bd"]["df"]


def test_admissions_to_berkeley():
    r = TABLES["ucb"]
    found = breslow_day(r["x1"], r["n1"], r["x2"], r["n2"])
    assert found.statistic == pytest.approx(18.826, abs=5e-4)
    assert found.df == 5
    assert found.p_value == pytest.approx(0.002071, abs=5e-7)
    assert found.method == "Breslow-Day, Tarone"


def test_equal_odds_ratios_give_nothing():
    # odds ratio 4 in both strata
    found = breslow_day([20, 40], [30, 60], [10, 20], [30, 60])
    assert found.statistic == pytest.approx(0, abs=1e-12)
    assert found.p_value == pytest.approx(1)


def test_degenerate_and_misuse():
    one = breslow_day(3, 9, 2, 8)
    assert one.note == "not estimable: fewer than two strata with both answers"
    assert breslow_day([3, 0], [9, 5], [2, 0], [8, 5]).note == one.note
    assert breslow_day([3, 4], [9, 9], [0, 0], [8, 8]).note.startswith(
        "not estimable: no discordant"
    )
    assert np.isnan(breslow_day([], [], [], []).statistic)
    with pytest.raises(EstimationError, match="correction"):
        breslow_day([1, 2], [3, 4], [1, 2], [3, 4], correction="yates")
