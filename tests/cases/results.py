"""The results of a case: ARD of scenario primary, made in process."""

import pandas as pd

from cartend.analysis.ard import read_ard
from cartend.analysis.build import build_results
from tests.cases.whole import Whole


def results(trial: Whole) -> pd.DataFrame:
    """Return ARD of a trial; the curves stand beside it."""
    assert len(trial.events)
    paths = [trial.out / name for name in ("adtte.parquet", "adrsp.parquet")]
    made = [trial.out / name for name in ("ard.csv", "curves.parquet")]
    scenario = trial.run.scenarios[trial.study_id]["primary"]
    criteria = trial.run.criteria[trial.study_id]
    adsl = trial.subjects / "adsl.parquet"
    build_results(trial.study, criteria, scenario.definitions, "primary", adsl, *paths, *made)
    return read_ard(made[0])


def levels(ard: pd.DataFrame, by: str) -> list[str]:
    """Return the levels of a stratifier in the order of OS's rows."""
    return list(dict.fromkeys(ard.query("paramcd == 'OS' and by == @by")["level"]))
