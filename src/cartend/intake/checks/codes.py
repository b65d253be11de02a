"""Checks of codes that are nearly one of ours: a slip by which a whole kind of record is lost."""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.datasets.sdtm import CODES
from cartend.contract.records import of_role
from cartend.contract.terms.admission import CODE_STOP, STATUS_STOP
from cartend.contract.terms.assessment import COMPONENT, RESPONSE_TEST
from cartend.contract.terms.death import VITAL_STATUS
from cartend.contract.terms.disposition import DISPOSITION
from cartend.contract.terms.understood import NOTHING_SOUGHT
from cartend.contract.text import counted, listed, normal
from cartend.intake.checks.base import Trial, stop_check
from cartend.intake.roles import matches
from cartend.intake.stops import Stop
from cartend.intake.words import delivered

SHORTEST = 3
"""A shorter code is within one edit of too many."""


def one_edit_apart(one: str, other: str) -> bool:
    """Return whether one letter added, dropped or changed, or two swapped, make one of the other.

    Equal texts are no edit apart.
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _known(trial: Trial, domain: str, column: str) -> dict[str, tuple[str, ...]]:
    """Return what is looked for in a column of codes: our word, and every text that means it."""
    found: dict[str, tuple[str, ...]] = {}
    for role in trial.records.values():
        for one in role.records if role is not None else ():
            if one.domain == domain.upper():
                words = tuple(
                    word for word in one.where.get(column, ()) if word and "*" not in word
                )
                found |= dict.fromkeys(words[:1], words)
    if column == "DSDECOD":
        for code in (*DISPOSITION.group("loss"), "DEATH"):
            found.setdefault(code, (code, *DISPOSITION[code].synonyms))
    if domain == "sc":
        found |= {name: (name,) for name in trial.study.strata}
    return found


def _understood(domain: str, column: str) -> set[str]:
    """Return the normal form of every text of a column of codes that is known for what it is."""
    vocabularies = [NOTHING_SOUGHT.get(domain, {}).get(column)]
    vocabularies += {"rs": [RESPONSE_TEST, COMPONENT], "lb": [COMPONENT], "ds": [DISPOSITION]}.get(
        domain, []
    )
    return {normal(text) for one in vocabularies if one is not None for text in one.texts()}


def _slips(trial: Trial) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """Yield domain, column, our word and the records of a code that is nearly it.

    Where our word stands on other records, the code may be another one; in RS it is told all the
    same: a single response that is lost may be the progression that decides.
    """
    for domain, column in CODES.items():
        table = trial.domains[domain]
        if table.empty:
            continue
        understood = _understood(domain, column)
        sought = {
            ours: texts
            for ours, texts in _known(trial, domain, column).items()
            if domain == "rs" or not matches(table, column, texts).any()
        }
        words = table[column].dropna().unique() if sought else []
        for ours, texts in sought.items():
            near = {
                word
                for word in words
                if len(normal(word)) >= SHORTEST
                and normal(word) not in understood
                and any(one_edit_apart(normal(word), normal(text)) for text in texts)
            }
            if near:
                yield domain, column, ours, table[table[column].isin(near)]


@stop_check("S-CODE", "No code is nearly one that we look for and that no record has.", "")
def code_misspelt(trial: Trial) -> Iterator[Stop]:
    """Find codes by whose slip a kind of record would be lost without a word."""
    for domain, column, ours, rows in _slips(trial):
        for word, same in rows.groupby(delivered(rows, column), sort=True):
            head, count = f"{domain.upper()}.{column}", len(same)
            yield Stop(
                CODE_STOP,
                f"{head} {word}",
                count,
                f"{trial.study.id}: {head} '{word}' ({counted(count, 'record')}) is "
                f"no code that is looked for, and is nearly {ours}",
                f"correct it, or say words: {{{head}: {{{ours}: ['{word}']}}}} in the study file; "
                "accept it where it is another code",
            )


@stop_check("S-STATUS", "A survival status is a word that says alive, dead or unknown.", "ss")
def status_unknown(trial: Trial) -> Iterator[Stop]:
    """Find words of survival that would count as neither life nor death (decision D39)."""
    held = of_role(trial.domains["ss"], "survival_status")
    odd = held[held["SSSTRESC"].notna() & VITAL_STATUS.read(held["SSSTRESC"]).isna()]
    for word, same in odd.groupby(delivered(odd, "SSSTRESC"), sort=True):
        count = len(same)
        yield Stop(
            STATUS_STOP,
            f"SS.SSSTRESC {word}",
            count,
            f"{trial.study.id}: SS.SSSTRESC '{word}' ({counted(count, 'record')}) "
            f"says of no subject whether it lives; {listed(VITAL_STATUS)} do",
            f"say words: {{SS.SSSTRESC: {{DEAD: ['{word}']}}}}, or ALIVE or UNKNOWN, in the study "
            "file",
        )


CHECKS = (code_misspelt, status_unknown)
