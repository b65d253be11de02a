"""Intervals hold the truth as often as they say, tests reject as often as they may.

Shares of simulated trials are held against the binomial distribution around the nominal level, at
a chance of 1 in 16,000 of a false alarm; where the distribution can be summed, it is.
"""

import numpy as np
import pytest
from scipy.special import gammaln

from cartend.stats.competing import cumulative_incidence, incidence_at
from cartend.stats.contrasts import milestone_difference, rmst_difference, rmst_ratio
from cartend.stats.differences import mantel_haenszel_odds_ratio, miettinen_nurminen
from cartend.stats.gray import gray
from cartend.stats.logrank import logrank
from cartend.stats.maxcombo import maxcombo
from cartend.stats.newcombe import newcombe
from cartend.stats.poisson import garwood
from cartend.stats.pooled import pooled_rate
from cartend.stats.proportionality import proportional_hazards_test
from cartend.stats.proportions import clopper_pearson, mid_p, wilson
from cartend.stats.regression import cox, fine_gray
from cartend.stats.survival import kaplan_meier, rmst, survival_at, survival_quantile

CAUSES = (1 / 300, 1 / 900)  # hazards a day of two causes
BOTH = sum(CAUSES)
DAY, TAU = 200, 365

pytestmark = pytest.mark.slow


def within(hits, size, share=0.95):
    """Assert a count of successes within four standard errors of its binomial mean."""
    far = 4 * np.sqrt(size * share * (1 - share))
    assert abs(hits - size * share) <= far, f"{hits} of {size}, expected {size * share:.0f}"


def simulated(rng, n, factor=1.0):
    """Return days and states of n subjects, censored between 300 and 1,500 days."""
    first, second = rng.exponential(1 / CAUSES[0] / factor, n), rng.exponential(1 / CAUSES[1], n)
    lost = rng.uniform(300, 1500, n)
    end = np.minimum(np.minimum(first, second), lost)
    state = np.where(end == lost, 0, np.where(end == first, 1, 2))
    return np.floor(end).astype(int) + 1, state


def held(estimate, truth):
    return estimate.lower <= truth <= estimate.upper


def share_of_trials(seed, trials, once):
    rng = np.random.default_rng(seed)
    return sum(bool(once(rng)) for _ in range(trials)), trials


@pytest.mark.parametrize("conf_type", ["log", "log-log", "logit", "arcsin"])
def test_survival_at_a_day(conf_type):
    truth = np.exp(-BOTH * DAY)

    def once(rng):
        time, state = simulated(rng, 200)
        found = survival_at(kaplan_meier(time, state > 0, conf_type=conf_type), [DAY])
        return found.lower[0] <= truth <= found.upper[0]

    within(*share_of_trials(1, 1500, once))


def test_median():
    truth = np.ceil(np.log(2) / BOTH)

    def once(rng):
        time, state = simulated(rng, 200)
        return held(survival_quantile(kaplan_meier(time, state > 0), 0.5), truth)

    within(*share_of_trials(2, 1500, once))


@pytest.mark.parametrize("variance", ["cmprsk", "survfit"])
def test_cumulative_incidence(variance):
    truth = CAUSES[0] / BOTH * (1 - np.exp(-BOTH * DAY))

    def once(rng):
        found = incidence_at(
            cumulative_incidence(*simulated(rng, 200), variance=variance), 1, [DAY]
        )
        return found.lower[0] <= truth <= found.upper[0]

    within(*share_of_trials(3, 1500, once))


def test_restricted_mean():
    truth = np.exp(-BOTH * np.arange(TAU)).sum()

    def once(rng):
        time, state = simulated(rng, 300)
        return held(rmst(kaplan_meier(time, state > 0), TAU), truth)

    within(*share_of_trials(4, 1500, once))


@pytest.mark.slow
def test_contrasts_of_two_arms():
    arms = (0.6, 1.0)
    hazards = [CAUSES[0] * f + CAUSES[1] for f in arms]
    means = [np.exp(-h * np.arange(TAU)).sum() for h in hazards]
    milestone = np.exp(-hazards[0] * DAY) - np.exp(-hazards[1] * DAY)

    def once(rng):
        data = [simulated(rng, 200, factor) for factor in arms]
        curves = [kaplan_meier(time, state > 0) for time, state in data]
        points = [survival_at(curve, [DAY]) for curve in curves]
        return (
            held(rmst_difference(*curves, TAU), means[0] - means[1]),
            held(rmst_ratio(*curves, TAU), means[0] / means[1]),
            held(milestone_difference(*points)[0], milestone),
            held(milestone_difference(*points, limits="mover")[0], milestone),
        )

    rng = np.random.default_rng(5)
    hits = np.sum([once(rng) for _ in range(1500)], axis=0)
    for count in hits:
        within(count, 1500)


@pytest.mark.slow
@pytest.mark.parametrize("robust", [False, True])
def test_stratified_hazard_ratio(robust):
    """The stratum doubles the hazard, so that only the stratified model is right."""

    def once(rng):
        arm, stratum = rng.integers(0, 2, 250), rng.integers(0, 2, 250)
        time = rng.exponential(400 / (1 + stratum) * np.exp(0.4 * arm))
        lost = rng.uniform(100, 900, 250)
        cluster = np.arange(250) if robust else None
        fit = cox(np.minimum(time, lost), time <= lost, arm, strata=stratum, cluster=cluster)
        return fit.lower[0] <= np.exp(-0.4) <= fit.upper[0]

    within(*share_of_trials(6, 1500, once))


