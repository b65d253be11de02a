"""Definitions side by side: the same subjects under every EFS and PFS definition of the run (R33).

One table and one figure a study, over all scenarios, from their results; the same for the
three-month response. Every number is looked up in ``ard.csv``, none is made here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cartend.config.definition import Definition, Rate
from cartend.config.load import ScenarioSpec
from cartend.config.run import Formats
from cartend.config.study import Study
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results, Value
from cartend.display.format import Notes, p_value, percent, ratio, text, whole, with_interval
from cartend.display.format import months as in_months
from cartend.display.words import role_of

TITLES = {
    "efs_definitions": "Event-free and progression-free survival under every definition",
    "response_definitions": "Response at three months or later under every definition",
}


@dataclass
class Row:
    """One definition of one scenario: its text cells and the numbers that the figure draws."""

    scenario: str
    definition: Definition
    role: str
    cells: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, tuple[float | None, float | None, float | None]] = field(default_factory=dict)

    @property
    def is_primary(self) -> bool:
        """Whether this is the study's primary endpoint as shipped, not a scenario's variant."""
        return self.role == "primary"


def compare(
    study: Study,
    scenarios: dict[str, ScenarioSpec],
    results_dir: Path,
    out_dir: Path,
    formats: Formats,
) -> None:
    """Write the comparison tables and the figure of a study into ``out_dir``."""
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    results = {name: Ard.read(Path(results_dir) / name / "ard.csv") for name in scenarios}
    notes = Notes()
    survival = list(_survival_rows(study, scenarios, results, notes))
    _write(study, "efs_definitions", survival, notes, out_dir, formats)
    if survival and formats.figures:
        from cartend.display.forest import draw_forest

        draw_forest(study, survival, out_dir / "efs_definitions", list(formats.figures))
    notes = Notes()
    response = list(_response_rows(study, scenarios, results, notes))
    _write(study, "response_definitions", response, notes, out_dir, formats)


def _survival_rows(
    study: Study, scenarios: dict[str, ScenarioSpec], results: dict[str, Ard], notes: Notes
) -> Iterator[Row]:
    for name, definition in _definitions(scenarios, ("EFS", "PFS")):
        held = results[name].of(definition.id, study.population, _evaluator(study, definition))
        row = Row(name, definition, _role(study, name, definition))
        arms = list(study.arms) if study.design == "randomised" else [""]
        for arm in arms:
            _add_arm(study, row, held, Group(arm), notes)
        if study.design == "randomised":
            _add_comparison(study, row, held, notes)
        opened = held.number(Group(arms[0]), "count", "n", event="WINDOW_OPEN") or 0
        for arm in arms[1:]:
            opened += held.number(Group(arm), "count", "n", event="WINDOW_OPEN") or 0
        row.cells["Window open at cut-off, n"] = whole(opened)
        yield row


def _definitions(
    scenarios: dict[str, ScenarioSpec], families: tuple[str, ...]
) -> Iterator[tuple[str, Definition]]:
    for name, scenario in scenarios.items():
        for definition in scenario.definitions.values():
            if definition.family in families:
                yield name, definition


def _role(study: Study, scenario: str, definition: Definition) -> str:
    """Return the endpoint's role; a scenario's variant is a sensitivity, whatever it varies."""
    return role_of(study, definition.id).role if scenario == "primary" else "sensitivity"


def _evaluator(study: Study, definition: Definition) -> str:
    if definition.evaluator == "none":
        return ""
    return study.primary_evaluator if definition.evaluator == "study" else definition.evaluator


def _add_arm(study: Study, row: Row, held: Results, who: Group, notes: Notes) -> None:
    label = study.arms[who.arm].label if who.arm else "All subjects"

    def days(value: float) -> str:
        return in_months(value, study.months)

    numbers = [held.get(who, "km_quantile", s, prob=0.5) for s in ("estimate", "lower", "upper")]
    events = held.number(who, "km", "events")
    total = held.number(who, "km", "N")
    row.cells[f"{label}: N"] = whole(total or 0)
    row.cells[f"{label}: events by type"] = _event_types(held, who, events or 0)
    row.cells[f"{label}: median, months (95% CI)"] = with_interval(*numbers, days, notes)
    row.drawn[label] = _numbers(numbers)


def _numbers(values: list[Value | None]) -> tuple[float | None, float | None, float | None]:
    first, second, third = (None if value is None else value.number for value in values)
    return first, second, third


def _event_types(held: Results, who: Group, events: float) -> str:
    """Return ``n: type n, ...``; the types add up to the events (P25), by assertion."""
    kinds = {
        name: held.number(who, "count", "n", event=name) or 0
        for name in held.events(who, "count")
        if name in labels.EVENT
    }
    found = {name: count for name, count in kinds.items() if count}
    if sum(found.values()) != events:
        raise AssertionError(f"event types of {who} add up to {sum(found.values())}, not {events}")
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    parts = ", ".join(f"{labels.event(name).lower()} {whole(count)}" for name, count in ordered)
    return f"{whole(events)}: {parts}" if parts else "0"


def _add_comparison(study: Study, row: Row, held: Results, notes: Notes) -> None:
    """Add hazard ratio and test, stratified where the randomisation was."""
    who = held.comparison
    prefix, words = ("stratified_", ", stratified") if study.strata else ("", "")
    ratio_title, p_title = f"Hazard ratio (95% CI){words}", f"Log-rank p{words}"
    if who is None:
        row.cells[ratio_title] = "not compared"
        return
    numbers = [held.get(who, f"{prefix}cox", s) for s in ("estimate", "lower", "upper")]
    p = held.get(who, f"{prefix}logrank", "p_value")
    row.cells[ratio_title] = with_interval(*numbers, ratio, notes)
    row.cells[p_title] = text(p, p_value, notes)
    row.drawn["Hazard ratio"] = _numbers(numbers)


def _response_rows(
    study: Study, scenarios: dict[str, ScenarioSpec], results: dict[str, Ard], notes: Notes
) -> Iterator[Row]:
    for name, definition in _definitions(scenarios, ("RESPONSE",)):
        if not isinstance(definition, Rate) or definition.variable != "landmark_response":
            continue
        for population in definition.population:
            evaluator = _evaluator(study, definition)
            held = results[name].of(definition.id, population, evaluator)
            for arm in list(study.arms) if study.design == "randomised" else [""]:
                who = Group(arm)
                if not held.number(who, "proportion", "N"):
                    continue
                row = Row(name, definition, _role(study, name, definition))
                _add_rate(study, row, held, who, population, notes)
                yield row


def _add_rate(
    study: Study, row: Row, held: Results, who: Group, population: str, notes: Notes
) -> None:
    numbers = [held.get(who, "proportion", s) for s in ("estimate", "lower", "upper")]
    n, total = (held.number(who, "proportion", s) for s in ("n", "N"))
    row.cells["Population"] = population
    row.cells["Arm"] = study.arms[who.arm].label if who.arm else "All subjects"
    row.cells["n/N"] = f"{whole(n or 0)}/{whole(total or 0)}"
    row.cells["Rate, % (95% CI)"] = with_interval(*numbers, percent, notes)
    met = held.get(who, "target", "met")
    p0 = held.number(who, "target", "p0")
    row.cells["Target met"] = ""
    if met is not None and met.number is not None and p0 is not None:
        row.cells["Target met"] = f"{'yes' if met.number else 'no'} (p0 {percent(p0)}%)"


def _write(
    study: Study, stem: str, rows: list[Row], notes: Notes, out_dir: Path, formats: Formats
) -> None:
    if not rows:
        return
    frame = pd.DataFrame(
        [
            {
                "Definition": row.definition.label,
                "Endpoint": row.definition.id,
                "Scenario": row.scenario,
                "Role": row.role,
                **row.cells,
            }
            for row in rows
        ]
    ).fillna("")
    foot = [
        f"Study {study.id}; evaluator {study.primary_evaluator}. Medians by Kaplan-Meier with "
        "log-log limits; hazard ratio by Cox with Efron ties. Only the primary endpoint carries an "
        "alpha; every other p-value is nominal."
        if stem == "efs_definitions"
        else f"Study {study.id}; evaluator {study.primary_evaluator}; Clopper-Pearson limits.",
        *notes.lines(),
        *[f"{row.definition.id} ({row.scenario}): {row.definition.sentence}" for row in rows],
    ]
    if "csv" in formats.tables:
        frame.to_csv(out_dir / f"{stem}.csv", index=False, lineterminator="\n")
    if "html" in formats.tables:
        html = _html(frame, f"{study.id}-{stem}", TITLES[stem], list(dict.fromkeys(foot)))
        (out_dir / f"{stem}.html").write_text(html, encoding="utf-8")


def _html(frame: pd.DataFrame, name: str, title: str, foot: list[str]) -> str:
    from great_tables import GT

    table = GT(frame, id=name).tab_header(title=title)
    for line in foot:
        table = table.tab_source_note(line)
    table = table.tab_options(table_font_size="12px", heading_align="left", table_width="100%")
    return table.as_raw_html()
