"""Bridging: classes, washout by class, new baseline, times, and who was not infused (R17-R19)."""

from cartend.analysis.questions.entry import Entry
from cartend.config.bridging import Bridging
from cartend.contract.terms.therapy import WASHOUT as WORDS
from cartend.display import labels
from cartend.display.ard import Group, Results, Value
from cartend.display.format import Notes
from cartend.display.questions import cell_of, sentences
from cartend.display.shell import Column, Row, Shell, assert_total
from cartend.display.words import Heading

SUBJECTS = "n"
WASHOUT = "Washout to "
VERDICTS = {code.lower(): WORDS.label(code) for code in WORDS.group("verdict")}


def bridging_table(heading: Heading, entry: Entry, results: Results, rules: Bridging) -> Shell:
    """Return one row a line of the results; the verdicts on one washout stand side by side."""
    notes = Notes()
    spanner = "Washout, n (%) of those asked"
    columns = (Column(SUBJECTS, "Subjects, n (%)", Group()),)
    columns += tuple(Column(code, text, Group(), spanner) for code, text in VERDICTS.items())
    lines: dict[tuple[str, str], dict[str, str]] = {}
    counts: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}
    for group in sorted(results.groups, key=lambda g: (g.by, g.level)):
        section, line = (text.partition(" ")[2] for text in (group.by, group.level))
        for analysis, _, values in results.numbers_of(group):
            column = SUBJECTS
            if section.startswith(WASHOUT) and ": " in line:
                line, _, column = line.rpartition(": ")
                counts.setdefault((section, line), {})[column] = _n_of(values)
            cells = lines.setdefault((section, line), {})
            cells[column] = cell_of(heading.study, analysis, values, notes)
    for (section, line), found in counts.items():
        _, total = next(iter(found.values()))
        parts = {verdict: n for verdict, (n, _) in found.items()}
        assert_total(f"bridging, {section}, {line}", columns[1], parts, total)
    rows = [Row(line, cells, 0, section) for (section, line), cells in lines.items()]
    footnotes = (
        *sentences(heading, entry, results),
        labels.NOT_COMPARED,
        *(f"Open point: {point}." for point in rules.uncertain),
        f"Rules: {rules.id}; {rules.source}.",
        *notes.lines(),
        heading.source(entry.source),
    )
    subtitle = (f"{entry.requirement}; scenario {heading.scenario}",)
    about = {"kind": "question", "question": entry.name}
    stem = f"question_{entry.name}"
    return Shell(stem, entry.title, subtitle, columns, tuple(rows), footnotes, about=about)


def _n_of(values: dict[str, Value]) -> tuple[float, float]:
    return values["n"].number or 0, values["N"].number or 0
