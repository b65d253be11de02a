"""Time to one event (specification, tables 5.3 and 5.4): who had an event, when, and who had not.

Events are the rows of CNSR = 0 alone and censoring reasons those of CNSR > 0, so a reason for
censoring never stands among the contributing events; both add up, which is asserted.
"""

from cartend.analysis.counts import BESIDE_PREFIX
from cartend.config.definition import TimeToEvent
from cartend.config.study import Study
from cartend.contract.terms.estimand import POPULATION
from cartend.contract.terms.results import BESIDE
from cartend.display import labels
from cartend.display.ard import Group, Results
from cartend.display.cells import landmark_limits, limits_of, month_form, single
from cartend.display.columns import compared, efficacy_columns
from cartend.display.format import Notes, fixed, months, p_value, percent, ratio, share, whole
from cartend.display.shell import Column, Row, Shell, assert_total, filled, sized
from cartend.display.words import Heading, nominal

QUARTILES = ((0.25, "25th percentile"), (0.75, "75th percentile"))
MODELS = (
    ("Unstratified analysis", "logrank", "cox"),
    ("Stratified analysis", "stratified_logrank", "stratified_cox"),
)


def tte_table(
    heading: Heading, definition: TimeToEvent, key: tuple[str, str, str], results: Results
) -> Shell | None:
    """Return the table of one endpoint, population and evaluator; None where nobody is in it."""
    study, notes = heading.study, Notes()
    columns = sized(efficacy_columns(study), results, "km")
    if not columns:
        return None
    table = "_".join(part for part in ("tte", *key) if part)
    subset = key[1] in POPULATION.group("after_baseline")
    rows = [
        *event_rows(study, table, results, columns, "Responders" if subset else "Patients"),
        *time_rows(study, definition, results, columns, notes),
        *comparison_rows(study, definition, results, columns, notes),
        *landmark_rows(study, results, columns, notes),
        *follow_up_rows(study, results, columns, notes),
    ]
    methods = _methods(results, ("km", "km_exact", "km_quantile", "follow_up"))
    return heading.shell(table, definition, key, columns, rows, notes, methods, "ADTTE", results)


def _methods(results: Results, analyses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (results.method(name) for name in analyses))))


def outcomes(results: Results, columns: tuple[Column, ...]) -> tuple[list[str], list[str]]:
    """Return the events (CNSR = 0) and the censoring reasons (``CNSR n: ...``) of the columns."""
    names = [name for column in columns for name in results.events(column.who, "count")]
    kept = [
        name
        for name in dict.fromkeys(names)
        if name not in BESIDE and not name.startswith(BESIDE_PREFIX)
    ]
    reasons = [name for name in kept if name.startswith("CNSR ")]
    return [name for name in kept if name not in reasons], sorted(reasons, key=_reason_order)


def _reason_order(name: str) -> tuple[int, str]:
    number = name.removeprefix("CNSR ").split(":")[0]
    return (int(number) if number.isdigit() else 99, name)


def reason_text(name: str) -> str:
    """Return a censoring reason as a row prints it."""
    code, _, words = name.partition(": ")
    return f"{words} (CNSR {code.removeprefix('CNSR ')})"


def event_rows(
    study: Study, table: str, results: Results, columns: tuple[Column, ...], who: str
) -> list[Row]:
    """Return the rows of events and of censoring; raise TableError where they do not add up."""
    events, reasons = outcomes(results, columns)
    for column in columns:
        _assert_sums(table, results, column, events, reasons)

    def total(name: str):
        return lambda group: share(
            results.number(group, "km", name), results.number(group, "km", "N")
        )

    def count(name: str):
        return lambda group: _counted(results, group, name)

    rows = [Row(f"{who} with event", filled(columns, total("events")), group="Events")]
    rows += [Row("Earliest contributing event", indent=1, group="Events")]
    seen = [e for e in events if any(results.number(c.who, "count", "n", event=e) for c in columns)]
    rows += [Row(labels.event(study, e), filled(columns, count(e)), 2, "Events") for e in seen]
    rows += [Row(f"{who} without event", filled(columns, total("censored")), group="Events")]
    rows += [Row("Reason for censoring", indent=1, group="Events")]
    return rows + [Row(reason_text(r), filled(columns, count(r)), 2, "Events") for r in reasons]


def _counted(results: Results, who: Group, event: str) -> str:
    count = results.number(who, "count", "n", event=event) or 0
    return share(count, results.number(who, "km", "N") or 0)


