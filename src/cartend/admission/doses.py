"""Stops of doses: something was given, and no role says what it was (decision D39)."""

from collections.abc import Iterator

import pandas as pd

from cartend.admission.trial import Admitted
from cartend.config.records import all_records
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.roles import COLUMN
from cartend.contract.text import by_word, counted, first_of
from cartend.intake.roles import selections
from cartend.intake.stops import Stop
from cartend.intake.words import delivered

SHOWN = 4
DRUG = "EXTRT"


def doses_without_role(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each word under which doses stand that no role claims.

    A dose of exactly 0, and a record of what did not happen or was not done, is no dose; a
    missing dose is one (decision D46).
    """
    ex = trial.domains.get("ex")
    if ex is None or ex.empty:
        return
    free = ex[ex[COLUMN].isna() & ~_not_given(ex)]
    if free.empty:
        return
    columns = [name for name in _sought(trial) if name in free]
    for said, rows in free.groupby(_words(free, columns or [DRUG]), sort=True):
        drugs = f" ({_counted(rows)})" if DRUG not in columns else ""
        yield Stop(
            "S-DOSE",
            str(said),
            len(rows),
            f"{trial.study.id}: {counted(len(rows), 'record')} of EX with a dose that no role "
            f"claims: {said}{drugs}",
            "name them under records in the study file, as infusion, lymphodepletion, "
            "standard_of_care or other_treatment",
        )


def _sought(trial: Admitted) -> list[str]:
    """Return the columns of EX that any role reads."""
    roles = all_records(trial.study.records).values()
    asked = [selection.where for role in roles for selection in selections(role, "ex")]
    return list(dict.fromkeys(column for where in asked for column in where))


def _not_given(ex: pd.DataFrame) -> pd.Series:
    """Return which records say that nothing was given, or that it is not known."""
    blank = pd.Series(None, index=ex.index, dtype=object)
    no = YES_NO.read(ex.get("EXOCCUR", blank)).eq("N")
    return no | ex.get("EXSTAT", blank).notna() | ex["EXDOSE"].eq(0)


def _words(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return what each record says in some columns, as ``EXCAT 'X'``."""

    def said(column: str) -> pd.Series:
        texts = delivered(rows, column).fillna("")
        return by_word(texts, lambda word: f"{column} '{word}'" if word else f"{column} blank")

    first, *others = [said(column) for column in columns]
    return first.str.cat(others, sep=", ")


def _counted(rows: pd.DataFrame) -> str:
    """Return the drugs of some records with their counts, the most frequent first."""
    counts = delivered(rows, DRUG).fillna("blank").value_counts()
    told = [f"{DRUG} '{word}' {count}" for word, count in counts.items()]
    return first_of(told, SHOWN)
