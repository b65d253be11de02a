"""Definitions of EFS and PFS side by side: every scenario on the same data (R33).

Which definition is chosen decides the result as much as the treatment does; so all of them stand
in one table and one figure, the study's primary marked, with the numbers whose window is open.
The three-month response has the same table.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cartend.analysis.plan import Comparison, comparisons
from cartend.config.study import Study
from cartend.display.ard import Ard
from cartend.display.compared import (
    FAMILIES,
    STEM,
    Entry,
    compact,
    comparison_table,
    entries,
    of_primary,
)
from cartend.display.differences import difference_tables
from cartend.display.forest import write_forest
from cartend.display.landmark import landmark_table
from cartend.display.robustness import robustness_entries, robustness_table, stem_of
from cartend.display.shell import Shell
from cartend.display.specification_curve import write_specification_curve
from cartend.display.words import Heading, cutoff_of
from cartend.display.writers import heading, write_shell
from cartend.explain.results import StudyResults


def compare(
    study: Study,
    scenarios: Mapping[str, object],
    results_dir: Path,
    out_dir: Path,
    formats: object,
    results: StudyResults | None = None,
) -> None:
    """Write the comparison of definitions of a study into ``out_dir``, with ``index.json``.

    ``results`` are the same results as ``cartend diff`` reads them; with them it is written too
    which subjects each scenario moves, and why.
    """
    results_dir, out_dir = Path(results_dir), Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    heading = Heading(study, "all", cutoff_of(study, results_dir / "adam" / "adsl.parquet"))
    ards = {name: Ard.read(results_dir / name / "ard.csv") for name in scenarios}
    single = {name: ard for name, ard in ards.items() if scenarios[name].grid is None}
    found = entries(study, scenarios, single, FAMILIES)
    first = of_primary(found)
    rest = [entry for entry in found if entry not in first]
    shells = [
        comparison_table(heading, STEM, first),
        comparison_table(heading, f"{STEM}_others", rest),
        landmark_table(heading, entries(study, scenarios, single, ("RESPONSE",))),
    ]
    grids = {
        (name, against): robustness_entries(study, scenarios[name], ard, first, against)
        for name, ard in ards.items()
        if scenarios[name].grid is not None
        for against in comparisons(study) or (None,)
    }
    shells += [
        robustness_table(heading, scenarios[name], rows, against)
        for (name, against), rows in grids.items()
    ]
    written = [shell for shell in shells if shell is not None]
    for shell in written:
        write(shell, out_dir, wanted(formats, "tables"))
    if wanted(formats, "figures"):
        _draw(heading, scenarios, first, grids, out_dir, wanted(formats, "figures"))
    if results is not None:
        for shell in difference_tables(heading, results):
            write_shell(shell, out_dir, wanted(formats, "tables"))
            written.append(shell)
    listed = [
        {"stem": s.id, "title": s.title, "subtitle": list(s.subtitle), **s.about} for s in written
    ]
    index = json.dumps(listed, indent=1, ensure_ascii=False)
    (out_dir / "index.json").write_text(index + "\n", encoding="utf-8")


def _draw(
    heading: Heading,
    scenarios: Mapping[str, object],
    first: list[Entry],
    grids: Mapping[tuple[str, Comparison | None], list],
    out_dir: Path,
    formats: Sequence[str],
) -> None:
    """Draw the figure of every table that has one, under the table's name."""
    if first:
        write_forest(heading, first, out_dir / STEM, formats)
    for (name, against), rows in grids.items():
        stem = out_dir / stem_of(heading.study, name, against)
        write_specification_curve(heading, scenarios[name], rows, stem, formats, against)


def wanted(formats: object, kind: str) -> list[str]:
    """Return the formats of tables or figures, from the configuration's model or a mapping."""
    listed = formats.get(kind, ()) if isinstance(formats, Mapping) else getattr(formats, kind)
    return list(listed)


def write(shell: Shell, out_dir: Path, formats: Iterable[str]) -> None:
    """Write a comparison; its CSV is flat, one line a definition, to be read by a program."""
    write_shell(compact(shell), out_dir, [kind for kind in formats if kind != "csv"])
    if "csv" not in formats:
        return
    with (out_dir / f"{shell.id}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Definition", "Group", *(heading(c) for c in shell.columns)])
        for row in shell.rows:
            cells = [row.cells.get(column.id, "") for column in shell.columns]
            writer.writerow([row.label, row.group, *cells])
