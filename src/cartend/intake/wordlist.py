"""The words by which records are told apart, each with its count and what it was taken for."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from cartend.config.criteria import Criteria
from cartend.contract.datasets.adam import BROUGHT, VISIT_RESPONSE
from cartend.contract.datasets.admission import WORDS
from cartend.contract.datasets.dataset import Dataset
from cartend.contract.datasets.sdtm import CAPITALS, CHECKED_APART, EVALUATOR_COLUMNS, SDTM
from cartend.contract.records import has_role
from cartend.contract.terms.assessment import COMPONENT, EVALUATOR, RESPONSE_TEST
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.roles import COLUMN
from cartend.contract.terms.understood import NOTHING_SOUGHT
from cartend.contract.text import normal
from cartend.intake.arms import arm_words
from cartend.intake.checks.base import Trial
from cartend.intake.checks.words import role_bearing
from cartend.intake.roles import pattern
from cartend.intake.words import RAW, delivered

Meaning = Callable[[str], str | None]
"""The code that a text means, None where it means nothing."""


def words_of_domains(trial: Trial, removed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return WORDS of the SDTM domains; ``removed`` holds the records that did not happen."""
    found = []
    for name in SDTM:
        table = trial.domains[name]
        if name in removed and len(removed[name]):
            table = pd.concat([table, removed[name]], ignore_index=True)
        if len(table):
            found += _of_domain(trial, name, table)
    return _collected(found)


def _of_domain(trial: Trial, name: str, table: pd.DataFrame) -> list[pd.DataFrame]:
    sought = role_bearing(trial, name)
    coded = _coded(name, trial)
    columns = [c for c in dict.fromkeys([*sought, *coded]) if c in table]
    return [_of_column(trial, name, table, column, sought, coded) for column in columns]


def _coded(name: str, trial: Trial) -> dict[str, Meaning]:
    """Return the columns of a domain that hold codes, with what a text of each means."""
    found: dict[str, Meaning] = {
        column: _test for column in CAPITALS.get(name, ()) if not column.endswith("STRESC")
    }
    found |= _of_vocabularies(SDTM[name])
    if name in EVALUATOR_COLUMNS:
        found[EVALUATOR_COLUMNS[name]] = EVALUATOR.code
    if name == "rs":
        found |= {column: _category(trial.criteria) for column in ("RSSTRESC", "RSORRES")}
        found["RSCAT"] = _criteria(trial.criteria)
    if name == "dd":
        found["DDSTRESC"] = CAUSE.code
    if name == "dm":
        found |= dict.fromkeys(("ARMCD", "ARM"), _arm(trial))
    return found


def _of_vocabularies(dataset: Dataset) -> dict[str, Meaning]:
    return {c.name: c.vocabulary.code for c in dataset.columns if c.vocabulary is not None}


def _test(text: str) -> str | None:
    return RESPONSE_TEST.code(text) or COMPONENT.code(text)


def _category(criteria: Criteria) -> Meaning:
    meanings = criteria.alias_map
    return lambda text: meanings.get(normal(text))


def _criteria(criteria: Criteria) -> Meaning:
    known = {normal(text) for text in (*criteria.rscat, criteria.label)}
    return lambda text: criteria.label if normal(text) in known else None


def _arm(trial: Trial) -> Meaning:
    words = arm_words(trial.study.arms)
    return lambda text: words.get(normal(text))


def _of_column(
    trial: Trial,
    name: str,
    table: pd.DataFrame,
    column: str,
    sought: Mapping[str, list[str]],
    coded: Mapping[str, Meaning],
) -> pd.DataFrame:
    """Return the words of one column, those of records alone that are read for it."""
    rows = table[_read_for(name, table, column)] if column not in sought else table
    words = by_word_counted(delivered(rows, column), rows[COLUMN])
    meant = _ours(rows, column)
    means = coded.get(column, lambda _: None)
    aside = NOTHING_SOUGHT.get(name, {}).get(column)
    claims = _claims(trial, name, column)
    taken, known = [], []
    for word, roles in zip(words["word"], words["roles"], strict=True):
        text = meant.get(word, word)
        code = means(text) or (aside.code(text) if aside is not None else None)
        claimed = [role for role, fits in claims.items() if fits(word) or fits(text)]
        held = [role for role in claimed if roles is not None and role in roles.split()]
        taken.append(code or " ".join(held) or None)
        known.append("Y" if code or held else "N")
    made = words.assign(domain=name.upper(), column=column, taken_for=taken, known=known)
    return made[WORDS.names]


