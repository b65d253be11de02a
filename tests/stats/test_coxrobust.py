"""Case weights, robust variance, exact ties and intervals, against R."""

import numpy as np
import pytest
from reference_values import (
    GROUPED,
    agree,
    case_weights,
    data,
    design,
    heart,
    numbers,
    values,
)

from cartend.stats.coxfit import cox_rows, full_coefficients
from cartend.stats.coxrobust import score_residuals
from cartend.stats.regression import cox
from cartend.stats.results import EstimationError

COX = values("_cox")
SETS = sorted(COX["sets"])
TIES = ["efron", "breslow"]


def boundary(r):
    """R's answer is a coefficient or an error that tends to infinity."""
    coef, naive = numbers(r["coef"]), numbers(r["naive"])
    return np.nanmax(np.abs(coef)) > 15 or np.nanmax(naive) > 1e3


def compare(found, r):
    if boundary(r):
        assert found.note.startswith("not estimable: ")
        return False
    known = ~np.isnan(numbers(r["coef"]))
    agree(found.coef, r["coef"])
    agree(found.se[known], numbers(r["se"])[known].tolist())
    agree(found.naive_se[known], numbers(r["naive"])[known].tolist())
    agree(found.loglik, r["loglik"])
    return True


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("name", SETS)
def test_reference_weighted(name, ties):
    d = data(name)
    weights, cluster = case_weights(d)
    found = cox(
        d["time"],
        d["status"] > 0,
        design(d, [d["x1"], d["x2"]]),
        entry=d["entry"],
        ties=ties,
        weights=weights,
        cluster=cluster,
    )
    compare(found, COX["sets"][name][ties]["weighted"])
    assert found.method.endswith("ties, case weights, robust variance")


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("name", SETS)
def test_reference_robust_within_strata(name, ties):
    d = data(name)
    found = cox(
        d["time"],
        d["status"] > 0,
        design(d, []),
        entry=d["entry"],
        strata=d["str"],
        ties=ties,
        cluster=case_weights(d)[1],
    )
    compare(found, COX["sets"][name][ties]["robust"])
    assert found.method.startswith("stratified Cox, ")


def test_ten_of_the_sets_are_ordinary():
    assert sum(not boundary(COX["sets"][n]["efron"]["weighted"]) for n in SETS) >= 9
    assert sum(not boundary(COX["sets"][n]["efron"]["robust"]) for n in SETS) >= 10


@pytest.mark.parametrize("ties", TIES)
def test_reference_score_residuals(ties):
    d = data("bmt")
    rows = cox_rows(d["time"], d["status"] > 0, design(d, []), strata=d["str"], ties=ties)
    found = score_residuals(rows.data, full_coefficients(rows.maximum), ties)
    agree(found, COX["sets"]["bmt"][ties]["score"])
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-9)


# Every subset of each tie counts, which takes long where many rows have equal times. The months
# of the simulated times (sim_month), lung and veteran go the same way with every model.
SLOW = (
    *(("colon", model) for model in ("cox", "cox2", "coxs")),
    *(("sim_days", model) for model in ("cox", "cox2")),
    *(("sim_years_frac", model) for model in ("cox", "cox2")),
)
EXACT = [
    pytest.param(name, model, marks=[pytest.mark.slow] if (name, model) in SLOW else [])
    for name in GROUPED
    if "cox_exact" in values(name)
    for model in ("cox", "cox2", "coxs")
]


@pytest.mark.parametrize(("name", "model"), EXACT)
def test_reference_exact_partial_likelihood(name, model):
    r, d = values(name).get(f"{model}_exact"), data(name)
    found = cox(
        d["time"],
        d["status"] > 0,
        design(d, [d["x1"], d["x2"]] if model == "cox2" else []),
        strata=d["str"] if model == "coxs" else None,
        entry=d["entry"],
        ties="exact_partial",
    )
    if "error" in r:  # summary() of R fails on intervals; without ties Breslow's is the same
        assert name == "e_entry"
        assert np.unique(d["time"]).size == d["time"].size
        r = values(name)[f"{model}_breslow"]
    coef, se = numbers(r["coef"]), numbers(r["se"])
    if np.isnan(coef).all() or np.nanmax(np.abs(coef)) > 15 or np.nanmax(se) > 1e3:
        assert found.note.startswith("not estimable: ")
        return
    known = ~np.isnan(coef)
    agree(found.coef, r["coef"])
    agree(found.se[known], se[known].tolist())
    agree(found.loglik, r["loglik"])


