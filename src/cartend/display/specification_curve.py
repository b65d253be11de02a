"""The figure of a grid: every definition's result, ordered, over the choices that made it.

After Simonsohn, Simmons and Nelson, Specification curve analysis, Nat Hum Behav 2020;4:1208.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from cartend.analysis.plan import Comparison
from cartend.config.study import Study
from cartend.display import labels, layout, theme
from cartend.display.layout import EDGE, WIDTH, Sheet, Words
from cartend.display.robustness import Choice
from cartend.display.words import Heading

LEFT = 2.75
CURVE = 2.6
ROW = 0.17
TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)


def write_specification_curve(
    heading: Heading,
    scenario: object,
    found: Sequence[Choice],
    stem: Path,
    formats: Sequence[str],
    against: Comparison | None,
) -> None:
    """Draw the result of every definition of a grid above its choices, and save.

    Above: hazard ratio (randomised) or median in months (one arm) with limits, in the order of
    ``found``. Below: one line a word of each choice, a mark where a definition has it.
    """
    study = heading.study
    lines = choice_lines(study, scenario, found)
    marks = sum(len(words) for _, words in lines)
    height = (marks + len(lines)) * ROW
    with theme.styled():
        sheet = Sheet(_words(heading, scenario, found, against), CURVE + 0.1 + height, LEFT)
        above = sheet.axes(CURVE)
        _curve(above, study, found)
        sheet.top -= 0.1
        below = sheet.axes(height)
        _choices(sheet, below, lines, found)
        theme.save(sheet.figure, stem, list(formats))


def choice_lines(
    study: Study, scenario: object, found: Sequence[Choice]
) -> list[tuple[str, list[str]]]:
    """Return every choice with the words that occur, those of one word only left out."""
    order = {"endpoint": list(scenario.grid.of)}
    order |= {"evaluator": list(study.evaluators), "population": []}
    order |= {axis.name: list(axis.words) for axis in scenario.grid.axes}
    lines = []
    for name in order:
        held = dict.fromkeys(word for c in found if (word := word_of(c, name)))
        words = [word for word in order[name] if word in held]
        words += [word for word in held if word not in words]
        if len(words) > 1:
            lines.append((name, words))
    return lines


def word_of(choice: Choice, name: str) -> str:
    """Return the word that a definition has for a choice, blank where it has none."""
    if name == "endpoint":
        return choice.base
    if name in ("evaluator", "population"):
        return getattr(choice.entry, name)
    return choice.chosen.get(name, "")


def _words(
    heading: Heading, scenario: object, found: Sequence[Choice], against: Comparison | None
) -> Words:
    randomised = heading.study.design == "randomised"
    what = "hazard ratio" if randomised else "median"
    said = (
        f"Each column is one definition on the data of one trial, ordered by its {what} (95% CI). "
        "Filled diamond: the study's primary endpoint; filled circle: another shipped definition; "
        "open circle: a definition of the grid. A mark below says what the definition has.",
        heading.source(f"ADTTE of scenario {scenario.name} and primary, through the results (ARD)"),
    )
    title = f"Robustness to the definition: {len(found)} definitions on the same data"
    subtitle = f"Study {heading.study.id}, scenario {scenario.name}"
    if against is not None and len(heading.study.pairs) > 1:
        subtitle += f": {labels.arm(heading.study, against.label)}"
    return Words(title, (subtitle,), said)


def _curve(axes: Axes, study: Study, found: Sequence[Choice]) -> None:
    scale = 1.0 if study.design == "randomised" else 1 / study.months
    known = [v * scale for choice in found for v in choice.numbers if v is not None]
    if study.design == "randomised":
        _ratio_axis(axes, known)
    else:
        axes.set_ylim(0, max([*known, 1.0]) * 1.08)
        axes.set_ylabel("Median, months (95% CI)", size=theme.SIZES["label"])
    top = axes.get_ylim()[1]
    size = max(2.2, min(4.5, 260 / max(len(found), 1)))
    for place, choice in enumerate(found):
        estimate, lower, upper = (None if v is None else v * scale for v in choice.numbers)
        colour = theme.PALETTE[0] if choice.primary else theme.INK
        if lower is not None:
            axes.vlines(place, lower, upper if upper is not None else top, color=colour, lw=0.9)
        if estimate is not None:
            shape = "D" if choice.primary else "o"
            face = colour if choice.shipped else "white"
            axes.plot(place, estimate, shape, color=colour, mfc=face, ms=size + choice.primary)
        else:
            axes.plot(place, top, "^", color=colour, mfc="white", ms=size, clip_on=False)
    _columns(axes, len(found))
    axes.spines["bottom"].set_visible(False)


def _ratio_axis(axes: Axes, known: Sequence[float]) -> None:
    """Set a logarithmic axis that holds every number and the line of no difference."""
    low, high = min([*known, 0.7]) * 0.93, max([*known, 1.0]) * 1.08
    axes.set_yscale("log")
    axes.minorticks_off()
    ticks = [t for t in TICKS if low <= t <= high]
    axes.set_yticks(ticks, [f"{t:g}" for t in ticks])
    axes.set_ylim(low, high)
    axes.axhline(1, color=theme.GREY, linewidth=0.8, linestyle=(0, (3, 2)))
    axes.set_ylabel("Hazard ratio (95% CI)\nbelow 1 favours experimental", size=8)


def _columns(axes: Axes, number: int) -> None:
    axes.set_xlim(-0.7, number - 0.3)
    axes.set_xticks([])


def _choices(
    sheet: Sheet,
    axes: Axes,
    lines: Sequence[tuple[str, list[str]]],
    found: Sequence[Choice],
) -> None:
    """Draw one line a word: its name at the left, a mark in each column that has it."""
    size = max(2.0, min(4.0, 240 / max(len(found), 1)))
    where, place = (sheet.figure.transFigure, axes.transData), 0.0
    look = {"xycoords": where, "annotation_clip": False, "va": "center", "size": 7.5}
    for name, words in lines:
        axes.annotate(labels.choice(name), (EDGE / WIDTH, place), weight="bold", **look)
        place += 1
        for word in words:
            has = np.array([word_of(choice, name) == word for choice in found])
            axes.axhline(place, color=theme.LIGHT, linewidth=0.5, zorder=0)
            axes.plot(np.flatnonzero(has), np.full(has.sum(), place), "s", color=theme.INK, ms=size)
            shown = word if name == "endpoint" else labels.chosen(name, word)
            lines_of = layout.wrapped(shown, 7.5, LEFT - EDGE - 0.4)
            axes.annotate(lines_of[0], ((EDGE + 0.12) / WIDTH, place), **look)
            place += 1
    axes.set_ylim(place - 0.5, -0.5)
    axes.set_yticks([])
    _columns(axes, len(found))
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
