"""The algorithmic response of each visit, beside the reported one (specification 2.0, 5; R23)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.contract.terms.assessment import COMPONENT
from cartend.response import ball, imwg, inrc, lugano
from cartend.response.adrs import REPORTED, finish_adrs
from cartend.response.assessments import Assessments, gather
from cartend.response.components import SUBJECT, component_records, lesion_kinds, visit_key
from cartend.response.records import choose_records
from cartend.response.visits import label_by_schedule

CRITERIA = {"b-all": ball, "lugano": lugano, "imwg": imwg, "inrc": inrc}
PARAMCD = "OVRALG"


def algorithmic_responses(
    study: Study,
    criteria: Criteria,
    domains: Mapping[str, pd.DataFrame],
    adsl: pd.DataFrame,
    adrs: pd.DataFrame,
) -> pd.DataFrame:
    """Return ADRS rows of PARAMCD ``OVRALG``; none where the study has no component data.

    1. Component records by evaluator and visit, with their baseline.
    2. The rules of the criteria give a category, the component that decides, and its date.
    3. An assessment is one that a reported response or a leading component makes.
    4. Visit labels, one row a subject, evaluator and date as for reported responses (D11).
    """
    if criteria.algorithm is None:
        return adrs.iloc[:0]
    rules = CRITERIA[criteria.algorithm.kind]
    records = component_records(study, domains, adsl, COMPONENT.group(rules.GROUP))
    if records.empty:
        return adrs.iloc[:0]
    kinds = lesion_kinds(study, domains["tu"])
    found = gather(records, kinds, reported_visits(adrs, records))
    said = found.visits["SAID"].eq(1)
    leading = found.records["TEST"].isin(COMPONENT.group(f"{rules.GROUP}_visit"))
    made = said | pd.Series(found.index.isin(found.records.loc[leading, "AT"]), index=found.index)
    with_criteria = {"criteria": criteria} if criteria.algorithm.kind == "lugano" else {}
    result = rules.respond(found, criteria.algorithm, **with_criteria)
    return _as_adrs(study, criteria, adsl, found, result, made)


def reported_visits(adrs: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID EVAL KEY DAY of the reported responses after the subject's baseline."""
    counted = adrs["ANL02FL"].eq("Y") & adrs["ADT"].notna() & adrs["PARAMCD"].eq(REPORTED)
    rows = adrs.loc[counted, [*SUBJECT, "VISIT", "ADT"]].rename(columns={"ADT": "DAY"})
    rows = rows.assign(KEY=visit_key(rows["VISIT"], rows["DAY"]))
    start = records[records["BASE"]].groupby(SUBJECT)["DAY"].max().rename("START")
    rows = rows.join(start, on=SUBJECT)
    return rows.loc[rows["DAY"] > rows["START"], [*SUBJECT, "KEY", "DAY"]]


def _as_adrs(
    study: Study,
    criteria: Criteria,
    adsl: pd.DataFrame,
    found: Assessments,
    result: pd.DataFrame,
    made: pd.Series,
) -> pd.DataFrame:
    """Return the results of the assessments as rows of ADRS."""
    rows = pd.concat([found.visits[[*SUBJECT, "KEY"]], result], axis=1)[made]
    rows = rows.rename(columns={"KEY": "VISIT"}).reset_index(drop=True)
    blank = dict.fromkeys(("RSEVAL", "RSEVALID", "RSACPTFL", "excluded", "ANL01RS"))
    rows = rows.assign(**blank, ADTF="", ADTLO=rows["ADT"], ADTHI=rows["ADT"])
    rows = rows.assign(SEQ=np.arange(1, len(rows) + 1), COMPLETE=rows["COMPLETE"].map(_flag))
    rows = choose_records(rows, criteria.rank, criteria.codes("not_evaluable"))
    rows = label_by_schedule(rows, adsl, study)
    source = rows["DOM"].where(rows["DOM"].notna(), "")
    rows = rows.assign(
        SRCDOM=source,
        SRCVAR=source.where(source.eq(""), source + "DTC"),
        SRCSEQ=rows["SEQ_SOURCE"].fillna(0),
    )
    return finish_adrs(rows, criteria, adsl, PARAMCD)


def _flag(value: object) -> str:
    return "Y" if value is True or value == 1 else "N"


def feed_endpoints(adrs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return ADRS with ANL01FL = Y on the counted rows of the source that feeds the endpoints."""
    source = {"reported": REPORTED, "algorithmic": PARAMCD}[study.response_source]
    aside = adrs["ANL02FL"].eq("Y") & adrs["PARAMCD"].ne(source)
    flag = adrs["ANL02FL"].where(adrs["PARAMCD"].eq(source), "N")
    why = adrs["ANL01RS"].mask(aside, f"{source} feeds the endpoints")
    return adrs.assign(ANL01FL=flag, ANL01RS=why)
