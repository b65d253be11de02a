"""MRD negativity of a subject from its samples: ever, and sustained (R27, specification 2.7)."""

import numpy as np

from cartend.endpoint.landmark import landmark_day
from cartend.endpoint.records import NEVER
from cartend.endpoint.views import RateResult, View, not_infused, yes_no


def mrd_sustained(view: View) -> RateResult:
    """Return two negatives so far apart, with no positive sample between them (2.7)."""
    samples, n = view.trial.mrd, view.n
    start = view.origin[samples.subj]
    end = np.minimum(np.minimum(view.cutoff, view.trial.day("LOSTDT")), view.failure)
    usable = (start != NEVER) & (samples.day >= start) & (samples.day <= end[samples.subj])
    negative = usable & (samples.extra["AVALC"] == view.trial.words.code("NEG"))
    positive = usable & (samples.extra["AVALC"] == view.trial.words.code("POS"))
    # A run of negatives begins after each positive sample: its number is the positives before it.
    run = np.cumsum(positive)
    key = samples.subj * (np.int64(run[-1]) + 1 if len(run) else 1) + run
    row = np.full(n, -1)
    rows = np.flatnonzero(negative)
    if len(rows):
        _, first, inverse = np.unique(key[rows], return_index=True, return_inverse=True)
        begun = rows[first][inverse]
        needed = landmark_day(samples.day[begun], view.rate.lasting)
        held = rows[samples.day[rows] >= needed][::-1]
        row[samples.subj[held]] = held
    reason = np.full(n, "no two negative samples that far apart", dtype=object)
    reason[samples.first(usable, n) < 0] = "no sample"
    reason[view.origin == NEVER] = not_infused(view)[view.origin == NEVER]
    reason[row >= 0] = ""
    result = yes_no(view, row, reason)
    return RateResult(result.value, row, reason, result.unused, samples)


def mrd_negative(view: View) -> RateResult:
    """Return a counted MRD-negative sample before progression and new therapy (2.7)."""
    samples, n = view.trial.mrd, view.n
    start = view.origin[samples.subj]
    end = np.minimum(np.minimum(view.cutoff, view.trial.day("LOSTDT")), view.failure)
    usable = (start != NEVER) & (samples.day >= start) & (samples.day <= end[samples.subj])
    negative = usable & (samples.extra["AVALC"] == view.trial.words.code("NEG"))
    if view.rate.with_response is not None:
        responded = view.records.first(view.in_set(view.rate.with_response), n) >= 0
        negative &= responded[samples.subj]
    row = samples.first(negative, n)
    reason = np.full(n, "no sample", dtype=object)
    reason[samples.first(usable, n) >= 0] = "no adequate sample"
    positive = usable & (samples.extra["AVALC"] == view.trial.words.code("POS"))
    reason[samples.first(positive, n) >= 0] = "MRD positive"
    reason[view.origin == NEVER] = not_infused(view)[view.origin == NEVER]
    reason[row >= 0] = ""
    result = yes_no(view, row, reason)
    return RateResult(result.value, row, reason, result.unused, samples)
