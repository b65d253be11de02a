"""What measured lesions of an assessment say: sums, nadirs, products, new ones."""

import numpy as np
import pandas as pd

from cartend.response.assessments import Assessments
from cartend.response.components import SUBJECT
from cartend.response.limits import lowest_before


def in_course(found: Assessments) -> list[pd.Series]:
    """Return what makes the course of one lesion."""
    return [found.lesions[name] for name in (*SUBJECT, "LESION")]


def lesion_nadir(found: Assessments, values: pd.Series, start: pd.Series) -> pd.Series:
    """Return the smallest earlier value of each lesion, its baseline included."""
    return lowest_before(values, in_course(found), start)


def product(found: Assessments, suffix: str = "") -> pd.Series:
    """Return LDIAM x PERP of each lesion, now or (``suffix`` 0) at baseline."""
    return found.lesions[f"LDIAM{suffix}"] * found.lesions[f"PERP{suffix}"]


def target_sum(found: Assessments, values: pd.Series) -> pd.Series:
    """Return the sum over the target lesions where every one of the baseline has a value."""
    target = found.lesions["KIND"].eq("TARGET") & values.notna()
    total = found.over_lesions(values, target, "sum")
    number = found.over_lesions(values, target, "size").fillna(0)
    expected = found.n_targets("TARGET")
    return total.where((number >= expected) & (expected > 0)).astype(float)


def baseline_sum(found: Assessments, values: pd.Series) -> pd.Series:
    """Return the sum over the target lesions at baseline; ``values`` are of ``targets``."""
    rows = found.targets.assign(value=values)[found.targets["KIND"].eq("TARGET")]
    total = rows.groupby(SUBJECT)["value"].sum(min_count=1)
    wanted = pd.MultiIndex.from_frame(found.visits[SUBJECT])
    return pd.Series(total.reindex(wanted).to_numpy(dtype=float), index=found.index)


def all_states(found: Assessments, kind: str, state: str) -> pd.Series:
    """Return whether every lesion of a kind is in the state; lesions not seen are not."""
    rows = found.lesions["KIND"].eq(kind)
    held = found.over_lesions(found.lesions["TUMSTATE"].eq(state), rows, "sum").fillna(0)
    return held >= found.n_targets(kind)


def states_known(found: Assessments, kind: str) -> pd.Series:
    """Return whether every lesion of a kind was looked at."""
    rows = found.lesions["KIND"].eq(kind) & found.lesions["TUMSTATE"].notna()
    seen = found.over_lesions(found.lesions["LDIAM"], rows, "size").fillna(0)
    return seen >= found.n_targets(kind)


def largest(found: Assessments, values: pd.Series, among: pd.Series) -> pd.Series:
    """Return the largest value over lesions of each assessment, missing where none has one."""
    return found.over_lesions(values, among, "max").astype(float)


def short_axis(lesions: pd.DataFrame, suffix: str = "") -> pd.Series:
    """Return the size that counts: the short axis of a node, the longest diameter else."""
    size = lesions[f"LDIAM{suffix}"]
    node = lesions["NODAL"].astype(bool) & lesions[f"PERP{suffix}"].notna()
    return pd.Series(np.where(node, lesions[f"PERP{suffix}"], size), index=lesions.index)
