"""The figure of the definitions: hazard ratios with limits, or medians where there is one arm."""

from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from cartend.config.study import Study
from cartend.display import theme
from cartend.display.format import fixed
from cartend.display.layout import EDGE, Sheet, Words

if TYPE_CHECKING:
    from cartend.display.compare import Row

ROW = 0.42
LABELS = 3.5


def draw_forest(study: Study, rows: list["Row"], stem: Path, formats: list[str]) -> None:
    """Draw one line a definition, the primary endpoint marked, and save it."""
    measure = "Hazard ratio" if study.design == "randomised" else "All subjects"
    drawn = [row for row in rows if row.drawn.get(measure, (None,))[0] is not None]
    if not drawn:
        return
    drawn = sorted(drawn, key=lambda row: (row.drawn[measure][0], row.definition.id, row.scenario))
    ratio = study.design == "randomised"
    arms = (
        [study.arms[study.arm_of_role(r)].label for r in ("experimental", "control")]
        if ratio
        else []
    )
    favours = f"Below 1 favours {arms[0]}; logarithmic axis. " if ratio else ""
    axis = f"Hazard ratio, {arms[0]} vs {arms[1]}" if ratio else "Median, months"
    words = Words(
        "Event-free and progression-free survival under every definition",
        (
            f"{study.id}; {study.population}; {study.primary_evaluator}; from {study.origin}; "
            "with 95% limits, ordered by estimate; filled square: the study's primary endpoint",
        ),
        (
            f"{favours}The definitions differ in what counts as an event and when; one is not a "
            "better estimate of another. An arrow: the limit is not reached or beyond the axis.",
        ),
    )
    with theme.styled():
        sheet = Sheet(words, len(drawn) * ROW + 0.55, LABELS)
        axes = sheet.axes(len(drawn) * ROW)
        _fill(study, sheet, axes, drawn, measure, axis)
        theme.save(sheet.figure, stem, formats)


def _fill(
    study: Study, sheet: Sheet, axes: Axes, rows: list["Row"], measure: str, axis: str
) -> None:
    ratio = measure == "Hazard ratio"
    scale = 1.0 if ratio else study.months
    values = [v / scale for row in rows for v in row.drawn[measure] if v is not None]
    low, high = (min(values) * 0.9, max(values) * 1.1) if ratio else (0.0, max(values) * 1.15)
    if ratio:
        axes.set_xscale("log")
        low, high = min(low, 0.5), max(high, 1.25)
    axes.set_xlim(low, high)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    if ratio:
        ticks = [
            t
            for t in (0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4)
            if low <= t <= high
        ]
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.minorticks_off()
        axes.axvline(1.0, color=theme.GREY, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.set_xlabel(axis, size=theme.SIZES["label"])
    for place, row in enumerate(rows):
        _line(
            study,
            sheet,
            axes,
            place,
            row,
            tuple(None if v is None else v / scale for v in row.drawn[measure]),
            ratio,
        )


def _line(
    study: Study,
    sheet: Sheet,
    axes: Axes,
    place: int,
    row: "Row",
    numbers: tuple[float | None, ...],
    ratio: bool,
) -> None:
    estimate, lower, upper = numbers
    low, high = axes.get_xlim()
    colour = theme.PALETTE[0] if row.is_primary else theme.INK
    left, right = (low if lower is None else lower), (high if upper is None else upper)
    axes.plot([left, right], [place, place], color=colour, linewidth=1.6)
    if upper is None:
        axes.plot([high * 0.995], [place], marker=">", color=colour, markersize=6, clip_on=False)
    filled = row.is_primary
    axes.plot(
        [estimate],
        [place],
        marker="s",
        markersize=7,
        color=colour,
        markerfacecolor=colour if filled else "white",
    )
    form = (lambda v: fixed(v, 2)) if ratio else (lambda v: fixed(v, 1))
    limits = ", ".join("NE" if v is None else form(v) for v in (lower, upper))
    texts = (
        (row.definition.id, "bold" if filled else "normal", -0.16),
        (f"{row.scenario}: {form(estimate)} ({limits})", "normal", 0.18),
    )
    for text, weight, offset in texts:
        axes.annotate(
            text,
            (EDGE / sheet.figure.get_figwidth(), place + offset),
            xycoords=(sheet.figure.transFigure, axes.transData),
            size=theme.SIZES["table"],
            weight=weight,
            color=colour,
            va="center",
            annotation_clip=False,
        )
