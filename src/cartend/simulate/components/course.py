"""The assessments of one trial as matrices, the baselines, and rows made of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cartend.simulate.assumed import assumed
from cartend.simulate.clock import stream, words
from cartend.simulate.frames import block, iso
from cartend.simulate.process import CONDITIONING
from cartend.simulate.scans import true_state
from cartend.simulate.seen import seen_scans
from cartend.simulate.trial import Trial

BASELINE, REBASELINE = "BASELINE", "RE-BASELINE"
FIRST = -3.0  # day of the first baseline
NOT_REPEATED, OLD = 0.10, 0.15  # no re-baseline after bridging; older than a week
MISSING = 0.07  # share of visits that lack a component


@dataclass
class Course:
    """Every planned assessment: one row a subject, one column an assessment, in order of time.

    ``made``: it took place; ``fit``: and can be evaluated; ``state``: category code of the truth.
    ``again``: day of the re-baseline, NaN without one; ``bridged``: response to bridging in words.
    """

    trial: Trial
    made: np.ndarray
    fit: np.ndarray
    state: np.ndarray
    again: np.ndarray
    bridged: np.ndarray

    @property
    def day(self) -> np.ndarray:
        """Days of the assessments since day 0."""
        return self.trial.scans.day

    @cached_property
    def visit(self) -> np.ndarray:
        """Labels of the assessments."""
        labels = [visit.label for visit in self.trial.study.visits.schedule]
        return np.array([*labels, "UNSCHEDULED"], object)[self.trial.scans.label]

    @property
    def bad(self) -> np.ndarray:
        """Whether the disease has progressed on the day."""
        return self.state >= self.trial.params.progressed

    @cached_property
    def truth(self) -> np.ndarray:
        """Return the true category in words; without a remission seen before, a relapse is PD."""
        params = self.trial.params
        shown = np.array(params.states, object)[self.state]
        seen = self.fit & np.isin(shown, params.remission)
        before = np.cumsum(seen, axis=1) > 0
        return np.where((shown == "RELAPSE") & ~before, "PD", shown)

    @property
    def factor(self) -> np.ndarray:
        """Size of the disease at the last baseline over that at the first."""
        share = np.array([assumed("bridging")["shrunk"].get(word, 1.0) for word in self.bridged])
        return np.where(np.isnan(self.again), 1.0, share)

    def code(self, word: str) -> int:
        """Return the code of a category."""
        return self.trial.params.states.index(word)

    def ever(self, word: str) -> np.ndarray:
        """Return who is in a category at any time before progression."""
        latent = self.trial.latent
        return ((latent["c1"] == self.code(word)) | (latent["c2"] == self.code(word))).to_numpy()

    def rng(self, name: str) -> np.random.Generator:
        """Return the random stream of one part of the components."""
        return stream(self.trial.seed, self.trial.batch, f"components {name}")

    def present(self, name: str) -> np.ndarray:
        """Return where a component that may be missing is there."""
        share = MISSING / 4
        return self.fit & (self.rng(f"missing {name}").random(self.made.shape) >= share)


def assessments(trial: Trial) -> Course:
    """Return the assessments of a trial and the re-baselines of those bridged."""
    made = seen_scans(trial)
    state = true_state(trial.params, trial.latent, trial.scans.day)
    again, bridged = _again(trial, made)
    return Course(trial, made, made & ~trial.scans.blind, state, again, bridged)


def _again(trial: Trial, made: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return day and response of the re-baseline, some days before lymphodepletion.

    It is made after bridging, in most, unless an assessment came after the bridging already.
    """
    rng, latent, n = stream(trial.seed, trial.batch, "re-baseline"), trial.latent, len(made)
    depletion = latent["inf"].to_numpy() - CONDITIONING
    back = np.floor(rng.uniform(1, 6, n)) + np.where(rng.random(n) < OLD, 7.0, 0.0)
    last = latent["br_end"].to_numpy()
    day = np.maximum(depletion - back, last + 1)
    done = np.isfinite(last) & trial.happens("br_start") & trial.happens("inf")
    done &= (day < depletion) & (rng.random(n) >= NOT_REPEATED)
    done &= ~(made & (trial.scans.day <= day[:, None])).any(axis=1)
    response = words(rng, assumed("bridging")["response"], n)
    early = made & (trial.scans.day < latent["t1"].to_numpy()[:, None])
    clean = (latent["c1"] == 0).to_numpy() & ~early.any(axis=1)
    response = np.where((response == "CR") & ~clean, "SD", response)
    response = np.where(latent["early_pd"].to_numpy() <= day, "PD", response)
    return np.where(done, day, np.nan), np.where(done, response, None)


