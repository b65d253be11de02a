"""Whom a scenario moves: every subject whose event, date or reason differs from primary, and why.

The rows are those of ``cartend diff primary SCENARIO``; a new endpoint is compared with the shipped
one that it is based on.
"""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.terms.page import TABLE_KIND
from cartend.display.ard import Group
from cartend.display.format import share
from cartend.display.shell import Column, Row, Shell, assert_total
from cartend.display.words import Heading
from cartend.explain.definitions import Side, compared, definition_differences
from cartend.explain.diff_text import side_words
from cartend.explain.differences import joined_frame, reasoned
from cartend.explain.results import PRIMARY, StudyResults

SAME = "Same event, date and reason"
KEY = ["EVAL", "POP"]
KIND, LIST = TABLE_KIND.group("of_a_scenario")


def difference_tables(heading: Heading, results: StudyResults) -> Iterator[Shell]:
    """Yield for each scenario and endpoint that it changes: the counts, then the subjects.

    A scenario made of a grid is left out; its many definitions stand in a table of their own.
    """
    for scenario in results.scenarios:
        if scenario == PRIMARY or results.scenario(scenario).get("grid"):
            continue
        for one, other in compared(results, PRIMARY, scenario, None, None):
            joined = keyed(joined_frame(results, one, other))
            yield counts_table(heading, results, one, other, joined)
            found = keyed(reasoned(results, one, other, joined))
            if len(found):
                yield subjects_table(heading, one, other, found)


def keyed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return joined rows with the evaluator and population of either side as EVAL and POP."""
    return frame.assign(
        EVAL=frame["EVAL_A"].where(frame["EVAL_A"].notna(), frame["EVAL_B"]),
        POP=frame["POP_A"].where(frame["POP_A"].notna(), frame["POP_B"]),
    )


def counts_table(
    heading: Heading, results: StudyResults, one: Side, other: Side, joined: pd.DataFrame
) -> Shell:
    """Return how many results changed in which way, by evaluator and population; they add up."""
    columns, totals, counts = [], {}, {}
    for key in _ordered(heading, joined):
        part = joined[joined["EVAL"].eq(key[0]) & joined["POP"].eq(key[1])]
        name = "_".join(filter(None, key))
        column = Column(name, f"{', '.join(filter(None, key))} (N={len(part)})", Group())
        columns.append(column)
        totals[name] = len(part)
        counts[name] = part["CHANGE"].replace("", SAME).value_counts().to_dict()
        assert_total(_stem(one, other), column, counts[name], len(part))
    kinds = [SAME, *sorted({kind for own in counts.values() for kind in own} - {SAME})]
    rows = [
        Row(kind, {name: share(counts[name].get(kind, 0), totals[name]) for name in totals})
        for kind in kinds
    ]
    differing = definition_differences(results, one, other)
    values = [f"{path}: {_value(first)} -> {_value(second)}" for path, first, second in differing]
    said = [
        f"What differs: {'; '.join(values)}.",
        f"{PRIMARY}: {one.definition['sentence']}",
        f"{other.scenario}: {other.definition['sentence']}",
        "Every subject of either set is counted once in a column; the rows add up to N.",
        heading.source("ADTTE, ADRSP and the candidates of both scenarios"),
    ]
    return Shell(
        _stem(one, other),
        f"Scenario {other.scenario}: {_named(one, other)}",
        ("Results that differ from scenario primary, by evaluator and population",),
        tuple(columns),
        tuple(rows),
        tuple(said),
        stub="From primary to the scenario",
        about={"kind": KIND, "scenario": other.scenario},
    )


def subjects_table(heading: Heading, one: Side, other: Side, found: pd.DataFrame) -> Shell:
    """Return one row a result that differs: what both have, and what each says of the other's."""
    columns = (
        Column("A", f"primary ({one.name})", Group()),
        Column("WHY_A", f"What {other.scenario} says of it", Group()),
        Column("B", f"{other.scenario} ({other.name})", Group()),
        Column("WHY_B", "What primary says of it", Group()),
    )
    rate = one.definition["kind"] == "rate"
    if rate:
        said = ("Reason in primary", f"Reason in {other.scenario}")
        columns = tuple(
            Column(c.id, said[c.id == "WHY_B"] if c.id.startswith("WHY") else c.label, c.who)
            for c in columns
        )
    rows = []
    for key in _ordered(heading, found):
        part = found[found["EVAL"].eq(key[0]) & found["POP"].eq(key[1])]
        for row in part.sort_values(["CHANGE", "USUBJID"], kind="stable").itertuples():
            cells = {}
            for side in ("A", "B"):
                cells[side], cells[f"WHY_{side}"] = side_words(row, side)
            group = f"{', '.join(filter(None, key))}: {row.CHANGE}"
            rows.append(Row(row.USUBJID, cells, 0, group))
    return Shell(
        f"{_stem(one, other)}_subjects",
        f"Scenario {other.scenario}, {_named(one, other)}: the subjects",
        (f"{len(rows)} results of {found['USUBJID'].nunique()} subjects differ",),
        columns,
        tuple(rows),
        (
            "Each result: event or reason of censoring, its date, AVAL in days, and in brackets "
            "the rule and the source record.",
            heading.source("ADTTE, ADRSP and the candidates of both scenarios"),
        ),
        stub="Subject",
        about={"kind": LIST, "scenario": other.scenario},
    )


def _ordered(heading: Heading, frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return evaluators and populations, those of the study's primary analysis first."""
    study = heading.study
    pairs = {tuple(pair) for pair in frame[KEY].fillna("").to_numpy().tolist()}
    return sorted(
        pairs, key=lambda p: (p[0] != study.primary_evaluator, p[1] != study.population, *p)
    )


def _stem(one: Side, other: Side) -> str:
    named = other.name if one.name == other.name else f"{one.name}_{other.name}"
    return f"diff_{other.scenario}_{named}"


def _named(one: Side, other: Side) -> str:
    return one.name if one.name == other.name else f"{other.name} against {one.name}"


def _value(value: object) -> str:
    return "-" if value in (None, "") else str(value)
