"""Components of the response in B-ALL (specification 2.3): marrow, blood, extramedullary sites."""

import numpy as np
import pandas as pd

from cartend.simulate.components.course import (
    BASELINE,
    FIRST,
    Course,
    at_visits,
    follow,
    laboratory_rows,
    level_of,
    texts,
)
from cartend.simulate.frames import block, iso

REMISSION = ("CR", "CRh", "CRi")
CLEARED = (*REMISSION, "MLFS")
FULL = 60.0  # per cent of marrow blasts above which progression shows outside the marrow
EXTRAMEDULLARY, CNS_RELAPSE = 0.10, 0.06


def leukaemia(course: Course) -> dict[str, list[pd.DataFrame]]:
    """Return the rows of LB and RS."""
    truth = course.truth
    rng, n = course.rng("leukaemia"), len(course.made)
    first = np.maximum(course.trial.cohort["TUMBURD"].to_numpy(float), 8.0)
    first = np.where(course.ever("PR"), np.maximum(first, 22.0), first)
    low = np.where(course.ever("PR"), 22.0, 8.0)
    again = np.where(course.bridged == "CR", 2.0, np.clip(first * course.factor, low, 96.0))
    base = np.where(np.isnan(course.again), first, again)
    marrow = _marrow(course, truth, base, rng)
    blood = _blood(course, truth, base, rng)
    cns = (truth == "RELAPSE") & (rng.random(n) < CNS_RELAPSE)[:, None]
    marrow, blood = np.where(cns, 1.5, marrow), np.where(cns, 0.0, blood)
    lb = [
        _test(course, "BLASTBM", "BONE MARROW", marrow, first, again, _certain(course)),
        _test(course, "BLASTPB", "BLOOD", blood, *_blood_base(first, again), course.fit),
        *_counts(course, truth, rng),
        _cellularity(course, truth),
    ]
    return {"lb": lb, "rs": _sites(course, truth, base, cns, rng)}


def _certain(course: Course) -> np.ndarray:
    """Return where marrow is examined; the first remission of a subject is always complete."""
    good = course.fit & np.isin(course.truth, REMISSION)
    first = good & (np.cumsum(good, axis=1) == 1)
    return course.present("BLASTBM") | first


def _marrow(
    course: Course, truth: np.ndarray, base: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    clear = rng.uniform(0.2, 3.8, len(base))
    partial = np.minimum(5.5 + 4 * rng.random(len(base)), 0.45 * base)
    stable = base * rng.uniform(0.78, 0.98, len(base))
    levels = dict.fromkeys(CLEARED, clear) | {"PR": partial, "NR": stable}
    back = rng.uniform(14, 85, len(base))

    def grow(lowest: np.ndarray) -> np.ndarray:
        risen = np.minimum(np.maximum(1.45 * lowest, lowest + 9), 97.0)
        return np.where(lowest < 5, back, risen)

    return follow(course, level_of(course, levels), base, grow, course.fit)


def _blood_base(first: np.ndarray, again: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return circulating blasts at the baselines: a part of those of the marrow, or none."""
    share = np.where(np.arange(len(first)) % 10 < 3, 0.0, 0.4)
    return share * first, np.where(again < 5, 0.0, share * again)


def _blood(
    course: Course, truth: np.ndarray, base: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    start = _blood_base(base, base)[1]
    levels = {"NR": start * 0.9}
    loud = rng.random(len(base)) < 0.6

    def grow(lowest: np.ndarray) -> np.ndarray:
        return np.where(loud, np.minimum(1.4 * lowest + 8, 95.0), lowest)

    return follow(course, level_of(course, levels), start, grow, course.fit)


def _test(
    course: Course, test: str, specimen: str, value: np.ndarray, first: np.ndarray,
    again: np.ndarray, present: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    return laboratory_rows(course, test, specimen, value, first, again, present, 1, "%")


def _counts(course: Course, truth: np.ndarray, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Neutrophils and platelets: they part CR, CRh and CRi."""
    n, frames = len(course.made), []
    for test, full, half, low, digits in (
        ("NEUT", (1.2, 4.5), (0.55, 0.95), (0.1, 0.45), 2),
        ("PLAT", (110, 290), (55, 95), (12, 45), 0),
    ):
        drawn = {name: rng.uniform(*span, n)[:, None] for name, span in
                 {"CR": full, "CRh": half, "CRi": low, "other": low}.items()}  # fmt: skip
        value = np.where(truth == "CR", drawn["CR"], drawn["other"])
        value = np.where(truth == "CRh", drawn["CRh"], value)
        value = np.broadcast_to(value, truth.shape)
        base = drawn["other"][:, 0]
        frames.append(laboratory_rows(course, test, "BLOOD", value, base, base,
                                      course.present(test), digits, "10^9/L"))  # fmt: skip
    return frames


def _cellularity(course: Course, truth: np.ndarray) -> pd.DataFrame:
    empty = np.where(truth == "MLFS", "HYPOCELLULAR", "ADEQUATE").astype(object)
    return at_visits(course, _certain(course), "LB", LBTESTCD="BMCELL", LBSPEC="BONE MARROW",
                     **texts("LB", empty))  # fmt: skip


def _sites(
    course: Course, truth: np.ndarray, base: np.ndarray, cns: np.ndarray, rng: np.random.Generator
) -> list[pd.DataFrame]:
    """Return RS rows of extramedullary disease and of the central nervous system."""
    n = len(base)
    had = rng.random(n) < EXTRAMEDULLARY
    outside = (truth == "PD") & (base > FULL)[:, None]
    held = had[:, None] & np.isin(truth, ("NR", "PR", "PD"))
    site = np.where(outside, "NEW", np.where(held, "PRESENT", "ABSENT")).astype(object)
    nerve = np.where(cns, "CNS3", "CNS1").astype(object)
    rows, frames = np.arange(n), []
    for test, value, first in (
        ("EMDRESP", site, np.where(had, "PRESENT", "ABSENT").astype(object)),
        ("CNSSTAT", nerve, np.full(n, "CNS1", object)),
    ):
        frames += [
            block(course.trial, rows, RSTESTCD=test, **texts("RS", first),
                  RSDTC=iso(course.trial, rows, np.full(n, FIRST)), VISIT=BASELINE),
            at_visits(course, course.present(test), "RS", RSTESTCD=test, **texts("RS", value)),
        ]  # fmt: skip
    return frames
