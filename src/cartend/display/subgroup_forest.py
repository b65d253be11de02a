"""The forest of the primary endpoint by subgroup: estimates with their limits, a line a level."""

from typing import NamedTuple

from matplotlib.figure import Figure

from cartend.analysis.plan import comparisons
from cartend.config.study import Study
from cartend.display import labels, layout, theme
from cartend.display.ard import Ard, Group, Results
from cartend.display.format import Notes, percent, ratio
from cartend.display.format import with_interval as limited
from cartend.display.layout import EDGE, WIDTH, Sheet, Words
from cartend.display.subgroups import NAME, SAID
from cartend.display.words import Heading

ESTIMATES = ("proportion", "cox", "difference")
ROW = 0.25
LEFT = 3.1
TEXT = 1.85


class Line(NamedTuple):
    """One row of the forest: a factor without numbers, or a level with its estimate."""

    label: str
    numbers: tuple[float | None, ...] | None
    text: str


def forest_lines(study: Study, results: Results, notes: Notes) -> tuple[list[Line], str]:
    """Return the rows of the forest in the order of the results, and what is estimated.

    Of several comparisons each has a row of its own at every level, named by its arms.
    """
    lines, kind, last = [], "", ""
    pairs = [against.label for against in comparisons(study)]
    places = [
        (by, level, arm)
        for by, level in sorted({(group.by, group.level) for group in results.groups})
        for arm in pairs or [""]
    ]
    for by, level, arm in places:
        for analysis, _, values in results.numbers_of(Group(arm, by, level)):
            if analysis not in ESTIMATES:
                continue
            kind = analysis
            three = [values.get(name) for name in ("estimate", "lower", "upper")]
            form = ratio if analysis == "cox" else percent
            numbers = tuple(None if v is None else v.number for v in three)
            section = by.partition(": ")[2]
            if section not in (last, "All subjects"):
                lines.append(Line(section, None, ""))
            last = section
            name = level.partition(" ")[2]
            name += f", {labels.arm(study, arm)}" if len(pairs) > 1 else ""
            lines.append(Line(name, numbers, limited(*three, form, notes)))
    return lines, kind


def draw_subgroups(heading: Heading, ard: Ard) -> tuple[Figure | None, Words | None]:
    """Return the forest, nothing where the results hold no estimate by subgroup."""
    results, notes = ard.of(NAME, "", ""), Notes()
    lines, kind = forest_lines(heading.study, results, notes)
    if not any(line.numbers for line in lines):
        return None, None
    title = sorted(group.by for group in results.groups)[0].partition(" ")[2].partition(": ")[0]
    said = (SAID, "Lines: 95% limits.", *notes.lines(), heading.source("the results (ARD)"))
    words = Words(f"{title}, by subgroup", (heading.study.title,), said)
    sheet = Sheet(words, len(lines) * ROW + 0.9, LEFT)
    head = {"cox": "Hazard ratio (95% CI)", "difference": "Difference, % (95% CI)"}
    sheet.put(WIDTH - EDGE - TEXT, head.get(kind, "Rate, % (95% CI)"), theme.SIZES["table"])
    sheet.top -= 0.25
    sheet.top -= len(lines) * ROW
    width = WIDTH - LEFT - TEXT - EDGE - 0.2
    box = (LEFT / WIDTH, sheet.top / sheet.height, width / WIDTH)
    axes = sheet.figure.add_axes((*box, len(lines) * ROW / sheet.height))
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for place, line in enumerate(lines):
        _row(sheet, axes, place, line, kind)
    _axis(axes, [n for line in lines if line.numbers for n in line.numbers if n], kind)
    return sheet.figure, words


def _row(sheet: Sheet, axes: object, place: int, line: Line, kind: str) -> None:
    """Write one row: a factor in bold, or a level with its point, limits and numbers."""
    style = {"annotation_clip": False, "size": theme.SIZES["table"], "va": "center"}
    style["xycoords"] = (sheet.figure.transFigure, axes.transData)
    if line.numbers is None:
        axes.annotate(line.label, (EDGE / WIDTH, place), weight="bold", **style)
        return
    whole = line.label.partition(", ")[0] == "All subjects"
    indent = 0.0 if whole else 0.2
    name = layout.wrapped(line.label, theme.SIZES["table"], LEFT - EDGE - indent, 0.58)[0]
    axes.annotate(name, ((EDGE + indent) / WIDTH, place), **style)
    axes.annotate(line.text, ((WIDTH - EDGE - TEXT) / WIDTH, place), **style)
    scale = 1 if kind == "cox" else 100
    estimate, lower, upper = (None if n is None else n * scale for n in line.numbers)
    colour = theme.PALETTE[0]
    if lower is not None and upper is not None:
        axes.hlines(place, lower, upper, color=colour, linewidth=1.3)
    if estimate is not None:
        axes.plot(estimate, place, "D" if whole else "s", color=colour, markersize=6)


def _axis(axes: object, known: list[float], kind: str) -> None:
    """Set a logarithmic axis for ratios, one from 0 to 100 % for rates."""
    if kind == "cox":
        ticks = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
        low = max([t for t in ticks if t <= min([*known, 0.5])], default=ticks[0])
        high = min([t for t in ticks if t >= max([*known, 2.0])], default=ticks[-1])
        axes.set_xscale("log")
        axes.minorticks_off()
        shown = [t for t in ticks if low <= t <= high]
        axes.set_xticks(shown, [f"{t:g}" for t in shown])
        axes.set_xlim(low, high)
        axes.axvline(1, color=theme.GREY, linewidth=0.8, linestyle=(0, (3, 2)))
        axes.set_xlabel("Hazard ratio (log scale); below 1 favours the experimental arm", size=8)
        return
    if kind == "difference":
        axes.axvline(0, color=theme.GREY, linewidth=0.8, linestyle=(0, (3, 2)))
        axes.set_xlabel("Difference of rates, %; above 0 favours the experimental arm", size=8)
        return
    axes.set_xlim(0, 100)
    axes.set_xlabel("Rate, %", size=8)
