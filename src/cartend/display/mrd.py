"""MRD negativity (specification, table 5.6): every denominator printed, none hidden."""

from pathlib import Path

import pandas as pd

from cartend.config.rate import Rate
from cartend.contract.terms.estimand import MRD_DENOMINATORS
from cartend.display import labels
from cartend.display.ard import Ard
from cartend.display.cells import n_percent, percent_limits
from cartend.display.columns import efficacy_columns
from cartend.display.format import Notes
from cartend.display.response import assert_reasons, reason_rows, time_rows
from cartend.display.shell import Column, Row, Shell, filled
from cartend.display.words import Heading

FIRST = MRD_DENOMINATORS


def mrd_table(
    heading: Heading, rates: dict[str, Rate], evaluator: str, ard: Ard, admrd_path: Path
) -> Shell | None:
    """Return the table of every MRD rate by its denominators, None where there is none."""
    held = sorted(
        (key for key in ard.keys if key[0] in rates and key[2] == evaluator),
        key=lambda key: (list(rates).index(key[0]), _place(key[1])),
    )
    if not held:
        return None
    columns, notes = _columns(heading, held, ard), Notes()
    table = "_".join(part for part in ("mrd", evaluator) if part)
    rows: list[Row] = []
    for key in held:
        results = ard.of(*key)
        group = f"{rates[key[0]].label}: N = {labels.population(key[1])} ({key[1]})"
        for column in columns:
            if results.number(column.who, "proportion", "N"):
                assert_reasons(table, results, column)
        rows += _rate(group, results, columns, notes)
        rows += reason_rows(results, columns, group)
        rows += time_rows(heading.study, results, columns, notes, group)
    method = ard.of(*held[0]).method("proportion")
    used = {name: rate for name, rate in rates.items() if any(key[0] == name for key in held)}
    methods = [method, assay(heading, admrd_path)]
    source = "ADMRD, ADRSP"
    return heading.shell_of_many(
        table, "MRD negativity", used, "", evaluator, columns, rows, notes, methods, source
    )


def _place(population: str) -> tuple[int, str]:
    return (FIRST.index(population) if population in FIRST else len(FIRST), population)


def _columns(heading: Heading, held: list[tuple[str, str, str]], ard: Ard) -> tuple[Column, ...]:
    """Return the columns that have subjects in any denominator; N stands in the rows."""
    return tuple(
        column
        for column in efficacy_columns(heading.study)
        if any(ard.of(*key).number(column.who, "proportion", "N") for key in held)
    )


def _rate(group, results, columns, notes) -> list[Row]:
    def negative(who) -> str:
        cell = n_percent(results, who, "proportion", notes)
        total = results.number(who, "proportion", "N")
        return cell.replace(" (", f"/{total:.0f} (", 1) if total else cell

    limits = filled(columns, lambda g: percent_limits(results, g, "proportion", notes))
    return [
        Row("MRD-negative, n/N (%)", filled(columns, negative), 0, group),
        Row("95% CI", limits, 1, group),
    ]


def assay(heading: Heading, admrd_path: Path) -> str:
    """Return how MRD was measured and when a sample counts, as a footnote."""
    rule = heading.study.mrd
    said = f"A sample counts with a sensitivity of {rule.threshold:g} or better in "
    said += f"{' or '.join(rule.specimens).lower()}; haemodiluted: {rule.haemodiluted}"
    columns = ["LBMETHOD", "LBSPEC"]
    try:
        samples = pd.read_parquet(admrd_path, columns=columns)
    except (OSError, ValueError, KeyError):
        return said
    if samples.empty:
        return said
    methods = sorted(samples["LBMETHOD"].dropna().unique())
    specimens = sorted(samples["LBSPEC"].dropna().unique())
    return f"{said}; samples by {', '.join(methods).lower()} of {', '.join(specimens).lower()}"
