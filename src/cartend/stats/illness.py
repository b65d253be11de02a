"""The illness-death model: the share of subjects in each state at each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartend.stats.counting import check_states, check_times

HALF = 0.5  # whoever dies on the very day of relapse is at risk of it for half a day


@dataclass(frozen=True)
class Occupation:
    """Probabilities of the four states at the T distinct times; columns add up to 1.

    ``free`` alive without relapse, ``relapsed`` alive after relapse, ``died_after`` dead after
    relapse, ``died_free`` dead without relapse; ``n_free`` at risk of leaving the first state.
    """

    time: np.ndarray
    n_free: np.ndarray
    free: np.ndarray
    relapsed: np.ndarray
    died_after: np.ndarray
    died_free: np.ndarray

    def at(self, time: float) -> dict[str, float]:
        """Return the four probabilities at a time; NaN after the last observation."""
        names = ("free", "relapsed", "died_after", "died_free")
        if not self.time.size or time > self.time[-1]:
            return dict.fromkeys(names, np.nan)
        step = int(np.searchsorted(self.time, time, side="right"))
        start = {"free": 1.0}
        return {
            name: float(getattr(self, name)[step - 1]) if step else start.get(name, 0.0)
            for name in names
        }


def occupation(
    first: np.ndarray, state: np.ndarray, last: np.ndarray, died: np.ndarray
) -> Occupation:
    """Estimate state occupation in the illness-death model by Aalen and Johansen (1978).

    1. Everybody starts alive without relapse and leaves at ``first``: ``state`` 1 dead, 2
       relapsed, 0 censored.
    2. Who relapsed is at risk of death from then to ``last``, where ``died`` says what happened;
       a death on the day of relapse counts half a day later.
    3. At every time p(t) = p(t-) (I + dA(t)), dA the Nelson-Aalen increments of the three
       transitions.

    Equals ``survival::survfit(Surv(start, stop, state) ~ 1, id=id)$pstate``.
    """
    first, _ = check_times(first, None)
    state = check_states("state", state, first.size, 2)
    ill = state == 2
    entry = first[ill].astype(float)
    end = np.maximum(np.asarray(last, dtype=float)[ill], entry + HALF)
    event = np.asarray(died)[ill] > 0
    grid = np.unique(np.concatenate((first, end)))
    n_free = first.size - np.searchsorted(np.sort(first), grid, side="left")
    to_death, to_relapse = (_counts(first[state == s], grid) for s in (1, 2))
    n_ill = np.searchsorted(np.sort(entry), grid, side="left")
    n_ill = n_ill - np.searchsorted(np.sort(end), grid, side="left")
    deaths = _counts(end[event], grid)
    rates = [
        part / np.maximum(n, 1)
        for part, n in ((to_relapse, n_free), (to_death, n_free), (deaths, n_ill))
    ]
    shares = np.empty((grid.size, 4))
    free, relapsed, after, without = 1.0, 0.0, 0.0, 0.0
    for i, (relapse, death, late) in enumerate(zip(*rates, strict=True)):
        without += free * death
        after += relapsed * late
        relapsed += free * relapse - relapsed * late
        free -= free * (relapse + death)
        shares[i] = (free, relapsed, after, without)
    return Occupation(grid, n_free, *shares.T)


def _counts(times: np.ndarray, grid: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(grid, times), minlength=grid.size).astype(float)
