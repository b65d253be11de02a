"""Gray's test against cmprsk."""

import numpy as np
import pytest
from reference_values import GROUPED, agree, data, values

from cartend.stats.competing import gray
from cartend.stats.logrank import logrank

CASES = {"gray": {}, "gray_strat": {"strata": True}, "gray_rho1": {"rho": 1.0}}
COMPARABLE = [n for n in GROUPED if "cause" in (values(n).get("gray") or {})]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", COMPARABLE)
def test_reference(name, case):
    d, r, options = data(name), values(name)[case], dict(CASES[case])
    if options.pop("strata", False):
        options["strata"] = d["str"]
    found = gray(d["time"], d["status"], d["grp"], **options)
    causes = [int(c) for c in np.atleast_1d(r["cause"])]
    assert list(found) == causes
    agree([found[c].statistic for c in causes], r["stat"])
    if "p" in r:
        agree([found[c].p_value for c in causes], r["p"])
        agree([found[c].df for c in causes], r["df"])


def test_the_reference_has_enough_cases():
    assert {"bmt", "sim_cont", "sim_half", "e_mono", "e_time0"} <= set(COMPARABLE)


@pytest.mark.parametrize("name", ["e_zero_events", "e_all_cens_same"])
def test_no_events_no_test(name):
    d = data(name)
    assert "error" in values(name)["gray"]
    assert gray(d["time"], d["status"], d["grp"]) == {}


def test_one_group_is_a_note():
    found = gray([1, 2, 3], [1, 2, 0], [1, 1, 1])
    assert {c: t.note for c, t in found.items()} == dict.fromkeys(
        (1, 2), "not estimable: fewer than two groups to compare"
    )
    assert gray([], [], []) == {}


def test_strata_that_hold_one_group_each_compare_nothing():
    found = gray([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 1, 1], strata=[0, 0, 1, 1])
    assert found[1].note == "not estimable: the variance of the score is singular"


def test_without_competing_events_it_is_near_the_logrank_test_not_equal():
    d = data("sim_days")
    event = (d["status"] > 0).astype(int)
    ours = gray(d["time"], event, d["grp"])[1].statistic
    other = logrank(d["time"], event, d["grp"]).statistic
    assert ours == pytest.approx(other, rel=0.2)
    assert ours != pytest.approx(other, rel=1e-6)
