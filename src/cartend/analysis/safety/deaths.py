"""Causes of death by arm, time and infusion (specification 4.3), and of non-relapse mortality."""

import numpy as np
import pandas as pd

from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.safety.lines import share_line
from cartend.analysis.safety.subjects import Cohort
from cartend.config.definition import Definition
from cartend.contract.terms.death import CAUSE
from cartend.subject.periods import followed_until

ALL = "Deaths, any cause"


def deaths(
    cohort: Cohort, page: Page, adtte: pd.DataFrame, definitions: dict[str, Definition]
) -> None:
    """Write deaths known by the cut-off; the causes of each section add up to its deaths.

    Raises
    ------
    NotDerivableError
        Where nobody has a cause of death.
    """
    adsl = cohort.adsl
    dead = (adsl["DTHDT"].notna() & ~(adsl["DTHDT"] > adsl["CUTDT"])).to_numpy()
    inside = adsl["SAFFL"].eq("Y").to_numpy() | adsl["RANDFL"].eq("Y").to_numpy()
    if "DTHCAUS" not in adsl:
        raise NotDerivableError("ADSL has no cause of death")
    page.run("All subjects", _causes, cohort, page, dead & inside, inside)
    started = cohort.start.notna().to_numpy() & inside
    page.run("Treated", _causes, cohort, page, dead & started, started)
    without = inside & ~started
    if without.any():
        page.run("Never treated", _causes, cohort, page, dead & without, without)
    days = (adsl["DTHDT"] - cohort.start).dt.days.to_numpy(dtype=float)
    followed = (followed_until(adsl) - cohort.start).dt.days.to_numpy(dtype=float)
    edges = [(p.label, p.day) for p in cohort.safety.periods if p.id in cohort.after]
    for place, (label, begin) in enumerate(edges):
        end = edges[place + 1][1] if place + 1 < len(edges) else np.inf
        there = started & (followed >= begin)
        then = dead & (days >= begin) & (days < end)
        page.run(f"Treated, {label.lower()}", _causes, cohort, page, then & there, there)
    for name, definition in definitions.items():
        if definition.kind == "competing" and definition.family == "NRM":
            _without_relapse(cohort, page, adtte, name)


def _causes(cohort: Cohort, page: Page, dead: np.ndarray, base: np.ndarray) -> None:
    """Write the deaths among ``base`` and their causes, in the order of the taxonomy.

    A cause that an ADSL was brought with and the taxonomy does not know stands after them, as it
    was brought.
    """
    cause = cohort.adsl["DTHCAUS"].where(cohort.adsl["DTHCAUS"].notna(), "UNKNOWN").to_numpy()
    held = set(cause[dead])
    known = [name for name in CAUSE if name in held]
    known += sorted(held - set(known))
    plain = set(CAUSE) - set(CAUSE.group("acronym"))
    page.line(ALL)
    for arm in cohort.arms:
        share_line(page, arm, dead, base & cohort.of_arm(arm))
    for name in known:
        page.line(name.capitalize() if name in plain else name)
        for arm in cohort.arms:
            own = base & cohort.of_arm(arm)
            page.tally(int((dead & own & (cause == name)).sum()), int(own.sum()), arm=arm)


def _without_relapse(cohort: Cohort, page: Page, adtte: pd.DataFrame, name: str) -> None:
    """Write the causes of the deaths that an endpoint counts as non-relapse mortality."""
    study = cohort.study
    rows = adtte[adtte["PARAMCD"].eq(name) & adtte["POP"].eq(study.population)]
    rows = rows[rows["EVAL"].isin(("", study.primary_evaluator)) & rows["ANL01FL"].eq("Y")]
    if rows.empty:
        return
    base = cohort.adsl["USUBJID"].isin(rows["USUBJID"]).to_numpy()
    first = rows.loc[rows["STATE"].eq(1), "USUBJID"]
    dead = cohort.adsl["USUBJID"].isin(first).to_numpy()
    page.run(f"Deaths without relapse by {name} ({study.population})", _causes, cohort, page,
             dead, base)  # fmt: skip
