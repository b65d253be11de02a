"""Second malignancies among the adverse events, and the causality of each case (R43, 4.6)."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from cartend.config.safety import Malignancies
from cartend.contract.terms.adverse import CAUSALITY as CLASSES
from cartend.contract.terms.adverse import MALIGNANCY_TYPE
from cartend.contract.text import holds_any, is_one_of
from cartend.subject.domains import coalesce
from cartend.subject.events import is_second_malignancy


class CausalityRule(NamedTuple):
    """One class of causality: its sentence and the mask of the cases that it holds."""

    code: str
    sentence: str
    holds: Callable[[pd.DataFrame, float], pd.Series]


def _yes(cases: pd.DataFrame, name: str) -> pd.Series:
    return is_one_of(cases[name], ["Y"])


def _absent(cases: pd.DataFrame, low: float) -> pd.Series:
    return (cases["TGCOPIES"] < low) | is_one_of(cases["INTCLON"], ["NOT DETECTED"])


def _clonal(cases: pd.DataFrame) -> pd.Series:
    return is_one_of(cases["INTCLON"], ["CLONAL"])


# Specification 4.6, guideline lines 352-355 (R43); the first rule that holds a case decides.
CAUSALITY = (
    CausalityRule(
        "INDETERMINATE",
        "no tissue of the tumour was examined",
        lambda cases, low: ~_yes(cases, "TISSUE") & cases["TGCOPIES"].isna() & ~_clonal(cases),
    ),
    CausalityRule(
        "UNLIKELY",
        "the transgene is absent or very low in the tumour, or the same clone was there before "
        "the infusion",
        lambda cases, low: _absent(cases, low) | _yes(cases, "TCRPRE"),
    ),
    CausalityRule(
        "ATTRIBUTABLE",
        "the transgene is inserted clonally in or near a driver gene, the clone expanded, and no "
        "driver mutation was there before the infusion",
        lambda cases, low: (
            _clonal(cases)
            & _yes(cases, "DRIVERNR")
            & _yes(cases, "EXPCLON")
            & ~_yes(cases, "MUTPRE")
        ),
    ),
    CausalityRule(
        "POSSIBLE",
        "the transgene is there with an independent driver, or the examination is incomplete",
        lambda cases, low: pd.Series(True, index=cases.index),
    ),
)
NOT_EXCLUDED = CLASSES.group("not_excluded")
"""The classes in which the product as a cause is not excluded (R45)."""


def malignancy_cases(settings: Malignancies, ae: pd.DataFrame) -> pd.DataFrame:
    """Return SPMFL, SPMTYPE, TCELLFL and SPMCAUS of each record of AE, by its index.

    SPMTYPE is as recorded, else T-CELL or SKIN by the terms of ``settings``, else OTHER. The last
    three stand only where SPMFL is Y.
    """
    second = is_second_malignancy(ae["AEDECOD"])
    t_cell = holds_any(ae["AEDECOD"], settings.contains)
    skin = is_one_of(ae["AEDECOD"], settings.skin)
    named = pd.Series("OTHER", index=ae.index, dtype=object).where(~skin, "SKIN")
    stated = MALIGNANCY_TYPE.read_or_keep(ae["SPMTYPE"])
    kind = coalesce(stated, named.where(~t_cell, "T-CELL"))
    cause = pd.Series(None, index=ae.index, dtype=object)
    for rule in reversed(CAUSALITY):
        cause = cause.where(~rule.holds(ae, settings.low_copies), rule.code)
    flags = {True: "Y", False: "N"}
    return pd.DataFrame(
        {
            "SPMFL": second.map(flags).astype(object),
            "SPMTYPE": kind.where(second, None),
            "TCELLFL": kind.eq("T-CELL").map(flags).astype(object).where(second, None),
            "SPMCAUS": cause.where(second, None),
        }
    )
