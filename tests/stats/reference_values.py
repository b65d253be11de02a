"""Reading the reference data sets and the values R gave for them."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[1] / "reference"
NAMES = sorted(p.stem for p in (FOLDER / "data").glob("*.csv"))
GROUPED = [n for n in NAMES if "logrank" in json.loads((FOLDER / f"values/{n}.json").read_text())]
WORDS = {"NA": np.nan, "NaN": np.nan, "Inf": np.inf, "-Inf": -np.inf}


@cache
def data(name: str) -> dict[str, np.ndarray | None]:
    """Return the columns of a data set; ``entry`` is None where nobody enters late."""
    with (FOLDER / "data" / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {k: np.array([float(WORDS.get(r[k], r[k])) for r in rows]) for k in rows[0]}
    if np.isnan(columns["entry"]).all():
        columns["entry"] = None
    for k in ("status", "grp", "str"):
        columns[k] = columns[k].astype(int)
    return columns


@cache
def values(name: str) -> dict:
    """Return what R gave for a data set."""
    return json.loads((FOLDER / "values" / f"{name}.json").read_text())


def curves(name: str) -> dict[str, dict[str, np.ndarray | None]]:
    """Return the data of each curve R estimated: all, and each group as g1, g2, ..."""
    columns = data(name)
    found = {}
    for key in values(name)["km"]:
        rows = slice(None) if key == "all" else columns["grp"] == int(key[1:])
        found[key] = {k: None if v is None else v[rows] for k, v in columns.items()}
    return found


def numbers(found: object) -> np.ndarray:
    """Return R's numbers as a float array, with its words for the missing ones read."""
    if not isinstance(found, list):
        found = [found]
    if found and isinstance(found[0], list):
        return np.array([numbers(row) for row in found])
    return np.array([float(WORDS.get(v, v)) if isinstance(v, str) else v for v in found], float)


def agree(ours: object, theirs: object, tolerance: float = 1e-8) -> None:
    """Assert equality to ``tolerance``, absolute or relative, NaN meeting NaN."""
    np.testing.assert_allclose(
        np.atleast_1d(ours), numbers(theirs), rtol=tolerance, atol=tolerance, equal_nan=True
    )


def design(d, more):
    """Return indicators of the groups after the first, and the columns ``more``."""
    groups = np.unique(d["grp"])[1:]
    return np.column_stack([(d["grp"] == g).astype(float) for g in groups] + more)


def case_weights(d):
    """Return the case weights and clusters that cox.R gives the rows."""
    number = np.arange(1, d["time"].size + 1)
    return 0.5 + (number % 5) / 2, number // 3


@cache
def heart() -> dict[str, np.ndarray]:
    """Return the Stanford heart transplants: rows (start, stop], transplant changing in time."""
    with (FOLDER / "heart.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    return {k: np.array([float(row[k]) for row in table]) for k in table[0]}


# Freireich 1963, remission of leukaemia under 6-mercaptopurine and under placebo, weeks.
SIX_MP_TIME = np.array(
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
)
SIX_MP_EVENT = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0])
PLACEBO_TIME = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])
LEUKAEMIA_TIME = np.concatenate((SIX_MP_TIME, PLACEBO_TIME))
LEUKAEMIA_EVENT = np.concatenate((SIX_MP_EVENT, np.ones(21, dtype=int)))
LEUKAEMIA_ARM = np.repeat([1, 0], 21)  # 1: 6-mercaptopurine

# All 228 patients of the lung data; `data/lung.csv` lacks the one without an ECOG grade.
_COMPLETE = np.loadtxt(FOLDER / "lung_complete.csv", delimiter=",", skiprows=1, dtype=int)
LUNG_TIME, LUNG_EVENT, LUNG_SEX = _COMPLETE.T
