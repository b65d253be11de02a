"""The flow of subjects drawn as CONSORT does: a box a step, its losses with reasons beside it.

Boxes are placed in inches and grow with their text, so nothing is clipped however many reasons a
step has. Numbers are those of the results (FLOW, SETS).
"""

import textwrap
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cartend.display import labels, layout, theme
from cartend.display.ard import Ard, Group, Results
from cartend.display.disposition import BESIDE, step_label
from cartend.display.format import whole
from cartend.display.layout import EDGE, WIDTH, Sheet, Words
from cartend.display.words import Heading

SIZE = 8.0
GLYPH = 0.62
"""Width of a bold letter over its height: the widest that words of these boxes have."""
PAD = 0.08
GAP = 0.26
MAIN = {1: 2.9, 2: 1.95, 3: 1.25}
SIDE = {1: 3.2, 2: 1.75, 3: 1.2}
BETWEEN = {1: 0.5, 2: 0.22, 3: 0.12}
"""Inches of a step, of its losses and between the two, by how many arms stand side by side."""
ABREAST = max(MAIN)
BESIDE_EACH_OTHER = 2
"""Up to how many arms the parts of a step stand beside each other; of more, below."""


@dataclass(frozen=True)
class Step:
    """One step: its lines, its parts drawn as boxes of their own, and the lines of its losses."""

    lines: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    losses: tuple[str, ...]


def draw_flow(heading: Heading, ard: Ard) -> tuple[Figure | None, Words | None]:
    """Return the diagram of every arm side by side; nothing where the results hold no flow."""
    study, flow = heading.study, ard.of("FLOW", "", "")
    every = tuple(study.arms) if study.design == "randomised" else ("",)
    arms = [arm for arm in every if flow.events(Group(arm), "count")]
    if not arms:
        return None, None
    abreast = min(len(arms), ABREAST)
    columns = {arm: steps_of(heading, flow, arm, abreast) for arm in arms}
    tiers = [
        {arm: columns[arm] for arm in arms[start : start + abreast]}
        for start in range(0, len(arms), abreast)
    ]
    words = _words(heading)
    head = _head(heading, ard, arms)
    tall = sum(_tallest(tier, abreast) for tier in tiers)
    sheet = Sheet(words, tall + (_box_height(head) + 2 * GAP if head else 0), EDGE)
    axes = sheet.figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, sheet.height)
    axes.set_axis_off()
    _draw(axes, sheet.top, head, tiers)
    return sheet.figure, words


def steps_of(heading: Heading, flow: Results, arm: str, arms: int) -> list[Step]:
    """Return the steps of one arm, from screening (enrolment where nobody was lost before) on."""
    study, who = heading.study, Group(arm)
    found: list[tuple[str, list[str], list[tuple[str, str]]]] = []
    for name in flow.events(who, "count"):
        step, _, reason = name.partition(" ")[2].partition(": ")
        n = flow.number(who, "count", "n", event=name) or 0
        text = _counted(step_label(study, step), n)
        if reason:
            found[-1][2].append((reason.capitalize(), whole(n)))
        elif step in BESIDE:
            found[-1][1].append(text)
        else:
            found.append((text, [], []))
    half = (MAIN[arms] - 0.12) / 2 if arms <= BESIDE_EACH_OTHER else MAIN[arms]
    steps = []
    for text, parts, losses in found:
        lines = tuple(_fitted(text, MAIN[arms]))
        wide = half if len(parts) > 1 else MAIN[arms]
        inside = tuple(tuple(_fitted(part, wide)) for part in parts)
        lost = [line for reason, n in losses for line in _fitted(f"{reason} ({n})", SIDE[arms])]
        if lost:
            lost.insert(0, "Went no further:")
        steps.append(Step(lines, inside, tuple(lost)))
    kept = steps if found[0][2] or len(steps) == 1 else steps[1:]
    if not arm:
        return kept
    title = tuple(_fitted(f"{labels.arm(study, arm)}:", MAIN[arms]))
    return [Step((*title, *kept[0].lines), kept[0].parts, kept[0].losses), *kept[1:]]


def _counted(text: str, n: float) -> str:
    """Return a step with its number, which never breaks over two lines."""
    blank = "\N{NO-BREAK SPACE}"
    return f"{text} (n{blank}={blank}{whole(n)})"


def _head(heading: Heading, ard: Ard, arms: list[str]) -> tuple[str, ...]:
    """Return the lines of the box over the arms: all randomised; none for one arm."""
    total = ard.of("SETS", "", "").number(Group(), "count", "n", event="RAND")
    return (_counted("Randomised", total),) if len(arms) > 1 and total else ()


def _fitted(text: str, width: float) -> list[str]:
    return textwrap.wrap(text, int((width - 2 * PAD) * 72 / (SIZE * GLYPH))) or [""]


