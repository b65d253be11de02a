"""Kappa and discrepancy rates, by hand and against numerical derivatives in R."""

import numpy as np
import pytest
from reference_values import agree, values

from cartend.stats.agreement import discrepancy, kappa
from cartend.stats.results import EstimationError


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic"])
@pytest.mark.parametrize("case", range(4))
def test_reference(case, weights):
    r = values("_rates")["kappa"][case]
    table = np.array(r["table"])
    first, second = (np.repeat(i.ravel(), table.ravel()) for i in np.indices(table.shape))
    found = kappa(first, second, weights=weights)
    agree(found.estimate, r["value"][weights])
    agree(found.se, r["se"][weights], 1e-6)  # R's derivatives are numerical


def test_kappa_by_hand():
    """6 of 8 agree; expected 5/8 * 5/8 + 3/8 * 3/8 = 34/64."""
    first, second = np.array(list("YYYYYNNN")), np.array(list("YYYYNNNY"))
    found = kappa(first, second)
    assert found.estimate == pytest.approx((6 / 8 - 34 / 64) / (1 - 34 / 64))
    assert found.method == "Cohen's kappa, unweighted"


def test_weighted_kappa_follows_the_order_of_the_categories():
    """CR-PR apart by one counts half under linear weights of three; sorted by name it would not."""
    first, second = np.array(["CR", "PR", "PD", "CR"]), np.array(["PR", "PR", "PD", "CR"])
    found = kappa(first, second, weights="linear", categories=["CR", "PR", "PD"])
    seen = (0.5 + 3) / 4
    # columns: PR 2, PD 1, CR 1; rows: CR 2, PR 1, PD 1
    expected = (2 * (1 + 2 * 0.5 + 0) + 1 * (0.5 + 2 + 0.5) + 1 * (0 + 2 * 0.5 + 1)) / 16
    assert found.estimate == pytest.approx((seen - expected) / (1 - expected))
    assert found.method == "weighted kappa, linear weights"


def test_two_categories_have_one_kappa():
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 2, (2, 50))
    one = kappa(first, second)
    for weights in ("linear", "quadratic"):
        other = kappa(first, second, weights=weights)
        assert (other.estimate, other.se) == pytest.approx((one.estimate, one.se))


def test_kappa_of_full_agreement_is_one_and_of_one_answer_unknown():
    both = np.array(["CR", "PD"])
    assert kappa(both, both).estimate == 1
    same = np.array(["Y", "Y"])
    assert kappa(same, same).note == ("not estimable: both gave one and the same answer throughout")
    assert kappa(same[:0], same[:0]).note == "not estimable: no subjects"


def test_misuse():
    with pytest.raises(EstimationError, match="weights"):
        kappa(["a"], ["b"], weights="cubic")
    with pytest.raises(EstimationError, match="one answer a subject"):
        kappa(["a"], ["b", "a"])
    with pytest.raises(EstimationError, match="'NE' is not among"):
        kappa(["CR", "NE"], ["CR", "CR"], categories=["CR", "PR"])
    with pytest.raises(EstimationError, match="one time a subject"):
        discrepancy([1.0], [1.0, 2.0])


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
