"""What must be settled before a number is made: a stop, how it is listed, how a run ends for it."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cartend.contract.check import write_csv
from cartend.contract.datasets.admission import STOPS
from cartend.contract.terms.admission import STOP
from cartend.intake.errors import DataError

UNREADABLE = "S-FILE"


class Stop(NamedTuple):
    """One thing for which numbers would not be true (decision D39).

    ``what`` is what it names (an arm, a column, a file), ``count`` of how many records or
    subjects; ``sentence`` says what is wrong and ``way_out`` what to do.
    """

    id: str
    what: str
    count: int
    sentence: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.sentence}; {self.way_out}" if self.way_out else self.sentence

    @property
    def key(self) -> str:
        """What a study file's ``accept`` calls it: its id, and what it names."""
        return f"{self.id} {self.what}".strip()


class StopError(DataError):
    """A run ends before any number is made; it holds every stop."""

    def __init__(self, stops: Iterable[Stop]):
        self.stops = list(stops)
        super().__init__("\n".join(str(stop) for stop in self.stops))


def unreadable(error: DataError, what: str) -> list[Stop]:
    """Return the stops of an error of reading: those that it holds, else its sentence as one."""
    if isinstance(error, StopError):
        return error.stops
    sentence, _, way_out = str(error).rpartition("; ")
    return [Stop(UNREADABLE, what, 1, sentence or way_out, way_out if sentence else "")]


def is_fatal(stop: Stop) -> bool:
    """Return whether no subject can be derived without what the stop asks for."""
    return stop.id in STOP.group("fatal")


def as_table(stops: Iterable[Stop]) -> pd.DataFrame:
    """Return stops as a table, one row an id and what it names; equal ones stand once.

    Of several sentences on one thing the first is kept, and the counts are added.
    """
    rows: dict[tuple[str, str], Stop] = {}
    for stop in stops:
        before = rows.get((stop.id, stop.what))
        if before is None:
            rows[(stop.id, stop.what)] = stop
        elif before != stop:
            rows[(stop.id, stop.what)] = before._replace(count=before.count + stop.count)
    table = pd.DataFrame(list(rows.values()), columns=STOPS.names)
    return table.astype({"count": "int64"})


def from_table(table: pd.DataFrame) -> list[Stop]:
    """Return the stops of a table."""
    rows = table[STOPS.names].fillna("")
    return [Stop(*row) for row in rows.itertuples(index=False, name=None)]


def write_stops(stops: Iterable[Stop], path: Path) -> None:
    """Write the list of stops, an empty one too."""
    write_csv(as_table(stops), STOPS, path)


def read_stops(path: Path) -> list[Stop]:
    """Return the stops of a written list."""
    text = [name for name in STOPS.names if name != "count"]
    return from_table(pd.read_csv(path, dtype=dict.fromkeys(text, str), keep_default_na=False))