@pytest.mark.slow
@pytest.mark.parametrize("form", ["crr", "finegray"])
def test_subdistribution_hazard_ratio(form):
    """Fine and Gray's own model: F1(t|x) = 1 - (1 - p (1 - e^-t))^exp(b x)."""
    b, p = 0.5, 0.6

    def once(rng):
        x = rng.integers(0, 2, 300).astype(float)
        ratio = np.exp(b * x)
        total = 1 - (1 - p) ** ratio
        own = rng.random(300) < total
        u = rng.random(300) * total
        first = -np.log(1 - (1 - (1 - u) ** (1 / ratio)) / p)
        time = np.where(own, first, rng.exponential(1 / ratio))
        lost = rng.uniform(0.3, 3, 300)
        state = np.where(lost < time, 0, np.where(own, 1, 2))
        fit = fine_gray(np.minimum(time, lost), state, x, form=form)
        return np.log(fit.lower[0]) <= b <= np.log(fit.upper[0])

    within(*share_of_trials(7, 1500, once))


@pytest.mark.slow
def test_tests_reject_five_in_a_hundred_where_nothing_differs():
    def once(rng):
        time, state = simulated(rng, 200)
        arm, stratum = rng.integers(0, 2, (2, 200))
        return (
            logrank(time, state > 0, arm).p_value < 0.05,
            logrank(time, state > 0, arm, strata=stratum, gamma=1).p_value < 0.05,
            maxcombo(time, state > 0, arm, weights=[(0, 0), (0, 1), (1, 0)]).p_value < 0.05,
            gray(time, state, arm)[1].p_value < 0.05,
            proportional_hazards_test(time, state > 0, arm).p_value[0] < 0.05,
        )

    rng = np.random.default_rng(8)
    hits = np.sum([once(rng) for _ in range(1500)], axis=0)
    for count in hits:
        within(count, 1500, 0.05)


def binomial(n, p):
    """Return the probabilities of 0..n."""
    x = np.arange(n + 1)
    choose = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return np.exp(choose + x * np.log(p) + (n - x) * np.log1p(-p))


def test_one_proportion_summed_over_all_outcomes():
    """Clopper-Pearson never falls below its level; mid-P and Wilson keep it on average."""
    n, grid = 40, np.linspace(0.03, 0.97, 95)
    coverage = {}
    for method in (clopper_pearson, mid_p, wilson):
        limits = [method(x, n) for x in range(n + 1)]
        inside = [[held(limit, p) for limit in limits] for p in grid]
        coverage[method] = np.array(
            [binomial(n, p)[row].sum() for p, row in zip(grid, inside, strict=True)]
        )
    assert coverage[clopper_pearson].min() >= 0.95
    assert coverage[mid_p].mean() == pytest.approx(0.95, abs=0.012)
    assert coverage[wilson].mean() == pytest.approx(0.95, abs=0.012)


def test_poisson_count_summed_over_all_outcomes():
    limits = [garwood(x) for x in range(80)]
    for mean in (0.1, 0.5, 1.0, 3.7, 10.0, 30.0):
        x = np.arange(80)
        share = np.exp(x * np.log(mean) - mean - gammaln(x + 1))
        inside = np.array([held(limit, mean) for limit in limits])
        assert share[inside].sum() >= 0.95


@pytest.mark.parametrize("method", [miettinen_nurminen, newcombe])
def test_a_difference_summed_over_all_outcomes(method):
    n1, n2 = 12, 10
    limits = [[method(a, n1, b, n2) for b in range(n2 + 1)] for a in range(n1 + 1)]
    coverage = []
    for p1, p2 in [(0.2, 0.2), (0.5, 0.3), (0.7, 0.4), (0.9, 0.85), (0.6, 0.6), (0.35, 0.15)]:
        weight = np.outer(binomial(n1, p1), binomial(n2, p2))
        inside = np.array([[held(limit, p1 - p2) for limit in row] for row in limits])
        coverage.append(weight[inside].sum())
    assert min(coverage) > 0.92  # neither is exact: Newcombe 1998 reports dips below the level
    assert np.mean(coverage) == pytest.approx(0.955, abs=0.013)


def test_common_odds_ratio():
    def once(rng):
        n = np.array([40, 60, 50])
        odds = np.array([0.4, 1.0, 2.0])
        x2 = rng.binomial(n, odds / (1 + odds))
        x1 = rng.binomial(n, 2 * odds / (1 + 2 * odds))
        return held(mantel_haenszel_odds_ratio(x1, n, x2, n), 2.0)

    within(*share_of_trials(9, 2000, once))


@pytest.mark.slow
def test_stratified_difference():
    def once(rng):
        n1, n2 = np.array([30, 50, 40]), np.array([35, 45, 40])
        base = np.array([0.3, 0.5, 0.6])
        x1, x2 = rng.binomial(n1, base + 0.2), rng.binomial(n2, base)
        return [held(method(x1, n1, x2, n2), 0.2) for method in (miettinen_nurminen, newcombe)]

    rng = np.random.default_rng(10)
    hits = np.sum([once(rng) for _ in range(1500)], axis=0)
    for count in hits:
        within(count, 1500)


def test_a_common_rate_of_several_trials():
    def once(rng):
        n = np.array([60, 100, 250, 90])
        return held(pooled_rate(rng.binomial(n, 0.6), n, effects="fixed").pooled, 0.6)

    within(*share_of_trials(11, 2000, once))
