"""Confirmation of a response by a later assessment, for a protocol that asks for it (2.5).

1. A complete response is confirmed by a complete response at least ``ref_confirm_days`` later, with
   nothing between them but complete responses and at most ``max_ne_between`` not evaluable.
2. Any other response is confirmed by the same or a better one that much later; between them stand
   responses, at most ``max_ne_between`` not evaluable and, with ``accept_sd_between``, one stable
   disease; after a better response none that is worse follows.

Source: specification 2.5, which mirrors admiralonco's ``derive_param_confirmed_bor``.
"""

import numpy as np

from cartend.config.rate import Confirmation
from cartend.endpoint.views import View, coded


def confirmed(view: View, rule: Confirmation) -> np.ndarray:
    """Return a mask over records: a counted response that a later assessment confirms.

    One pass over the steps from an assessment to the next ones of its subject, all at once; an
    assessment leaves the pass when it is confirmed or can no longer be.
    """
    found = np.zeros(len(view.records), dtype=bool)
    rows = np.flatnonzero(view.counted | view.unevaluable)
    records = view.records.where(np.isin(np.arange(len(found)), rows))
    subj, day, code = records.subj, records.day, records.extra["code"]
    missing = coded(view.trial, records, "not_evaluable")
    response = coded(view.trial, records, "response")
    complete = coded(view.trial, records, "complete")
    stable = coded(view.trial, records, "stable")
    here = np.flatnonzero(response)
    best, unseen, stables, step = code[here], np.zeros(len(here)), np.zeros(len(here)), 0
    while len(here):
        step += 1
        keep = here + step < len(subj)
        keep[keep] = subj[here[keep] + step] == subj[here[keep]]
        here, best, unseen, stables = (a[keep] for a in (here, best, unseen, stables))
        then = here + step
        good = response[then] & (code[then] <= best)
        late = day[then] >= day[here] + rule.ref_confirm_days
        found[rows[here[good & late]]] = True
        unseen = unseen + missing[then]
        accepted = stable[then] & ~response[then] & ~complete[here] & rule.accept_sd_between
        stables = stables + accepted
        goes_on = (good & ~late) | (missing[then] & (unseen <= rule.max_ne_between))
        goes_on |= accepted & (stables <= 1)
        best = np.where(good, np.minimum(best, code[then]), best)
        here, best, unseen, stables = (a[goes_on] for a in (here, best, unseen, stables))
    return found
