"""ADTTE, ADRSP and the candidates as files, written analysis by analysis and checked as they are.

A file may hold hundreds of millions of rows, so that its contract is held block by block: columns,
kinds and words of each, and of the key that a subject stands once in a block and an analysis once
in a file.
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cartend.config.study import Study
from cartend.contract.check import TYPES, ContractError, check_block
from cartend.contract.datasets.dataset import Dataset, Kind
from cartend.contract.datasets.results import ADRSP, ADTTE, ANALYSIS_KEY, CANDIDATES, CARRIED

WRITTEN = {"adtte": ADTTE, "adrsp": ADRSP, "candidates": CANDIDATES}
"""The contract of each file that the ``events`` step writes."""
TEXT = pa.dictionary(pa.int32(), pa.string())
"""Text is a dictionary until it is written, and plain text in the file."""


def columns_of(dataset: Dataset, study: Study) -> dict[str, Kind]:
    """Return the columns of a dataset for a study with their kinds, strata after AGEGR."""
    columns: dict[str, Kind] = {}
    for column in dataset.columns:
        columns[column.name] = column.kind
        if column.name == CARRIED[-1]:
            own = [name for name in study.strata if name not in dataset.by_name]
            columns |= dict.fromkeys(own, "text")
    return columns


def schema_of(dataset: Dataset, study: Study, text: pa.DataType = TEXT) -> pa.Schema:
    """Return the schema of a dataset for a study, its text in the type given."""
    kinds = columns_of(dataset, study).items()
    return pa.schema([(name, text if kind == "text" else TYPES[kind]) for name, kind in kinds])


class Stream:
    """One file that is written block by block; a block is the rows of one analysis."""

    def __init__(self, name: str, path: Path, study: Study) -> None:
        self.path, self.dataset = path, WRITTEN[name]
        self.schema = schema_of(self.dataset, study)
        self._seen: set[tuple[object, ...]] = set()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(path, self.schema, store_schema=False)

    def add(self, block: pa.Table) -> None:
        """Check the rows of one analysis and write them; ContractError where one is wrong."""
        block = block.select(self.schema.names).cast(self.schema)
        check_block(block, self.dataset, self.path)
        self._key(block)
        self._writer.write_table(block)

    def _key(self, block: pa.Table) -> None:
        """Hold the key: a block is one analysis, which comes once, and a subject one row of it."""
        if not block.num_rows:
            return
        whose = [pc.unique(block[name]).to_pylist() for name in ANALYSIS_KEY]
        analysis = tuple(value for values in whose for value in values)
        where = f"{self.path}: {self.dataset.name}"
        if any(len(values) != 1 for values in whose) or analysis in self._seen:
            raise ContractError(f"{where} has the analysis {analysis} twice")
        self._seen.add(analysis)
        if not self.dataset.key:
            return
        twice = block.num_rows - len(pc.unique(block["USUBJID"]))
        if twice:
            raise ContractError(
                f"{where} has {twice} rows of {analysis} whose subject stands before"
            )

    def close(self) -> None:
        """End the file."""
        self._writer.close()


def as_frame(name: str, blocks: list[pa.Table], study: Study) -> pd.DataFrame:
    """Return the rows of all blocks of a dataset as a frame with plain text."""
    schema = schema_of(WRITTEN[name], study, pa.string())
    plain = [block.select(schema.names).cast(schema) for block in blocks]
    return pa.concat_tables(plain or [schema.empty_table()]).to_pandas()
