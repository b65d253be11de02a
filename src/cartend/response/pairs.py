"""Two rows of one visit, one per method, made one response (specification 2.1)."""

import numpy as np
import pandas as pd

from cartend.config.criteria import Criteria, Pair
from cartend.contract.text import in_capitals, normal, normalised
from cartend.subject.domains import coalesce

KEY = ["reader", "visit", "number"]


def method_part(rows: pd.DataFrame, pair: Pair) -> pd.Series:
    """Return 'leading', 'other' or None by RSMETHOD, else RSSCAT."""
    parts = {normal(pair.leading): "leading", normal(pair.other): "other"}
    by_method = normalised(rows["RSMETHOD"]).map(parts).astype(object)
    return coalesce(by_method, normalised(rows["RSSCAT"]).map(parts))


def pair_key(rows: pd.DataFrame, part: pd.Series) -> pd.DataFrame:
    """Return the key that two rows of one visit share, ``KEY``: running numbers.

    An unnamed or unscheduled visit is its date. Where a visit holds several rows of one method,
    the first of one method goes with the first of the other, and so on by date.
    """
    name = in_capitals(rows["VISIT"])
    by_day = name.isna() | name.isin([text for text in name.unique() if "UNSCHED" in str(text)])
    reader = rows.groupby(["USUBJID", "EVAL", "RSEVAL", "RSEVALID"], dropna=False, sort=False)
    key = rows[["SEQ", "ADT"]].assign(
        reader=reader.ngroup(), name=name.mask(by_day, ""), day=rows["ADT"].where(by_day), part=part
    )
    visit = key.groupby(["reader", "name", "day"], dropna=False, sort=False)
    key["visit"] = visit.ngroup()
    ordered = key.sort_values(["ADT", "SEQ"], kind="stable")
    key["number"] = ordered.groupby(["visit", "part"]).cumcount()
    return key


def combine_pairs(rows: pd.DataFrame, criteria: Criteria) -> pd.DataFrame:
    """Return the rows with AVALC and ADT of each pair on its deciding row; ANL01RS tells the rest.

    ``rows`` holds USUBJID EVAL RSEVAL RSEVALID VISIT RSMETHOD RSSCAT SEQ AVALC ADT, unique index.

    1. The leading category decides where it is evaluable.
    2. Else a progression of the other method stands.
    3. Else ``when_leading_not_evaluable`` decides: the other category, NE, or the last evaluable
       leading category before it.
    4. Date: progression at the earliest row that shows it, every other evaluable response at the
       latest evaluable row.
    """
    rows = rows.assign(ANL01RS=None, PAIRSEQ=np.nan)
    if criteria.pair is None or rows.empty:
        return rows
    part = method_part(rows, criteria.pair)
    if not part.notna().any():
        return rows
    taking = rows[part.notna()]
    wide = pair_table(taking, pair_key(taking, part[part.notna()]))
    wide = decide(wide, criteria)
    return write_back(rows, wide)


def pair_table(rows: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Return one row a visit: lead, other (categories), their dates and row labels."""
    sides = []
    for name, prefix in (("leading", "lead"), ("other", "oth")):
        chosen = rows[key["part"].eq(name)]
        side = key.loc[chosen.index, KEY].assign(
            **{
                f"{prefix}": chosen["AVALC"],
                f"{prefix}_adt": chosen["ADT"],
                f"{prefix}_seq": chosen["SEQ"],
                f"{prefix}_row": chosen.index,
            }
        )
        sides.append(side)
    return sides[0].merge(sides[1], on=KEY, how="outer")


def decide(wide: pd.DataFrame, criteria: Criteria) -> pd.DataFrame:
    """Return the pairs with AVALC, ADT, whether the leading row is the source, and why."""
    unseen = criteria.codes("not_evaluable")
    progress = criteria.codes("progression")
    lead_ok = wide["lead"].notna() & ~wide["lead"].isin(unseen)
    other_ok = wide["oth"].notna() & ~wide["oth"].isin(unseen)
    other_pd = ~lead_ok & wide["oth"].isin(progress)
    code, source, rule = fall_back(wide, criteria, lead_ok, other_ok)
    value = wide["lead"].where(lead_ok, wide["oth"].where(other_pd, code))
    from_lead = (lead_ok | (~other_pd & source.eq("lead"))) & wide["lead_row"].notna()
    from_lead |= wide["oth_row"].isna()
    why = np.select([lead_ok, other_pd], ["leading method decides", "other method shows PD"], rule)
    shows = value.isin(progress)
    days = pd.DataFrame(
        {
            "lead": wide["lead_adt"].where(lead_ok & (~shows | wide["lead"].isin(progress))),
            "oth": wide["oth_adt"].where(other_ok & (~shows | wide["oth"].isin(progress))),
        }
    )
    own = wide["lead_adt"].where(from_lead, wide["oth_adt"])
    day = days.max(axis=1).where(~shows, days.min(axis=1))
    day = day.where(value.isin(unseen).eq(False), own).fillna(own)
    alone = wide["lead_row"].isna() | wide["oth_row"].isna()
    unchanged = alone & value.eq(wide["lead"].where(from_lead, wide["oth"]))
    why = pd.Series(why, index=wide.index, dtype=object).mask(unchanged, None)
    return wide.assign(AVALC=value, ADT=day, from_lead=from_lead, why=why)


def fall_back(
    wide: pd.DataFrame, criteria: Criteria, lead_ok: pd.Series, other_ok: pd.Series
) -> tuple[pd.Series, pd.Series, str]:
    """Return category, source side and sentence where the leading row is not evaluable."""
    way = criteria.pair.when_leading_not_evaluable
    unseen = criteria.codes("not_evaluable")[0]
    side = other_ok.map({True: "oth", False: "lead"})
    if way == "use_other":
        return wide["oth"].where(other_ok, unseen), side, "leading method not evaluable: other"
    if way == "not_evaluable":
        lead = pd.Series("lead", index=wide.index)
        blank = pd.Series(unseen, index=wide.index)
        return blank, lead, "leading method not evaluable: not evaluable"
    day = wide["lead_adt"].fillna(wide["oth_adt"])
    ordered = wide.assign(day=day, seen=wide["lead"].where(lead_ok)).sort_values("day")
    carried = ordered.groupby("reader")["seen"].ffill().reindex(wide.index)
    code = coalesce(carried.where(other_ok, unseen), unseen)
    return code, side, "leading method not evaluable: its last category carried forward"


def write_back(rows: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with each pair's result on its deciding row and the reason on both."""
    source = wide["lead_row"].where(wide["from_lead"], wide["oth_row"])
    partner = wide["oth_row"].where(wide["from_lead"], wide["lead_row"])
    partner_seq = wide["oth_seq"].where(wide["from_lead"], wide["lead_seq"])
    out = rows.copy()
    at = pd.Index(source.astype(rows.index.dtype))
    out.loc[at, "AVALC"] = wide["AVALC"].to_numpy()
    out.loc[at, "ADT"] = wide["ADT"].to_numpy()
    out.loc[at, "PAIRSEQ"] = partner_seq.to_numpy()
    out.loc[at, "ANL01RS"] = wide["why"].to_numpy()
    both = partner.notna()
    gone = pd.Index(partner[both].astype(rows.index.dtype))
    out["used"] = False
    out.loc[gone, "used"] = True
    out.loc[gone, "ANL01RS"] = "combined into the other row of its visit"
    return out
