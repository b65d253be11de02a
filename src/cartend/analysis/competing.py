"""Competing risks: cumulative incidence of every state, crude rates, comparisons of the arms."""

import numpy as np

from cartend.analysis.ard import Cell
from cartend.analysis.counts import Subjects
from cartend.analysis.plan import STATISTICS, Comparison
from cartend.analysis.rates import CLOPPER_PEARSON, proportion_rows
from cartend.analysis.tte import chi_square_row, cox_row, estimate_rows, point_rows, ratio_row
from cartend.stats.competing import (
    CumulativeIncidence,
    cumulative_incidence,
    gray,
    incidence_at,
)
from cartend.stats.finegray import fine_gray
from cartend.stats.proportions import clopper_pearson
from cartend.stats.results import Estimate, TestResult, not_estimable

AALEN_JOHANSEN = "Aalen-Johansen, Aalen variance, log-log limits of F"
EXACT = "Clopper-Pearson, nobody censored before this time"
FINE_GRAY = "Fine-Gray, as crr: censoring estimated from all subjects"
CRUDE = f"{CLOPPER_PEARSON}, crude proportion"


def incidence_rows(
    cell: Cell, subjects: Subjects, times: tuple[int, ...], states: list[int]
) -> CumulativeIncidence | None:
    """Write the cumulative incidence of every state at the reporting times; return the curve."""
    curve = None
    with cell.attempt("cif", AALEN_JOHANSEN, STATISTICS["cif"]):
        curve = cumulative_incidence(subjects.time, subjects.state)
        for state in states:
            points = incidence_at(curve, state, np.array(times))
            point_rows(cell, "cif", AALEN_JOHANSEN, points, event=str(state))
            for time, estimate in zip(times, points.estimate, strict=True):
                if estimate == 0:
                    _bound_at_zero(cell, subjects, time, state)
    return curve


def crude_rows(cell: Cell, subjects: Subjects, states: list[int]) -> None:
    """Write the crude proportion in each state (endpoints.md 4.1), which ignores censoring."""
    for state in states:
        n = int((subjects.state == state).sum())
        proportion_rows(cell, CRUDE, n, subjects.time.size, event=str(state))


def comparison_rows(cell: Cell, subjects: Subjects, against: Comparison, states: list[int]) -> None:
    """Write, for every state, Fine-Gray, and Gray and cause-specific Cox, also stratified."""
    variants = [("", None)]
    if against.strata:
        variants.append((f", {against.strata_label}", subjects.strata))
    for state in states:
        with cell.attempt("fine_gray", FINE_GRAY, STATISTICS["fine_gray"], str(state)):
            fit = fine_gray(subjects.time, subjects.state, subjects.treated, cause=state)
            ratio_row(cell, "fine_gray", FINE_GRAY, fit, str(state))
    for suffix, strata in variants:
        _gray_rows(cell, f"Gray{suffix}", subjects, states, strata)
        for state in states:
            cox_row(
                cell,
                "cause_specific_cox",
                f"Cox, Efron ties{suffix}",
                subjects.time,
                (subjects.state == state).astype(np.int64),
                subjects.treated,
                strata,
                label=str(state),
            )


def _gray_rows(
    cell: Cell, method: str, subjects: Subjects, states: list[int], strata: np.ndarray | None
) -> None:
    """Write one test a state; a state that nobody reached has none."""
    absent = TestResult(np.nan, 0, np.nan, note=not_estimable("no events"))
    tests: dict[int, TestResult] = {}
    with cell.attempt("gray", method, STATISTICS["gray"]):
        tests = gray(subjects.time, subjects.state, subjects.treated, strata=strata)
        for state in states:
            chi_square_row(cell, "gray", method, tests.get(state, absent), event=str(state))


def _bound_at_zero(cell: Cell, subjects: Subjects, time: int, state: int) -> None:
    """Write the exact upper bound of F = 0 where nobody was censored before (D35)."""
    censored_before = (subjects.state == 0) & (subjects.time < time)
    if censored_before.any() or not subjects.time.size:
        return
    exact = clopper_pearson(0, subjects.time.size)
    bound = Estimate(0.0, exact.lower, exact.upper)
    estimate_rows(cell, "cif_exact", EXACT, bound, time=time, event=str(state))
