"""Who took part: the flow of subjects, analysis sets, study status, time to infusion.

Specification: endpoints 1.1b (the flow is a mandatory table), tables 5.1.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from cartend.analysis.ard import Ard, Cell, Place
from cartend.analysis.counts import SUBJECTS
from cartend.analysis.frames import FLAGS, Block
from cartend.analysis.plan import Group
from cartend.config.study import Study
from cartend.contract.terms.estimand import POPULATION
from cartend.contract.terms.results import ACCOUNT
from cartend.contract.terms.therapy import BRIDGING_KIND
from cartend.stats.results import not_estimable
from cartend.subject.flow import analysis_flow, control_flow

FLOW, SETS, STATUS, INTERVALS = ACCOUNT
EVALUABLE = POPULATION.group("by_response")
DAYS_BETWEEN = "days between the two dates"


def flow_rows(ard: Ard, study: Study, adsl: pd.DataFrame) -> None:
    """Write the flow of each arm: to infusion, and of a control arm to its first dose.

    ``event`` is the step with its place in the flow, as ``03 LEUKAPHERESED``; for those who went
    no further also the reason, as ``06 LEUKAPHERESED: DEATH``. Studies that bring their own ADSL
    have a flow only where all its dates are there.
    """
    if study.design != "randomised":
        _flow(ard, "", adsl, analysis_flow)
        return
    for code, arm in study.arms.items():
        make = control_flow if arm.role == "control" else analysis_flow
        _flow(ard, code, adsl[adsl["ARMCD"] == code], make)


def _flow(
    ard: Ard, arm: str, adsl: pd.DataFrame, make: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    try:
        flow = make(adsl)
    except KeyError:
        return
    cell = ard.cell(Place(FLOW, arm=arm))
    for row in flow.itertuples(index=False):
        name = f"{row.order:02d} {row.step}" + (f": {row.reason}" if row.reason else "")
        cell.add("count", SUBJECTS, {"n": int(row.n), "N": len(adsl)}, event=name)


def set_rows(
    ard: Ard,
    study: Study,
    groups: list[Group],
    adsl: pd.DataFrame,
    analysed: Iterable[pd.DataFrame] = (),
    kinds: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Write the size of every analysis set in every group.

    ``kinds`` are the classes of BRCLASS by how bridging was given (``Bridging.kinds``).

    The fixed sets are the flags of ADSL; the evaluable ones, which depend on response, are whoever
    has a row of that POP by the primary evaluator in ``analysed`` (ADTTE, ADRSP). ``kinds`` says
    how bridging was given, by the classes of BRCLASS.
    """
    block = whole(adsl)
    masks = {n: block.column(flag) == "Y" for n, flag in FLAGS.items() if flag in adsl}
    if "INFNCFL" in adsl:
        masks["INFCONF"] = (block.column("INFFL") == "Y") & (block.column("INFNCFL") != "Y")
    for name in EVALUABLE:
        members = _members(study, name, analysed)
        if members:
            masks[name] = adsl["USUBJID"].isin(members).to_numpy()
    if "BRCLASS" in adsl and kinds:
        for name in BRIDGING_KIND:
            masks[f"BRIDGED: {name}"] = np.isin(block.column("BRCLASS"), kinds[name])
    _count(ard, SETS, groups, block, masks)


def _members(study: Study, name: str, analysed: Iterable[pd.DataFrame]) -> set[str]:
    """Return who has a row of an analysis set, by the primary evaluator or none."""
    found: set[str] = set()
    for frame in analysed:
        if len(frame):
            own = frame["POP"].eq(name) & frame["EVAL"].isin(("", study.primary_evaluator))
            found |= set(frame.loc[own, "USUBJID"])
    return found


def status_rows(ard: Ard, groups: list[Group], adsl: pd.DataFrame) -> None:
    """Write who completed, goes on or left the study, and the reasons of those who left."""
    if "EOSSTT" not in adsl:
        return
    block = whole(adsl)
    status = adsl["EOSSTT"].where(adsl["EOSSTT"].notna(), "NOT STATED").to_numpy(dtype=object)
    masks = {str(name): status == name for name in sorted(set(status))}
    if "DCSREAS" in adsl:
        reason = adsl["DCSREAS"].where(adsl["DCSREAS"].notna(), "REASON NOT STATED").to_numpy()
        left = status == "DISCONTINUED"
        for name in sorted(set(reason[left])):
            masks[f"DISCONTINUED: {name}"] = left & (reason == name)
    _count(ard, STATUS, groups, block, masks)


def interval_rows(ard: Ard, study: Study, groups: list[Group], adsl: pd.DataFrame) -> None:
    """Write the days from enrolment, and from leukapheresis, to infusion."""
    first = "RANDDT" if study.design == "randomised" else "ENRLDT"
    spans = {
        "ENROLMENT TO INFUSION": (first, "TRTSDT"),
        "LEUKAPHERESIS TO LYMPHODEPLETION": ("LEUKDT", "LDDT"),
        "LEUKAPHERESIS TO INFUSION": ("LEUKDT", "TRTSDT"),
    }
    block = whole(adsl)
    for name, (begin, end) in spans.items():
        if begin not in adsl or end not in adsl:
            continue
        days = (adsl[end] - adsl[begin]).dt.days.to_numpy(dtype=float)
        for group in groups:
            cell = ard.cell(Place(INTERVALS, "", "", *group_place(group)))
            values = days[block.rows(group)]
            described_row(cell, "interval", DAYS_BETWEEN, values, name, "no dates")


def described_row(
    cell: Cell, analysis: str, method: str, values: np.ndarray, event: str, absent: str
) -> None:
    """Write number, median and range of the known values; a note where there are none."""
    values = values[np.isfinite(values)]
    shown = {"n": int(values.size), "median": None, "min": None, "max": None}
    if values.size:
        ends = {"min": float(values.min()), "max": float(values.max())}
        shown |= {"median": float(np.median(values)), **ends}
    note = "" if values.size else not_estimable(absent)
    cell.add(analysis, method, shown, event=event, note=note)


def whole(adsl: pd.DataFrame) -> Block:
    """Return ADSL as a block, so that its groups are found as those of every endpoint."""
    return Block(SETS, "", "", adsl, np.ones(len(adsl), dtype=bool))


def group_place(group: Group) -> tuple[str, str, str]:
    """Return arm, by and level of a group."""
    return group.arm, group.by, group.level


def _count(
    ard: Ard, name: str, groups: list[Group], block: Block, masks: dict[str, np.ndarray]
) -> None:
    for group in groups:
        rows = block.rows(group)
        cell = ard.cell(Place(name, "", "", *group_place(group)))
        for event, mask in masks.items():
            counts = {"n": int((mask & rows).sum()), "N": int(rows.sum())}
            cell.add("count", SUBJECTS, counts, event=event)
