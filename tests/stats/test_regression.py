"""Cox regression against R, and what happens when there is nothing to fit."""

import numpy as np
import pytest
from reference_values import (
    GROUPED,
    LEUKAEMIA_ARM,
    LEUKAEMIA_EVENT,
    LEUKAEMIA_TIME,
    agree,
    data,
    numbers,
    values,
)

from cartend.stats.logrank import logrank
from cartend.stats.regression import cox
from cartend.stats.results import EstimationError

MODELS = ["cox", "cox2", "coxs"]


def design(d, model):
    groups = np.unique(d["grp"])[1:]
    columns = [(d["grp"] == g).astype(float) for g in groups]
    if model == "cox2":
        columns += [d["x1"], d["x2"]]
    return np.column_stack(columns)


def fit(name, model, ties="efron"):
    d = data(name)
    return cox(
        d["time"],
        d["status"] > 0,
        design(d, model),
        strata=d["str"] if model == "coxs" else None,
        ties=ties,
        entry=d["entry"],
    )


def unusable(r):
    """R's own answer is a boundary: a huge coefficient or error, or no event at all."""
    coef, se = numbers(r["coef"]), numbers(r["se"])
    boundary = np.nanmax(np.abs(coef), initial=0) > 15 or np.nanmax(se, initial=0) > 1e3
    return boundary or np.isnan(coef).all()


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", GROUPED)
def test_reference(name, model, ties):
    r = values(name)[f"{model}_{ties}"]
    found = fit(name, model, ties)
    if unusable(r):
        assert np.isnan(found.coef).all()
        assert found.note.startswith("not estimable: ")
        return
    redundant = np.isnan(numbers(r["coef"]))
    np.testing.assert_array_equal(np.isnan(found.coef), redundant)
    assert bool(found.note) == redundant.any()
    agree(found.coef, r["coef"])
    agree(found.se[~redundant], numbers(r["se"])[~redundant].tolist())
    agree(found.loglik, r["loglik"])
    agree(found.score, r["score"])
    agree(found.hazard_ratio, r["hr"])
    agree(found.lower, r["lo"])
    agree(found.upper, r["hi"])
    agree(found.p_value, r["p"])


def test_the_reference_has_redundant_separated_and_ordinary_cases():
    assert fit("lung", "cox2").note == (
        "not estimable: x3 constant or a combination of the other covariates"
    )
    assert fit("e_mono", "cox").note == "not estimable: separation, a coefficient tends to infinity"
    assert fit("e_zero_events", "cox").note == "not estimable: no events"
    assert sum(not unusable(values(n)["cox_efron"]) for n in GROUPED) >= 10


def test_leukaemia():
    found = cox(LEUKAEMIA_TIME, LEUKAEMIA_EVENT, LEUKAEMIA_ARM, names=["6-MP"])
    assert found.names == ("6-MP",)
    np.testing.assert_allclose(found.coef, -1.5721, atol=5e-5)
    np.testing.assert_allclose(found.se, 0.4124, atol=5e-5)
    np.testing.assert_allclose(
        [found.hazard_ratio[0], found.lower[0], found.upper[0]],
        [0.2076, 0.0925, 0.4659],
        atol=5e-5,
    )
    assert (found.n, found.events) == (42, 30)


def test_score_test_without_ties_is_the_logrank_test():
    d = data("sim_cont")
    two = d["grp"] < 3
    arguments = d["time"][two], d["status"][two] > 0
    score = cox(*arguments, (d["grp"][two] == 2).astype(float)).score
    events = d["time"][d["status"] > 0]
    assert np.unique(events).size == events.size
    assert score == pytest.approx(logrank(*arguments, d["grp"][two]).statistic, rel=1e-10)


def test_many_strata_with_delayed_entry_equal_a_sum_over_strata():
    rng = np.random.default_rng(8)
    n = 300
    entry, x = rng.integers(0, 20, n), rng.normal(size=(n, 2))
    time = entry + rng.integers(1, 40, n)
    event, strata = rng.integers(0, 2, n), rng.integers(0, 15, n)
    found = cox(time, event, x, strata=strata, entry=entry)
    # the same risk sets on one time axis: each stratum a block of days of its own
    block = strata * 100
    joined = cox(time + block, event, x, entry=entry + block)
    np.testing.assert_allclose(found.coef, joined.coef, rtol=1e-9)
    np.testing.assert_allclose(found.se, joined.se, rtol=1e-9)


def test_covariates_far_from_zero_do_not_lose_digits():
    d = data("bmt")
    x = design(d, "cox2")
    near = cox(d["time"], d["status"] > 0, x)
    far = cox(d["time"], d["status"] > 0, x + 1e5)
    np.testing.assert_allclose(near.coef, far.coef, rtol=1e-8)


def test_a_constant_or_repeated_covariate_is_left_out():
    time, event, arm = [3, 5, 6, 8, 9, 12], [1, 1, 0, 1, 1, 1], [0, 1, 1, 0, 1, 0]
    alone = cox(time, event, arm)
    found = cox(time, event, np.column_stack([np.ones(6), arm, arm]), names=["one", "arm", "twin"])
    np.testing.assert_allclose(found.coef, [np.nan, alone.coef[0], np.nan])
    assert found.note == (
        "not estimable: one, twin constant or a combination of the other covariates"
    )
    only = cox(time, event, np.ones(6))
    assert np.isnan(only.coef).all()
    assert only.loglik[0] == only.loglik[1]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_one_subject_and_nobody(ties):
    assert np.isnan(cox([3], [1], [1.0], ties=ties).coef[0])
    assert cox([], [], np.empty((0, 1)), ties=ties).note == "not estimable: no events"


@pytest.mark.parametrize(
    ("covariates", "options", "message"),
    [
        ([1.0], {}, "covariates has 1 entries"),
        ([1.0, np.nan], {}, "missing or infinite"),
        (np.empty((2, 0)), {}, "shape"),
        ([1.0, 2.0], {"ties": "exact"}, "exact_partial"),
        ([1.0, 2.0], {"names": ["a", "b"]}, "2 names for 1"),
        ([1.0, 2.0], {"level": 95}, "level"),
    ],
)
def test_misuse(covariates, options, message):
    with pytest.raises(EstimationError, match=message):
        cox([1, 2], [1, 1], covariates, **options)
