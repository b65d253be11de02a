"""Agreement of the independent review and the investigator, computed by hand."""

import pandas as pd
import pytest
from tiny_trial import pick

BOTH = {"analysis": "agreement", "evaluator": "IRC vs INV"}


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
