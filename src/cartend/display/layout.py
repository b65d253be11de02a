"""A figure page that is filled from the top: title, key, axes, numbers at risk, footnotes.

Everything is placed in inches, so nothing depends on how many groups or notes a figure has, and
the numbers at risk stand in the very coordinates of the axis ticks above them.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cartend.display import theme
from cartend.display.theme import Pen

WIDTH = 8.6
EDGE = 0.25
GAP = 0.12
BELOW_AXIS = 0.52


@dataclass(frozen=True)
class Words:
    """The words around a figure."""

    title: str
    subtitle: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class KeyRow:
    """One line of the key: how the group is drawn, and its cells."""

    pen: Pen
    cells: tuple[str, ...]


def line_height(size: float) -> float:
    """Return the height in inches of a line of that many points."""
    return size * 1.42 / 72


def wrapped(text: str, size: float, width: float, weight: float = 0.56) -> list[str]:
    """Return the lines of a text that fit into so many inches."""
    return textwrap.wrap(text, max(20, int(width * 72 / (size * weight)))) or [""]


def left_margin(labels: Sequence[str]) -> float:
    """Return the inches that the longest group label needs left of the axes."""
    longest = max((len(label) for label in labels), default=0)
    return min(2.6, max(1.05, longest * theme.SIZES["table"] * 0.60 / 72 + EDGE + 0.3))


class Sheet:
    """A page of fixed width; ``body`` is the height that key, axes and risk table will take."""

    def __init__(self, words: Words, body: float, left: float) -> None:
        room = WIDTH - 2 * EDGE
        sizes = theme.SIZES
        title = wrapped(words.title, sizes["title"], room, 0.66)
        subtitle = [s for line in words.subtitle for s in wrapped(line, sizes["subtitle"], room)]
        notes = [n for note in words.notes for n in wrapped(note, sizes["note"], room)]
        self.height = (
            2 * EDGE
            + len(title) * line_height(sizes["title"])
            + len(subtitle) * line_height(sizes["subtitle"])
            + body
            + 2 * GAP
            + len(notes) * line_height(sizes["note"])
        )
        self.left = left
        self.figure = theme.new_figure(WIDTH, self.height)
        self.top = self.height - EDGE
        for lines, name, weight in ((title, "title", "bold"), (subtitle, "subtitle", "normal")):
            for line in lines:
                self.write(EDGE, line, sizes[name], weight=weight)
        self.top -= GAP
        bottom = EDGE + len(notes) * line_height(sizes["note"])
        for place, line in enumerate(notes):
            y = (bottom - place * line_height(sizes["note"])) / self.height
            self.figure.text(EDGE / WIDTH, y, line, size=sizes["note"], va="top", color=theme.GREY)

    def write(self, x: float, text: str, size: float, **style: object) -> None:
        """Write one line at the cursor and move the cursor below it."""
        self.put(x, text, size, **style)
        self.top -= line_height(size)

    def put(self, x: float, text: str, size: float, **style: object) -> None:
        """Write at the cursor without moving it; ``x`` is inches from the left edge."""
        self.figure.text(x / WIDTH, self.top / self.height, text, size=size, va="top", **style)

    def axes(self, height: float) -> Axes:
        """Return axes of so many inches below the cursor, between the margins."""
        width = WIDTH - self.left - EDGE - 0.1
        self.top -= height
        box = (self.left / WIDTH, self.top / self.height, width / WIDTH, height / self.height)
        return self.figure.add_axes(box)

    def key(
        self,
        header: Sequence[str],
        rows: Sequence[KeyRow],
        columns: Sequence[float],
        remarks: Sequence[str] = (),
    ) -> None:
        """Write the key: a line sample and the cells of every group, then the remarks."""
        size = theme.SIZES["table"]
        self._cells(header, columns, size, theme.GREY)
        for row in rows:
            y = (self.top - line_height(size) * 0.36) / self.height
            x = np.array([EDGE, EDGE + 0.34]) / WIDTH
            look = {"color": row.pen.colour, "linestyle": row.pen.stroke, "linewidth": 1.8}
            where = self.figure.transFigure
            self.figure.add_artist(Line2D(x, (y, y), transform=where, **look))
            self._cells(row.cells, columns, size, theme.INK)
        for remark in remarks:
            self.write(EDGE, remark, size)
        self.top -= GAP

    def _cells(
        self, cells: Sequence[str], columns: Sequence[float], size: float, colour: str
    ) -> None:
        for x, cell in zip(columns, cells, strict=False):
            self.put(EDGE + x, cell, size, color=colour)
        self.top -= line_height(size)


def key_height(rows: int, extra: int = 0) -> float:
    """Return the inches that a key of so many rows takes, with ``extra`` lines of text."""
    return (rows + 1 + extra) * line_height(theme.SIZES["table"]) + GAP


def risk_height(rows: int) -> float:
    """Return the inches that a table of numbers at risk takes."""
    return BELOW_AXIS + (rows + 1) * line_height(theme.SIZES["table"])


def month_ticks(last: float, most: int = 14) -> list[int]:
    """Return tick months from 0 up to ``last``, the finest of 1, 3, 6, 12, 24... that fits."""
    for step in (1, 3, 6, 12, 24, 60, 120):
        if step == 1 and last > 6:
            continue
        if last // step + 1 <= most:
            break
    return list(range(0, int(np.floor(last + 1e-9)) + 1, step))


def month_axis(axes: Axes, ticks: Sequence[int], last: float, label: str) -> None:
    """Set the time axis: months from 0, never a gap before the origin."""
    axes.set_xlim(0, max(last, ticks[-1], 1e-6) * 1.01)
    axes.set_xticks(list(ticks))
    axes.set_xlabel(label, size=theme.SIZES["label"])


def percent_axis(axes: Axes, label: str, top: float = 1.0) -> None:
    """Set the probability axis from 0 to ``top``, ticks in percent."""
    marks = np.linspace(0, top, 6)
    axes.set_ylim(0, top * 1.02)
    axes.set_yticks(marks, [f"{mark * 100:g}" for mark in marks])
    axes.set_ylabel(label, size=theme.SIZES["label"])
    axes.grid(axis="y", color=theme.LIGHT, linewidth=0.5)
    axes.set_axisbelow(True)


def risk_table(
    sheet: Sheet,
    above: Axes,
    ticks: Sequence[int],
    rows: Sequence[tuple[str, Pen, Sequence[int]]],
    heading: str,
) -> Axes:
    """Write the numbers at risk under the ticks of ``above`` and return their axes."""
    size = theme.SIZES["table"]
    sheet.top -= BELOW_AXIS
    sheet.put(EDGE, heading, size, weight="bold")
    sheet.top -= line_height(size)
    axes = sheet.axes(len(rows) * line_height(size))
    axes.set_axis_off()
    axes.set_xlim(above.get_xlim())
    axes.set_ylim(len(rows), 0)
    for place, (label, pen, numbers) in enumerate(rows):
        y = place + 0.5
        axes.annotate(
            label,
            (EDGE / WIDTH, y),
            xycoords=(sheet.figure.transFigure, axes.transData),
            size=size,
            color=pen.colour,
            va="center",
            annotation_clip=False,
        )
        for tick, number in zip(ticks, numbers, strict=True):
            axes.text(tick, y, str(number), size=size, ha="center", va="center")
    return axes
