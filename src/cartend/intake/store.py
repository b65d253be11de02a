"""Writing what this room makes: typed Parquet files and the findings list."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame with text columns as text, even where every value is blank."""
    fields = [
        pa.field(name, pa.string() if frame[name].dtype == object else pa.from_numpy_dtype(dtype))
        for name, dtype in frame.dtypes.items()
    ]
    table = pa.Table.from_pandas(frame, schema=pa.schema(fields), preserve_index=False)
    pq.write_table(table, path)


def write_findings(found: pd.DataFrame, path: Path) -> None:
    """Write the findings list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found.to_csv(path, index=False, lineterminator="\n")
