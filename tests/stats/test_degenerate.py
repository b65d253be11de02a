"""Data that cannot answer: a note from every estimator, no exception and no false number."""

import importlib
import inspect
import warnings

import numpy as np
import pytest

from cartend.stats import (
    agreement,
    competing,
    contrasts,
    differences,
    finegray,
    gray,
    homogeneity,
    logrank,
    maxcombo,
    newcombe,
    piecewise,
    poisson,
    pooled,
    proportionality,
    proportions,
    quantile,
    rankcorrelation,
    regression,
    rmst,
    survival,
    target,
)
from cartend.stats.results import Estimate, PointEstimates, TestResult
from cartend.stats.wald import CoxResult

# time, state 0-2, group, stratum, covariate
TRIALS = {
    "nobody": ([], [], [], [], []),
    "one event": ([3], [1], [0], [0], [1.0]),
    "one censored": ([3], [0], [0], [0], [1.0]),
    "one competing event": ([3], [2], [0], [0], [1.0]),
    "no events": ([1, 2, 3, 4], [0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 3, 4]),
    "all censored on one day": ([5] * 4, [0] * 4, [0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 3, 4]),
    "all events on one day": ([5] * 4, [1] * 4, [0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 3, 4]),
    "all on day 0": ([0] * 4, [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 3, 4]),
    "competing events alone": ([1, 2, 3, 4], [2] * 4, [0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 3, 4]),
    "one group": ([1, 2, 3, 4], [1, 0, 1, 2], [0] * 4, [0, 0, 1, 1], [1, 1, 1, 1]),
    "one group never at risk of an event": (
        [1, 5, 6, 7],
        [0, 1, 1, 2],
        [0, 1, 1, 1],
        [0] * 4,
        [1, 2, 3, 4],
    ),
    "an arm a stratum": ([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1]),
    "separation": ([1, 2, 3, 7, 8, 9], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0] * 6, range(6)),
    "perfect order": ([1, 2, 3, 4, 5, 6], [1] * 6, [0, 0, 0, 1, 1, 1], [0] * 6, range(6)),
    "two subjects, one event": ([2, 4], [1, 0], [0, 1], [0, 1], [0.0, 1.0]),
    "the last alone has the event": ([1, 2, 3], [0, 0, 1], [0, 1, 0], [0] * 3, [3, 1, 2]),
    "events only among the last at risk": ([2, 2, 9], [0, 0, 2], [0, 1, 1], [0] * 3, [3, 1, 2]),
}


class Trial:
    """One set of ``TRIALS`` as arrays."""

    def __init__(self, name):
        columns = [np.array(list(v), dtype=float) for v in TRIALS[name]]
        self.time, self.x = columns[0], columns[4]
        self.state, self.group, self.stratum = (v.astype(int) for v in columns[1:4])
        self.event = (self.state == 1).astype(int)

    def km(self):
        return survival.kaplan_meier(self.time, self.event)

    def points(self):
        return survival.survival_at(self.km(), [0, 2, 100])

    def incidence(self):
        return competing.cumulative_incidence(self.time, self.state)

    def arms(self):
        return [
            survival.kaplan_meier(self.time[rows], self.event[rows])
            for rows in (self.group == 0, self.group == 1)
        ]


