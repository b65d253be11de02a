"""Which analyses an endpoint gets, as data: groups of subjects, estimates, comparisons."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.terms.results import ANALYSIS

MISSING = "MISSING"
SUBGROUPS = ("BRIDGE", "BRIDGEFL", "AGEGR")

ESTIMATES = {
    "tte": ("count", "km", "km_quantile", "rmst", "follow_up", "completeness"),
    "competing": ("count", "cif", "proportion", "follow_up", "completeness"),
    "rate": ("count", "proportion", "target", "time_to_response"),
}
"""Estimates with their intervals, for every group of subjects."""

COMPARISONS = {
    "tte": ("logrank", "stratified_logrank", "weighted_logrank", "cox", "stratified_cox"),
    "competing": ("gray", "cause_specific_cox", "fine_gray"),
    "rate": ("difference", "odds_ratio"),
}
"""Comparisons of the arms: whole population of a randomised trial only (D33, D34)."""

STATISTICS = {name: one.statistics for name, one in ANALYSIS.items()}
"""The statistics of each analysis; a failed one writes all of them with its note."""

COMPARABLE = ("RAND",)
"""Populations fixed before treatment: only here do the arms differ by chance alone (D34)."""


@dataclass(frozen=True)
class Group:
    """One group of subjects: an arm or all, and a level of one stratifier or all."""

    arm: str = ""
    by: str = ""
    level: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two arms that are compared, experimental against control, and the strata of the tests.

    Everything of it is computed from the subjects of these two arms alone (D40). ``kind`` says
    whether the strata are as randomised or as verified later (D54).
    """

    experimental: str
    control: str
    strata: tuple[str, ...]
    kind: str = "randomised"

    @property
    def arms(self) -> tuple[str, str]:
        """Return the experimental arm and the control."""
        return (self.experimental, self.control)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the value of ARD's ``arm``."""
        return f"{self.experimental} vs {self.control}"

    @property
    def strata_label(self) -> str:
        """Return the stratification factors as the methods name them, blank without any.

        Strata as verified are said to be that: the test is not the one of the randomisation.
        """
        named = f"strata {'+'.join(self.strata)}" if self.strata else ""
        return f"{self.kind} {named}" if named and self.kind == "verified" else named


def stratifiers(study: Study) -> tuple[str, ...]:
    """Return every column by which estimates are broken down, each once."""
    return tuple(dict.fromkeys((*SUBGROUPS, *study.strata, *study.subgroups)))


def arms(study: Study) -> tuple[str, ...]:
    """Return '' for all subjects, then each arm of a randomised trial."""
    return ("", *study.arms) if study.design == "randomised" else ("",)


def groups(
    study: Study, frames: Iterable[pd.DataFrame], by_columns: Iterable[str] | None = None
) -> list[Group]:
    """Return the groups to estimate for: the same for every endpoint of the run.

    1. Levels are those that any of ``frames`` (ADSL, ADTTE, ADRSP) has in the arm, so a level
       without subjects in one endpoint is written with N = 0 and its notes.
    2. A subject without a value is in level ``MISSING``, so levels add up to all.
    ``frames`` hold ARMCD and the stratifiers, without missing values.
    """
    found: set[tuple[str, str, str]] = set()
    for frame in frames:
        for by in stratifiers(study) if by_columns is None else by_columns:
            if by in frame and len(frame):
                pairs = frame[["ARMCD", by]].drop_duplicates()
                found |= {(arm, by, level) for arm, level in pairs.itertuples(index=False)}
    listed = []
    for arm in arms(study):
        listed.append(Group(arm))
        levels = {(by, level) for code, by, level in found if arm in ("", code)}
        listed += [Group(arm, by, level) for by, level in sorted(levels)]
    return listed


def comparisons(study: Study) -> tuple[Comparison, ...]:
    """Return the pairs of arms that a study compares, in its order; none for a single arm (D40)."""
    if study.design != "randomised":
        return ()
    strata = (study.strata, study.strata_are)
    return tuple(Comparison(p.experimental, p.control, *strata) for p in study.pairs)


def contrasts(study: Study, definition: Definition, population: str) -> tuple[Comparison, ...]:
    """Return the comparisons that an endpoint gets; none where the design or D34 forbids them."""
    if population not in COMPARABLE or not getattr(definition, "tests", True):
        return ()
    return comparisons(study)


def intended_arms(study: Study) -> tuple[str, ...]:
    """Return the arms meant to be infused and held against a target: '' for a single arm."""
    if study.design != "randomised":
        return ("",)
    return tuple(code for code, arm in study.arms.items() if arm.role == "experimental")


def compared_arms(study: Study) -> tuple[str, ...]:
    """Return every arm that is in a comparison, in the order of the study."""
    named = {arm for pair in comparisons(study) for arm in pair.arms}
    return tuple(code for code in study.arms if code in named)
