"""What a run needs, resolved: studies, criteria, scenarios; and the form in which a job gets it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cartend.config.criteria import Criteria
from cartend.config.definition import Definition, TimeToEvent
from cartend.config.grid import Cells
from cartend.config.rate import Rate
from cartend.config.rules import Rules
from cartend.config.run import Formats
from cartend.config.study import Study


@dataclass(frozen=True)
class ScenarioSpec:
    """One scenario of one study: its resolved definitions.

    ``support`` holds the rates that say who is in a response-dependent set; they are evaluated
    but not reported. A scenario made of a grid says in ``grid`` which definition is which choice.
    ``based_on`` names for each new endpoint the shipped one of the study that it changes, where
    there is one.
    """

    name: str
    describe: str
    definitions: dict[str, Definition]
    support: dict[str, Definition]
    grid: Cells | None = None
    based_on: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Resolved:
    """A whole run: studies, criteria, rules, scenarios per study, formats."""

    workdir: Path
    results: str
    formats: Formats
    language: str
    studies: dict[str, Study] = field(default_factory=dict)
    criteria: dict[str, Criteria] = field(default_factory=dict)
    rules: dict[str, Rules] = field(default_factory=dict)
    scenarios: dict[str, dict[str, ScenarioSpec]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    """A sentence for each scenario whose studies are not run."""

    def data_files(self, study: str) -> list[Path]:
        """Return the raw input files of a study, sorted by name."""
        folder = self.data_folder(study)
        return sorted(path for path in folder.iterdir() if path.is_file())

    def data_folder(self, study: str) -> Path:
        """Return the study's data folder as an absolute path."""
        return (self.workdir / self.studies[study].data).resolve()

    def spec(self, study: str, scenario: str | None = None) -> dict[str, Any]:
        """Return what a job of that study (and scenario) needs, as plain JSON values."""
        content: dict[str, Any] = {
            "study": self.studies[study].model_dump(mode="json"),
            "criteria": self.criteria[study].model_dump(mode="json"),
            "rules": self.rules[study].model_dump(mode="json", exclude_defaults=True),
            "formats": self.formats.model_dump(mode="json"),
            "language": self.language,
        }
        if scenario is not None:
            chosen = self.scenarios[study][scenario]
            content["scenario"] = _scenario_dump(chosen)
        return content

    def scenarios_spec(self, study: str) -> dict[str, Any]:
        """Return every scenario of a study as plain JSON values, in the order of the run."""
        return {name: _scenario_dump(s) for name, s in self.scenarios[study].items()}


def _scenario_dump(scenario: ScenarioSpec) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "describe": scenario.describe,
        "definitions": {k: d.model_dump(mode="json") for k, d in scenario.definitions.items()},
        "support": {k: d.model_dump(mode="json") for k, d in scenario.support.items()},
        "grid": scenario.grid.model_dump(mode="json") if scenario.grid else None,
        "based_on": scenario.based_on,
    }


def load_scenario_spec(content: dict[str, Any]) -> ScenarioSpec:
    """Return the scenario of its plain JSON form, as the jobs receive it."""
    return ScenarioSpec(
        name=content["name"],
        describe=content["describe"],
        definitions={k: load_definition(d) for k, d in content["definitions"].items()},
        support={k: load_definition(d) for k, d in content["support"].items()},
        grid=Cells.model_validate(content["grid"]) if content["grid"] else None,
        based_on=content["based_on"],
    )


def load_definition(content: dict[str, Any]) -> Definition:
    """Return the typed definition of its plain JSON form."""
    model = Rate if content["kind"] == "rate" else TimeToEvent
    return model.model_validate(content)
