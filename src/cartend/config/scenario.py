"""A scenario laid over the shipped definitions: it keeps what differs from them (D27)."""

from pathlib import Path
from typing import Any

from cartend.config.base import ConfigError
from cartend.config.definition import Definition
from cartend.config.files import read_yaml, validate
from cartend.config.finder import Finder
from cartend.config.grid import cells_of, combinations, contents
from cartend.config.resolve import check_references, resolve_definition, same
from cartend.config.resolved import Resolved, ScenarioSpec
from cartend.config.run import Scenario
from cartend.config.study import Study
from cartend.config.templates import Templates
from cartend.contract.terms.estimand import SET_RULE
from cartend.contract.text import hint


def add_scenario(resolved: Resolved, finder: Finder, templates: Templates, name: str) -> None:
    """Add a scenario to every study that it applies to; one that changes nothing is an error."""
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
    _refuse_misspelt(path, sorted(unknown), finder, list(resolved.studies))
    if not changed and unknown and not set(scenario.studies or ()) & set(resolved.studies):
        resolved.left_out.append(
            f"scenario {scenario.name} is left out: of its studies ({', '.join(sorted(unknown))}) "
            "none is run"
        )
        return
    if not changed:
        raise ConfigError(
            f"{path}: the scenario changes nothing in any study of the run; it needs an endpoint "
            "that a study lists, with at least one value that differs from the shipped one, or "
            "studies: where an endpoint is new and based on none"
        )


def _refuse_misspelt(path: Path, unknown: list[str], finder: Finder, run: list[str]) -> None:
    """Stop where a study that is not run is nearly one that is known."""
    known = [*run, *finder.known("studies")]
    for name in unknown:
        if name not in known and (close := hint(name, known)):
            raise ConfigError(
                f"{path}: key studies: {name} is not run; run: {', '.join(run)}{close}"
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
    finder: Finder,
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
    over: dict[str, Definition] = {
        name: resolve_definition(raw, study, where) for name, raw in touched.items()
    }
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
    support = support_of(every, templates, study, differing, where)
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
    check_short_names({**primary.definitions, **definitions}, where)
    used = {SET_RULE[p] for d in definitions.values() for p in d.population if p in SET_RULE}
    return ScenarioSpec(
        scenario.name,
        scenario.describe,
        definitions,
        {name: rule for name, rule in support.items() if name in used},
        cells,
        _bases(primary.definitions, definitions, scenario, templates),
    )


def _bases(
    shipped: dict[str, Definition],
    definitions: dict[str, Definition],
    scenario: Scenario,
    templates: Templates,
) -> dict[str, str]:
    """Return for each new endpoint of a scenario the nearest shipped one of its lineage."""
    lineages = {
        name: [base for base in templates.lineage(name, scenario.endpoints) if base in shipped]
        for name in definitions
        if name not in shipped and name in scenario.endpoints
    }
    return {name: bases[0] for name, bases in lineages.items() if bases}


def support_of(
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


def check_short_names(definitions: dict[str, Definition], where: str) -> None:
    """Stop where two endpoints have one name in the transport file (D20)."""
    seen: dict[str, str] = {}
    for name, definition in definitions.items():
        other = seen.setdefault(definition.paramcd8, name)
        if other != name:
            raise ConfigError(
                f"{where}: {name} and {other} have the same paramcd8 {definition.paramcd8}; "
                "it is unique among the endpoints of a study"
            )
