"""What a table that passes between rooms is: its columns, their kinds and words, its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast, get_args

from cartend.contract.vocabulary import Vocabulary

Kind = Literal["text", "dtc", "date", "integer", "number"]
NEVER_BLANK = "!"
NEEDED = "+"


@dataclass(frozen=True)
class Column:
    """One column: its name, the kind of its values, what it holds, and which words it may hold.

    ``dtc`` is a date as SDTM writes it, ISO 8601 text, partial perhaps; ``date`` is a day;
    ``integer`` and ``number`` are int64 and float64, NaN where missing. ``required`` says that no
    row is without a value, ``needed`` that no delivery is without the column.
    """

    name: str
    kind: Kind
    label: str
    vocabulary: Vocabulary | None = None
    required: bool = False
    needed: bool = False


@dataclass(frozen=True)
class Dataset:
    """One table: its columns in their order, and the columns that identify a row.

    ``open`` says that a study adds columns of its own to the right; ``brought`` that the table is
    input, in which a column with a vocabulary may hold words that nobody knows.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    open: bool = False
    brought: bool = False

    @cached_property
    def names(self) -> list[str]:
        """The names of all columns, in order."""
        return [column.name for column in self.columns]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Each column by its name."""
        return {column.name: column for column in self.columns}

    def of_kind(self, *kinds: Kind) -> list[str]:
        """Return the names of the columns of some kinds, in order."""
        return [column.name for column in self.columns if column.kind in kinds]


def dataset(
    name: str,
    label: str,
    columns: str,
    *,
    key: str = "",
    words: Mapping[str, Vocabulary] | None = None,
    open_: bool = False,
    brought: bool = False,
) -> Dataset:
    """Return a dataset from a table of its columns, one a line: name, kind, label.

    A kind with ``!`` says that no row is without a value, with ``+`` that no delivery is without
    the column. ``words`` gives the vocabulary of a
    column; ``key`` is parted by blanks.
    """
    words = dict(words or {})
    made = tuple(_column(line, words) for line in columns.strip().splitlines())
    if words:
        raise ValueError(f"{name} has no column {', '.join(words)}")
    names = [column.name for column in made]
    if len(set(names)) != len(names):
        raise ValueError(f"{name} has a column twice")
    found = Dataset(name, label, made, tuple(key.split()), open_ or brought, brought)
    absent = [one for one in found.key if one not in found.by_name]
    if absent:
        raise ValueError(f"{name} has no key column {absent[0]}")
    return found


def _column(line: str, words: dict[str, Vocabulary]) -> Column:
    name, kind, label = line.split(maxsplit=2)
    required, needed = NEVER_BLANK in kind, NEEDED in kind
    kind = kind.rstrip(NEVER_BLANK + NEEDED)
    if kind not in get_args(Kind):
        raise ValueError(f"{name}: {kind} is no kind of column")
    return Column(name, cast(Kind, kind), label, words.pop(name, None), required, needed)
