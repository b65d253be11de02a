"""The figures of the questions: stacked incidences and states, changing status, balance.

Areas are stacked from below in the order of the key; lines are steps; numbers come from the curves
and the results alone.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from cartend.analysis.questions.catalog import CATALOG
from cartend.contract.terms.results import FIRST_EVENT, OCCUPATION
from cartend.display import layout, theme
from cartend.display.ard import Ard
from cartend.display.curves import curve_of
from cartend.display.layout import KeyRow, Sheet, Words
from cartend.display.theme import Pen
from cartend.display.words import Heading

PANEL = 2.3
GAP = 0.3
FILLS = ("#0072B2", "#D55E00", "#CC79A7", "#E69F00")
HATCHES = ("", "//", "..", "\\\\")
INCIDENCE = FIRST_EVENT.labels
STATES = dict(reversed(OCCUPATION.labels.items()))
Drawn = tuple[str, Figure, Words]


def question_figures(heading: Heading, ard: Ard, curves: pd.DataFrame) -> Iterator[tuple]:
    """Yield name of the question, stem, figure and words of every figure of the questions."""
    for name, make in FIGURES.items():
        rows = curves[curves["paramcd"] == name]
        for stem, figure, words in make(heading, ard, rows):
            yield name, f"question_{name}_{stem}", figure, words


def _words(heading: Heading, name: str, title: str, said: str) -> Words:
    entry = CATALOG[name]
    subtitle = (f"{entry.title} ({entry.requirement}); scenario {heading.scenario}",)
    source = heading.source(f"{entry.source}, through the results (ARD)")
    return Words(title, subtitle, (said, "Exploratory.", source))


def stacked(heading: Heading, ard: Ard, rows: pd.DataFrame) -> Iterator[Drawn]:
    """Yield both incidences stacked, and the occupation of all states stacked, a panel an arm."""
    for stem, kind, names, title, said in (
        (
            *("incidence", "cif", INCIDENCE),
            "Cumulative incidence of non-relapse death and relapse, stacked",
            "Aalen-Johansen; the height of both together is 1 minus survival without relapse.",
        ),
        (
            *("states", "state", STATES),
            "Subjects in each state of the illness-death model, stacked",
            "Aalen-Johansen in the illness-death model; the states add up to 100%.",
        ),
    ):
        chosen = rows[rows["curve"] == kind]
        if len(chosen):
            words = _words(heading, "nrm_bias", title, said)
            yield stem, _stacked(heading, chosen, names, words), words


def _stacked(heading: Heading, rows: pd.DataFrame, names: dict[str, str], words: Words) -> Figure:
    study = heading.study
    arms = [arm for arm in ("", *study.arms) if (rows["arm"] == arm).any()]
    key = [KeyRow(Pen(FILLS[i], "-"), (text,)) for i, text in enumerate(names.values())]
    each = 0.24 + PANEL + layout.risk_height(1) + GAP
    sheet = Sheet(words, layout.key_height(len(key)) + len(arms) * each, 1.6)
    _fill_key(sheet, names)
    last = float(rows["time"].max()) / study.months
    ticks = layout.month_ticks(last)
    for arm in arms:
        own = rows[rows["arm"] == arm]
        sheet.top -= 0.24
        axes = sheet.axes(PANEL)
        _stack(axes, own, list(names), study.months)
        layout.percent_axis(axes, "Share of subjects (%)")
        layout.month_axis(axes, ticks, last, f"Months since {study.origin}")
        title = study.arms[arm].label if arm else "All subjects"
        axes.set_title(title, size=9, loc="left", weight="bold")
        first = own[own["event"] == own["event"].iloc[0]]
        risk = [("Free of both", Pen(theme.INK, "-"), _at_risk(first, ticks, study.months))]
        layout.risk_table(sheet, axes, ticks, risk, "Number at risk")
        sheet.top -= GAP
    return sheet.figure


def _at_risk(part: pd.DataFrame, ticks: list[int], months: float) -> list[int]:
    curve = curve_of(part)
    return [curve.at_risk(tick * months) for tick in ticks]


def _fill_key(sheet: Sheet, names: dict[str, str]) -> None:
    """Write the key of the areas: a filled box and its name."""
    from matplotlib.patches import Rectangle

    size = theme.SIZES["table"]
    for i, text in enumerate(names.values()):
        y = (sheet.top - layout.line_height(size) * 0.75) / sheet.height
        box = (layout.EDGE / layout.WIDTH, y)
        shape = (0.3 / layout.WIDTH, layout.line_height(size) * 0.62 / sheet.height)
        look = {"facecolor": FILLS[i], "hatch": HATCHES[i], "alpha": 0.75, "edgecolor": "white"}
        sheet.figure.add_artist(Rectangle(box, *shape, transform=sheet.figure.transFigure, **look))
        sheet.write(layout.EDGE + 0.42, text, size)
    sheet.top -= layout.GAP


def _stack(axes: object, rows: pd.DataFrame, events: list[str], per_month: float) -> None:
    """Draw the areas, each on top of those before it, as steps on the times of all."""
    grid = np.unique(np.concatenate(([0.0], rows["time"].to_numpy(dtype=float))))
    floor = np.zeros(grid.size)
    for i, event in enumerate(events):
        own = rows[rows["event"] == event].sort_values("time", kind="stable")
        height = _at(own, grid)
        look = {"color": FILLS[i], "alpha": 0.75, "linewidth": 0, "step": "post"}
        axes.fill_between(
            grid / per_month, floor, floor + height, hatch=HATCHES[i], edgecolor="white", **look
        )
        floor = floor + height


def _at(rows: pd.DataFrame, grid: np.ndarray) -> np.ndarray:
    """Return a step function at the times of a grid; 0 where there is none."""
    if not len(rows):
        return np.zeros(grid.size)
    place = np.searchsorted(rows["time"].to_numpy(dtype=float), grid, side="right") - 1
    return np.where(place >= 0, rows["estimate"].to_numpy(dtype=float)[place], 0.0)


def changing(name: str) -> Callable[[Heading, Ard, pd.DataFrame], Iterator[Drawn]]:
    """Return the function that yields the Simon-Makuch figure of a question."""

    def draw(heading: Heading, ard: Ard, rows: pd.DataFrame) -> Iterator[Drawn]:
        rows = rows[rows["curve"] == "km"]
        if not len(rows):
            return
        said = (
            "Simon-Makuch: a subject counts as without the finding until it is made, and with it "
            "from then on, so numbers at risk rise and fall; curves start at the first landmark, "
            "given survival to it. Bands: pointwise 95% limits (log-log)."
        )
        title = "Survival by a finding that changes with time (Simon-Makuch)"
        words = _words(heading, name, title, said)
        yield "simon_makuch", _steps(heading, rows, words), words

    return draw


def _steps(heading: Heading, rows: pd.DataFrame, words: Words) -> Figure:
    """Return one panel a section of the question, a line a status, limits as bands."""
    months = heading.study.months
    panels, size = list(dict.fromkeys(rows["by"])), theme.SIZES["table"]
    each = layout.line_height(9) + layout.line_height(size) + PANEL + layout.risk_height(2) + GAP
    sheet = Sheet(words, len(panels) * each, 2.2)
    last = float(rows["time"].max()) / months
    ticks = layout.month_ticks(last)
    for by in panels:
        own = rows[rows["by"] == by]
        sheet.write(layout.EDGE, by.partition(" ")[2], 9, weight="bold")
        lines = list(own.groupby("level", sort=True))
        sheet.top -= layout.line_height(size)
        axes = sheet.axes(PANEL)
        risk = []
        for place, (level, part) in enumerate(lines):
            pen, text = theme.pen(place), level.partition(": curve, ")[2] or level
            _step_line(axes, part, pen, months)
            risk.append((f"{text[:1].upper()}{text[1:]}", pen, _at_risk(part, ticks, months)))
        layout.percent_axis(axes, "Without event (%)")
        layout.month_axis(axes, ticks, last, f"Months since {heading.study.origin}")
        layout.risk_table(sheet, axes, ticks, risk, "Number at risk")
        sheet.top -= GAP
    return sheet.figure


def _step_line(axes: object, part: pd.DataFrame, pen: Pen, months: float) -> None:
    from cartend.display.km import fill_band

    curve = curve_of(part)
    days, estimate, lower, upper = curve.steps(1.0)
    style = {"drawstyle": "steps-post", "color": pen.colour, "linestyle": pen.stroke}
    axes.plot(days / months, estimate, linewidth=1.7, **style)
    fill_band(axes, days / months, lower, upper, pen)


def balance(heading: Heading, ard: Ard, rows: pd.DataFrame) -> Iterator[Drawn]:
    """Yield the plot of standardised differences, as observed and weighted."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for key in ard.keys:
        if key[0] != "bridging_and_outcome":
            continue
        results = ard.of(*key)
        for group in sorted(results.groups, key=lambda g: (g.by, g.level)):
            value = results.number(group, "balance", "estimate")
            if value is not None:
                name, _, way = group.level.partition(" ")[2].rpartition(", ")
                found.setdefault(group.by, {}).setdefault(name, {})[way] = value
    if not found:
        return
    said = "Standardised difference: bridging minus none, in standard deviations as observed; "
    said += "dotted lines at -0.1 and 0.1, within which groups are usually called alike."
    words = _words(heading, "bridging_and_outcome", "Balance before and after weighting", said)
    yield "balance", _balance(found, words), words


