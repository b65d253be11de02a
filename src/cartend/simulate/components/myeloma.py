"""Components of the response in myeloma (IMWG 2016, specification 2.2).

What is measurable differs: M-protein in serum, in urine, in both, free light chains alone, or
nothing. Progression is shown by the measurable protein, or by a new plasmacytoma where imaging is
its basis or where no two samples before it confirm how low the protein was.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartend.simulate.assumed import assumed
from cartend.simulate.clock import words
from cartend.simulate.components.course import (
    Course,
    assessments,
    at_baseline,
    at_visits,
    laboratory_rows,
    level_of,
    texts,
)
from cartend.simulate.components.lesions import identified, measured, new_lesion
from cartend.simulate.trial import Trial

BY_IMAGING = 0.20
PER_DECILITRE = ("004", "009")  # sites that report free light chains in mg/dL
NORMAL_CHAIN = 10.0  # mg/L
COMPLETE, IMMUNE = ("sCR", "CR"), ("sCR", "CR", "VGPR")


@dataclass
class Proteins:
    """Serum (g/dL), urine (mg/24 h) and involved chain (mg/L) of every subject over time."""

    kind: np.ndarray
    start: dict[str, np.ndarray]
    value: dict[str, np.ndarray]
    imaging: np.ndarray  # progression is seen by imaging


def isotypes(trial: Trial) -> np.ndarray:
    """Return the isotype of each subject: light chain where no intact protein is in the serum."""
    course = assessments(trial)
    kind, rng = _kinds(course), course.rng("isotype")
    heavy = words(rng, {"IGG": 0.72, "IGA": 0.28}, len(kind))
    return np.where(np.isin(kind, ("URINE", "FLC")), "LIGHT CHAIN", heavy)


def progression_basis(trial: Trial) -> np.ndarray:
    """Return what shows each subject's progression: SERUM, URINE or IMAGING."""
    found = _proteins(assessments(trial))
    protein = np.where(found.kind == "URINE", "URINE", "SERUM")
    return np.where(found.imaging, "IMAGING", protein).astype(object)


def myeloma(course: Course) -> dict[str, list[pd.DataFrame]]:
    """Return the rows of LB, TU and TR."""
    found, n = _proteins(course), len(course.made)
    lb = [*_m_protein(course, found), *_chains(course, found), *_fixation(course, found)]
    lb += _marrow(course)
    tu, tr = _plasmacytoma(course)
    seen = course.fit & course.bad & found.imaging[:, None]
    lesion = new_lesion(course, seen, course.rng("new").integers(18, 40, n).astype(float), "RIB")
    return {"lb": lb, "tu": [*tu, lesion[0]], "tr": [*tr, lesion[1]]}


def _kinds(course: Course) -> np.ndarray:
    """Return what is measurable.

    A minimal response is defined by M-protein alone, a very good partial one not by marrow alone.
    """
    kind = words(course.rng("measurable"), assumed("myeloma")["measurable"], len(course.made))
    marrow = (course.trial.cohort["TUMBURD"] >= 30).to_numpy() & (kind == "NONE")
    return np.where(course.ever("MR") | (marrow & course.ever("VGPR")), "SERUM", kind)


def _proteins(course: Course) -> Proteins:
    """Return the proteins over time.

    1. The last baseline; that of the serum is at least 1 g/dL where it is measurable. 2. A share
    of it by the state. 3. On progression a rise over the lowest level that two samples in a row
    confirm; where the lowest single sample is far below that, imaging shows the progression.
    """
    kind, rng, n = _kinds(course), course.rng("proteins"), len(course.made)
    serum, urine = np.isin(kind, ("SERUM", "BOTH")), np.isin(kind, ("URINE", "BOTH"))
    base = {
        "serum": np.where(serum, np.clip(2.9 * np.exp(0.5 * rng.standard_normal(n)), 1.4, 7.5),
                          np.where(kind == "NONE", 0.6, 0.0)),
        "urine": np.where(urine, rng.uniform(900, 4000, n),
                          np.where(kind == "SERUM", 0.0, 90.0)),
        "chain": np.where(kind == "FLC", rng.uniform(250, 2800, n), rng.uniform(30, 90, n)),
    }  # fmt: skip
    share = {"PR": rng.uniform(0.18, 0.45, n), "MR": rng.uniform(0.56, 0.72, n),
             "SD": rng.uniform(0.84, 1.0, n)}  # fmt: skip
    levels = {name: _levels(name, size, share) for name, size in base.items()}
    imaging = rng.random(n) < BY_IMAGING
    value, imaging = _rise(course, kind, base, levels, imaging | (kind == "NONE"))
    return Proteins(kind, base, value, imaging)


