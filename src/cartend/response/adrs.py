"""ADRS: every overall response by visit, with the one that counts per evaluator and date."""

import numpy as np
import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.contract.datasets.response import ADRS
from cartend.contract.records import of_role
from cartend.contract.terms.assessment import EVALUATOR, VISIT_RESPONSE
from cartend.contract.text import is_one_of, normal, normalised
from cartend.response.dates import DATE, date_assessments
from cartend.response.pairs import combine_pairs
from cartend.response.records import choose_records
from cartend.response.tables import in_contract
from cartend.response.visits import label_by_schedule
from cartend.subject.domains import coalesce

REPORTED = "OVR"


def last_possible_day(adsl: pd.DataFrame) -> pd.Series:
    """Return, per USUBJID, the data cut-off or the latest possible day of death before it."""
    indexed = adsl.set_index("USUBJID")
    return indexed[["CUTDT", "DTHDTHI"]].min(axis=1)


def overall_responses(rs: pd.DataFrame, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the response records of the subjects in ADSL, SEQ and date bounds named alike."""
    rows = of_role(rs, "response")
    rows = rows[rows["USUBJID"].isin(adsl["USUBJID"])].reset_index(drop=True)
    evaluator = coalesce(rows["EVAL"], "INV")
    names = {"RSSEQ": "SEQ", "RSDT_LO": "LO", "RSDT_HI": "HI", "RSDTF": "FLAG"}
    return rows.rename(columns=names).assign(EVAL=evaluator, PDBASIS=progression_basis(rows))


def progression_basis(rs: pd.DataFrame) -> pd.Series:
    """Return what a progression rests on: PDBASIS, else IMAGING (PDIFL = Y), SERUM (PDOFL = Y)."""
    flagged = pd.Series(None, index=rs.index, dtype=object)
    flagged = flagged.mask(rs["PDOFL"].eq("Y"), "SERUM")
    return coalesce(rs["PDBASIS"], flagged.mask(rs["PDIFL"].eq("Y"), "IMAGING"))


def why_excluded(rows: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Return why a record cannot count: other criteria, or no category; else None."""
    other = rows["RSCAT"].notna() & ~is_one_of(rows["RSCAT"], (*criteria.rscat, criteria.label))
    why = pd.Series(None, index=rows.index, dtype=object)
    why[rows["AVALC"].isna()] = "no response category"
    why[other] = "assessed by other criteria"
    return why


def derive_adrs(
    study: Study, criteria: Criteria, rs: pd.DataFrame, adsl: pd.DataFrame
) -> pd.DataFrame:
    """Return ADRS: every record kept, at most one ANL01FL = Y per subject, EVAL and ADT.

    1. One day for partial dates. 2. Rows of two methods of one visit combined (2.1). 3. One record
    per subject, evaluator and date (D11). 4. Visit label by window (D6).
    """
    rows = overall_responses(rs, adsl)
    rows = date_assessments(rows, last_possible_day(adsl), criteria.codes("progression"))
    excluded = why_excluded(rows, criteria)
    paired = combine_pairs(rows[excluded.isna()], criteria)
    aside = rows[excluded.notna()].assign(ANL01RS=None, PAIRSEQ=np.nan)
    rows = pd.concat([part for part in (paired, aside) if len(part)] or [paired]).sort_index()
    used = rows["used"].eq(True) if "used" in rows else pd.Series(False, index=rows.index)
    excluded = excluded.where(~used, "combined into the other row of its visit")
    rows = rows.assign(excluded=excluded)
    rows = choose_records(rows, criteria.rank, criteria.codes("not_evaluable"))
    rows = label_by_schedule(rows, adsl, study)
    rows = rows.assign(SRCDOM="RS", SRCVAR="RSDTC", SRCSEQ=rows["SEQ"])
    return finish_adrs(rows, criteria, adsl)


def adrs_from_adam(
    study: Study, criteria: Criteria, adrs: pd.DataFrame, adsl: pd.DataFrame
) -> pd.DataFrame:
    """Return ADRS from one brought as ADaM: USUBJID ADT AVALC, perhaps EVAL AVISITN PARAMCD (D25).

    1. The rows of parameter OVR, which the intake gives to visit responses; else those whose
    parameter begins with it; else all. 2. A blank evaluator is the study's primary one. 3. Where
    visits were brought without labels, the schedule labels them.
    """
    rows = adrs[adrs["USUBJID"].isin(adsl["USUBJID"])].reset_index(drop=True)
    for column in ADRS.columns:
        if column.name not in rows:
            blank = np.nan if column.kind == "number" else None
            rows = rows.assign(**{column.name: blank})
    rows = visit_responses(rows)
    code = normalised(rows["AVALC"]).map(criteria.alias_map).astype(object)
    day = pd.to_datetime(rows["ADT"]).astype(DATE)
    rows = rows.assign(AVALC=code, ADT=day, ADTLO=day, ADTHI=day, ANL01RS=None, PAIRSEQ=np.nan)
    rows = rows.assign(
        EVAL=coalesce(EVALUATOR.read_or_keep(rows["EVAL"]), study.primary_evaluator),
        ADTF=coalesce(rows["ADTF"], ""),
        SEQ=pd.to_numeric(rows["ASEQ"], errors="coerce").fillna(
            pd.Series(np.arange(1, len(rows) + 1), index=rows.index)
        ),
        excluded=pd.Series(None, index=rows.index, dtype=object).mask(
            code.isna(), "no response category"
        ),
    )
    rows = choose_records(rows, criteria.rank, criteria.codes("not_evaluable"))
    brought = pd.to_numeric(rows["AVISITN"], errors="coerce"), rows["AVISIT"]
    rows = label_by_schedule(rows, adsl, study)
    if brought[0].notna().any():
        rows = rows.assign(AVISITN=brought[0], AVISIT=brought[1])
    rows = rows.assign(SRCDOM="ADRS", SRCVAR="ADT", SRCSEQ=rows["SEQ"])
    return finish_adrs(rows, criteria, adsl)


def visit_responses(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a brought ADRS that hold responses by visit."""
    parameter = normalised(rows["PARAMCD"])
    exactly = parameter.eq(normal(REPORTED))
    if exactly.any():
        return rows[exactly]
    alike = parameter.astype("string").str.startswith(normal(REPORTED), na=False)
    return rows[alike] if alike.any() else rows


def finish_adrs(
    rows: pd.DataFrame, criteria: Criteria, adsl: pd.DataFrame, paramcd: str = REPORTED
) -> pd.DataFrame:
    """Return ADRS in the columns, kinds and order of its contract."""
    study = adsl.set_index("USUBJID")["STUDYID"]
    rows = rows.assign(
        STUDYID=rows["USUBJID"].map(study),
        PARAMCD=paramcd,
        PARAM=f"{VISIT_RESPONSE.label(paramcd)} ({criteria.label})",
        AVAL=rows["AVALC"].map(criteria.rank).astype(float),
        ANL02FL=rows["ANL01FL"],
        VISRESP=rows["AVALC"],
    )
    rows = rows.sort_values(["USUBJID", "EVAL", "ADT", "SRCSEQ"], kind="stable")
    rows["ASEQ"] = rows.groupby("USUBJID").cumcount() + 1
    return in_contract(rows, ADRS)
