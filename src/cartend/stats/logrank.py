"""Log-rank tests: plain, stratified, weighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from cartend.stats.counting import (
    CountingTable,
    check_states,
    check_times,
    counting_table,
    group_codes,
    stratum_rows,
)
from cartend.stats.results import (
    EstimationError,
    TestResult,
    chi_square_test,
    not_estimable,
)


def logrank(
    time: np.ndarray,
    event: np.ndarray,
    group: np.ndarray,
    *,
    strata: np.ndarray | None = None,
    entry: np.ndarray | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
    weights: Sequence[tuple[float, float, float]] | None = None,
) -> TestResult:
    """Compare the hazards of two or more groups.

    Within each stratum, at each event time, with n_g of N at risk and D events:

    1. E_g = n_g D/N; V = D (N-D)/(N-1) (diag(n_g/N) - n n'/N^2) (hypergeometric; Mantel 1966).
    2. The weight is S(t-)^rho (1 - S(t-))^gamma, S the pooled Kaplan-Meier estimate of the
       stratum just before t (Fleming and Harrington 1991), times the piecewise ``weights``:
       triples (start, end, w) that hold for start < t <= end; an uncovered time has weight 1.
    3. Weighted observed, expected and variance are summed over times and strata.
    4. Groups with no expected events leave the test; the statistic is U'V^-1 U.

    Equals ``survival::survdiff(Surv(time, event) ~ group + strata(s), rho=rho)``; ``survdiff``
    has no delayed entry, gamma or piecewise weights.  ``observed``, ``expected`` (G,) and
    ``variance`` (G, G) are weighted.  Without events, with one group or a singular variance the
    statistic is NaN and ``note`` says so.
    """
    time, entry = check_times(time, entry)
    event = check_states("event", event, time.size, 1)
    labels, codes = group_codes("group", group, time.size)
    pieces = _check_weights(weights)
    groups = labels.size
    observed, expected = np.zeros(groups), np.zeros(groups)
    variance = np.zeros((groups, groups))
    for rows in stratum_rows(strata, time.size):
        table = counting_table(
            time[rows],
            event[rows],
            n_states=2,
            group=codes[rows],
            n_groups=max(groups, 1),
            entry=None if entry is None else entry[rows],
        )
        for total, part in zip(
            (observed, expected, variance), _score(table, rho, gamma, pieces), strict=True
        ):
            total += part
    method = logrank_method(rho, gamma, pieces, stratified=strata is not None)
    named = tuple(labels.tolist())
    result = chi_square_test(observed, expected, variance, named, expected > 0, method)
    return result if event.any() else replace(result, note=not_estimable("no events"))


@dataclass(frozen=True)
class EventTimes:
    """One stratum at its E event times.

    ``deaths`` and ``share`` n_g/N (E, G), ``total`` D, ``hazard`` D/N, ``spread`` D (N-D)/(N-1).
    """

    time: np.ndarray
    deaths: np.ndarray
    share: np.ndarray
    total: np.ndarray
    hazard: np.ndarray
    spread: np.ndarray


def hypergeometric(table: CountingTable) -> EventTimes:
    """Return what a log-rank test needs of the event times of one stratum."""
    deaths = table.count[:, 1, :]
    total = deaths.sum(axis=1)
    rows = total > 0
    at_risk = table.n_risk[rows].astype(float)
    total, everyone = total[rows].astype(float), at_risk.sum(axis=1)
    spread = np.where(everyone > 1, total * (everyone - total) / np.maximum(everyone - 1, 1), 0.0)
    share = at_risk / everyone[:, None]
    return EventTimes(table.time[rows], deaths[rows], share, total, total / everyone, spread)


def _score(
    table: CountingTable, rho: float, gamma: float, pieces: list[tuple[float, float, float]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weighted observed (G,), expected (G,) and variance (G, G) of one stratum."""
    own = hypergeometric(table)
    weight = fleming_harrington(own.hazard, rho, gamma)
    for start, end, value in pieces:
        weight = np.where((own.time > start) & (own.time <= end), weight * value, weight)
    spread = own.spread * weight**2
    observed, expected = weight @ own.deaths, (weight * own.total) @ own.share
    variance = np.diag(spread @ own.share) - (own.share * spread[:, None]).T @ own.share
    return observed, expected, variance


def fleming_harrington(hazard: np.ndarray, rho: float, gamma: float) -> np.ndarray:
    """Return S(t-)^rho (1 - S(t-))^gamma at event times of pooled ``hazard`` D/N (E,)."""
    if not (rho or gamma):
        return np.ones(hazard.size)
    before = np.concatenate(([1.0], np.cumprod(1 - hazard)))[:-1]
    return before**rho * (1 - before) ** gamma


def logrank_method(
    rho: float, gamma: float, pieces: list[tuple[float, float, float]], *, stratified: bool
) -> str:
    """Return the name of a log-rank test and its weights."""
    name = f"Fleming-Harrington({rho:g}, {gamma:g})" if rho or gamma else "log-rank"
    if pieces:
        said = ", ".join(f"{w:g} for {a:g} < t <= {b:g}" for a, b, w in pieces)
        name = f"{name} weighted {said}"
    return f"stratified {name}" if stratified else name


def _check_weights(
    weights: Sequence[tuple[float, float, float]] | None,
) -> list[tuple[float, float, float]]:
    pieces = sorted(tuple(float(v) for v in piece) for piece in weights or ())
    for start, end, value in pieces:
        if not start < end or not value >= 0:
            raise EstimationError(
                f"a weight is (start, end, w) with start < end and w >= 0, not "
                f"({start}, {end}, {value})"
            )
    for (_, end, _), (start, _, _) in pairwise(pieces):
        if start < end:
            raise EstimationError(f"weight intervals overlap between {start} and {end}")
    return pieces
