"""The test of proportional hazards against cox.zph."""

import numpy as np
import pytest
from reference_values import agree, case_weights, data, design, heart, numbers, values

from cartend.stats.proportionality import proportional_hazards_test
from cartend.stats.results import EstimationError

COX = values("_cox")
SETS = sorted(COX["sets"])
TRANSFORMS = ["km", "identity", "log", "rank"]
ORDINARY = [n for n in SETS if n == "bmt" or n.startswith("sim_") or n in ("lung", "veteran")]


def compare(found, r):
    chisq = numbers(r["chisq"])
    known = ~np.isnan(found.statistic)
    agree(found.statistic[known], chisq[:-1].tolist())
    agree(found.joint[0], chisq[-1:].tolist())
    assert found.joint[1] == r["df"][-1]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", ORDINARY)
def test_reference(name, transform, ties):
    d, r = data(name), COX["sets"][name][ties]
    rest = {"entry": d["entry"], "transform": transform, "ties": ties}
    two = design(d, [d["x1"], d["x2"]])
    compare(proportional_hazards_test(d["time"], d["status"] > 0, two, **rest), r["zph"][transform])
    within = proportional_hazards_test(
        d["time"], d["status"] > 0, design(d, []), strata=d["str"], **rest
    )
    compare(within, r["zph_strata"][transform])
    weighted = proportional_hazards_test(
        d["time"], d["status"] > 0, design(d, [d["x1"]]), weights=case_weights(d)[0], **rest
    )
    compare(weighted, r["zph_weighted"][transform])


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_heart_transplants(transform):
    h = heart()
    x = np.column_stack([h[k] for k in ("age", "year", "surgery", "transplant")])
    found = proportional_hazards_test(
        h["stop"], h["event"], x, entry=h["start"], transform=transform
    )
    compare(found, COX["heart"]["zph"][transform])


def test_a_ratio_that_turns_round_is_found():
    # the treated die first, the controls later
    time = np.concatenate((np.arange(1, 31), np.arange(31, 61), np.arange(31, 61)))
    arm = np.concatenate((np.tile([1, 1, 0], 10), np.tile([0, 0, 1], 20)))
    assert proportional_hazards_test(time, np.ones(90), arm).p_value[0] < 0.01


def test_degenerate_and_misuse():
    assert proportional_hazards_test([1, 2], [0, 0], [0, 1]).note == "not estimable: no events"
    one = proportional_hazards_test([1, 2, 3], [1, 0, 0], [0.0, 1.0, 0.5])
    assert np.isnan(one.statistic[0])
    assert one.note.startswith("not estimable: ")
    early = ([0, 2, 3, 5, 8], [1, 1, 1, 1, 0], [0, 1, 0, 1, 1])
    assert proportional_hazards_test(*early).note == ""
    found = proportional_hazards_test(*early, transform="log")
    assert found.note == "not estimable: an event at time 0 has no logarithm"
    constant = proportional_hazards_test([1, 2, 3], [1, 1, 0], [1, 1, 1])
    assert constant.note == "not estimable: every covariate is constant"
    with pytest.raises(EstimationError, match="transform"):
        proportional_hazards_test([1], [1], [0], transform="sqrt")
    with pytest.raises(EstimationError, match="ties"):
        proportional_hazards_test([1], [1], [0], ties="exact_partial")
