"""Disposition and analysis sets (specification, table 5.1), with the reasons of each loss."""

from cartend.config.study import Study
from cartend.contract.terms.disposition import FLOW_STEP, STUDY_STATUS
from cartend.contract.terms.results import COUNTED_SET, INTERVAL, RANGE
from cartend.contract.terms.therapy import BRIDGE, BRIDGING_KIND
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results
from cartend.display.cells import n_percent
from cartend.display.columns import efficacy_columns
from cartend.display.format import Notes, fixed, share, whole
from cartend.display.shell import Column, Row, Shell, assert_total, filled, sized
from cartend.display.tte import follow_up_rows
from cartend.display.words import Heading

BESIDE = FLOW_STEP.group("beside")
CONFORMITY = COUNTED_SET.group("conformity")


def disposition_table(heading: Heading, ard: Ard) -> Shell | None:
    """Return the flow of subjects and the analysis sets; None where the results hold neither."""
    sets, flow, notes = ard.of("SETS", "", ""), ard.of("FLOW", "", ""), Notes()
    columns = sized(efficacy_columns(heading.study), sets, "count", event="SAF")
    if not columns:
        return None
    rows = [
        *flow_rows(heading.study, flow, sets, columns, notes),
        *set_rows(heading.study, sets, columns, notes),
        *status_rows(ard.of("STATUS", "", ""), columns, notes),
        *interval_rows(heading.study, ard.of("INTERVALS", "", ""), columns, notes),
        *survival_follow_up(heading, ard, columns, notes),
    ]
    subtitle = (f"All subjects; scenario {heading.scenario}", heading.study.title)
    footnotes = (
        "Screened are the subjects with a record in DM. Bridging is given between leukapheresis "
        "and lymphodepletion. Sets that depend on response are those of the primary evaluator.",
        *heading.design(),
        *notes.lines(),
        heading.source("ADSL, ADTTE, ADRSP"),
    )
    title = "Disposition and analysis sets"
    about = {"kind": "disposition"}
    return Shell("disposition", title, subtitle, columns, tuple(rows), footnotes, about=about)


def survival_follow_up(
    heading: Heading, ard: Ard, columns: tuple[Column, ...], notes: Notes
) -> list[Row]:
    """Return the follow-up for survival of the study's population, by reverse Kaplan-Meier."""
    results = ard.of("OS", heading.study.population, "")
    if not results.method("follow_up"):
        return []
    (row,) = follow_up_rows(heading.study, results, columns, notes)
    group = f"Follow-up for survival since {heading.study.origin} (months, reverse Kaplan-Meier)"
    return [Row(row.label, row.cells, row.indent, group)]


def step_label(study: Study, step: str) -> str:
    """Return a step of the flow in words; enrolment in a randomised trial is randomisation."""
    if step == "ENROLLED" and study.design == "randomised":
        return "Randomised"
    return FLOW_STEP.label(step) if step in FLOW_STEP else step.capitalize()


def flow_rows(
    study: Study, flow: Results, sets: Results, columns: tuple[Column, ...], notes: Notes
) -> list[Row]:
    """Return the steps of each arm and the losses; every loss and the last step add up to N."""
    rows: list[Row] = []
    arms = list(study.arms) if study.design == "randomised" else [""]
    for arm in arms:
        column = next((c for c in columns if c.who == Group(arm)), None)
        names = flow.events(Group(arm), "count")
        if column is not None and names:
            rows += _arm_rows(study, arm, flow, sets, column, names, notes)
    return rows


def _arm_rows(
    study: Study,
    arm: str,
    flow: Results,
    sets: Results,
    column: Column,
    names: list[str],
    notes: Notes,
) -> list[Row]:
    who = Group(arm)
    counts = {n: flow.number(who, "count", "n", event=n) or 0 for n in names}
    steps = [n for n in names if ": " not in n and n.partition(" ")[2] not in BESIDE]
    ends = {n: c for n, c in counts.items() if ": " in n or n == steps[-1]}
    assert_total("disposition", column, ends, flow.number(who, "count", "N", event=names[0]) or 0)
    goal = "infusion" if steps[-1].endswith("INFUSED") else "treatment"
    group = f"Flow to {goal}, {labels.arm(study, arm)}" if arm else f"Flow to {goal}"
    rows = []
    for name in names:
        step, _, reason = name.partition(" ")[2].partition(": ")
        cell = {column.id: n_percent(flow, who, "count", notes, event=name)}
        if reason:
            lost = f"Not further than {step_label(study, step).lower()}: {reason.lower()}"
            rows.append(Row(lost, cell, 1, group))
        else:
            rows.append(Row(step_label(study, step), cell, int(step in BESIDE), group))
        if step == "BRIDGED":
            rows += _bridging_rows(arm, sets, column, group)
    return rows


