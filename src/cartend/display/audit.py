"""The audit trail: for every subject what decided an endpoint, from which record, by which rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.display import labels
from cartend.display.definitions import rule_sentence
from cartend.display.words import preference

KEY = ["PARAMCD", "POP", "EVAL"]
LIMIT = 500
EVENT_HEADER = (
    "Subject",
    "Arm",
    "From",
    "To",
    "Days",
    "CNSR",
    "Event or reason for censoring",
    "Source record",
    "Rule",
    "Lost",
)
RATE_HEADER = ("Subject", "Arm", "Answer", "Date", "Reason", "Source record", "Rule", "Lost")


@dataclass(frozen=True)
class Listing:
    """The listing of one endpoint, population and evaluator."""

    paramcd: str
    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    rules: list[tuple[str, str]]
    left_out: int


def listings(study: Study, definitions: dict[str, Definition], folder: Path) -> Iterator[Listing]:
    """Yield the listings of a scenario: each endpoint's first population, every evaluator.

    The column ``Lost`` counts the candidates that did not decide; they stand with their reasons in
    candidates.parquet. A listing holds at most ``LIMIT`` subjects.
    """
    lost = _lost(folder / "candidates.parquet")
    for name, header, make in (
        ("adtte", EVENT_HEADER, partial(_event_rows, study)),
        ("adrsp", RATE_HEADER, _rate_rows),
    ):
        path = folder / f"{name}.parquet"
        frame = pd.read_parquet(path) if path.exists() else pd.DataFrame()
        if frame.empty:
            continue
        frame = frame.assign(EVAL=frame["EVAL"].fillna(""))
        parts = dict(tuple(frame.groupby(KEY, sort=False)))
        for key in _shown(study, definitions, list(parts)):
            part = parts[key].sort_values("USUBJID", kind="stable")
            yield _listing(definitions[key[0]], key, part, header, make, lost)


def _shown(
    study: Study, definitions: dict[str, Definition], keys: list[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """Return for each endpoint its first population with its first evaluator."""
    best: dict[str, tuple] = {}
    for key in keys:
        if key[0] in definitions:
            place = preference(study, definitions[key[0]], *key[1:])
            best[key[0]] = min((place, key), best.get(key[0], (place, key)))
    return [key for _, key in best.values()]


def _listing(definition, key, part, header, make, lost) -> Listing:
    shown = part.head(LIMIT)
    judged = f", {labels.evaluator(key[2])}" if key[2] else ""
    title = f"{definition.label} ({key[0]}, {key[1]}{judged})"
    used = list(dict.fromkeys(shown["RULEID"].dropna().astype(str)))
    rules = [(rule, rule_sentence(definition, rule)) for rule in sorted(used)]
    counts = [lost.get((*key, subject), 0) for subject in shown["USUBJID"]]
    return Listing(key[0], title, header, make(shown, counts), rules, len(part) - len(shown))


def _lost(path: Path) -> dict[tuple, int]:
    """Return the number of candidates that lost, by endpoint, population, evaluator, subject."""
    if not path.exists():
        return {}
    columns = [*KEY, "USUBJID", "OUTCOME"]
    frame = pd.read_parquet(path, columns=columns)
    frame = frame[frame["OUTCOME"] != "chosen"]
    frame = frame.assign(EVAL=frame["EVAL"].fillna(""))
    return frame.groupby([*KEY, "USUBJID"], sort=False).size().to_dict()


def _event_words(study: Study, part: pd.DataFrame) -> pd.Series:
    return part["EVNTDESC"].map(lambda code: labels.event(study, code), na_action="ignore")


def _event_rows(study: Study, part: pd.DataFrame, lost: list[int]) -> list[tuple[str, ...]]:
    reasons = part["CNSDTDSC"].where(part["CNSR"] > 0, _event_words(study, part))
    return list(
        zip(
            part["USUBJID"].astype(str),
            _text(part, "ARMCD"),
            _dates(part, "STARTDT"),
            _dates(part, "ADT"),
            part["AVAL"].map(_whole),
            part["CNSR"].map(_whole),
            reasons.fillna("").astype(str),
            _records(part),
            _text(part, "RULEID"),
            map(str, lost),
            strict=True,
        )
    )


def _rate_rows(part: pd.DataFrame, lost: list[int]) -> list[tuple[str, ...]]:
    return list(
        zip(
            part["USUBJID"].astype(str),
            _text(part, "ARMCD"),
            _text(part, "AVALC"),
            _dates(part, "ADT"),
            _text(part, "REASON"),
            _records(part),
            _text(part, "RULEID"),
            map(str, lost),
            strict=True,
        )
    )


def _text(part: pd.DataFrame, column: str) -> pd.Series:
    if column not in part:
        return pd.Series("", index=part.index)
    return part[column].fillna("").astype(str)


def _dates(part: pd.DataFrame, column: str) -> pd.Series:
    if column not in part:
        return pd.Series("", index=part.index)
    return part[column].dt.strftime("%Y-%m-%d").fillna("")


def _whole(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.0f}"


def _records(part: pd.DataFrame) -> list[str]:
    """Return the source record as ``RS.RSDTC, sequence 4``; one of DM has no sequence."""
    found = zip(_text(part, "SRCDOM"), _text(part, "SRCVAR"), _text(part, "SRCSEQ"), strict=True)
    return [
        f"{domain}.{variable}" + (f" #{number}" if number not in ("", "0") else "")
        for domain, variable, number in found
    ]
