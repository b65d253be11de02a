"""A table as RTF by rtflite, with what rtflite leaves open closed (specification, data 4).

rtflite writes U+0080 to U+00FF raw, turns ``_`` and ``^`` into scripts and leaves braces alone; so
text conversion is off, braces are escaped before, and other characters after encoding. It cuts
pages by an estimate of rows, which a cell of two lines breaks; so it is given one endless page, and
the reader's word processor cuts it. Title, page number and column headings stand in the page's
header, which every program repeats; the mark for repeated rows some do not read. No row is divided.
"""

import re
from pathlib import Path

from cartend.display.shell import Row, Shell

ENDLESS = 1_000_000
"""More rows than any table has."""
WIDTH, MARGIN = 10.0, (0.5, 0.5, 0.6, 0.6, 0.5, 0.4)
"""Inches of a landscape page between the margins; left, right, top, bottom, header, footer."""
INDENT = 180
"""Twentieths of a point by which a row is indented for each of its levels."""
SIZES = {"text": 8, "title": 9, "note": 7}
MOST, LONG = 24, 40
"""Characters that a column of numbers gets at most, and from which on a cell is text."""
NUMBER = r"{\field{\*\fldinst {\fs18 %s}}{\fldrslt {\fs18 1}}}"
PAGE = f"Page {NUMBER % 'PAGE'} of {NUMBER % 'NUMPAGES'}"

END_OF_HEADER = "\n{\\pard\\fs2\\par}"
"""What has to follow a table in a page's header, as low as it can be."""


def write_rtf(shell: Shell, path: Path) -> None:
    """Write a table as RTF, landscape; title, page x of y and column headings on every page."""
    import polars as pl
    import rtflite as rtf

    rows = grouped_rows(shell)
    names = [column.id for column in shell.columns]
    cells = {"label": [_plain(row.label) for row in rows]}
    cells |= {name: [_plain(row.cells.get(name, "")) for row in rows] for name in names}
    widths, sides = column_widths(shell, rows), _sides(shell)
    heading = [row.group == row.label and not row.cells for row in rows]
    indents = [[row.indent * INDENT, *[0] * len(names)] for row in rows]
    bare = {"border_left": "", "border_right": "", "text_convert": [False]}
    headers = _column_headers(shell, widths, sides)
    document = rtf.RTFDocument(
        df=pl.DataFrame(cells),
        rtf_page=rtf.RTFPage(
            orientation="landscape",
            nrow=ENDLESS,
            margin=list(MARGIN),
            col_width=WIDTH,
            border_first="single",
            border_last="single",
        ),
        rtf_page_header=rtf.RTFPageHeader(
            text=[*(_plain(line) for line in (shell.title, *shell.subtitle)), PAGE],
            text_format=["b", *[""] * len(shell.subtitle), ""],
            text_font_size=[SIZES["title"]],
            text_justification=["l"],
            text_convert=[False],
        ),
        rtf_column_header=[
            rtf.RTFColumnHeader(**header, text_font_size=[SIZES["text"]], **bare)
            for header in headers
        ],
        rtf_body=rtf.RTFBody(
            col_rel_width=widths,
            text_justification=sides,
            text_font_size=[SIZES["text"]],
            text_indent_left=indents,
            text_format=[["b" if bold else ""] * len(widths) for bold in heading],
            border_top="",
            border_bottom="",
            **bare,
        ),
        rtf_footnote=rtf.RTFFootnote(
            text=[_plain(note) for note in shell.footnotes] or [" "],
            as_table=False,
            text_font_size=[SIZES["note"]],
            text_convert=[False],
        ),
    )
    groups = {place for place, bold in enumerate(heading) if bold}
    pages = paged(document.rtf_encode(), len(headers), groups)
    path.write_text(escaped(pages), encoding="ascii")


def paged(text: str, headings: int, groups: set[int]) -> str:
    """Move the first rows into the page's header, and join the cells of the rows of groups.

    ``headings`` rows are column headings; ``groups`` are the places of group rows below them, each
    of which becomes one cell over the whole width.
    """
    before, *rows = text.split("\\trowd")
    rows = ["\\trowd\\trkeep" + row for row in rows]
    body = [_one_cell(row) if place in groups else row for place, row in enumerate(rows[headings:])]
    header, brace, rest = before.rpartition("}}")
    moved = "".join(rows[:headings]).rstrip() + END_OF_HEADER
    return "".join((header, "}", moved, "}", rest, *body))


def _one_cell(row: str) -> str:
    """Return a row of a table with its first cell over the whole width."""
    lines = row.split("\n")
    edges = [place for place, line in enumerate(lines) if "\\cellx" in line]
    cells = [place for place, line in enumerate(lines) if line.endswith("\\cell")]
    left_out = {*edges[:-1], *cells[1:]}
    return "\n".join(line for place, line in enumerate(lines) if place not in left_out)


def grouped_rows(shell: Shell) -> list[Row]:
    """Return the rows with a heading row before each group."""
    rows, last = [], ""
    for row in shell.rows:
        if row.group and row.group != last:
            rows.append(Row(row.group, group=row.group))
        last = row.group
        rows.append(Row(row.label, row.cells, row.indent + bool(row.group), row.group))
    return rows


def column_widths(shell: Shell, rows: list[Row]) -> list[float]:
    """Return the widths in relation to each other: of labels, and of each column by its cells.

    A column of numbers is as wide as its longest cell, so that limits stay on one line where the
    page allows it; columns of text share what is left of the page.
    """
    labels = max((len(row.label) + 3 * row.indent for row in rows if row.cells), default=20)
    widths = [float(min(max(labels, 18), 40))]
    texts = _sides(shell).count("l") - 1
    for column in shell.columns:
        longest = max((len(row.cells.get(column.id, "")) for row in rows), default=0)
        word = max(map(len, re.split(r"[ -]", column.label)))
        text = max(30.0, 60.0 / texts) if texts else 0.0
        widths.append(text if longest > LONG else min(max(longest, word, 5), MOST) + 3.0)
    return widths


def _sides(shell: Shell) -> list[str]:
    """Return how each column is justified: numbers centred, text to the left."""
    texts = [
        any(len(row.cells.get(column.id, "")) > LONG for row in shell.rows)
        for column in shell.columns
    ]
    return ["l", *("l" if text else "c" for text in texts)]


def _column_headers(shell: Shell, widths: list[float], sides: list[str]) -> list[dict]:
    """Return the rows of headings: spanners where there are any, then the columns."""
    own = {
        "text": [_plain(shell.stub) or " ", *(_plain(column.label) for column in shell.columns)],
        "col_rel_width": widths,
        "text_justification": sides,
        "text_format": ["b"] * len(widths),
        "border_top": ["single" if not any(c.spanner for c in shell.columns) else ""],
        "border_bottom": ["single"],
    }
    if not any(column.spanner for column in shell.columns):
        return [own]
    names, spans = [" "], [widths[0]]
    for column, width in zip(shell.columns, widths[1:], strict=True):
        if len(names) > 1 and names[-1] == (_plain(column.spanner) or " "):
            spans[-1] += width
        else:
            names.append(_plain(column.spanner) or " ")
            spans.append(width)
    above = {
        "text": names,
        "col_rel_width": spans,
        "text_justification": ["l", *["c"] * (len(names) - 1)],
        "text_format": ["b"] * len(names),
        "border_top": ["single"],
        "border_bottom": ["", *["single" if name.strip() else "" for name in names[1:]]],
    }
    return [above, own]


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