def _levels(name: str, base: np.ndarray, share: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the amount in each state, for a base that counts as measurable or not."""
    found = {word: base * part for word, part in share.items()} | {"VGPR": 0.05 * base}
    if name == "urine":
        found |= {"PR": np.where(base > 200, np.maximum(0.08 * base, 125.0), base * share["PR"])}
        found |= {"VGPR": np.minimum(0.02 * base, 90.0), "MR": 0.3 * base}
    if name == "chain":
        clonal = np.maximum(base - NORMAL_CHAIN, 0.0)
        found = {word: NORMAL_CHAIN + clonal * part for word, part in share.items()}
        found |= {"VGPR": NORMAL_CHAIN + 0.05 * clonal, "CR": NORMAL_CHAIN + 2 + 0 * base}
        found |= {"sCR": NORMAL_CHAIN - 1 + 0 * base}
    return found


RISE = {"serum": (1.4, 0.8, 1.3), "urine": (1.4, 320.0, 320.0), "chain": (1.4, 160.0, 160.0)}


def _rise(
    course: Course, kind: np.ndarray, base: dict[str, np.ndarray],
    levels: dict[str, dict[str, np.ndarray]], imaging: np.ndarray,
) -> tuple[dict[str, np.ndarray], np.ndarray]:  # fmt: skip
    """Let the leading protein of each subject rise on progression, the others keep their level."""
    value, slow, undecided = {}, np.zeros(len(kind), bool), {}
    for name, states in levels.items():
        leading = np.array([assumed("myeloma")["leading"][word] == name for word in kind])
        level = level_of(course, states)
        confirmed, lowest = _lowest(course, level, base[name], name)
        undecided[name] = leading & (confirmed > 1.5 * lowest + RISE[name][1] / 4)
        slow |= undecided[name]
        value[name] = (level, confirmed, lowest, leading)
    imaging = imaging | slow
    found = {}
    for name, (level, confirmed, lowest, leading) in value.items():
        times, least, high = RISE[name]
        added = np.where(confirmed >= 4.8, high, least) if name == "serum" else least
        risen = np.maximum(times * confirmed, confirmed + added)
        late = np.where(leading & ~imaging, risen, lowest)
        found[name] = np.where(course.bad, late[:, None], level)
    return found, imaging


def _lowest(
    course: Course, level: np.ndarray, base: np.ndarray, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest confirmed and the lowest measured amount before the first progression."""
    measured = course.present(name) & ~course.bad
    measured &= np.cumsum(course.bad & course.made, axis=1) == 0
    confirmed, lowest, before = base.copy(), base.copy(), base.copy()
    for place in range(level.shape[1]):
        seen, now = measured[:, place], level[:, place]
        confirmed = np.where(seen, np.minimum(confirmed, np.maximum(before, now)), confirmed)
        lowest = np.where(seen, np.minimum(lowest, now), lowest)
        before = np.where(seen, now, before)
    return confirmed, lowest


def _first(course: Course, base: np.ndarray) -> np.ndarray:
    """Return the amount at the first baseline, of which bridging left ``base``."""
    return base / np.where(course.factor > 0, course.factor, 0.5)


def _m_protein(course: Course, found: Proteins) -> list[pd.DataFrame]:
    rows = []
    for test, name, specimen, digits, unit in (
        ("MPROTS", "serum", "SERUM", 2, "g/dL"),
        ("MPROTU", "urine", "URINE", 0, "mg/24h"),
    ):
        base = found.start[name]
        again = np.where(course.bridged == "CR", 0.0, base)
        rows.append(laboratory_rows(course, test, specimen, found.value[name],
                                    _first(course, base), again, course.present(name), digits,
                                    unit))  # fmt: skip
    return rows


def _chains(course: Course, found: Proteins) -> list[pd.DataFrame]:
    """Return LB rows of both free light chains; some sites report mg/dL."""
    n, kappa = len(course.made), course.rng("chain").random(len(course.made)) < 0.62
    site = course.trial.cohort["SITEID"].isin(PER_DECILITRE).to_numpy()
    unit, divisor = np.where(site, "mg/dL", "mg/L").astype(object), np.where(site, 10.0, 1.0)
    base, present, rows = found.start["chain"], course.present("chain"), []
    clear = course.bridged == "CR"
    for test, own in (("FLCK", kappa), ("FLCL", ~kappa)):
        other = np.full(n, NORMAL_CHAIN)
        value = np.where(own[:, None], found.value["chain"], NORMAL_CHAIN)
        first = np.where(own, _first(course, base), other)
        again = np.where(own & ~clear, base, other)
        parts = (value / divisor[:, None], first / divisor, again / divisor)
        rows.append(laboratory_rows(course, test, "SERUM", *parts, present, 2, unit))
    return rows


def _fixation(course: Course, found: Proteins) -> list[pd.DataFrame]:
    """Return LB rows of immunofixation, done where little protein is left."""
    rows = []
    asked = course.fit & np.isin(course.truth, IMMUNE)
    for test, specimen, kinds in (
        ("IFIXS", "SERUM", ("SERUM", "BOTH", "NONE")),
        ("IFIXU", "URINE", ("URINE", "BOTH", "FLC")),
    ):
        shown = ~np.isin(course.truth, COMPLETE) & np.isin(found.kind, kinds)[:, None]
        value = np.where(shown, "POSITIVE", "NEGATIVE").astype(object)
        rows.append(at_visits(course, asked & course.present(test), "LB", LBTESTCD=test,
                              LBSPEC=specimen, **texts("LB", value)))  # fmt: skip
    return rows


def _due(course: Course, states: tuple[str, ...], visits: tuple[str, ...], name: str) -> np.ndarray:
    """Return where a test that is carried forward is made.

    At its visits, unless it is missing, and at the first assessment in one of the states.
    """
    present, due = course.present(name), np.zeros(course.made.shape, bool)
    known = np.full(len(due), -1)
    for place in range(due.shape[1]):
        now = course.state[:, place]
        fresh = np.isin(course.truth[:, place], states) & (known != now)
        planned = np.isin(course.visit[:, place], visits) & present[:, place]
        due[:, place] = (fresh | planned) & course.fit[:, place]
        known = np.where(due[:, place], now, known)
    return due


def _marrow(course: Course) -> list[pd.DataFrame]:
    """Return LB rows of plasma cells and their clonality."""
    rng, n = course.rng("marrow"), len(course.made)
    base = course.trial.cohort["TUMBURD"].to_numpy(float)
    few = rng.uniform(0.5, 3.8, n)
    levels = {"sCR": few / 2, "CR": few, "VGPR": np.minimum(few + 1, 4.5), "PR": 0.35 * base,
              "MR": 0.6 * base, "SD": 0.9 * base, "PD": 0.9 * base}  # fmt: skip
    again = np.where(course.bridged == "CR", few, np.maximum(base * course.factor, 5.0))
    due = _due(course, COMPLETE, assumed("myeloma")["marrow_visits"], "marrow")
    clonal = np.where(course.truth == "sCR", "NEGATIVE", "POSITIVE").astype(object)
    word = texts("LB", np.full(n, "POSITIVE", object))
    late = texts("LB", np.where(course.bridged == "CR", "NEGATIVE", "POSITIVE").astype(object))
    fixed = {"LBTESTCD": "CLONALPC", "LBSPEC": "BONE MARROW"}
    return [
        laboratory_rows(course, "PLSMCELL", "BONE MARROW", level_of(course, levels), base, again,
                        due, 1, "%"),
        at_baseline(course, "LB", word, late, **fixed),
        at_visits(course, due, "LB", **fixed, **texts("LB", clonal)),
    ]  # fmt: skip


def _plasmacytoma(course: Course) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    """Return TU and TR rows of one plasmacytoma, of those with extramedullary disease."""
    rng, n = course.rng("plasmacytoma"), len(course.made)
    member = (course.trial.cohort["EXTRAMED"] == "Y").to_numpy()
    long = rng.uniform(24, 62, n)
    share = {"PR": 0.60, "MR": 0.62, "SD": 0.95}
    due = _due(
        course, tuple(course.trial.params.states), assumed("myeloma")["imaging_visits"], "imaging"
    )
    tr = []
    for test, size in (("LDIAM", long), ("PERP", 0.7 * long)):
        base = np.where(np.isnan(course.again), size, size * np.sqrt(course.factor))
        level = level_of(course, {word: base * part for word, part in share.items()})
        still = np.where(course.bad, np.minimum.accumulate(
            np.where(course.bad, np.inf, level), axis=1), level)  # fmt: skip
        still = np.where(np.isfinite(still), still, base[:, None])
        tr.append(measured(course, member, "P1", test, still, size, base, due))
    return [identified(course, member, "P1", "TARGET", "CHEST WALL")], tr
