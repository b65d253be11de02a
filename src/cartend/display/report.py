"""One self-contained page a study: what was asked, of whom, what came out, and by which rule.

The page embeds the tables and figures that other steps wrote, and prints ADTTE row by row with
the rule of each subject. It refers to nothing outside itself and is the same bytes on every run.
"""

import base64
import csv
import html
import json
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from cartend.config.criteria import Criteria
from cartend.config.definition import Definition, TimeToEvent
from cartend.config.load import ScenarioSpec
from cartend.config.study import Study
from cartend.display import labels
from cartend.display.words import ordered, role_of

MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
AUDIT_COLUMNS = ("USUBJID", "ARMCD", "BRIDGE", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC")


def write_report(
    study: Study,
    criteria: Criteria,
    scenarios: dict[str, ScenarioSpec],
    results_dir: Path,
    out_html: Path,
) -> None:
    """Write ``report.html`` of a study from its results folder.

    Parameters
    ----------
    study, criteria
        The resolved study and its response criteria.
    scenarios
        The study's scenarios by name, ``primary`` first.
    results_dir
        ``results/<study>`` with the files of every earlier step.
    out_html
        The page to write.
    """
    results_dir = Path(results_dir)
    environment = Environment(
        loader=PackageLoader("cartend.display"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html.j2").render(
        study=study,
        criteria=criteria,
        cutoff=_cutoff(study, results_dir),
        scenarios=[_scenario(study, spec, results_dir) for spec in scenarios.values()],
        compare=_compare(results_dir / "compare"),
        findings=_findings(results_dir / "findings.csv"),
        checks=_rows(results_dir / "checks.csv"),
        not_compared=labels.NOT_COMPARED,
    )
    Path(out_html).write_text(page, encoding="utf-8", newline="\n")


def _cutoff(study: Study, results_dir: Path) -> str:
    if study.cutoff is not None:
        return study.cutoff.isoformat()
    adsl = pd.read_parquet(results_dir / "adam" / "adsl.parquet", columns=["CUTDT"])
    return str(adsl["CUTDT"].max())[:10]


def _scenario(study: Study, spec: ScenarioSpec, results_dir: Path) -> dict:
    """Return what the page prints of one scenario."""
    folder = results_dir / spec.name
    names = ordered(study, spec.definitions)
    tables, figures = _tables(folder / "tables"), _figures(folder / "figures")
    audit = _audit(study, spec, folder)
    endpoints = [
        {
            "definition": spec.definitions[name],
            "role": role_of(study, name),
            "rules": _rules(spec.definitions[name]),
            "tables": _of_endpoint(tables, name, names),
            "figures": [figure for figure in figures if figure["paramcd"] == name],
            "audit": audit.get(name, []),
        }
        for name in names
    ]
    used = {table["stem"] for endpoint in endpoints for table in endpoint["tables"]}
    return {
        "name": spec.name,
        "describe": spec.describe,
        "endpoints": endpoints,
        "general": [table for table in tables if table["stem"] not in used],
    }


def _rules(definition: Definition) -> list[tuple[str, str]]:
    """Return every rule of a definition with its id and its sentence."""
    if not isinstance(definition, TimeToEvent):
        return []
    rules = [(f"{definition.id}.{n}", e.sentence) for n, e in definition.events.items()]
    rules += [(n, i.sentence) for n, i in definition.intercurrent_events.items()]
    return rules + [
        (f"{definition.id}.{n}", c.sentence or c.type.replace("_", " "))
        for n, c in definition.censoring.items()
    ]


def _tables(folder: Path) -> list[dict]:
    """Return the HTML tables of a folder, in the order of its index or by name."""
    index = folder / "index.json"
    if index.is_file():
        known = json.loads(index.read_text(encoding="utf-8"))
        stems = [entry["stem"] if isinstance(entry, dict) else entry for entry in known]
    else:
        stems = sorted(path.stem for path in folder.glob("*.html"))
    return [
        {"stem": stem, "html": Markup((folder / f"{stem}.html").read_text(encoding="utf-8"))}
        for stem in stems
        if (folder / f"{stem}.html").is_file()
    ]


def _of_endpoint(tables: list[dict], name: str, names: list[str]) -> list[dict]:
    """Return the tables whose file name begins with this endpoint and no longer one."""
    longer = [n for n in names if n != name and n.startswith(f"{name}_")]

    def mine(stem: str) -> bool:
        begins = stem == name or stem.startswith(f"{name}_")
        return begins and not any(stem == n or stem.startswith(f"{n}_") for n in longer)

    return [table for table in tables if mine(table["stem"])]


def _figures(folder: Path) -> list[dict]:
    """Return the figures of a folder as data addresses, with their title as the alternative."""
    index = folder / "index.json"
    known = json.loads(index.read_text(encoding="utf-8")) if index.is_file() else []
    return [
        {**entry, "source": source}
        for entry in known
        if (source := _embedded(folder / entry["stem"])) is not None
    ]


def _embedded(stem: Path) -> str | None:
    for kind, media in MEDIA.items():
        path = stem.with_name(f"{stem.name}.{kind}")
        if path.is_file():
            return f"data:{media};base64,{base64.b64encode(path.read_bytes()).decode()}"
    return None


def _compare(folder: Path) -> dict:
    return {
        "tables": _tables(folder),
        "figures": [
            {"title": "Survival under every definition", "source": source}
            for stem in sorted({path.with_suffix("") for path in folder.glob("*.svg")})
            if (source := _embedded(stem)) is not None
        ],
    }


def _rows(path: Path) -> dict:
    """Return header and rows of a CSV file as text."""
    if not path.is_file():
        return {"header": [], "rows": []}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return {"header": rows[0] if rows else [], "rows": rows[1:]}


def _findings(path: Path) -> dict:
    """Return the findings with their count by id."""
    listing = _rows(path)
    counts: dict[tuple[str, str], int] = {}
    for row in listing["rows"]:
        counts[row[0], row[1]] = counts.get((row[0], row[1]), 0) + 1
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(counts.items(), key=lambda item: (order.get(item[0][1], 3), item[0][0]))
    return {**listing, "counts": [(*key, count) for key, count in ranked]}


def _audit(study: Study, spec: ScenarioSpec, folder: Path) -> dict[str, list[dict]]:
    """Return per endpoint the rows of the primary evaluator and population, each with its rule."""
    adtte = pd.read_parquet(folder / "adtte.parquet")
    if adtte.empty:
        return {}
    listings = {}
    for name, rows in adtte.groupby("PARAMCD", sort=False):
        definition = spec.definitions.get(str(name))
        if definition is None:
            continue
        sentences = dict(_rules(definition))
        population = rows["POP"].iloc[0]
        evaluators = rows["EVAL"].unique()
        evaluator = study.primary_evaluator
        evaluator = evaluator if evaluator in evaluators else evaluators[0]
        chosen = rows[(rows["POP"] == population) & (rows["EVAL"] == evaluator)]
        listings[str(name)] = {
            "population": population,
            "evaluator": evaluator,
            "html": _audit_table(chosen, sentences),
        }
    return listings


def _audit_table(rows: pd.DataFrame, sentences: dict[str, str]) -> Markup:
    """Return the listing as HTML: one row a subject, source record and rule included."""
    header = [*AUDIT_COLUMNS, "Source record", "Rule"]
    head = "".join(f"<th scope='col'>{html.escape(name)}</th>" for name in header)
    body = []
    text = {name: rows[name].astype(str).to_numpy() for name in AUDIT_COLUMNS}
    for name in ("STARTDT", "ADT"):
        text[name] = rows[name].dt.strftime("%Y-%m-%d").fillna("").to_numpy()
    source = rows["SRCDOM"] + "." + rows["SRCVAR"] + " " + rows["SRCSEQ"].astype(str)
    rules = rows["RULEID"].astype(str)
    titles = rules.map(lambda rule: _sentence_of(rule, sentences))
    for cells in zip(*text.values(), source, rules, titles, strict=True):
        *plain, rule, title = cells
        tds = "".join(f"<td>{html.escape(cell)}</td>" for cell in plain)
        body.append(
            f"<tr>{tds}<td title='{html.escape(title, quote=True)}'>{html.escape(rule)}</td></tr>"
        )
    rows_html = "".join(body)
    return Markup(
        f"<table class='listing'><thead><tr>{head}</tr></thead><tbody>{rows_html}</tbody></table>"
    )


def _sentence_of(rule: str, sentences: dict[str, str]) -> str:
    """Return the sentence of a rule id, or of the rule it is part of (``EFS.PD.CARRIED``)."""
    while rule:
        if rule in sentences:
            return sentences[rule]
        rule = rule.rpartition(".")[0]
    return ""
