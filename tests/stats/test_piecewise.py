"""Cox's model by interval against survSplit with coxph."""

import numpy as np
import pytest
from reference_values import agree, data, numbers, values

from cartend.stats.piecewise import piecewise_cox, split_episodes
from cartend.stats.regression import cox
from cartend.stats.results import EstimationError

ARMS = {k: v for k, v in values("_arms")["sets"].items() if "coef" in v.get("piecewise", {})}


def of(name):
    d = data(name)
    groups = np.unique(d["grp"])[:2]
    two = np.isin(d["grp"], groups)
    return {k: None if v is None else v[two] for k, v in d.items()}, groups[1]


@pytest.mark.parametrize("name", [n for n in ARMS if not n.startswith("e_")])
def test_reference(name):
    r, (d, treated) = ARMS[name], of(name)
    x = np.column_stack([d["grp"] == treated, d["x1"]]).astype(float)
    found = piecewise_cox(d["time"], d["status"] > 0, x, np.atleast_1d(r["cuts"]), entry=d["entry"])
    k = len(found)
    coef, se = (numbers(r["piecewise"][key]).reshape(2, k) for key in ("coef", "se"))
    for i, fit in enumerate(found):
        assert fit.note == ""
        agree(fit.coef, coef[:, i].tolist())
        agree(fit.se, se[:, i].tolist())
    # the intervals share nothing: their log likelihoods add up to that of the joint model
    agree(np.sum([fit.loglik for fit in found], axis=0), r["piecewise"]["loglik"])


def test_nine_sets_are_compared():
    assert sum(not n.startswith("e_") for n in ARMS) >= 9


def test_episodes_by_hand():
    found = split_episodes([4, 10, 8], [1, 1, 0], [4, 8])
    assert found.row.tolist() == [0, 1, 1, 1, 2, 2]
    assert found.interval.tolist() == [0, 0, 1, 2, 0, 1]
    assert found.time.tolist() == [4, 4, 8, 10, 4, 8]
    assert found.entry[1:].tolist() == [-1, 4, 8, -1, 4]
    assert found.event.tolist() == [1, 0, 0, 1, 0, 0]


def test_episodes_of_late_entries_start_in_their_interval():
    found = split_episodes([10, 9], [1, 0], [4, 8], entry=[8, 3])
    assert found.interval.tolist() == [2, 0, 1, 2]
    assert found.entry.tolist() == [8, 3, 4, 8]


def test_no_cut_is_the_whole_model():
    d, treated = of("bmt")
    x = (d["grp"] == treated).astype(float)
    (found,) = piecewise_cox(d["time"], d["status"] > 0, x, [])
    whole = cox(d["time"], d["status"] > 0, x)
    assert found.coef == whole.coef
    assert found.method == "Cox, Efron ties, 0 < t <= inf"


def test_an_interval_without_events_is_a_note():
    first, second = piecewise_cox([3, 5, 9, 12], [1, 1, 0, 0], [0, 1, 0, 1], [6])
    assert second.note == "not estimable: no events"
    assert first.events == 2
    assert second.n == 2


def test_misuse():
    for cuts in ([5, 5], [0, 4], [6, 2]):
        with pytest.raises(EstimationError, match="cuts must ascend"):
            split_episodes([3], [1], cuts)
    with pytest.raises(EstimationError, match="strata has 1"):
        piecewise_cox([3, 4], [1, 1], [0, 1], [2], strata=[1])
