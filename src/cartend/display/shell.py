"""A table before it has a format: columns, rows and footnotes, and the sums that must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cartend.display.ard import Group, Results


class TableError(Exception):
    """The rows of a table do not add up; the message names table, column and rows."""


@dataclass(frozen=True)
class Column:
    """One column: whose numbers it holds, its heading and the spanner above it."""

    id: str
    label: str
    who: Group
    spanner: str = ""


@dataclass(frozen=True)
class Row:
    """One row: label, cells by column id, and how far the label is indented."""

    label: str
    cells: Mapping[str, str] = field(default_factory=dict)
    indent: int = 0
    group: str = ""


@dataclass(frozen=True)
class Shell:
    """One table, ready to be written in any format."""

    id: str
    title: str
    subtitle: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()
    stub: str = ""
    about: Mapping[str, str] = field(default_factory=dict)


def assert_total(table: str, column: Column, parts: Mapping[str, float], total: float) -> None:
    """Raise TableError where the parts do not add up to the total.

    Raises
    ------
    TableError
        One sentence with table, column, rows and both numbers.
    """
    found = sum(parts.values())
    if found != total:
        rows = ", ".join(f"{name} {count:g}" for name, count in parts.items())
        raise TableError(
            f"table {table}, column {column.label!r}: the rows ({rows}) add up to {found:g}, not "
            f"to N = {total:g}; the results that the table reads are damaged or of another "
            "version, so make them anew"
        )


def filled(columns: Iterable[Column], cell: object) -> dict[str, str]:
    """Return the cells of a row: ``cell`` is a function from a group to its text."""
    return {column.id: cell(column.who) for column in columns}


def sized(columns: Iterable[Column], results: Results, analysis: str, **where: object) -> tuple:
    """Return the columns that have subjects, with ``(N=...)`` below their heading."""
    kept = []
    for column in columns:
        total = results.number(column.who, analysis, "N", **where)
        if total:
            label = f"{column.label} (N={total:.0f})"
            kept.append(Column(column.id, label, column.who, column.spanner))
    return tuple(kept)
