"""Estimates of many simulated trials against the recorded truth (D29).

One batch of subjects is derived once and dealt into trials at random; truth comes from other
subjects (another seed), so nothing is compared with itself.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from cartend.simulate.domains import deciding_domains, merged_domains
from cartend.simulate.parameters import STUDIES, load_parameters
from cartend.simulate.trial import simulate_trial
from cartend.simulate.truth import (
    Pool,
    derive,
    load_derivation,
    recorded_truth,
    simulate_large,
)
from cartend.stats.proportions import clopper_pearson
from cartend.stats.regression import cox
from cartend.stats.survival import kaplan_meier, survival_at

LEUKAEMIA, LYMPHOMA = "ball-single-arm", "lbcl-second-line"
MYELOMA, NEUROBLASTOMA = "mm-late-line", "nb-gd2"
INFUSED = {LEUKAEMIA: 95, MYELOMA: 120, NEUROBLASTOMA: 36}  # subjects of a dealt trial
SEED = 515


def only(study: str, *names: str):
    """Return the derivation of a study restricted to some endpoints."""
    how = load_derivation(study)
    return replace(how, definitions={name: how.definitions[name] for name in names})


def derived(study: str, n: int, *names: str):
    """Return ADTTE and ADRSP of ``n`` subjects, these endpoints alone."""
    how, params = only(study, *names), load_parameters(study)
    parts = [
        derive(deciding_domains(trial), how)[:2]
        for trial in simulate_large(params, how.study, n, seed=SEED)
    ]
    return [p[0] for p in parts], [p[1] for p in parts]


def dealt(rng, values, size):
    """Return the values dealt into trials of ``size``, the rest left out."""
    order = rng.permutation(len(values))
    trials = len(values) // size
    return values[order[: trials * size]].reshape(trials, size, *values.shape[1:])


def exact_coverage(n, p):
    """Return the coverage of the Clopper-Pearson interval, summed over all outcomes."""
    outcomes = np.arange(n + 1)
    limits = [clopper_pearson(int(x), n) for x in outcomes]
    inside = [e.lower <= p <= e.upper for e in limits]
    return float(binom.pmf(outcomes, n, p)[inside].sum())


def check_count(covered, trials, probability, alpha=1e-4):
    """Assert that a binomial count is not in its extreme tails."""
    low, high = binom.ppf([alpha / 2, 1 - alpha / 2], trials, probability)
    assert low <= covered <= high


def rate_coverage(adrsp, truth, size):
    """Compare the share of trials whose exact interval holds the truth with exact coverage."""
    for param in ("ORR", "RESP_M3"):
        rows = adrsp.query("PARAMCD == @param and EVAL == 'IRC' and POP == 'INF'")
        yes = rows.query("ANL01FL == 'Y'")["AVALC"].eq("Y").to_numpy()
        counts = dealt(np.random.default_rng(SEED), yes, size).sum(axis=1)
        p = truth["rates"][param]["IRC"]["INF"]["CART"]
        limits = [clopper_pearson(int(x), size) for x in counts]
        covered = sum(e.lower <= p <= e.upper for e in limits)
        check_count(covered, len(counts), exact_coverage(size, p))


def survival_coverage(adtte, truth, size, floor):
    """Log-log limits at one year hold the truth in nearly 95 % of trials."""
    rows = adtte.query("PARAMCD == 'OS' and POP == 'INF'")
    pairs = np.column_stack([rows["AVAL"], rows["CNSR"] == 0])
    target = truth["time_to_event"]["OS"]["all"]["INF"]["CART"]["km"][365]
    covered = []
    for trial in dealt(np.random.default_rng(SEED), pairs, size):
        point = survival_at(kaplan_meier(trial[:, 0], trial[:, 1]), np.array([365.0]))
        covered.append(point.lower[0] <= target <= point.upper[0])
    assert np.mean(covered) > floor
    check_count(sum(covered), len(covered), 0.95, alpha=1e-5)


def log_ratios(adtte, size):
    """Return Cox's coefficient and its error in trials of ``size`` subjects an arm."""
    rng, rows = np.random.default_rng(SEED), adtte.query("PARAMCD == 'EFS_ZUMA7' and EVAL == 'IRC'")
    arms = []
    for arm in ("CART", "SOC"):
        mine = rows[rows["ARMCD"] == arm]
        treated = np.full(len(mine), arm == "CART")
        pairs = np.column_stack([mine["AVAL"], mine["CNSR"] == 0, treated])
        arms.append(dealt(rng, pairs, size))
    trials = min(len(part) for part in arms)
    fits = [
        cox(both[:, 0], both[:, 1].astype(int), both[:, 2])
        for both in (np.concatenate([a[i] for a in arms]) for i in range(trials))
    ]
    return np.array([fit.coef[0] for fit in fits]), np.array([fit.se[0] for fit in fits])


