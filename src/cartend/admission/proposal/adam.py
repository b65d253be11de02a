"""What a brought ADaM calls its endpoints, evaluators and dates: a proposal for key ``adam``."""

from collections.abc import Iterable

import pandas as pd

from cartend.admission.proposal.trial import Answer
from cartend.admission.proposal.words import Tables, tally
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.proposed import (
    CENSORED_BY_RULE,
    CUTOFF_COLUMNS,
    ENDS,
    INFUSION_COLUMNS,
    LEUKAPHERESIS_COLUMNS,
    REVIEW_WORDS,
)
from cartend.contract.text import by_word
from cartend.intake.roles import pattern


def evaluator_in(code: str, text: str) -> str | None:
    """Return the evaluator that a parameter's code or text names."""
    for end, meaning in ENDS:
        if code.upper().endswith(end):
            return meaning
    *_, last = text.rpartition(" by ")
    return EVALUATOR.code(last.split("(")[0].strip()) or (
        "IRC" if pattern(REVIEW_WORDS)(text) else None
    )


def responses_of(adrs: pd.DataFrame | None) -> dict[str, str]:
    """Return the evaluator of each parameter of visit responses: {PARAMCD: IRC}."""
    if adrs is None or not {"PARAMCD", "AVALC"} <= set(adrs):
        return {}
    found = {}
    for code, rows in adrs.groupby("PARAMCD", sort=True):
        evaluator = evaluator_in(str(code), _text(rows))
        several = rows.groupby("USUBJID").size().gt(1).any()
        if evaluator and several and str(code).upper() != "OVR":
            found[str(code)] = evaluator
    return found


def times_of(
    adtte: pd.DataFrame | None, endpoints: Iterable[str]
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return what each parameter of times is, and those that nobody can tell.

    ``endpoints`` holds the ids of the shipped endpoints. A parameter whose code, without the
    evaluator at its end, begins one endpoint's id alone is that one; where several begin so (PFS:
    PFS_FDA and PFS_EMA), it is a question.
    """
    found: dict[str, dict[str, str]] = {}
    open_: list[str] = []
    known = list(endpoints)
    if adtte is None or "PARAMCD" not in adtte:
        return found, open_
    for code, rows in adtte.groupby("PARAMCD", sort=True):
        text = _text(rows)
        evaluator = evaluator_in(str(code), text)
        stem = str(code).upper()
        for end, meaning in ENDS:
            if evaluator == meaning and stem.endswith(end):
                stem = stem.removesuffix(end)
                break
        ids = [name for name in known if name == stem or name.startswith(f"{stem}_")]
        exact = [name for name in ids if name == stem] or _by_censoring(stem, rows, ids)
        if exact or len(ids) == 1:
            who = {"evaluator": evaluator} if evaluator else {}
            found[str(code)] = {"endpoint": (exact or ids)[0], **who}
        else:
            open_.append(str(code))
    return found, open_


def _by_censoring(stem: str, rows: pd.DataFrame, ids: list[str]) -> list[str]:
    """Return the PFS that censors as the records say: at new therapy or missed visits, or not."""
    if stem != "PFS" or "CNSDTDSC" not in rows:
        return []
    censored = rows["CNSDTDSC"].dropna()
    fda = any(pattern(CENSORED_BY_RULE)(text) for text in censored.unique())
    wanted = "PFS_FDA" if fda else "PFS_EMA"
    return [name for name in ids if name == wanted and len(censored)]


def _text(rows: pd.DataFrame) -> str:
    return (
        str(rows["PARAM"].dropna().iloc[0])
        if "PARAM" in rows and rows["PARAM"].notna().any()
        else ""
    )


def columns_of(adsl: pd.DataFrame) -> dict[str, str]:
    """Return our names of dates that ADSL calls otherwise: {LEUKDT: APHDT}."""
    found = {}
    for ours, names in (
        ("INFDT", INFUSION_COLUMNS),
        ("LEUKDT", LEUKAPHERESIS_COLUMNS),
        ("CUTDT", CUTOFF_COLUMNS),
    ):
        theirs = next((name for name in names if name in adsl and adsl[name].notna().any()), None)
        if theirs is not None and theirs != ours and ours not in adsl:
            found[ours] = theirs
    return found


def evaluator_answer(adrs: pd.DataFrame | None, mapped: dict[str, str]) -> tuple[list[str], Answer]:
    """Return the evaluators of ADRS, and which is primary: a question where there are two."""
    if adrs is None:
        return list(EVALUATOR), Answer(None, "no ADRS; the evaluators are those of ADTTE")
    said = by_word(adrs["PARAMCD"], mapped.get)
    for column in ("EVAL", "RSEVAL", "PARQUAL"):
        if column in adrs:
            said = said.where(said.notna(), EVALUATOR.read(adrs[column]))
    found = [code for code in EVALUATOR if said.eq(code).any()]
    told = f"records of response: {tally(said)}" if found else "no record names an evaluator"
    return found or list(EVALUATOR), Answer(found[0] if len(found) == 1 else None, told)


def is_adam(tables: Tables) -> bool:
    """Return whether a delivery is ADaM: it has ADSL and no DM."""
    return "adsl" in tables and "dm" not in tables
