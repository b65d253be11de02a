"""The one check of a table against its contract, at the border of every job."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cartend.contract.datasets.dataset import Column, Dataset, Kind
from cartend.contract.text import listed

TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "dtc": pa.string(),
    "date": pa.timestamp("ms"),
    "integer": pa.int64(),
    "number": pa.float64(),
}
"""How each kind of column stands in a file."""
SHOWN = 5


class ContractError(Exception):
    """A table is not what its contract says: a fault of the room that made it."""


def check(table: pd.DataFrame | pa.Table, dataset: Dataset, where: str | Path = "") -> pa.Table:
    """Return the table in the types of its contract, or stop with the first thing that is wrong.

    1. Every column of the contract is there; other columns only where the dataset is open.
    2. Each column has its kind. 3. A required column has no missing value.
    4. A column with a vocabulary holds its codes alone. 5. The key stands once.

    Raises
    ------
    ContractError
        One sentence that names the dataset, the column and what is wrong.
    """
    made = table if isinstance(table, pa.Table) else as_arrow(table, dataset)
    for sentence in violations(made, dataset):
        place = f"{where}: " if where else ""
        raise ContractError(f"{place}{dataset.name} {sentence}")
    return made


def check_block(block: pa.Table, dataset: Dataset, where: str | Path = "") -> None:
    """Check some rows of a table that is written block by block: all but its key.

    Raises
    ------
    ContractError
        As of ``check``.
    """
    check(block, replace(dataset, key=()), where)


def as_arrow(table: pd.DataFrame, dataset: Dataset) -> pa.Table:
    """Return a frame as an Arrow table, the columns of the contract in their types.

    Text stays text where every value is missing; a column that the contract does not know keeps
    the kind that it has.
    """
    fields = []
    for name, dtype in table.dtypes.items():
        column = dataset.by_name.get(str(name))
        kind = pa.string() if pd.api.types.is_object_dtype(dtype) else None
        kind = TYPES[column.kind] if column is not None else kind
        if kind is None:
            kind = pa.Array.from_pandas(table[name]).type
        fields.append(pa.field(str(name), kind))
    try:
        return pa.Table.from_pandas(table, schema=pa.schema(fields), preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise ContractError(f"{dataset.name}: {' '.join(str(error).split())}") from error


def violations(table: pa.Table, dataset: Dataset) -> Iterator[str]:
    """Yield what is wrong with a table, each as the rest of a sentence on the dataset."""
    absent = [name for name in dataset.names if name not in table.column_names]
    if absent:
        yield f"has no column {', '.join(absent)}"
        return
    foreign = [name for name in table.column_names if name not in dataset.by_name]
    if foreign and not dataset.open:
        yield f"has the column {foreign[0]}, which its contract does not know"
    for column in dataset.columns:
        yield from _of_column(table.column(column.name), column, not dataset.brought)
    if dataset.key and table.num_rows:
        yield from _key(table, dataset)


def _of_column(values: pa.ChunkedArray, column: Column, closed: bool) -> Iterator[str]:
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if kind != TYPES[column.kind] and not pa.types.is_null(kind):
        yield f"{column.name} is {kind}, not {TYPES[column.kind]}"
        return
    if column.required and values.null_count:
        yield f"{column.name} is missing in {values.null_count} of {len(values)} rows"
    if column.vocabulary is not None and closed and len(values):
        found = pc.unique(values.unify_dictionaries()).cast(pa.string()).drop_null().to_pylist()
        unknown = sorted(word for word in found if word and word not in column.vocabulary)
        if unknown:
            yield (
                f"{column.name} holds {listed(unknown[:SHOWN])}; allowed: "
                f"{', '.join(column.vocabulary)}"
            )


def _key(table: pa.Table, dataset: Dataset) -> Iterator[str]:
    key = table.select(list(dataset.key))
    different = key.group_by(list(dataset.key)).aggregate([]).num_rows
    if different != table.num_rows:
        yield (
            f"has {table.num_rows - different} rows whose key "
            f"({', '.join(dataset.key)}) stands before"
        )


def write_csv(table: pd.DataFrame, dataset: Dataset, path: Path) -> None:
    """Check a table and write it as CSV, in a folder that is made where it is not there."""
    check(table, dataset, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")


def write(table: pd.DataFrame | pa.Table, dataset: Dataset, path: Path) -> None:
    """Check a table and write it as Parquet."""
    pq.write_table(check(table, dataset, path), path)
