"""A derived table in the columns, kinds and order of its contract."""

import pandas as pd

from cartend.contract.datasets.dataset import Dataset
from cartend.response.dates import DATE
from cartend.subject.domains import none_for_missing


def in_contract(rows: pd.DataFrame, dataset: Dataset, more: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the columns of a dataset, and ``more`` columns of text to their right.

    A column that the rows lack is missing throughout; a missing integer is 0.
    """
    out = rows.reindex(columns=[*dataset.names, *more]).reset_index(drop=True)
    out = out.astype(dict.fromkeys(dataset.of_kind("date"), DATE))
    out = out.astype(dict.fromkeys(dataset.of_kind("number"), float))
    whole = {name: out[name].fillna(0).astype("int64") for name in dataset.of_kind("integer")}
    return none_for_missing(out.assign(**whole), [*dataset.of_kind("text"), *more])
