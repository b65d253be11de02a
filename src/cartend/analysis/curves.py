"""Step functions for the figures: one row a step of every curve, from time 0 on."""

from pathlib import Path

import numpy as np
import pandas as pd

from cartend.analysis.ard import Place
from cartend.analysis.levels import Places, sort_key
from cartend.contract.check import write
from cartend.contract.datasets.results import CURVES
from cartend.stats.competing import CumulativeIncidence
from cartend.stats.illness import Occupation
from cartend.stats.survival import KaplanMeier

LABELS = tuple(CURVES.of_kind("text"))
NUMBERS = tuple(CURVES.of_kind("number", "integer"))
COLUMNS = tuple(CURVES.names)
COUNTS = tuple(CURVES.of_kind("integer"))


class Curves:
    """Collects the curves of one study and scenario and writes them, sorted.

    A curve starts with its value at time 0, where everybody is at risk; limits are NaN where
    they do not exist.
    """

    def __init__(self, study: str, scenario: str, levels: Places | None = None) -> None:
        self._head = (study, scenario)
        self._levels = levels or {}
        self._parts: list[tuple[tuple[str, ...], tuple[np.ndarray, ...]]] = []

    def add_survival(self, place: Place, curve: KaplanMeier) -> None:
        """Add a Kaplan-Meier curve."""
        columns = (curve.n_event, curve.survival, curve.lower, curve.upper)
        self._add(place, ("km", ""), curve, *columns, start=1.0)

    def add_incidence(self, place: Place, curve: CumulativeIncidence, states: list[int]) -> None:
        """Add the cumulative incidence of every state that somebody reached."""
        for state in states:
            if state <= curve.estimate.shape[1]:
                columns = [
                    values[:, state - 1]
                    for values in (curve.n_event, curve.estimate, curve.lower, curve.upper)
                ]
                self._add(place, ("cif", str(state)), curve, *columns, start=0.0)

    def add_states(self, place: Place, curve: Occupation, names: tuple[str, ...]) -> None:
        """Add the probability of every state of a multi-state model; limits are unknown."""
        nothing = np.full(curve.time.size, np.nan)
        counts = np.zeros(curve.time.size, dtype=np.int64)
        for name in names:
            share = getattr(curve, name)
            start = 1.0 if name == names[0] else 0.0
            columns = (curve.time, curve.n_free, counts, counts, share, nothing, nothing)
            first = (0.0, int(curve.n_free.max(initial=0)), 0, 0, start, np.nan, np.nan)
            pairs = zip(first, columns, strict=True)
            numbers = tuple(np.concatenate(([one], more)) for one, more in pairs)
            self._parts.append(((*self._head, *place, "state", name), numbers))

    def _add(
        self,
        place: Place,
        kind: tuple[str, str],
        curve: KaplanMeier | CumulativeIncidence,
        n_event: np.ndarray,
        estimate: np.ndarray,
        lower: np.ndarray,
        upper: np.ndarray,
        *,
        start: float,
    ) -> None:
        numbers = (
            np.concatenate(([0.0], curve.time)),
            np.concatenate(([_at_origin(curve)], curve.n_risk)),
            np.concatenate(([0], n_event)),
            np.concatenate(([0], curve.n_censor)),
            np.concatenate(([start], estimate)),
            np.concatenate(([np.nan], lower)),
            np.concatenate(([np.nan], upper)),
        )
        self._parts.append(((*self._head, *place, *kind), numbers))

    def frame(self) -> pd.DataFrame:
        """Return all curves, ordered by their labels, levels in their order, and by time."""
        by = LABELS.index("by")
        parts = sorted(self._parts, key=lambda part: sort_key(self._levels, part[0], by))
        sizes = [part[1][0].size for part in parts]
        table = {}
        for i, name in enumerate(LABELS):
            values = np.array([part[0][i] for part in parts], dtype=object)
            table[name] = np.repeat(values, sizes)
        for i, name in enumerate(NUMBERS):
            values = [part[1][i] for part in parts]
            joined = np.concatenate(values) if values else np.empty(0)
            table[name] = joined.astype(np.int64 if name in COUNTS else float)
        return pd.DataFrame(table, columns=list(COLUMNS))

    def write(self, path: Path) -> None:
        """Check all curves and write them as parquet."""
        write(self.frame(), CURVES, path)


def _at_origin(curve: KaplanMeier | CumulativeIncidence) -> int:
    """Return how many are at risk from the origin on: not those who enter later."""
    if curve.entry is None:
        return curve.n
    return int(np.searchsorted(curve.entry, 0, side="right"))
