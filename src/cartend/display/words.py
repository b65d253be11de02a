"""The words over and under every page: population, evaluator, origin, scenario, source."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cartend.config.definition import Definition
from cartend.config.sentences import population_origin
from cartend.config.study import EndpointRole, Study
from cartend.display import labels

ROLES = ("primary", "key secondary", "secondary", "sensitivity", "exploratory")


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
        return labels.ORIGIN.get(code, code)

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
