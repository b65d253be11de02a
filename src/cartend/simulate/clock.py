"""Time and chance: piecewise hazards, categorical draws and named random streams.

Times are days since the subject's day 0 (randomisation or enrolment) as floats; ``inf`` is never.
"""

import zlib

import numpy as np

from cartend.config.base import Model

NEVER = np.inf


class Range(Model):
    """A uniform time in days."""

    low: float
    high: float


class Hazard(Model):
    """A piecewise-constant hazard per day: ``rate[j]`` until ``until[j]``, the last for ever."""

    until: tuple[float, ...] = ()
    rate: tuple[float, ...]

    def cumulative(self, time: np.ndarray) -> np.ndarray:
        """Return the cumulative hazard at ``time``."""
        starts = np.array((0.0, *self.until))
        ends = np.array((*self.until, np.inf))
        spent = np.zeros(np.shape(time))
        for start, end, rate in zip(starts, ends, self.rate, strict=True):
            spent += rate * np.clip(np.minimum(time, end) - start, 0.0, None)
        return spent

    def inverse(self, total: np.ndarray) -> np.ndarray:
        """Return the time at which the cumulative hazard reaches ``total``."""
        knots = np.array((0.0, *self.until))
        reached = self.cumulative(knots)
        piece = np.searchsorted(reached, total, side="right") - 1
        rate = np.array(self.rate)[piece]
        with np.errstate(divide="ignore"):
            return knots[piece] + np.where(rate > 0, (total - reached[piece]) / rate, np.inf)


def stream(seed: int, batch: int, name: str) -> np.random.Generator:
    """Return the PCG64 generator of one named part, so that parts do not disturb each other."""
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence([seed, batch, zlib.crc32(name.encode())]))
    )


def choose(rng: np.random.Generator, weights: np.ndarray, size: int) -> np.ndarray:
    """Return category codes drawn with ``weights`` (one row for all, or one row a subject)."""
    weights = np.broadcast_to(np.asarray(weights, float), (size, np.shape(weights)[-1]))
    edges = np.cumsum(weights, axis=1)
    draw = rng.random(size) * edges[:, -1]
    return np.minimum((draw[:, None] >= edges).sum(axis=1), weights.shape[1] - 1)


def words(rng: np.random.Generator, weights: dict[str, float], size: int) -> np.ndarray:
    """Return words drawn with the given weights, as an object array."""
    codes = choose(rng, np.array(list(weights.values())), size)
    return np.array(list(weights), dtype=object)[codes]


def log_normal(rng: np.random.Generator, median: float, sd: float, size: int) -> np.ndarray:
    """Return log-normal times with the given median and log standard deviation."""
    return median * np.exp(sd * rng.standard_normal(size))


def delayed(rng: np.random.Generator, mean: float, size: int) -> np.ndarray:
    """Return gamma-distributed delays of shape 2, at least one day."""
    return 1.0 + rng.gamma(2.0, mean / 2.0, size)
