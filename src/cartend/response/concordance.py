"""Reported and algorithmic response of the same visit, side by side (R23)."""

import pandas as pd

from cartend.response.adrs import REPORTED
from cartend.response.algorithm import PARAMCD
from cartend.response.components import SUBJECT, visit_key

KEY = [*SUBJECT, "KEY"]
RECORD = ["SRCDOM", "SRCSEQ"]


def paired_visits(adrs: pd.DataFrame) -> pd.DataFrame:
    """Return each visit with both: USUBJID EVAL KEY ADT REPORTED ALGORITHM COMPLETE DECIDES.

    Both are the response of the visit, before confirmation. Of several reported responses of one
    visit the latest counts, as the algorithm counts the latest components.
    """
    counted = adrs[adrs["ANL02FL"].eq("Y") & adrs["ADT"].notna()]
    said = counted[counted["PARAMCD"].eq(REPORTED)].sort_values(["USUBJID", "EVAL", "ADT"])
    said = said.assign(KEY=visit_key(said["VISIT"], said["ADT"])).drop_duplicates(KEY, keep="last")
    made = counted[counted["PARAMCD"].eq(PARAMCD)].rename(columns={"VISIT": "KEY"})
    both = said[[*KEY, "ADT", "VISRESP", "SRCSEQ"]].merge(
        made[[*KEY, "VISRESP", "COMPLETE", "DECIDES", *RECORD]],
        on=KEY,
        suffixes=("", "_MADE"),
    )
    names = {"VISRESP": "REPORTED", "VISRESP_MADE": "ALGORITHM"}
    return both.rename(columns=names).sort_values(["USUBJID", "EVAL", "ADT"], ignore_index=True)
