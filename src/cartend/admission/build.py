"""The gate of a run: nothing is analysed that was not understood (decision D39).

What the intake read, who the subjects are and what the endpoints need are held against each
other; every input row, subject and word is accounted for, and every stop is listed at once.
"""

from pathlib import Path

import pandas as pd

from cartend.admission.accepting import Settled, settle
from cartend.admission.gate import gate_stops
from cartend.admission.trial import Admitted, load_admitted
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.check import check
from cartend.contract.datasets.admission import ACCEPTED
from cartend.contract.datasets.dataset import Dataset
from cartend.intake.stops import StopError, read_stops, write_stops


def admit(
    study: Study,
    definitions: dict[str, Definition],
    sdtm_dir: Path,
    adsl_path: Path,
    accepted_path: Path,
) -> None:
    """Write the files of the gate beside ``accepted_path``, or stop with every stop.

    1. The stops of the intake, then those that subjects, sets and endpoints need.
    2. Take out what the study file accepts; what it cannot accept stays, with the reason.
    3. Write stops.csv; where none is left, accepted.csv too, which lets the run go on.

    Raises
    ------
    StopError
        Where a stop is left; every file but ``accepted_path`` is written before.
    """
    folder = Path(accepted_path).parent
    trial = load_admitted(study, definitions, Path(sdtm_dir), Path(adsl_path))
    settled = decide(trial, Path(sdtm_dir) / "stops.csv")
    write_stops(settled.left, folder / "stops.csv")
    if settled.left:
        raise StopError(settled.left)
    write_csv(settled.accepted, ACCEPTED, Path(accepted_path))


def decide(trial: Admitted, stops_path: Path) -> Settled:
    """Return which stops are left and which the study file accepts."""
    return settle([*read_stops(stops_path), *gate_stops(trial)], trial.study.accept)


def write_csv(table: pd.DataFrame, dataset: Dataset, path: Path) -> None:
    """Write a table of the gate, held against its contract."""
    check(table, dataset, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")
