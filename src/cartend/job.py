"""The frame of one workflow job: its log, its parameter, and how an error leaves it.

A script of the workflow is a call of one library function inside ``with job(snakemake) as spec``.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cartend.config.criteria import Criteria
from cartend.config.definition import Definition
from cartend.config.resolved import ScenarioSpec, load_scenario_spec
from cartend.config.rules import Rules
from cartend.config.run import Formats
from cartend.config.study import Study

LOGGER = logging.getLogger(__package__)


@dataclass(frozen=True)
class Spec:
    """The one parameter of a job, typed: what the resolved configuration says to it."""

    content: dict[str, Any]
    kept: Path | None = None
    """Where a table goes that must outlive a failed job, whose outputs Snakemake removes."""

    @cached_property
    def study(self) -> Study:
        """Return the trial."""
        return Study.model_validate(self.content["study"])

    @cached_property
    def criteria(self) -> Criteria:
        """Return the response criteria of the trial."""
        return Criteria.model_validate(self.content["criteria"])

    @cached_property
    def rules(self) -> Rules:
        """Return the rules of bridging, safety and eligibility of the trial."""
        return Rules.model_validate(self.content["rules"])

    @cached_property
    def scenario(self) -> ScenarioSpec:
        """Return the scenario of the job."""
        return self._scenario(self.content["scenario"])

    @cached_property
    def scenarios(self) -> dict[str, ScenarioSpec]:
        """Return every scenario of the trial, in the order of the run."""
        content = self.content["scenarios"]
        return {name: self._scenario(content[name]) for name in self.content["order"]}

    @property
    def definitions(self) -> dict[str, Definition]:
        """Return the resolved endpoint definitions of the job's scenario."""
        return self.scenario.definitions

    def _scenario(self, content: dict[str, Any]) -> ScenarioSpec:
        """Return a scenario, its endpoints as the study lists them, new ones after those."""
        scenario = load_scenario_spec(content)
        listed = [name for name in self.study.endpoints if name in scenario.definitions]
        added = sorted(set(scenario.definitions) - set(listed))
        ordered = {name: scenario.definitions[name] for name in (*listed, *added)}
        return replace(scenario, definitions=ordered)

    @cached_property
    def formats(self) -> Formats:
        """Return which formats of tables and figures are written."""
        return Formats.model_validate(self.content["formats"])


@contextmanager
def job(snakemake: SimpleNamespace, keeps: str = "") -> Iterator[Spec]:
    """Yield the job's specification; a border's error ends the job in one sentence.

    1. Messages go to the job's log file, warnings and errors of the package to the terminal too.
    2. An exception class of this package is the error of a border (configuration, data,
       estimation, checks): its message is printed, a sentence a line, and the exit status is 1.
    3. Any other exception is a defect: its traceback goes to the log, and one sentence with the
       log's path to the terminal.
    4. ``keeps`` names a table that the job writes beside its log (``spec.kept``) before it copies
       it to its output; where the job fails, the sentence says where the table is.
    """
    path = Path(snakemake.log[0])
    kept = path.with_name(keeps) if keeps else None
    if kept:
        kept.unlink(missing_ok=True)
    with _logging_to(path):
        try:
            yield Spec(json.loads(snakemake.params.spec), kept)
        except Exception as error:
            if is_border(error):
                where = f" (listed in {kept})" if kept and kept.exists() else ""
                # the stops of a gate are a sentence each; any other error is one
                several = getattr(error, "stops", None)
                for sentence in map(str, several) if several else (str(error),):
                    LOGGER.error(" ".join(sentence.split()) + where)
            else:
                logging.getLogger("defect").error("", exc_info=error)
                LOGGER.error("%s: unexpected %s; see %s", _name(snakemake), _brief(error), path)
            raise SystemExit(1) from None


def is_border(error: Exception) -> bool:
    """Return whether an exception is an error of a border, whose message is for the user."""
    return any(kind.__module__.startswith(f"{__package__}.") for kind in type(error).__mro__)


def _brief(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__} ({text[:200]})"


def _name(snakemake: SimpleNamespace) -> str:
    return " ".join([snakemake.rule, *map(str, snakemake.wildcards)])


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """Send this package's messages and Python's warnings to a file, and errors to stderr."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = logging.FileHandler(path, mode="w", encoding="utf-8")
    file.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setLevel(logging.WARNING)
    terminal.setFormatter(logging.Formatter("%(message)s"))
    root, level = logging.getLogger(), LOGGER.level
    root.addHandler(file)
    LOGGER.addHandler(terminal)
    LOGGER.setLevel(logging.INFO)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        LOGGER.setLevel(level)
        LOGGER.removeHandler(terminal)
        root.removeHandler(file)
        file.close()
