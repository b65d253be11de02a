"""What one figure shows: whose curves, how they are named and drawn, and what is said of them."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from cartend.analysis.counts import WINDOW_OPEN
from cartend.analysis.plan import comparisons
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.terms.results import LIMITS
from cartend.contract.terms.therapy import BRIDGE
from cartend.display import cif, km, labels, theme
from cartend.display.ard import Group, Results
from cartend.display.curves import Curve, curves_of
from cartend.display.format import Notes, p_value, percent, ratio, text, whole, with_interval
from cartend.display.format import months as in_months
from cartend.display.km import Line
from cartend.display.layout import KeyRow, Words
from cartend.display.theme import Pen
from cartend.display.words import Heading, nominal

BRIDGING_ORDER = BRIDGE.group("applies")


@dataclass(frozen=True)
class Picture:
    """One figure to draw: whose results, by what they are broken down, and within which arm.

    ``arm`` is blank where all arms are drawn, or there is one; ``named`` says that other arms have
    such a figure too.
    """

    paramcd: str
    population: str
    evaluator: str
    kind: str
    arm: str = ""
    named: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Return endpoint, population and evaluator."""
        return (self.paramcd, self.population, self.evaluator)

    @property
    def stem(self) -> str:
        """Return the file name without its ending."""
        arm = self.arm if self.named else ""
        return "_".join(part for part in (*self.key, self.kind, arm) if part)


@dataclass(frozen=True)
class Frame:
    """What a figure is made from: study, definition, results and curve rows of one endpoint."""

    study: Study
    definition: Definition
    heading: Heading
    results: Results
    rows: pd.DataFrame
    notes: Notes


@dataclass(frozen=True)
class Member:
    """One group of a figure with its curves by event."""

    name: str
    pen: Pen
    who: Group
    curves: dict[str, Curve]
    reference: bool = False


def draw_survival(frame: Frame, picture: Picture) -> tuple[Figure | None, Words | None]:
    """Return the Kaplan-Meier figure, or nothing where there are no curves to draw."""
    members = members_of(frame, picture, "km")
    if not members:
        return None, None
    lines = [
        Line(m.name, m.pen, m.curves[""], survival_cells(frame, m.who), m.reference)
        for m in members
    ]
    remarks = comparison_remarks(frame) if picture.kind == "arm" else ()
    words = words_of(frame, picture, "km")
    only_death = {event.type for event in frame.definition.events.values()} == {"DEATH"}
    axes = (time_axis(frame, picture), "Alive (%)" if only_death else "Without event (%)")
    return km.draw_km(words, lines, frame.study.months, axes, remarks), words


def draw_incidence(frame: Frame, picture: Picture) -> tuple[Figure | None, Words | None]:
    """Return the cumulative incidence figure, or nothing where there are no curves to draw."""
    members = members_of(frame, picture, "cif")
    states = {str(state): name for state, name in frame.definition.states.items()}
    held = [state for state in states if any(state in m.curves for m in members)]
    if not held:
        return None, None
    day = _shown_day(frame.results, members[0].who)
    if len(members) == 1:
        panels, key, columns = _one_group(frame, members[0], held, states, day)
    else:
        panels, key, columns = _groups(frame, members, held, states, day)
    words = words_of(frame, picture, "cif")
    axis = time_axis(frame, picture)
    figure = cif.draw_cif(words, panels, frame.study.months, axis, key, columns)
    return figure, words


def _one_group(frame, member, held, states, day) -> tuple:
    pens = {state: theme.pen(place) for place, state in enumerate(held)}
    lines, rows = [], []
    for state in held:
        name = f"{states[state][:1].upper()}{states[state][1:]}"
        lines.append(Line(name, pens[state], member.curves[state], ()))
        n = text(_crude(frame, member.who, state, "n"), whole, frame.notes)
        total = text(_crude(frame, member.who, state, "N"), whole, frame.notes)
        rows.append(KeyRow(pens[state], (name, total, n, _cif(frame, member.who, state, day))))
    header = ("", "N", "Events", f"{_at(frame, day)}, % (95% CI)")
    return {"": lines}, (header, rows), km.COLUMNS


def _groups(frame, members, held, states, day) -> tuple:
    panels = {}
    for state in held:
        title = f"{states[state][:1].upper()}{states[state][1:]}"
        drawn = [m for m in members if state in m.curves]
        panels[title] = [Line(m.name, m.pen, m.curves[state], (), m.reference) for m in drawn]
    rows = []
    for m in members:
        cells = [m.name, text(_crude(frame, m.who, held[0], "N"), whole, frame.notes)]
        for state in held:
            n = text(_crude(frame, m.who, state, "n"), whole, frame.notes)
            cells.append(f"{n}; {_cif(frame, m.who, state, day)}")
        rows.append(KeyRow(m.pen, tuple(cells)))
    first = f"Events; {_at(frame, day)}, % (95% CI)"
    header = (first, "N", *panels)
    step = 4.7 / len(held)
    return panels, (header, rows), (0.42, 3.0, *(3.5 + step * i for i in range(len(held))))


def _at(frame: Frame, day: float | None) -> str:
    return "" if day is None else f"at {in_months(day, frame.study.months)} months"


def _shown_day(results: Results, who: Group) -> float | None:
    """Return the reported time that the key shows: the last one up to a year, else the first."""
    times = results.times(who, "cif")
    return max((t for t in times if t <= 366), default=times[0] if times else None)


