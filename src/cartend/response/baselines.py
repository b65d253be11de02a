"""The algorithmic response against the baseline before bridging, beside that against the new one.

The baseline of the algorithmic response is the latest one flagged, so after a new baseline before
lymphodepletion it is that one. Here it is set aside, and the same rules are applied against the
first. Source: specification 7.4, 2; guideline lines G188-193; R17.
"""

from collections.abc import Mapping

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.contract.terms.assessment import VISIT_RESPONSE
from cartend.contract.text import is_one_of
from cartend.response.algorithm import algorithmic_responses

PARAMCD = "OVRALGB1"
WHY = "against the baseline before bridging; feeds no endpoint"
FLAG = {"lb": ("LBBLFL", "LBDT_LO"), "tr": ("TRBLFL", "TRDT_LO"), "rs": ("", "RSDT_LO")}
RE_BASELINE = "RE-BASELINE"


def against_first_baseline(
    study: Study,
    criteria: Criteria,
    domains: Mapping[str, pd.DataFrame],
    adsl: pd.DataFrame,
    adrs: pd.DataFrame,
) -> pd.DataFrame:
    """Return ADRS rows of PARAMCD ``OVRALGB1`` of the bridged subjects with a new baseline.

    1. The new baseline: records flagged as baseline, in RS those of visit ``RE-BASELINE``, from the
       first bridging dose on and not after lymphodepletion (else infusion). They are set aside.
    2. The rules of the criteria, against what is flagged before. 3. ANL01FL = N throughout.
    """
    none = adrs.iloc[:0]
    if "REBASEDT" not in adsl or "BRSTDT" not in adsl:
        return none
    chosen = adsl[adsl["REBASEDT"].notna() & adsl["BRIDGEFL"].eq("Y")]
    if chosen.empty:
        return none
    indexed = chosen.set_index("USUBJID")
    span = indexed["BRSTDT"], indexed["LDDT"].fillna(indexed["TRTSDT"])
    kept = {name: _without_new(domains[name], name, *span) for name in FLAG}
    rows = algorithmic_responses(study, criteria, {**domains, **kept}, chosen, adrs)
    param = VISIT_RESPONSE.label(PARAMCD)
    return rows.assign(PARAMCD=PARAMCD, PARAM=param, ANL01FL="N", ANL01RS=WHY)


def _without_new(
    frame: pd.DataFrame, domain: str, start: pd.Series, stop: pd.Series
) -> pd.DataFrame:
    flag, day = FLAG[domain]
    flagged = frame[flag].eq("Y") if flag else is_one_of(frame["VISIT"], (RE_BASELINE,))
    since, until = frame["USUBJID"].map(start), frame["USUBJID"].map(stop)
    return frame[~(flagged & frame[day].ge(since) & frame[day].le(until))]
