"""Checks of response records."""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.records import of_role
from cartend.contract.terms.general import IMPUTATION
from cartend.intake.aliases import canonical
from cartend.intake.checks.base import Hit, Trial, check, whole_study


def _one_reading(trial: Trial) -> list[str]:
    """Return what makes a series of readings; PET-CT and CT rows of one visit are two."""
    return ["USUBJID", "EVAL", *(["RSMETHOD"] if trial.criteria.pair else [])]


def _overall(trial: Trial) -> pd.DataFrame:
    """Return the records with a category."""
    rs = trial.domains["rs"]
    return rs[rs["AVALC"].notna()]


def _accepted(trial: Trial) -> pd.DataFrame:
    """Return the dated records without those that an accepted one of the day overrules."""
    rs = _overall(trial)
    rs = rs[rs["RSDT_LO"].notna()]
    accepted = rs["RSACPTFL"].eq("Y")
    keys = [rs[name] for name in (*_one_reading(trial), "RSDT_LO")]
    overruled = accepted.groupby(keys, dropna=False).transform("any") & ~accepted
    return rs[~overruled]


@check("F-RS-007", "warning", "No response follows progression without new therapy between them.")
def response_after_progression(trial: Trial) -> Iterator[Hit]:
    """Find responses after progression, which they do not undo."""
    rs, criteria = _accepted(trial), trial.criteria
    progressed = rs["RSDT_HI"].where(rs["AVALC"].isin(criteria.codes("progression")))
    keys = [rs[name] for name in _one_reading(trial)]
    rs = rs.assign(PROGRESSION=progressed.groupby(keys, dropna=False).transform("min"))
    therapy = rs["USUBJID"].map(trial.milestones["NEW_THERAPY"])
    again = rs["USUBJID"].map(trial.milestones["LAST_INFUSION"])
    treated = (therapy <= rs["RSDT_LO"]) | again.between(rs["PROGRESSION"], rs["RSDT_LO"])
    late = rs["AVALC"].isin(criteria.codes("response")) & (rs["RSDT_LO"] > rs["PROGRESSION"])
    rows = rs[late & ~treated]
    yield "rs", rows, "{AVALC} on {RSDTC} by {EVAL}, after progression on {PROGRESSION}"


@check("F-RS-008", "warning", "One evaluator has one result on one day, or an accepted one.")
def results_differ(trial: Trial) -> Iterator[Hit]:
    """Find days with two results and none accepted; decision D11 says which one counts."""
    rs = _accepted(trial)
    key = [*_one_reading(trial), "RSDT_LO"]
    count = rs.groupby(key, dropna=False)["AVALC"].transform("nunique")
    yield "rs", rs[count > 1], "{AVALC} on {RSDTC} by {EVAL}, and another result on that day"


@check("F-RS-009", "warning", "Every response has a date.")
def response_undated(trial: Trial) -> Iterator[Hit]:
    """Find responses without date; they are kept and count nowhere."""
    rs = _overall(trial)
    yield "rs", rs[rs["RSDTC"].isna()], "{AVALC} by {EVAL} without RSDTC; it counts nowhere"


@check("F-RS-010", "warning", "The date of a response is complete.")
def response_partial(trial: Trial) -> Iterator[Hit]:
    """Find partial dates of responses; they are imputed by rule and flagged."""
    rs = _overall(trial)
    rows = rs[rs["RSDTF"].isin(IMPUTATION.group("partial"))]
    yield "rs", rows, "{AVALC} by {EVAL} has the partial date {RSDTC}"


@check("F-RS-011", "error", "Every evaluator that the study names has response records.")
def evaluator_absent(trial: Trial) -> Iterator[Hit]:
    """Find evaluators whose endpoints have no data."""
    present = set(_overall(trial)["EVAL"])
    for name in trial.study.evaluators:
        if name not in present:
            yield "rs", *whole_study(f"no response record by {name}, which the study file names")


@check("F-RS-012", "error", "A result as recorded and its standardised form are one category.")
def two_results(trial: Trial) -> Iterator[Hit]:
    """Find records that say two categories; the standardised one counts."""
    rs = of_role(trial.domains["rs"], "response")
    recorded, standard = (canonical(rs[c], trial.criteria) for c in ("RSORRES", "RSSTRESC"))
    apart = recorded.notna() & standard.notna() & recorded.ne(standard)
    yield "rs", rs[apart], "RSORRES is {RSORRES} and RSSTRESC {RSSTRESC}; RSSTRESC counts"


CHECKS = (
    response_after_progression,
    results_differ,
    response_undated,
    response_partial,
    evaluator_absent,
    two_results,
)
