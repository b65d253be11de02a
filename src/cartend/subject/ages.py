"""Children and adults apart: which ages a study analyses (R01, guideline lines 67-71)."""

import numpy as np
import pandas as pd

from cartend.config.study import Study
from cartend.contract.datasets.subject import SET_FLAGS


class AgeError(Exception):
    """Children and adults would be pooled although the study does not say so."""


def keep_ages(study: Study, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL with AGEINFL, and every set flag N for ages that the study leaves out.

    1. Adults begin at the first of ``age_groups``; a subject without age belongs to both.
    2. ``ages`` children or adults leaves the others out: they stay in ADSL, in no analysis set.
    3. Children and adults together need ``pool_age_groups: true``.

    Raises
    ------
    AgeError
        One sentence with both numbers and the keys that settle it.
    """
    child = adsl["AGE"] < study.age_groups[0]
    adult = adsl["AGE"] >= study.age_groups[0]
    left_out = {"all": child & ~child, "children": adult, "adults": child}[study.ages]
    if study.ages == "all" and child.any() and adult.any() and not study.pool_age_groups:
        raise AgeError(
            f"study {study.id}: {int(child.sum())} subjects are younger than "
            f"{study.age_groups[0]} years and {int(adult.sum())} are not, and pool_age_groups is "
            "false; children and adults are not pooled unless the study file says "
            "pool_age_groups: true, or choose ages: children or ages: adults"
        )
    out = adsl.assign(AGEINFL=np.where(left_out, "N", "Y"))
    for flag in SET_FLAGS:
        out[flag] = out[flag].where(~left_out, "N")
    return out
