"""Every figure of one study and scenario, from its results and curves.

Which figures are drawn is a list of pictures made first (``planned``), so a reader sees in one
place what a scenario shows: each time-to-event endpoint as a whole (or by arm), then by bridging,
then the second population or evaluator, up to a limit.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.display import cif, km, labels, theme
from cartend.display.ard import Ard, Group, Results
from cartend.display.curves import curves_of, read_curves
from cartend.display.format import Notes, interval, p_value, percent, ratio, text, whole
from cartend.display.format import months as in_months
from cartend.display.km import Line
from cartend.display.layout import Words
from cartend.display.words import Heading, ordered, role_of

LIMIT = {"primary": 24}
LIMIT_ELSEWHERE = 4
BRIDGING_ORDER = ("NONE", "ALKYLATOR", "IMID", "OTHER")


@dataclass(frozen=True)
class Picture:
    """One figure to draw: whose results, and by what they are broken down."""

    paramcd: str
    population: str
    evaluator: str
    kind: str

    @property
    def stem(self) -> str:
        """Return the file name without its ending."""
        parts = (self.paramcd, self.population, self.evaluator, self.kind)
        return "_".join(part for part in parts if part)


def draw(
    study: Study,
    definitions: dict[str, Definition],
    scenario: str,
    ard_path: Path,
    curves_path: Path,
    adtte_path: Path,
    adsl_path: Path,
    out_dir: Path,
    formats: Iterable[str],
) -> None:
    """Draw the figures of a scenario into ``out_dir`` with ``index.json``, their list."""
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    ard, curves = Ard.read(ard_path), read_curves(curves_path)
    still_open = open_windows(adtte_path)
    heading = Heading(study, scenario, cutoff_of(study, adsl_path))
    drawn = []
    with theme.styled():
        for picture in planned(study, definitions, curves, scenario):
            words, lines = _content(study, definitions, heading, ard, curves, picture, still_open)
            if lines is None:
                continue
            theme.save(lines, out_dir / picture.stem, list(formats))
            drawn.append(
                {
                    **asdict(picture),
                    "stem": picture.stem,
                    "title": words.title,
                    "subtitle": list(words.subtitle),
                    "notes": list(words.notes),
                }
            )
    index = json.dumps(drawn, indent=1, ensure_ascii=False)
    (out_dir / "index.json").write_text(index + "\n", encoding="utf-8")


def planned(
    study: Study, definitions: dict[str, Definition], curves: pd.DataFrame, scenario: str
) -> list[Picture]:
    """Return the figures of a scenario, the most important first, at most as many as its limit."""
    whole_kind = "arm" if study.design == "randomised" else "overall"
    first, bridging, second = [], [], []
    held = curves[["paramcd", "population", "evaluator"]].drop_duplicates()
    for paramcd in ordered(study, definitions):
        definition = definitions[paramcd]
        rows = held[held["paramcd"] == paramcd]
        if rows.empty or definition.kind == "rate":
            continue
        pairs = sorted(
            zip(rows["population"], rows["evaluator"], strict=True),
            key=lambda pair: _preference(study, definition, *pair),
        )
        first.append(Picture(paramcd, *pairs[0], whole_kind))
        bridging.append(Picture(paramcd, *pairs[0], "bridging"))
        if role_of(study, paramcd).role != "sensitivity":
            second += [Picture(paramcd, *pair, whole_kind) for pair in pairs[1:2]]
    important = [p for p in bridging if role_of(study, p.paramcd).role != "sensitivity"]
    limit = LIMIT.get(scenario, max(LIMIT_ELSEWHERE, len(first) if len(first) <= 6 else 0))
    return (first + important + second)[:limit]


def _preference(study: Study, definition: Definition, population: str, evaluator: str) -> tuple:
    """Sort key: the definition's first population and the study's primary evaluator lead."""
    names = [study.population if p == "study" else p for p in definition.population]
    place = names.index(population) if population in names else len(names)
    return (place, evaluator != study.primary_evaluator, evaluator, population)


def cutoff_of(study: Study, adsl_path: Path) -> str:
    """Return the data cut-off as a date: the study file's, else that of ADSL."""
    if study.cutoff is not None:
        return study.cutoff.isoformat()
    adsl = pd.read_parquet(adsl_path, columns=["CUTDT"])
    latest = adsl["CUTDT"].max()
    return "not stated" if latest is pd.NaT or latest is None else f"{latest:%Y-%m-%d}"


