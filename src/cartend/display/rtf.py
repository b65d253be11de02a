"""A table as RTF by rtflite, with what rtflite leaves open closed (specification, data 4).

rtflite writes U+0080 to U+00FF raw, turns ``_`` and ``^`` into scripts and leaves braces alone;
so text conversion is off, braces are escaped before, and other characters after encoding.
"""

import re
from pathlib import Path

from cartend.display.shell import Shell


def write_rtf(shell: Shell, path: Path) -> None:
    """Write a table as RTF, landscape, title and header on every page."""
    import polars as pl
    import rtflite as rtf

    columns = {"label": [_plain("  " * row.indent + row.label) for row in _rows(shell)]}
    for column in shell.columns:
        columns[column.id] = [_plain(row.cells.get(column.id, "")) for row in _rows(shell)]
    widths = [3.2, *[1.5] * len(shell.columns)]
    document = rtf.RTFDocument(
        df=pl.DataFrame(columns),
        rtf_page=rtf.RTFPage(orientation="landscape", nrow=24),
        rtf_title=rtf.RTFTitle(
            text=[_plain(s) for s in (shell.title, *shell.subtitle)], text_convert=[False]
        ),
        rtf_column_header=rtf.RTFColumnHeader(
            text=[" ", *[_plain(c.label) for c in shell.columns]],
            col_rel_width=widths,
            text_justification=["l", *["c"] * len(shell.columns)],
            text_convert=[False],
        ),
        rtf_body=rtf.RTFBody(
            col_rel_width=widths,
            text_justification=["l", *["c"] * len(shell.columns)],
            border_left="",
            border_right="",
            text_convert=[False],
        ),
        rtf_footnote=rtf.RTFFootnote(
            text=[_plain(note) for note in shell.footnotes] or [" "], text_convert=[False]
        ),
    )
    path.write_text(escaped(document.rtf_encode()), encoding="ascii")


def _rows(shell: Shell) -> list:
    """Return the rows with a heading row before each group."""
    from cartend.display.shell import Row

    rows, last = [], ""
    for row in shell.rows:
        if row.group and row.group != last:
            rows.append(Row(row.group))
        last = row.group
        rows.append(Row(row.label, row.cells, row.indent + bool(row.group), row.group))
    return rows


def _plain(text: str) -> str:
    """Escape what RTF reads as its own."""
    return re.sub(r"([\\{}])", r"\\\1", text)


def escaped(text: str) -> str:
    """Return RTF in ASCII: every other character as its signed 16-bit number."""
    return "".join(c if ord(c) < 128 else _numbers(c) for c in text)


def _numbers(character: str) -> str:
    units = character.encode("utf-16-le")
    codes = [
        int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)
    ]
    return "".join(f"\\uc1\\u{code}?" for code in codes)
