"""Component records of LB, TU, TR and RS as one long table: value, text, day, visit, evaluator.

The input contract is docs/components.md. A value in a unit that is not known is no value; a
finding names it.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartend.config.study import Study
from cartend.contract.datasets.response import COMPONENTS
from cartend.contract.records import has_role, of_role
from cartend.contract.terms.assessment import (
    COMPONENT,
    COMPONENT_RESULT,
    EVALUATOR,
    LESION_KIND,
)
from cartend.contract.terms.units import UNITS
from cartend.contract.text import in_capitals, is_one_of
from cartend.response.dates import DATE
from cartend.response.visits import anchor_dates
from cartend.subject.domains import coalesce

LONG = COMPONENTS.names
SUBJECT = ["USUBJID", "EVAL"]


def component_records(
    study: Study,
    domains: Mapping[str, pd.DataFrame],
    adsl: pd.DataFrame,
    tests: tuple[str, ...],
) -> pd.DataFrame:
    """Return every record of these tests, once per evaluator it serves, in the columns ``LONG``.

    1. Units to those of ``UNITS``; not done or without value and text: left out.
    2. A record with a blank evaluator, and every laboratory one, serves all evaluators.
    3. BASE marks the baseline: the latest flagged record of a test and lesion; without a flag the
       last one on or before the anchor of the visit schedule. One on the day of the anchor is
       baseline whatever its flag, and a flag after it makes none (D47). Records of the baseline
       day or before it that are no baseline are left out.
    """
    lb, tr, rs, tu = (of_role(domains[name], "component") for name in ("lb", "tr", "rs", "tu"))
    parts = [_laboratory(lb), _results(tr), _status(rs)]
    rows = pd.concat([part[part["TEST"].isin(tests)] for part in parts], ignore_index=True)
    rows = pd.concat([rows, _new_lesions(tu)], ignore_index=True)
    known = rows["USUBJID"].isin(adsl["USUBJID"]) & rows["DAY"].notna()
    rows = rows[known & (rows["VALUE"].notna() | rows["TEXT"].notna())]
    rows = _per_evaluator(rows, study)
    return _with_baseline(rows.reset_index(drop=True), anchor_dates(adsl, study))


def visit_key(visit: pd.Series, day: pd.Series) -> pd.Series:
    """Return what the records of one assessment share: VISIT, or the day of an unscheduled one."""
    name = in_capitals(visit)
    by_day = name.isna() | name.astype("string").str.contains("UNSCHED", na=False)
    return name.where(~by_day, day.dt.strftime("%Y-%m-%d").astype(object)).astype(object)


def _long(rows: pd.DataFrame, domain: str, test: pd.Series, **columns: object) -> pd.DataFrame:
    """Return rows of one domain in the columns ``LONG``; ``FLAGGED`` is the baseline flag."""
    day = rows[f"{domain}DT_HI"].astype(DATE)
    frame = pd.DataFrame(
        {
            "USUBJID": rows["USUBJID"],
            "EVAL": None,
            "TEST": test,
            "LESION": "",
            "VALUE": np.nan,
            "TEXT": None,
            "DAY": day,
            "KEY": visit_key(rows["VISIT"], day),
            "FLAGGED": False,
            "DOM": domain,
            "SEQ": rows[f"{domain}SEQ"],
        }
    )
    return frame.assign(**columns)


def in_known_unit(test: pd.Series, value: pd.Series, unit: pd.Series) -> pd.Series:
    """Return the value in the unit of ``UNITS``, missing where its unit is blank or unknown."""
    named = in_capitals(unit)
    factor = pd.Series(1.0, index=value.index)
    for name, units in UNITS.items():
        factor = factor.where(~test.eq(name), named.map(units).astype(float))
    return value * factor


def _laboratory(lb: pd.DataFrame) -> pd.DataFrame:
    code = COMPONENT.read_or_keep(lb["LBTESTCD"])
    stained = in_capitals(lb["LBMETHOD"]).astype("string").str.contains("IMMUNOHISTO", na=False)
    supported = lb["SUPPORT"].eq("Y") & code.isin(COMPONENT.group("counts"))
    test = code.mask(supported, code + "SUP")
    return _long(
        lb,
        "LB",
        test.mask(stained & test.eq("BMBIOP"), "BMSTAIN"),
        VALUE=in_known_unit(code, lb["LBSTRESN"], lb["LBSTRESU"]),
        TEXT=COMPONENT_RESULT.read_or_keep(lb["LBSTRESC"]),
        FLAGGED=lb["LBBLFL"].eq("Y"),
    )[~lb["LBSTAT"].eq("NOT DONE")]


def _results(tr: pd.DataFrame) -> pd.DataFrame:
    test = COMPONENT.read_or_keep(tr["TRTESTCD"])
    return _long(
        tr,
        "TR",
        test,
        EVAL=EVALUATOR.read(tr["TREVAL"]),
        LESION=coalesce(in_capitals(tr["TRLNKID"]), ""),
        VALUE=in_known_unit(test, tr["TRSTRESN"], tr["TRSTRESU"]),
        TEXT=COMPONENT_RESULT.read_or_keep(tr["TRSTRESC"]),
        FLAGGED=tr["TRBLFL"].eq("Y"),
    )[~tr["TRSTAT"].eq("NOT DONE")]


def _status(rs: pd.DataFrame) -> pd.DataFrame:
    said = coalesce(rs["RSSTRESC"], rs["RSORRES"])
    return _long(
        rs,
        "RS",
        COMPONENT.read_or_keep(rs["RSTESTCD"]),
        EVAL=EVALUATOR.read(rs["RSEVAL"]),
        TEXT=COMPONENT_RESULT.read_or_keep(said),
        FLAGGED=is_one_of(rs["VISIT"], ("BASELINE",)),
    )[~rs["RSSTAT"].eq("NOT DONE")]


def _new_lesions(tu: pd.DataFrame) -> pd.DataFrame:
    """Return the sighting of each new lesion as a record of its visit, test ``SEEN``."""
    new = tu[LESION_KIND.read(tu["TUORRES"]).eq("NEW")]
    return _long(
        new,
        "TU",
        pd.Series("SEEN", index=new.index),
        EVAL=EVALUATOR.read(new["TUEVAL"]),
        LESION=coalesce(in_capitals(new["TULNKID"]), ""),
        VALUE=1.0,
    )


def lesion_kinds(study: Study, tu: pd.DataFrame) -> pd.DataFrame:
    """Return KIND (TARGET, NON-TARGET, NEW, PRIMARY) and NODAL of each lesion and evaluator."""
    kind = LESION_KIND.read_or_keep(tu["TUORRES"])
    nodal = in_capitals(tu["TULOC"]).astype("string").str.contains("NODE", na=False)
    rows = pd.DataFrame(
        {
            "USUBJID": tu["USUBJID"],
            "EVAL": EVALUATOR.read(tu["TUEVAL"]),
            "LESION": coalesce(in_capitals(tu["TULNKID"]), ""),
            "KIND": kind,
            "NODAL": nodal.astype(bool),
        }
    )[kind.notna() & has_role(tu, "component")]
    return _per_evaluator(rows, study).drop_duplicates([*SUBJECT, "LESION"])


def _per_evaluator(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the rows of one evaluator, and those of nobody once for each evaluator."""
    blank = rows["EVAL"].isna()
    shared = [rows[blank].assign(EVAL=name) for name in study.evaluators]
    return pd.concat([rows[~blank & rows["EVAL"].isin(study.evaluators)], *shared])


def _with_baseline(rows: pd.DataFrame, anchors: pd.Series) -> pd.DataFrame:
    """Return the rows with BASE; what lies on or before the baseline without being it is gone."""
    unit = [*SUBJECT, "TEST", "LESION"]
    anchor = rows["USUBJID"].map(anchors)
    its_day = rows["DAY"].eq(anchor)
    flag = rows["FLAGGED"] & ~(rows["DAY"] > anchor)
    flagged = flag.groupby([rows[name] for name in unit]).transform("any")
    unflagged = its_day | (~flagged & (rows["DAY"] <= anchor))
    able = flag | (unflagged & ~rows["TEST"].eq("SEEN"))
    ordered = rows[able].sort_values([*unit, "DAY", "SEQ"], kind="stable")
    chosen = ordered.drop_duplicates(unit, keep="last")
    day = chosen["DAY"].groupby([chosen[name] for name in SUBJECT]).max().rename("FROM")
    rows = rows.assign(BASE=rows.index.isin(chosen.index)).join(day, on=SUBJECT)
    later = ~flag & ~its_day & (rows["DAY"] > rows["FROM"].fillna(anchor))
    return rows.loc[rows["BASE"] | later, LONG].reset_index(drop=True)
