"""The cumulative incidence figure: non-relapse death and its competing events.

One group: one panel with every event. Several groups: one panel an event, because an incidence is
compared between groups, never between events. An axis that does not reach 100 % says so.
"""

import numpy as np
from matplotlib.figure import Figure

from cartend.display import layout, theme
from cartend.display.km import Line, at_risk_rows, draw_steps
from cartend.display.layout import KeyRow, Sheet, Words

PANEL = {1: 3.3, 2: 2.3, 3: 1.9}
BETWEEN = 0.6
TOPS = (0.25, 0.5, 1.0)
AT_RISK = "Number at risk (free of every event)"


def draw_cif(
    words: Words,
    panels: dict[str, list[Line]],
    per_month: float,
    axis: str,
    key: tuple[tuple[str, ...], list[KeyRow]],
    columns: tuple[float, ...],
) -> Figure:
    """Return the figure.

    ``panels`` maps the title of each panel to its lines: one group's events in one panel, or
    several groups' one event in each. ``key`` is the header and the rows of the key, ``columns``
    where its cells stand. The numbers at risk, free of every event, are those of the groups.
    """
    groups = risk_lines(panels)
    header, rows = key
    height = PANEL.get(len(panels), 1.7)
    left = layout.left_margin([line.name for line in groups])
    body = layout.key_height(len(rows)) + layout.risk_height(len(groups))
    body += len(panels) * height + (len(panels) - 1) * BETWEEN + (0.2 if len(panels) > 1 else 0)
    sheet = Sheet(words, body, left)
    sheet.key(header, rows, columns)
    sheet.top -= 0.2 if len(panels) > 1 else 0
    every = [line for lines in panels.values() for line in lines]
    last = max(line.curve.last for line in every) / per_month
    ticks = layout.month_ticks(last)
    for place, (title, lines) in enumerate(panels.items()):
        sheet.top -= BETWEEN if place else 0
        axes = sheet.axes(height)
        top = axis_top(lines)
        note = "" if top == 1 else f"\n(axis ends at {top * 100:g}%)"
        layout.percent_axis(axes, f"Cumulative incidence (%){note}", top)
        layout.month_axis(axes, ticks, last, axis if place == len(panels) - 1 else "")
        axes.set_title(title if len(panels) > 1 else "", size=9, loc="left", weight="bold")
        for line in lines:
            draw_steps(axes, line, per_month, start=0.0, crowd=len(lines))
    layout.risk_table(sheet, axes, ticks, at_risk_rows(groups, ticks, per_month), AT_RISK)
    return sheet.figure


def risk_lines(panels: dict[str, list[Line]]) -> list[Line]:
    """Return the lines whose numbers at risk are printed: one a group."""
    lines = next(iter(panels.values()))
    if len(panels) > 1:
        return lines
    return [Line("All subjects", theme.Pen(theme.INK, "-"), lines[0].curve, ())]


def axis_top(lines: list[Line]) -> float:
    """Return where the axis of a panel ends: the least of 25, 50 and 100 % above the limits."""
    highest = 0.0
    for line in lines:
        for part in (line.curve.estimate, line.curve.upper):
            known = part[np.isfinite(part)]
            highest = max(highest, float(known.max()) if len(known) else 0.0)
    return next((top for top in TOPS if highest <= top), 1.0)
