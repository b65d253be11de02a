"""Subjects in complete response at the baseline after bridging, in three treatments (7.4, 3).

Their response cannot be attributed to the product alone: they are kept as responders only if in
complete response at the landmark, left out of the denominator, or counted as non-responders.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cartend.config.rate import Rate
from cartend.contract.terms.rule import REBASELINE_REASON
from cartend.endpoint.views import RateResult, View

FLAG = "REBCRFL"
AT_REBASELINE = "COMPLETE RESPONSE BEFORE LYMPHODEPLETION"


def at_landmark(rate: Rate) -> Rate:
    """Return the rate that says who is in complete response at the landmark, else at month 3."""
    change: dict[str, object] = {"cr_at_rebaseline": "as_others", "response": "complete"}
    if rate.variable != "landmark_response":
        change |= {"variable": "landmark_response", "landmark": "P3M", "durability": None}
        change["confirmation"] = None
        change |= {"within": "", "lasting": ""}
    return rate.model_copy(update=change)


def treat_complete(
    view: View, result: RateResult, complete: Callable[[Rate], RateResult]
) -> RateResult:
    """Return the result with subjects in CR at re-baseline (REBCRFL = Y) treated as the rate says.

    ``complete`` evaluates the rate of :func:`at_landmark`.
    """
    how = view.rate.cr_at_rebaseline
    touched = view.trial.flag(FLAG)
    if how == "as_others" or not touched.any():
        return result
    if how == "kept_if_complete":
        touched &= complete(at_landmark(view.rate)).value != "Y"
        touched &= result.value == "Y"
    excluded = touched & (how == "exclude")
    return replace(
        result,
        value=np.where(touched, "N", result.value).astype(object),
        row=np.where(touched, -1, result.row),
        reason=np.where(touched, REBASELINE_REASON.label(how), result.reason).astype(object),
        unused=np.where(excluded, AT_REBASELINE, result.unused).astype(object),
    )
