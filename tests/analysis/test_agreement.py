"""Agreement of the independent review and the investigator, computed by hand."""

import numpy as np
import pandas as pd
import pytest
from tiny_trial import pick

from cartend.analysis.agreement import discrepancy, kappa

BOTH = {"analysis": "agreement", "evaluator": "IRC vs INV"}


def test_kappa_by_hand():
    """6 of 8 agree; expected 5/8 * 5/8 + 3/8 * 3/8 = 34/64."""
    first = np.array(list("YYYYYNNN"))
    second = np.array(list("YYYYNNNY"))
    assert kappa(first, second) == pytest.approx((6 / 8 - 34 / 64) / (1 - 34 / 64))


def test_kappa_of_full_agreement_is_one_and_of_one_answer_unknown():
    assert kappa(np.array(["CR", "PD"]), np.array(["CR", "PD"])) == 1
    assert np.isnan(kappa(np.array(["Y", "Y"]), np.array(["Y", "Y"])))


def test_discrepancy_rates_by_hand():
    """Both four times (one later, one earlier by the investigator), b = 2, c = 1."""
    nan = np.nan
    irc = np.array([10, 10, 10, 10, nan, nan, 30, nan])
    inv = np.array([10, 10, 12, 8, 20, 20, nan, nan])
    assert discrepancy(irc, inv) == {
        "both": 4,
        "inv_only": 2,
        "irc_only": 1,
        "inv_later": 1,
        "inv_earlier": 1,
        "early_discrepancy": (2 + 1) / (4 + 2),
        "late_discrepancy": (1 + 1) / (2 + 1 + 1 + 1),
    }


def test_without_progression_there_are_no_rates():
    nothing = np.array([np.nan, np.nan])
    found = discrepancy(nothing, nothing)
    assert (found["early_discrepancy"], found["late_discrepancy"]) == (None, None)


def with_investigator(run):
    """The investigator agrees but for B1: no progression in EFS, a response in ORR."""
    efs = run.adtte[run.adtte["PARAMCD"] == "EFS"].assign(EVAL="INV")
    efs.loc[efs["USUBJID"] == "B1", "EVNTDESC"] = "DEATH"
    orr = run.adrsp[run.adrsp["PARAMCD"] == "ORR"].assign(EVAL="INV")
    orr.loc[orr["USUBJID"] == "B1", "AVALC"] = "Y"
    run.adtte = pd.concat([run.adtte, efs], ignore_index=True)
    run.adrsp = pd.concat([run.adrsp, orr], ignore_index=True)
    return run.build()


def test_agreement_is_written_pooled_and_per_arm(run):
    ard = with_investigator(run)
    rate = pick(ard, paramcd="ORR", **BOTH)
    assert (rate["n"], rate["N"]) == (5, 6)
    assert rate["kappa"] == pytest.approx((5 / 6 - 1 / 2) / (1 / 2))
    times = pick(ard, paramcd="EFS", **BOTH)
    assert (times["N"], times["both"], times["irc_only"], times["inv_only"]) == (6, 1, 1, 0)
    assert (times["early_discrepancy"], times["late_discrepancy"]) == (0, 1)
    assert pick(ard, paramcd="EFS", arm="CART", **BOTH)["late_discrepancy"] == (
        "not estimable: no progression to compare"
    )
    assert pick(ard, paramcd="ORR", arm="CART", **BOTH)["kappa"] == 1


def test_one_evaluator_alone_has_no_agreement(run):
    assert "agreement" not in set(run.build()["analysis"])


def test_sets_that_depend_on_the_evaluator_are_not_compared(run):
    dor = run.adtte[run.adtte["PARAMCD"] == "DOR"].assign(EVAL="INV")
    run.adtte = pd.concat([run.adtte, dor], ignore_index=True)
    assert "agreement" not in set(run.build()["analysis"])