def _read_for(name: str, table: pd.DataFrame, column: str) -> pd.Series:
    """Return which records a column is read of: of some, only those with a role that reads it."""
    if column not in CHECKED_APART.get(name, ()) and column not in ("RSSTRESC", "RSORRES"):
        return pd.Series(True, index=table.index)
    role = {"lb": "mrd_sample", "rs": "response"}.get(name)
    held = has_role(table, role) if role else table[COLUMN].notna()
    numeric = pd.to_numeric(table[column], errors="coerce").notna()
    return held & ~numeric


def _ours(rows: pd.DataFrame, column: str) -> dict[str, str]:
    """Return what each word as delivered stands as after the study's words."""
    if column + RAW not in rows:
        return {}
    pairs = rows[[column + RAW, column]].dropna().drop_duplicates(column + RAW)
    return dict(pairs.itertuples(index=False, name=None))


def _claims(trial: Trial, name: str, column: str) -> dict[str, Callable[[object], bool]]:
    """Return, by role, a test of whether a text is one that it seeks in a column."""
    found: dict[str, Callable[[object], bool]] = {}
    for role, meant in trial.records.items():
        words = [
            word
            for one in (meant.records if meant is not None else ())
            if one.domain == name.upper() and column in one.where
            for word in one.where[column]
        ]
        if words:
            found[role] = pattern(tuple(words))
    return found


def by_word_counted(values: pd.Series, roles: pd.Series) -> pd.DataFrame:
    """Return each different word with its count and the roles of the records that hold it."""
    codes, words = pd.factorize(values, sort=True)
    here = codes >= 0
    count = np.bincount(codes[here], minlength=len(words))
    pairs = pd.DataFrame({"code": codes[here], "role": roles.to_numpy()[here]}).drop_duplicates()
    held: list[set[str]] = [set() for _ in words]
    for code, joined in pairs.dropna().itertuples(index=False, name=None):
        held[code].update(joined.split())
    joined_roles = [" ".join(sorted(one)) or None for one in held]
    return pd.DataFrame(
        {"word": list(words), "count": count.astype("int64"), "roles": joined_roles}
    )


def words_of_adam(trial: Trial) -> pd.DataFrame:
    """Return WORDS of brought datasets: arms, parameters, evaluators, categories, coded columns."""
    found = []
    for name in BROUGHT:
        table = trial.domains[name]
        coded = _of_vocabularies(BROUGHT[name])
        if name == "adsl":
            coded |= dict.fromkeys(("ARMCD", "TRT01P", "ARM"), _arm(trial))
        else:
            coded["PARAMCD"] = lambda text: text
        if name == "adrs":
            coded["AVALC"] = _category(trial.criteria)
        for column, means in coded.items():
            found.append(_of_brought(name, table, column, means))
    return _collected(found)


def _of_brought(name: str, table: pd.DataFrame, column: str, means: Meaning) -> pd.DataFrame:
    rows = table[table["PARAMCD"].eq(VISIT_RESPONSE)] if column == "AVALC" else table
    role = rows["PARAMCD"] if name == "adtte" else pd.Series(None, index=rows.index, dtype=object)
    words = by_word_counted(delivered(rows, column), role)
    ours = _ours(rows, column)
    taken = [means(ours.get(word, word)) for word in words["word"]]
    known = ["Y" if code else "N" for code in taken]
    made = words.assign(domain=name.upper(), column=column, taken_for=taken, known=known)
    return made[WORDS.names]


def _collected(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    kept = [part for part in found if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else no_words()


def no_words() -> pd.DataFrame:
    """Return WORDS without a word."""
    return pd.DataFrame(columns=WORDS.names).astype({"count": "int64"})
