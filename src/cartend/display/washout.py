"""The washout plot: days from the last dose to each procedure, by class, beside the limit.

Each mark is a subject's last dose of a class; a partial date is drawn as the line of days that it
may mean. What is not dated stands in a column of its own, so that nothing is left out.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cartend.contract.terms.therapy import WASHOUT_FROM_WORST, WASHOUT_SUFFIX
from cartend.display import layout, theme
from cartend.display.layout import Sheet, Words
from cartend.display.words import Heading

ROW = 0.3
"""Inches for one class."""
HEAD, FOOT = 0.28, 0.6
"""Inches above and below the classes of a panel."""
TICKS = (-180, -60, -28, -14, 0, 7, 14, 21, 28, 60, 180, 720)
LINEAR = 28
"""Days up to which the axis is linear; beyond, it is logarithmic."""
UNDATED = 0.85
"""Inches of the column of last doses without a date."""


@dataclass(frozen=True)
class Look:
    """How a verdict is drawn: shape and colour both differ."""

    text: str
    shape: str
    face: str
    edge: str


LOOKS = {
    "COMPLIANT": Look("kept", "o", "#0072B2", "#0072B2"),
    "VIOLATED": Look("not kept", "X", "#D55E00", "white"),
    "UNKNOWN": Look("unknown (partial date, or none)", "D", "white", theme.INK),
}


def washout_figure(heading: Heading, adbrdg: pd.DataFrame) -> tuple[Figure | None, Words | None]:
    """Return the plot and its words, or nothing where no therapy has a washout limit."""
    panels = {name: marks_of(adbrdg, suffix) for name, suffix in WASHOUT_SUFFIX.items()}
    panels = {name: marks for name, marks in panels.items() if len(marks)}
    if not panels:
        return None, None
    words = Words(
        title="Washout: days from the last dose to leukapheresis and to lymphodepletion",
        subtitle=(f"Subjects meant to be infused, by class; scenario {heading.scenario}",),
        notes=(
            "One mark a subject and class, its worst: not kept, else unknown, else kept; of equal "
            "ones the last. Upright line: the limit. Horizontal line: the days that a partial date "
            "may mean. The axis is linear up to 28 days and logarithmic beyond; left of 0 the last "
            "dose came after the procedure began.",
            heading.source("ADBRDG"),
        ),
    )
    rows = sum(len(marks["ID"].unique()) for marks in panels.values())
    label = max(len(text) for marks in panels.values() for text in marks["DESC"])
    body = rows * ROW + len(panels) * (HEAD + FOOT) + layout.key_height(1)
    sheet = Sheet(words, body, min(3.0, max(1.6, label * 0.075)))
    key(sheet)
    for procedure, marks in panels.items():
        panel(sheet, marks, procedure)
    return sheet.figure, words


def marks_of(adbrdg: pd.DataFrame, suffix: str) -> pd.DataFrame:
    """Return one row a subject and class: ID DESC LIMIT LO HI VERDICT, the worst of its records."""
    names = {f"WO{suffix}ID": "ID", f"WO{suffix}DESC": "DESC", f"{suffix}LIM": "LIMIT"}
    names |= {f"{suffix}LO": "LO", f"{suffix}HI": "HI", f"WO{suffix}": "VERDICT"}
    rows = adbrdg.rename(columns=names)
    rows = rows[rows["VERDICT"].isin(LOOKS)]
    rows = rows.assign(place=rows["VERDICT"].map(WASHOUT_FROM_WORST.index))
    rows = rows.sort_values(["ID", "USUBJID", "place", "LO"], kind="stable")
    rows = rows.drop_duplicates(["ID", "USUBJID"])
    return rows[["USUBJID", *names.values()]].sort_values(["DESC", "ID", "LO"], kind="stable")


def key(sheet: Sheet) -> None:
    """Write what the shapes mean on one line."""
    size, x = theme.SIZES["table"], layout.EDGE
    for look in LOOKS.values():
        y = (sheet.top - layout.line_height(size) * 0.45) / sheet.height
        where = {"transform": sheet.figure.transFigure, "linestyle": "none", "markersize": 5}
        colours = {"markerfacecolor": look.face, "markeredgecolor": look.edge}
        at = (x + 0.08) / layout.WIDTH
        sheet.figure.add_artist(Line2D([at], [y], marker=look.shape, **where, **colours))
        sheet.put(x + 0.2, look.text, size)
        x += 0.45 + len(look.text) * 0.075
    sheet.top -= layout.line_height(size) + layout.GAP


def panel(sheet: Sheet, marks: pd.DataFrame, procedure: str) -> None:
    """Draw the classes of one procedure, and those without a date beside them."""
    size = theme.SIZES["label"]
    sheet.put(layout.EDGE, f"To {procedure}", size, weight="bold")
    sheet.top -= HEAD
    names = list(dict.fromkeys(marks["ID"]))
    axes = sheet.axes(len(names) * ROW)
    box = axes.get_position()
    narrow = UNDATED / layout.WIDTH
    axes.set_position((box.x0, box.y0, box.width - narrow, box.height))
    beside = sheet.figure.add_axes((box.x1 - narrow * 0.9, box.y0, narrow * 0.9, box.height))
    y = marks["ID"].map({name: place for place, name in enumerate(names)}) + spread(marks)
    draw_marks(axes, marks.assign(y=y))
    draw_undated(beside, marks.assign(y=y))
    for place, name in enumerate(names):
        limit = marks.loc[marks["ID"].eq(name), "LIMIT"].max()
        axes.plot([limit, limit], [place - 0.42, place + 0.42], color=theme.INK, linewidth=1.6)
    for one in (axes, beside):
        one.set_ylim(len(names) - 0.5, -0.5)
        for place in range(1, len(names)):
            one.axhline(place - 0.5, color=theme.LIGHT, linewidth=0.5)
    texts = [marks.loc[marks["ID"].eq(name), "DESC"].iloc[0] for name in names]
    axes.set_yticks(range(len(names)), texts, size=theme.SIZES["table"])
    axes.tick_params(axis="y", length=0)
    day_axis(axes, marks, procedure)
    sheet.top -= FOOT


def spread(marks: pd.DataFrame) -> np.ndarray:
    """Return how far each mark stands off the middle of its row, so that few lie on each other."""
    place = marks.groupby("ID").cumcount().to_numpy()
    return ((place % 7) - 3) * 0.105


def draw_marks(axes: Axes, marks: pd.DataFrame) -> None:
    """Draw the dated last doses: a line for a partial date, a mark for the latest possible day."""
    dated = marks[marks["LO"].notna()]
    vague = dated[dated["LO"] < dated["HI"]]
    axes.hlines(vague["y"], vague["LO"], vague["HI"], color=theme.GREY, linewidth=0.8, zorder=1)
    for verdict, look in LOOKS.items():
        part = dated[dated["VERDICT"].eq(verdict)]
        style = {"markerfacecolor": look.face, "markeredgecolor": look.edge, "zorder": 3}
        style |= {"markersize": 4.6 if verdict != "COMPLIANT" else 3.2, "markeredgewidth": 0.6}
        axes.plot(part["LO"], part["y"], look.shape, linestyle="none", **style)


def draw_undated(axes: Axes, marks: pd.DataFrame) -> None:
    """Draw the last doses without a date side by side."""
    lost = marks[marks["LO"].isna()]
    look = LOOKS["UNKNOWN"]
    x = lost.groupby("ID").cumcount()
    style = {"markerfacecolor": look.face, "markeredgecolor": look.edge, "markersize": 4}
    axes.plot(x % 8, lost["y"], look.shape, linestyle="none", markeredgewidth=0.6, **style)
    axes.set_xlim(-1, 8)
    axes.set_xticks([3.5], ["not dated"], size=theme.SIZES["note"])
    axes.tick_params(axis="x", length=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def day_axis(axes: Axes, marks: pd.DataFrame, procedure: str) -> None:
    """Set the axis of days: linear up to 28, logarithmic beyond, wide enough for every mark."""
    axes.set_xscale("symlog", linthresh=LINEAR, linscale=2.2)
    low = float(np.nanmin([marks["LO"].min(), 0]))
    high = float(np.nanmax([marks["HI"].max(), marks["LIMIT"].max(), LINEAR]))
    ticks = [tick for tick in TICKS if low <= tick <= high * 1.1]
    axes.set_xlim(low * 1.25 - 1.5, high * 1.25)
    axes.set_xticks(ticks, [str(tick) for tick in ticks], size=theme.SIZES["note"])
    axes.minorticks_off()
    axes.grid(axis="x", color=theme.LIGHT, linewidth=0.4)
    axes.set_axisbelow(True)
    axes.set_xlabel(f"Days from the last dose to {procedure}", size=theme.SIZES["label"])
