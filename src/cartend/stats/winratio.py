"""The win ratio of two arms over a hierarchy of times to event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from cartend.stats.counting import check_states, check_times
from cartend.stats.results import EstimationError, critical_value, not_estimable


@dataclass(frozen=True)
class WinRatio:
    """Wins over losses of the experimental arm, with limits; ``pairs`` counts all comparisons.

    ``wins`` and ``losses`` hold one entry a level of the hierarchy.
    """

    estimate: float
    lower: float
    upper: float
    p_value: float
    wins: tuple[int, ...]
    losses: tuple[int, ...]
    pairs: int
    note: str = ""


def win_ratio(
    outcomes: Sequence[tuple[np.ndarray, np.ndarray]], treated: np.ndarray, *, level: float = 0.95
) -> WinRatio:
    """Compare every treated subject with every control (Pocock et al., Eur Heart J 2012).

    1. ``outcomes`` are (time, event) in order of importance. On a level the treated subject wins
       where the control had the event and the treated was followed longer without or until a
       later event: t_c < t_t with an event of the control; it loses the other way round.
    2. A pair that is undecided goes to the next level.
    3. Variance of log(wins/losses) from the projections of the two U-statistics (Bebu and
       Lachin, Biostatistics 2016; Dong et al., Pharm Stat 2016); normal limits on the log scale.

    A censoring on the day of the other's event is later than it. Without wins or losses the
    ratio is NaN with a ``note``.
    """
    treated = np.asarray(treated) > 0
    if not outcomes:
        raise EstimationError("outcomes must hold at least one (time, event)")
    shape = (int(treated.sum()), int((~treated).sum()))
    won, lost = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    wins, losses = [], []
    for time, event in outcomes:
        time, _ = check_times(time, None)
        event = check_states("event", event, time.size, 1) > 0
        open_pairs = ~(won | lost)
        ours, theirs = time[treated][:, None], time[~treated][None, :]
        we, they = event[treated][:, None], event[~treated][None, :]
        win = open_pairs & they & ((ours > theirs) | ((ours == theirs) & ~we))
        loss = open_pairs & we & ((theirs > ours) | ((theirs == ours) & ~they))
        wins.append(int(win.sum()))
        losses.append(int(loss.sum()))
        won, lost = won | win, lost | loss
    pairs = shape[0] * shape[1]
    counts = (tuple(wins), tuple(losses), pairs)
    if not sum(wins) or not sum(losses):
        note = not_estimable("no pair is won" if not sum(wins) else "no pair is lost")
        return WinRatio(np.nan, np.nan, np.nan, np.nan, *counts, note)
    ratio = float(np.log(sum(wins) / sum(losses)))
    se = float(np.sqrt(_log_variance(won.astype(float), lost.astype(float))))
    half = critical_value(level) * se
    p_value = float(erfc(abs(ratio / se) / np.sqrt(2))) if se > 0 else np.nan
    limits = (np.exp(ratio - half), np.exp(ratio + half))
    return WinRatio(float(np.exp(ratio)), *map(float, limits), p_value, *counts)


def _log_variance(won: np.ndarray, lost: np.ndarray) -> float:
    """Return the variance of log(wins/losses): of the difference of the scaled projections."""
    score = won / won.mean() - lost / lost.mean()
    rows, columns = score.mean(axis=1), score.mean(axis=0)
    parts = [np.var(part, ddof=1) / part.size if part.size > 1 else 0.0 for part in (rows, columns)]
    return float(sum(parts))
