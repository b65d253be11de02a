"""Reading the checked SDTM domains: the columns this project uses, present in every frame.

A column that a domain lacks reads as all missing, so that later steps ask for values, never for
the presence of a column.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from pyarrow import parquet

from cartend.contract.datasets.dataset import Dataset
from cartend.contract.datasets.sdtm import SDTM
from cartend.contract.terms.roles import COLUMN as ROLES

DATE = "datetime64[ms]"
IN_RESPONSES = ("AVALC", "EVAL")
"""What the intake adds to RS: the category of the criteria, and the evaluator."""


def read_domain(sdtm_dir: Path, name: str) -> pd.DataFrame:
    """Return one domain with every column of its contract, and ROLE as the intake wrote it.

    An absent file reads as no records.
    """
    path = Path(sdtm_dir) / f"{name}.parquet"
    if not path.exists():
        return complete_columns(pd.DataFrame({ROLES: []}), SDTM[name])
    used = None if name == "dm" else used_columns(path, SDTM[name])
    return complete_columns(pd.read_parquet(path, columns=used), SDTM[name])


def used_columns(path: Path, dataset: Dataset) -> list[str]:
    """Return the columns of a file that later steps use; DM is read whole, for its strata."""
    dates = [part for dtc in dataset.of_kind("dtc") for part in date_columns(dtc)]
    names = {*text_columns(dataset), *dataset.of_kind("integer", "number"), *dates, ROLES}
    return [name for name in parquet.read_schema(path).names if name in names]


def text_columns(dataset: Dataset) -> list[str]:
    """Return the columns of text that a domain has once it is read, USUBJID the first."""
    own = IN_RESPONSES if dataset.name == "RS" else ()
    return list(dict.fromkeys(["USUBJID", *dataset.of_kind("text"), *own]))


def read_domains(sdtm_dir: Path) -> dict[str, pd.DataFrame]:
    """Return every domain by its lower-case name."""
    return {name: read_domain(sdtm_dir, name) for name in SDTM}


def complete_columns(frame: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Return the frame with absent columns added as missing and kinds made certain.

    A date column ``<X>DTC`` stands for ``<X>DT_LO``, ``<X>DT_HI`` (the first and last day it may
    mean) and ``<X>DTF`` ('' complete, 'D' day missing, 'M' month missing). ROLE is never added:
    a table without it did not pass the intake.
    """
    columns = dict(frame.items())
    empty = pd.Series(None, index=frame.index, dtype=object)
    for name in text_columns(dataset):
        columns[name] = columns.get(name, empty).astype(object)
    for name in dataset.of_kind("integer", "number"):
        columns[name] = pd.to_numeric(columns.get(name, empty), errors="coerce").astype(float)
    for name in dataset.of_kind("dtc"):
        low, high, flag = date_columns(name)
        columns[low] = columns.get(low, empty).astype(DATE)
        columns[high] = columns.get(high, columns[low]).astype(DATE)
        columns[flag] = columns.get(flag, empty).astype(object)
    if ROLES in columns:
        columns[ROLES] = columns[ROLES].astype(object).astype("category")
    return pd.DataFrame(columns, index=frame.index)


def date_columns(dtc: str) -> tuple[str, str, str]:
    """Return the names of the earliest day, the latest day and the flag of a ``--DTC`` column."""
    stem = dtc[:-1]
    return f"{stem}_LO", f"{stem}_HI", f"{stem}F"


def none_for_missing(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the frame with these text columns as objects, None where missing."""
    text = {name: np.where(frame[name].notna(), frame[name], None) for name in names}
    return frame.assign(**text)


def first_by_subject(frame: pd.DataFrame, value: str) -> pd.Series:
    """Return the smallest value of a column per USUBJID."""
    return frame.groupby("USUBJID", sort=True)[value].min()


def coalesce(first: pd.Series, second: pd.Series | str) -> pd.Series:
    """Return text of the first column, of the second (or that constant) where it is missing."""
    filled = np.where(first.notna(), first.astype(object), second)
    return pd.Series(filled, index=first.index, dtype=object)
