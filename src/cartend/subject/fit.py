"""Which rule of a list is for a record of therapy: by agent, class, intensity and route."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartend.config.bridging import Fit, in_order
from cartend.contract.text import is_one_of
from cartend.subject.domains import coalesce

UNSTATED = "OTHER"


def fits(records: pd.DataFrame, rule: Fit) -> np.ndarray:
    """Return which records a rule is for.

    ``records`` holds WHAT, CLASS, INTENS and ROUTE. An agent or a class of the rule's lists, where
    it has any, and its intensity and route, where it states them. A blank class reads as OTHER.
    """
    named = is_one_of(records["WHAT"], rule.agents)
    classed = coalesce(records["CLASS"], UNSTATED).isin(rule.classes)
    mask = named | classed if rule.agents or rule.classes else pd.Series(True, index=records.index)
    if rule.intensive is not None:
        mask &= records["INTENS"].eq(rule.intensive)
    if rule.routes:
        mask &= is_one_of(records["ROUTE"], rule.routes)
    return mask.to_numpy(dtype=bool)


def first_fit(records: pd.DataFrame, rules: Mapping[str, Fit]) -> pd.Series:
    """Return the id of the first rule that fits each record, None where none does."""
    found = np.full(len(records), None, dtype=object)
    for name in reversed(in_order(dict(rules))):
        found[fits(records, rules[name])] = name
    return pd.Series(found, index=records.index, dtype=object)
