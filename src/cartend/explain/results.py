"""What one study's results folder holds: the definitions of its manifest, and its frames.

Nothing else is read: no configuration and no data, so that a reviewer needs only this folder.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cartend.contract.datasets.findings import FINDINGS
from cartend.contract.terms.roles import own_label
from cartend.explain.errors import ExplainError, unknown

PRIMARY = "primary"
OF_STUDY = {
    "adsl": "adam/adsl.parquet",
    "adevt": "adam/adevt.parquet",
    "adrs": "adam/adrs.parquet",
    "admrd": "adam/admrd.parquet",
    "ds": "sdtm/ds.parquet",
}
OF_SCENARIO = ("adtte", "adrsp", "candidates")
MAY_BE_MISSING = ("ds", "admrd")


@dataclass(frozen=True)
class StudyResults:
    """One study's folder and its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @classmethod
    def of_run(cls, folder: Path, content: dict[str, Any]) -> "StudyResults":
        """Return the results of a run that has no manifest yet, from a job's specification.

        ``content`` holds ``study``, ``scenarios`` and their ``order``, which the manifest records
        as they are.
        """
        scenarios = {name: content["scenarios"][name] for name in content["order"]}
        return cls(folder, {"configuration": {"study": content["study"]}, "definitions": scenarios})

    @property
    def study(self) -> dict[str, Any]:
        """Return the resolved study configuration."""
        return self.manifest["configuration"]["study"]

    @property
    def scenarios(self) -> list[str]:
        """Return the scenarios of the run, primary first."""
        return list(self.manifest["definitions"])

    def scenario(self, name: str) -> dict[str, Any]:
        """Return a scenario of the manifest; ExplainError with the nearest known one."""
        if name not in self.scenarios:
            raise unknown(f"study {self.study['id']}: scenario", name, self.scenarios)
        return self.manifest["definitions"][name]

    def label(self, role: str) -> str:
        """Return what a page prints for a role of records of the study's own."""
        said = self.study.get("records", {}).get(role) or {}
        return own_label(role, said.get("label", ""))

    def role(self, endpoint: str) -> str:
        """Return the part an endpoint plays in the study."""
        return self.study.get("roles", {}).get(endpoint, {}).get("role", "secondary")

    def definitions(self, scenario: str) -> dict[str, dict[str, Any]]:
        """Return the definitions that a scenario holds, in the order of the study."""
        own = self.scenario(scenario)["definitions"]
        listed = [name for name in self.study["endpoints"] if name in own]
        return {name: own[name] for name in dict.fromkeys((*listed, *own))}

    def base(self, scenario: str, endpoint: str) -> str | None:
        """Return which endpoint of primary a new endpoint of a scenario changes, None for none."""
        return self.scenario(scenario).get("based_on", {}).get(endpoint)

    def home(self, scenario: str, endpoint: str) -> str | None:
        """Return which scenario holds an endpoint's result: this one, else primary, else None.

        A scenario holds only what differs from primary.
        """
        for name in (scenario, PRIMARY):
            if endpoint in self.scenario(name)["definitions"]:
                return name
        return None


def studies_in(results: Path | str) -> list[str]:
    """Return the studies of a results folder: the sub-folders with a manifest."""
    results = Path(results)
    if not results.is_dir():
        raise ExplainError(f"the results folder {results} does not exist; name one with --results")
    if (results / "manifest.json").is_file():
        return [_manifest(results)["study"]]
    return sorted(path.parent.name for path in results.glob("*/manifest.json"))


def open_study(results: Path | str, study: str) -> StudyResults:
    """Return the results of a study; ``results`` may be the study's own folder too."""
    results = Path(results)
    known = studies_in(results)
    if study not in known:
        raise unknown(f"{results}: study", study, known)
    folder = results if (results / "manifest.json").is_file() else results / study
    return StudyResults(folder, _manifest(folder))


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        content["configuration"]["study"]["id"], content["definitions"][PRIMARY]  # noqa: B018
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExplainError(
            f"{path} cannot be read as a manifest of this program; run the study again"
        ) from error
    return content


