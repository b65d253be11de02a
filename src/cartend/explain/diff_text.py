"""The differences between two definitions as plain text: counts first, then subjects."""

from pathlib import Path

import pandas as pd

from cartend.contract.datasets.explained import ONE_SIDE
from cartend.explain.definitions import (
    Side,
    compared,
    definition_differences,
    only_in_one,
)
from cartend.explain.differences import pair_frame
from cartend.explain.errors import ExplainError, unknown
from cartend.explain.results import StudyResults, open_study, studies_in
from cartend.explain.text import paragraph, show, table


def diff_text(
    results: Path | str,
    a: str,
    b: str,
    study: str | None = None,
    endpoint: str | None = None,
    against: str | None = None,
) -> str:
    """Return the differences of two scenarios, or of two endpoints, in every study that has both.

    Raises
    ------
    ExplainError
        A study, scenario or endpoint that is not known, or nothing to compare.
    """
    if a == b and (endpoint is None or against in (None, endpoint)):
        raise ExplainError(
            f"{a} is compared with itself; name two scenarios, or two endpoints with --endpoint "
            "and --against"
        )
    parts = [
        study_text(opened, a, b, endpoint, against)
        for opened in _studies(results, a, b, study, (endpoint, against))
    ]
    return "\n".join(parts)


def _studies(
    results: Path | str, a: str, b: str, study: str | None, endpoints: tuple[str | None, str | None]
) -> list[StudyResults]:
    """Return the study asked for, or those that have both scenarios and the endpoints."""
    if study is not None:
        return [open_study(results, study)]
    opened = [open_study(results, name) for name in studies_in(results)]
    if not opened:
        raise ExplainError(f"the results folder {results} holds no study with a manifest")
    both = [one for one in opened if a in one.scenarios and b in one.scenarios]
    if not both:
        known = list(dict.fromkeys(name for one in opened for name in one.scenarios))
        for scenario in (a, b):
            if scenario not in known:
                raise unknown(f"{results}: scenario", scenario, known)
        raise ExplainError(f"no study of {results} has both {a} and {b}")
    first, second = endpoints[0] or endpoints[1], endpoints[1] or endpoints[0]
    if first is None or second is None:
        return both
    having = [one for one in both if one.home(a, first) and one.home(b, second)]
    return having or both[:1]


def study_text(
    results: StudyResults, a: str, b: str, endpoint: str | None, against: str | None
) -> str:
    """Return the differences in one study."""
    for scenario in (a, b):
        results.scenario(scenario)
    pairs = compared(results, a, b, endpoint, against)
    parts = [f"{results.study['id']}: A is {a}, B is {b}"]
    for name, scenario in [] if endpoint or against else only_in_one(results, a, b):
        parts.append(_only_text(results, name, scenario, a))
    if not pairs:
        parts.append("  No endpoint is in both with two definitions.")
    parts += [pair_text(results, one, other) for one, other in pairs]
    return "\n\n".join(parts) + "\n"


def _only_text(results: StudyResults, name: str, scenario: str, a: str) -> str:
    """Return the line on an endpoint of one scenario, with one of its family to compare with."""
    definition = results.definitions(scenario)[name]
    family = [
        known
        for known, other in results.definitions("primary").items()
        if definition["family"] and other["family"] == definition["family"]
    ]
    text = f"{name} ({definition['label']}) is only in {scenario}."
    if family:
        pair = (name, family[0]) if scenario == a else (family[0], name)
        text += f" Compare it with: --endpoint {pair[0]} --against {pair[1]}"
        text += f" (its family {definition['family']}: {', '.join(family)})." if family[1:] else "."
    return paragraph(text, 2)


def pair_text(results: StudyResults, one: Side, other: Side) -> str:
    """Return counts by kind of change, the values that differ, and every subject that differs."""
    frame = pair_frame(results, one, other)
    heading = one.name if one.name == other.name else f"{one.name} (A) and {other.name} (B)"
    subjects = frame["USUBJID"].nunique()
    parts = [f"{heading}: {len(frame)} results of {subjects} subjects differ"]
    if len(frame):
        shown = counts(frame)
        parts.append(table(list(shown), shown.to_numpy().tolist(), {}, 2))
    parts.append(_values_text(results, one, other))
    parts += [
        paragraph(f"{s}: {d.definition['sentence']}", 2) for s, d in (("A", one), ("B", other))
    ]
    parts.append("\n".join(row_text(row) for row in frame.itertuples()))
    return "\n\n".join(part for part in parts if part)


def counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how many results changed in which way, by evaluator and population, as text."""
    keys = ["EVAL", "POP", "CHANGE"]
    named = frame.assign(
        EVAL=frame["EVAL_A"].where(frame["EVAL_A"].notna(), frame["EVAL_B"]),
        POP=frame["POP_A"].where(frame["POP_A"].notna(), frame["POP_B"]),
    )
    sizes = named.groupby(keys, sort=True).size().rename("results").reset_index()
    sizes = sizes.sort_values(
        ["EVAL", "POP", "results", "CHANGE"], ascending=[True, True, False, True]
    )
    named = sizes.rename(columns={"EVAL": "evaluator", "POP": "population", "CHANGE": "change"})
    return named[["evaluator", "population", "results", "change"]].astype(str)


def _values_text(results: StudyResults, one: Side, other: Side) -> str:
    differing = definition_differences(results, one, other)
    if not differing:
        return "  No value of the definitions differs."
    rows = [(path, _value(first), _value(second)) for path, first, second in differing]
    return table(("definition", "A", "B"), rows, {"definition": 60, "A": 24}, 2)


def _value(value: object) -> str:
    return "-" if value in (None, "") else str(value)


def row_text(row: tuple) -> str:
    """Return one subject: the change, and each side with what the other one says of its choice."""
    who = dict.fromkeys((row.EVAL_A, row.POP_A, row.EVAL_B, row.POP_B))
    where = ", ".join(part for part in who if isinstance(part, str) and part)
    lines = [f"{row.USUBJID}  {where}: {row.CHANGE}"]
    for side, against in (("A", "B"), ("B", "A")):
        result, said = side_words(row, side)
        if not result:
            continue
        text = f"{side}: {result}"
        if said:
            text += f"; in {against}: {said}" if _dated(row, side) else f"; {said}"
        lines.append(paragraph(text, 4))
    return "\n".join(lines)


def side_words(row: tuple, side: str) -> tuple[str, str]:
    """Return what one side has of a subject, and why it differs; blank where it has no row.

    Of a time to event the reason is what the other side says of this side's choice, of a rate it
    is the reason of its own category.
    """
    result, date, days, rule, record, said = (
        getattr(row, f"{name}_{side}") for name in ONE_SIDE.names
    )
    if pd.isna(result):
        return "", ""
    when = "" if pd.isna(date) else f" on {show(date)}"
    length = "" if pd.isna(days) else f", AVAL {int(days)}"
    place = f"{rule}, {record}" if when else rule
    return f"{result}{when}{length} ({place})", "" if pd.isna(said) else said


def _dated(row: tuple, side: str) -> bool:
    return not pd.isna(getattr(row, f"AVAL_{side}"))
