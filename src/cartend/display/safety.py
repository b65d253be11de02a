"""One table for each safety page of the results: arms are the columns, sections the row groups."""

from collections.abc import Iterator

from cartend.analysis.plan import comparisons
from cartend.analysis.safety.catalog import CATALOG, Entry
from cartend.config.study import Study
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results, Value
from cartend.display.format import (
    Notes,
    fixed,
    interval,
    p_value,
    percent,
    ratio,
    share,
    text,
    whole,
)
from cartend.display.shell import Column, Row, Shell
from cartend.display.words import Heading

DAY_ZERO = (
    "Day 0 is the infusion, in a control arm the first dose of its treatment; control subjects are "
    "followed to the crossover."
)
READING = {
    "exposure": "Follow-up is n; median (minimum, maximum). A limit of no event is one-sided, 95%.",
    "special_interest": (
        "Subjects n (%) with exact 95% limits; a subject counts once a line. Days are n; median "
        "(minimum, maximum), day 0 being 0. Grades of different scales are never added; a scale "
        "that no record states is the configuration's, and called assumed. A period counts the "
        "subjects followed into it, and ends where the next one that the subject has begins."
    ),
    "deaths": (
        "Deaths up to the cut-off. The causes of a section add up to its deaths; a period counts "
        "those alive and followed at its beginning."
    ),
    "second_malignancies": (
        "Infused subjects, from the first infusion. The class of a T-cell malignancy is that of "
        "the first rule that holds it."
    ),
    "first_dosing": "What was known on the day before the first infusion of a child.",
}
PERCENT = ("proportion", "cif", "difference")
FORMS = {**dict.fromkeys(PERCENT, percent), "cox": ratio}
NAMED = (*PERCENT, "rate", "person_years", "cox", "p_value")


def safety_tables(heading: Heading, ard: Ard) -> Iterator[Shell]:
    """Yield the table of every safety page that the results hold."""
    for entry in CATALOG:
        results = ard.of(entry.name, "", "")
        if results.groups:
            yield safety_table(heading, entry, results)


def safety_table(heading: Heading, entry: Entry, results: Results) -> Shell:
    """Return the table of one page."""
    said = (DAY_ZERO, READING[entry.name])
    return page_table(heading, entry, results, said, f"safety_{entry.name}", "safety")


def page_table(
    heading: Heading, entry: Entry, results: Results, said: tuple[str, ...], stem: str, kind: str
) -> Shell:
    """Return the table of a page: sections are row groups; arms and what compares them, columns."""
    study, notes = heading.study, Notes()
    columns = _columns(study, results)
    rows, raised = [], []
    for by, level in sorted({(group.by, group.level) for group in results.groups}):
        cells = {}
        for column in columns:
            found = results.numbers_of(Group(column.who.arm, by, level))
            cells[column.id] = " / ".join(cell_of(study, a, v, notes) for a, _, v in found)
            if any(a == "warning" and v["met"].number for a, _, v in found):
                raised.append(f"TRIGGERED: {_plain(level)}")
        rows.append(Row(_plain(level), cells, group=_plain(by)))
    subtitle = (f"{entry.requirement}; scenario {heading.scenario}", *raised)
    lines = [*said, _methods(results), *notes.lines()]
    read = ", ".join(one.name for one in entry.sources)
    footnotes = (*(line for line in lines if line), heading.source(read))
    about = {"kind": kind, "page": entry.name}
    return Shell(stem, entry.title, subtitle, columns, tuple(rows), footnotes, about=about)


def _columns(study: Study, results: Results) -> tuple[Column, ...]:
    """Return a column for all subjects and for each arm that has numbers, then the comparison."""
    arms = {group.arm for group in results.groups}
    columns = [Column("all", "All subjects", Group())] if "" in arms else []
    columns += [Column(c, study.arms[c].label, Group(c)) for c in study.arms if c in arms]
    held = [against.label for against in comparisons(study) if against.label in arms]
    ids = ["compared"] if len(held) == 1 else [f"compared {label}" for label in held]
    pairs = zip(ids, held, strict=True)
    return (*columns, *(Column(name, labels.arm(study, a), Group(a)) for name, a in pairs))


def _plain(numbered: str) -> str:
    """Return a section or line without its number."""
    return numbered.partition(" ")[2]


def _methods(results: Results) -> str:
    """Return the methods of the estimates of a page."""
    found = dict.fromkeys(
        method
        for group in results.groups
        for analysis, method, _ in results.numbers_of(group)
        if analysis in NAMED and method
    )
    return f"Method: {'; '.join(found)}." if found else ""


def cell_of(study: Study, analysis: str, values: dict[str, Value], notes: Notes) -> str:
    """Return the text of one cell by the kind of its numbers."""
    numbers = {name: value.number for name, value in values.items()}
    if analysis == "warning":
        return "TRIGGERED" if numbers["met"] else "not triggered"
    if analysis == "range":
        return _range(numbers)
    if "estimate" not in values:
        return share(numbers["n"], numbers["N"]) if "N" in values else whole(numbers["n"])
    if values["estimate"].number is None and "n" not in values:
        return notes.ne(values["estimate"].note)
    if analysis == "p_value":
        return text(values["estimate"], p_value, notes)
    form = FORMS.get(analysis, lambda value: fixed(value, 2))
    limits = interval(values.get("lower"), values.get("upper"), form, notes)
    if "n" in values and not numbers["N"]:
        return "0"
    if "n" in values:
        return f"{share(numbers['n'], numbers['N'])} {limits}".strip()
    return f"{text(values['estimate'], form, notes)} {limits}".strip()


def _range(numbers: dict[str, float | None]) -> str:
    if not numbers["n"]:
        return "0"
    places = 1 if any(v != int(v) for v in numbers.values()) else 0
    median, low, high = (fixed(numbers[name], places) for name in ("median", "min", "max"))
    if places == 0 or all(numbers[n] == int(numbers[n]) for n in ("min", "max")):
        low, high = whole(numbers["min"]), whole(numbers["max"])
    return f"{whole(numbers['n'])}; {median} ({low}, {high})"