def read(path: Path, subjects: Iterable[str] | None = None) -> pd.DataFrame:
    """Return a Parquet file, all of it or the rows of some subjects; ExplainError without it."""
    try:
        if subjects is None or pa.types.is_null(pq.read_schema(path).field("USUBJID").type):
            return pd.read_parquet(path)
        wanted = pa.array(list(subjects), pa.string())  # typed: nobody is wanted at times
        return pd.read_parquet(path, filters=pc.field("USUBJID").isin(wanted))
    except FileNotFoundError as error:
        raise ExplainError(f"{path} does not exist; run the study to its end") from error


@dataclass(frozen=True)
class SubjectEvidence:
    """Every row of one subject, by dataset, as named tuples."""

    results: StudyResults
    scenario: str
    rows: dict[str, list[Any]]

    @cached_property
    def subject(self) -> dict[str, Any]:
        """Return the subject's ADSL row."""
        return self.rows["adsl"][0]._asdict()

    @cached_property
    def _analyses(self) -> dict[tuple[str, str, str, str], list[Any]]:
        groups: dict[tuple[str, str, str, str], list[Any]] = {}
        for name in OF_SCENARIO:
            for row in self.rows[name]:
                groups.setdefault((name, row.PARAMCD, row.EVAL, row.POP), []).append(row)
        return groups

    def analysis(self, name: str, endpoint: str, evaluator: str, population: str) -> list[Any]:
        """Return the rows of one endpoint, evaluator and population."""
        return self._analyses.get((name, endpoint, evaluator, population), [])


@dataclass(frozen=True)
class Evidence:
    """The rows of one study and scenario, by dataset and subject: of one subject, or of all."""

    results: StudyResults
    scenario: str
    rows: dict[str, dict[str, list[Any]]]

    @property
    def subjects(self) -> list[str]:
        """Return the subjects whose rows are here."""
        return list(self.rows["adsl"])

    def of(self, usubjid: str) -> SubjectEvidence:
        """Return the rows of one subject."""
        rows = {name: found.get(usubjid, []) for name, found in self.rows.items()}
        return SubjectEvidence(self.results, self.scenario, rows)


def load_evidence(
    results: Path | str, study: str, scenario: str = PRIMARY, usubjid: str | None = None
) -> Evidence:
    """Return the evidence of one subject, or of every subject of the study."""
    return evidence_of(open_study(results, study), scenario, usubjid)


def evidence_of(
    opened: StudyResults, scenario: str = PRIMARY, usubjid: str | None = None
) -> Evidence:
    """Return the evidence of one subject, or of every subject, of a study that is open."""
    opened.scenario(scenario)
    subjects = None if usubjid is None else [usubjid]
    paths = {name: opened.folder / path for name, path in OF_STUDY.items()}
    paths |= {name: opened.folder / scenario / f"{name}.parquet" for name in OF_SCENARIO}
    _require_subject(paths["adsl"], usubjid, opened.study["id"])
    frames = {
        name: read(path, subjects)
        for name, path in paths.items()
        if name not in MAY_BE_MISSING or path.exists()
    }
    frames["findings"] = _findings(opened.folder / "findings.csv", subjects)
    rows = {
        name: by_subject(frames[name]) if name in frames else {} for name in (*paths, "findings")
    }
    return Evidence(opened, scenario, rows)


def by_subject(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the rows of a frame as named tuples, by USUBJID."""
    groups: dict[str, list[Any]] = {}
    for row in frame.itertuples(index=False, name="Row"):
        groups.setdefault(row.USUBJID, []).append(row)
    return groups


def _require_subject(adsl: Path, usubjid: str | None, study: str) -> None:
    if usubjid is not None and read(adsl, [usubjid]).empty:
        known = pd.read_parquet(adsl, columns=["USUBJID"])["USUBJID"]
        raise unknown(f"study {study}: subject", usubjid, known)


def _findings(path: Path, subjects: list[str] | None) -> pd.DataFrame:
    none = pd.DataFrame(columns=FINDINGS.names)
    found = pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else none
    found = found.rename(columns={"usubjid": "USUBJID"})
    return found if subjects is None else found[found["USUBJID"].isin(subjects)]
