"""Strata as randomised against as corrected, and sparse strata pooled (R07)."""

import numpy as np
import pandas as pd

from cartend.analysis.plan import Comparison
from cartend.analysis.questions.entry import RANDOMISED, RATIO, Entry
from cartend.analysis.questions.lines import COX, each_endpoint
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADSL
from cartend.stats.logrank import logrank
from cartend.stats.regression import cox

POOLED = "those with fewer than {} events in one ({} of {})"
ENTRY = Entry(
    "stratification",
    "R07",
    "Strata as randomised, corrected and pooled",
    "{set}.",
    {"cox": RATIO},
    (ADTTE, ADSL),
    RANDOMISED,
)


def answer(material: Material, page: Page) -> None:
    """Write misclassified subjects, and every endpoint by every way of stratifying."""
    options = material.study.analyses.stratification
    names = material.study.strata
    if not names:
        raise NotDerivableError("the study has no stratification factors")
    page.run("Stratum as randomised against corrected", misclassified, material, page)
    for times in each_endpoint(material, page, options):
        page.section(f"{times.name}: hazard ratio")
        page.each(material.comparisons, by_strata, material, page, times)


def misclassified(material: Material, page: Page) -> None:
    """Write how many subjects have another stratum in the corrected data than as randomised."""
    corrected = material.study.analyses.stratification.corrected
    if not corrected:
        why = "the study names no corrected strata (analyses.stratification.corrected)"
        raise NotDerivableError(why)
    people = material.members(material.study.population)
    for factor, column in corrected.items():
        if column not in people or factor not in people:
            raise NotDerivableError(f"ADSL has no column {column if factor in people else factor}")
        other = people[factor].astype(str) != people[column].astype(str)
        page.line(f"{factor}: another stratum as corrected ({column})")
        for arm in material.arms:
            rows = (people["ARMCD"] == arm) if arm else pd.Series(True, index=people.index)
            page.tally(int((other & rows).sum()), int(rows.sum()), arm=arm)


def pooled_strata(times: Times, strata: np.ndarray, least: int) -> tuple[np.ndarray, int]:
    """Return the strata with the sparse ones in one, and how many were sparse.

    Sparse is a stratum with fewer events than ``least`` in both arms together, or an arm without
    subjects; one sparse stratum alone joins the smallest of the others.
    """
    size = int(strata.max()) + 1
    events = np.bincount(strata, weights=times.event, minlength=size)
    arms = [np.bincount(strata[times.treated == a], minlength=size) for a in (0, 1)]
    sparse = (events < least) | (arms[0] == 0) | (arms[1] == 0)
    if sparse.sum() == 1 and not sparse.all():
        rest = np.where(sparse, np.inf, events)
        sparse[int(np.argmin(rest))] = True
    return np.where(sparse[strata], size, strata), int(sparse.sum())


def by_strata(material: Material, page: Page, whole: Times, against: Comparison) -> None:
    """Write the ratio and its test as randomised, corrected, pooled and unstratified."""
    options, times = material.study.analyses.stratification, whole.between(against)
    joined, sparse = pooled_strata(times, times.strata, options.least_events)
    cells = int(times.strata.max()) + 1
    delivered = f"As {against.kind}"
    ways = {delivered: (times.strata, against.strata_label)}
    corrected = _corrected(material, times)
    if corrected is not None:
        ways["As corrected"] = (corrected, f"strata {', '.join(options.corrected.values())}")
    label = "strata " + POOLED.format(options.least_events, sparse, cells)
    ways["Sparse strata pooled"] = (joined, label)
    ways["Unstratified"] = (np.zeros_like(times.strata), "strata none")
    arm = against.label
    for text, (strata, named) in ways.items():
        page.line(text)
        method = f"{COX}, {named}; p-value: log-rank, the same strata"
        with page.attempt("cox", method, arm):
            fit = cox(times.time, times.event, times.treated, strata=strata)
            test = logrank(times.time, times.event, times.treated, strata=strata)
            values = {"events": int(times.event.sum()), "N": int(times.time.size)}
            values["estimate"] = float(fit.hazard_ratio[0])
            values |= {"lower": float(fit.lower[0]), "upper": float(fit.upper[0])}
            note = fit.note or test.note
            page.add("cox", method, {**values, "p_value": test.p_value}, arm=arm, note=note)


def _corrected(material: Material, times: Times) -> np.ndarray | None:
    corrected = material.study.analyses.stratification.corrected
    if not corrected or not set(corrected.values()) <= set(material.adsl):
        return None
    names = [corrected.get(factor, factor) for factor in material.study.strata]
    columns = pd.DataFrame({name: material.column(times, name).astype(str) for name in names})
    return columns.groupby(names, sort=True).ngroup().to_numpy()
