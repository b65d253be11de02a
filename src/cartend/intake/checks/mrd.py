"""Checks of measurable residual disease (specification, section 2.7)."""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.records import of_role
from cartend.contract.terms.assessment import MRD_RESULT
from cartend.contract.text import is_one_of
from cartend.intake.checks.base import Hit, Trial, check, each_word
from cartend.intake.numbers import numbers_in


def _samples(trial: Trial) -> pd.DataFrame:
    """Return the MRD records."""
    return of_role(trial.domains["lb"], "mrd_sample")


@check("F-MRD-001", "warning", "A negative sample states its limit of detection.")
def limit_missing(trial: Trial) -> Iterator[Hit]:
    """Find negatives not known to be below the threshold; they are indeterminate."""
    lb = _samples(trial)
    rows = lb[lb["LBSTRESC"].eq("NEGATIVE") & lb["LBLLOD"].isna()]
    yield "lb", rows, "NEGATIVE on {LBDTC} without LBLLOD; it counts as indeterminate"


@check("F-MRD-002", "error", "The value of a sample agrees with its call.")
def value_contradicts_call(trial: Trial) -> Iterator[Hit]:
    """Find negatives at or above the threshold, and positives with nothing found."""
    lb, threshold = _samples(trial), trial.study.mrd.threshold
    high = lb[lb["LBSTRESC"].eq("NEGATIVE") & (lb["LBSTRESN"] >= threshold)]
    yield "lb", high, f"NEGATIVE with {{LBSTRESN}}, not below the threshold {threshold:g}"
    none = lb["LBSTRESN"].eq(0) | (lb["LBSTRESN"] < lb["LBLLOD"])
    low = lb[lb["LBSTRESC"].eq("POSITIVE") & none]
    yield "lb", low, "POSITIVE with {LBSTRESN}, below the limit of detection {LBLLOD}"


@check("F-MRD-003", "warning", "The limit of detection of a negative sample reaches the threshold.")
def limit_too_high(trial: Trial) -> Iterator[Hit]:
    """Find samples that cannot show negativity at the threshold."""
    lb, threshold = _samples(trial), trial.study.mrd.threshold
    rows = lb[lb["LBSTRESC"].eq("NEGATIVE") & (lb["LBLLOD"] > threshold)]
    yield "lb", rows, f"NEGATIVE with limit of detection {{LBLLOD}}, above {threshold:g}"


@check("F-MRD-004", "warning", "The call of a sample is a word of the contract.")
def call_unknown(trial: Trial) -> Iterator[Hit]:
    """Find unknown calls; they are no calls. A number is none either, and needs to be none."""
    lb = _samples(trial)
    words = lb["LBSTRESC"].where(numbers_in(lb["LBSTRESC"]).isna())
    rows = lb[words.notna() & ~words.isin(MRD_RESULT)]
    yield from each_word(rows, "lb", "LBSTRESC", "is unknown", list(MRD_RESULT))


@check("F-MRD-005", "note", "Method and specimen are those of the study file.")
def assay_not_planned(trial: Trial) -> Iterator[Hit]:
    """Find samples that cannot be negative for the endpoint."""
    lb, mrd = _samples(trial), trial.study.mrd
    for column, allowed in {"LBMETHOD": mrd.methods, "LBSPEC": mrd.specimens}.items():
        rows = lb[lb[column].notna() & ~is_one_of(lb[column], allowed)]
        yield "lb", rows, f"{column} {{{column}}} is not among {', '.join(allowed)}"


@check("F-MRD-006", "error", "MRD values and limits are fractions from 0 to 1.")
def no_fraction(trial: Trial) -> Iterator[Hit]:
    """Find percentages, which would make positive what is negative."""
    lb = _samples(trial)
    for column in ("LBSTRESN", "LBLLOD"):
        rows = lb[lb[column].notna() & ~lb[column].between(0, 1)]
        yield "lb", rows, f"{column} {{{column}}} is no fraction from 0 to 1"


CHECKS = (
    limit_missing,
    value_contradicts_call,
    limit_too_high,
    call_unknown,
    assay_not_planned,
    no_fraction,
)
