"""Simon's two-stage design against a listing of every outcome, and its own promises."""

import numpy as np
import pytest
from reference_values import agree, values
from scipy.special import gammaln

from cartend.stats.proportions import clopper_pearson
from cartend.stats.results import EstimationError
from cartend.stats.simon import two_stage_rate

DESIGN = {"r1": 3, "n1": 13, "n": 43}  # Simon 1989: p0 = 0.20, p1 = 0.40, r = 12


@pytest.mark.parametrize("row", values("_rates")["simon"], ids=lambda r: f"{r[0]:g} of {r[4]:g}")
def test_reference(row):
    x, stage, r1, n1, n = (int(v) for v in row[:5])
    found = two_stage_rate(x, stage=stage, r1=r1, n1=n1, n=n, p0=row[5])
    own = found.estimate
    agree([own.estimate, own.lower, own.upper, found.p_value], row[6:])


def outcomes(p):
    """Return (x, stage, probability) of every end of the trial."""

    def share(x, n):
        choose = np.exp(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1))
        return choose * p**x * (1 - p) ** (n - x)

    r1, n1, n = DESIGN.values()
    ends = [(x, 1, share(x, n1)) for x in range(r1 + 1)]
    for x in range(r1 + 1, n + 1):
        paths = range(max(r1 + 1, x - n + n1), min(n1, x) + 1)
        ends.append((x, 2, sum(share(a, n1) * share(x - a, n - n1) for a in paths)))
    return ends


@pytest.mark.parametrize("p", [0.1, 0.2, 0.4, 0.7])
def test_the_estimate_is_unbiased_and_the_interval_exact(p):
    found = [(two_stage_rate(x, stage=s, **DESIGN), share) for x, s, share in outcomes(p)]
    assert sum(share for _, share in found) == pytest.approx(1)
    assert sum(f.estimate.estimate * share for f, share in found) == pytest.approx(p)
    assert abs(sum(f.crude * share for f, share in found) - p) > 1e-4  # the crude share is biased
    inside = sum(share for f, share in found if f.estimate.lower <= p <= f.estimate.upper)
    assert inside >= 0.95


def test_limit_and_p_value_decide_alike():
    for x in range(4, 44):
        found = two_stage_rate(x, stage=2, p0=0.2, **DESIGN)
        assert (found.estimate.lower > 0.2) == (found.p_value < 0.025)


def test_the_size_of_simons_own_design():
    """12 responders or fewer of 43 reject the drug: alpha is below 0.05 and power above 0.80."""
    assert two_stage_rate(13, stage=2, p0=0.2, **DESIGN).p_value < 0.05
    assert two_stage_rate(12, stage=2, p0=0.2, **DESIGN).p_value > 0.05
    assert two_stage_rate(13, stage=2, p0=0.4, **DESIGN).p_value > 0.80


def test_it_is_not_the_interval_of_one_stage():
    found = two_stage_rate(13, stage=2, **DESIGN).estimate
    assert found.lower != pytest.approx(clopper_pearson(13, 43).lower, abs=1e-4)
    assert found.method.startswith("Simon two-stage, stage 2")


def test_the_ends():
    assert two_stage_rate(0, stage=1, **DESIGN).estimate.lower == 0
    assert two_stage_rate(43, stage=2, **DESIGN).estimate.upper == 1
    assert np.isnan(two_stage_rate(5, stage=2, **DESIGN).p_value)


@pytest.mark.parametrize(
    ("x", "stage", "design", "message"),
    [
        (4, 1, DESIGN, "stage 1 has 0 to 3"),
        (3, 2, DESIGN, "stage 2 has 4 to 43"),
        (3, 3, DESIGN, "stage must be"),
        (3, 1, {"r1": 13, "n1": 13, "n": 43}, "r1 < n1 < n"),
    ],
)
def test_misuse(x, stage, design, message):
    with pytest.raises(EstimationError, match=message):
        two_stage_rate(x, stage=stage, **design)
