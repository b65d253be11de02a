"""Fine-Gray regression against cmprsk and survival, and without competing events."""

import numpy as np
import pytest
from reference_values import GROUPED, agree, data, numbers, values

from cartend.stats.regression import cox, fine_gray
from cartend.stats.results import EstimationError

FORMS = {"crr": "fg_crr", "finegray": "fg_finegray_breslow"}


def design(d):
    groups = np.unique(d["grp"])[1:]
    return np.column_stack([(d["grp"] == g).astype(float) for g in groups] + [d["x1"], d["x2"]])


def cases():
    for name in GROUPED:
        for form, key in FORMS.items():
            r = values(name).get(key)
            if r is not None and "error" not in r and "separation" not in fit(name, form).note:
                yield name, form


def fit(name, form, **options):
    d = data(name)
    return fine_gray(d["time"], d["status"], design(d), form=form, **options)


@pytest.mark.parametrize(("name", "form"), list(cases()))
def test_reference(name, form):
    r, found = values(name)[FORMS[form]], fit(name, form)
    redundant = np.isnan(numbers(r["coef"]))
    if not redundant.any():
        assert found.note == ""
    # crr stops short of convergence by up to 1e-8 even when told to go on
    agree(found.coef, r["coef"], 2e-8)
    agree(found.se[~redundant], numbers(r["se"])[~redundant].tolist(), 1e-7)
    if "loglik" in r:
        agree(found.loglik[1], r["loglik"])


def test_the_reference_covers_both_forms():
    found = list(cases())
    assert sum(form == "crr" for _, form in found) >= 7
    assert sum(form == "finegray" for _, form in found) >= 7


def test_the_two_forms_differ_under_ties_only():
    heavy = fit("sim_half", "crr").coef - fit("sim_half", "finegray").coef
    assert np.abs(heavy).max() > 1e-3
    continuous = fit("sim_cont", "crr").coef - fit("sim_cont", "finegray").coef
    assert np.abs(continuous).max() < 1e-8


@pytest.mark.parametrize("form", FORMS)
def test_without_competing_events_it_is_cox_with_breslow_ties(form):
    d = data("sim_month")
    event, x = (d["status"] > 0).astype(int), design(d)
    found = fine_gray(d["time"], event, x, form=form)
    other = cox(d["time"], event, x, ties="breslow")
    np.testing.assert_allclose(found.coef, other.coef, rtol=1e-10)
    robust = values("_extra")["robust"]
    agree(found.coef, robust["coef"])
    agree(found.se, robust["se"])
    assert found.loglik == pytest.approx(other.loglik)


def test_redundant_covariate_is_left_out():
    assert "error" in values("lung")["fg_crr"]
    found = fit("lung", "crr")
    assert np.isnan(found.coef).tolist() == [False, False, True]
    assert found.note.endswith("x3 constant or a combination of the other covariates")


def test_the_cause_is_a_choice():
    d = data("bmt")
    swapped = np.array([0, 2, 1])[d["status"]]
    one = fine_gray(d["time"], d["status"], design(d), cause=2)
    other = fine_gray(d["time"], swapped, design(d))
    np.testing.assert_allclose(one.coef, other.coef)
    assert one.events == (d["status"] == 2).sum()


def test_degenerate_and_misuse():
    assert fine_gray([1, 2], [0, 2], [0.0, 1.0]).note == "not estimable: no events"
    assert fit("e_mono", "crr").note.endswith("separation, a coefficient tends to infinity")
    with pytest.raises(EstimationError, match="form"):
        fine_gray([1, 2], [1, 2], [0.0, 1.0], form="exact")


@pytest.mark.parametrize("form", FORMS)
def test_a_robust_variance_of_nothing_is_a_note(form):
    """All have the event on one day: the score of each is 0, and so is the sandwich."""
    found = fine_gray([5, 5, 5, 5], [1, 1, 1, 1], [0.0, 1.0, 0.0, 1.0], form=form)
    assert found.note == "not estimable: the robust variance is 0"
    assert np.isnan([found.coef, found.se, found.lower]).all()
