"""The swimmer plot: one bar a subject, with every response, treatment and death where it happened.

A study is drawn on as many pages as it needs, one group after the other, on one time scale. Each
bar and each subject's name link to the subject's explanation in the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.contract.terms.estimand import DATED_EVENT
from cartend.display import labels, layout, theme
from cartend.display.lanes import (
    DEATH,
    EVENTS,
    ONGOING,
    Records,
    assigned,
    groups,
    lanes,
    marks,
    own_kinds,
)
from cartend.display.layout import Sheet, Words
from cartend.display.subjects import link_of
from cartend.display.words import Heading

MOST = 80
"""Subjects on one page, at most."""
PITCH = 0.125
"""Inches from one bar to the next."""
NAME_SIZE = 6.0
BAR = "#d5dde5"
COLUMNS = 4
BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
AMBER, RED, PINK = "#E69F00", "#D55E00", "#CC79A7"


@dataclass(frozen=True)
class Mark:
    """How a mark is drawn: its shape differs from every other one, not its colour alone."""

    shape: str | Path
    face: str
    edge: str
    size: float = 4.2


OF_SET = {
    "complete": [Mark("o", BLUE, BLUE), Mark("p", SKY, BLUE), Mark("8", "white", BLUE)],
    "response": [Mark("^", GREEN, GREEN), Mark("h", SKY, BLUE), Mark("<", "white", GREEN)],
    "stable": [Mark("s", AMBER, AMBER), Mark("D", "white", RED, 3.4), Mark("H", AMBER, theme.INK)],
    "progression": [Mark("v", RED, RED), Mark("<", RED, RED), Mark(">", "white", RED)],
    "not_evaluable": [Mark("o", "white", theme.GREY, 3.2)],
}
OF_EVENT = {
    "INFUSION": Mark("|", theme.INK, theme.INK, 7),
    "REINFUSION": Mark("d", "white", theme.INK, 5),
    "CROSSOVER": Mark("d", theme.INK, "white", 5.8),
    "NEW_THERAPY": Mark("P", PINK, "white", 6.2),
    "HSCT": Mark("*", theme.INK, "white", 7.5),
    "CLINICAL_PD": Mark("v", "white", RED),
}
OF_DEATH = (Mark("X", theme.INK, "white", 5.4), "Death")
ARROW = Path(
    [(-1, 0.1), (0.3, 0.1), (0.3, 0.5), (1, 0), (0.3, -0.5), (0.3, -0.1), (-1, -0.1), (-1, 0.1)],
    closed=True,
)
OF_ONGOING = (Mark(ARROW, theme.INK, theme.INK, 6), "In follow-up at the cut-off")
OF_OWN = [Mark(shape, "white", theme.INK) for shape in ("s", "D", "^", "p", "h")]
"""Marks of the kinds of event that are the study's own, one after the other."""


@dataclass(frozen=True)
class Page:
    """One page: its group, its place among the pages of the group, its lanes and their marks."""

    group: str
    number: int
    of: int
    whole: int
    lanes: pd.DataFrame
    marks: pd.DataFrame


@dataclass(frozen=True)
class Swimmer:
    """All lanes of a study: the pages, how marks are drawn, and the time scale they share."""

    study: Study
    heading: Heading
    pages: list[Page]
    look: dict[str, tuple[Mark, str]]
    first: float
    last: float
    undated: int
    unassigned: int


def swimmer(heading: Heading, records: Records) -> Swimmer:
    """Return what is to be drawn of a study."""
    study = heading.study
    drawn = lanes(study, records)
    found = marks(study, records, drawn)
    last = max([float(drawn["END"].max()), 1.0] if len(drawn) else [1.0]) / study.months
    first = min([float(found["DAY"].min()), 0.0] if len(found) else [0.0]) / study.months
    look = mark_look(
        records.criteria, set(found["MARK"]), bool(drawn["ONGOING"].any()), own_kinds(study)
    )
    unassigned = int((~assigned(study, records.adsl)).sum())
    undated = len(records.adsl) - len(drawn) - unassigned
    pages = pages_of(study, drawn, found)
    return Swimmer(study, heading, pages, look, first, last, undated, unassigned)