def _crude(frame: Frame, who: Group, state: str, statistic: str):
    return frame.results.get(who, "proportion", statistic, event=state)


def _cif(frame: Frame, who: Group, state: str, day: float | None) -> str:
    values = [frame.results.get(who, "cif", s, event=state, time=day) for s in LIMITS]
    return with_interval(*values, percent, frame.notes)


def members_of(frame: Frame, picture: Picture, curve: str) -> list[Member]:
    """Return the groups of a figure in drawing order; none where there is nothing to compare."""
    study = frame.study
    if picture.kind == "bridging":
        wanted = [
            (labels.level("BRIDGE", code), theme.pen(i), Group(picture.arm, "BRIDGE", code))
            for i, code in enumerate(BRIDGING_ORDER)
        ]
        members = _members(curves_of(frame.rows, curve, "BRIDGE", [picture.arm]), wanted)
        return [] if len(members) < 2 else members + _references(frame, picture, curve)
    if picture.kind == "arm":
        wanted = [(a.label, theme.pen(i), Group(c)) for i, (c, a) in enumerate(study.arms.items())]
        return _members(curves_of(frame.rows, curve, "", list(study.arms)), wanted)
    wanted = [("All subjects", theme.pen(0), Group())]
    return _members(curves_of(frame.rows, curve, "", [""]), wanted)


def _members(curves: dict[tuple[Group, str], Curve], wanted: list[tuple]) -> list[Member]:
    members = []
    for name, pen, who in wanted:
        own = {event: curve for (group, event), curve in curves.items() if group == who}
        if any(len(curve.time) and curve.n_risk[0] > 0 for curve in own.values()):
            members.append(Member(name, pen, who, own))
    return members


def _controls(study: Study, arm: str) -> list[str]:
    """Return the arms with which an arm is compared, as controls of its figure by bridging."""
    return [against.control for against in comparisons(study) if against.experimental == arm]


def _references(frame: Frame, picture: Picture, curve: str) -> list[Member]:
    codes = _controls(frame.study, picture.arm)
    wanted = [
        (f"{frame.study.arms[code].label} (reference)", theme.reference(place), Group(code))
        for place, code in enumerate(codes)
    ]
    found = _members(curves_of(frame.rows, curve, "", codes), wanted)
    return [Member(m.name, m.pen, m.who, m.curves, reference=True) for m in found]


def survival_cells(frame: Frame, who: Group) -> tuple[str, ...]:
    """Return N, events and the median in months with its limits, as the key prints them."""

    def form(days: float) -> str:
        return in_months(days, frame.study.months)

    counts = [
        text(frame.results.get(who, "km", name), whole, frame.notes) for name in ("N", "events")
    ]
    median = [frame.results.get(who, "km_quantile", name, prob=0.5) for name in LIMITS]
    return (*counts, with_interval(*median, form, frame.notes))


def comparison_remarks(frame: Frame) -> tuple[str, ...]:
    """Return hazard ratio and test in a line for each comparison that the results hold."""
    lines = (_remark(frame, who) for who in frame.results.comparisons(frame.study))
    return tuple(line for line in lines if line)


def _remark(frame: Frame, who: Group) -> str:
    results, notes = frame.results, frame.notes
    stratified = results.get(who, "stratified_cox", "estimate") is not None
    model, test = ("stratified_cox", "stratified_logrank") if stratified else ("cox", "logrank")
    values = [results.get(who, model, name) for name in LIMITS]
    if values[0] is None:
        return ""
    line = f"Hazard ratio {labels.arm(frame.study, who.arm)} (95% CI): "
    line += with_interval(*values, ratio, notes)
    p = text(results.get(who, test, "p_value"), p_value, notes)
    line += f"; log-rank p {p if p[:1] in '<>' else f'= {p}'}" if p else ""
    verified = " by verified strata" if frame.study.strata_are == "verified" else ""
    line += f", stratified{verified}" if stratified else ", unstratified"
    return f"{line}; {nominal(frame.study, frame.definition.id)}"


def time_axis(frame: Frame, picture: Picture) -> str:
    """Return the label of the time axis."""
    return f"Months since {frame.heading.origin(frame.definition, picture.population)}"


def words_of(frame: Frame, picture: Picture, analysis: str) -> Words:
    """Return title, subtitle and footnotes of a figure; every NE of it has been met before."""
    definition = frame.definition
    subtitle = frame.heading.subtitle(
        definition, picture.population, picture.evaluator, _breakdown(frame.study, picture)
    )
    said = [definition.sentence]
    if picture.kind == "bridging":
        said.append(labels.NOT_COMPARED)
        for code in _controls(frame.study, picture.arm):
            control = frame.study.arms[code].label
            said.append(f"{control} is a reference without limits; bridging does not apply to it.")
    left_out = frame.results.number(Group(), "count", "n", event=WINDOW_OPEN)
    if left_out:
        said.append(labels.left_out(int(left_out)))
    method = frame.results.method(analysis)
    said.append(f"{method}. Bands: pointwise 95% limits; vertical marks: censored subjects.")
    said += [*frame.notes.lines(), frame.heading.source("ADTTE, through the results (ARD)")]
    return Words(definition.label, subtitle, tuple(said))


def _breakdown(study: Study, picture: Picture) -> str:
    if picture.kind == "bridging":
        arm = f" within {study.arms[picture.arm].label}" if picture.arm else ""
        return f"By bridging therapy{arm}, exploratory"
    return "By randomised arm" if picture.kind == "arm" else "All subjects"