def _assert_sums(
    table: str, results: Results, column: Column, events: list[str], reasons: list[str]
) -> None:
    def counts(names: list[str]) -> dict[str, float]:
        return {n: results.number(column.who, "count", "n", event=n) or 0 for n in names}

    total, with_event, without = (
        results.number(column.who, "km", name) or 0 for name in ("N", "events", "censored")
    )
    assert_total(table, column, counts(events), with_event)
    assert_total(table, column, counts(reasons), without)
    assert_total(table, column, {"with event": with_event, "without": without}, total)


def time_rows(
    study: Study,
    definition: TimeToEvent,
    results: Results,
    columns: tuple[Column, ...],
    notes: Notes,
) -> list[Row]:
    """Return median, quartiles and range of the time to event, in months."""
    group, form = "Time to event (months)", month_form(study.months)

    def quantile(prob: float, statistic: str):
        return lambda who: single(results, who, "km_quantile", statistic, form, notes, prob=prob)

    def limits(prob: float):
        return lambda who: limits_of(results, who, "km_quantile", form, notes, prob=prob)

    rows = [Row("Median", filled(columns, quantile(0.5, "estimate")), group=group)]
    rows += [Row("95% CI", filled(columns, limits(0.5)), 1, group)]
    for prob, name in QUARTILES:
        cells = {
            c.id: f"{quantile(prob, 'estimate')(c.who)} {limits(prob)(c.who)}".strip()
            for c in columns
        }
        rows.append(Row(f"{name} (95% CI)", cells, group=group))
    ends = filled(columns, lambda who: _range(study, results, who))
    return [*rows, Row("Range (+ censored)", ends, group=group)]


def _range(study: Study, results: Results, who: Group) -> str:
    ends = []
    for end in ("min", "max"):
        days = results.number(who, "km", end)
        if days is None:
            return ""
        mark = "+" if results.number(who, "km", f"{end}_censored") else ""
        ends.append(f"{months(days, study.months)}{mark}")
    return " to ".join(ends)


def comparison_rows(
    study: Study,
    definition: TimeToEvent,
    results: Results,
    columns: tuple[Column, ...],
    notes: Notes,
) -> list[Row]:
    """Return test and hazard ratio, experimental over control, where the results compare arms."""
    pairs = compared(study, results, columns)
    return [row for pair in pairs for row in _of_pair(study, definition, results, *pair, notes)]


def _of_pair(
    study: Study,
    definition: TimeToEvent,
    results: Results,
    who: Group,
    where: str,
    notes: Notes,
) -> list[Row]:
    """Return the rows of one comparison, printed in the column of its experimental arm."""
    rows = []
    held = [m for m in MODELS if results.get(who, m[2], "estimate") is not None]
    for name, test, model in held:
        group = f"{name}, {labels.arm(study, who.arm)}"
        _, found, strata = results.method(model).partition("strata ")
        group += f" ({labels.strata(study)} {strata.replace('+', ', ')})" if found else ""
        p = single(results, who, test, "p_value", p_value, notes)
        hazard = single(results, who, model, "estimate", ratio, notes)
        limits = limits_of(results, who, model, ratio, notes)
        role = nominal(study, definition.id) if model == held[-1][2] else "nominal"
        rows.append(Row(f"p-value, log-rank, two-sided ({role})", {where: p}, group=group))
        rows.append(Row("Hazard ratio", {where: hazard}, group=group))
        rows.append(Row("95% CI", {where: limits}, 1, group))
    return rows


def landmark_rows(
    study: Study, results: Results, columns: tuple[Column, ...], notes: Notes
) -> list[Row]:
    """Return numbers at risk and event-free rates at the reporting times."""
    rows = []
    for time in results.times(columns[0].who, "km"):
        group = f"At {months(time, study.months)} months (day {fixed(time, 0)})"
        where = {"time": time}
        at_risk = filled(
            columns, lambda g, w=where: single(results, g, "km", "n_risk", whole, notes, **w)
        )
        rate = filled(
            columns, lambda g, w=where: single(results, g, "km", "estimate", percent, notes, **w)
        )
        limits = filled(columns, lambda g, w=where: landmark_limits(results, g, "km", notes, **w))
        rows.append(Row("Patients remaining at risk", at_risk, group=group))
        rows.append(Row("Event-free rate (%)", rate, group=group))
        rows.append(Row("95% CI", limits, 1, group))
    return rows


def follow_up_rows(
    study: Study, results: Results, columns: tuple[Column, ...], notes: Notes
) -> list[Row]:
    """Return the median follow-up by reverse Kaplan-Meier, in months."""
    form = month_form(study.months)

    def cell(who: Group) -> str:
        median = single(results, who, "follow_up", "median", form, notes)
        return f"{median} {limits_of(results, who, 'follow_up', form, notes)}".strip()

    return [Row("Median (95% CI)", filled(columns, cell), group="Follow-up (months)")]
