"""One day for each assessment, also where its date is partial (P17, D4)."""

import numpy as np
import pandas as pd

from cartend.contract.terms.general import IMPUTATION

DAY = np.timedelta64(1, "D")
DATE = "datetime64[ms]"


def date_assessments(
    rows: pd.DataFrame, limits: pd.Series, progression: tuple[str, ...]
) -> pd.DataFrame:
    """Return the rows with ADT, ADTF, ADTLO, ADTHI made of LO, HI and FLAG.

    ``rows`` holds USUBJID EVAL AVALC SEQ LO HI FLAG, ``limits`` the last possible day by USUBJID
    (data cut-off or death); ``progression`` the categories that are dated as early as possible.

    1. Complete: that day.
    2. Day missing: progression at the earliest possible day after the record before it, every
       other category at the latest possible day.
    3. Month missing: the middle of [record before + 1, latest possible day], rounded down.
    """
    flag = rows["FLAG"].where(rows["FLAG"].notna() | rows["LO"].isna(), "")
    out = rows.assign(ADT=rows["LO"], ADTF=flag, ADTLO=rows["LO"], ADTHI=rows["HI"])
    partial = flag.isin(IMPUTATION.group("partial")) & rows["LO"].notna()
    if partial.any():
        low, high = possible_days(out, limits)
        middle = low + ((high - low) // (2 * DAY)) * DAY
        early = out["AVALC"].isin(progression)
        day = middle.where(flag.eq("M"), low.where(early, high))
        for name, value in {"ADT": day, "ADTLO": low, "ADTHI": high}.items():
            out[name] = out[name].where(~partial, value)
    return out.astype({"ADT": DATE, "ADTLO": DATE, "ADTHI": DATE}).drop(
        columns=["LO", "HI", "FLAG"]
    )


def possible_days(rows: pd.DataFrame, limits: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the first and last possible day, between the records before and after and the limit.

    The record before (after) is the nearest completely dated one of lower (higher) sequence number
    of the same subject and evaluator, so that a partial date never overtakes its neighbours.
    """
    limit = rows["USUBJID"].map(limits)
    high = rows["ADTHI"].where(~(rows["ADTHI"] > limit) | (rows["ADTLO"] > limit), limit)
    ordered = rows.sort_values(["USUBJID", "EVAL", "SEQ"], kind="stable")
    known = ordered["ADT"].where(ordered["ADTF"].eq(""))
    key = [ordered["USUBJID"], ordered["EVAL"]]
    before = known.groupby(key).ffill().groupby(key).shift()
    after = before.reindex(rows.index) + DAY
    low = rows["ADTLO"].where(~(after > rows["ADTLO"]), after)
    following = known.groupby(key).bfill().groupby(key).shift(-1).reindex(rows.index) - DAY
    high = high.where(~((following < high) & (following >= low)), following)
    return low.where(low <= high, high), high
