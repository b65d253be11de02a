"""The results file (``ard.csv``) as a thing to look numbers up in.

A page asks for a number by its place in the results; it never makes one. What the results do not
hold is ``None``, what they hold without a number is a ``Value`` with its note.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cartend.analysis.ard import read_ard

KEYS = ["paramcd", "population", "evaluator", "arm", "by", "level"]


@dataclass(frozen=True)
class Value:
    """One number of the results, or why there is none."""

    number: float | None
    note: str = ""
    method: str = ""


@dataclass(frozen=True)
class Group:
    """Whose numbers: an arm, and the level of a stratifier within it; blank means all."""

    arm: str = ""
    by: str = ""
    level: str = ""


class Results:
    """The rows of one endpoint, population and evaluator."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows: dict[tuple, list[tuple]] = {}
        self._found: dict[tuple, Value] = {}
        self.groups: list[Group] = []
        columns = ["arm", "by", "level", "analysis", "method", "event", "prob", "time"]
        columns += ["statistic", "value", "note"]
        for row in rows[columns].itertuples(index=False, name=None):
            self._add(row)

    def _add(self, row: tuple) -> None:
        arm, by, level, analysis, method, event, prob, time, statistic, value, note = row
        group = Group(arm, by, level)
        if group not in self.groups:
            self.groups.append(group)
        value = Value(None if value != value else value, note, method)
        where = (event, None if prob != prob else prob, None if time != time else time)
        self._rows.setdefault((group, analysis), []).append((*where, statistic, value))
        self._found.setdefault((group, analysis, *where, statistic), value)
        self._found.setdefault((group, analysis, *where, statistic, method), value)

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
        key = (group, analysis, event, prob, time, statistic)
        return self._found.get(key if method is None else (*key, method))

    def number(self, group: Group, analysis: str, statistic: str, **where: object) -> float | None:
        """Return the bare number at that place, or None."""
        value = self.get(group, analysis, statistic, **where)
        return None if value is None else value.number

    def events(self, group: Group, analysis: str) -> list[str]:
        """Return the events of an analysis in the order of the file."""
        return list(dict.fromkeys(row[0] for row in self._rows.get((group, analysis), [])))

    def times(self, group: Group, analysis: str) -> list[float]:
        """Return the times at which an analysis is reported, in order."""
        found = {row[2] for row in self._rows.get((group, analysis), []) if row[2] is not None}
        return sorted(found)

    def method(self, analysis: str) -> str:
        """Return the method by which an analysis was made, blank where there is none."""
        for (_, name), rows in self._rows.items():
            if name == analysis:
                return rows[0][-1].method
        return ""

    def methods(self, group: Group, analysis: str) -> list[str]:
        """Return every method of an analysis in one group."""
        rows = self._rows.get((group, analysis), [])
        return list(dict.fromkeys(row[-1].method for row in rows))

    @property
    def comparison(self) -> Group | None:
        """Return the group whose arm reads ``EXP vs CTL`` without a stratifier, or None."""
        return next((group for group in self.groups if " vs " in group.arm and not group.by), None)


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
            self._results[key] = Results(rows if rows is not None else _no_rows())
        return self._results[key]


def _no_rows() -> pd.DataFrame:
    columns = [*KEYS, "analysis", "method", "event", "prob", "time", "statistic", "value", "note"]
    return pd.DataFrame(columns=columns)
