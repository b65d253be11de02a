"""Components of the response in neuroblastoma (INRC 2017, specification 2.4).

Primary tumour, soft-tissue metastases, bone by MIBG (a Curie score; where the tumour does not take
up MIBG, the number of FDG-avid lesions) and marrow; each is involved in some of the children.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartend.simulate.assumed import assumed
from cartend.simulate.clock import words
from cartend.simulate.components.course import (
    Course,
    follow,
    laboratory_rows,
    level_of,
)
from cartend.simulate.components.lesions import (
    counted,
    described,
    identified,
    measured,
    new_lesion,
)
from cartend.simulate.trial import Trial

NOT_AVID = 0.12  # tumours that do not take up MIBG


@dataclass
class Sites:
    """Which sites are involved, and whether progression shows in the marrow."""

    involved: dict[str, np.ndarray]
    avid: np.ndarray
    marrow: np.ndarray


def progression_basis(trial: Trial) -> np.ndarray:
    """Return what shows each subject's progression: IMAGING, or MARROW."""
    basis = trial.params.disease.basis
    draw = np.random.Generator(np.random.PCG64(trial.seed + trial.batch))
    return words(draw, basis, len(trial.cohort))


def _sites(course: Course) -> Sites:
    """Return the involved sites: one at least, two where a minor response needs a second."""
    rng, n = course.rng("sites"), len(course.made)
    found = {
        name: rng.random(n) < share for name, share in assumed("neuroblastoma")["involved"].items()
    }
    none = ~np.any(list(found.values()), axis=0)
    found["BONE"] |= none | course.ever("MR")
    found["PRIMARY"] |= course.ever("MR")
    avid = rng.random(n) >= NOT_AVID
    return Sites(found, avid, progression_basis(course.trial) == "MARROW")


def neuroblastoma(course: Course) -> dict[str, list[pd.DataFrame]]:
    """Return the rows of LB, TU and TR."""
    sites, rng, n = _sites(course), course.rng("neuroblastoma"), len(course.made)
    tu, tr = _lesions(course, sites, rng)
    tr += _bone(course, sites, rng)
    seen = course.fit & course.bad & ~sites.marrow[:, None]
    lesion = new_lesion(course, seen, np.round(rng.uniform(12, 30, n)), "LYMPH NODE, NECK")
    lb = [_marrow(course, sites, rng)]
    return {"lb": lb, "tu": [*tu, lesion[0]], "tr": [*tr, lesion[1]]}


def _lesions(
    course: Course, sites: Sites, rng: np.random.Generator
) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    """Return TU and TR rows of the primary tumour and of a soft-tissue target."""
    n, tu, tr = len(course.made), [], []
    burden = course.trial.cohort["TUMBURD"].to_numpy(float)
    minor = course.ever("MR")
    for name, link, kind, place, part in (
        ("PRIMARY", "P1", "PRIMARY", "ADRENAL GLAND", 0.6),
        ("SOFT", "T1", "TARGET", "LIVER", 0.4),
    ):
        member = sites.involved[name]
        size = np.maximum(burden * part, 22.0)
        shrink = np.sqrt(course.factor)
        again = np.where(course.bridged == "CR", 5.0, np.maximum(size * shrink, 20.0))
        start = np.where(np.isnan(course.again), size, again)
        left = rng.integers(0, 9, n).astype(float)
        responds = minor & (name == "PRIMARY")  # of a minor response, the primary alone
        levels = {"CR": left, "PR": np.maximum(start * rng.uniform(0.35, 0.62, n), 11.0),
                  "MR": start * np.where(responds, 0.55, 0.95), "SD": start * 0.93}  # fmt: skip
        done = course.present(name)
        value = follow(course, level_of(course, levels), start, lambda lowest: lowest, done)
        avid = np.where(value < 10, "NOT AVID", "AVID").astype(object)
        avid = np.where(course.bad & (value < 10), "NOT AVID", avid)
        tu.append(identified(course, member, link, kind, place))
        tr.append(measured(course, member, link, "LDIAM", value, size, again, done))
        first = np.full(n, "AVID", object)
        tr.append(described(course, member, link, "MIBG", avid, first, done))
    return tu, tr


def _bone(course: Course, sites: Sites, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Return TR rows of the bone: Curie score, or the number of FDG-avid lesions."""
    n, frames = len(course.made), []
    for test, member, high in (
        ("CURIE", sites.involved["BONE"] & sites.avid, 24),
        ("FDGBONE", sites.involved["BONE"] & ~sites.avid, 14),
    ):
        first = rng.integers(8, high, n).astype(float)
        shrunk = np.maximum(np.ceil(first * course.factor), 6.0)
        again = np.where(course.bridged == "CR", 0.0, shrunk)
        start = np.where(np.isnan(course.again), first, again)
        levels = {"CR": np.zeros(n), "PR": np.floor(0.4 * start), "MR": start, "SD": start}
        done = course.present("BONE")
        value = follow(course, level_of(course, levels), start, lambda lowest: lowest, done)
        frames.append(counted(course, member, test, value, first, again, done))
    return frames


def _marrow(course: Course, sites: Sites, rng: np.random.Generator) -> pd.DataFrame:
    """Return LB rows of the marrow: clear, minimal disease or infiltrated."""
    n, member = len(course.made), sites.involved["MARROW"]
    first = np.where(member, rng.integers(12, 40, n), 0.0)
    shrunk = np.where(member, np.clip(np.round(first * course.factor), 10, 39), 0.0)
    again = np.where(course.bridged == "CR", 0.0, shrunk)
    start = np.where(np.isnan(course.again), first, again)
    partial = np.where(member, rng.integers(0, 5, n), 0.0)
    alone = member & ~np.any([sites.involved[name] for name in ("PRIMARY", "SOFT", "BONE")], axis=0)
    partial = np.where(alone, 3.0, partial)
    levels = {"CR": np.zeros(n), "PR": partial, "MR": start, "SD": start}

    def grow(lowest: np.ndarray) -> np.ndarray:
        risen = np.maximum(2.4 * lowest + 1, 28.0)
        return np.where(sites.marrow, np.minimum(risen, 98.0), lowest)

    shows = course.bad & course.fit & sites.marrow[:, None]
    done = course.present("MARROW") | shows
    value = follow(course, level_of(course, levels), start, grow, done)
    return laboratory_rows(course, "TUMCELBM", "BONE MARROW", value, first, again,
                           (done & member[:, None]) | shows, 0, "%")  # fmt: skip