def open_windows(adtte_path: Path) -> dict[tuple[str, str, str], int]:
    """Return how many subjects of each endpoint are left out, their window open at the cut (D31)."""
    frame = pd.read_parquet(adtte_path)
    if "ANL01FL" not in frame:
        return {}
    left_out = frame[frame["ANL01FL"] == "N"]
    keys = zip(left_out["PARAMCD"], left_out["POP"], left_out["EVAL"].fillna(""), strict=True)
    counts: dict[tuple[str, str, str], int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts


def _content(study, definitions, heading, ard, curves, picture, still_open):
    """Return the words and the drawn figure of one picture; no figure where nothing is to draw."""
    definition = definitions[picture.paramcd]
    key = (picture.paramcd, picture.population, picture.evaluator)
    results = ard.of(*key)
    rows = curves[
        (curves["paramcd"] == key[0])
        & (curves["population"] == key[1])
        & (curves["evaluator"] == key[2])
    ]
    notes = Notes()
    axis = f"Months since {heading.origin(definition, picture.population)}"
    make = _incidence if definition.kind == "competing" else _survival
    words = Words(
        definition.label, heading.subtitle(definition, *key[1:], _breakdown(study, picture)), ()
    )
    build = make(study, definition, results, rows, picture, notes)
    if build is None:
        return words, None
    extra = _notes(study, picture, results, still_open.get(key, 0), definition)
    said = (definition.sentence, *extra, *notes.lines(), heading.source("ADTTE, ARD"))
    words = Words(words.title, words.subtitle, said)
    return words, build(words, axis)


def _breakdown(study: Study, picture: Picture) -> str:
    if picture.kind == "bridging":
        code = study.arm_of_role("experimental")
        arm = f" within {study.arms[code].label}" if study.design == "randomised" else ""
        return f"By bridging therapy{arm}, exploratory"
    return "By randomised arm" if picture.kind == "arm" else "All subjects"


def _notes(study, picture, results: Results, still_open: int, definition) -> tuple[str, ...]:
    """Return the footnotes that say what a reader could otherwise misread."""
    said = []
    if picture.kind == "bridging":
        said.append(labels.NOT_COMPARED)
        if study.design == "randomised":
            label = study.arms[study.arm_of_role("control")].label
            said.append(f"{label} is drawn as a reference; bridging is not applicable to it.")
    if still_open:
        said.append(
            f"{still_open} subject{'s' if still_open != 1 else ''} whose landmark window was "
            "still open at the data cut-off are not in this estimate."
        )
    method = results.method("cif" if definition.kind == "competing" else "km")
    limits = "shaded bands are pointwise 95% limits, vertical marks are censored subjects"
    said.append(f"Method: {method or 'as stated in the results'}; {limits}.")
    return tuple(said)


def _groups(study: Study, picture: Picture, rows: pd.DataFrame, kind: str) -> list[tuple]:
    """Return name, pen, group and curves by event of each group, in drawing order."""
    experimental = study.arm_of_role("experimental") if study.design == "randomised" else ""
    if picture.kind == "bridging":
        found = curves_of(rows, kind, "BRIDGE", [experimental])
        levels = [group.level for group, _ in found]
        wanted = [Group(experimental, "BRIDGE", name) for name in BRIDGING_ORDER if name in levels]
        if len(wanted) < 2:
            return []
        drawn = [(labels.level("BRIDGE", who.level), _bridge_pen(who), who) for who in wanted]
        control = study.arm_of_role("control")
        if control:
            found |= curves_of(rows, kind, "", [control])
            drawn.append(
                (f"{study.arms[control].label} (reference)", theme.REFERENCE, Group(control))
            )
    elif picture.kind == "arm":
        found = curves_of(rows, kind, "", list(study.arms))
        drawn = [
            (a.label, theme.pen(i), Group(code)) for i, (code, a) in enumerate(study.arms.items())
        ]
    else:
        found = curves_of(rows, kind, "", [""])
        drawn = [("All subjects", theme.pen(0), Group())]
    return [
        (name, pen, who, {event: curve for (g, event), curve in found.items() if g == who})
        for name, pen, who in drawn
        if any(group == who and len(curve.time) for (group, _), curve in found.items())
    ]


def _bridge_pen(group: Group) -> theme.Pen:
    return theme.pen(BRIDGING_ORDER.index(group.level))


def _survival(study, definition, results, rows, picture, notes):
    lines = []
    for name, pen, who, curves in _groups(study, picture, rows, "km"):
        curve = next(iter(curves.values()))
        lines.append(Line(name, pen, curve, _survival_cells(study, results, who, notes)))
    if not lines:
        return None
    remarks = (
        comparison_remarks(study, picture.paramcd, results, notes) if picture.kind == "arm" else ()
    )
    return lambda words, axis: km.draw_km(words, lines, study.months, axis, remarks)


def _survival_cells(study: Study, results: Results, who: Group, notes: Notes) -> tuple[str, ...]:
    def form(days: float) -> str:
        return in_months(days, study.months)

    total = text(results.get(who, "km", "N"), whole, notes)
    events = text(results.get(who, "km", "events"), whole, notes)
    median, lower, upper = (
        results.get(who, "km_quantile", name, prob=0.5) for name in ("estimate", "lower", "upper")
    )
    cell = f"{text(median, form, notes)} {interval(lower, upper, form, notes)}".strip()
    return (total, events, cell)


def comparison_remarks(
    study: Study, paramcd: str, results: Results, notes: Notes
) -> tuple[str, ...]:
    """Return the hazard ratio and the test in one line, where the results compare the arms."""
    who = results.comparison
    if who is None:
        return ()
    stratified = results.get(who, "stratified_cox", "estimate") is not None
    model = "stratified_cox" if stratified else "cox"
    test = "stratified_logrank" if stratified else "logrank"
    estimate, lower, upper = (results.get(who, model, s) for s in ("estimate", "lower", "upper"))
    if estimate is None:
        return ()
    line = f"Hazard ratio, {labels.arm(study, who.arm)}: {text(estimate, ratio, notes)}"
    line += f" (95% CI {interval(lower, upper, ratio, notes)[1:-1]})"
    p = results.get(who, test, "p_value")
    line += f"; log-rank p = {text(p, p_value, notes)}".replace("= <", "< ") if p else ""
    alpha = role_of(study, paramcd).alpha
    line += ", stratified" if stratified else ", unstratified"
    line += f"; alpha {alpha:g}" if alpha is not None else "; nominal, no alpha assigned"
    return (line,)


def _incidence(study, definition, results, rows, picture, notes):
    groups = _groups(study, picture, rows, "cif")
    if not groups:
        return None
    states = {str(state): name for state, name in definition.states.items()}
    held = [state for state in states if any(state in curves for *_, curves in groups)]
    day = _shown_day(study, results, groups[0][2])
    at = "" if day is None else f"At {in_months(day, study.months)} months, % (95% CI)"
    header = ("", "N", "Events", at)

    def line(name, pen, who, curves, state):
        return Line(name, pen, curves[state], _incidence_cells(results, who, state, day, notes))

    if len(groups) == 1:
        _, _, who, curves = groups[0]
        lines = [line(states[s], theme.pen(place), who, curves, s) for place, s in enumerate(held)]
        panels = {"": lines}
    else:
        panels = {
            states[s][:1].upper() + states[s][1:]: [
                line(name, pen, who, curves, s) for name, pen, who, curves in groups if s in curves
            ]
            for s in held
        }
    return lambda words, axis: cif.draw_cif(words, panels, study.months, axis, header)


def _shown_day(study: Study, results: Results, who: Group) -> float | None:
    """Return the reported time that the key shows: the last one up to a year, else the first."""
    times = results.times(who, "cif")
    return max((t for t in times if t <= 366), default=times[0] if times else None)


def _incidence_cells(results, who, state, day, notes) -> tuple[str, ...]:
    total = results.get(who, "cif", "N") or _count_total(results, who)
    events = text(results.get(who, "count", "n", event=f"STATE {state}"), whole, notes)
    cells = [text(total, whole, notes), events]
    if day is not None:
        estimate, lower, upper = (
            results.get(who, "cif", name, event=state, time=day)
            for name in ("estimate", "lower", "upper")
        )
        limits = interval(lower, upper, percent, notes)
        cells.append(f"{text(estimate, percent, notes)} {limits}".strip())
    return tuple(cells)


def _count_total(results: Results, who: Group):
    events = results.events(who, "count")
    return results.get(who, "count", "N", event=events[0]) if events else None