def follow(
    course: Course,
    level: np.ndarray,
    start: np.ndarray,
    grow: Callable[[np.ndarray], np.ndarray],
    measured: np.ndarray,
    bad: np.ndarray | None = None,
) -> np.ndarray:
    """Return the values of one measurement, [subjects x assessments].

    Without progression it is ``level``; on progression ``grow`` of the lowest measured value.
    """
    bad = course.bad if bad is None else bad
    lowest, value = start.astype(float), np.array(level, float)
    for place in range(value.shape[1]):
        value[:, place] = np.where(bad[:, place], grow(lowest), value[:, place])
        seen = measured[:, place] & (value[:, place] < lowest)
        lowest = np.where(seen, value[:, place], lowest)
    return value


def level_of(course: Course, levels: dict[str, np.ndarray]) -> np.ndarray:
    """Return, for each assessment, the subject's value in the state that it shows."""
    n, k = course.made.shape
    blank = np.zeros(n)
    table = np.column_stack([levels.get(word, blank) for word in course.trial.params.states])
    return np.take_along_axis(table, course.state.reshape(n, k), axis=1)


def wobble(course: Course, name: str, value: np.ndarray, share: float = 0.02) -> np.ndarray:
    """Return values with a small error of measurement."""
    return value * (1 + share * course.rng(name).uniform(-1, 1, value.shape))


def at_visits(course: Course, where: np.ndarray, domain: str, **columns: object) -> pd.DataFrame:
    """Return one row for each assessment in ``where``; matrices are read at those places."""
    rows, places = np.nonzero(where)
    taken = {
        name: value[rows, places] if getattr(value, "shape", ()) == where.shape else value
        for name, value in columns.items()
    }
    day = course.day[rows, places]
    return block(course.trial, rows, **taken,
                 **{f"{domain}DTC": iso(course.trial, rows, day)},
                 VISIT=course.visit[rows, places])  # fmt: skip


def at_baseline(
    course: Course, domain: str, value: dict[str, np.ndarray], again: dict[str, np.ndarray],
    member: np.ndarray | None = None, **columns: object,
) -> pd.DataFrame:  # fmt: skip
    """Return baseline rows of ``member``, and re-baseline rows where there is one.

    ``value`` and ``again`` hold the columns that differ, arrays by subject.
    """
    n, frames = len(course.made), []
    member = np.ones(n, bool) if member is None else member
    second = member & ~np.isnan(course.again)
    for rows, day, visit, given in (
        (np.flatnonzero(member), np.full(n, FIRST), BASELINE, value),
        (np.flatnonzero(second), course.again, REBASELINE, again),
    ):
        own = {
            name: cell[rows] if isinstance(cell, np.ndarray) else cell
            for name, cell in given.items()
        }
        frames.append(
            block(course.trial, rows, **columns, **own, **{f"{domain}BLFL": "Y"},
                  **{f"{domain}DTC": iso(course.trial, rows, day[rows])}, VISIT=visit)
        )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def numbers(domain: str, value: np.ndarray, digits: int, unit: object) -> dict[str, object]:
    """Return result columns of a number, rounded, with its unit."""
    found = np.round(value, digits)
    flat = np.array([f"{number:g}" for number in found.ravel()], object).reshape(found.shape)
    return {f"{domain}ORRES": flat, f"{domain}ORRESU": unit, f"{domain}STRESC": flat,
            f"{domain}STRESN": found, f"{domain}STRESU": unit}  # fmt: skip


def texts(domain: str, value: np.ndarray) -> dict[str, object]:
    """Return result columns of a word."""
    return {f"{domain}ORRES": value, f"{domain}STRESC": value}


def laboratory_rows(
    course: Course, test: str, specimen: str, value: np.ndarray, base: np.ndarray,
    again: np.ndarray, present: np.ndarray, digits: int, unit: str | np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    """Return LB rows of one numeric test: baseline, re-baseline and assessments."""
    value = wobble(course, test, value)
    fixed, many = {"LBTESTCD": test, "LBSPEC": specimen}, value.shape[1]
    unit = np.asarray(unit, object)
    unit = np.broadcast_to(unit, len(value)) if unit.ndim == 0 else unit
    wide = np.repeat(unit[:, None], many, axis=1)
    frames = [
        at_baseline(course, "LB", numbers("LB", base, digits, unit),
                    numbers("LB", again, digits, unit), **fixed),
        at_visits(course, present, "LB", **fixed, **numbers("LB", value, digits, wide)),
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)