def _bridging_rows(arm: str, sets: Results, column: Column, group: str) -> list[Row]:
    """Return how and with what class bridging was given; kinds and classes each add up."""
    total = sets.number(Group(arm), "count", "N", event="SAF") or 0
    rows = []
    for code, label in BRIDGING_KIND.labels.items():
        n = sets.number(Group(arm), "count", "n", event=f"BRIDGED: {code}")
        if n:
            rows.append(Row(label, {column.id: share(n, total)}, 2, group))
    for code in BRIDGE.group("given"):
        n = sets.number(Group(arm, "BRIDGE", code), "count", "N", event="SAF")
        if n:
            text = BRIDGE.label(code) if code != "OTHER" else "Neither alkylator nor IMiD"
            rows.append(Row(text, {column.id: share(n, total)}, 2, group))
    return rows


def set_rows(study: Study, sets: Results, columns: tuple[Column, ...], notes: Notes) -> list[Row]:
    """Return the size of each analysis set; the infused by conformity add up to the infused."""
    rows = []
    held = {event for column in columns for event in sets.events(column.who, "count")}
    for code, label in COUNTED_SET.labels.items():
        if (code == "RAND" and study.design != "randomised") or code not in held:
            continue
        cells = filled(columns, lambda g, c=code: n_percent(sets, g, "count", notes, event=c))
        rows.append(Row(label, cells, int(code in CONFORMITY), "Analysis sets"))
    if "INFCONF" in held:
        for column in columns:
            found = {p: sets.number(column.who, "count", "n", event=p) or 0 for p in CONFORMITY}
            infused = sets.number(column.who, "count", "n", event="INF") or 0
            assert_total("disposition", column, found, infused)
    return rows


def status_rows(status: Results, columns: tuple[Column, ...], notes: Notes) -> list[Row]:
    """Return who completed, goes on or left the study, with the reasons; both add up."""
    held = {event for column in columns for event in status.events(column.who, "count")}
    known = [state for state in STUDY_STATUS if state in held]
    states = [*known, *sorted(e for e in held if ": " not in e and e not in STUDY_STATUS)]
    rows, group = [], "Study status"
    for column in columns if states else ():
        found = {s: status.number(column.who, "count", "n", event=s) or 0 for s in states}
        total = status.number(column.who, "count", "N", event=states[0]) or 0
        assert_total("disposition", column, found, total)
    for state in states:
        reasons = sorted(e for e in held if e.startswith(f"{state}: "))
        for event in (state, *reasons):
            text = event.partition(": ")[2] or STUDY_STATUS.label(event)

            def cell(who: Group, event: str = event) -> str:
                return n_percent(status, who, "count", notes, event=event)

            cells = filled(columns, cell)
            rows.append(Row(text.capitalize(), cells, int(event != state), group))
    return rows


def interval_rows(
    study: Study, intervals: Results, columns: tuple[Column, ...], notes: Notes
) -> list[Row]:
    """Return number, median and range of the days from enrolment and leukapheresis on."""
    rows = []
    for event, label in INTERVAL.labels.items():

        def cell(who: Group, event: str = event) -> str:
            found = {s: intervals.get(who, "interval", s, event=event) for s in RANGE}
            if found["n"] is None:
                return ""
            if not found["n"].number:
                return whole(0)
            days = {s: fixed(found[s].number, 1 if s == "median" else 0) for s in RANGE[1:]}
            return f"{whole(found['n'].number)}; {days['median']} ({days['min']}, {days['max']})"

        if study.design == "randomised":
            label = label.replace("Enrolment", "Randomisation")
        cells = filled(columns, cell)
        if any(cells.values()):
            rows.append(Row(label, cells, 0, "Days between, n; median (min, max)"))
    return rows
