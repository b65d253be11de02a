"""The Kaplan-Meier figure: curves, limits, censoring marks, key and numbers at risk.

The limits are drawn as steps, since they are step functions like the curve they bound. The number
at risk at a tick is the number followed to that day or longer, the convention of R and SAS.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cartend.display import layout, theme
from cartend.display.curves import Curve
from cartend.display.layout import KeyRow, Sheet, Words
from cartend.display.theme import Pen

HEADER = ("", "N", "Events", "Median, months (95% CI)")
PLOT = 3.5


@dataclass(frozen=True)
class Line:
    """One group of a figure: its name, how it is drawn, its curve, the cells of its key."""

    name: str
    pen: Pen
    curve: Curve
    cells: tuple[str, ...]


def draw_km(
    words: Words, lines: list[Line], per_month: float, axis: str, remarks: tuple[str, ...] = ()
) -> Figure:
    """Return the figure of one endpoint; ``remarks`` stand below the key (hazard ratio, test)."""
    left = layout.left_margin([line.name for line in lines])
    body = layout.key_height(len(lines), len(remarks)) + PLOT + layout.risk_height(len(lines))
    sheet = Sheet(words, body, left)
    _key(sheet, lines, remarks)
    axes = sheet.axes(PLOT)
    last = max(line.curve.last for line in lines) / per_month
    ticks = layout.month_ticks(last)
    layout.percent_axis(axes, "Without event (%)")
    layout.month_axis(axes, ticks, last, axis)
    for line in lines:
        draw_steps(axes, line.curve, line.pen, per_month, start=1.0)
    rows = at_risk_rows(lines, ticks, per_month)
    layout.risk_table(sheet, axes, ticks, rows, "Number at risk")
    return sheet.figure


def _key(sheet: Sheet, lines: list[Line], remarks: tuple[str, ...]) -> None:
    sheet.key(HEADER, [KeyRow(line.pen, (line.name, *line.cells)) for line in lines])
    sheet.top += layout.GAP
    for remark in remarks:
        sheet.write(layout.EDGE, remark, theme.SIZES["table"])
    sheet.top -= layout.GAP


def draw_steps(axes: Axes, curve: Curve, pen: Pen, per_month: float, start: float) -> None:
    """Draw one step function with its limits and, where somebody is censored, a mark."""
    days, estimate, lower, upper = curve.steps(start)
    time = days / per_month
    axes.plot(
        time,
        estimate,
        drawstyle="steps-post",
        color=pen.colour,
        linestyle=pen.stroke,
        linewidth=1.7,
    )
    known = np.isfinite(lower) & np.isfinite(upper)
    axes.fill_between(
        time, lower, upper, where=known, step="post", color=pen.colour, alpha=0.13, linewidth=0
    )
    for limit in (lower, upper):
        axes.plot(time, limit, drawstyle="steps-post", color=pen.colour, linewidth=0.5, alpha=0.55)
    at, height = curve.censored()
    axes.plot(at / per_month, height, "|", color=pen.colour, markersize=5.5, markeredgewidth=0.9)


def at_risk_rows(
    lines: list[Line], ticks: list[int], per_month: float
) -> list[tuple[str, Pen, list[int]]]:
    """Return name, pen and numbers at risk at the ticks, for each group once."""
    return [
        (line.name, line.pen, [line.curve.at_risk(tick * per_month) for tick in ticks])
        for line in lines
    ]
