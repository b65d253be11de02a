"""Definitions of EFS and PFS side by side: every scenario on the same data (R33).

Which definition is chosen decides the result as much as the treatment does; so all of them stand
in one table and one figure, the study's primary marked, with the numbers whose window is open.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results
from cartend.display.cells import LIMITS, month_form
from cartend.display.format import Notes, ratio, text, whole, with_interval
from cartend.display.shell import Column, Row, Shell
from cartend.display.tte import outcomes
from cartend.display.words import Heading, cutoff_of, ordered, preference, role_of

FAMILIES = ("EFS", "PFS")
STEM = "definitions_compared"


@dataclass(frozen=True)
class Entry:
    """One definition in one scenario, as one evaluator judged it."""

    scenario: str
    definition: Definition
    population: str
    evaluator: str
    results: Results
    primary: bool


def compare(
    study: Study,
    scenarios: Mapping[str, object],
    results_dir: Path,
    out_dir: Path,
    formats: object,
) -> None:
    """Write the comparison of all definitions of EFS and PFS of a study into ``out_dir``."""
    results_dir, out_dir = Path(results_dir), Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    found = entries(study, scenarios, results_dir)
    listed: list[dict] = []
    if found:
        heading = Heading(study, "all", cutoff_of(study, results_dir / "adam" / "adsl.parquet"))
        shell = comparison_table(heading, found)
        tables, figures = wanted(formats, "tables"), wanted(formats, "figures")
        if tables:
            from cartend.display.writers import write_shell

            write_shell(shell, out_dir, tables)
        if figures:
            from cartend.display.forest import write_forest

            write_forest(heading, found, out_dir / STEM, figures)
        listed = [{"stem": STEM, "title": shell.title, "subtitle": list(shell.subtitle)}]
    index = json.dumps(listed, indent=1, ensure_ascii=False)
    (out_dir / "index.json").write_text(index + "\n", encoding="utf-8")


def wanted(formats: object, kind: str) -> list[str]:
    """Return the formats of tables or figures, from the configuration's model or a mapping."""
    listed = formats.get(kind, ()) if isinstance(formats, Mapping) else getattr(formats, kind)
    return list(listed)


def entries(study: Study, scenarios: Mapping[str, object], results_dir: Path) -> list[Entry]:
    """Return every definition of the families in every scenario, primary evaluator first."""
    found = []
    for name, scenario in scenarios.items():
        chosen = {i: d for i, d in scenario.definitions.items() if d.family in FAMILIES}
        if not chosen:
            continue
        ard = Ard.read(results_dir / name / "ard.csv")
        for paramcd in ordered(study, chosen):
            definition = chosen[paramcd]
            first = name == "primary" and role_of(study, paramcd).role == "primary"
            keys = [key for key in ard.keys if key[0] == paramcd and " vs " not in key[2]]
            keys.sort(key=lambda key, d=definition: preference(study, d, *key[1:]))
            found += [Entry(name, definition, *key[1:], ard.of(*key), first) for key in keys]
    return sorted(found, key=lambda entry: _place(study, entry))


def _place(study: Study, entry: Entry) -> tuple:
    """Sort key: population and evaluator, then the primary endpoint, EFS before PFS, by name."""
    definition = entry.definition
    first = preference(study, definition, entry.population, entry.evaluator)
    family = FAMILIES.index(definition.family)
    return (*first, not entry.primary, family, definition.id, entry.scenario != "primary")


def group_label(entry: Entry) -> str:
    """Return population and evaluator of an entry, under which the table lists it."""
    judged = f", {labels.evaluator(entry.evaluator)}" if entry.evaluator else ""
    return f"{labels.population(entry.population)} ({entry.population}){judged}"


