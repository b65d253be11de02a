"""One table for each question a regulator asks of the whole trial, in the order it was answered.

In the results ``by`` is the section and ``level`` the line, each with its number in front; arms
are the columns, then what compares them, its p-value, and the method beside each number.
"""

from collections.abc import Callable, Iterator, Mapping

from cartend.analysis.plan import comparisons
from cartend.analysis.questions.catalog import CATALOG
from cartend.analysis.questions.entry import Entry
from cartend.config.study import Study
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.results import analysis_of
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results, Value
from cartend.display.format import Notes, fixed, months, p_value, percent, ratio, share, text, whole
from cartend.display.format import with_interval as limited
from cartend.display.shell import Column, Row, Shell
from cartend.display.words import Heading

COMPARED = "compared"
P = "p"
METHOD = "method"
NO_YES = tuple(label.lower() for label in reversed(YES_NO.labels.values()))
SAID = {"warning": ("not raised", "RAISED"), "claim": NO_YES}
EXPLORATORY = "Exploratory: no hypothesis was stated beforehand"


Made = Callable[[Entry, Results], Shell]


def question_tables(
    heading: Heading, ard: Ard, own: Mapping[str, Made] | None = None
) -> Iterator[Shell]:
    """Yield the table of every question that the results answer; ``own`` makes some themselves."""
    for entry in CATALOG.values():
        for key in ard.keys:
            if key[0] == entry.name and own and entry.name in own:
                yield own[entry.name](entry, ard.of(*key))
            elif key[0] == entry.name:
                yield question_table(heading, entry, ard.of(*key))


def question_table(heading: Heading, entry: Entry, results: Results) -> Shell:
    """Return the table of one question."""
    notes, study = Notes(), heading.study
    columns = _columns(study, results)
    rows, raised = [], []
    for by, level in sorted({(group.by, group.level) for group in results.groups}):
        for cells in _lines(study, results, by, level, notes):
            rows.append(Row(_plain(level), cells, 0, _plain(by)))
        raised += _raised(study, results, by, level)
    subtitle = (f"{entry.requirement}; scenario {heading.scenario}", *raised)
    footnotes = (*sentences(heading, entry, results), *notes.lines(), heading.source(entry.source))
    about = {"kind": "question", "question": entry.name}
    stem = f"question_{entry.name}"
    return Shell(stem, entry.title, subtitle, columns, tuple(rows), footnotes, about=about)


def sentences(heading: Heading, entry: Entry, results: Results) -> tuple[str, ...]:
    """Return what is true of a page: exploratory or not, whom it counts, how its numbers read."""
    found = [part for group in results.groups for part in results.numbers_of(group)]
    code = heading.study.population
    who = entry.footer(f"{labels.population(code)} ({code})", {analysis for analysis, *_ in found})
    tested = any("p_value" in values for *_, values in found)
    said = f"{EXPLORATORY}; p-values are nominal." if tested else f"{EXPLORATORY}."
    forms = dict.fromkeys(form for *_, values in found if (form := counted_form(values)))
    return (*([said] if entry.exploratory else []), *who, *forms)


def counted_form(values: Mapping[str, Value]) -> str:
    """Return how the counts before an estimate read, blank where there are none (``_counts``)."""
    if "losses" in values:
        return "Before the semicolon of a win ratio: wins:losses."
    if "estimate" not in values:
        return ""
    if "events" in values and "N" in values:
        return "Before a semicolon: events/subjects."
    if "n" in values and "N" in values:
        return "Before a semicolon: n (%)."
    return (
        "A number alone before a semicolon: how many it is from."
        if {"n", "N"} & set(values)
        else ""
    )


def _plain(numbered: str) -> str:
    """Return a section or line without its number."""
    return numbered.partition(" ")[2]


