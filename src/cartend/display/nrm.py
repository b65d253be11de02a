"""Non-relapse mortality and its competing events (specification, table 5.5)."""

from cartend.config.definition import TimeToEvent
from cartend.config.study import Study
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.estimand import TAG
from cartend.contract.terms.results import DIVISION
from cartend.display import labels
from cartend.display.ard import Group, Results
from cartend.display.cells import landmark_limits, limits_of, n_percent, percent_limits, single
from cartend.display.columns import compared, efficacy_columns
from cartend.display.format import Notes, fixed, months, p_value, percent, ratio, whole
from cartend.display.shell import Column, Row, Shell, assert_total, filled, sized
from cartend.display.tte import follow_up_rows
from cartend.display.words import Heading

MODELS = (
    ("fine_gray", "Subdistribution hazard ratio (Fine-Gray)"),
    ("cause_specific_cox", "Cause-specific hazard ratio (Cox)"),
)


def nrm_table(
    heading: Heading, definition: TimeToEvent, key: tuple[str, str, str], results: Results
) -> Shell | None:
    """Return the table of one competing-risks endpoint; None where nobody is in it."""
    study, notes = heading.study, Notes()
    columns = sized(efficacy_columns(study), results, "proportion", event="1")
    if not columns:
        return None
    table = "_".join(part for part in ("nrm", *key) if part)
    states = {str(number): _title(name) for number, name in definition.states.items()}
    cut = definition.early_cut
    tags = {code: label.format(early_cut=cut) for code, label in TAG.labels.items()}
    rows = [
        *state_rows(table, results, columns, states, details_of(definition), notes, tags),
        *incidence_rows(study, results, columns, states, notes),
        *comparison_rows(study, results, columns, states, notes),
        *follow_up_rows(study, results, columns, notes),
    ]
    names = ("cif", "cif_exact", "proportion", "gray", "fine_gray")
    methods = tuple(filter(None, (results.method(name) for name in names)))
    return heading.shell(table, definition, key, columns, rows, notes, methods, "ADTTE", results)


