"""The cumulative incidence figure: non-relapse death and its competing events side by side.

One group: one panel with every event. Several groups: one panel an event, because an incidence is
compared between groups, never between events. An axis that does not reach 100 % says so.
"""

import numpy as np
from matplotlib.figure import Figure

from cartend.display import layout, theme
from cartend.display.km import Line, at_risk_rows, draw_steps
from cartend.display.layout import KeyRow, Sheet, Words

PANEL = 2.3
BETWEEN = 0.42
TOPS = (0.25, 0.5, 1.0)


def draw_cif(
    words: Words,
    panels: dict[str, list[Line]],
    per_month: float,
    axis: str,
    header: tuple[str, ...],
) -> Figure:
    """Return the figure; ``panels`` maps the title of each panel to its lines.

    The lines of one panel are one group's events or several groups' one event; the numbers at
    risk (free of every event) are those of the distinct groups, named by ``Line.name``.
    """
    every = [line for lines in panels.values() for line in lines]
    groups = risk_lines(panels)
    left = layout.left_margin([line.name for line in groups])
    body = layout.key_height(len(every), len(panels) if len(panels) > 1 else 0)
    body += len(panels) * PANEL + (len(panels) - 1) * BETWEEN + layout.risk_height(len(groups))
    sheet = Sheet(words, body, left)
    _key(sheet, panels, header)
    last = max(line.curve.last for line in every) / per_month
    ticks = layout.month_ticks(last)
    for place, (title, lines) in enumerate(panels.items()):
        sheet.top -= BETWEEN if place else 0
        axes = sheet.axes(PANEL)
        top = axis_top(lines)
        note = "" if top == 1 else f"\n(axis ends at {top * 100:g}%)"
        layout.percent_axis(axes, f"Cumulative incidence (%){note}", top)
        layout.month_axis(axes, ticks, last, axis if place == len(panels) - 1 else "")
        axes.set_title(title if len(panels) > 1 else "", size=9, loc="left", weight="bold")
        for line in lines:
            draw_steps(axes, line.curve, line.pen, per_month, start=0.0)
    rows = at_risk_rows(groups, ticks, per_month)
    layout.risk_table(sheet, axes, ticks, rows, "Number at risk (free of every event)")
    return sheet.figure


def risk_lines(panels: dict[str, list[Line]]) -> list[Line]:
    """Return the lines whose numbers at risk are printed: one a group."""
    if len(panels) > 1:
        return next(iter(panels.values()))
    first = next(iter(panels.values()))[0]
    return [Line("All subjects", theme.Pen(theme.INK, "-"), first.curve, ())]


def axis_top(lines: list[Line]) -> float:
    """Return where the axis of a panel ends: the least of 25, 50 and 100 % above the limits."""
    highest = 0.0
    for line in lines:
        for part in (line.curve.estimate, line.curve.upper):
            known = part[np.isfinite(part)]
            highest = max(highest, float(known.max()) if len(known) else 0.0)
    return next((top for top in TOPS if highest <= top), 1.0)


def _key(sheet: Sheet, panels: dict[str, list[Line]], header: tuple[str, ...]) -> None:
    if len(panels) == 1:
        lines = next(iter(panels.values()))
        sheet.key(header, [KeyRow(line.pen, (line.name, *line.cells)) for line in lines])
        return
    for place, (title, lines) in enumerate(panels.items()):
        sheet.top += layout.GAP if place else 0
        rows = [KeyRow(line.pen, (line.name, *line.cells)) for line in lines]
        sheet.key((title, *header[1:]), rows)
