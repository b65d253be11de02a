"""The baseline after bridging: its date, what bridging did, and whom it shows in CR.

Source: specification 7.4, 2 to 5; guideline lines G191-193; R17.
"""

import numpy as np
import pandas as pd

from cartend.config.bridging import Rebaseline
from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.contract.datasets.sdtm import START_DATE
from cartend.contract.datasets.subject import REBASELINE
from cartend.contract.records import has_role
from cartend.contract.terms.general import NOT_APPLICABLE
from cartend.contract.text import is_one_of, normalised
from cartend.subject.domains import DATE, coalesce, date_columns

YES, NO, UNKNOWN = "Y", "N", "UNKNOWN"
OVERALL = "OVRLRESP"
"""The overall response, which a record has by its role too."""
AFTER_BRIDGING = "BRIDRESP"
"""The response to bridging."""


def assessments(
    domains: dict[str, pd.DataFrame], rule: Rebaseline, criteria: Criteria
) -> pd.DataFrame:
    """Return the disease assessments of the rule's tests: USUBJID, LO, HI, AVALC, EVAL.

    AVALC is the category of an overall response, or of the response to bridging (``BRIDRESP``).
    """
    parts = []
    for domain, tests in rule.domains.items():
        rows = domains[domain.lower()]
        wanted = is_one_of(rows[f"{domain}TESTCD"], tests)
        if OVERALL in tests:
            wanted |= has_role(rows, "response")
        rows = rows[wanted]
        low, high, _ = date_columns(START_DATE[domain.lower()])
        part = {"USUBJID": rows["USUBJID"], "LO": rows[low], "HI": rows[high]}
        part |= {"AVALC": None, "EVAL": None}
        if domain == "RS":
            read = coalesce(rows["AVALC"], normalised(rows["RSSTRESC"]).map(criteria.alias_map))
            overall = has_role(rows, "response") | is_one_of(rows["RSTESTCD"], [AFTER_BRIDGING])
            part["AVALC"] = read.where(overall, None)
            part["EVAL"] = coalesce(rows["EVAL"], "INV")
        parts.append(pd.DataFrame(part, index=rows.index).astype({"AVALC": object, "EVAL": object}))
    seen = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return seen[seen["LO"].notna()]


def window(adsl: pd.DataFrame, adbrdg: pd.DataFrame, rule: Rebaseline) -> pd.DataFrame:
    """Return, per USUBJID, the window of the re-baseline: OPENLO, OPENHI and CLOSE.

    It opens after the last bridging dose, else after leukapheresis, and closes before
    lymphodepletion, else infusion. OPENLO and OPENHI differ where that dose is partly dated;
    OPENHI is missing where it is not dated at all.
    """
    given = adbrdg[adbrdg["PHASE"].eq("BRIDGING")]
    bridged = adsl.index.isin(given["USUBJID"])
    undated = adsl.index.isin(given.loc[given["ENDHI"].isna(), "USUBJID"])
    last = given.assign(LOW=given["ENDLO"].fillna(given["ADTLO"])).groupby("USUBJID")
    last_low = last["LOW"].max().reindex(adsl.index)
    last_high = last["ENDHI"].max().reindex(adsl.index).where(~undated)
    after = np.timedelta64(rule.after_last_dose, "D")
    low = (last_low + after).where(bridged, adsl["LEUKDT"])
    high = (last_high + after).where(bridged, adsl["LEUKDT"])
    close = adsl["LDDT"].fillna(adsl["TRTSDT"]) - np.timedelta64(rule.before_lymphodepletion, "D")
    if rule.within is not None:
        reach = close - np.timedelta64(rule.within, "D")
        low = low.where(~(low < reach), reach)
        high = high.where(~(high < reach), reach)
    return pd.DataFrame({"OPENLO": low, "OPENHI": high, "CLOSE": close}).astype(DATE)


def derive_rebaseline(
    study: Study,
    criteria: Criteria,
    rule: Rebaseline,
    adsl: pd.DataFrame,
    adbrdg: pd.DataFrame,
    domains: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return, per USUBJID, REBASEDT REBMISFL REBRESP REBEVAL REBCRFL.

    1. REBASEDT: the last assessment certainly inside the window of :func:`window`.
    2. REBMISFL, of the bridged who reached lymphodepletion or infusion: N where there is one, Y
       where no assessment may lie in the window, UNKNOWN between.
    3. REBRESP: the last category certainly inside, of the primary evaluator, else of the other.
    4. REBCRFL: whether that category is a complete response; blank without a category.
    """
    spans = window(adsl, adbrdg, rule)
    seen = assessments(domains, rule, criteria)
    seen = seen[seen["USUBJID"].isin(adsl.index)].join(spans, on="USUBJID")
    sure = seen[seen["LO"].ge(seen["OPENHI"]) & seen["HI"].le(seen["CLOSE"])]
    maybe = seen[seen["HI"].ge(seen["OPENLO"]) & seen["LO"].le(seen["CLOSE"])]
    out = pd.DataFrame(index=adsl.index)
    out["REBASEDT"] = sure.groupby("USUBJID")["HI"].max().reindex(adsl.index).astype(DATE)
    asked = adsl["BRIDGEFL"].eq("Y") & spans["CLOSE"].notna()
    found = [out["REBASEDT"].notna(), adsl.index.isin(maybe["USUBJID"])]
    flag = np.select(found, [NO, UNKNOWN], YES)
    out["REBMISFL"] = np.where(asked, flag, NOT_APPLICABLE)
    response = last_category(sure, study.primary_evaluator, criteria).reindex(adsl.index)
    out[["REBRESP", "REBEVAL"]] = response[["AVALC", "EVAL"]].astype(object)
    complete = out["REBRESP"].isin(criteria.codes("complete")).map({True: YES, False: NO})
    out["REBCRFL"] = complete.where(out["REBRESP"].notna(), None)
    return out[REBASELINE]


def last_category(sure: pd.DataFrame, primary: str, criteria: Criteria) -> pd.DataFrame:
    """Return AVALC and EVAL per USUBJID: the last evaluable category, the primary evaluator's."""
    rows = sure[sure["AVALC"].notna() & ~sure["AVALC"].isin(criteria.codes("not_evaluable"))]
    rows = rows.assign(
        other=rows["EVAL"].ne(primary), rank=rows["AVALC"].map(criteria.rank).astype(float)
    )
    rows = rows.sort_values(
        ["USUBJID", "other", "HI", "rank"], ascending=[True, True, False, False], kind="stable"
    )
    return rows.drop_duplicates("USUBJID").set_index("USUBJID")[["AVALC", "EVAL"]]
