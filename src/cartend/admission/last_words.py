"""What a run prints at its end: the number of stops, or the errors that touch what decides.

Read with the standard library alone: the workflow is parsed in every job.
"""

import csv
from pathlib import Path


def count_of_stops(path: Path) -> list[str]:
    """Return the last line of a stopped run: how many stops there are, and where they stand.

    No line where there is no stop: the run ended for something else.
    """
    count = len(_rows(path))
    said = f"{count} stop{'s' if count > 1 else ''}; listed with the way out in {path}"
    return [said] if count else []


def errors_that_decide(study: str, path: Path) -> list[str]:
    """Return a line for each kind of error that touches a primary endpoint, from findings.csv."""
    kinds: dict[str, tuple[set[str], str]] = {}
    for row in _rows(path):
        if row["severity"] == "error" and row["primary"] == "Y":
            subjects, _ = kinds.setdefault(row["finding_id"], (set(), row["message"]))
            subjects.add(row["usubjid"])
    return [
        f"{study}: error {name} touches the primary endpoint in {_subjects(found)}: {message}"
        for name, (found, message) in kinds.items()
    ]


def _subjects(found: set[str]) -> str:
    named = sorted(found - {""})
    if not named:
        return "the whole study"
    return f"{len(named)} subjects, first {named[0]}" if len(named) > 1 else named[0]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
