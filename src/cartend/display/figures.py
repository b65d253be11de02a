"""Every figure of one study and scenario, from its results and curves.

Which figures are drawn is a list made first (``planned``), so a reader sees in one place what a
scenario shows: each time-to-event endpoint as a whole (or by arm), then by bridging, then its
other populations and evaluators, the important ones first, as many as the budget of the
configuration allows. What it leaves out is listed, never silently.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from cartend.analysis.plan import intended_arms
from cartend.config.definition import Definition
from cartend.config.run import Budget
from cartend.config.study import Study
from cartend.contract.terms.page import FIGURE_KIND
from cartend.display import theme
from cartend.display.ard import Ard
from cartend.display.curves import read_curves
from cartend.display.flow_diagram import draw_flow
from cartend.display.format import Notes
from cartend.display.lanes import Records
from cartend.display.layout import Words
from cartend.display.picture import Frame, Picture, draw_incidence, draw_survival
from cartend.display.question_figures import question_figures
from cartend.display.subgroup_forest import draw_subgroups
from cartend.display.swimmer import draw_page, swimmer
from cartend.display.washout import washout_figure
from cartend.display.words import Heading, cutoff_of, ordered, preference, role_of


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
    records: Records | None = None,
    budget: Budget | None = None,
) -> None:
    """Draw the figures of a scenario into ``out_dir`` with ``index.json``, their list.

    ``left_out.json`` names the figures that the budget leaves out, and the key that draws them.
    Numbers come from the results, steps from the curves; ``records`` are given where the course of
    each subject is to be drawn. ``adtte_path`` is read with them alone.
    """
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    ard, curves = Ard.read(ard_path), read_curves(curves_path)
    heading = Heading(study, scenario, cutoff_of(study, adsl_path))
    parts = dict(tuple(curves.groupby(["paramcd", "population", "evaluator"], sort=False)))
    budget, drawn = budget or Budget(), []
    pictures = planned(study, definitions, list(parts), budget)
    most = budget.primary if scenario == "primary" else budget.others
    with theme.styled():
        for picture in pictures[:most]:
            definition = definitions[picture.paramcd]
            results = ard.of(*picture.key)
            frame = Frame(study, definition, heading, results, parts[picture.key], Notes())
            figure, words = _drawn(frame, picture)
            if figure is None:
                continue
            theme.save(figure, out_dir / picture.stem, list(formats))
            drawn.append(_entry(picture, words))
        drawn += draw_questions(heading, ard, curves, out_dir, list(formats))
        if scenario == "primary":
            drawn += _draw_participants(heading, ard, out_dir, list(formats))
        if records is not None:
            drawn += draw_subjects(heading, records, out_dir, list(formats))
            adbrdg = Path(adsl_path).parent / "adbrdg.parquet"
            drawn += draw_washout(heading, adbrdg, out_dir, list(formats))
    by_role = [
        name
        for name in ordered(study, definitions)
        if role_of(study, name).role not in budget.bridging
        and name in {paramcd for paramcd, _, _ in parts}
    ]
    missing = left_out(pictures[most:], by_role, scenario)
    for name, content in (("index", drawn), ("left_out", missing)):
        text = json.dumps(content, indent=1, ensure_ascii=False)
        (out_dir / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def draw_questions(
    heading: Heading, ard: Ard, curves: pd.DataFrame, out_dir: Path, formats: list[str]
) -> list[dict]:
    """Draw the figures of the questions and return what the report needs to know of each."""
    entries = []
    for name, stem, figure, words in question_figures(heading, ard, curves):
        theme.save(figure, out_dir / stem, formats)
        place = {"stem": stem, "paramcd": name, "population": "", "evaluator": ""}
        said = {"title": words.title, "subtitle": list(words.subtitle)}
        entries.append({**place, "kind": "question", **said})
    return entries


def _draw_participants(heading: Heading, ard: Ard, out_dir: Path, formats: list[str]) -> list[dict]:
    """Draw the flow of subjects and the subgroups; return the entries of those drawn."""
    entries = []
    for stem, draw_one in (("flow", draw_flow), ("subgroups", draw_subgroups)):
        figure, words = draw_one(heading, ard)
        if figure is not None:
            theme.save(figure, out_dir / stem, formats)
            entries.append(_entry(Picture("", "", "", stem), words))
    return entries


def draw_subjects(
    heading: Heading, records: Records, out_dir: Path, formats: list[str]
) -> list[dict]:
    """Draw the swimmer plot in its pages and return what the report needs to know of each."""
    whole, entries = swimmer(heading, records), []
    for number, page in enumerate(whole.pages, 1):
        figure, words = draw_page(whole, page, records.criteria)
        stem = f"subjects_{number}"
        theme.save(figure, out_dir / stem, formats)
        place = {"stem": stem, "paramcd": "", "population": "", "evaluator": ""}
        said = {"title": words.title, "subtitle": list(words.subtitle)}
        entries.append({**place, "kind": "subjects", **said})
    return entries


def draw_washout(
    heading: Heading, adbrdg_path: Path, out_dir: Path, formats: list[str]
) -> list[dict]:
    """Draw the washout of every therapy before the product, where the study has records of it."""
    if not adbrdg_path.exists():
        return []
    figure, words = washout_figure(heading, pd.read_parquet(adbrdg_path))
    if figure is None or words is None:
        return []
    theme.save(figure, out_dir / "washout", formats)
    place = {"stem": "washout", "paramcd": "bridging", "population": "LA", "evaluator": ""}
    return [{**place, "kind": "washout", "title": words.title, "subtitle": list(words.subtitle)}]


def _drawn(frame: Frame, picture: Picture) -> tuple[Figure | None, Words | None]:
    """Return the figure with its words, or nothing where the results hold nothing to draw."""
    competing = frame.definition.kind == "competing"
    return (draw_incidence if competing else draw_survival)(frame, picture)


def _entry(picture: Picture, words: Words) -> dict:
    """Return what the report needs to know of a figure."""
    return {
        "stem": picture.stem,
        "paramcd": picture.paramcd,
        "population": picture.population,
        "evaluator": picture.evaluator,
        "kind": picture.kind,
        "title": words.title,
        "subtitle": list(words.subtitle),
    }


def planned(
    study: Study,
    definitions: dict[str, Definition],
    held: list[tuple[str, str, str]],
    budget: Budget,
) -> list[Picture]:
    """Return every figure that may be drawn, the most important first.

    1. Each endpoint in its first population and evaluator, by role. 2. The same by bridging, of
    the roles that the budget names. 3. Of these roles every further population and evaluator, one
    endpoint after the other, the second ones first. 4. The same of the other roles.

    ``held`` are the endpoints, populations and evaluators that have curves.
    """
    whole = "arm" if study.design == "randomised" else "overall"
    first, bridging, further, rest = [], [], [], []
    for paramcd in ordered(study, definitions):
        pairs = [key[1:] for key in held if key[0] == paramcd]
        pairs.sort(key=lambda pair: preference(study, definitions[paramcd], *pair))
        if not pairs:
            continue
        first.append(Picture(paramcd, *pairs[0], whole))
        chosen = role_of(study, paramcd).role in budget.bridging
        if chosen:
            arms = intended_arms(study)
            several = len(arms) > 1
            bridging += [Picture(paramcd, *pairs[0], "bridging", arm, several) for arm in arms]
        more = further if chosen else rest
        more += [(place, Picture(paramcd, *pair, whole)) for place, pair in enumerate(pairs[1:])]
    ranked = [
        picture for part in (further, rest) for _, picture in sorted(part, key=lambda one: one[0])
    ]
    return first + bridging + ranked


def left_out(
    pictures: list[Picture], by_role: Iterable[str], scenario: str
) -> list[dict[str, str]]:
    """Return the figures that the budget leaves out, each with the key that draws it.

    ``by_role`` are the endpoints that are not drawn by bridging because of their role.
    """
    key = "primary" if scenario == "primary" else "others"
    found = [
        {
            "paramcd": picture.paramcd,
            "figure": _said(picture),
            "key": f"formats.budget.{key}",
        }
        for picture in pictures
    ]
    return found + [
        {
            "paramcd": paramcd,
            "figure": f"{paramcd}, {FIGURE_KIND.label('bridging')}",
            "key": "formats.budget.bridging",
        }
        for paramcd in by_role
    ]


def _said(picture: Picture) -> str:
    where = ", ".join(part for part in (picture.population, picture.evaluator) if part)
    arm = f", {picture.arm}" if picture.named else ""
    return f"{picture.paramcd}, {where}, {FIGURE_KIND.label(picture.kind)}{arm}"