def true_log_ratio():
    """Return the recorded limit of Cox's coefficient."""
    efs = recorded_truth(LYMPHOMA)["time_to_event"]["EFS_ZUMA7"]
    return np.log(efs["IRC"]["RAND"]["hazard_ratio"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("study", "n"), [(LEUKAEMIA, 6_000), (MYELOMA, 4_000), (NEUROBLASTOMA, 3_000)]
)
def test_rates_and_survival_of_some_trials_hold_the_truth(study, n):
    (adtte,), (adrsp,) = derived(study, n, "ORR", "RESP_M3", "OS")
    truth = recorded_truth(study)
    rate_coverage(adrsp, truth, INFUSED[study])
    survival_coverage(adtte, truth, INFUSED[study], 0.8)


@pytest.mark.slow
def test_the_hazard_ratio_of_some_trials_is_that_of_the_truth():
    (adtte,), _ = derived(LYMPHOMA, 6_400, "EFS_ZUMA7")
    coef, se = log_ratios(adtte, 160)
    target = true_log_ratio()
    assert abs(coef.mean() - target) < 4 * coef.std(ddof=1) / np.sqrt(len(coef)) + 0.01
    check_count(int((np.abs(coef - target) < 1.959964 * se).sum()), len(coef), 0.95)


@pytest.mark.slow
@pytest.mark.parametrize("study", list(INFUSED))
def test_coverage_over_many_trials(study):
    adtte, adrsp = derived(study, 100_000, "ORR", "RESP_M3", "OS")
    truth = recorded_truth(study)
    for times, rates in zip(adtte, adrsp, strict=True):
        rate_coverage(rates, truth, INFUSED[study])
        survival_coverage(times, truth, INFUSED[study], 0.9)


@pytest.mark.slow
def test_the_hazard_ratio_over_many_trials():
    adtte, _ = derived(LYMPHOMA, 100_000, "EFS_ZUMA7")
    parts = [log_ratios(part, 160) for part in adtte]
    coef, se = (np.concatenate(column) for column in zip(*parts, strict=True))
    target = true_log_ratio()
    assert abs(coef.mean() - target) < 4 * coef.std(ddof=1) / np.sqrt(len(coef)) + 0.005
    assert (np.abs(coef - target) < 1.959964 * se).mean() == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize("study", STUDIES)
def test_records_that_decide_nothing_change_nothing(study):
    how, params = load_derivation(study), load_parameters(study)
    trial = simulate_trial(params, how.study, params.n)
    whole = derive(merged_domains(trial), how)[:2]
    small = derive(deciding_domains(trial), how)[:2]
    for left, right in zip(whole, small, strict=True):
        pd.testing.assert_frame_equal(left, right)


def test_a_pool_of_halves_is_the_whole():
    how = only(LYMPHOMA, "OS", "ORR")
    trial = simulate_trial(load_parameters(LYMPHOMA), how.study, 400)
    adtte, adrsp, _ = derive(deciding_domains(trial), how)
    one, two = Pool(), Pool()
    one.add(adtte, adrsp)
    first = adtte["USUBJID"] <= "LBCL-0200"
    early = adrsp["USUBJID"] <= "LBCL-0200"
    two.add(adtte[first], adrsp[early])
    two.add(adtte[~first], adrsp[~early])
    assert one.shares() == two.shares()
    assert one.curves(how.study) == two.curves(how.study)


def test_truth_is_of_the_published_size():
    lymphoma, leukaemia = recorded_truth(LYMPHOMA), recorded_truth(LEUKAEMIA)
    times = lymphoma["time_to_event"]
    assert 0.33 < times["EFS_ZUMA7"]["IRC"]["RAND"]["hazard_ratio"] < 0.45
    assert 0.62 < times["OS"]["all"]["RAND"]["hazard_ratio"] < 0.80
    assert 55 < times["EFS_ZUMA7"]["IRC"]["RAND"]["SOC"]["median"] < 95
    assert 0.75 < leukaemia["rates"]["ORR"]["IRC"]["INF"]["CART"] < 0.85
    assert 0.42 < leukaemia["time_to_event"]["EFS_ALL_SA"]["IRC"]["INF"]["CART"]["km"][365] < 0.56


def test_truth_of_the_later_trials_is_of_the_published_size():
    myeloma, neuroblastoma = recorded_truth(MYELOMA), recorded_truth(NEUROBLASTOMA)
    assert 0.73 < myeloma["rates"]["ORR"]["IRC"]["INF"]["CART"] < 0.90
    assert 0.33 < myeloma["rates"]["CR"]["IRC"]["INF"]["CART"] < 0.60
    at = myeloma["time_to_event"]
    assert 8.8 < at["PFS_FDA"]["IRC"]["INF"]["CART"]["median"] / 30.4375 < 25
    assert 0.06 < at["NRM"]["IRC"]["INF"]["CART"]["cif"][1][730] < 0.12
    assert 0.52 < neuroblastoma["rates"]["ORR"]["IRC"]["INF"]["CART"] < 0.68
    assert (
        0.25 < neuroblastoma["time_to_event"]["EFS_SOLID"]["IRC"]["INF"]["CART"]["km"][730] < 0.40
    )
