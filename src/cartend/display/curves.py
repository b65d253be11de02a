"""The step functions of ``curves.parquet``, one object a group and event."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from cartend.contract.datasets.results import CURVES
from cartend.display.ard import Group


@dataclass(frozen=True)
class Curve:
    """One step function: its jumps, limits and numbers at risk, in days."""

    time: np.ndarray
    n_risk: np.ndarray
    n_censor: np.ndarray
    estimate: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @property
    def last(self) -> float:
        """Return the last day of follow-up."""
        return float(self.time[-1]) if len(self.time) else 0.0

    def at_risk(self, day: float) -> int:
        """Return how many are followed to that day or longer: the first row not before it."""
        place = int(np.searchsorted(self.time, day - 1e-9, side="left"))
        return int(self.n_risk[place]) if place < len(self.time) else 0

    def steps(self, start: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return time, estimate, lower and upper from the origin (value ``start``) on."""
        parts = (self.time, self.estimate, self.lower, self.upper)
        if len(self.time) and self.time[0] == 0:
            return parts
        origin = (0.0, start, np.nan, np.nan)
        return tuple(
            np.concatenate([[first], part]) for first, part in zip(origin, parts, strict=True)
        )

    def censored(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the days on which somebody is censored, and the curve's height there."""
        at = (self.n_censor > 0) & (self.time > 0)
        return self.time[at], self.estimate[at]


def curves_of(
    rows: pd.DataFrame, kind: str, by: str, arms: list[str]
) -> dict[tuple[Group, str], Curve]:
    """Return the curves of one endpoint by group and event, in the order of the rows.

    ``rows`` are the curve rows of one endpoint, population and evaluator; ``kind`` is ``km`` or
    ``cif``, ``by`` the stratifier (blank: none), ``arms`` the arms wanted (blank: pooled).
    """
    chosen = rows[(rows["curve"] == kind) & (rows["by"] == by) & rows["arm"].isin(arms)]
    found = {}
    for (arm, level, event), part in chosen.groupby(["arm", "level", "event"], sort=False):
        found[(Group(arm, by, level), str(event))] = curve_of(part)
    return found


def curve_of(part: pd.DataFrame) -> Curve:
    """Return the step function that some rows of the curves are, in the order of time."""
    part = part.sort_values("time", kind="stable")
    columns = [part[field.name] for field in fields(Curve)]
    return Curve(*(column.to_numpy(dtype=float, na_value=np.nan) for column in columns))


def read_curves(path: object) -> pd.DataFrame:
    """Return ``curves.parquet`` with its text columns free of nulls, and events as text."""
    frame = pd.read_parquet(path)
    for column in CURVES.of_kind("text"):
        if column != "event":
            frame[column] = frame[column].fillna("")
    frame["event"] = frame["event"].map({value: _event(value) for value in set(frame["event"])})
    return frame


def _event(value: object) -> str:
    if value is None or value != value or value == "":
        return ""
    return str(value)[:-2] if str(value).endswith(".0") else str(value)
