"""The Kaplan-Meier figure: curves, limits, censoring marks, key and numbers at risk.

The limits are drawn as steps, since they are step functions like the curve they bound. The number
at risk at a tick is the number followed to that day or longer, the convention of R and SAS.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cartend.display import layout
from cartend.display.curves import Curve
from cartend.display.layout import KeyRow, Sheet, Words
from cartend.display.theme import Pen

HEADER = ("", "N", "Events", "Median, months (95% CI)")
COLUMNS = (0.42, 3.0, 3.55, 4.3)
PLOT = 3.5


@dataclass(frozen=True)
class Line:
    """One group of a figure: its name, how it is drawn, its curve, the cells of its key.

    A ``reference`` is drawn without its limits, so that the groups that matter stay legible.
    """

    name: str
    pen: Pen
    curve: Curve
    cells: tuple[str, ...]
    reference: bool = False


def draw_km(
    words: Words,
    lines: list[Line],
    per_month: float,
    labels: tuple[str, str],
    remarks: tuple[str, ...] = (),
) -> Figure:
    """Return the figure of one endpoint.

    ``labels`` are those of the time and of the probability axis; ``remarks`` stand below the key
    (hazard ratio, test).
    """
    left = layout.left_margin([line.name for line in lines])
    body = layout.key_height(len(lines), len(remarks)) + PLOT + layout.risk_height(len(lines))
    sheet = Sheet(words, body, left)
    rows = [KeyRow(line.pen, (line.name, *line.cells)) for line in lines]
    sheet.key(HEADER, rows, COLUMNS, remarks)
    axes = sheet.axes(PLOT)
    last = max(line.curve.last for line in lines) / per_month
    ticks = layout.month_ticks(last)
    layout.percent_axis(axes, labels[1])
    layout.month_axis(axes, ticks, last, labels[0])
    for line in lines:
        draw_steps(axes, line, per_month, start=1.0, crowd=len(lines))
    rows = at_risk_rows(lines, ticks, per_month)
    layout.risk_table(sheet, axes, ticks, rows, "Number at risk")
    return sheet.figure


def draw_steps(axes: Axes, line: Line, per_month: float, start: float, crowd: int) -> None:
    """Draw one step function with its limits and, where somebody is censored, a mark.

    Of more than two groups (``crowd``) the limits are bands without an outline.
    """
    days, estimate, lower, upper = line.curve.steps(start)
    time, pen = days / per_month, line.pen
    style = {"drawstyle": "steps-post", "color": pen.colour}
    axes.plot(time, estimate, linestyle=pen.stroke, linewidth=1.7, **style)
    if not line.reference:
        fill_band(axes, time, lower, upper, pen)
        for limit in (lower, upper) if crowd <= 2 else ():
            axes.plot(time, limit, linewidth=0.5, alpha=0.55, **style)
    at, height = line.curve.censored()
    mark = {"color": pen.colour, "markersize": 5.5, "markeredgewidth": 0.9}
    axes.plot(at / per_month, height, "|", **mark)


def fill_band(axes: Axes, time: np.ndarray, lower: np.ndarray, upper: np.ndarray, pen: Pen) -> None:
    """Shade between the limits, up to the very step at which they end.

    Every step is given by both of its ends, so a limit that does not exist (NaN, where S is 1 or
    0) leaves out its own step alone.
    """
    ends = np.repeat(time, 2)[1:]
    low, high = np.repeat(lower, 2)[:-1], np.repeat(upper, 2)[:-1]
    known = np.isfinite(low) & np.isfinite(high)
    axes.fill_between(
        ends, low, high, where=known, color=pen.colour, alpha=0.12, linewidth=0, interpolate=False
    )


def at_risk_rows(
    lines: list[Line], ticks: list[int], per_month: float
) -> list[tuple[str, Pen, list[int]]]:
    """Return name, pen and numbers at risk at the ticks, for each group once."""
    return [
        (line.name, line.pen, [line.curve.at_risk(tick * per_month) for tick in ticks])
        for line in lines
    ]
