"""Baseline covariates of ADSL as a matrix for a model."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from cartend.analysis.plan import MISSING
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError

ALWAYS = ("AGE", "PRIORLIN")


class Covariates(NamedTuple):
    """A matrix (n, p) with its columns' names; what was missing has a column of its own."""

    matrix: np.ndarray
    names: tuple[str, ...]


def covariates(material: Material, times: Times, names: tuple[str, ...] = ()) -> Covariates:
    """Return the covariates of an endpoint's subjects.

    1. The named columns of ADSL; by default the strata, age and the number of prior lines.
    2. A numeric column enters as it is; where missing, the median with an indicator beside it.
    3. A text column enters as indicators of its levels but the first; MISSING is a level.
    4. A constant column says nothing and is left out.

    Raises
    ------
    NotDerivableError
        Where a named column is not in ADSL, or nothing varies.
    """
    absent = [name for name in names if name not in material.adsl]
    if absent:
        raise NotDerivableError(f"ADSL has no column {absent[0]}")
    columns: dict[str, np.ndarray] = {}
    for name in names or (*material.study.strata, *ALWAYS):
        if name in material.adsl:
            columns |= _columns_of(name, material.column(times, name))
    varying = {name: values for name, values in columns.items() if np.ptp(values) > 0}
    if not varying:
        raise NotDerivableError("no baseline covariate varies")
    return Covariates(np.column_stack(list(varying.values())), tuple(varying))


def _columns_of(name: str, values: pd.Series) -> dict[str, np.ndarray]:
    number = pd.to_numeric(values, errors="coerce") if values.dtype.kind in "iuf" else None
    if number is not None and number.nunique() > 2:
        filled = number.fillna(number.median()).to_numpy(dtype=float)
        missing = number.isna().to_numpy(dtype=float)
        return {name: filled, f"{name} {MISSING}": missing}
    words = values.map(lambda v: f"{v:g}" if isinstance(v, float) else v)
    text = words.astype(object).where(values.notna(), MISSING).map(str)
    levels = sorted(set(text))
    return {f"{name} {level}": (text == level).to_numpy(dtype=float) for level in levels[1:]}
