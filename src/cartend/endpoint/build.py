"""The ``events`` step: every endpoint of a scenario, for every evaluator and population.

Rates come first where a set depends on them (D16). Tables are written analysis by analysis, so
that memory holds one of them at a time.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cartend.config.criteria import Criteria
from cartend.config.definition import Definition, TimeToEvent
from cartend.config.rate import Rate
from cartend.config.study import Study
from cartend.contract.datasets.engine import BOUNDS, READ
from cartend.contract.datasets.results import CARRIED
from cartend.endpoint.brought import Brought, brought_tables, read_brought
from cartend.endpoint.ends import named_kinds
from cartend.endpoint.frames import (
    Analysis,
    Writer,
    adrsp_table,
    adtte_table,
    candidates_table,
)
from cartend.endpoint.needs import why_not_derivable
from cartend.endpoint.rates import evaluate
from cartend.endpoint.records import Trial, call_columns, load_trial
from cartend.endpoint.sets import Sets
from cartend.endpoint.streams import WRITTEN, Stream, as_frame
from cartend.endpoint.timetoevent import derive

AS_CATEGORIES = (*CARRIED, "STUDYID", "DTHCAUS", "BASEFL")
"""Text of ADSL that is read as categories; USUBJID, by which it is sorted, is read as it is."""


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
    """Read ADSL, ADRS, ADMRD and the dated events; write ADTTE, ADRSP and the candidates.

    A study without visit responses brings its times in ``sdtm/adtte.parquet`` beside ``adam``.
    """
    every = [*definitions.values(), *(support or {}).values()]
    more = BOUNDS if any(one.partial_dates != "imputed" for one in every) else ()
    frames = [_read(Path(adam_dir), name, more) for name in ("adsl", "adrs", "adevt", "admrd")]
    trial = load_trial(study, criteria, *frames, named_kinds(every))
    brought = read_brought(study.entry, Path(adam_dir).parent / "sdtm", frames[1])
    del frames
    paths = {"adtte": adtte_path, "adrsp": adrsp_path, "candidates": candidates_path}
    write_all(trial, definitions, support or {}, paths, brought)


def write_all(
    trial: Trial,
    definitions: dict[str, Definition],
    support: dict[str, Definition],
    paths: dict[str, Path],
    brought: Brought | None = None,
) -> None:
    """Write ADTTE, ADRSP and the candidates, one analysis at a time."""
    streams = {name: Stream(name, Path(path), trial.study) for name, path in paths.items()}
    for name, table in derive_each(trial, definitions, support, brought):
        streams[name].add(table)
    for stream in streams.values():
        stream.close()


def _read(folder: Path, name: str, more: tuple[str, ...]) -> pd.DataFrame:
    """Read a dataset, its text columns as categories."""
    path = folder / f"{name}.parquet"
    if name not in READ:
        return pq.read_table(path, read_dictionary=list(AS_CATEGORIES)).to_pandas()
    dataset, wanted = READ[name]
    calls = call_columns(pq.read_schema(path).names) if name == "admrd" else []
    text = [column for column in wanted if column in dataset.of_kind("text")]
    columns = [*wanted, *more, *calls]
    return pq.read_table(path, columns=columns, read_dictionary=[*text, *calls]).to_pandas()


def derive_all(
    trial: Trial, definitions: dict[str, Definition], support: dict[str, Definition]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return ADTTE, ADRSP and the candidates of all definitions as frames.

    Parameters
    ----------
    trial
        The trial as arrays.
    definitions
        Resolved definitions by PARAMCD, in the order of the study.
    support
        Rates that decide response-dependent sets and are not themselves reported.
    """
    pieces: dict[str, list[pa.Table]] = {name: [] for name in WRITTEN}
    for name, table in derive_each(trial, definitions, support):
        pieces[name].append(table)
    frames = [as_frame(name, tables, trial.study) for name, tables in pieces.items()]
    return frames[0], frames[1], frames[2]


def derive_each(
    trial: Trial,
    definitions: dict[str, Definition],
    support: dict[str, Definition],
    brought: Brought | None = None,
) -> Iterator[tuple[str, pa.Table]]:
    """Yield the tables of every analysis with the name of the dataset they belong to."""
    sets, writer = Sets(trial, {**definitions, **support}), Writer(trial)
    for analysis in analyses(trial.study, definitions):
        definition = analysis.definition
        if why_not_derivable(definition, has_mrd=len(trial.mrd) > 0):
            continue  # the results say so, by name
        if brought is not None and brought.decides(definition):
            yield from zip(
                ("adtte", "candidates"), brought_tables(writer, analysis, brought), strict=True
            )
            continue
        if isinstance(definition, Rate):
            yield "adrsp", _rate_table(trial, sets, writer, analysis)
            continue
        assert isinstance(definition, TimeToEvent)
        dated = trial.dated(definition.partial_dates)
        members = sets.members(analysis.population, definition.origin, analysis.evaluator)
        outcome = derive(dated, definition, analysis.evaluator, members)
        imputed = None
        if dated is not trial:
            imputed = derive(trial, definition, analysis.evaluator, members)
        yield "adtte", adtte_table(writer, analysis, outcome, imputed)
        yield "candidates", candidates_table(writer, analysis, outcome)


def _rate_table(trial: Trial, sets: Sets, writer: Writer, analysis: Analysis) -> pa.Table:
    definition, evaluator, population = analysis.definition, analysis.evaluator, analysis.population
    assert isinstance(definition, Rate)
    mask: np.ndarray = sets.mask(population, evaluator)
    dated = trial.dated(definition.partial_dates)
    result = evaluate(dated, definition, evaluator, population)
    imputed = None
    if dated is not trial:
        imputed = evaluate(trial, definition, evaluator, population)
    return adrsp_table(writer, analysis, result, mask, imputed)


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
