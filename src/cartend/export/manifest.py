"""manifest.json: what a study's results were made from, and who stands in them.

It holds no clock and no path of a machine: the same inputs, configuration, code and packages give
the same bytes, so that two runs compare by comparing two files.
"""

import json
import platform
from pathlib import Path
from typing import Any

import pandas as pd

from cartend.contract.terms.estimand import POPULATION_FLAG
from cartend.digest import file_digest

SETS = tuple(POPULATION_FLAG.values())
KEY = ["PARAMCD", "EVAL", "POP"]
FOLDERS = ("sdtm", "adam", "admission", "compare", "subjects")


def write_manifest(content: dict[str, Any], results: Path, out: Path) -> None:
    """Write the manifest of one study.

    Parameters
    ----------
    content
        The job's specification: ``study``, ``criteria``, ``scenarios``, ``order`` and ``record``
        (digests of inputs and code, package versions, formats).
    results
        The study's results folder.
    out
        The file to write; it does not list itself.
    """
    order = content["order"]
    record = content["record"]
    manifest = {
        "study": content["study"]["id"],
        "inputs": record["inputs"],
        "configuration": {
            key: content[key] for key in ("study", "criteria", "rules") if key in content
        },
        "formats": record["formats"],
        "definitions": {name: content["scenarios"][name] for name in order},
        "code": record["code"],
        "packages": {**record["packages"], "python": platform.python_version()},
        "subjects": subject_accounting(results, order),
        "outputs": output_digests(results, order, out),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    out.write_text(text + "\n", encoding="utf-8")


def output_digests(results: Path, scenarios: list[str], out: Path) -> dict[str, str]:
    """Return the SHA-256 of every result file by its path, without those of scenarios not run."""
    top = [path for path in results.iterdir() if path.is_file() and path != out]
    below = [
        path
        for folder in (*FOLDERS, *scenarios)
        for path in (results / folder).rglob("*")
        if path.is_file()
    ]
    kept = (path for path in (*top, *below) if not path.name.startswith("."))
    return {path.relative_to(results).as_posix(): file_digest(path) for path in sorted(kept)}


def subject_accounting(results: Path, scenarios: list[str]) -> list[dict[str, Any]]:
    """Return how many subjects stand at each step, from DM to each row of each estimate.

    Steps: ``DM`` (records of the input), ``ADSL``, each analysis set, then of each scenario the
    subjects of each endpoint, evaluator and population with their outcomes.
    """
    steps: list[dict[str, Any]] = []
    domain = results / "sdtm" / "dm.parquet"
    if domain.exists():
        subjects = pd.read_parquet(domain, columns=["USUBJID"])
        steps.append({"step": "DM", "subjects": subjects["USUBJID"].nunique()})
    adsl = pd.read_parquet(results / "adam" / "adsl.parquet")
    steps.append({"step": "ADSL", "subjects": len(adsl)})
    for flag in SETS:
        steps.append({"step": flag, "subjects": int((adsl[flag] == "Y").sum())})
    for scenario in scenarios:
        folder = results / scenario
        steps += _events(pd.read_parquet(folder / "adtte.parquet"), scenario)
        steps += _rates(pd.read_parquet(folder / "adrsp.parquet"), scenario)
    return steps


def _events(adtte: pd.DataFrame, scenario: str) -> list[dict[str, Any]]:
    """Return one step for each time-to-event estimate: events, competing events, censored."""
    return [
        {
            **_step(scenario, key, rows),
            "events": int((rows["CNSR"] == 0).sum()),
            "competing": int((rows["STATE"] > 1).sum()),
            "censored": int((rows["STATE"] == 0).sum()),
        }
        for key, rows in adtte.groupby(KEY, dropna=False, sort=True)
    ]


def _rates(adrsp: pd.DataFrame, scenario: str) -> list[dict[str, Any]]:
    """Return one step for each rate: how many subjects have each category."""
    return [
        {
            **_step(scenario, key, rows),
            "outcomes": rows["AVALC"].value_counts().sort_index().to_dict(),
        }
        for key, rows in adrsp.groupby(KEY, dropna=False, sort=True)
    ]


def _step(scenario: str, key: tuple, rows: pd.DataFrame) -> dict[str, Any]:
    paramcd, evaluator, population = key
    return {
        "step": paramcd,
        "scenario": scenario,
        "evaluator": evaluator,
        "population": population,
        "subjects": len(rows),
        "in_primary_estimate": int((rows["ANL01FL"] == "Y").sum()),
    }
