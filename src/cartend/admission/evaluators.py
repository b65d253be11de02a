"""Stops of evaluators: who decides an endpoint has no record from which it follows (D39)."""

from collections.abc import Iterator

import pandas as pd

from cartend.admission.reads import from_assessments
from cartend.admission.trial import Admitted
from cartend.config.definition import Definition
from cartend.contract.text import conjoined, listed
from cartend.intake.stops import Stop


def evaluators_without_record(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each evaluator who decides listed endpoints and has no record.

    The primary evaluator, and one whom the definition of an endpoint names. A blank evaluator of
    a brought table is the primary one.
    """
    asked: dict[str, list[str]] = {}
    for name, definition in trial.definitions.items():
        if from_assessments(trial, definition):
            asked.setdefault(_decides(trial, definition), []).append(name)
    source, rows = trial.assessments
    if source.lower() in trial.unread or trial.study.response_source == "algorithmic":
        return
    if rows.empty and trial.brings_times:
        return
    counts = _by(trial, rows).value_counts()
    for evaluator, names in asked.items():
        if evaluator not in counts:
            yield Stop(
                "S-EVAL",
                evaluator,
                len(names),
                f"{trial.study.id}: no record of response in {source} is by {evaluator}, who "
                f"decides {conjoined(names)}; there {_held(counts)}",
                _way_out(trial, counts),
            )


def times_without_record(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each endpoint that neither follows from responses nor is brought."""
    if not trial.brings_times or trial.unread & {"adrs", "adtte"}:
        return
    rows = trial.domains["adtte"]
    rows = rows.assign(EVAL=_by(trial, rows))
    known = sorted(rows["PARAMCD"].dropna().unique())
    for name, definition in trial.definitions.items():
        own = rows[rows["PARAMCD"].eq(name)]
        if definition.evaluator == "none":
            continue  # it may follow from ADSL
        if definition.kind == "rate" or own.empty:
            yield Stop(
                "S-TIME",
                name,
                1,
                f"{trial.study.id}: {name} can follow from nothing: the study brings no visit "
                f"responses (ADRS), and ADTTE has no PARAMCD {name} (it has "
                f"{listed(known) or 'none'})",
                "bring one of them, say what ADTTE calls it under adam.adtte, or leave the "
                "endpoint out of endpoints",
            )
        elif not own["EVAL"].eq(_decides(trial, definition)).any():
            counts = own["EVAL"].value_counts()
            yield Stop(
                "S-EVAL",
                f"{_decides(trial, definition)} {name}",
                len(own),
                f"{trial.study.id}: no record of {name} in ADTTE is by "
                f"{_decides(trial, definition)}, who decides it; there {_held(counts)}",
                _way_out(trial, counts),
            )


def _by(trial: Admitted, rows: pd.DataFrame) -> pd.Series:
    """Return who judged each record; nobody named is the primary evaluator in a brought table."""
    named = rows["EVAL"] if "EVAL" in rows else pd.Series(None, index=rows.index, dtype=object)
    named = named.where(named.ne(""))
    return named.fillna(trial.study.primary_evaluator) if trial.study.entry == "adam" else named


def _decides(trial: Admitted, definition: Definition) -> str:
    named = definition.evaluator
    return trial.study.primary_evaluator if named == "study" else named


def _held(counts: pd.Series) -> str:
    """Return whose records there are, as a sentence goes on."""
    if counts.empty:
        return "is none at all"
    told = [f"{count} by {name}" for name, count in counts.items()]
    return f"are {conjoined(told)}"


def _way_out(trial: Admitted, counts: pd.Series) -> str:
    other = f", or name primary_evaluator: {counts.index[0]}" if len(counts) else ""
    if trial.study.entry == "adam":
        return f"say whose records they are under adam.adrs, adam.adtte or words{other}"
    return f"say under words: {{RS.RSEVAL: ...}} whose records they are{other}"
