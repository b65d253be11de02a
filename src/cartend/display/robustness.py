"""The robustness table of a grid: every definition, what was chosen, and its result (R33).

Source: specification 3.7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cartend.analysis.plan import Comparison
from cartend.config.study import Study
from cartend.contract.terms.results import LIMITS
from cartend.display import labels
from cartend.display.ard import Ard, Group
from cartend.display.compared import (
    FAMILIES,
    Entry,
    entries,
    result_cells,
    result_columns,
    said_of_results,
    shown,
)
from cartend.display.format import Notes
from cartend.display.shell import Column, Row, Shell
from cartend.display.words import Heading, role_of

NOT_CHOSEN = "as shipped"


@dataclass(frozen=True)
class Choice:
    """One row: a definition with its result, the endpoint it starts from, the chosen words.

    ``shipped`` names the study's endpoint that means the same; ``numbers`` are estimate and limits
    of the hazard ratio (randomised) or of the median in days (one arm), None where there is none.
    """

    entry: Entry
    base: str
    chosen: Mapping[str, str]
    shipped: str
    numbers: tuple[float | None, float | None, float | None]

    @property
    def primary(self) -> bool:
        """Whether this is the study's primary endpoint."""
        return self.entry.role == "primary"


def stem_of(study: Study, scenario: str, against: Comparison | None) -> str:
    """Return the name of a grid's table and figure, with its arms where others are compared too."""
    stem = f"robustness_{scenario}"
    several = against is not None and len(study.pairs) > 1
    return f"{stem}_{'_'.join(against.arms)}" if several else stem


def robustness_entries(
    study: Study,
    scenario: object,
    ard: Ard,
    shipped: Sequence[Entry],
    against: Comparison | None,
) -> list[Choice]:
    """Return the definitions of a grid and those that ship beside them, in the order of results.

    1. Every definition of the grid, in each population and as each evaluator judged it.
    2. Of the shipped definitions (``shipped``) those that no choice of the grid repeats.
    3. Ordered by hazard ratio of the comparison ``against`` (by median in one arm), the smallest
       first; without one last.
    """
    grid, found = scenario.grid, []
    for entry in entries(study, {scenario.name: scenario}, {scenario.name: ard}, FAMILIES):
        cell = grid.cells[entry.definition.id]
        role = role_of(study, cell.shipped).role if cell.shipped else "sensitivity"
        chosen = dict(cell.chosen)
        found.append(_choice(entry, cell.base, chosen, cell.shipped, role, against))
    repeated = {choice.shipped for choice in found}
    for entry in shipped:
        name = entry.definition.id
        if entry.scenario == "primary" and name not in repeated:
            found.append(_choice(entry, name, {}, name, entry.role, against))
    return sorted(found, key=lambda c: (c.numbers[0] is None, c.numbers[0] or 0, c.base))


def _choice(
    entry: Entry,
    base: str,
    chosen: dict[str, str],
    shipped: str,
    role: str,
    against: Comparison | None,
) -> Choice:
    return Choice(replace(entry, role=role), base, chosen, shipped, _numbers(entry, against))


def _numbers(entry: Entry, against: Comparison | None) -> tuple:
    results = entry.results
    if against is not None:
        who = Group(against.label)
        return tuple(results.number(who, shown(results, who, "cox"), name) for name in LIMITS)
    return tuple(results.number(Group(), "km_quantile", name, prob=0.5) for name in LIMITS)


def robustness_table(
    heading: Heading, scenario: object, found: list[Choice], against: Comparison | None
) -> Shell:
    """Return one row a definition: its choices, subjects, events by type, medians, hazard ratio."""
    study, notes = heading.study, Notes()
    table = stem_of(study, scenario.name, against)
    names = [axis.name for axis in scenario.grid.axes]
    chosen = [name for name in names if name not in ("evaluator", "population")]
    columns = (
        Column("population", "Population", Group(), "Definition"),
        Column("evaluator", "Assessed by", Group(), "Definition"),
        *(Column(name, labels.choice(name), Group(), "Definition") for name in chosen),
        *result_columns(study),
    )
    rows = []
    for choice in found:
        cells = {name: labels.chosen(name, choice.chosen.get(name, NOT_CHOSEN)) for name in chosen}
        cells |= {"population": choice.entry.population, "evaluator": choice.entry.evaluator}
        cells |= result_cells(study, table, choice.entry, notes)
        rows.append(Row(_label(choice), cells))
    title = f"Robustness to the definition: {len(found)} definitions on the same data"
    subtitle = (f"Study {study.id}, scenario {scenario.name}: {scenario.describe}",)
    said = (
        f"Ordered by the hazard ratio{_of(study, against)}."
        if against is not None
        else "Ordered by the median; not reached last.",
        "Every row is sensitivity; in brackets the shipped endpoint that a row equals. "
        f"{NOT_CHOSEN}: a shipped definition that no choice of the grid repeats.",
        f"Combinations that mean the same as another and stand once: {scenario.grid.repeated}.",
        *said_of_results(study, [choice.entry for choice in found]),
        *notes.lines(),
        heading.source(f"ADTTE of scenario {scenario.name} and primary, through the results"),
    )
    return Shell(table, title, subtitle, columns, tuple(rows), said)


def _of(study: Study, against: Comparison) -> str:
    """Return whose ratio orders the rows, where there are several; else nothing."""
    return f" of {labels.arm(study, against.label)}" if len(study.pairs) > 1 else ""


def _label(choice: Choice) -> str:
    """Return a row's label: PARAMCD, and the shipped endpoint that it equals."""
    name = choice.entry.definition.id
    if not choice.shipped:
        return name
    role = ", the study's primary endpoint" if choice.primary else ""
    return f"{name} [{choice.shipped}{role}]"
