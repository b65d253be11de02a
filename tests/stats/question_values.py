"""Reading what R gave for the kernels behind the questions (tests/reference/questions)."""

import csv
import json
from functools import cache

import numpy as np
from reference_values import FOLDER


@cache
def question_values() -> dict:
    """Return R's values by topic."""
    return json.loads((FOLDER / "questions" / "values.json").read_text())


@cache
def table(name: str) -> dict[str, np.ndarray]:
    """Return the columns of a data set of the folder, NaN for what is empty."""
    with (FOLDER / "questions" / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {k: np.array([float(r[k] or "nan") for r in rows]) for k in rows[0]}
