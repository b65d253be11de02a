"""Eligibility: every criterion with its verdicts and its agreement with the case report form."""

import pandas as pd

from cartend.analysis.questions.entry import Entry
from cartend.config.eligibility import Eligibility
from cartend.config.study import Study
from cartend.contract.terms.estimand import VERDICT
from cartend.display.ard import Group, Results
from cartend.display.cells import n_percent, single
from cartend.display.format import Notes, fixed
from cartend.display.questions import sentences
from cartend.display.shell import Column, Row, Shell, assert_total
from cartend.display.words import Heading

AGREED, KAPPA = "agreed", "kappa"


def eligibility_table(
    heading: Heading,
    entry: Entry,
    results: Results,
    adelig: pd.DataFrame,
    rules: Eligibility | None,
) -> Shell:
    """Return n (%) by criterion and verdict over all subjects, then those met by arm."""
    notes, study = Notes(), heading.study
    columns = _columns(study, results)
    known = adelig.drop_duplicates("CRITID").set_index("CRITID") if len(adelig) else adelig
    rows = []
    for by, level in dict.fromkeys((g.by, g.level) for g in sorted(results.groups)):
        rows.append(_row(results, columns, (by, level), known, notes))
    population = "randomised" if study.design == "randomised" else "leukapheresed"
    subtitle = (f"All {population} subjects; {entry.requirement}; scenario {heading.scenario}",)
    open_points = [f"Open point: {point}." for point in (rules.uncertain if rules else ())]
    counted = [f"Lines of therapy: {rules.counting.sentence}"] if rules else []
    source = [f"Rules: {rules.id}; {rules.source}."] if rules else []
    footnotes = (
        *sentences(heading, entry, results),
        *counted,
        *open_points,
        *source,
        *notes.lines(),
    )
    footnotes = (*footnotes, heading.source(entry.source))
    about = {"kind": "question", "question": entry.name}
    stem = f"question_{entry.name}"
    return Shell(stem, entry.title, subtitle, columns, tuple(rows), footnotes, about=about)


def _columns(study: Study, results: Results) -> tuple[Column, ...]:
    whole = [Column(code, text, Group(), "All subjects") for code, text in VERDICT.labels.items()]
    crf = "Case report form"
    whole += [Column(AGREED, "Agreement", Group(), crf), Column(KAPPA, "kappa", Group(), crf)]
    arms = {group.arm for group in results.groups} - {""}
    arms = [code for code in study.arms if code in arms]
    return (
        *whole,
        *(Column(f"met_{c}", study.arms[c].label, Group(c), "Met, by arm") for c in arms),
    )


def _row(
    results: Results,
    columns: tuple[Column, ...],
    where: tuple[str, str],
    said: pd.DataFrame,
    notes: Notes,
) -> Row:
    name = where[1].partition(" ")[2]
    cells, everybody = {}, Group("", *where)
    if not results.events(everybody, "count"):
        note = results.get(everybody, "note", "estimate")
        return Row("No result", {"MET": notes.ne(note.note if note else "")})
    counts = {v: results.number(everybody, "count", "n", event=v) or 0 for v in VERDICT}
    total = results.number(everybody, "count", "N", event="MET") or 0
    assert_total(f"eligibility, {name}", columns[0], counts, total)
    for column in columns:
        who = Group(column.who.arm, *where)
        if column.id == AGREED:
            cells[column.id] = n_percent(results, who, "agreement", notes)
        elif column.id == KAPPA:
            kappa = (results, who, "agreement", "kappa", lambda value: fixed(value, 3), notes)
            cells[column.id] = single(*kappa)
        else:
            verdict = "MET" if column.id.startswith("met_") else column.id
            cells[column.id] = n_percent(results, who, "count", notes, event=verdict)
    return Row(_label(name, said), cells, _indent(name, said))


def _label(name: str, said: pd.DataFrame) -> str:
    if name not in said.index:
        return name
    row = said.loc[name]
    lines = f" [{row['GUIDE']}]" if row["GUIDE"] else ""
    role = " (reported)" if row["ROLE"] == "reported" else ""
    return f"{row['LABEL']}{role}{lines}, {name}"


def _indent(name: str, said: pd.DataFrame) -> int:
    return max(int(said.loc[name, "DEPTH"]) - 1, 0) if name in said.index else 0
