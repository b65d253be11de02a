"""The three-month response under every definition and scenario, beside the target (D14, R25)."""

from cartend.contract.terms.results import LIMITS
from cartend.display.ard import Group
from cartend.display.cells import n_percent
from cartend.display.compared import LEADING, Entry, arms_of, group_label, leading_cells, sentences
from cartend.display.format import Notes, percent, text, with_interval
from cartend.display.shell import Column, Row, Shell
from cartend.display.words import Heading

STEM = "response_definitions"


def landmark_table(heading: Heading, found: list[Entry]) -> Shell | None:
    """Return one row a definition and population: responders, rate with limits, target."""
    chosen = [e for e in found if getattr(e.definition, "variable", "") == "landmark_response"]
    if not chosen:
        return None
    study, notes = heading.study, Notes()
    columns = list(LEADING)
    for code, label in arms_of(study).items():
        columns += [
            Column(f"n_{code}", "n/N", Group(code), label),
            Column(f"rate_{code}", "rate, % (95% CI)", Group(code), label),
        ]
    columns.append(Column("target", "Target met", Group()))
    rows = [Row(e.definition.label, _cells(heading, e, notes), 0, group_label(e)) for e in chosen]
    said = (
        f"Method: {chosen[0].results.method('proportion')}. Only the primary definition carries a "
        "target; the others are sensitivities.",
        *notes.lines(),
        *sentences(chosen),
        heading.source("ADRSP of every scenario"),
    )
    title = "Response at three months or later under every definition"
    subtitle = (f"Study {study.id}, all scenarios",)
    return Shell(STEM, title, subtitle, tuple(columns), tuple(rows), said)


def _cells(heading: Heading, entry: Entry, notes: Notes) -> dict[str, str]:
    results, cells = entry.results, leading_cells(entry)
    for code in arms_of(heading.study):
        who = Group(code)
        total = results.number(who, "proportion", "N")
        if not total:
            continue
        count = n_percent(results, who, "proportion", notes).partition(" ")[0]
        cells[f"n_{code}"] = f"{count}/{total:.0f}"
        rate = [results.get(who, "proportion", name) for name in LIMITS]
        cells[f"rate_{code}"] = with_interval(*rate, percent, notes)
        met = results.get(who, "target", "met")
        if met is not None:
            p0 = text(results.get(who, "target", "p0"), percent, notes)
            answer = text(met, lambda value: "yes" if value else "no", notes)
            cells["target"] = f"{answer} (p0 = {p0}%)"
    return cells