def _title(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def details_of(definition: TimeToEvent) -> tuple[str, ...]:
    """Return how state 1 is broken down: by cause and tag where it is death, else not."""
    kinds = {event.type for event in definition.events.values() if event.state == 1}
    return DIVISION.group("of_deaths") if kinds == {"DEATH"} else ()


def state_rows(
    table: str,
    results: Results,
    columns: tuple[Column, ...],
    states: dict[str, str],
    details: tuple[str, ...],
    notes: Notes,
    tags: dict[str, str],
) -> list[Row]:
    """Return who reached which state first, and the causes and tags of deaths in state 1.

    ``details`` are the kinds of row that state 1 is broken down by; the causes add up to it.

    Raises
    ------
    TableError
        Where the states do not add up to N, or the causes not to the deaths.
    """
    names = [e for e in results.events(columns[0].who, "count") if e.startswith("STATE ")]
    for column in columns:
        counts = {n: results.number(column.who, "count", "n", event=n) or 0 for n in names}
        total = results.number(column.who, "proportion", "N", event="1") or 0
        assert_total(table, column, counts, total)
    group = "First event"
    rows = []
    for name in sorted(names, key=lambda name: (name.startswith("STATE 0"), name)):
        number, _, words = name.removeprefix("STATE ").partition(": ")
        label = "No event (censored)" if number == "0" else states.get(number, words)
        cells = filled(columns, lambda g, n=name: n_percent(results, g, "count", notes, event=n))
        rows.append(Row(label, cells, group=group))
        if number == "1" and details:
            rows += _detail_rows(table, results, columns, group, tags)
    return rows


def _detail_rows(
    table: str,
    results: Results,
    columns: tuple[Column, ...],
    group: str,
    words: dict[str, str],
) -> list[Row]:
    """Return causes and tags of the deaths in state 1; the causes add up to the deaths."""

    def names(prefix: str) -> list[str]:
        found = [e for c in columns for e in results.events(c.who, "count")]
        return sorted({e for e in found if e.startswith(prefix)})

    def cells(name: str) -> dict[str, str]:
        return filled(columns, lambda g: whole(results.number(g, "count", "n", event=name) or 0))

    causes = names("CAUSE ")
    for column in columns if causes else ():
        counts = {c: results.number(column.who, "count", "n", event=c) or 0 for c in causes}
        deaths = results.number(column.who, "proportion", "n", event="1") or 0
        assert_total(table, column, counts, deaths)
    rows = [Row("Cause of death, n", indent=1, group=group)] if causes else []
    for name in causes:
        rows.append(Row(CAUSE.label(name.removeprefix("CAUSE ")), cells(name), 2, group))
    tags = names("TAG ")
    rows += [Row("Of these, n", indent=1, group=group)] if tags else []
    for name in tags:
        code = name.removeprefix("TAG ")
        rows.append(Row(words.get(code, code), cells(name), 2, group))
    return rows


def incidence_rows(
    study: Study,
    results: Results,
    columns: tuple[Column, ...],
    states: dict[str, str],
    notes: Notes,
) -> list[Row]:
    """Return the cumulative incidence of each event at the reporting times."""
    rows = []
    for time in results.times(columns[0].who, "cif"):
        group = f"Cumulative incidence (%) at {months(time, study.months)} months"
        group += f" (day {fixed(time, 0)})"

        def at_risk(who: Group, time: float = time) -> str:
            return single(results, who, "cif", "n_risk", whole, notes, event="1", time=time)

        rows.append(Row("Still at risk, free of every event", filled(columns, at_risk), 0, group))
        for state, name in states.items():

            def cell(who: Group, state: str = state, time: float = time) -> str:
                where = {"event": state, "time": time}
                rate = single(results, who, "cif", "estimate", percent, notes, **where)
                return f"{rate} {landmark_limits(results, who, 'cif', notes, **where)}".strip()

            rows.append(Row(f"{name} (95% CI)", filled(columns, cell), 0, group))
    group = "Crude proportion (95% CI), ignores censoring"
    for state, name in states.items():

        def crude(who: Group, state: str = state) -> str:
            count = n_percent(results, who, "proportion", notes, event=state)
            return f"{count} {percent_limits(results, who, 'proportion', notes, event=state)}"

        rows.append(Row(name, filled(columns, crude), 0, group))
    return rows


def comparison_rows(
    study: Study,
    results: Results,
    columns: tuple[Column, ...],
    states: dict[str, str],
    notes: Notes,
) -> list[Row]:
    """Return Gray's test and both hazard ratios, each named with its event."""
    pairs = compared(study, results, columns)
    return [row for pair in pairs for row in _of_pair(study, results, *pair, states, notes)]


def _of_pair(
    study: Study,
    results: Results,
    who: Group,
    where: str,
    states: dict[str, str],
    notes: Notes,
) -> list[Row]:
    """Return the rows of one comparison, printed in the column of its experimental arm."""
    rows, arms = [], labels.arm(study, who.arm)
    for state, name in states.items():
        group = f"{name}, {arms} (nominal)"
        for method in results.methods(who, "gray"):
            value = results.get(who, "gray", "p_value", event=state, method=method)
            if value is not None:
                p = single(
                    results, who, "gray", "p_value", p_value, notes, event=state, method=method
                )
                rows.append(Row(f"p-value ({method.replace('+', ', ')})", {where: p}, 0, group))
        for analysis, label in MODELS:
            if results.get(who, analysis, "estimate", event=state) is None:
                continue
            estimate = single(results, who, analysis, "estimate", ratio, notes, event=state)
            limits = limits_of(results, who, analysis, ratio, notes, event=state)
            rows.append(Row(f"{label} (95% CI)", {where: f"{estimate} {limits}"}, 0, group))
    return rows
