"""The table of results (ARD): one number a row, and a reason where there is no number."""

import csv
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cartend.analysis.levels import Places, sort_key
from cartend.contract.check import check
from cartend.contract.datasets.results import ARD
from cartend.stats.results import not_estimable

COLUMNS = tuple(ARD.names)
NUMBERS = tuple(ARD.of_kind("number"))
BY = COLUMNS.index("by")
BLANK = -1.0  # prob and time of a row that has none: sorts first, is written empty


class ArdError(Exception):
    """A row without value and without reason, or two rows for one number: a fault of this room."""


class Place(NamedTuple):
    """Whose numbers: endpoint, population, evaluator, arm and stratum; blank means all."""

    paramcd: str
    population: str = ""
    evaluator: str = ""
    arm: str = ""
    by: str = ""
    level: str = ""


class Cell:
    """Takes the results of one place; every number goes through :meth:`add`."""

    def __init__(self, rows: list[tuple], run: tuple[str, str], place: Place) -> None:
        self._rows = rows
        self._head = run + place
        self.place = place

    def add(
        self,
        analysis: str,
        method: str,
        statistics: Mapping[str, float],
        *,
        event: str = "",
        prob: float = BLANK,
        time: float = BLANK,
        note: str = "",
        notes: Mapping[str, str] | None = None,
    ) -> None:
        """Add one row a statistic; reasons stand in ``notes`` by statistic, else in ``note``."""
        reasons = notes or {}
        for statistic, value in statistics.items():
            reason = reasons.get(statistic, note)
            if value is None or not math.isfinite(value):
                if not reason:
                    place = " ".join(self._head[2:])
                    raise ArdError(f"{place}: {analysis} {statistic} is {value} without a note")
                value = None
            self._rows.append(
                (*self._head, analysis, method, event, prob, time, statistic, value, reason)
            )

    @contextmanager
    def attempt(
        self, analysis: str, method: str, statistics: tuple[str, ...], event: str = ""
    ) -> Iterator[None]:
        """Turn a failure inside into one noted row a statistic: a bad stratum stops nothing."""
        start = len(self._rows)
        try:
            yield
        except (ArithmeticError, ValueError, IndexError) as error:
            del self._rows[start:]
            reason = not_estimable(str(error) or type(error).__name__)
            self.add(analysis, method, dict.fromkeys(statistics), event=event, note=reason)


class Ard:
    """Collects the rows of one study and scenario and writes them, sorted."""

    def __init__(self, study: str, scenario: str, levels: Places | None = None) -> None:
        self._head = (study, scenario)
        self.levels = levels or {}
        self.rows: list[tuple] = []

    def cell(self, place: Place) -> Cell:
        """Return the writer of one place."""
        return Cell(self.rows, self._head, place)

    def sorted_rows(self) -> list[tuple]:
        """Return the rows in the order of the columns, levels in theirs.

        ArdError where two share their key.
        """
        rows = sorted(self.rows, key=lambda row: sort_key(self.levels, row[:-2], BY))
        for earlier, later in zip(rows, rows[1:], strict=False):
            if earlier[:-2] == later[:-2]:
                raise ArdError(f"two rows for one number: {' | '.join(map(str, later[:-2]))}")
        return rows

    def write(self, path: Path) -> None:
        """Check the table and write it: shortest exact decimals, empty where there is no number."""
        rows = self.sorted_rows()
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        blank = {name: frame[name].where(frame[name].ne(BLANK)) for name in ("prob", "time")}
        check(frame.assign(**blank).astype(dict.fromkeys(NUMBERS, float)), ARD, path)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(
                (*row[:11], _text(row[11]), _text(row[12]), row[13], _value(row[14]), row[15])
                for row in rows
            )


def read_ard(path: Path) -> pd.DataFrame:
    """Return a written table: text columns as str ('' for blank), numbers to the last bit."""
    return pd.read_csv(
        path,
        dtype={name: str for name in COLUMNS if name not in NUMBERS},
        keep_default_na=False,
        na_values={name: [""] for name in NUMBERS},
        float_precision="round_trip",
    )


@cache
def _text(number: float) -> str:
    if number == BLANK:
        return ""
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def _value(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else repr(float(value))
