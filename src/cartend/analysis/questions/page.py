"""Where the answer to a question is written: sections and lines of one table, in its order.

In ARD a question stands under its name as ``paramcd``; ``by`` is the section and ``level`` the
line of its table, each with its number in front, so that the sorted file keeps the order.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from cartend.analysis.ard import BLANK, Ard, Cell, Place
from cartend.analysis.curves import Curves
from cartend.analysis.levels import Places
from cartend.stats.results import Estimate, not_estimable


class NotDerivableError(Exception):
    """A question, or a section of it, cannot be answered from these data, and why."""


NOTE = "note"
TALLY = "tally"
SUBJECTS = "number of subjects"


class Page:
    """Takes the lines of one question.

    ``section`` opens a section, ``line`` a line in it; ``add`` writes numbers into that line.
    ``arm`` is the arm that a question is confined to, blank for all; ``part`` the comparison or
    the arm of which a reason is, blank where there is one alone.
    """

    def __init__(self, ard: Ard, curves: Curves, name: str) -> None:
        self._ard, self.curves, self.name = ard, curves, name
        self._sections: list[str] = []
        self._lines: dict[str, list[str]] = {}
        self._section = self._line = ""
        self.arm = self.part = ""

    @property
    def levels(self) -> Places:
        """Return the places of the levels of each stratifier."""
        return self._ard.levels

    def section(self, title: str) -> None:
        """Open the section of that title."""
        if title not in self._sections:
            self._sections.append(title)
            self._lines[title] = []
        self._section, self._line = title, ""

    def line(self, text: str) -> None:
        """Open the line of that text in the open section."""
        if text not in self._lines[self._section]:
            self._lines[self._section].append(text)
        self._line = text

    def place(self, arm: str = "") -> Place:
        """Return where the open line stands in ARD."""
        lines = self._lines[self._section]
        by = f"{self._sections.index(self._section) + 1:02d} {self._section}"
        level = f"{lines.index(self._line) + 1:02d} {self._line}"
        return Place(self.name, arm=arm, by=by, level=level)

    def cell(self, arm: str = "") -> Cell:
        """Return the writer of the open line for an arm, all (blank) or a comparison."""
        return self._ard.cell(self.place(arm))

    def at(self, place: Place) -> Cell:
        """Return the writer of a place that the question chose itself."""
        return self._ard.cell(place)

    def add(
        self,
        analysis: str,
        method: str,
        statistics: Mapping[str, float | None],
        *,
        arm: str = "",
        time: float = BLANK,
        note: str = "",
        notes: Mapping[str, str] | None = None,
    ) -> None:
        """Write numbers into the open line; what is missing needs its reason, others have none."""
        reasons = notes or dict.fromkeys(statistics, note)
        missing = [n for n, v in statistics.items() if v is None or not math.isfinite(v)]
        kept = {name: reasons.get(name, note) if name in missing else "" for name in statistics}
        self.cell(arm).add(analysis, method, statistics, time=time, notes=kept)

    def tally(self, n: int, total: int, *, arm: str = "", method: str = SUBJECTS) -> None:
        """Write n of N subjects into the open line."""
        self.add(TALLY, method, {"n": int(n), "N": int(total)}, arm=arm)

    def estimate(
        self,
        analysis: str,
        method: str,
        value: Estimate,
        *,
        arm: str = "",
        time: float = BLANK,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """Write an estimate with its limits, its p-value where it has one, and its counts."""
        numbers = {"estimate": value.estimate, "lower": value.lower, "upper": value.upper}
        notes = {"estimate": value.note, "lower": value.lower_note, "upper": value.upper_note}
        if value.p_value == value.p_value:
            numbers["p_value"] = value.p_value
        self.add(analysis, method, {**(counts or {}), **numbers}, arm=arm, time=time, notes=notes)

    def absent(self, reason: str) -> None:
        """Write why the open section, or the question, has no number; each reason once."""
        if not self._section:
            self.section("Not derivable")
        reason = f"{self.part}: {reason}" if self.part else reason
        text = f"Not derivable: {reason}"
        if text not in self._lines[self._section]:
            self.line(text)
            self.add(NOTE, "", {"estimate": None}, note=not_estimable(reason))

    def run(self, title: str, write: Callable[..., None], *arguments: object) -> None:
        """Write one section; where it cannot be derived, its reason stands in it."""
        self.section(title)
        self.attempt_section(write, *arguments)

    def attempt_section(self, write: Callable[..., None], *arguments: object) -> None:
        """Write a part of the open section; where it cannot be derived, its reason stands there."""
        try:
            write(*arguments)
        except NotDerivableError as absent:
            self.absent(str(absent))

    def each(self, parts: Sequence[object], write: Callable[..., None], *arguments: object) -> None:
        """Write a part of the open section for each comparison or arm of a study.

        The part is the last argument of ``write``. One that cannot be derived says so, by its name
        where there are several.
        """
        for part in parts:
            self.part = str(part) if len(parts) > 1 else ""
            self.attempt_section(write, *arguments, part)
        self.part = ""

    @contextmanager
    def attempt(self, analysis: str, method: str, arm: str = "") -> Iterator[None]:
        """Turn a failure inside into one noted row of the open line."""
        with self.cell(arm).attempt(analysis, method, ("estimate",)):
            yield
