"""Writing what this room makes: the tables, each held against its contract, and the findings."""

from pathlib import Path

import pandas as pd

from cartend.contract.check import write, write_csv
from cartend.contract.datasets.adam import BROUGHT
from cartend.contract.datasets.findings import FINDINGS
from cartend.contract.datasets.sdtm import SDTM


def write_table(table: pd.DataFrame, name: str, folder: Path) -> None:
    """Write a domain, or a dataset as brought, in the types of its contract."""
    write(table, {**SDTM, **BROUGHT}[name], folder / f"{name}.parquet")


def write_findings(found: pd.DataFrame, path: Path) -> None:
    """Write the findings list."""
    write_csv(found, FINDINGS, path)
