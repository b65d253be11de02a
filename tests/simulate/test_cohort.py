"""Accrual, baseline facts, randomisation."""

import numpy as np
import pytest


def test_arms_are_balanced_within_every_stratum(shipped):
    if len(shipped.params.arms) == 1:
        assert set(shipped.cohort["ARM"]) == {"CART"}
        return
    cells = shipped.cohort.groupby(["REFRACT", "AAIPI", "ARM"]).size().unstack()
    assert (cells["CART"] - cells["SOC"]).abs().max() <= 2


def test_the_shipped_trial_has_the_stated_size(shipped):
    assert (
        len(shipped.cohort)
        == {"LBCL": 320, "BALL": 110, "MM": 130, "NB": 40}[shipped.params.prefix]
    )
    assert shipped.cohort["USUBJID"].iloc[0] == f"{shipped.params.prefix}-0001"
    assert shipped.cohort["USUBJID"].is_unique


def test_accrual_lies_in_its_period_and_ends_before_the_cut_off(large):
    first, last = (np.datetime64(day, "D").astype(int) for day in large.params.accrual)
    assert large.cohort["DAY0"].between(first, last).all()
    assert (large.cutoff > 0).all()


def test_follow_up_varies_with_the_data_cut(large):
    assert large.cutoff.min() < 130
    assert large.cutoff.max() > 1700


def test_leukaemia_has_children_and_adults(leukaemia):
    age = leukaemia.cohort["AGE"]
    assert (age < 18).mean() == pytest.approx(0.43, abs=0.05)
    assert (age >= 65).any()
    assert age.min() >= 3


def test_baseline_facts_have_their_shares(large):
    for name, weights in large.params.baseline.items():
        found = large.cohort[name].value_counts(normalize=True)
        for word, share in weights.items():
            assert found[word] == pytest.approx(share, abs=0.035)


def test_consent_comes_before_day_0(large):
    assert (large.cohort["CONSENT"] < 0).all()


def test_risk_has_mean_zero_so_that_hazards_are_those_of_an_average_subject(large):
    assert large.cohort["RISK"].mean() == pytest.approx(0.0, abs=0.04)
