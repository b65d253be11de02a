"""The words over and under every page: population, evaluator, origin, scenario, source."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cartend.config.definition import Definition
from cartend.config.design import SENTENCE
from cartend.config.roles import ROLES
from cartend.config.sentences import population_origin
from cartend.config.study import EndpointRole, Study
from cartend.display import labels
from cartend.display.ard import Group, Results
from cartend.display.format import Notes
from cartend.display.shell import Column, Row, Shell


@dataclass(frozen=True)
class Heading:
    """What the pages of one scenario have in common."""

    study: Study
    scenario: str
    cutoff: str

    def origin(self, definition: Definition, population: str) -> str:
        """Return the time origin of an endpoint in a population, in words."""
        code = definition.origin
        code = population_origin(population) if code == "study" else code
        return labels.origin(code)

    def subtitle(
        self, definition: Definition, population: str, evaluator: str, breakdown: str = ""
    ) -> tuple[str, ...]:
        """Return population, evaluator, origin and scenario, as the lines below a title."""
        role = role_of(self.study, definition.id).role
        judged = f"; assessed by {labels.evaluator(evaluator)}" if evaluator else ""
        first = f"{labels.population(population)} ({population}){judged}"
        first += f"; from {self.origin(definition, population)}"
        second = f"{breakdown}; " if breakdown else ""
        second += f"{definition.id}, {role} endpoint; scenario {self.scenario}"
        return (first, second)

    def shell(
        self,
        table: str,
        definition: Definition,
        key: tuple[str, str, str],
        columns: tuple[Column, ...],
        rows: list[Row],
        notes: Notes,
        methods: Iterable[str],
        datasets: str,
        results: Results,
    ) -> Shell:
        """Return the table of one endpoint with its title and footnotes."""
        left = results.number(Group(), "count", "n", event="WINDOW_OPEN")
        pair = definition.pair
        said = [f"Definition: {definition.sentence}"]
        said += [f"Open point: {point}" for point in definition.uncertain]
        said += [f"To be read beside {pair}."] if pair else []
        said += [labels.left_out(int(left))] if left else []
        said += self.ending(columns, notes, methods, datasets)
        about = {"kind": definition.kind, "paramcd": key[0], "population": key[1]}
        about["evaluator"] = key[2]
        subtitle = self.subtitle(definition, *key[1:])
        return Shell(
            table, definition.label, subtitle, columns, tuple(rows), tuple(said), about=about
        )

    def shell_of_many(
        self,
        table: str,
        title: str,
        definitions: dict[str, Definition],
        population: str,
        evaluator: str,
        columns: tuple[Column, ...],
        rows: list[Row],
        notes: Notes,
        methods: Iterable[str],
        datasets: str,
    ) -> Shell:
        """Return a table of several endpoints of one population and evaluator."""
        said = []
        for name, definition in definitions.items():
            said.append(f"{name}: {definition.sentence}")
            said += [f"{name}, open point: {point}" for point in definition.uncertain]
        said += self.ending(columns, notes, methods, datasets)
        first = f"{labels.population(population)} ({population})" if population else ""
        judged = f"assessed by {labels.evaluator(evaluator)}" if evaluator else ""
        origins = dict.fromkeys(
            self.origin(d, p) for d in definitions.values() for p in (population,) if p
        )
        start = f"from {' or '.join(origins)}" if origins else ""
        line = "; ".join(filter(None, (first, judged, start, f"scenario {self.scenario}")))
        about = {"kind": table.split("_")[0], "population": population, "evaluator": evaluator}
        return Shell(table, title, (line,), columns, tuple(rows), tuple(said), about=about)

    def ending(
        self, columns: tuple[Column, ...], notes: Notes, methods: Iterable[str], datasets: str
    ) -> list[str]:
        """Return the footnotes that every efficacy table ends with."""
        known = dict.fromkeys(method.replace("+", ", ") for method in methods if method)
        said = [f"Method: {'; '.join(known)}. Limits are two-sided 95%."] if known else []
        if any("ridging" in column.spanner for column in columns):
            said.append(labels.NOT_COMPARED)
        return [*said, *notes.lines(), self.source(datasets)]

    def design(self) -> list[str]:
        """Return what the design of a randomised trial forbids to compare, none where unstated."""
        design = self.study.rct_design
        return [SENTENCE[design]] if design is not None else []

    def source(self, datasets: str) -> str:
        """Return the last footnote: study, cut-off and source datasets."""
        return f"Study {self.study.id}; data cut-off {self.cutoff}; source: {datasets}."


def role_of(study: Study, paramcd: str) -> EndpointRole:
    """Return the endpoint's part in the study; secondary without alpha where none is stated."""
    return study.roles.get(paramcd, EndpointRole())


def ordered(study: Study, definitions: dict[str, Definition]) -> list[str]:
    """Return the endpoints by role, then in the study's order, new ones of a scenario first."""
    place = {paramcd: number for number, paramcd in enumerate(study.endpoints)}
    return sorted(
        definitions,
        key=lambda name: (ROLES.index(role_of(study, name).role), place.get(name, -1), name),
    )


def preference(study: Study, definition: Definition, population: str, evaluator: str) -> tuple:
    """Return a sort key: the definition's first population and the primary evaluator lead."""
    names = [study.population if p == "study" else p for p in definition.population]
    place = names.index(population) if population in names else len(names)
    return (place, evaluator != study.primary_evaluator, evaluator, population)


def cutoff_of(study: Study, adsl_path: Path) -> str:
    """Return the data cut-off as a date: the study file's, else that of ADSL."""
    if study.cutoff is not None:
        return study.cutoff.isoformat()
    try:
        latest = pd.read_parquet(adsl_path, columns=["CUTDT"])["CUTDT"].max()
    except (KeyError, ValueError, OSError):
        return "not stated"
    return "not stated" if pd.isna(latest) else f"{latest:%Y-%m-%d}"


def nominal(study: Study, paramcd: str) -> str:
    """Return the alpha of an endpoint in words, or that its p-values are nominal (D36)."""
    alpha = role_of(study, paramcd).alpha
    return f"alpha {alpha:g}" if alpha is not None else "nominal"