OF_TRIALS = {
    survival.kaplan_meier: lambda d: [
        survival.kaplan_meier(d.time, d.event, conf_type=c)
        for c in ("plain", "log", "log-log", "logit", "arcsin")
    ],
    survival.reverse_kaplan_meier: lambda d: survival.reverse_kaplan_meier(d.time, d.event),
    survival.survival_at: lambda d: d.points(),
    survival.n_at_risk: lambda d: survival.n_at_risk(d.time, [0, 2, 100]),
    survival.exact_bound_at_one: lambda d: survival.exact_bound_at_one(d.km(), 2),
    quantile.survival_quantile: lambda d: [
        quantile.survival_quantile(d.km(), p, rule=r) for p in (0.25, 0.5) for r in ("sas", "r")
    ],
    rmst.rmst: lambda d: [rmst.rmst(d.km(), tau) for tau in (1, 3, 100)],
    contrasts.rmst_difference: lambda d: contrasts.rmst_difference(*d.arms(), 3),
    contrasts.rmst_ratio: lambda d: contrasts.rmst_ratio(*d.arms(), 3),
    contrasts.milestone_difference: lambda d: [
        contrasts.milestone_difference(
            *(survival.survival_at(c, [0, 2, 100]) for c in d.arms()), limits=limits
        )
        for limits in ("wald", "mover")
    ],
    logrank.logrank: lambda d: [
        logrank.logrank(d.time, d.event, d.group),
        logrank.logrank(d.time, d.event, d.group, strata=d.stratum, rho=1, gamma=1),
        logrank.logrank(d.time, d.event, d.group, weights=[(0, 100, 0)]),
    ],
    maxcombo.maxcombo: lambda d: [
        maxcombo.maxcombo(d.time, d.event, d.group),
        maxcombo.maxcombo(d.time, d.event, d.group, strata=d.stratum),
    ],
    competing.cumulative_incidence: lambda d: [
        competing.cumulative_incidence(d.time, d.state, variance=v) for v in ("cmprsk", "survfit")
    ],
    competing.incidence_at: lambda d: [
        competing.incidence_at(d.incidence(), cause, [0, 2, 100]) for cause in (1, 2, 3)
    ],
    gray.gray: lambda d: [
        *gray.gray(d.time, d.state, d.group).values(),
        *gray.gray(d.time, d.state, d.group, strata=d.stratum).values(),
    ],
    finegray.fine_gray: lambda d: [
        finegray.fine_gray(d.time, d.state, x, form=form)
        for x in (d.x, d.group)
        for form in ("crr", "finegray")
    ],
    regression.cox: lambda d: (
        [
            regression.cox(d.time, d.event, x, strata=strata, ties=ties)
            for x in (d.x, d.group, np.column_stack((d.x, d.group)))
            for strata in (None, d.stratum)
            for ties in ("efron", "breslow", "exact_partial")
        ]
        + [
            regression.cox(
                d.time, d.event, d.x, weights=np.full(d.time.size, 0.5), cluster=d.stratum
            )
        ]
    ),
    piecewise.piecewise_cox: lambda d: piecewise.piecewise_cox(d.time, d.event, d.group, [2, 5]),
    piecewise.split_episodes: lambda d: piecewise.split_episodes(d.time, d.event, [2, 5]),
    proportionality.proportional_hazards_test: lambda d: [
        proportionality.proportional_hazards_test(
            d.time, d.event, np.column_stack((d.x, d.group)), transform=transform, strata=strata
        )
        for transform in proportionality.TRANSFORMS
        for strata in (None, d.stratum)
    ],
    rankcorrelation.kendall_tau: lambda d: rankcorrelation.kendall_tau(
        d.time, d.time + 1, first_event=d.event
    ),
    agreement.kappa: lambda d: [
        agreement.kappa(d.state, d.group, weights=w) for w in agreement.WEIGHTS
    ],
    agreement.discrepancy: lambda d: agreement.discrepancy(
        np.where(d.event == 1, d.time, np.nan), np.where(d.state == 2, d.time, np.nan)
    ),
}

# x1, n1, x2, n2 a stratum
COUNTS = {
    "nobody": ([0], [0], [0], [0]),
    "no stratum": ([], [], [], []),
    "one arm empty": ([2], [5], [0], [0]),
    "zero responders": ([0], [9], [0], [8]),
    "all respond": ([9], [9], [8], [8]),
    "all against none": ([9], [9], [0], [8]),
    "one subject an arm": ([1], [1], [0], [1]),
    "an empty stratum": ([2, 0, 3], [5, 0, 6], [1, 0, 2], [6, 4, 7]),
    "zero responders in all strata": ([0, 0], [5, 6], [0, 0], [6, 7]),
    "a stratum without responders": ([0, 3], [5, 6], [0, 2], [6, 7]),
    "one arm never responds": ([0, 0], [5, 6], [2, 3], [6, 7]),
    "strata of one subject an arm": ([1, 0, 1], [1, 1, 1], [0, 1, 1], [1, 1, 1]),
}
OF_COUNTS = {
    differences.miettinen_nurminen: lambda *c: [
        differences.miettinen_nurminen(*c, weights=w) for w in ("MH", "MN")
    ],
    differences.cmh: lambda *c: [differences.cmh(*c), differences.cmh(*c, correction=True)],
    differences.mantel_haenszel_odds_ratio: differences.mantel_haenszel_odds_ratio,
    newcombe.newcombe: newcombe.newcombe,
    homogeneity.breslow_day: lambda *c: [
        homogeneity.breslow_day(*c, correction=k) for k in ("tarone", "none")
    ],
    pooled.pooled_rate: lambda x, n, *_: [
        pooled.pooled_rate(x, n, effects=e) for e in ("fixed", "random")
    ],
    target.target_p_values: lambda x, n, *_: (
        None if not x else target.target_p_values(np.array(x), np.array(n), 0.3)
    ),
    target.highest_target_met: lambda x, n, *_: target.highest_target_met(np.array(x), np.array(n)),
    target.fewest_responders: lambda x, n, *_: target.fewest_responders(np.array(n), 0.3),
    target.responders_to_lose: lambda x, n, *_: target.responders_to_lose(
        np.array(x), np.array(n), 0.3
    ),
}
OF_ONE_COUNT = {
    proportions.clopper_pearson: proportions.clopper_pearson,
    proportions.wilson: proportions.wilson,
    proportions.wald: proportions.wald,
    proportions.mid_p: proportions.mid_p,
    proportions.exact_binomial_greater: lambda x, n: proportions.exact_binomial_greater(x, n, 0.3),
    target.target_test: lambda x, n: target.target_test(x, n, 0.3),
    poisson.garwood: lambda x, n: poisson.garwood(x),
    poisson.poisson_rate: lambda x, n: poisson.poisson_rate(x, float(n)),
    poisson.standardised_ratio: lambda x, n: poisson.standardised_ratio(x, float(n)),
    poisson.upper_bound: lambda x, n: poisson.upper_bound(x),
}
# what is swept through another function, or is no estimator
HELPERS = {
    "paired_strata",
    "wilson_limits",
    "constrained_proportions",
    "settle",
    "hypergeometric",
    "fleming_harrington",
    "logrank_method",
}


