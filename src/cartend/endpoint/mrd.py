"""MRD negativity of a subject from its samples: ever, and sustained (R27, specification 2.7)."""

import numpy as np

from cartend.contract.terms.assessment import SPECIMEN
from cartend.endpoint.context import schedule_of
from cartend.endpoint.landmark import landmark_day
from cartend.endpoint.records import NEVER, Records
from cartend.endpoint.views import RateResult, View, not_infused, yes_no
from cartend.response.mrd import call_column, codes


def mrd_sustained(view: View) -> RateResult:
    """Return two negatives so far apart, with no positive sample between them (2.7)."""
    samples, n = view.trial.mrd, view.n
    start = view.origin[samples.subj]
    end = np.minimum(np.minimum(view.cutoff, view.trial.day("LOSTDT")), view.failure)
    usable = (start != NEVER) & (samples.day > start) & (samples.day <= end[samples.subj])
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
    """Return a counted MRD-negative sample before progression and new therapy (2.7).

    1. Samples and calls: the protocol's, or those of ``threshold`` and ``specimen``.
    2. Of these, on any day, or at ``at_visit``; with imaging and response where asked for.
    """
    samples, call, mine = _samples(view)
    n, start = view.n, view.origin[samples.subj]
    end = np.minimum(np.minimum(view.cutoff, view.trial.day("LOSTDT")), view.failure)
    usable = mine & (start != NEVER) & (samples.day > start) & (samples.day <= end[samples.subj])
    if view.rate.at_visit is not None:
        schedule = schedule_of(view.trial)
        opens, closes = (schedule.bound(view.rate.at_visit, side) for side in ("opens", "closes"))
        usable &= (samples.day >= opens[samples.subj]) & (samples.day <= closes[samples.subj])
    words = view.trial.words
    negative = usable & (call == words.code("NEG"))
    positive = usable & (call == words.code("POS"))
    if view.rate.imaging_negative:
        negative &= samples.extra["IMAGNEG"] == words.code("Y")
    if view.rate.with_response is not None:
        negative &= _in_response(view, samples)
    row = samples.first(negative, n)
    reason = np.full(n, "no sample", dtype=object)
    reason[samples.first(usable, n) >= 0] = "no adequate sample"
    cleared = samples.first(usable & (call == words.code("NEG")), n) >= 0
    reason[cleared] = "negative, but not with what the endpoint asks beside it"
    reason[samples.first(positive, n) >= 0] = "MRD positive"
    reason[view.origin == NEVER] = not_infused(view)[view.origin == NEVER]
    reason[row >= 0] = ""
    result = yes_no(view, row, reason)
    return RateResult(result.value, row, reason, result.unused, samples)


def _samples(view: View) -> tuple[Records, np.ndarray, np.ndarray]:
    """Return the samples, their calls, and which of them the rate means."""
    rate, trial = view.rate, view.trial
    if rate.threshold is None and rate.specimen is None and not rate.imaging_negative:
        samples = trial.mrd
        return samples, samples.extra["AVALC"], np.ones(len(samples), dtype=bool)
    samples = trial.mrd_by_specimen
    threshold = trial.study.mrd.threshold if rate.threshold is None else rate.threshold
    column = call_column(threshold)
    if column not in samples.extra:
        return samples, samples.extra["AVALC"], np.zeros(len(samples), dtype=bool)
    wanted = (rate.specimen,) if rate.specimen else trial.study.mrd.specimens
    mine = np.isin(samples.extra["LBSPEC"], trial.words.codes(codes(SPECIMEN, wanted)))
    return samples, samples.extra[column], mine


def _in_response(view: View, samples: Records) -> np.ndarray:
    """Return which samples come with a response of the set: ever, or near enough in time."""
    records = view.in_set(view.rate.with_response)
    if not view.rate.response_within:
        return (view.records.first(records, view.n) >= 0)[samples.subj]
    held = view.records.where(records)
    span = np.int64(1 << 24)
    key = held.subj * span + held.day
    near = np.zeros(len(samples), dtype=bool)
    for side in ("before", "after"):
        place = np.searchsorted(key, samples.subj * span + samples.day, side="right")
        place = place - 1 if side == "before" else place
        inside = (place >= 0) & (place < len(key))
        at = np.where(inside, place, 0)
        if not len(key):
            return near
        own = inside & (held.subj[at] == samples.subj)
        early, late = np.minimum(held.day[at], samples.day), np.maximum(held.day[at], samples.day)
        near |= own & (late <= landmark_day(np.where(own, early, 0), view.rate.response_within))
    return near
