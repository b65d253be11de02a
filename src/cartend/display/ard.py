"""The results file (``ard.csv``) as a thing to look numbers up in.

A page asks for a number by its place in the results; it never makes one. What the results do not
hold is ``None``, what they hold without a number is a ``Value`` with its note.
"""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cartend.analysis.ard import read_ard
from cartend.analysis.plan import comparisons
from cartend.config.study import Study
from cartend.contract.datasets.results import ARD

COLUMNS = tuple(ARD.names[ARD.names.index("arm") : ARD.names.index("note") + 1])


class Value(NamedTuple):
    """One number of the results, or why there is none."""

    number: float | None
    note: str = ""
    method: str = ""


class Group(NamedTuple):
    """Whose numbers: an arm, and the level of a stratifier within it; blank means all."""

    arm: str = ""
    by: str = ""
    level: str = ""


class Results:
    """The rows of one endpoint, population and evaluator.

    Rows are filed by group and analysis at once, and made into values when they are asked for: a
    page needs few of the thousands of rows.
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        self._raw: dict[tuple[Group, str], list[tuple]] = {}
        self._filed: dict[tuple[Group, str], list[tuple]] = {}
        self._found: dict[tuple[Group, str], dict[tuple, Value]] = {}
        columns = [rows[name].tolist() for name in COLUMNS]
        for arm, by, level, analysis, *rest in zip(*columns, strict=True):
            self._raw.setdefault((Group(arm, by, level), analysis), []).append(tuple(rest))
        self.groups = list(dict.fromkeys(group for group, _ in self._raw))

    def _of(self, group: Group, analysis: str) -> list[tuple]:
        """Return event, prob, time, statistic and value of a group's rows of one analysis."""
        key = (group, analysis)
        if key not in self._filed:
            rows, found = [], {}
            for method, event, prob, time, statistic, number, note in self._raw.get(key, ()):
                value = Value(_known(number), note, method)
                row = (event, _known(prob), _known(time), statistic)
                rows.append((*row, value))
                found.setdefault(row, value)
                found.setdefault((*row, method), value)
            self._filed[key], self._found[key] = rows, found
        return self._filed[key]

    def get(
        self,
        group: Group,
        analysis: str,
        statistic: str,
        event: str = "",
        prob: float | None = None,
        time: float | None = None,
        method: str | None = None,
    ) -> Value | None:
        """Return the value at that place; without ``method`` the first one that is written."""
        self._of(group, analysis)
        row = (event, prob, time, statistic)
        return self._found[group, analysis].get(row if method is None else (*row, method))

    def number(self, group: Group, analysis: str, statistic: str, **where: object) -> float | None:
        """Return the bare number at that place, or None."""
        value = self.get(group, analysis, statistic, **where)
        return None if value is None else value.number

    def events(self, group: Group, analysis: str) -> list[str]:
        """Return the events of an analysis in the order of the file."""
        return list(dict.fromkeys(row[0] for row in self._of(group, analysis)))

    def times(self, group: Group, analysis: str) -> list[float]:
        """Return the times at which an analysis is reported, in order."""
        found = {row[2] for row in self._of(group, analysis) if row[2] is not None}
        return sorted(found)

    def method(self, analysis: str) -> str:
        """Return the method by which an analysis was made, blank where there is none."""
        rows = next((rows for (_, name), rows in self._raw.items() if name == analysis), None)
        return rows[0][0] if rows else ""

    def methods(self, group: Group, analysis: str) -> list[str]:
        """Return every method of an analysis in one group."""
        rows = self._of(group, analysis)
        return list(dict.fromkeys(row[-1].method for row in rows))

    def numbers_of(self, group: Group) -> list[tuple[str, str, dict[str, Value]]]:
        """Return analysis, method and the values by statistic of everything written of a group.

        Rows of several times or events of one method stay apart.
        """
        found: dict[tuple, dict[str, Value]] = {}
        for who, analysis in self._raw:
            if who == group:
                for *where, statistic, value in self._of(group, analysis):
                    found.setdefault((analysis, value.method, *where), {})[statistic] = value
        return [(key[0], key[1], values) for key, values in found.items()]

    def comparisons(self, study: Study) -> list[Group]:
        """Return the comparisons of a study that these results hold, in the study's order."""
        wanted = [Group(against.label) for against in comparisons(study)]
        return [group for group in wanted if group in self.groups]


class Ard:
    """One scenario's results, cut once into the endpoints it holds."""

    def __init__(self, frame: pd.DataFrame) -> None:
        frame = frame.assign(evaluator=frame["evaluator"].fillna(""))
        grouped = frame.groupby(["paramcd", "population", "evaluator"], sort=False)
        self._parts = dict(tuple(grouped))
        self._results: dict[tuple[str, str, str], Results] = {}

    @classmethod
    def read(cls, path: Path) -> "Ard":
        """Read ``ard.csv``."""
        return cls(read_ard(path))

    @property
    def keys(self) -> list[tuple[str, str, str]]:
        """Endpoint, population and evaluator of every part, in the order of the file."""
        return list(self._parts)

    def of(self, paramcd: str, population: str, evaluator: str) -> Results:
        """Return the results of one endpoint, population and evaluator (empty where none)."""
        key = (paramcd, population, evaluator)
        if key not in self._results:
            rows = self._parts.get(key)
            self._results[key] = Results(pd.DataFrame(columns=COLUMNS) if rows is None else rows)
        return self._results[key]


def _known(number: float) -> float | None:
    """Return a number, or None for what the file leaves empty (NaN)."""
    return None if number != number else number