def honest(found):
    """Assert that whatever is missing says why, that nothing is infinite, and what was done."""
    if isinstance(found, Estimate):
        assert np.isnan(found.estimate) <= bool(found.note), found
        for limit, note in ((found.lower, found.lower_note), (found.upper, found.upper_note)):
            assert np.isnan(limit) <= bool(note or found.note), found
        numbers = (found.estimate, found.lower, found.upper, found.se, found.p_value)
        assert not np.isinf(numbers).any(), found
        assert found.method, found
    elif isinstance(found, TestResult):
        assert np.isnan(found.statistic) == np.isnan(found.p_value)
        assert np.isnan(found.statistic) <= bool(found.note), found
        assert np.isnan(found.statistic) or (found.statistic >= -1e-9 and found.df >= 1), found
        assert np.isnan(found.p_value) or 0 <= found.p_value <= 1
        assert found.method, found
    elif isinstance(found, PointEstimates):
        for i in range(found.time.size):
            assert np.isnan(found.estimate[i]) == bool(found.note[i])
            assert np.isnan(found.lower[i]) == bool(found.limit_note[i])
            assert not np.isinf([found.se[i], found.lower[i], found.upper[i]]).any()
        assert found.method
    elif isinstance(found, CoxResult):
        assert np.isnan(found.coef).any() == bool(found.note), found
        for numbers in (found.se, found.lower, found.upper, found.p_value):
            assert not np.isinf(numbers).any()
            np.testing.assert_array_equal(np.isnan(numbers), np.isnan(found.coef))
        assert (np.isnan(found.se) | (found.se > 0)).all(), found
        assert found.method
    elif isinstance(found, (list, tuple)):
        for part in found:
            honest(part)
    elif hasattr(found, "statistic"):  # the joint and the largest tests
        assert np.isnan(found.statistic).any() <= bool(found.note), found
        assert found.method


@pytest.mark.parametrize("name", TRIALS)
@pytest.mark.parametrize("estimator", OF_TRIALS, ids=lambda f: f.__name__)
def test_trials(estimator, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        honest(OF_TRIALS[estimator](Trial(name)))


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("estimator", OF_COUNTS, ids=lambda f: f.__name__)
def test_counts(estimator, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = OF_COUNTS[estimator](*COUNTS[name])
        honest([found.pooled] if hasattr(found, "pooled") else found)


@pytest.mark.parametrize(("x", "n"), [(0, 0), (0, 1), (1, 1), (0, 9), (9, 9)])
@pytest.mark.parametrize("estimator", OF_ONE_COUNT, ids=lambda f: f.__name__)
def test_one_count(estimator, x, n):
    found = OF_ONE_COUNT[estimator](x, n)
    honest(getattr(found, "estimate", found) if estimator is target.target_test else found)


def test_no_estimator_of_these_modules_is_forgotten():
    swept = {f.__name__ for part in (OF_TRIALS, OF_COUNTS, OF_ONE_COUNT) for f in part}
    modules = {f.__module__ for part in (OF_TRIALS, OF_COUNTS, OF_ONE_COUNT) for f in part}
    for name in modules:
        module = importlib.import_module(name)
        public = {
            f.__name__
            for f in vars(module).values()
            if inspect.isfunction(f) and f.__module__ == name and not f.__name__.startswith("_")
        }
        assert public - HELPERS <= swept, name
