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
from cartend.endpoint.brought import Brought, brought_tables, read_brought
from cartend.endpoint.frames import (
    CARRIED,
    Analysis,
    Writer,
    adrsp_table,
    adtte_table,
    candidates_table,
)
from cartend.endpoint.needs import why_not_derivable
from cartend.endpoint.rates import evaluate
from cartend.endpoint.records import Trial, load_trial
from cartend.endpoint.sets import Sets
from cartend.endpoint.timetoevent import derive

DATES, NUMBERS = ("STARTDT", "ADT", "ESTABDT"), ("AVAL", "CNSR", "STATE", "SRCSEQ")
COLUMNS = {
    "adtte": "STUDYID USUBJID PARAMCD PARAM EVAL POP {carried} STARTDT ADT AVAL CNSR EVNTDESC "
    "CNSDTDSC STATE STATEDESC SRCDOM SRCVAR SRCSEQ STARTDTF ADTF RULEID ESTABDT ANL01FL "
    "ANL01RS BASEFL PDATDIFL TAGS",
    "adrsp": "STUDYID USUBJID PARAMCD PARAM EVAL POP {carried} AVALC ADT RULEID REASON SRCDOM "
    "SRCVAR SRCSEQ ANL01FL ANL01RS BASEFL PDATDIFL",
    "candidates": "STUDYID USUBJID PARAMCD EVAL POP KIND EVNTDESC ADT ADTF STATE SRCDOM SRCVAR "
    "SRCSEQ RULEID ESTABDT OUTCOME",
}
TEXT_OF = {
    "adsl": ("STUDYID", "ARMCD", "TRT01P", "BRIDGE", "BRIDGEFL", "AGEGR", "DTHCAUS", "BASEFL"),
    "adrs": ("USUBJID", "PARAMCD", "EVAL", "AVALC", "ANL01FL", "ADTF", "SRCDOM", "SRCVAR"),
    "adevt": ("USUBJID", "KIND", "REASON", "PLANNED", "CLASS", "ADTF", "SRCDOM", "SRCVAR"),
    "admrd": (
        *("USUBJID", "AVALC", "ADTF", "SRCDOM", "SRCVAR", "ANL01FL"),
        *("ANL02FL", "LBSPEC", "IMAGNEG"),
    ),
}
NEEDED_OF = {
    "adrs": (*TEXT_OF["adrs"], "ADT", "SRCSEQ"),
    "adevt": (*TEXT_OF["adevt"], "ADT", "SRCSEQ"),
    "admrd": (*TEXT_OF["admrd"], "ADT", "SRCSEQ"),
}
BOUNDS = ("ADTLO", "ADTHI")
"""Columns that only a definition with ``partial_dates`` at a bound needs."""


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
    trial = load_trial(study, criteria, *frames)
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
    schemas = {name: _schema(name, trial.study) for name in paths}
    writers = {}
    for name, path in paths.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        writers[name] = pq.ParquetWriter(path, schemas[name], store_schema=False)
    for name, table in derive_each(trial, definitions, support, brought):
        writers[name].write_table(table.select(schemas[name].names).cast(schemas[name]))
    for writer in writers.values():
        writer.close()


def _read(folder: Path, name: str, more: tuple[str, ...]) -> pd.DataFrame:
    """Read a dataset, its text columns as categories."""
    path = folder / f"{name}.parquet"
    there = pq.read_schema(path).names
    calls = [c for c in there if name == "admrd" and c.startswith("CALL") and c != "CALLRS"]
    wanted = (*NEEDED_OF[name], *more, *calls) if name in NEEDED_OF else ()
    columns = [c for c in wanted if c in there] or None
    text = [column for column in (*TEXT_OF[name], *calls) if column in there]
    return pq.read_table(path, columns=columns, read_dictionary=text).to_pandas()


def _schema(name: str, study: Study) -> pa.Schema:
    """Return the columns of an output; text is a dictionary here and plain text in the file."""
    text = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            (
                column,
                pa.timestamp("ms")
                if column in DATES
                else pa.int64()
                if column in NUMBERS
                else text,
            )
            for column in columns_of(name, study)
        ]
    )


def columns_of(name: str, study: Study) -> list[str]:
    """Return the columns of ``adtte``, ``adrsp`` or ``candidates`` for a study, in order."""
    carried = " ".join(dict.fromkeys((*CARRIED, *study.strata)))
    return COLUMNS[name].format(carried=carried).split()


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
    pieces: dict[str, list[pa.Table]] = {name: [] for name in COLUMNS}
    for name, table in derive_each(trial, definitions, support):
        pieces[name].append(table.select(columns_of(name, trial.study)))
    frames = []
    for name, tables in pieces.items():
        schema = _schema(name, trial.study)
        plain = pa.schema(
            [f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in schema]
        )
        casted = [table.cast(plain) for table in tables]
        frames.append(pa.concat_tables(casted or [plain.empty_table()]).to_pandas())
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
