"""A table in a file: HTML by great_tables, CSV, and RTF by rtflite where the formats list it."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from cartend.display.shell import Shell

BLANK = "\N{NO-BREAK SPACE}"
INDENT = BLANK * 4


def write_shell(shell: Shell, out_dir: Path, formats: Iterable[str]) -> None:
    """Write a table in every format that is listed; unknown formats are the config's business."""
    for kind in formats:
        if kind == "html":
            (out_dir / f"{shell.id}.html").write_text(html_of(shell), encoding="utf-8")
        elif kind == "csv":
            write_csv(shell, out_dir / f"{shell.id}.csv")
        elif kind == "rtf":
            from cartend.display.rtf import write_rtf

            write_rtf(shell, out_dir / f"{shell.id}.rtf")


def write_csv(shell: Shell, path: Path) -> None:
    """Write a table as text: group, row and one column each, then title and footnotes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["group", "row", *(heading(c) for c in shell.columns)])
        for row in shell.rows:
            label = "  " * row.indent + row.label
            cells = [row.cells.get(column.id, "") for column in shell.columns]
            writer.writerow([row.group, label, *cells])
        for line in (shell.title, *shell.subtitle, *shell.footnotes):
            writer.writerow(["#", line])


def heading(column: object) -> str:
    """Return the heading of a column with its spanner."""
    return f"{column.spanner}: {column.label}" if column.spanner else column.label


def html_of(shell: Shell) -> str:
    """Return the table as a self-contained HTML fragment, the same bytes on every call.

    The identifier is given, because great_tables makes a random one otherwise; the frame is one
    of polars, which it fills cell by cell in a third of the time that pandas takes.
    """
    import polars as pl
    from great_tables import GT

    frame = pl.DataFrame(
        {
            "group": [row.group for row in shell.rows],
            "label": [INDENT * row.indent + row.label for row in shell.rows],
            **{
                c.id: [unbroken(row.cells.get(c.id, "")) for row in shell.rows]
                for c in shell.columns
            },
        }
    )
    grouped = any(row.group for row in shell.rows)
    groups = {"groupname_col": "group"} if grouped else {}
    table = GT(
        frame if grouped else frame.drop("group"),
        id=_identifier(shell.id),
        rowname_col="label",
        **groups,
    )
    table = table.tab_header(title=shell.title, subtitle="; ".join(shell.subtitle))
    table = table.tab_stubhead(label=shell.stub or " ")
    table = table.cols_label({column.id: column.label for column in shell.columns})
    text = len(shell.columns) == 1
    table = table.cols_align("left" if text else "center", [c.id for c in shell.columns])
    for spanner in dict.fromkeys(c.spanner for c in shell.columns if c.spanner):
        under = [c.id for c in shell.columns if c.spanner == spanner]
        table = table.tab_spanner(spanner, under)
    table = table.tab_options(
        table_font_size="13px",
        heading_align="left",
        data_row_padding="3px",
        row_group_padding="4px",
        row_group_font_weight="bold",
        source_notes_font_size="11px",
    )
    for note in shell.footnotes:
        table = table.tab_source_note(note)
    content = re.sub(rf"\[([a-z]{{1,2}})\](?=[,) <{BLANK}])", r"<sup>\1</sup>", table.as_raw_html())
    return re.sub(rf'gt_stub">((?:{INDENT})+)', _padded, content)


def _padded(found: re.Match) -> str:
    """Turn the blanks of an indented label into padding, so that a wrapped line keeps it."""
    depth = len(found[1]) // len(INDENT)
    return f'gt_stub" style="padding-left: {0.7 + 1.3 * depth:.1f}em">'


def unbroken(cell: str) -> str:
    """Return a cell whose numbers and limits stay on one line; longer text may wrap."""
    return cell.replace(" ", BLANK) if len(cell) < 32 and cell.endswith(")") else cell


def _identifier(name: str) -> str:
    return "t-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
