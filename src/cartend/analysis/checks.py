"""The checks job: every invariant of every scenario, and a failed run where one is broken."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cartend.analysis import checks_adtte, checks_cross, checks_identities, checks_results
from cartend.analysis.evidence import Check, Evidence, read_evidence
from cartend.config.criteria import Criteria
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.check import write_csv
from cartend.contract.datasets.findings import CHECKED

COLUMNS = CHECKED.names
CHECKS: tuple[Check, ...] = (
    *checks_adtte.CHECKS,
    *checks_cross.CHECKS,
    *checks_identities.CHECKS,
    *checks_results.CHECKS,
)


class CheckError(Exception):
    """An invariant of severity error does not hold; the message is one sentence."""


def run_checks(
    study: Study,
    criteria: Criteria,
    scenarios: dict[str, dict[str, Definition]],
    results_dir: Path,
    out_csv: Path,
) -> None:
    """Check the written results of every scenario, write ``checks.csv``, stop if one fails.

    1. A check that holds is one row, passed Y; one whose data are not there is N/A.
    2. One that does not hold is a row for each endpoint, evaluator and population, passed N,
       with the number of violations and the first of them.
    3. An error-level N raises :class:`CheckError`, after the file is written.
    """
    rows = [
        row
        for evidence in read_evidence(study, criteria, scenarios, Path(results_dir))
        for check in CHECKS
        for row in outcome(check, evidence)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.sort_values(COLUMNS, kind="stable", ignore_index=True)
    write_csv(table, CHECKED, Path(out_csv))
    _stop_on_error(study, table, Path(out_csv))


def outcome(check: Check, evidence: Evidence) -> Iterator[tuple]:
    """Yield the rows of one check on one scenario."""
    head = (check.id, check.severity, evidence.scenario)
    if not check.applies(evidence):
        yield (*head, "", "", "", "N/A", 0, check.sentence)
        return
    violations = list(check.find(evidence))
    for v in violations:
        yield (*head, v.paramcd, v.evaluator, v.population, "N", v.n, v.message)
    if not violations:
        yield (*head, "", "", "", "Y", 0, check.sentence)


def _stop_on_error(study: Study, table: pd.DataFrame, out_csv: Path) -> None:
    failed = table[(table["passed"] == "N") & (table["severity"] == "error")]
    if not len(failed):
        return
    first = failed.iloc[0]
    place = " ".join(
        part
        for part in (first["scenario"], first["paramcd"], first["evaluator"], first["population"])
        if part
    )
    raise CheckError(
        f"{study.id}: {failed['check_id'].nunique()} of {len(CHECKS)} checks failed; the first is "
        f"{first['check_id']} ({place}): {first['message']}. All are in {out_csv}."
    )
