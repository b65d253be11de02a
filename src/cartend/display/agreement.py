"""How far independent review and investigator agree (specification 5.5, requirement R37)."""

from cartend.analysis.agreement import LABEL
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.terms.results import DISCREPANCY_RATES, PROGRESSION_SEEN, STATISTIC
from cartend.display.ard import Ard, Group, Results
from cartend.display.cells import single
from cartend.display.format import Notes, fixed, percent, share, whole
from cartend.display.shell import Column, Row, Shell
from cartend.display.words import Heading, ordered

COUNTS = {name: STATISTIC[name].label for name in PROGRESSION_SEEN}
RATES = {name: STATISTIC[name].label for name in DISCREPANCY_RATES}


def agreement_table(heading: Heading, definitions: dict[str, Definition], ard: Ard) -> Shell | None:
    """Return the agreement of the two evaluators per endpoint and arm; None without any."""
    columns, notes, rows = _columns(heading.study), Notes(), []
    methods: list[str] = []
    for name in ordered(heading.study, definitions):
        for key in [key for key in ard.keys if key[0] == name and key[2] == LABEL]:
            results = ard.of(*key)
            group = f"{definitions[name].label} ({name}, {key[1]})"
            rows += _rows(results, columns, notes, group)
            methods.append(results.method("agreement"))
    if not rows:
        return None
    said = tuple(f"{method}." for method in dict.fromkeys(methods))
    footnotes = (*said, *notes.lines(), heading.source("ADRSP, ADTTE"))
    subtitle = (f"Both evaluators, same subjects; scenario {heading.scenario}",)
    title = "Agreement of independent review and investigator"
    about = {"kind": "agreement"}
    return Shell("agreement", title, subtitle, columns, tuple(rows), footnotes, about=about)


def _columns(study: Study) -> tuple[Column, ...]:
    arms = study.arms.items() if study.design == "randomised" else ()
    each = tuple(Column(f"arm_{code}", arm.label, Group(code)) for code, arm in arms)
    return (*each, Column("total", "Total", Group()))


def _rows(results: Results, columns: tuple[Column, ...], notes: Notes, group: str) -> list[Row]:
    def cells(statistic: str, form) -> dict[str, str]:
        return {c.id: single(results, c.who, "agreement", statistic, form, notes) for c in columns}

    if any(results.get(c.who, "agreement", "kappa") for c in columns):
        agreed = {
            c.id: share(
                results.number(c.who, "agreement", "n") or 0,
                results.number(c.who, "agreement", "N") or 0,
            )
            for c in columns
        }
        kappa = cells("kappa", lambda value: fixed(value, 3))
        return [Row("Same answer, n (%)", agreed, 0, group), Row("Kappa", kappa, 0, group)]
    rows = [Row("Subjects", cells("N", whole), 0, group)]
    rows += [Row(label, cells(name, whole), 1, group) for name, label in COUNTS.items()]
    return rows + [Row(label, cells(name, percent), 0, group) for name, label in RATES.items()]
