"""Rates: proportions with exact limits, target tests, and differences between the arms."""

import numpy as np

from cartend.analysis.ard import Cell
from cartend.analysis.counts import Labels
from cartend.analysis.plan import STATISTICS, Comparison
from cartend.config.criteria import Criteria
from cartend.stats.differences import cmh, mantel_haenszel_odds_ratio, miettinen_nurminen
from cartend.stats.proportions import clopper_pearson
from cartend.stats.results import Estimate
from cartend.stats.target import target_test

CLOPPER_PEARSON = "Clopper-Pearson"
DIFFERENCE = "Miettinen-Nurminen; p-value: the same score test"
STRATIFIED = "Miettinen-Nurminen, Mantel-Haenszel weights, {}; p-value: CMH"
ODDS_RATIO = "odds ratio, Woolf limits"
STRATIFIED_ODDS = "Mantel-Haenszel odds ratio, Robins-Breslow-Greenland limits, {}"
ONE_SIDED_ALPHA = 0.025


def proportion_rows(cell: Cell, method: str, n: int, total: int, event: str = "") -> None:
    """Write n of N with the exact interval."""
    with cell.attempt("proportion", method, STATISTICS["proportion"], event):
        exact = clopper_pearson(n, total)
        cell.add(
            "proportion",
            method,
            {
                "n": n,
                "N": total,
                "estimate": exact.estimate,
                "lower": exact.lower,
                "upper": exact.upper,
            },
            event=event,
            note=exact.note,
        )


def category_rows(cell: Cell, labels: Labels, mask: np.ndarray) -> None:
    """Write the share of every category of best overall response."""
    counts = np.bincount(labels.codes[mask], minlength=len(labels.names)).tolist()
    for name, n in zip(labels.names, counts, strict=True):
        proportion_rows(cell, CLOPPER_PEARSON, n, int(mask.sum()), event=name)


def category_labels(answers: np.ndarray, criteria: Criteria) -> Labels:
    """Return the category of every subject: those of the criteria first, then any other."""
    known = [category.code for category in criteria.categories]
    found, position = np.unique(answers.astype(str), return_inverse=True)
    names = known + sorted(set(found.tolist()) - set(known))
    place = np.array([names.index(name) for name in found.tolist()], dtype=np.int64)
    return Labels(tuple(names), place[position])


def target_rows(cell: Cell, n: int, total: int, p0: float, alpha: float | None) -> None:
    """Write the exact one-sided test of a rate against its target.

    ``met`` is 1 where p < alpha (0.025 unless the study says otherwise), which at 0.025 is the
    same decision as: the lower Clopper-Pearson limit lies above p0.
    """
    alpha = ONE_SIDED_ALPHA if alpha is None else alpha
    method = f"exact binomial, one-sided, alpha {alpha:g}"
    with cell.attempt("target", method, STATISTICS["target"]):
        found = target_test(n, total, p0, alpha=alpha)
        met = None if found.met is None else int(found.met)
        cell.add(
            "target", method, {"p0": p0, "p_value": found.p_value, "met": met}, note=found.note
        )


def comparison_rows(
    cell: Cell, answer: np.ndarray, treated: np.ndarray, strata: np.ndarray, against: Comparison
) -> None:
    """Write difference and odds ratio, experimental minus and over control, also stratified."""
    crude = _fourfold(answer, treated, np.zeros_like(strata))
    with cell.attempt("difference", DIFFERENCE, STATISTICS["difference"]):
        score = miettinen_nurminen(*crude)
        _difference_row(cell, DIFFERENCE, score, score.p_value, score.note)
    _odds_ratio_row(cell, ODDS_RATIO, crude)
    if against.strata:
        method = STRATIFIED.format(against.strata_label)
        tables = _fourfold(answer, treated, strata)
        with cell.attempt("difference", method, STATISTICS["difference"]):
            test = cmh(*tables)
            score = miettinen_nurminen(*tables)
            _difference_row(cell, method, score, test.p_value, test.note)
        _odds_ratio_row(cell, STRATIFIED_ODDS.format(against.strata_label), tables)


def _fourfold(answer: np.ndarray, treated: np.ndarray, strata: np.ndarray) -> tuple:
    """Return x1, n1, x2, n2: responders and subjects by arm, one entry a stratum."""
    size = int(strata.max()) + 1 if strata.size else 1
    code = strata * 2 + treated
    n = np.bincount(code, minlength=2 * size).reshape(size, 2)
    x = np.bincount(code[answer], minlength=2 * size).reshape(size, 2)
    seen = n.sum(axis=1) > 0
    return x[seen, 1], n[seen, 1], x[seen, 0], n[seen, 0]


def _difference_row(cell: Cell, method: str, score: Estimate, p_value: float, p_note: str) -> None:
    values = {"estimate": score.estimate, "lower": score.lower, "upper": score.upper}
    cell.add("difference", method, values, note=score.note)
    cell.add("difference", method, {"p_value": p_value}, note=p_note)


def _odds_ratio_row(cell: Cell, method: str, tables: tuple) -> None:
    with cell.attempt("odds_ratio", method, STATISTICS["odds_ratio"]):
        ratio = mantel_haenszel_odds_ratio(*tables)
        values = {"estimate": ratio.estimate, "lower": ratio.lower, "upper": ratio.upper}
        cell.add("odds_ratio", method, values, note=ratio.note)
