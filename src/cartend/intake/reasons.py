"""Why a row as read is not used: what the intake can know of it (contract UNUSED)."""

import pandas as pd

from cartend.config.study import Study
from cartend.contract.datasets.adam import VISIT_RESPONSE
from cartend.contract.datasets.sdtm import COLLECTED, SOURCE_ROW, VALUE
from cartend.contract.records import has_role
from cartend.contract.terms.roles import COLUMN, DATED_BY_DEATH, ROLE
from cartend.intake.account import REASON, Conditions, first_reason
from cartend.intake.checks.base import Trial, start

CUTOFF_PARAMETER = "DCUTDTC"


def of_domain(trial: Trial, name: str) -> pd.DataFrame:
    """Return what became of the records of one SDTM domain: SOURCEROW, ROLE, REASON."""
    table = trial.domains[name]
    reason = first_reason(table, _conditions(trial, name, table))
    return table[[SOURCE_ROW, COLUMN]].assign(**{REASON: reason})


def _conditions(trial: Trial, name: str, table: pd.DataFrame) -> Conditions:
    if name == "ts":
        return {
            "NO VALUE": lambda: table["TSVAL"].isna(),
            "NOT SOUGHT": lambda: (
                table["TSPARMCD"].ne(CUTOFF_PARAMETER) | (trial.study.cutoff is not None)
            ),
        }
    known = trial.domains["dm"]["USUBJID"]
    found: Conditions = {
        "NO SUBJECT": lambda: table["USUBJID"].isna(),
        "SUBJECT UNKNOWN": lambda: ~table["USUBJID"].isin(known),
    }
    if name == "dm":
        return found
    return {**found, **_of_record(trial, name, table)}


def _of_record(trial: Trial, name: str, table: pd.DataFrame) -> Conditions:
    none = pd.Series(False, index=table.index)
    stem = start(name)
    day = table[f"{stem}_LO"] if stem else None
    return {
        "NOT GIVEN": lambda: (
            has_role(table, "infusion") & table["EXDOSE"].eq(0) if name == "ex" else none
        ),
        "NOT DONE": lambda: _not_done(name, table),
        "NO ROLE": lambda: table[COLUMN].isna(),
        "SET ASIDE": lambda: (
            has_role(table, "response") & table["AVALC"].isna() if name == "rs" else none
        ),
        "NO DATE": lambda: day.isna() & _needs_date(table) if day is not None else none,
        "NO VALUE": lambda: _without_value(name, table),
        "AFTER CUT-OFF": lambda: (
            day > trial.cutoff if day is not None and name not in COLLECTED else none
        ),
    }


def _needs_date(table: pd.DataFrame) -> pd.Series:
    """Return which records count nowhere without a date."""
    needed = (*ROLE.group("entry"), *ROLE.group("dated"), *ROLE.group("assessed"))
    found = pd.Series(False, index=table.index)
    for role in needed:
        found |= has_role(table, role)
    for role in DATED_BY_DEATH:
        found &= ~has_role(table, role)
    return found


def _not_done(name: str, table: pd.DataFrame) -> pd.Series:
    """Return which components were not done; a response and a sample not done are still read."""
    column = f"{name.upper()}STAT"
    if column not in table:
        return pd.Series(False, index=table.index)
    return table[column].eq("NOT DONE") & has_role(table, "component")


def _without_value(name: str, table: pd.DataFrame) -> pd.Series:
    """Return which records say nothing in any of the columns that could hold their value."""
    columns = [column for column in VALUE.get(name, ()) if column in table]
    if not columns or name == "rs":
        return pd.Series(False, index=table.index)
    return table[columns].isna().all(axis=1) & ~has_role(table, "mrd_sample")


def of_adam(trial: Trial, name: str) -> pd.DataFrame:
    """Return what became of the records of one brought dataset: SOURCEROW, ROLE, REASON.

    The role is ``response`` for a visit response, for a time the endpoint that its parameter is.
    """
    table = trial.domains[name]
    known = trial.domains["adsl"]["USUBJID"]
    found: Conditions = {"NO SUBJECT": lambda: table["USUBJID"].isna()}
    role = pd.Series(None, index=table.index, dtype=object)
    if name != "adsl":
        found = {**found, "SUBJECT UNKNOWN": lambda: ~table["USUBJID"].isin(known)}
        found = {**found, **_of_parameter(trial, name, table)}
    if name == "adrs":
        role = role.mask(visit_responses(table), "response")
    if name == "adtte":
        role = table["PARAMCD"].astype(object)
    reason = first_reason(table, found)
    return pd.DataFrame({SOURCE_ROW: table[SOURCE_ROW], COLUMN: role, REASON: reason})


def _of_parameter(trial: Trial, name: str, table: pd.DataFrame) -> Conditions:
    dated = table["ADT"].notna()
    late = table["ADT"] > trial.cutoff
    if name == "adrs":
        visit = visit_responses(table)
        return {
            "NO DATE": lambda: visit & ~dated,
            "AFTER CUT-OFF": lambda: visit & late,
            "NOT SOUGHT": lambda: ~visit,
        }
    return {
        "NO VALUE": lambda: (
            table["CNSR"].isna() | (table["AVAL"].isna() & ~(dated & table["STARTDT"].notna()))
        ),
        "NOT SOUGHT": lambda: ~times_read(trial.domains["adrs"], table, trial.study),
    }


def visit_responses(adrs: pd.DataFrame) -> pd.Series:
    """Return which records of a brought ADRS are visit responses."""
    return adrs["PARAMCD"].eq(VISIT_RESPONSE)


def times_read(adrs: pd.DataFrame, adtte: pd.DataFrame, study: Study) -> pd.Series:
    """Return which records of a brought ADTTE are read: those of the study's endpoints.

    None is where the study brings visit responses: with these at hand the definitions decide.
    """
    if visit_responses(adrs).any():
        return pd.Series(False, index=adtte.index)
    return adtte["PARAMCD"].isin(study.endpoints)
