"""Design, arms, evaluators, criteria, cut-off and strata, as far as a delivery tells them."""

from dataclasses import dataclass

import pandas as pd

from cartend.admission.proposal.words import Tables, column_like, fits_any, tally
from cartend.config.criteria import Criteria
from cartend.config.template import Template
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.disposition import UNASSIGNED
from cartend.contract.terms.proposed import ARM_WORDS, NAMING, STRATUM_COLUMNS
from cartend.contract.text import is_one_of, normal

MOST_LEVELS = 6
"""A column with more different values is no stratum."""


@dataclass(frozen=True)
class Answer:
    """One thing that a study file says; ``value`` None is a question, ``told`` what was seen."""

    value: object
    told: str


@dataclass(frozen=True)
class ArmSeen:
    """One arm of the data: its key, label, the texts that mean it, its subjects, its role."""

    code: str
    label: str
    names: tuple[str, ...]
    subjects: int
    role: str | None


def arms_of(subjects: pd.DataFrame, columns: tuple[str, ...], single: bool) -> list[ArmSeen]:
    """Return the arms of the list of subjects, by the first of the columns that tells them.

    ``columns`` holds the code's column before those of labels. The role is told by words; with
    two arms, that of the one follows from the other.
    """
    present = [c for c in columns if c in subjects and subjects[c].notna().any()]
    if not present:
        return []
    first, last = present[0], present[-1]
    known = subjects[subjects[first].notna() & UNASSIGNED.read(subjects[first]).isna()]
    found = []
    for text, rows in known.groupby(first, sort=True):
        label = str(rows[last].mode().iloc[0]) if rows[last].notna().any() else str(text)
        names = {str(v) for c in present for v in rows[c].dropna().unique()} - {str(text), label}
        role = "experimental" if single else _role_by_words(f"{text}", label)
        found.append(ArmSeen(str(text), label, tuple(sorted(names)), len(rows), role))
    return _the_other_role(found)


def _role_by_words(*texts: str) -> str | None:
    for role, words in ARM_WORDS.items():
        if any(fits_any(text, words) for text in texts):
            return role
    return None


def _the_other_role(arms: list[ArmSeen]) -> list[ArmSeen]:
    roles = {arm.role for arm in arms}
    if len(arms) == 2 and None in roles and len(roles) == 2:
        told = (roles - {None}).pop()
        other = "control" if told == "experimental" else "experimental"
        return [
            arm if arm.role else ArmSeen(arm.code, arm.label, arm.names, arm.subjects, other)
            for arm in arms
        ]
    return arms


def evaluators_of(values: pd.Series) -> tuple[list[str], Answer]:
    """Return the evaluators of response, and which is primary: a question where there are two."""
    codes = EVALUATOR.read(values)
    counts = codes.dropna().value_counts()
    found = [code for code in EVALUATOR if code in counts.index]
    if values.isna().any() and "INV" not in found and not found:
        found = ["INV"]
    told = f"records of response: {tally(codes)}" if len(counts) else "no record names an evaluator"
    value = found[0] if len(found) == 1 else None
    return found, Answer(value, told)


def template_of(texts: list[str], templates: dict[str, Template]) -> tuple[Template | None, str]:
    """Return the template of the disease that texts of the delivery name, and the text."""
    for text in texts:
        for template in templates.values():
            if fits_any(f" {normal(text)} ", template.words) or fits_any(text, template.words):
                return template, text
    return None, ""


def criteria_of(
    cats: pd.Series, results: pd.Series, known: dict[str, Criteria]
) -> tuple[str | None, str]:
    """Return the criteria that RSCAT names, else the only one that knows every result."""
    named = [name for name, one in known.items() if is_one_of(cats, [*one.rscat, one.label]).any()]
    if len(named) == 1:
        return named[0], f"RSCAT {tally(cats)}"
    fitting = [
        name
        for name, one in known.items()
        if len(results.dropna()) and is_one_of(results.dropna(), one.alias_map).all()
    ]
    if len(fitting) == 1:
        return fitting[0], f"results {tally(results)}"
    return None, f"results {tally(results)}; RSCAT {tally(cats) or 'blank'}"


def strata_of(subjects: pd.DataFrame) -> tuple[list[str], bool, str]:
    """Return candidates for strata, whether they are verified values, and what was seen.

    A column of one value for all, or of many, is none. Where a factor stands as randomised and as
    verified, the one as randomised is taken if it has levels.
    """
    chosen: dict[str, str] = {}
    for column in column_like(subjects.columns, STRATUM_COLUMNS):
        levels = subjects[column].dropna().nunique()
        stem = column.rstrip("RVN") if column[-1:] in "RVN" else column
        numeric = column.endswith("N") and column[:-1] in subjects
        if 2 <= levels <= MOST_LEVELS and not numeric:
            chosen.setdefault(stem, column)
    names = list(chosen.values())
    verified = bool(names) and all(name.endswith("V") for name in names)
    told = "; ".join(f"{name}: {tally(subjects[name])}" for name in names)
    return names, verified, told


def cutoff_of(tables: Tables) -> Answer:
    """Return the data cut-off that TS states, None where it states no single one."""
    days = dict.fromkeys(summary_of(tables, "DCUTDTC"))
    if len(days) == 1:
        return Answer(next(iter(days))[:10], "TS DCUTDTC")
    return Answer(None, "TS holds no single DCUTDTC")


def summary_of(tables: Tables, code: str) -> list[str]:
    """Return what the trial summary (TS) states under a code, in its order."""
    ts = tables.get("ts")
    if ts is None or not {"TSPARMCD", "TSVAL"} <= set(ts):
        return []
    return ts.loc[is_one_of(ts["TSPARMCD"], [code]), "TSVAL"].dropna().astype(str).tolist()


def title_of(tables: Tables) -> str:
    """Return the title of the trial that TS states, blank where it states none."""
    return next(iter(summary_of(tables, "TITLE")), "")


def titles_of(tables: Tables) -> list[str]:
    """Return the texts of a delivery that may name the disease, the surest first."""
    texts = [text for code in NAMING for text in summary_of(tables, code)]
    for name, column in (("cm", "CMINDC"), ("mh", "MHDECOD"), ("mh", "MHTERM"), ("adsl", "DIAG")):
        if name in tables and column in tables[name]:
            texts += tables[name][column].dropna().value_counts().index[:3].tolist()
    return [str(text) for text in texts]
