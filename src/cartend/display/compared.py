"""The definitions that are compared: one entry each, its numbers, and how a table shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cartend.analysis.plan import comparisons
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.terms.estimand import FAMILY
from cartend.contract.terms.results import LIMITS
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results
from cartend.display.cells import month_form
from cartend.display.format import Notes, p_value, ratio, text, whole, with_interval
from cartend.display.shell import Column, Row, Shell, assert_total
from cartend.display.tte import outcomes
from cartend.display.words import Heading, ordered, preference, role_of

FAMILIES = FAMILY.group("definitions")
STEM = "efs_definitions"
LEADING = (
    Column("endpoint", "Endpoint", Group()),
    Column("scenario", "Scenario", Group()),
    Column("role", "Role", Group()),
)


@dataclass(frozen=True)
class Entry:
    """One definition in one scenario, in one population, as one evaluator judged it."""

    scenario: str
    definition: Definition
    population: str
    evaluator: str
    results: Results
    role: str

    @property
    def primary(self) -> bool:
        """Whether this is the study's primary endpoint as shipped, not a scenario's variant."""
        return self.role == "primary"


def compact(shell: Shell) -> Shell:
    """Return a comparison to be looked at: the columns that name a definition join its label.

    A table with other leading columns stays as it is.
    """
    names = [column.id for column in LEADING]
    if not set(names) <= {column.id for column in shell.columns}:
        return shell
    rows = [
        replace(
            row, label="{} ({endpoint}; scenario {scenario}; {role})".format(row.label, **row.cells)
        )
        for row in shell.rows
    ]
    columns = tuple(column for column in shell.columns if column.id not in names)
    return replace(shell, columns=columns, rows=tuple(rows))


def entries(
    study: Study,
    scenarios: Mapping[str, object],
    ards: Mapping[str, Ard],
    families: Sequence[str],
) -> list[Entry]:
    """Return every definition of the families in every scenario, the primary endpoint first."""
    found = []
    for name, ard in ards.items():
        definitions = scenarios[name].definitions
        chosen = {i: d for i, d in definitions.items() if d.family in families}
        for paramcd in ordered(study, chosen):
            definition = chosen[paramcd]
            role = role_of(study, paramcd).role if name == "primary" else "sensitivity"
            keys = [key for key in ard.keys if key[0] == paramcd and " vs " not in key[2]]
            found += [Entry(name, definition, *key[1:], ard.of(*key), role) for key in keys]
    return sorted(found, key=lambda entry: _place(study, entry, families))


def _place(study: Study, entry: Entry, families: Sequence[str]) -> tuple:
    """Sort key: population and evaluator, then the primary endpoint, family, name, scenario."""
    definition = entry.definition
    first = preference(study, definition, entry.population, entry.evaluator)
    family = families.index(definition.family)
    return (*first, not entry.primary, family, definition.id, entry.scenario != "primary")


def of_primary(found: Iterable[Entry]) -> list[Entry]:
    """Return of each definition the first population and evaluator: the ones of the figure."""
    best: dict[tuple[str, str], Entry] = {}
    for entry in found:
        best.setdefault((entry.scenario, entry.definition.id), entry)
    return list(best.values())


def group_label(entry: Entry) -> str:
    """Return population and evaluator of an entry, under which the table lists it."""
    judged = f", {labels.evaluator(entry.evaluator)}" if entry.evaluator else ""
    return f"{labels.population(entry.population)} ({entry.population}){judged}"


def leading_cells(entry: Entry) -> dict[str, str]:
    """Return the cells that say which definition a row is."""
    return {"endpoint": entry.definition.id, "scenario": entry.scenario, "role": entry.role}


def sentences(found: Iterable[Entry]) -> list[str]:
    """Return the sentence of each definition and scenario once, as footnotes."""
    said = {(e.definition.id, e.scenario): e.definition.sentence for e in found}
    return [f"{name} ({scenario}): {sentence}" for (name, scenario), sentence in said.items()]


def comparison_table(heading: Heading, table: str, found: list[Entry]) -> Shell | None:
    """Return one row a definition: subjects, events by type, medians, hazard ratio."""
    if not found:
        return None
    study, notes = heading.study, Notes()
    columns = (*LEADING, *result_columns(study))
    rows = [
        Row(
            e.definition.label,
            {**leading_cells(e), **result_cells(study, table, e, notes)},
            0,
            group_label(e),
        )
        for e in found
    ]
    said = (
        *said_of_results(study, found),
        *notes.lines(),
        *sentences(found),
        heading.source("ADTTE of every scenario"),
    )
    title = "Event-free and progression-free survival under every definition"
    title += ", other populations and evaluators" if table != STEM else ""
    subtitle = (f"Study {study.id}, all scenarios",)
    return Shell(table, title, subtitle, columns, tuple(rows), said)


def result_columns(study: Study) -> tuple[Column, ...]:
    """Return the columns of results: per arm N, events and median; hazard ratio and test."""
    columns = []
    for code, label in arms_of(study).items():
        columns += [
            Column(f"n_{code}", "N", Group(code), label),
            Column(f"events_{code}", "events by type", Group(code), label),
            Column(f"median_{code}", "median, months (95% CI)", Group(code), label),
        ]
    for who, (hazard, p) in pair_columns(study).items():
        spanner = labels.arm(study, who.arm) if len(study.pairs) > 1 else ""
        columns.append(Column(hazard, "Hazard ratio (95% CI)", Group(), spanner))
        columns.append(Column(p, "Log-rank p", Group(), spanner))
    return (*columns, Column("open", "Windows open at cut-off", Group()))


def pair_columns(study: Study) -> dict[Group, tuple[str, str]]:
    """Return the ids of the columns of hazard ratio and test, by comparison."""
    pairs = [Group(against.label) for against in comparisons(study)]
    if len(pairs) == 1:
        return {pairs[0]: ("hr", "p")}
    return {who: (f"hr_{place}", f"p_{place}") for place, who in enumerate(pairs)}


def said_of_results(study: Study, found: Iterable[Entry]) -> tuple[str, ...]:
    """Return the footnotes under the columns of results, the methods among them."""
    found = list(found)
    methods = dict.fromkeys(entry.results.method("km_quantile") for entry in found)
    for analysis in ("cox", "logrank"):
        methods |= dict.fromkeys(
            e.results.method(shown(e.results, who, analysis))
            for e in found
            for who in pair_columns(study)
        )
    return (
        "All rows are estimated on the data of one trial; only the definition differs. A "
        "p-value of an endpoint to which the study assigns no alpha is nominal.",
        "Windows open at the cut-off: subjects left out because their landmark had not come.",
        f"Method: {'; '.join(m.replace('+', ', ') for m in methods if m)}.",
    )


def arms_of(study: Study) -> dict[str, str]:
    """Return the arms to compare by their codes; a single arm is all subjects."""
    if study.design == "randomised":
        return {code: arm.label for code, arm in study.arms.items()}
    return {"": "All subjects"}


def shown(results: Results, who: Group, analysis: str) -> str:
    """Return the form of a comparison that is shown: stratified where the results hold one."""
    stratified = f"stratified_{analysis}"
    statistic = "estimate" if analysis == "cox" else "p_value"
    return stratified if results.get(who, stratified, statistic) is not None else analysis


def result_cells(study: Study, table: str, entry: Entry, notes: Notes) -> dict[str, str]:
    """Return the cells of ``result_columns`` for one definition."""
    results, form = entry.results, month_form(study.months)
    left_out = results.number(Group(), "count", "n", event="WINDOW_OPEN") or 0
    cells = {"open": whole(left_out)}
    for code, label in arms_of(study).items():
        who = Group(code)
        cells[f"n_{code}"] = text(results.get(who, "km", "N"), whole, notes)
        cells[f"events_{code}"] = _events(study, table, results, Column(code, label, who))
        median = [results.get(who, "km_quantile", name, prob=0.5) for name in LIMITS]
        cells[f"median_{code}"] = with_interval(*median, form, notes)
    for who, (ratio_column, p_column) in pair_columns(study).items():
        if who in results.groups:
            hazard = [results.get(who, shown(results, who, "cox"), name) for name in LIMITS]
            cells[ratio_column] = with_interval(*hazard, ratio, notes)
            test = results.get(who, shown(results, who, "logrank"), "p_value")
            cells[p_column] = text(test, p_value, notes)
    return cells


def _events(study: Study, table: str, results: Results, column: Column) -> str:
    """Return ``n: type n, ...``, the most frequent first; the types add up to the events."""
    names, _ = outcomes(results, (column,))
    counts = {name: results.number(column.who, "count", "n", event=name) or 0 for name in names}
    total = results.number(column.who, "km", "events") or 0
    assert_total(table, column, counts, total)
    seen = {name: count for name, count in counts.items() if count}
    ranked = sorted((-count, labels.event(study, name).lower()) for name, count in seen.items())
    parts = [f"{name} {whole(-count)}" for count, name in ranked]
    return f"{whole(total)}: {', '.join(parts)}" if parts else whole(total)
