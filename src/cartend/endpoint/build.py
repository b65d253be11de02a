"""The ``events`` step: every endpoint of a scenario, for every evaluator and population.

Rates come first, because response-dependent sets follow from them (D16).
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.definition import Definition, Rate, TimeToEvent
from cartend.config.study import Study
from cartend.endpoint.frames import (
    CARRIED,
    Analysis,
    adrsp_frame,
    adtte_frame,
    candidates_frame,
)
from cartend.endpoint.rates import evaluate
from cartend.endpoint.records import Trial, load_trial
from cartend.endpoint.sets import Sets
from cartend.endpoint.timetoevent import derive

ADTTE_COLUMNS = (
    "STUDYID USUBJID PARAMCD PARAM EVAL POP {carried} STARTDT ADT AVAL CNSR EVNTDESC CNSDTDSC "
    "STATE STATEDESC SRCDOM SRCVAR SRCSEQ STARTDTF ADTF RULEID ESTABDT ANL01FL TAGS"
)
ADRSP_COLUMNS = (
    "STUDYID USUBJID PARAMCD PARAM EVAL POP {carried} AVALC ADT RULEID REASON SRCDOM SRCVAR "
    "SRCSEQ ANL01FL"
)
CANDIDATE_COLUMNS = (
    "STUDYID USUBJID PARAMCD EVAL POP KIND EVNTDESC ADT ADTF STATE SRCDOM SRCVAR SRCSEQ RULEID "
    "ESTABDT OUTCOME"
)


def build_events(
    study: Study,
    criteria: Criteria,
    definitions: dict[str, Definition],
    adam_dir: Path,
    adtte_path: Path,
    adrsp_path: Path,
    candidates_path: Path,
    support: dict[str, Definition] | None = None,
) -> None:
    """Read ADSL, ADRS, ADMRD and the dated events; write ADTTE, ADRSP and the candidates."""
    frames = [
        pd.read_parquet(Path(adam_dir) / f"{name}.parquet")
        for name in ("adsl", "adrs", "adevt", "admrd")
    ]
    trial = load_trial(study, criteria, *frames)
    adtte, adrsp, candidates = derive_all(trial, definitions, support or {})
    for frame, path in ((adtte, adtte_path), (adrsp, adrsp_path), (candidates, candidates_path)):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(path, index=False)


def derive_all(
    trial: Trial, definitions: dict[str, Definition], support: dict[str, Definition]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return ADTTE, ADRSP and the candidates of all definitions.

    Parameters
    ----------
    trial
        The trial as arrays.
    definitions
        Resolved definitions by PARAMCD, in the order of the study.
    support
        Rates that decide response-dependent sets and are not themselves reported.
    """
    sets = Sets(trial, {**definitions, **support})
    adtte, adrsp, candidates = [], [], []
    for analysis in analyses(trial.study, definitions):
        definition = analysis.definition
        if isinstance(definition, Rate):
            mask = sets.mask(analysis.population, analysis.evaluator)
            result = evaluate(trial, definition, analysis.evaluator, analysis.population)
            adrsp.append(adrsp_frame(trial, analysis, result, mask))
            continue
        assert isinstance(definition, TimeToEvent)
        members = sets.members(analysis.population, definition.origin, analysis.evaluator)
        outcome = derive(trial, definition, analysis.evaluator, members)
        adtte.append(adtte_frame(trial, analysis, outcome))
        candidates.append(candidates_frame(trial, analysis, outcome))
    carried = " ".join(dict.fromkeys((*CARRIED, *trial.study.strata)))
    return (
        _stack(adtte, ADTTE_COLUMNS.format(carried=carried).split()),
        _stack(adrsp, ADRSP_COLUMNS.format(carried=carried).split()),
        _stack(candidates, CANDIDATE_COLUMNS.split()),
    )


def analyses(study: Study, definitions: dict[str, Definition]) -> Iterator[Analysis]:
    """Yield every endpoint, evaluator and population in the order of the study."""
    for definition in definitions.values():
        evaluators: tuple[str, ...] = ("",)
        if definition.evaluator == "study":
            evaluators = study.evaluators
        elif definition.evaluator != "none":
            evaluators = (definition.evaluator,)
        for evaluator in evaluators:
            for population in definition.population:
                yield Analysis(definition, evaluator, population)


def _stack(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
    return pd.concat(filled, ignore_index=True)[columns]