def _words(heading: Heading) -> Words:
    study = heading.study
    said = [
        "A subject who went no further than a step is lost there, by the reason that came first; "
        "losses and the next step add up. Bridging lies between leukapheresis and lymphodepletion.",
        *heading.design(),
        heading.source("ADSL, through the results (ARD)"),
    ]
    return Words("Flow of subjects", (study.title,), tuple(said))


def _box_height(lines: tuple[str, ...]) -> float:
    return len(lines) * layout.line_height(SIZE) + 2 * PAD


def _part_height(step: Step, count: int) -> float:
    """Return the height that the parts of a step take, beside or below each other."""
    heights = [_box_height(part) for part in step.parts]
    return max(heights) if count <= BESIDE_EACH_OTHER else sum(heights)


def _rows(step: Step, count: int) -> float:
    """Return the height of a step: its box, its parts below it, and room for its losses."""
    tall = _box_height(step.lines)
    if step.parts:
        tall += GAP * 0.7 + _part_height(step, count)
    lost = _box_height(step.losses) + 0.16 if step.losses else 0
    return tall + max(GAP, lost)


def _tallest(tier: dict[str, list[Step]], count: int) -> float:
    return max(sum(_rows(step, count) for step in steps) for steps in tier.values())


def _draw(
    axes: Axes, top: float, head: tuple[str, ...], tiers: list[dict[str, list[Step]]]
) -> None:
    """Draw the head and the arms below it, in as many tiers as the page's width asks for.

    Lines run from the head to the arms where they stand in one tier.
    """
    count = len(tiers[0])
    each = MAIN[count] + BETWEEN[count] + SIDE[count]
    room = (WIDTH - 2 * EDGE - count * each) / max(count - 1, 1) if count > 1 else 0
    lefts = [EDGE + place * (each + room) for place in range(count)]
    if head:
        wide = 2.4
        _box(axes, (WIDTH - wide) / 2, top, wide, head, bold=True)
        below = top - _box_height(head)
        for left in lefts if len(tiers) == 1 else ():
            middle = left + MAIN[count] / 2
            _line(axes, (WIDTH / 2, WIDTH / 2), (below, below - GAP / 2))
            _line(axes, (WIDTH / 2, middle), (below - GAP / 2, below - GAP / 2))
            _arrow(axes, (middle, below - GAP / 2), (middle, below - GAP))
        top = below - GAP
    for tier in tiers:
        for left, steps in zip(lefts, tier.values(), strict=False):
            _column(axes, left, top, steps, count)
        top -= _tallest(tier, count)


def _column(axes: Axes, left: float, top: float, steps: list[Step], count: int) -> None:
    """Draw the boxes of one arm from the top down, with an arrow from step to step."""
    wide, middle = MAIN[count], left + MAIN[count] / 2
    for place, step in enumerate(steps):
        last = place == len(steps) - 1
        _box(axes, left, top, wide, step.lines, bold=last)
        bottom = top - _box_height(step.lines)
        if step.parts:
            _parts(axes, left, bottom, step, count)
            bottom -= GAP * 0.7 + _part_height(step, count)
        following = top - _rows(step, count)
        if not last:
            _arrow(axes, (middle, bottom), (middle, following))
        if step.losses:
            tall = _box_height(step.losses)
            centre = bottom - (bottom - following) / 2
            x = left + wide + BETWEEN[count]
            _arrow(axes, (middle, centre), (x, centre))
            _box(axes, x, centre + tall / 2, SIDE[count], step.losses)
        top = following


def _parts(axes: Axes, left: float, above: float, step: Step, count: int) -> None:
    """Draw the parts of a step below its box, each with an arrow, or as one stack."""
    wide, under = MAIN[count], above - GAP * 0.7
    if count > BESIDE_EACH_OTHER:
        _arrow(axes, (left + wide / 2, above), (left + wide / 2, under))
        for part in step.parts:
            _box(axes, left, under, wide, part)
            under -= _box_height(part)
        return
    each = (wide - 0.12 * (len(step.parts) - 1)) / len(step.parts)
    for number, part in enumerate(step.parts):
        x = left + number * (each + 0.12)
        _arrow(axes, (x + each / 2, above), (x + each / 2, under))
        _box(axes, x, under, each, part, tall=_part_height(step, count))


def _box(
    axes: Axes,
    left: float,
    top: float,
    wide: float,
    lines: tuple[str, ...],
    *,
    bold: bool = False,
    tall: float | None = None,
) -> None:
    tall = _box_height(lines) if tall is None else tall
    look = {"facecolor": "white", "edgecolor": theme.INK, "linewidth": 1.4 if bold else 0.8}
    axes.add_patch(Rectangle((left, top - tall), wide, tall, **look))
    weight = "bold" if bold else "normal"
    for number, line in enumerate(lines):
        y = top - PAD - number * layout.line_height(SIZE)
        axes.text(left + PAD, y, line, size=SIZE, va="top", weight=weight)


def _line(axes: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    axes.plot(x, y, color=theme.INK, linewidth=0.8)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    look = {"arrowstyle": "-|>", "color": theme.INK, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=look)
