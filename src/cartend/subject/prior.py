"""Flags of prior and control treatment: prior CAR-T, unsuitable for one, refractory to the control.

R11 (guideline lines 154-157) and R14 (169-174).
"""

import numpy as np
import pandas as pd

from cartend.contract.records import of_role
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.therapy import NO_RESPONSE_TO_LINE
from cartend.contract.text import is_one_of
from cartend.subject.domains import coalesce

DERIVED, REPORTED = "CM", "SC"


def prior_flags(
    study_treatments: tuple[str, ...],
    domains: dict[str, pd.DataFrame],
    given: pd.DataFrame,
    randomised: pd.Series,
    subjects: pd.Index,
) -> pd.DataFrame:
    """Return, per USUBJID, PRICARFL CARTUNFL SOCREFFL SOCREFSC; missing where the data say nothing.

    1. PRICARFL: a prior therapy of class CAR-T, or an infusion of ``given`` before the day of
       ``randomised``. Missing for all where neither is recorded of anybody.
    2. CARTUNFL: SC CARTUNS, as reported.
    3. SOCREFFL: SC SOCREFR as reported, else Y where a prior line with a treatment of
       ``study_treatments`` (drug or class) had SD, PD or no response as its best response, N where
       prior lines are recorded. SOCREFSC is where it comes from.
    """
    prior, sc = of_role(domains["cm"], "prior_therapy"), of_role(domains["sc"], "subject_fact")
    earlier = given.loc[given["ADT"] < given["USUBJID"].map(randomised), "USUBJID"]
    had = prior.loc[prior["CMCLAS"].eq("CAR-T"), "USUBJID"]
    out = pd.DataFrame(index=subjects)
    out["PRICARFL"] = _flag(subjects, pd.concat([had, earlier]))
    if prior.empty and earlier.empty:
        out["PRICARFL"] = None
    out["CARTUNFL"] = _reported(sc, "CARTUNS", subjects)
    derived = _refractory(prior, study_treatments, subjects)
    reported = _reported(sc, "SOCREFR", subjects)
    out["SOCREFFL"] = coalesce(reported, derived)
    source = np.where(reported.notna(), REPORTED, np.where(derived.notna(), DERIVED, None))
    out["SOCREFSC"] = source
    return out


def _flag(subjects: pd.Index, members: pd.Series) -> pd.Series:
    return pd.Series(np.where(subjects.isin(members), "Y", "N"), index=subjects, dtype=object)


def _reported(sc: pd.DataFrame, test: str, subjects: pd.Index) -> pd.Series:
    rows = sc[is_one_of(sc["SCTESTCD"], [test])].sort_values("SCSEQ")
    said = YES_NO.read(coalesce(rows["SCSTRESC"], rows["SCORRES"])).dropna()
    first = said.groupby(rows["USUBJID"]).first()
    found = first.reindex(subjects).astype(object)
    return found.where(found.notna(), None)


def _refractory(prior: pd.DataFrame, treatments: tuple[str, ...], subjects: pd.Index) -> pd.Series:
    """Return Y or N by what prior lines say; missing without treatments or prior lines."""
    if not treatments or prior.empty:
        return pd.Series(None, index=subjects, dtype=object)
    drug = coalesce(prior["CMDECOD"], prior["CMTRT"])
    used = is_one_of(drug, treatments) | is_one_of(prior["CMCLAS"], treatments)
    failed = used & NO_RESPONSE_TO_LINE.read(prior["BESTRESP"]).notna()
    return _flag(subjects, prior.loc[failed, "USUBJID"])
