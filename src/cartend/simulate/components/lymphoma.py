"""Components of the response in lymphoma (Lugano 2014, specification 2.1): CT, PET, spleen."""

import numpy as np
import pandas as pd

from cartend.simulate.assumed import assumed
from cartend.simulate.components.course import (
    Course,
    at_visits,
    follow,
    level_of,
    texts,
)
from cartend.simulate.components.lesions import (
    counted,
    described,
    identified,
    measured,
    new_lesion,
)

LESIONS = 4
SITES: list[str] = assumed("lymphoma")["sites"]
SITES_WORDS = np.array(SITES, object)
PET_VISITS = 8  # scheduled visits with PET-CT
NODE, EXTRANODAL = 15.0, 10.0  # mm: longer is measurable
LARGE_SPLEEN = 0.22
NORMAL = 118.0  # mm


def lymphoma(course: Course) -> dict[str, list[pd.DataFrame]]:
    """Return the rows of TU and TR."""
    rng, n = course.rng("lymphoma"), len(course.made)
    found = rng.integers(1, LESIONS + 1, n)
    spread = rng.random(n) < 0.4  # progression by a new lesion
    pet = course.fit & (course.trial.scans.label >= 0)
    pet &= course.trial.scans.label < PET_VISITS
    done = course.present("CT")
    tu, tr = _targets(course, rng, found, spread, done)
    tu += [identified(course, found >= 2, "N1", "NON-TARGET", "LYMPH NODE, AXILLARY")]
    tr += _others(course, found, done) + _uptake(course, rng, pet & course.present("PET"), spread)
    seen = course.bad & course.fit & spread[:, None] & (course.day >= _treated(course))
    lesion = new_lesion(course, seen, np.round(rng.uniform(18, 34, n)))
    return {"tu": [*tu, lesion[0]], "tr": [*tr, lesion[1], _spleen(course, rng, done)]}


def _treated(course: Course) -> np.ndarray:
    """Return the start of treatment, before which no new lesion is drawn."""
    return course.trial.latent[["treat"]].fillna(0).to_numpy()


def _targets(
    course: Course, rng: np.random.Generator, found: np.ndarray, spread: np.ndarray,
    done: np.ndarray,
) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:  # fmt: skip
    """Return TU and TR rows of the target lesions; their products add up to the burden."""
    n, tu, tr = len(found), [], []
    each = course.trial.cohort["TUMBURD"].to_numpy() / found
    shape = rng.uniform(0.62, 0.92, (LESIONS, n))
    shrink = {"PR": np.sqrt(rng.uniform(0.16, 0.42, n)), "SD": np.sqrt(rng.uniform(0.68, 0.96, n))}
    gone = rng.random(n) < 0.55
    for place in range(LESIONS):
        member, link = found > place, f"T{place + 1}"
        long = np.maximum(np.sqrt(each / shape[place]), 18.0)
        first = {"LDIAM": long, "PERP": np.maximum(long * shape[place], 12.0)}
        keep = np.sqrt(np.where(np.isnan(course.again), 1.0, np.maximum(course.factor, 0.0)))
        again = {name: np.maximum(size * keep, floor) for (name, size), floor in
                 zip(first.items(), (17.0, 11.0), strict=True)}  # fmt: skip
        clear = course.bridged == "CR"
        node = SITES[place].startswith("LYMPH NODE")
        left = {"LDIAM": np.where(gone | (not node), 0.0, 12.0),
                "PERP": np.where(gone | (not node), 0.0, 8.0)}  # fmt: skip
        tu.append(identified(course, member, link, "TARGET", SITES[place]))
        for test, size in first.items():
            second = np.where(clear, left[test], again[test])
            start = np.where(np.isnan(course.again), size, second)
            value = _length(course, start, shrink, left[test], done, spread, test)
            rows = measured(course, member, link, test, value, size, second, done)
            tr.append(rows)
    return tu, tr


def _length(
    course: Course, start: np.ndarray, shrink: dict[str, np.ndarray], left: np.ndarray,
    done: np.ndarray, spread: np.ndarray, test: str,
) -> np.ndarray:  # fmt: skip
    """Return one diameter over time; in progression all targets grow, or stay beside a new one."""
    levels = {name: start * share for name, share in shrink.items()} | {"CR": left}
    back = 26.0 if test == "LDIAM" else 19.0

    def grow(lowest: np.ndarray) -> np.ndarray:
        grown = np.maximum(1.35 * lowest + 6, back)
        return np.where(spread, lowest, grown)

    early = course.bad & (course.day < _treated(course))
    value = follow(course, level_of(course, levels), start, grow, done)
    larger = np.repeat((1.35 * start + 6)[:, None], value.shape[1], axis=1)
    return np.where(early, larger, value)


def _others(course: Course, found: np.ndarray, done: np.ndarray) -> list[pd.DataFrame]:
    """Return TR rows of a non-target node: there until complete response."""
    state = np.where(course.truth == "CR", "ABSENT", "PRESENT").astype(object)
    back = course.bad & (np.cumsum(course.truth == "CR", axis=1) > 0)
    state = np.where(back, "ABSENT", state)
    first = np.full(len(found), "PRESENT", object)
    return [described(course, found >= 2, "N1", "TUMSTATE", state, first, done)]


def _uptake(
    course: Course, rng: np.random.Generator, done: np.ndarray, spread: np.ndarray
) -> list[pd.DataFrame]:
    """Return TR rows of PET-CT: Deauville score, change of uptake, new focus."""
    n, whole = len(course.made), np.ones(len(course.made), bool)
    low, high = rng.integers(1, 4, n), rng.integers(4, 6, n)
    score = np.where(course.truth == "CR", low[:, None], high[:, None]).astype(float)
    change = np.where(course.truth == "PR", "DECREASED", "UNCHANGED")
    change = np.where(course.bad, "INCREASED", change)
    first = np.full(n, 5.0)
    hot = done & (score >= 4)
    fresh = done & course.bad & spread[:, None] & (course.day >= _treated(course))
    focus = np.full(done.shape, "Y", object)
    return [
        counted(course, whole, "DEAUV", score, first, first, done),
        at_visits(course, hot, "TR", TRTESTCD="FDGCHG", **texts("TR", change.astype(object))),
        at_visits(course, fresh, "TR", TRTESTCD="FDGNEW", **texts("TR", focus)),
    ]  # fmt: skip


def _spleen(course: Course, rng: np.random.Generator, done: np.ndarray) -> pd.DataFrame:
    """Return TR rows of the spleen's length, enlarged in some, normal in complete response."""
    n = len(course.made)
    excess = np.where(rng.random(n) < LARGE_SPLEEN, rng.uniform(20, 60, n), 0.0)
    large = excess > 0
    first = np.where(large, 130 + excess, NORMAL)
    again = np.where(course.bridged == "CR", NORMAL, first)
    start = np.where(np.isnan(course.again), first, again)
    over = np.maximum(start - 130, 0.0)
    partial = np.where(over > 0, 130 + 0.3 * over, NORMAL)
    stable = np.where(over > 0, 130 + 0.9 * over, NORMAL)
    levels = {"CR": np.full(n, NORMAL), "PR": partial, "SD": stable}
    value = follow(course, level_of(course, levels), start, lambda lowest: lowest, done)
    return counted(course, np.ones(n, bool), "SPLEEN", value, first, again, done, "mm")
