"""The one record of a subject, evaluator and date that counts (D11)."""

import numpy as np
import pandas as pd

from cartend.contract.text import in_capitals
from cartend.subject.domains import coalesce

READER = "ADJUDICATOR"
"""The word by which RSEVAL or RSEVALID tells the adjudicator from the other readers."""
ACCEPTED, ADJUDICATED, WORST = 0, 1, 2
REASON_OF_TIER = {
    ACCEPTED: "accepted reader",
    ADJUDICATED: "adjudicator",
    WORST: "worst response of the date",
}


def reader_tier(rows: pd.DataFrame) -> pd.Series:
    """Return 0 for the accepted reader, 1 for the adjudicator, 2 for the rest."""
    by_eval = in_capitals(rows["RSEVAL"]).eq(READER)
    by_id = in_capitals(rows["RSEVALID"]).astype("string").str.contains(READER, na=False)
    tier = pd.Series(WORST, index=rows.index).mask(by_eval | by_id, ADJUDICATED)
    return tier.mask(rows["RSACPTFL"].eq("Y"), ACCEPTED)


def choose_records(
    rows: pd.DataFrame, rank: dict[str, int], not_evaluable: tuple[str, ...]
) -> pd.DataFrame:
    """Return all rows with ANL01FL and ANL01RS: one Y per USUBJID, EVAL and ADT.

    ``rows`` holds USUBJID EVAL ADT AVALC SEQ RSEVAL RSEVALID RSACPTFL, ``excluded`` (why a row
    cannot count, or None) and ANL01RS (what a pair said).

    1. The accepted reader (RSACPTFL = Y). 2. The adjudicator. 3. The worst category of the rest,
    not evaluable last. A tie goes to the lower sequence number.
    """
    excluded = rows["excluded"].where(rows["ADT"].notna() | rows["excluded"].notna(), "no date")
    tier = reader_tier(rows)
    order = pd.DataFrame(
        {
            "USUBJID": rows["USUBJID"],
            "EVAL": rows["EVAL"],
            "ADT": rows["ADT"],
            "tier": tier,
            "unseen": rows["AVALC"].isin(not_evaluable),
            "better": -rows["AVALC"].map(rank).astype(float),
            "SEQ": rows["SEQ"],
        }
    )[excluded.isna()]
    key = ["USUBJID", "EVAL", "ADT"]
    order = order.sort_values([*key, "tier", "unseen", "better", "SEQ"], kind="stable")
    first = order.drop_duplicates(key)
    alone = ~order.duplicated(key, keep=False)
    chosen = rows.index.isin(first.index)
    single = rows.index.isin(order.index[alone])
    won = np.where(single, "only record of its date", tier.map(REASON_OF_TIER))
    lost = excluded.where(excluded.notna(), "another record of the date counts")
    why = pd.Series(np.where(chosen, won, lost), index=rows.index, dtype=object)
    said = rows["ANL01RS"]
    why = why.where(said.isna(), said.where(~chosen | single, coalesce(said, "") + "; " + why))
    why = why.where(~(~chosen & excluded.isna()), lost)
    return rows.assign(ANL01FL=np.where(chosen, "Y", "N"), ANL01RS=why)
