"""The component rows of one trial by domain, and the truth of every assessment."""

import numpy as np
import pandas as pd

from cartend.simulate.components import myeloma as mm
from cartend.simulate.components import neuroblastoma as nb
from cartend.simulate.components.course import REBASELINE, Course, assessments
from cartend.simulate.components.leukaemia import leukaemia
from cartend.simulate.components.lymphoma import lymphoma
from cartend.simulate.frames import block, iso
from cartend.simulate.trial import Trial

READERS = {"BALL": leukaemia, "LBCL": lymphoma, "MM": mm.myeloma, "NB": nb.neuroblastoma}
BASIS = {"MM": mm.progression_basis, "NB": nb.progression_basis}


def component_rows(trial: Trial) -> dict[str, list[pd.DataFrame]]:
    """Return the component rows: lists of frames for LB, TU, TR and RS, and facts for SC."""
    course = assessments(trial)
    found = {"lb": [], "tu": [], "tr": [], "rs": []} | READERS[trial.params.prefix](course)
    return {**found, "rs": [*found["rs"], _bridging_response(course)], "sc": _facts(trial)}


def _facts(trial: Trial) -> list[pd.DataFrame]:
    """Return SC rows of what the components are drawn by: the isotype of myeloma."""
    if trial.params.prefix != "MM":
        return []
    rows = np.arange(len(trial.cohort))
    return [block(trial, rows, SCTESTCD="ISOTYPE", SCSTRESC=mm.isotypes(trial))]


def progression_basis(trial: Trial) -> np.ndarray:
    """Return what each subject's progression is seen by (PDBASIS)."""
    own = BASIS.get(trial.params.prefix)
    if own is not None:
        return own(trial)
    return np.full(len(trial.cohort), next(iter(trial.params.disease.basis)), object)


def _bridging_response(course: Course) -> pd.DataFrame:
    """Return RS rows of the response to bridging, as the investigator gives it."""
    rows = np.flatnonzero(~np.isnan(course.again))
    word = course.bridged[rows]
    best = course.trial.params.states
    named = {"CR": best[0], "SD": best[course.trial.params.progressed - 1]}
    word = np.array([named.get(name, name) for name in word], object)
    return block(course.trial, rows, RSTESTCD="BRIDRESP", RSORRES=word, RSSTRESC=word,
                 RSEVAL="INVESTIGATOR", RSDTC=iso(course.trial, rows, course.again[rows]),
                 VISIT=REBASELINE)  # fmt: skip


def true_responses(trial: Trial) -> dict[str, str]:
    """Return, for each subject, the true response at every assessment before new therapy.

    One text a subject: the date of each assessment with its category, ``2024-05-02 CR``, in order
    of time; a subject without assessment has none.
    """
    course = assessments(trial)
    before = course.made & (course.day <= trial.latent[["nat"]].to_numpy())
    rows, places = np.nonzero(before)
    date = iso(trial, rows, course.day[rows, places])
    text = pd.Series(date) + " " + pd.Series(course.truth[rows, places].astype(str))
    subject = trial.cohort["USUBJID"].to_numpy()[rows]
    return text.groupby(subject, sort=True).agg(", ".join).to_dict()