def pages_of(study: Study, drawn: pd.DataFrame, found: pd.DataFrame) -> list[Page]:
    """Return the lanes in pages of at most ``MOST`` subjects, as even as can be, by group."""
    pages = []
    for group in groups(study):
        members = drawn[drawn["GROUP"].eq(group)]
        count = -(-len(members) // MOST)
        for number, places in enumerate(np.array_split(np.arange(len(members)), count or 1), 1):
            if count:
                part = members.iloc[places].reset_index(drop=True)
                own = found[found["USUBJID"].isin(part["USUBJID"])]
                pages.append(Page(group, number, count, len(members), part, own))
    return pages


def mark_look(
    criteria: Criteria,
    held: set[str],
    ongoing: bool = True,
    own: Mapping[str, str] | None = None,
) -> dict[str, tuple[Mark, str]]:
    """Return shape, colour and name of every mark that occurs, responses first.

    A category takes the next shape of the first of these sets of the criteria that holds it:
    complete, stable, progression, not evaluable, response; one of no set is drawn as response.
    ``own`` are the kinds of event of the study's own, with their labels.
    """
    used = dict.fromkeys(OF_SET, 0)
    look = {}
    for category in criteria.categories:
        name = next(
            (
                name
                for name in OF_SET
                if name != "response" and category.code in criteria.sets.get(name, ())
            ),
            "not_evaluable" if category.code == "NE" else "response",
        )
        shapes = OF_SET[name]
        look[category.code] = (shapes[used[name] % len(shapes)], category.code)
        used[name] += 1
    chosen = {code: look[code] for code in look if code in held}
    events = {code: (OF_EVENT[code], DATED_EVENT.label(code)) for code in EVENTS if code in held}
    for place, (kind, label) in enumerate((own or {}).items()):
        if kind in held:
            events[kind] = (OF_OWN[place % len(OF_OWN)], label)
    ends = {DEATH: OF_DEATH} if DEATH in held else {}
    return chosen | events | ends | ({ONGOING: OF_ONGOING} if ongoing else {})


def draw_page(whole: Swimmer, page: Page, criteria: Criteria) -> tuple[Figure, Words]:
    """Return the figure of one page with its words."""
    words = words_of(whole, page, criteria)
    rows = -(-len(whole.look) // COLUMNS)
    plot = len(page.lanes) * PITCH + PITCH
    key = rows * layout.line_height(theme.SIZES["table"]) + layout.GAP
    longest = max(len(name) for name in page.lanes["USUBJID"])
    left = layout.EDGE + 0.12 + longest * NAME_SIZE * 0.64 / 72
    sheet = Sheet(words, key + plot + layout.BELOW_AXIS, left)
    mark_key(sheet, list(whole.look.values()))
    axes = sheet.axes(plot)
    layout.month_axis(axes, layout.month_ticks(whole.last), whole.last, axis_label(whole, page))
    axes.set_xlim(whole.first - 0.012 * whole.last, whole.last * 1.03)
    axes.set_ylim(len(page.lanes) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=theme.LIGHT, linewidth=0.4)
    axes.set_axisbelow(True)
    _bars(axes, page, whole.study.months)
    _marks(axes, page, whole)
    return sheet.figure, words


def _bars(axes, page: Page, per_month: float) -> None:
    ends = page.lanes["END"].to_numpy() / per_month
    rows = np.arange(len(ends))
    links = [link_of(subject) for subject in page.lanes["USUBJID"]]
    paths = [((0, row), (end, row)) for row, end in zip(rows, ends, strict=True)]
    width = PITCH * 72 * 0.66
    axes.add_collection(LineCollection(paths, colors=BAR, linewidths=width, urls=links))
    where = axes.get_yaxis_transform()
    for row, subject, link in zip(rows, page.lanes["USUBJID"], links, strict=True):
        style = {"size": NAME_SIZE, "ha": "right", "va": "center", "url": link}
        axes.text(-0.005, row, subject, transform=where, **style)


def _marks(axes, page: Page, whole: Swimmer) -> None:
    place = {subject: row for row, subject in enumerate(page.lanes["USUBJID"])}
    for code, (mark, _) in whole.look.items():
        if code == ONGOING:
            own = page.lanes[page.lanes["ONGOING"]]
            latest = page.marks.groupby("USUBJID")["DAY"].max()
            latest = own["USUBJID"].map(latest).fillna(0).clip(lower=own["END"])
            days = latest + whole.last * whole.study.months * 0.012
        else:
            own = page.marks[page.marks["MARK"].eq(code)]
            days = own["DAY"]
        rows = own["USUBJID"].map(place)
        _put(axes, days / whole.study.months, rows, mark, clip_on=False)


def _put(where, x, y, mark: Mark, **more: object) -> None:
    where.plot(
        x,
        y,
        linestyle="none",
        marker=mark.shape,
        markersize=mark.size,
        markerfacecolor=mark.face,
        markeredgecolor=mark.edge,
        markeredgewidth=1.6 if mark.shape == "|" else 0.6,
        zorder=3,
        **more,
    )


def mark_key(sheet: Sheet, entries: list[tuple[Mark, str]]) -> None:
    """Write the key of the marks in columns, and move the cursor below it."""
    size = theme.SIZES["table"]
    width = (layout.WIDTH - 2 * layout.EDGE) / COLUMNS
    rows = -(-len(entries) // COLUMNS)
    for place, (mark, name) in enumerate(entries):
        column, row = divmod(place, rows)
        x = layout.EDGE + column * width
        y = sheet.top - row * layout.line_height(size)
        middle = (y - layout.line_height(size) * 0.36) / sheet.height
        sample = Line2D(
            [(x + 0.08) / layout.WIDTH],
            [middle],
            transform=sheet.figure.transFigure,
            linestyle="none",
            marker=mark.shape,
            markersize=mark.size * 1.15,
            markerfacecolor=mark.face,
            markeredgecolor=mark.edge,
            markeredgewidth=1.6 if mark.shape == "|" else 0.6,
        )
        sheet.figure.add_artist(sample)
        sheet.figure.text((x + 0.2) / layout.WIDTH, y / sheet.height, name, size=size, va="top")
    sheet.top -= rows * layout.line_height(size) + layout.GAP


def lowered(text: str) -> str:
    """Return a label as it stands within a sentence."""
    return f"{text[:1].lower()}{text[1:]}"


def axis_label(whole: Swimmer, page: Page) -> str:
    """Return the label of the time axis with the origin of the page's subjects."""
    return f"Months since {origin_words(whole.study, page.group)}"


def origin_words(study: Study, group: str) -> str:
    """Return the origin of a group's bars in words."""
    if study.design == "randomised":
        return "randomisation"
    return "leukapheresis" if group == "Not infused" else "CAR-T infusion"


def words_of(whole: Swimmer, page: Page, criteria: Criteria) -> Words:
    """Return title, subtitle and footnotes of one page."""
    study = whole.study
    part = f", page {page.number} of {page.of}" if page.of > 1 else ""
    shown = (
        f"{len(page.lanes)} of {page.whole} subjects" if page.of > 1 else f"{page.whole} subjects"
    )
    evaluator = labels.evaluator(study.primary_evaluator)
    codes = [c for c in criteria.categories if c.code in whole.look]
    said = [
        "Each bar runs from the origin to death or to the last day known alive; the longest comes "
        "first. Without a cross or an arrow the subject was lost to follow-up, withdrew or "
        "completed the study.",
        f"Responses: assessments that count, {evaluator}; "
        + "; ".join(f"{c.code} {lowered(c.label)}" for c in codes if c.label.upper() != c.code)
        + ".",
    ]
    if page.group.endswith("a response"):
        said.append(
            "With a response: in the set RESPONDERS of ADTTE; a response shown after new therapy "
            "may not count for it."
        )
    if whole.undated:
        count = f"{whole.undated} subject{'s' if whole.undated > 1 else ''}"
        said.append(f"Not drawn: {count} of ADSL without an origin date.")
    if whole.unassigned:
        count = f"{whole.unassigned} subject{'s' if whole.unassigned > 1 else ''}"
        said.append(f"Not drawn: {count} of ADSL in none of the study's arms.")
    said.append(whole.heading.source("ADSL, ADRS, ADEVT, ADTTE"))
    subtitle = (
        f"{page.group}{part}: {shown}",
        f"Responses by {evaluator}; from {origin_words(study, page.group)}",
    )
    return Words("Course of each subject", subtitle, tuple(said))
