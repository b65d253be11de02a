"""Delimited text: which character parts the columns, and whether each row has all of them."""

import csv
import io
import re
from typing import NamedTuple

import pandas as pd

from cartend.contract.text import first_of
from cartend.intake.stops import UNREADABLE, Stop, StopError

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may part columns, and what a note calls it; of equally many columns the first counts."""
LINES = re.compile(r"\r\n|\r|\n")


class Parted(NamedTuple):
    """The cells of a text, its first row the header; the delimiter; how many rows were trimmed."""

    cells: pd.DataFrame
    delimiter: str
    trimmed: int


def parted(text: str, path: object) -> Parted:
    """Return the cells of a text as text.

    A line without any character is no row; blank cells beyond the header's last are trimmed.

    Raises
    ------
    StopError
        Where a row is shorter than the header, or holds values beyond it: one stop a kind, with
        the file and the first rows.
    """
    delimiter = delimiter_of(text)
    if len(_widths(text, delimiter)) > 1:
        return _row_by_row(text, path, delimiter)
    cells = pd.read_csv(
        io.StringIO(text),
        header=None,
        dtype=str,
        keep_default_na=False,
        na_values=[],
        sep=delimiter,
    )
    return Parted(cells, delimiter, 0)


def _widths(text: str, delimiter: str) -> set[int]:
    """Return every number of cells that a row of a text has."""
    if '"' in text:
        return {len(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row}
    return {line.count(delimiter) + 1 for line in LINES.split(text) if line}


def delimiter_of(text: str) -> str:
    """Return the character by which the header falls into most columns."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    width = {d: len(next(csv.reader([header], delimiter=d))) for d in DELIMITERS}
    return max(DELIMITERS, key=lambda d: width[d])


def _row_by_row(text: str, path: object, delimiter: str) -> Parted:
    """Read rows of differing length, or stop with those that are no mere blank cells longer."""
    read = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows = [row for row in read if len(row) > 1 or "".join(row).strip()]
    width = len(rows[0])
    short = [n for n, row in enumerate(rows) if len(row) < width]
    over = [n for n, row in enumerate(rows) if any(cell.strip() for cell in row[width:])]
    stops = [*_ragged(short, rows, path, "short of"), *_ragged(over, rows, path, "beyond")]
    if stops:
        raise StopError(stops)
    trimmed = sum(len(row) > width for row in rows)
    return Parted(pd.DataFrame([row[:width] for row in rows], dtype=object), delimiter, trimmed)


def _ragged(wrong: list[int], rows: list[list[str]], path: object, how: str) -> list[Stop]:
    if not wrong:
        return []
    sentence = (
        f"{path}: data row{'s' if len(wrong) > 1 else ''} {first_of(wrong)} "
        f"{'have' if len(wrong) > 1 else 'has'} cells {how} the {len(rows[0])} columns of the "
        f"header ({len(rows[wrong[0]])} in row {wrong[0]})"
    )
    way_out = "bring the whole file, or quote the cells that hold the delimiter"
    name = getattr(path, "name", str(path))
    return [Stop(UNREADABLE, f"{name} rows {how} the header", len(wrong), sentence, way_out)]
