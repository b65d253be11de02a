"""R28: minimal residual disease against PFS and OS, guideline lines 272-277, specification 5.2.

Landmark and time-dependent analyses at the study's threshold and at others.
"""

import numpy as np
import pandas as pd

from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.landmarks import (
    Status,
    distinct,
    first_landmark,
    landmark_day,
    landmark_lines,
    set_lines,
    time_dependent_lines,
)
from cartend.analysis.questions.lines import each_endpoint
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.questions.windows import from_origin, on_subjects
from cartend.config.study import Mrd
from cartend.contract.datasets.response import ADMRD
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADEVT
from cartend.contract.terms.assessment import MRD_CALL
from cartend.response.mrd import shortcomings
from cartend.stats.concordance import concordance

CONCORDANCE = "Harrell's C from the landmark on, infinitesimal jackknife limits"
ENTRY = Entry(
    "mrd_and_survival",
    "R28",
    "Minimal residual disease against survival",
    "{set}; at a landmark those who are observed, free of the event and sampled by then. Samples "
    "whose assay cannot show a threshold are left out under it.",
    {
        "landmark_cox": "Hazard ratios at a landmark are MRD negative over MRD positive.",
        "time_dependent_cox": "Hazard ratios as MRD changes are from the first negative sample on "
        "over until then.",
        "km": "MRD is not assigned by chance: a difference by it is no effect of it.",
    },
    (ADTTE, ADMRD, ADEVT),
)


def answer(material: Material, page: Page) -> None:
    """Write PFS and OS by MRD at every threshold and landmark, and as MRD becomes negative."""
    options = material.study.analyses.mrd_and_survival
    samples = material.tables("admrd")
    if not len(samples):
        raise NotDerivableError("the study has no MRD samples (ADMRD)")
    landmarks = distinct(material, options.landmarks)
    for times in each_endpoint(material, page, options):
        own = from_origin(material, times, samples[samples["ANL01FL"] == "Y"])
        for threshold in options.thresholds:
            title = f"{times.paramcd} by MRD at {threshold:g}"
            args = (material, page, times, own, threshold)
            page.run(title, threshold_lines, *args, landmarks, options.horizon)


def threshold_lines(
    material: Material,
    page: Page,
    times: Times,
    samples: pd.DataFrame,
    threshold: float,
    landmarks: list[int],
    horizon: int,
) -> None:
    """Write everything about one threshold.

    Samples whose assay cannot show the threshold are left out, positive ones too: otherwise only
    positive subjects would be known by them.
    """
    samples = samples[~(samples["LBLLOD"] > threshold)]
    call = called_at(samples, material.study.mrd, threshold)
    if not (call == "NEG").any():
        raise NotDerivableError(f"no sample shows less than {threshold:g} by an assay that could")
    adequate = samples.assign(CALL=call)[call != "INDETERMINATE"]
    known = on_subjects(times, adequate)
    for day in landmarks:
        since = negative_at(material, times, adequate, day)
        status = Status("MRD negative", "MRD positive", since, known)
        page.attempt_section(set_lines, material, page, times, known, day)
        page.attempt_section(landmark_lines, material, page, times, status, day, horizon)
        page.attempt_section(association, material, page, times, status, day)
    first = on_subjects(times, adequate[adequate["CALL"] == "NEG"])
    status = Status("MRD negative", "not MRD negative", first, known)
    time_dependent_lines(material, page, times, status, first_landmark(material, landmarks))


def negative_at(material: Material, times: Times, adequate: pd.DataFrame, day: int) -> np.ndarray:
    """Return the day of the last adequate sample by a landmark where it is negative, else NaN."""
    until = adequate[adequate["DAY"] <= landmark_day(material, day)]
    last = until.sort_values(["USUBJID", "DAY"], kind="stable").groupby("USUBJID").tail(1)
    return on_subjects(times, last[last["CALL"] == "NEG"])


def called_at(samples: pd.DataFrame, plan: Mrd, threshold: float) -> pd.Series:
    """Return the call of each sample at a threshold: NEG, POS or INDETERMINATE (2.7).

    1. A level at or above the threshold is positive, as is one reported positive without a level.
    2. Below it is negative, by a sample that could have shown it (specimen, method, limit of
       detection, cells, dilution, trackable clone).
    3. A sample without a result at the study's own threshold stays indeterminate.
    """
    level = samples["AVAL"]
    faults = shortcomings(samples, plan.model_copy(update={"threshold": threshold}))
    short = pd.concat(faults, axis=1).any(axis=1)
    positive = (level >= threshold) | (level.isna() & (samples["AVALC"] == "POS"))
    below = (level < threshold) | (level.isna() & (samples["AVALC"] == "NEG"))
    names = np.select([positive, below & ~short], list(MRD_CALL.group("adequate")), "INDETERMINATE")
    return pd.Series(names, index=samples.index, dtype=object)


def association(material: Material, page: Page, times: Times, status: Status, day: int) -> None:
    """Write Harrell's C of MRD negativity at a landmark."""
    day = landmark_day(material, day)
    still = (times.time > day) & (status.known <= day)
    page.line(f"{times.name}, day {day}: concordance of MRD negativity")
    with page.attempt("c_index", CONCORDANCE):
        score = (status.since[still] <= day).astype(float)
        value = concordance(times.time[still], times.event[still], score)
        counts = {"events": int(times.event[still].sum()), "N": int(still.sum())}
        page.estimate("c_index", CONCORDANCE, value, counts=counts)
