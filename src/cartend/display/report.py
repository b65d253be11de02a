"""The one page of a study: self-contained HTML with every table, figure, check and subject.

Nothing is fetched when the page is opened: styles are inline, figures are data URIs. The page is
made from files that earlier steps wrote, and two runs give the same bytes.
"""

import csv
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cartend.admission.page import part_of_report
from cartend.config.criteria import Criteria
from cartend.config.definition import Definition
from cartend.config.roles import LEADING
from cartend.config.study import Study
from cartend.contract.terms.general import PURPOSE
from cartend.contract.terms.page import TABLE_KIND
from cartend.display import audit, labels
from cartend.display.definitions import attributes, rules
from cartend.display.headline import headline_rows
from cartend.display.inline import figure_source, inline_svg
from cartend.display.subjects import SubjectText
from cartend.display.words import Heading, cutoff_of, ordered, role_of
from cartend.endpoint.needs import why_not_derivable


@dataclass(frozen=True)
class Block:
    """What the report shows of one endpoint in one scenario."""

    anchor: str
    title: str
    role: str
    said: dict[str, str]
    figures: list[dict]
    tables: list[dict]
    audit: list[audit.Listing]


def write_report(
    study: Study,
    criteria: Criteria,
    scenarios: Mapping[str, object],
    results_dir: Path,
    out_html: Path,
    subjects: Sequence[SubjectText] = (),
) -> None:
    """Write the report of a study over all scenarios, with what it shows of each subject."""
    results_dir = Path(results_dir)
    cutoff = cutoff_of(study, results_dir / "adam" / "adsl.parquet")
    environment = Environment(
        loader=PackageLoader("cartend.display", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = [
        scenario_part(Heading(study, name, cutoff), scenario, results_dir / name)
        for name, scenario in scenarios.items()
    ]
    page = environment.get_template("report.html.j2").render(
        study=study,
        criteria=criteria,
        cutoff=cutoff,
        primary=scenarios.get("primary"),
        headline=headline_rows(study, scenarios, results_dir),
        disposition=fragment_of(results_dir / "primary" / "tables", "disposition"),
        flow=figure_source(results_dir / "primary" / "figures", "flow"),
        subgroups=figure_source(results_dir / "primary" / "figures", "subgroups"),
        safety=safety_part(results_dir / "primary" / "tables"),
        admission=part_of_report(results_dir / "admission"),
        accepted=read_csv(results_dir / "admission" / "accepted.csv"),
        purpose=PURPOSE.label(study.purpose),
        scenarios=parts,
        comparison=comparison_part(results_dir / "compare"),
        linked=lambda table: linked(table, {s.usubjid: s.anchor for s in subjects}),
        not_compared=labels.NOT_COMPARED,
        evaluator=labels.evaluator(study.primary_evaluator),
        course=course_part(results_dir / "primary" / "figures"),
        subjects=subjects,
        leading=[name for name in study.endpoints if role_of(study, name).role in LEADING],
        explained={subject.usubjid: subject.anchor for subject in subjects},
        checks=read_csv(results_dir / "checks.csv"),
    )
    Path(out_html).write_text(page, encoding="utf-8")


def course_part(folder: Path) -> list[dict]:
    """Return the pages of the swimmer plot: inline with their links, or as images from PNG."""
    pages = []
    for entry in listed(folder):
        if entry["kind"] == "subjects":
            svg = folder / f"{entry['stem']}.svg"
            label = f"{entry['title']}, {'; '.join(entry['subtitle'])}"
            drawn = inline_svg(svg, f"{anchor(entry['stem'])}-", label) if svg.exists() else ""
            source = "" if drawn else figure_source(folder, entry["stem"])
            pages.append({**entry, "label": label, "svg": drawn, "source": source})
    return pages


def scenario_part(heading: Heading, scenario: object, folder: Path) -> dict:
    """Return what the report shows of one scenario: endpoints, general tables, audit listings."""
    definitions: dict[str, Definition] = {} if scenario.grid else scenario.definitions
    tables, figures = listed(folder / "tables"), listed(folder / "figures")
    trail = list(audit.listings(heading.study, definitions, folder))
    blocks = [
        block_of(heading, definitions[name], folder, tables, figures, trail)
        for name in ordered(heading.study, definitions)
        if definitions[name].kind != "rate"
    ]
    rates = [t for t in tables if t.get("kind") in TABLE_KIND.group("rates")]
    return {
        "name": heading.scenario,
        "describe": scenario.describe,
        "blocks": blocks,
        "grid": grid_of(scenario),
        "left_out": listed(folder / "figures", "left_out"),
        "rates": opened(folder / "tables", rates),
        "rate_definitions": [
            (name, definitions[name].label, said_of(heading, definitions[name]))
            for name in ordered(heading.study, definitions)
            if definitions[name].kind == "rate"
        ],
        "absent": absent_of(definitions, {listing.paramcd for listing in trail}),
        "agreement": fragment_of(folder / "tables", "agreement"),
        "questions": questions_of(folder, tables, figures),
        "audit": [t for t in trail if definitions[t.paramcd].kind == "rate"],
        "anchor": anchor(heading.scenario),
    }


def safety_part(folder: Path) -> list[dict]:
    """Return the safety tables, the first ones open, and the listings."""
    return [
        {**entry, "html": fragment_of(folder, entry["stem"]), "open": entry["kind"] == "safety"}
        for entry in listed(folder)
        if entry.get("kind") in TABLE_KIND.group("of_safety")
    ]


def questions_of(folder: Path, tables: list[dict], figures: list[dict]) -> list[dict]:
    """Return the questions of the whole trial: each with its table and its figures."""
    return [
        {
            "anchor": f"question-{anchor(entry['question'])}",
            "title": entry["title"],
            "table": fragment_of(folder / "tables", entry["stem"]),
            "figures": [
                {**figure, "source": figure_source(folder / "figures", figure["stem"])}
                for figure in figures
                if figure["paramcd"] == entry["question"]
            ],
        }
        for entry in tables
        if entry.get("kind") == "question"
    ]


def grid_of(scenario: object) -> list[tuple[str, str, str]]:
    """Return PARAMCD, label and sentence of every definition of a grid, else nothing.

    Their results stand side by side, in the comparison of definitions.
    """
    found = scenario.definitions if scenario.grid else {}
    return [(name, definition.label, definition.sentence) for name, definition in found.items()]


def absent_of(definitions: dict[str, Definition], held: set[str]) -> list[tuple[str, str]]:
    """Return the endpoints without any subject, by name, with the reason."""
    return [
        (name, why_not_derivable(definition, has_mrd=False) or "no subject is in its population")
        for name, definition in definitions.items()
        if name not in held
    ]


def block_of(
    heading: Heading,
    definition: Definition,
    folder: Path,
    tables: list[dict],
    figures: list[dict],
    trail: list[audit.Listing],
) -> Block:
    """Return one endpoint: definition, figures, tables (the primary ones open), audit trail."""
    name = definition.id
    role = role_of(heading.study, name)
    own = [
        {**entry, "source": figure_source(folder / "figures", entry["stem"])}
        for entry in figures
        if entry["paramcd"] == name
    ]
    alpha = f", alpha {role.alpha:g}" if role.alpha is not None else ""
    return Block(
        anchor=f"{heading.scenario}-{name}",
        title=definition.label,
        role=f"{role.role}{alpha}",
        said=said_of(heading, definition),
        figures=[entry for entry in own if entry["source"]],
        tables=opened(folder / "tables", [t for t in tables if t.get("paramcd") == name]),
        audit=[listing for listing in trail if listing.paramcd == name],
    )


def said_of(heading: Heading, definition: Definition) -> dict[str, str]:
    """Return the definition in words: the attributes of the estimand and its rules."""
    return attributes(heading, definition) | rules(definition)


def opened(folder: Path, entries: list[dict]) -> list[dict]:
    """Return tables with their HTML; those of the first evaluator are shown open.

    So every population stands beside the other, as LA beside INF (D15).
    """
    first = entries[0].get("evaluator", "") if entries else ""
    return [
        {
            **entry,
            "html": fragment_of(folder, entry["stem"]),
            "open": entry.get("evaluator", "") == first,
        }
        for entry in entries
    ]


def listed(folder: Path, name: str = "index") -> list[dict]:
    """Return the list that a step wrote beside its files, empty where there is none."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def anchor(name: str) -> str:
    """Return an identifier made of a name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def fragment_of(folder: Path, stem: str) -> Markup:
    """Return a table's HTML without its own style sheet, or made from its CSV; else nothing.

    Every fragment carries the same 8 kB of styles, which the page states once.
    """
    page, text = folder / f"{stem}.html", folder / f"{stem}.csv"
    if page.exists():
        content = page.read_text(encoding="utf-8")
        content = re.sub(r"<style>.*?</style>", "", content, flags=re.S)
        return Markup(_unique(_light(content), f"{anchor(folder.parent.name)}-"))
    return _from_csv(text) if text.exists() else Markup("")


def _light(content: str) -> str:
    """Leave out which cell is under which heading: it is said by the scope of every heading.

    Both are in the file; in the page the lists of headings would be a tenth of it.
    """
    content = re.sub(r' headers="[^"]*"', "", content)
    content = re.sub(r'(<t[hd][^>]*) id="[^"]*"', r"\1", content)
    return re.sub(r"\n\s+", "\n", content)


def _unique(content: str, prefix: str) -> str:
    """Give the identifiers of a table a prefix, since two scenarios have tables of one name."""
    content = content.replace('id="t-', f'id="{prefix}t-')

    def renamed(match: re.Match) -> str:
        words = [f"{prefix}{word}" if word.startswith("t-") else word for word in match[2].split()]
        return f'{match[1]}="{" ".join(words)}"'

    return re.sub(r'(headers|aria-labelledby|aria-describedby)="([^"]*)"', renamed, content)


def _from_csv(path: Path) -> Markup:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    body = [row for row in rows[1:] if row[0] != "#"]
    notes = [row[1] for row in rows[1:] if row[0] == "#"]
    head = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in rows[0])
    lines = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in body]
    table = "".join(f"<tr>{line}</tr>" for line in lines)
    ended = "".join(f"<p class='note'>{html.escape(note)}</p>" for note in notes)
    return Markup(f"<table class='gt_table'><tr>{head}</tr>{table}</table>{ended}")


def comparison_part(folder: Path) -> list[dict]:
    """Return the comparisons of definitions: each with its table and, where drawn, its figure."""
    return [
        {
            "title": entry["title"],
            "subtitle": entry["subtitle"],
            "kind": entry.get("kind", ""),
            "scenario": entry.get("scenario", ""),
            "table": fragment_of(folder, entry["stem"]),
            "figure": figure_source(folder, entry["stem"]),
        }
        for entry in listed(folder)
    ]


def linked(table: Markup, explained: Mapping[str, str]) -> Markup:
    """Return a table whose row headings lead to the subjects they name, where they name one."""

    def with_link(heading: re.Match) -> str:
        name = html.unescape(heading[2])
        found = explained.get(name)
        return f'{heading[1]}<a href="#{found}">{heading[2]}</a></th>' if found else heading[0]

    return Markup(re.sub(r'(<th[^>]* scope="row"[^>]*>)([^<]+)</th>', with_link, table))


def read_csv(path: Path) -> list[dict]:
    """Return the rows of a CSV file as text, none where it is absent."""
    if not path.exists():
        return []
    return pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")
