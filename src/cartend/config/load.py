"""From a run configuration to everything a run needs, resolved and checked before any job.

Order of look-up for a study, scenario, criteria or endpoint id: the folder of the user's
configuration, then the shipped ``config`` folder.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cartend.config.base import ConfigError
from cartend.config.criteria import SETS, Criteria
from cartend.config.definition import SET_RULE, Definition, Rate, TimeToEvent
from cartend.config.files import nearest, read_yaml, validate
from cartend.config.grid import Cells, cells_of, combinations, contents
from cartend.config.resolve import check_references, resolve_definition, same
from cartend.config.run import Formats, RunConfig, Scenario
from cartend.config.study import Study
from cartend.config.templates import Templates

SHIPPED = Path(__file__).resolve().parents[3] / "config"


@dataclass(frozen=True)
class ScenarioSpec:
    """One scenario of one study: its resolved definitions.

    ``support`` holds the rates that say who is in a response-dependent set; they are evaluated
    but not reported. A scenario made of a grid says in ``grid`` which definition is which choice.
    """

    name: str
    describe: str
    definitions: dict[str, Definition]
    support: dict[str, Definition]
    grid: Cells | None = None


@dataclass(frozen=True)
class Resolved:
    """A whole run: studies, criteria, scenarios per study, formats."""

    workdir: Path
    results: str
    formats: Formats
    language: str
    studies: dict[str, Study] = field(default_factory=dict)
    criteria: dict[str, Criteria] = field(default_factory=dict)
    scenarios: dict[str, dict[str, ScenarioSpec]] = field(default_factory=dict)

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
    }


def load_scenario_spec(content: dict[str, Any]) -> ScenarioSpec:
    """Return the scenario of its plain JSON form, as the jobs receive it."""
    return ScenarioSpec(
        name=content["name"],
        describe=content["describe"],
        definitions={k: load_definition(d) for k, d in content["definitions"].items()},
        support={k: load_definition(d) for k, d in content["support"].items()},
        grid=Cells.model_validate(content["grid"]) if content["grid"] else None,
    )


def load_definition(content: dict[str, Any]) -> Definition:
    """Return the typed definition of its plain JSON form."""
    model = Rate if content["kind"] == "rate" else TimeToEvent
    return model.model_validate(content)


def load_config(
    config: Path | str | dict[str, Any],
    workdir: Path | str = ".",
    folders: Iterable[Path | str] = (),
) -> Resolved:
    """Return the resolved run.

    1. The run configuration is typed and checked.
    2. Each study file, its criteria and its data folder are found and checked.
    3. Each shipped endpoint of a study is resolved: ``based_on``, landmark names, ``study``.
    4. Each scenario is laid over the shipped definitions; it keeps what differs from them.

    Parameters
    ----------
    config
        A YAML file, or its content as a mapping.
    workdir
        What relative data paths are relative to.
    folders
        Folders with ``studies/``, ``scenarios/``, ``endpoints/``, ``criteria/`` that come before
        the shipped one.

    Raises
    ------
    ConfigError
        One sentence with file, key, value and what is allowed.
    """
    workdir = Path(workdir).resolve()
    where = "config/config.yaml"
    search = [Path(folder) for folder in folders]
    if not isinstance(config, dict):
        where, search = str(config), [*search, Path(config).resolve().parent]
        config = read_yaml(Path(config))
    run = validate(RunConfig, config, where)
    shelves = [*search, workdir / "config", SHIPPED]
    finder = _Finder(workdir, tuple(dict.fromkeys(p.resolve() for p in shelves)))
    resolved = Resolved(workdir, run.results, run.formats, run.language)
    templates = Templates(finder.folders)
    for name in run.studies:
        _add_study(resolved, finder, templates, name)
    for name in run.scenarios:
        _add_scenario(resolved, finder, templates, name)
    return resolved


@dataclass(frozen=True)
class _Finder:
    workdir: Path
    folders: tuple[Path, ...]

    def known(self, kind: str) -> list[str]:
        """Return the ids of all files of a kind."""
        return sorted({p.stem for f in self.folders for p in (f / kind).glob("*.yaml")})

    def response_words(self, criteria: str) -> list[str]:
        """Return the names of response sets and the categories of all criteria.

        A definition may name a category that one study's criteria have and another's do not.
        """
        names = {Path(criteria).stem: criteria} | {name: name for name in self.known("criteria")}
        words = dict.fromkeys(SETS)
        for name in names.values():
            words |= dict.fromkeys(load_criteria(self.find("criteria", name)).rank)
        return list(words)

    def find(self, kind: str, name: str) -> Path:
        """Return the file of an id, or of a path relative to the working directory."""
        if "/" in name or name.endswith((".yaml", ".yml")):
            path = self.workdir / name
            if path.is_file():
                return path
            raise ConfigError(f"{kind}: the file {name} does not exist")
        for folder in self.folders:
            path = folder / kind / f"{name}.yaml"
            if path.is_file():
                return path
        known = self.known(kind)
        raise ConfigError(
            f"{kind}: {name} is not known; known: {', '.join(known)}{nearest(name, known)}"
        )


def load_study(path: Path) -> Study:
    """Return the typed study of a file; ConfigError in one sentence."""
    return validate(Study, read_yaml(path), str(path))


def load_criteria(path: Path) -> Criteria:
    """Return the typed response criteria of a file; ConfigError in one sentence."""
    return validate(Criteria, read_yaml(path), str(path))


def _add_study(resolved: Resolved, finder: _Finder, templates: Templates, name: str) -> None:
    path = finder.find("studies", name)
    study = load_study(path)
    if study.id in resolved.studies:
        raise ConfigError(f"{path}: study id {study.id} stands twice in the run")
    if not study.endpoints:
        raise ConfigError(f"{path}: key endpoints: the list is empty; a study has one at least")
    folder = resolved.workdir / study.data
    if not folder.is_dir():
        raise ConfigError(f"{path}: key data: the folder {study.data} does not exist")
    resolved.studies[study.id] = study
    resolved.criteria[study.id] = load_criteria(finder.find("criteria", study.criteria))
    categories = finder.response_words(study.criteria)
    for key in (*study.roles, *study.targets):
        if key not in study.endpoints:
            raise ConfigError(
                f"{path}: roles and targets name {key}, which is not in endpoints"
                f"{nearest(key, study.endpoints)}"
            )
    definitions = {
        endpoint: resolve_definition(templates.shipped(endpoint, str(path)), study, str(path))
        for endpoint in study.endpoints
    }
    _unique_short_names(definitions, str(path))
    for definition in definitions.values():
        check_references(definition, categories, templates.known, str(path))
    support = _support(definitions, templates, study, {}, str(path))
    resolved.scenarios[study.id] = {
        "primary": ScenarioSpec("primary", "The shipped definitions.", definitions, support)
    }


def _support(
    definitions: dict[str, Definition],
    templates: Templates,
    study: Study,
    overrides: dict[str, Definition],
    where: str,
) -> dict[str, Definition]:
    """Return the rates that decide the response-dependent sets of these definitions."""
    needed = {
        SET_RULE[population]
        for definition in definitions.values()
        for population in definition.population
        if population in SET_RULE
    }
    return {
        rule: overrides.get(rule)
        or resolve_definition(templates.shipped(rule, where), study, where)
        for rule in sorted(needed)
    }


def _unique_short_names(definitions: dict[str, Definition], where: str) -> None:
    seen: dict[str, str] = {}
    for name, definition in definitions.items():
        other = seen.setdefault(definition.paramcd8, name)
        if other != name:
            raise ConfigError(
                f"{where}: {name} and {other} have the same paramcd8 {definition.paramcd8}; "
                "it is unique among the endpoints of a study"
            )


def _add_scenario(resolved: Resolved, finder: _Finder, templates: Templates, name: str) -> None:
    path = finder.find("scenarios", name)
    scenario = validate(Scenario, read_yaml(path), str(path))
    if scenario.name == "primary":
        raise ConfigError(f"{path}: key name: primary is the scenario of the shipped definitions")
    if any(scenario.name in known for known in resolved.scenarios.values()):
        raise ConfigError(f"{path}: key name: {scenario.name} stands twice in the run")
    unknown = set(scenario.studies or ()) - set(resolved.studies)
    listed = _endpoints_of(scenario, templates, str(path))
    raw = {endpoint: templates.overridden(endpoint, listed, str(path)) for endpoint in listed}
    changed = False
    for study in resolved.studies.values():
        touched = {
            endpoint: content
            for endpoint, content in raw.items()
            if _touches(scenario, study, endpoint, listed, templates)
        }
        spec = _scenario_of(resolved, finder, templates, study, scenario, touched, str(path))
        if spec.definitions:
            changed = True
            resolved.scenarios[study.id][scenario.name] = spec
    strangers = sorted(unknown - set(finder.known("studies")))
    if strangers or (unknown and not changed):
        name, run = (strangers or sorted(unknown))[0], list(resolved.studies)
        raise ConfigError(
            f"{path}: key studies: {name} is not run; run: {', '.join(run)}{nearest(name, run)}"
        )
    if not changed:
        raise ConfigError(
            f"{path}: the scenario changes nothing in any study of the run; it needs an endpoint "
            "that a study lists, with at least one value that differs from the shipped one, or "
            "studies: where an endpoint is new and based on none"
        )


def _endpoints_of(scenario: Scenario, templates: Templates, where: str) -> dict[str, Any]:
    """Return what a scenario says of each endpoint: as it stands there, or made from its grid."""
    if scenario.grid is None:
        return scenario.endpoints
    bases = {name: templates.shipped(name, where) for name in scenario.grid.of}
    for name, raw in bases.items():
        if raw.get("kind") == "rate":
            raise ConfigError(
                f"{where}: key grid.of: {name} is a rate; a grid is made of times to event"
            )
    return contents(scenario.grid, bases)


def _touches(
    scenario: Scenario, study: Study, endpoint: str, listed: dict[str, Any], templates: Templates
) -> bool:
    if scenario.studies is not None:
        return study.id in scenario.studies
    lineage = templates.lineage(endpoint, listed)
    return any(ancestor in study.endpoints for ancestor in lineage)


def _scenario_of(
    resolved: Resolved,
    finder: _Finder,
    templates: Templates,
    study: Study,
    scenario: Scenario,
    touched: dict[str, dict[str, Any]],
    where: str,
) -> ScenarioSpec:
    """Return what differs from the shipped definitions, sets that follow from it included."""
    primary = resolved.scenarios[study.id]["primary"]
    if not touched:
        return ScenarioSpec(scenario.name, scenario.describe, {}, {})
    over = {name: resolve_definition(raw, study, where) for name, raw in touched.items()}
    categories = finder.response_words(study.criteria)
    for definition in over.values():
        check_references(definition, categories, [*templates.known, *over], where)
    cells = None
    if scenario.grid is not None:
        found = {
            name: (base, chosen, over[name])
            for name, base, chosen in combinations(scenario.grid)
            if name in over
        }
        cells = cells_of(scenario.grid, found, primary.definitions, study)
        over = {name: over[name] for name in cells.cells}
    differing = {n: d for n, d in over.items() if not same(primary.definitions.get(n), d)}
    every = {**primary.definitions, **differing}
    support = _support(every, templates, study, differing, where)
    definitions = {
        name: definition
        for name, definition in every.items()
        if name in differing
        or any(
            not same(primary.support.get(SET_RULE[p]), support[SET_RULE[p]])
            for p in definition.population
            if p in SET_RULE
        )
    }
    _unique_short_names({**primary.definitions, **definitions}, where)
    used = {SET_RULE[p] for d in definitions.values() for p in d.population if p in SET_RULE}
    return ScenarioSpec(
        scenario.name,
        scenario.describe,
        definitions,
        {name: rule for name, rule in support.items() if name in used},
        cells,
    )
