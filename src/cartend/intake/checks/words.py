"""Checks of words and roles: which record means nothing to us, and which word was expected."""

from collections.abc import Iterator
from difflib import SequenceMatcher

import pandas as pd

from cartend.config.records import Selection, own_roles
from cartend.contract.datasets.sdtm import CHECKED_APART, SDTM
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.roles import COLUMN, ROLE
from cartend.contract.terms.understood import NOTHING_SOUGHT
from cartend.contract.text import by_word, hint, normal
from cartend.intake.checks.base import Hit, Trial, check, each_word, whole_study
from cartend.intake.roles import matches, named_roles, selected, selections
from cartend.intake.words import delivered

THERAPIES = ("ex", "pr", "cm")
"""Domains in which a record without role is a treatment that counts nowhere."""
ALIKE = 0.8
"""So alike are two ids that one may be a slip of the other."""


def asked(trial: Trial, domain: str) -> list[Selection]:
    """Return the selections of any role that ask something of a domain's records."""
    roles = trial.records.values()
    return [one for role in roles for one in selections(role, domain) if one.where or one.unless]


def role_bearing(trial: Trial, domain: str) -> dict[str, list[str]]:
    """Return the columns that any role names, with the words that roles seek in them."""
    found: dict[str, list[str]] = {}
    for selection in asked(trial, domain):
        for part in (selection.where, selection.unless):
            for column, words in part.items():
                found.setdefault(column, []).extend(word for word in words if word)
    return {column: list(dict.fromkeys(words)) for column, words in found.items()}


def claimed(trial: Trial, domain: str) -> pd.Series:
    """Return which records of a domain a role claims for what they say."""
    table = trial.domains[domain]
    found = pd.Series(False, index=table.index)
    for selection in asked(trial, domain):
        found |= selected(table, selection)
    return found


def understood(table: pd.DataFrame, domain: str) -> pd.Series:
    """Return which records hold a word that is understood and in which nothing is sought."""
    found = pd.Series(False, index=table.index)
    for column, vocabulary in NOTHING_SOUGHT.get(domain, {}).items():
        found |= vocabulary.read(table[column]).notna()
    return found


@check("F-WORD-001", "warning", "Words by which records are told apart are words that we know.")
def word_unknown(trial: Trial) -> Iterator[Hit]:
    """Find unknown words; their records are kept and mean nothing to the endpoints.

    1. A word of a role-bearing column that stands on no record that a role claims.
    2. A word of a column with a vocabulary that is none of it.
    3. A treatment that no role claims, though each of its words stands on others that one does.
    """
    for domain in SDTM:
        table = trial.domains[domain]
        if len(table):
            columns = role_bearing(trial, domain)
            free = ~claimed(trial, domain) & ~understood(table, domain)
            unknown = {c: _unclaimed(table, domain, c, free) for c in columns if c in table}
            yield from _told(table, domain, unknown, columns)
            yield from _outside_vocabularies(table, domain, columns, unknown)
            if domain in THERAPIES:
                rest = free & ~pd.DataFrame(unknown).any(axis=1) if unknown else free
                yield from _unclaimed_records(table[rest], domain, list(unknown))


def _unclaimed(table: pd.DataFrame, domain: str, column: str, free: pd.Series) -> pd.Series:
    """Return which free records hold a word of the column that no claimed record holds."""
    values = by_word(table[column], normal)
    other = set(values[~free].dropna())
    known = SDTM[domain].by_name.get(column)
    vocabulary = known.vocabulary if known is not None else None
    meant = YES_NO.read(table[column]).notna()
    if vocabulary is not None:
        meant |= vocabulary.read(table[column]).notna()
    return free & values.notna() & ~values.isin(other) & ~meant


