"""From a run configuration to everything a run needs, resolved and checked before any job.

Order of look-up for a study, scenario, criteria or endpoint id: the folder of the user's
configuration, then the shipped ``config`` folder.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cartend.config.analyses import named_endpoints
from cartend.config.base import ConfigError
from cartend.config.definition import Definition
from cartend.config.delivery import data_folder
from cartend.config.design import check_design
from cartend.config.files import read_yaml, validate
from cartend.config.finder import SHIPPED, Finder, load_criteria, load_study
from cartend.config.resolve import check_references, resolve_definition
from cartend.config.resolved import Resolved, ScenarioSpec
from cartend.config.rules import load_rules
from cartend.config.run import RunConfig
from cartend.config.scenario import add_scenario, check_short_names, support_of
from cartend.config.study import Study
from cartend.config.templates import Templates
from cartend.config.words import check_words
from cartend.contract.text import hint


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
        Folders with ``studies/``, ``scenarios/``, ``endpoints/``, ``criteria/``, ``bridging/``,
        ``safety/``, ``eligibility/`` that come before the shipped one.

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
    finder = Finder(workdir, tuple(dict.fromkeys(p.resolve() for p in shelves)))
    resolved = Resolved(workdir, run.results, run.formats, run.language)
    templates = Templates(finder.folders)
    for name in run.studies:
        _add_study(resolved, finder, templates, name)
    for name in run.scenarios:
        add_scenario(resolved, finder, templates, name)
    return resolved


def _check_analyses(path: Path, study: Study, workdir: Path) -> None:
    """Refuse questions about endpoints that the study has not, or about a file that is not there.

    Raises
    ------
    ConfigError
        One sentence with file, key and value.
    """
    for key, name in named_endpoints(study.analyses):
        if name not in study.endpoints:
            close = hint(name, study.endpoints)
            raise ConfigError(
                f"{path}: key analyses.{key} names {name}, which is not in endpoints{close}"
            )
    outside = study.analyses.external_control.data
    if outside and not (workdir / outside).is_file():
        raise ConfigError(
            f"{path}: key analyses.external_control.data: the file {outside} does not exist"
        )


def _add_study(resolved: Resolved, finder: Finder, templates: Templates, name: str) -> None:
    path = finder.find("studies", name)
    study = load_study(path)
    if study.id in resolved.studies:
        raise ConfigError(f"{path}: study id {study.id} stands twice in the run")
    if not study.endpoints:
        raise ConfigError(f"{path}: key endpoints: the list is empty; a study has one at least")
    place = data_folder(study.data, path, resolved.workdir)
    study = study.model_copy(update={"data": place})
    _check_analyses(path, study, resolved.workdir)
    check_words(study, str(path))
    resolved.studies[study.id] = study
    resolved.criteria[study.id] = load_criteria(finder.find("criteria", study.criteria))
    resolved.rules[study.id] = load_rules(study, finder.find)
    categories = finder.response_words(study.criteria)
    for key in (*study.roles, *study.targets):
        if key not in study.endpoints:
            raise ConfigError(
                f"{path}: roles and targets name {key}, which is not in endpoints"
                f"{hint(key, study.endpoints)}"
            )
    definitions: dict[str, Definition] = {
        endpoint: resolve_definition(templates.shipped(endpoint, str(path)), study, str(path))
        for endpoint in study.endpoints
    }
    check_short_names(definitions, str(path))
    check_design(study, definitions, str(path))
    for definition in definitions.values():
        check_references(definition, categories, templates.known, str(path))
    support = support_of(definitions, templates, study, {}, str(path))
    resolved.scenarios[study.id] = {
        "primary": ScenarioSpec("primary", "The shipped definitions.", definitions, support)
    }
