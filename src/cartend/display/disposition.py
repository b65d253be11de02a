"""Disposition and analysis sets (specification, table 5.1), with the reasons of each loss."""

from pathlib import Path

import pandas as pd

from cartend.config.study import Study
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results
from cartend.display.cells import n_percent
from cartend.display.columns import CLASS_LABEL, efficacy_columns
from cartend.display.format import Notes, share
from cartend.display.shell import Column, Row, Shell, assert_total, filled, sized
from cartend.display.words import Heading

STEPS = {
    "SCREENED": "Screened",
    "ENROLLED": "Enrolled",
    "LEUKAPHERESED": "Leukapheresed",
    "BRIDGED": "Bridging therapy received",
    "LYMPHODEPLETED": "Lymphodepletion started",
    "INFUSED": "Infused",
}
SETS = {
    "RAND": "All randomised (RAND)",
    "LA": "Leukapheresed (LA)",
    "INF": "Infused as assigned (INF)",
    "INFNC": "of these with a non-conforming product",
    "SAF": "Safety (SAF)",
}
STATUS = {"COMPLETED": "Completed", "ONGOING": "Ongoing", "DISCONTINUED": "Discontinued"}


def disposition_table(heading: Heading, ard: Ard, adsl_path: Path) -> Shell | None:
    """Return the flow of subjects and the analysis sets; None where the results hold neither."""
    sets, flow, notes = ard.of("SETS", "", ""), ard.of("FLOW", "", ""), Notes()
    columns = sized(efficacy_columns(heading.study), sets, "count", event="SAF")
    if not columns:
        return None
    rows = [
        *flow_rows(heading.study, flow, sets, columns, notes),
        *set_rows(heading.study, sets, columns, notes),
        *status_rows(adsl_path, columns),
    ]
    subtitle = (f"All subjects; scenario {heading.scenario}", heading.study.title)
    footnotes = (
        "Screened are the subjects with a record in DM. Bridging is given between leukapheresis "
        "and lymphodepletion. The flow is that of the subjects meant to be infused.",
        *notes.lines(),
        heading.source("ADSL"),
    )
    title = "Disposition and analysis sets"
    about = {"kind": "disposition"}
    return Shell("disposition", title, subtitle, columns, tuple(rows), footnotes, about=about)


def flow_rows(
    study: Study, flow: Results, sets: Results, columns: tuple[Column, ...], notes: Notes
) -> list[Row]:
    """Return the steps to infusion and the losses; every loss and the infused add up to N."""
    arm = study.arm_of_role("experimental") if study.design == "randomised" else ""
    column = next((c for c in columns if c.who == Group(arm)), None)
    names = flow.events(Group(arm), "count")
    if column is None or not names:
        return []
    counts = {n: flow.number(Group(arm), "count", "n", event=n) or 0 for n in names}
    ends = {n: c for n, c in counts.items() if ": " in n or n.endswith("INFUSED")}
    total = flow.number(Group(arm), "count", "N", event=names[0]) or 0
    assert_total("disposition", column, ends, total)
    rows, group = [], f"Flow to infusion, {labels.arm(study, arm)}" if arm else "Flow to infusion"
    for name in names:
        step, _, reason = name.partition(" ")[2].partition(": ")
        cell = {column.id: n_percent(flow, Group(arm), "count", notes, event=name)}
        if reason:
            lost = f"Not further than {STEPS.get(step, step).lower()}: {reason.lower()}"
            rows.append(Row(lost, cell, 1, group))
        else:
            rows.append(Row(STEPS.get(step, step), cell, 0, group))
        if step == "BRIDGED":
            rows += _class_rows(arm, sets, column, group)
    return rows


def _class_rows(arm: str, sets: Results, column: Column, group: str) -> list[Row]:
    total = sets.number(Group(arm), "count", "N", event="SAF") or 0
    rows = []
    for code, label in CLASS_LABEL.items():
        n = sets.number(Group(arm, "BRIDGE", code), "count", "N", event="SAF")
        if n:
            rows.append(
                Row(
                    f"{label}-based" if code != "OTHER" else label,
                    {column.id: share(n, total)},
                    1,
                    group,
                )
            )
    return rows


def set_rows(study: Study, sets: Results, columns: tuple[Column, ...], notes: Notes) -> list[Row]:
    """Return the size of each analysis set."""
    rows = []
    for code, label in SETS.items():
        if code == "RAND" and study.design != "randomised":
            continue
        cells = filled(columns, lambda g, c=code: n_percent(sets, g, "count", notes, event=c))
        rows.append(Row(label, cells, int(code == "INFNC"), "Analysis sets"))
    return rows


def status_rows(adsl_path: Path, columns: tuple[Column, ...]) -> list[Row]:
    """Return who completed, goes on or left the study, with reasons, counted in ADSL."""
    adsl = pd.read_parquet(adsl_path)
    if "EOSSTT" not in adsl:
        return []
    members = {c.id: adsl[_member(adsl, c.who)] for c in columns}
    adsl_reasons = adsl["DCSREAS"] if "DCSREAS" in adsl else pd.Series(dtype=object)
    for column in columns:
        status = members[column.id]["EOSSTT"].fillna("NOT STATED").value_counts().to_dict()
        assert_total("disposition", column, status, len(members[column.id]))

    def cells(name: str, value: str) -> dict[str, str]:
        return {
            key: share(int((part[name] == value).sum()), len(part)) for key, part in members.items()
        }

    rows = []
    known = [s for s in STATUS if (adsl["EOSSTT"] == s).any()]
    for status in [*known, *sorted(set(adsl["EOSSTT"].dropna()) - set(STATUS))]:
        label = STATUS.get(status, status.capitalize())
        rows.append(Row(label, cells("EOSSTT", status), 0, "Study status"))
    for reason in sorted(adsl_reasons.dropna().unique()):
        rows.append(Row(reason.capitalize(), cells("DCSREAS", reason), 1, "Study status"))
    return rows


def _member(adsl: pd.DataFrame, who: Group) -> pd.Series:
    mask = pd.Series(True, index=adsl.index)
    if who.arm:
        mask &= adsl["ARMCD"] == who.arm
    if who.by:
        mask &= adsl[who.by] == who.level
    return mask