def comparison_table(heading: Heading, found: list[Entry]) -> Shell:
    """Return one row a definition: subjects, events by type, medians, hazard ratio."""
    study, notes = heading.study, Notes()
    arms = _arms(study)
    columns = [Column("scenario", "Scenario", Group()), Column("open", "Open windows", Group())]
    for code, label in arms.items():
        columns += [
            Column(f"n_{code}", "N", Group(code), label),
            Column(f"events_{code}", "Events, by type", Group(code), label),
            Column(f"median_{code}", "Median, months (95% CI)", Group(code), label),
        ]
    if study.design == "randomised":
        columns.append(Column("hr", "Hazard ratio (95% CI)", Group()))
    rows = [
        Row(label_of(entry), _cells(study, entry, arms, notes), 0, group_label(entry))
        for entry in found
    ]
    methods = dict.fromkeys(entry.results.method("km_quantile") for entry in found)
    if study.design == "randomised":
        methods |= dict.fromkeys(entry.results.method(model_of(entry.results)) for entry in found)
    shown = {(e.definition.id, e.scenario): e.definition.sentence for e in found}
    said = [f"{name} ({scenario}): {sentence}" for (name, scenario), sentence in shown.items()]
    said += [
        "All rows are estimated on the data of one trial; only the definition differs. "
        "Hazard ratios other than the primary are descriptive.",
        "Open windows: subjects left out because their landmark window was open at the cut-off.",
        f"Method: {'; '.join(m.replace('+', ', ') for m in methods if m)}.",
        *notes.lines(),
        heading.source("ADTTE of every scenario"),
    ]
    title = "Definitions of event-free and progression-free survival compared"
    subtitle = (f"Study {study.id}; * primary endpoint of the study",)
    return Shell(STEM, title, subtitle, tuple(columns), tuple(rows), tuple(said))


def _arms(study: Study) -> dict[str, str]:
    if study.design == "randomised":
        return {code: arm.label for code, arm in study.arms.items()}
    return {"": "All subjects"}


def label_of(entry: Entry) -> str:
    """Return the name of a definition; the study's primary has a star."""
    star = " *" if entry.primary else ""
    return f"{entry.definition.label} ({entry.definition.id}){star}"


def model_of(results: Results) -> str:
    """Return the model whose hazard ratio is shown: stratified where there is one."""
    who = results.comparison
    if who is not None and results.get(who, "stratified_cox", "estimate") is not None:
        return "stratified_cox"
    return "cox"


def _cells(study: Study, entry: Entry, arms: dict[str, str], notes: Notes) -> dict[str, str]:
    results, form = entry.results, month_form(study.months)
    left_out = results.number(Group(), "count", "n", event="WINDOW_OPEN") or 0
    cells = {"scenario": entry.scenario, "open": whole(left_out)}
    for code in arms:
        who = Group(code)
        cells[f"n_{code}"] = text(results.get(who, "km", "N"), whole, notes)
        cells[f"events_{code}"] = _events(results, who)
        median = [results.get(who, "km_quantile", name, prob=0.5) for name in LIMITS]
        cells[f"median_{code}"] = with_interval(*median, form, notes)
    if results.comparison is not None:
        model = model_of(results)
        hazard = [results.get(results.comparison, model, name) for name in LIMITS]
        cells["hr"] = with_interval(*hazard, ratio, notes)
    return cells


def _events(results: Results, who: Group) -> str:
    names, _ = outcomes(results, (Column("", "", who),))
    counts = {name: results.number(who, "count", "n", event=name) or 0 for name in names}
    parts = [f"{labels.event(n).lower()} {whole(count)}" for n, count in counts.items() if count]
    total = results.number(who, "km", "events") or 0
    return f"{whole(total)}: {', '.join(parts)}" if parts else whole(total)


def of_primary(study: Study, found: Iterable[Entry]) -> list[Entry]:
    """Return the entries of the first population and the primary evaluator: those of the figure."""
    listed = list(found)
    best = {}
    for entry in listed:
        key = (entry.scenario, entry.definition.id)
        best.setdefault(key, entry)
    chosen = {id(entry) for entry in best.values()}
    return [entry for entry in listed if id(entry) in chosen]
