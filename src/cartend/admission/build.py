"""The gate of a run: nothing is analysed that was not understood (decision D39).

What the intake read, who the subjects are and what the endpoints need are held against each
other; every input row, subject and word is accounted for, and every stop is listed at once.
"""

from pathlib import Path

import pandas as pd

from cartend.admission.accepting import Settled, settle
from cartend.admission.found import (
    flags_that_differ,
    infusions_in_control,
    unmet_acceptances,
)
from cartend.admission.gate import gate_stops
from cartend.admission.page import write_page
from cartend.admission.rows import left_by_intake, row_counts, settled_rows
from cartend.admission.subjects import subject_table
from cartend.admission.touched import touched_findings, touched_words
from cartend.admission.trial import Admitted, load_admitted
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.check import write, write_csv
from cartend.contract.datasets.admission import (
    ACCEPTED,
    FILES,
    ROWS,
    SUBJECTS,
    TOUCHED,
    TOUCHED_WORDS,
    WORDS,
)
from cartend.contract.datasets.findings import FINDINGS
from cartend.intake import findings
from cartend.intake.stops import Stop, StopError, read_stops, write_stops


def admit_data(
    study: Study,
    definitions: dict[str, Definition],
    sdtm_dir: Path,
    adsl_path: Path,
    findings_path: Path,
    files_path: Path,
) -> None:
    """Let what was read pass the gate, before the responses; write files.csv where it does.

    Raises
    ------
    StopError
        Where a stop is left; every other file of the gate stands beside ``files_path`` then.
    """
    folder = Path(files_path).parent
    rows = settle_all(study, definitions, (sdtm_dir, adsl_path, findings_path), folder)
    write_csv(row_counts(rows), FILES, Path(files_path))


def admit_endpoints(
    study: Study,
    definitions: dict[str, Definition],
    sdtm_dir: Path,
    adsl_path: Path,
    findings_path: Path,
    accepted_path: Path,
) -> None:
    """Let what the endpoints ask of it pass too, before the estimates; write accepted.csv.

    Raises
    ------
    StopError
        As of ``admit_data``.
    """
    folder = Path(accepted_path).parent
    made = (sdtm_dir, adsl_path, findings_path)
    settle_all(study, definitions, made, folder, Path(accepted_path))


def settle_all(
    study: Study,
    definitions: dict[str, Definition],
    made: tuple[Path, Path, Path],
    folder: Path,
    accepted_path: Path | None = None,
) -> pd.DataFrame:
    """Write the files of the gate; return the rows where no stop is left.

    ``made`` is what the rooms above made: the folder of the domains, ADSL, the findings;
    ``accepted_path`` where the accepted stops go once none is left.

    1. The stops of the intake, then those that subjects, sets and endpoints need.
    2. Take out what the study file accepts; what it cannot accept stays, with the reason.
    3. Write what became of each row, subject, word and finding, the stops that are left, and the
       page that shows them.
    """
    sdtm_dir, adsl_path, findings_path = map(Path, made)
    stops = read_stops(sdtm_dir / "stops.csv")
    trial = load_admitted(study, definitions, sdtm_dir, adsl_path, stops)
    stops += gate_stops(trial)
    settled = settle(stops, study.accept)
    write_stops(settled.left, folder / "stops.csv")
    rows = write_accounts(trial, sdtm_dir, folder)
    found = pd.read_csv(findings_path, dtype=str, keep_default_na=False)
    write_csv(found_and_touched(trial, found, settled, stops), TOUCHED, folder / "findings.csv")
    if accepted_path is not None and not settled.left:
        write_csv(settled.accepted, ACCEPTED, accepted_path)
    write_page(study, folder)
    if settled.left:
        raise StopError(settled.left)
    return rows


def write_accounts(trial: Admitted, sdtm_dir: Path, folder: Path) -> pd.DataFrame:
    """Write rows.parquet, subjects.csv and words.csv; return the rows."""
    rows = settled_rows(trial, left_by_intake(sdtm_dir / "rows.parquet", ROWS))
    write(rows, ROWS, folder / "rows.parquet")
    write_csv(subject_table(trial, rows), SUBJECTS, folder / "subjects.csv")
    words = touched_words(trial, left_by_intake(sdtm_dir / "words.parquet", WORDS))
    write_csv(words, TOUCHED_WORDS, folder / "words.csv")
    return rows


def found_and_touched(
    trial: Admitted, found: pd.DataFrame, settled: Settled, stops: list[Stop]
) -> pd.DataFrame:
    """Return every finding of the run, those of the gate too, by what it touches."""
    more = [
        infusions_in_control(trial),
        flags_that_differ(trial),
        unmet_acceptances(settled.unmet, stops),
    ]
    return touched_findings(trial, findings.collect([found[FINDINGS.names], *more]))
