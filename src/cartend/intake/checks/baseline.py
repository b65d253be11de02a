"""Checks of what was assessed on the day of the origin, and of flags of baseline after it (D47)."""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.records import has_role
from cartend.contract.terms.roles import ASSESSMENTS
from cartend.intake.checks.base import Hit, Trial, check, start, whole_study

ASSESSED = ("rs", "tr", "tu", "lb")
"""The domains of responses, lesions and samples."""
BASELINE_FLAG = ("BLFL", "LOBXFL")
TIME = r"[T ](\d{2}:\d{2})"
ORIGINS = {
    "randomised": ("RANDOMISED", "randomisation", "randomisation"),
    "single-arm": ("INFUSION", "infusion", "the infusion"),
}
"""By design the milestone that is the origin of the study, its role, and how it is called."""


def _assessments(trial: Trial) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield the assessments by domain with the day of the study's origin beside them, as ORIGIN."""
    milestone, _, _ = ORIGINS[trial.study.design]
    for name in ASSESSED:
        rows, stem = trial.domains[name], start(name)
        mine = pd.Series(False, index=rows.index)
        for role in ASSESSMENTS:
            mine |= has_role(rows, role)
        rows = rows[mine & rows["USUBJID"].notna()]
        rows = rows.assign(ORIGIN=rows["USUBJID"].map(trial.milestones[milestone]))
        yield name, rows, stem


def _flag(rows: pd.DataFrame, name: str, value: str) -> pd.Series:
    """Return whether a record has a flag of baseline of that value."""
    found = pd.Series(False, index=rows.index)
    for suffix in BASELINE_FLAG:
        column = f"{name.upper()}{suffix}"
        if column in rows:
            found |= rows[column].eq(value)
    return found


def _time(texts: pd.Series) -> pd.Series:
    return texts.astype("string").str.extract(TIME, expand=False)


def _time_of_origin(trial: Trial) -> pd.Series:
    """Return, per USUBJID, the time of day of the study's origin where it is told."""
    _, role, _ = ORIGINS[trial.study.design]
    parts = [
        pd.DataFrame(
            {"USUBJID": rows["USUBJID"], "DAY": rows[f"{stem}_LO"], "AT": rows[f"{stem}C"]}
        )
        for _, rows, stem in trial.of_role(role)
    ]
    if not parts:
        return pd.Series(dtype="string")
    rows = pd.concat(parts).sort_values(["DAY", "AT"], kind="stable").drop_duplicates("USUBJID")
    return _time(rows.set_index("USUBJID")["AT"])


@check(
    "F-BASE-001",
    "warning",
    "What is assessed on the day of the study's origin was assessed before it, and is so flagged.",
)
def after_the_origin(trial: Trial) -> Iterator[Hit]:
    """Find assessments of the day of the origin that are timed after it, or flagged otherwise.

    They are baseline all the same: nothing given that day can have acted (decision D47).
    """
    at, (_, _, called) = _time_of_origin(trial), ORIGINS[trial.study.design]
    for name, rows, stem in _assessments(trial):
        rows = rows[rows[f"{stem}_LO"].eq(rows["ORIGIN"]) & rows[f"{stem}_HI"].eq(rows["ORIGIN"])]
        late = _time(rows[f"{stem}C"]) > rows["USUBJID"].map(at).astype("string")
        odd = rows[late.fillna(False).astype(bool) | _flag(rows, name, "N")]
        told = f"{{{stem}C}} is on the day of {called}, and timed after it or flagged as no"
        yield name, odd, f"{told} baseline; it is baseline"


@check("F-BASE-002", "note", "No record after the origin of the study is flagged as baseline.")
def flagged_after_the_origin(trial: Trial) -> Iterator[Hit]:
    """Find flags of baseline after randomisation or infusion; such a record is an assessment.

    A re-baseline after bridging is one of them. One finding a domain.
    """
    _, _, called = ORIGINS[trial.study.design]
    for name, rows, stem in _assessments(trial):
        late = rows[(rows[f"{stem}_LO"] > rows["ORIGIN"]) & _flag(rows, name, "Y")]
        if len(late):
            told = f"{len(late)} records of {late['USUBJID'].nunique()} subjects are flagged as"
            told += f" baseline and are of a day after {called}; they are assessments"
            yield name, *whole_study(told)


CHECKS = (after_the_origin, flagged_after_the_origin)
