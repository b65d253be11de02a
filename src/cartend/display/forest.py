"""The figure of the comparison: one line a definition, hazard ratios or medians with limits."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes

from cartend.analysis.plan import comparisons
from cartend.contract.terms.results import LIMITS
from cartend.display import labels, layout, theme
from cartend.display.ard import Group
from cartend.display.cells import month_form
from cartend.display.compared import Entry, shown
from cartend.display.format import Notes, ratio, with_interval
from cartend.display.layout import EDGE, WIDTH, Sheet, Words
from cartend.display.words import Heading

ROW = 0.52
LEFT = 3.45
PLOT = 3.2
RATIO_TICKS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


def write_forest(
    heading: Heading, found: Sequence[Entry], stem: Path, formats: Sequence[str]
) -> None:
    """Draw hazard ratios (randomised) or medians (single arm) of every definition, and save."""
    study, notes = heading.study, Notes()
    pairs = [Group(against.label) for against in comparisons(study)]
    randomised = bool(pairs)
    lines = [(entry, who) for who in pairs or [Group()] for entry in found]
    entries = [entry for entry, _ in lines]
    named = [labels.arm(study, who.arm) if len(pairs) > 1 else "" for _, who in lines]
    points = [
        _hazard(entry, who) if randomised else _median(entry, study.months) for entry, who in lines
    ]
    form = ratio if randomised else month_form(study.months)
    texts = [with_interval(*values, form, notes) if values else "" for _, values in points]
    words = _words(heading, entries, notes)
    with theme.styled():
        sheet = Sheet(words, len(entries) * ROW + 0.8, LEFT)
        heads = ("Hazard ratio (95% CI)" if randomised else "Median, months (95% CI)",)
        sheet.put(WIDTH - EDGE - 1.75, heads[0], theme.SIZES["table"], color=theme.GREY)
        sheet.top -= 0.25
        axes = _axes(sheet, len(entries))
        rows = zip(entries, named, points, texts, strict=True)
        for place, (entry, arms, (numbers, _), text) in enumerate(rows):
            _line(sheet, axes, place, entry, arms, numbers, text)
        (_ratio_axis if randomised else _month_axis)(axes, [n for n, _ in points])
        theme.save(sheet.figure, stem, list(formats))


def _words(heading: Heading, entries: Sequence[Entry], notes: Notes) -> Words:
    first = entries[0]
    subtitle = heading.subtitle(first.definition, first.population, first.evaluator)[0]
    said = (
        "Every line is the data of one trial under another definition; the filled diamond is "
        "the study's primary endpoint, the others are descriptive. An arrow: the limit lies beyond "
        "the axis or was not reached.",
        *notes.lines(),
        heading.source("ADTTE of every scenario, through the results (ARD)"),
    )
    return Words(
        "Event-free and progression-free survival under every definition", (subtitle,), said
    )


def _axes(sheet: Sheet, rows: int) -> Axes:
    height = rows * ROW
    sheet.top -= height
    box = (LEFT / WIDTH, sheet.top / sheet.height, PLOT / WIDTH, height / sheet.height)
    axes = sheet.figure.add_axes(box)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    return axes


def _hazard(entry: Entry, who: Group) -> tuple:
    """Return the numbers and the values of the hazard ratio, both None where there is none."""
    results = entry.results
    if who not in results.groups:
        return (None, None, None), None
    values = [results.get(who, shown(results, who, "cox"), name) for name in LIMITS]
    return tuple(v.number if v else None for v in values), values


def _median(entry: Entry, per_month: float) -> tuple:
    """Return the median and its limits in months, None where not reached."""
    values = [entry.results.get(Group(), "km_quantile", name, prob=0.5) for name in LIMITS]
    numbers = [v.number if v else None for v in values]
    return tuple(None if n is None else n / per_month for n in numbers), values


def _line(
    sheet: Sheet, axes: Axes, place: int, entry: Entry, arms: str, numbers: tuple, text: str
) -> None:
    """Write one definition: its name, scenario and arms, point and limits, and the numbers."""
    estimate, lower, upper = numbers
    colour = theme.PALETTE[0] if entry.primary else theme.INK
    if lower is not None or upper is not None:
        ends = (lower if lower is not None else estimate, upper)
        axes.hlines(place, ends[0], ends[1] or 1e6, color=colour, linewidth=1.3)
        if ends[1] is None:
            axes.plot(
                1,
                place,
                ">",
                transform=axes.get_yaxis_transform(),
                color=colour,
                ms=5,
                clip_on=False,
            )
    if estimate is not None:
        face = colour if entry.primary else "white"
        axes.plot(estimate, place, "D", color=colour, markerfacecolor=face, markersize=6)
    size = theme.SIZES["table"]
    weight = "bold" if entry.primary else "normal"
    where = (sheet.figure.transFigure, axes.transData)
    name = layout.wrapped(entry.definition.label, size, LEFT - EDGE - 0.1, 0.58)
    style = {"xycoords": where, "annotation_clip": False, "size": size, "va": "center"}
    below = [(line, size, weight, theme.INK) for line in name[:2]]
    whose = ", ".join(part for part in (entry.definition.id, entry.scenario, arms) if part)
    below.append((whose, 7, "normal", theme.GREY))
    for number, (line, points, bold, ink) in enumerate(below):
        y = place + 0.29 * (number - (len(below) - 1) / 2)
        look = {**style, "size": points, "weight": bold, "color": ink}
        axes.annotate(line, (EDGE / WIDTH, y), **look)
    axes.annotate(text, ((WIDTH - EDGE - 1.75) / WIDTH, place), weight=weight, **style)


def _ratio_axis(axes: Axes, points: Sequence[tuple]) -> None:
    """Set a logarithmic axis that holds every limit and the line of no difference."""
    known = [value for numbers in points for value in numbers if value]
    low = max(t for t in RATIO_TICKS if t <= max(min([*known, 0.5]), RATIO_TICKS[0]))
    high = min((t for t in RATIO_TICKS if t >= max([*known, 2.0])), default=RATIO_TICKS[-1])
    axes.set_xscale("log")
    axes.minorticks_off()
    ticks = [t for t in RATIO_TICKS if low <= t <= high]
    axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axes.set_xlim(low, high)
    axes.axvline(1, color=theme.GREY, linewidth=0.8, linestyle=(0, (3, 2)))
    axes.set_xlabel("Hazard ratio (log scale); below 1 favours the experimental arm", size=8)


def _month_axis(axes: Axes, points: Sequence[tuple]) -> None:
    known = [value for numbers in points for value in numbers if value is not None]
    last = max([*known, 6.0]) * 1.08
    layout.month_axis(axes, layout.month_ticks(last, 9), last, "Median, months")
