"""Do the odds ratios of the strata differ: Breslow and Day's test."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from cartend.stats.differences import mantel_haenszel_odds_ratio, paired_strata
from cartend.stats.results import EstimationError, TestResult, not_estimable


def breslow_day(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, correction: str = "tarone"
) -> TestResult:
    """Test that the odds ratio is the same in every stratum.

    1. The expected count A of a stratum is the one that has its margins and the Mantel-Haenszel
       odds ratio, the root of a quadratic; V = 1/(1/A + 1/B + 1/C + 1/D) of the table with it.
    2. chi2 = sum (x1 - A)^2/V on strata - 1 (Breslow and Day 1980, section 4.4), and with
       ``correction="tarone"`` less (sum (x1 - A))^2/sum V (Tarone, Biometrika 1985).

    PROC FREQ's Breslow-Day test, with BDT Tarone's; ``DescTools::BreslowDayTest``.  A stratum of
    which all or none respond says nothing and leaves the degrees of freedom.
    """
    if correction not in ("tarone", "none"):
        raise EstimationError(f'correction must be "tarone" or "none", not {correction!r}')
    method = f"Breslow-Day{', Tarone' if correction == 'tarone' else ''}"
    common = mantel_haenszel_odds_ratio(x1, n1, x2, n2)
    x1, n1, x2, n2, note = paired_strata(x1, n1, x2, n2)
    if np.isnan(common.estimate):
        return TestResult(np.nan, 0, np.nan, note=common.note, method=method)
    informative = (x1 + x2 > 0) & (x1 + x2 < n1 + n2)
    x1, n1, x2, n2 = (v[informative] for v in (x1, n1, x2, n2))
    if n1.size < 2:
        reason = not_estimable("fewer than two strata with both answers")
        return TestResult(np.nan, 0, np.nan, note=reason, method=method)
    expected = _expected(common.estimate, x1 + x2, n1, n2)
    rest = x1 + x2 - expected
    variance = 1 / (1 / expected + 1 / (n1 - expected) + 1 / rest + 1 / (n2 - rest))
    statistic = float(((x1 - expected) ** 2 / variance).sum())
    if correction == "tarone":
        statistic -= float((x1 - expected).sum() ** 2 / variance.sum())
    df = n1.size - 1
    return TestResult(
        statistic,
        df,
        float(chdtrc(df, max(statistic, 0.0))),
        observed=x1,
        expected=expected,
        note=note,
        method=method,
    )


def _expected(odds_ratio: float, events: np.ndarray, n1: np.ndarray, n2: np.ndarray) -> np.ndarray:
    """Return the count A with A (n2 - m + A) = psi (m - A)(n1 - A), m the events of the stratum.

    The root between max(0, m - n2) and min(n1, m), written so that nothing cancels near psi = 1.
    """
    a = 1 - odds_ratio
    b = n2 - events + odds_ratio * (n1 + events)
    c = -odds_ratio * n1 * events
    return -2 * c / (b + np.sqrt(b**2 - 4 * a * c))