def _balance(found: dict[str, dict[str, dict[str, float]]], words: Words) -> Figure:
    rows = sum(len(part) for part in found.values())
    body = 0.26 * rows + 0.75 * len(found) + layout.key_height(2)
    sheet = Sheet(words, body, 2.6)
    ways = {"as observed": ("o", theme.pen(0)), "weighted": ("D", theme.pen(1))}
    for way, (marker, pen) in ways.items():
        sign = "\N{BLACK CIRCLE}" if marker == "o" else "\N{BLACK DIAMOND}"
        sheet.put(layout.EDGE + 0.1, sign, 9, color=pen.colour)
        sheet.write(layout.EDGE + 0.35, way, 8.5)
    widest = max(abs(v) for part in found.values() for pair in part.values() for v in pair.values())
    for by, part in found.items():
        sheet.top -= 0.3
        axes = sheet.axes(0.26 * len(part))
        axes.set_title(by.partition(" ")[2].partition(":")[0], size=9, loc="left", weight="bold")
        for place, pair in enumerate(part.values()):
            for way, value in pair.items():
                marker, pen = ways[way]
                axes.plot(value, place, marker, color=pen.colour, markersize=5)
        axes.set_yticks(range(len(part)), list(part), size=8.5)
        axes.set_ylim(len(part) - 0.5, -0.5)
        axes.set_xlim(-max(widest, 0.2) * 1.15, max(widest, 0.2) * 1.15)
        axes.axvline(0, color=theme.INK, linewidth=0.8)
        for edge in (-0.1, 0.1):
            axes.axvline(edge, color=theme.GREY, linewidth=0.8, linestyle=":")
        sheet.top -= 0.45
    axes.set_xlabel("Standardised difference", size=theme.SIZES["label"])
    return sheet.figure


FIGURES = {
    "nrm_bias": stacked,
    "depth_of_response": changing("depth_of_response"),
    "mrd_and_survival": changing("mrd_and_survival"),
    "bridging_and_outcome": balance,
}