def fit_heart(**options):
    h = heart()
    x = np.column_stack([h[k] for k in ("age", "year", "surgery", "transplant")])
    return cox(h["stop"], h["event"], x, entry=h["start"], **options)


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("efron", {"ties": "efron"}),
        ("breslow", {"ties": "breslow"}),
        ("exact", {"ties": "exact_partial"}),
        ("efron_robust", {"ties": "efron", "cluster": True}),
        ("breslow_robust", {"ties": "breslow", "cluster": True}),
    ],
)
def test_heart_transplants_as_a_covariate_that_changes_in_time(key, options):
    if options.get("cluster"):
        options = {**options, "cluster": heart()["id"]}
    assert compare(fit_heart(**options), COX["heart"][key])


def test_a_weight_of_two_is_the_row_twice_under_breslow():
    rng = np.random.default_rng(4)
    time, event, x = rng.integers(1, 9, 40), rng.integers(0, 2, 40), rng.normal(size=40)
    w = rng.integers(0, 4, 40)
    one = cox(time, event, x, ties="breslow", weights=w)
    other = cox(*(np.repeat(v, w) for v in (time, event, x)), ties="breslow")
    np.testing.assert_allclose([one.coef, one.se], [other.coef, other.se], rtol=1e-9)


def test_cutting_a_subject_into_intervals_changes_nothing():
    d = data("bmt")
    x, event = design(d, [d["x1"]]), (d["status"] > 0).astype(int)
    whole = cox(d["time"], event, x, cluster=np.arange(137))
    late = d["time"] > 100
    cut = cox(
        np.concatenate((np.where(late, 100, d["time"]), d["time"][late])),
        np.concatenate((np.where(late, 0, event), event[late])),
        np.concatenate((x, x[late])),
        entry=np.concatenate((np.zeros(137), np.full(late.sum(), 100))),
        cluster=np.concatenate((np.arange(137), np.flatnonzero(late))),
    )
    for name in ("coef", "se", "naive_se", "loglik"):
        np.testing.assert_allclose(getattr(whole, name), getattr(cut, name), rtol=1e-9)


def test_exact_ties_by_hand():
    # one time, x = 0, 1, 1, two of three have the event: sets {0,1}, {0,1'}, {1,1'}, seen {1,1'}
    found = cox([1, 1, 1, 2], [1, 1, 0, 0], [1.0, 1.0, 0.0, 0.0], ties="exact_partial")
    # of the 6 pairs: {1,1'} e^2b, four mixed e^b, {0,0'} 1
    assert found.loglik[0] == pytest.approx(-np.log(6))
    assert found.note.endswith("separation, a coefficient tends to infinity")
    one = cox([1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1.0, 0.0, 1.0, 0.0, 0.0], ties="exact_partial")
    # L = e^b * const / (e^2b + 6 e^b + 3), greatest where e^2b = 3
    assert one.coef[0] == pytest.approx(np.log(3) / 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights": [1.0, -1.0]}, "not negative"),
        ({"weights": [1.0]}, "weights has 1"),
        ({"cluster": [1]}, "cluster has 1"),
        ({"weights": [1.0, 1.0], "ties": "exact_partial"}, "no case weights"),
        ({"cluster": [1, 2], "ties": "exact_partial"}, "robust"),
    ],
)
def test_misuse(options, message):
    with pytest.raises(EstimationError, match=message):
        cox([1, 2], [1, 1], [0.0, 1.0], **options)


def test_weights_of_nought_leave_nobody():
    found = cox([1, 2], [1, 1], [0.0, 1.0], weights=[0, 0])
    assert found.note == "not estimable: no events"