def _columns(study: Study, results: Results) -> tuple[Column, ...]:
    """Return a column for everybody and for each arm that has numbers, then the comparison."""
    arms = {group.arm for group in results.groups}
    columns = [Column("all", "All subjects", Group())] if "" in arms else []
    columns += [Column(c, study.arms[c].label, Group(c)) for c in study.arms if c in arms]
    held = [against.label for against in comparisons(study) if against.label in arms]
    columns += [Column(_compared(study, c), labels.arm(study, c), Group(c)) for c in held]
    return (*columns, Column(P, "p-value", Group()), Column(METHOD, "Method", Group()))


def _compared(study: Study, label: str) -> str:
    """Return the id of the column of a comparison."""
    return COMPARED if len(study.pairs) == 1 else f"{COMPARED} {label}"


def _lines(
    study: Study, results: Results, by: str, level: str, notes: Notes
) -> Iterator[dict[str, str]]:
    """Yield the cells of each row that a line needs: one, unless two numbers share a column."""
    rows: list[dict[str, str]] = []
    for group in [g for g in results.groups if (g.by, g.level) == (by, level)]:
        place = _compared(study, group.arm) if " vs " in group.arm else group.arm or "all"
        for analysis, method, values in results.numbers_of(group):
            taken = {place, P} if "p_value" in values else {place}
            cells = next((row for row in rows if not taken & set(row)), None)
            if cells is None:
                cells = {METHOD: ""}
                rows.append(cells)
            cells[place] = cell_of(study, analysis, values, notes)
            method = method.replace("+", ", ")
            if method and method not in cells[METHOD]:
                cells[METHOD] = "; ".join(part for part in (cells[METHOD], method) if part)
            if "p_value" in values:
                cells[P] = text(values["p_value"], p_value, notes)
    yield from rows


def cell_of(study: Study, analysis: str, values: dict[str, Value], notes: Notes) -> str:
    """Return the text of one cell: counts, then the estimate with its limits; a test by its p."""
    numbers = {name: value.number for name, value in values.items()}
    if "met" in values:
        return SAID[analysis][int(numbers["met"] or 0)]
    counts = _counts(values, numbers, notes)
    if "estimate" not in values:
        return counts or ("see p-value" if "p_value" in values else "")
    limits = (values.get(name) for name in ("estimate", "lower", "upper"))
    estimate = limited(*limits, form_of(study, analysis), notes)
    return f"{counts}; {estimate}" if counts else estimate


def _counts(values: dict[str, Value], numbers: dict[str, float | None], notes: Notes) -> str:
    if "losses" in values:
        return f"{whole(numbers['n'])}:{whole(numbers['losses'])}"
    if "events" in values and "N" in values:
        return f"{whole(numbers['events'])}/{whole(numbers['N'])}"
    if "n" in values and numbers["n"] is None:
        return notes.ne(values["n"].note)
    if "n" in values and "N" in values:
        return share(numbers["n"], numbers["N"])
    counted = next((numbers[name] for name in ("n", "N") if name in values), None)
    return "" if counted is None else whole(counted)


def form_of(study: Study, analysis: str) -> Callable[[float], str]:
    """Return how the estimate of an analysis is printed, by the unit in which it stands."""
    forms = {
        "share": percent,
        "line": lambda value: fixed(value, 1),
        "time": lambda days: months(days, study.months),
        "day": lambda value: fixed(value, 0 if float(value).is_integer() else 1),
        "number": lambda value: fixed(value, 3),
    }
    return forms.get(analysis_of(analysis, "estimate").unit, ratio)


def _raised(study: Study, results: Results, by: str, level: str) -> list[str]:
    """Return the words of each warning of a line that is raised, by its arms if there are more."""

    def whose(arm: str) -> str:
        return f", {labels.arm(study, arm)}" if arm and len(study.pairs) > 1 else ""

    return [
        f"WARNING: {_plain(level)}{whose(group.arm)} ({method})"
        for group in results.groups
        if (group.by, group.level) == (by, level)
        for analysis, method, values in results.numbers_of(group)
        if analysis == "warning" and values["met"].number
    ]