def _told(
    table: pd.DataFrame, domain: str, unknown: dict[str, pd.Series], columns: dict[str, list[str]]
) -> Iterator[Hit]:
    for column, rows in unknown.items():
        known = SDTM[domain].by_name.get(column)
        allowed = [word for word in columns[column] if "*" not in word]
        if known is not None and known.vocabulary is not None:
            allowed = list(dict.fromkeys([*allowed, *known.vocabulary]))
        aside = NOTHING_SOUGHT.get(domain, {}).get(column)
        allowed += list(aside) if aside is not None else []
        shown = table[rows].assign(**{column: delivered(table, column)[rows]})
        yield from each_word(shown, domain, column, "is unknown: no role claims it", allowed)


def _outside_vocabularies(
    table: pd.DataFrame, domain: str, sought: dict[str, list[str]], told: dict[str, pd.Series]
) -> Iterator[Hit]:
    """Yield the words that no vocabulary of their column has, of records that have a role.

    ``sought`` holds what roles seek by column, ``told`` the records whose word is told already.
    """
    for column in SDTM[domain].columns:
        name = column.name
        if column.vocabulary is None or name in CHECKED_APART.get(domain, ()):
            continue
        odd = table[name].notna() & ~table[name].isin(column.vocabulary) & table[COLUMN].notna()
        if name in sought:
            odd &= ~matches(table, name, tuple(sought[name])) & ~told[name]
        yield from each_word(table[odd], domain, name, "is unknown", list(column.vocabulary))


def _unclaimed_records(rows: pd.DataFrame, domain: str, columns: list[str]) -> Iterator[Hit]:
    """Yield treatments that no role claims, by what they say; one hit for all that say the same."""
    for said, same in rows.groupby(columns, dropna=False, sort=True) if columns else ():
        named = ", ".join(
            f"{column} '{value}'" if isinstance(value, str) else f"{column} blank"
            for column, value in zip(columns, said, strict=True)
        )
        told = f"no role claims a record with {named} ({len(same)} record"
        yield domain, *whole_study(told + ("s)" if len(same) > 1 else ")"))


@check("F-ROLE-001", "warning", "Every word of a role that the study file names is in the data.")
def role_word_absent(trial: Trial) -> Iterator[Hit]:
    """Find words of the study's roles that match no record."""
    for name, role in named_roles(trial.records).items():
        for selection in role.records:
            domain = selection.domain.lower()
            table = trial.domains[domain]
            for part in (selection.where, selection.unless):
                for column, words in part.items():
                    for word in words:
                        if not matches(table, column, (word,)).any():
                            shown = word or "blank"
                            yield (
                                domain,
                                *whole_study(
                                    f"records.{name}: no record has {column} '{shown}'"
                                    f"{hint(word, _words_of(table, column))}"
                                ),
                            )


def _words_of(table: pd.DataFrame, column: str) -> list[str]:
    return delivered(table, column).dropna().unique().tolist() if column in table else []


@check("F-ROLE-002", "warning", "A role that the study file names has records.")
def role_without_record(trial: Trial) -> Iterator[Hit]:
    """Find roles of the study file that no record has."""
    for name, role in named_roles(trial.records).items():
        domains = dict.fromkeys(selection.domain.lower() for selection in role.records)
        held = [
            one
            for domain in domains
            for ids in trial.domains[domain][COLUMN].dropna().unique()
            for one in ids.split()
        ]
        if name not in held:
            yield next(iter(domains)), *whole_study(f"records.{name}: no record has this role")


@check("F-ROLE-003", "warning", "A role of the study's own is none of the shipped ones misspelt.")
def role_misspelt(trial: Trial) -> Iterator[Hit]:
    """Find roles of a study's own whose id is nearly one that means something to us."""
    for name in own_roles(trial.records):
        for shipped in ROLE:
            if SequenceMatcher(None, name, shipped).ratio() >= ALIKE:
                yield (
                    "",
                    *whole_study(
                        f"records.{name} is a role of the study's own; a shipped one is {shipped}"
                    ),
                )


CHECKS = (word_unknown, role_word_absent, role_without_record, role_misspelt)
