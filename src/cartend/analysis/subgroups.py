"""The primary endpoint by age group, stratification factor and bridging (R01, R11, R18).

Estimates stand beside each other. A test of interaction is description, and bridging, which is
chosen after enrolment, has none (D33).
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from cartend.analysis.ard import Ard
from cartend.analysis.counts import subjects_of
from cartend.analysis.curves import Curves
from cartend.analysis.frames import Block, blocks
from cartend.analysis.plan import Comparison, Group, compared_arms, contrasts, stratifiers
from cartend.analysis.questions.page import Page
from cartend.analysis.rates import DIFFERENCE
from cartend.analysis.safety.lines import share_line
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.stats.differences import miettinen_nurminen
from cartend.stats.heterogeneity import equal_proportions, equal_ratios
from cartend.stats.regression import cox
from cartend.stats.results import Estimate

NAME = "subgroups"
AFTER_ENROLMENT = ("BRIDGE", "BRIDGEFL")
COX = "Cox, Efron ties, unstratified"
PROPORTIONS = "Pearson's chi-square of equal rates, descriptive"
INTERACTION = "Cochran's Q of equal hazard ratios, descriptive"
ALL = "All subjects"


def subgroup_rows(
    study: Study,
    definitions: dict[str, Definition],
    adtte: pd.DataFrame,
    adrsp: pd.DataFrame,
    ard: Ard,
    curves: Curves,
) -> None:
    """Write every primary endpoint in the study's population by the primary evaluator."""
    page = Page(ard, curves, NAME)
    primary = [n for n in definitions if study.roles.get(n) and study.roles[n].role == "primary"]
    for block in (*blocks(adtte), *blocks(adrsp)):
        chosen = block.paramcd in primary and block.population == study.population
        if chosen and block.evaluator in ("", study.primary_evaluator):
            definition = definitions[block.paramcd]
            pairs = contrasts(study, definition, block.population)
            if definition.kind == "rate" and not pairs:
                _rates(study, page, block, definition)
            elif definition.kind == "rate":
                _differences(study, page, block, definition, pairs)
            elif definition.kind == "tte" and pairs:
                _ratios(study, page, block, definition, pairs)


def _levels(study: Study, page: Page, block: Block) -> list[tuple[str, list[str]]]:
    """Return each factor with the levels that have subjects, two at least, in their order."""
    found = []
    for name in stratifiers(study):
        place = page.levels.get(name, {})
        levels = sorted(
            {str(level) for level in block.column(name)[block.analysed]},
            key=lambda level, place=place: (place.get(level, 0.0), _place(level)),
        )
        levels = [level for level in levels if level != "NOT APPLICABLE"]
        if len(levels) > 1 and name != "BRIDGEFL":
            found.append((name, levels))
    return found


def _place(level: str) -> tuple[bool, bool, str]:
    """Return the place of a level: what is below a cut point first, what is above it last."""
    return (not level.startswith("<"), level.startswith(">"), level)


def _rates(study: Study, page: Page, block: Block, definition: Definition) -> None:
    answer, use = block.column("AVALC") == "Y", block.analysed
    page.section(f"{definition.label}: {ALL}")
    page.line(ALL)
    share_line(page, "", answer, use)
    for name, levels in _levels(study, page, block):
        page.section(f"{definition.label}: {name}")
        masks = [use & (block.column(name) == level) for level in levels]
        for level, mask in zip(levels, masks, strict=True):
            page.line(level)
            share_line(page, "", answer, mask)
        if name not in AFTER_ENROLMENT:
            test = equal_proportions([(answer & m).sum() for m in masks], [m.sum() for m in masks])
            page.line("Levels differ, p-value")
            page.add("p_value", PROPORTIONS, {"estimate": test.p_value}, note=test.note)


def _differences(
    study: Study, page: Page, block: Block, definition: Definition, pairs: tuple[Comparison, ...]
) -> None:
    answer, use = block.column("AVALC") == "Y", block.analysed
    for name, level, mask in _members(study, page, block, use):
        page.section(f"{definition.label}: {name}")
        page.line(level)
        for arm in compared_arms(study):
            share_line(page, arm, answer, mask & block.rows(Group(arm)))
        for against in pairs:
            sides = [mask & block.rows(Group(arm)) for arm in against.arms]
            counts = [count for own in sides for count in ((answer & own).sum(), own.sum())]
            with page.attempt("difference", DIFFERENCE, against.label):
                value = miettinen_nurminen(*(np.array([count]) for count in counts))
                limited = replace(value, p_value=np.nan)
                page.estimate("difference", DIFFERENCE, limited, arm=against.label)


def _ratios(
    study: Study, page: Page, block: Block, definition: Definition, pairs: tuple[Comparison, ...]
) -> None:
    event = subjects_of(block, None).event
    members = _members(study, page, block, block.analysed)
    for name, level, mask in members:
        page.section(f"{definition.label}: {name}")
        page.line(level)
        for arm in compared_arms(study):
            own = mask & block.rows(Group(arm))
            page.tally(int(event[own].sum()), int(own.sum()), arm=arm, method="events")
    for against in pairs:
        _ratio_of_each(page, block, definition, against, members)


def _ratio_of_each(
    page: Page,
    block: Block,
    definition: Definition,
    against: Comparison,
    members: list[tuple[str, str, np.ndarray]],
) -> None:
    """Write the ratio of one comparison at every level, and the test of interaction."""
    subjects, both = subjects_of(block, against), block.between(against)
    coefficients: dict[str, list[tuple[float, float]]] = {}
    for name, level, mask in members:
        page.section(f"{definition.label}: {name}")
        page.line(level)
        with page.attempt("cox", COX, against.label):
            part = subjects.where(mask & both)
            fit = cox(part.time, part.event, part.treated)
            limits = (float(fit.hazard_ratio[0]), float(fit.lower[0]), float(fit.upper[0]))
            notes = {"note": fit.note, "lower_note": fit.note, "upper_note": fit.note}
            page.estimate("cox", COX, Estimate(*limits, **notes), arm=against.label)
            coefficients.setdefault(name, []).append((float(fit.coef[0]), float(fit.se[0])))
    for name, found in coefficients.items():
        if name not in (*AFTER_ENROLMENT, ALL):
            test = equal_ratios(*zip(*found, strict=True))
            page.section(f"{definition.label}: {name}")
            page.line("Interaction, p-value")
            values = {"estimate": test.p_value}
            page.add("p_value", INTERACTION, values, arm=against.label, note=test.note)


def _members(
    study: Study, page: Page, block: Block, use: np.ndarray
) -> list[tuple[str, str, np.ndarray]]:
    """Return factor, level and mask of all subjects and of each level known before treatment.

    Bridging exists in one arm alone, so between the arms it has no levels.
    """
    found = [(ALL, ALL, use)]
    for name, levels in _levels(study, page, block):
        if name not in AFTER_ENROLMENT:
            found += [(name, level, use & (block.column(name) == level)) for level in levels]
    return found
