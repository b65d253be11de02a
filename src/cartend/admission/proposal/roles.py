"""Which rows of a delivery have which role: a proposal for every shipped role."""

from dataclasses import dataclass, field

import pandas as pd

from cartend.admission.proposal.words import Tables, words_like
from cartend.config.records import Role, shipped_records
from cartend.contract.terms.proposed import ROLE_WORDS, WHERE_SOUGHT
from cartend.contract.terms.roles import COLUMN, EXCLUSIVE
from cartend.intake.roles import selected, selections, with_roles

EXAMPLE = 6


@dataclass(frozen=True)
class Proposed:
    """One role: what a study file would say of it, how it was found, and an example row.

    ``records`` is empty where the shipped role already claims rows, or where nothing was found.
    """

    role: str
    how: str
    rows: int
    records: list[dict] = field(default_factory=list)
    example: str = ""


def propose_roles(tables: Tables) -> list[Proposed]:
    """Return a proposal for every role that is told by words.

    1. Where the shipped role claims rows, it is kept.
    2. Else, in each of its domains, the first column (``WHERE_SOUGHT``) with a word that suggests
       the role gives ``where``; a role is looked for in the domains of the shipped one.
    3. Where roles that exclude each other would claim one row, the one that stands later in the
       vocabulary leaves it out by ``unless``; a transplantation is no new therapy.
    """
    found = {role: _propose(role, tables) for role in ROLE_WORDS}
    return [_apart(one, found, tables) for one in found.values()]


def _propose(role: str, tables: Tables) -> Proposed:
    shipped = shipped_records()[role]
    kept = _claimed(role, shipped, tables)
    records, rows, example = [], 0, ""
    for domain in _domains(shipped):
        table = tables.get(domain.lower())
        free = table[~_claimed_by_any(domain, table)] if table is not None else None
        entry = _by_words(role, domain, free) if free is not None else None
        if entry is not None:
            new = free[selected(free, _selection(entry))]
            records.append(entry)
            rows += len(new)
            example = example or _example(domain, new)
    if kept:
        rows += sum(len(same) for _, same in kept)
        own = [one.model_dump(by_alias=True, exclude_defaults=True) for one in shipped.records]
        told = "as shipped, and by words" if records else "as shipped"
        return Proposed(role, told, rows, [*own, *records] if records else [], _example(*kept[0]))
    return Proposed(role, "by words" if records else "not found", rows, records, example)


def _by_words(role: str, domain: str, table: pd.DataFrame) -> dict | None:
    """Return a selection by the first column that holds a word for the role, None where none."""
    for column in WHERE_SOUGHT.get(domain, ()):
        words = words_like(table[column], ROLE_WORDS[role]) if column in table else []
        if words:
            return {"from": domain, "where": {column: words}}
    return None


def _claimed_by_any(domain: str, table: pd.DataFrame) -> pd.Series:
    """Return which rows a shipped role claims for what they say."""
    found = pd.Series(False, index=table.index)
    for role in shipped_records().values():
        for one in selections(role, domain):
            if one.where:
                found |= selected(table, one)
    return found


def _domains(shipped: Role | None) -> list[str]:
    return list(dict.fromkeys(one.domain for one in shipped.records)) if shipped else []


def _claimed(role: str, shipped: Role | None, tables: Tables) -> list[tuple[str, pd.DataFrame]]:
    """Return the rows that the shipped role claims by what they say, by domain."""
    found = []
    for domain in _domains(shipped):
        table = tables.get(domain.lower())
        if table is None or table.empty:
            continue
        marked = with_roles(table, domain.lower(), {role: shipped})
        rows = table[marked[COLUMN].notna()]
        asked = any(one.where for one in selections(shipped, domain.lower()))
        if len(rows) and asked:
            found.append((domain, rows))
    return found


def _example(domain: str, rows: pd.DataFrame) -> str:
    """Return one row in words: its subject and the columns that say something."""
    row = rows.iloc[0].dropna()
    left_out = ("STUDYID", "DOMAIN", "USUBJID", "SUBJID")
    said = [f"{name} {value}" for name, value in row.items() if name not in left_out]
    return f"{domain} {row.get('USUBJID', '')}: {', '.join(said[:EXAMPLE])}"


def _apart(one: Proposed, found: dict[str, Proposed], tables: Tables) -> Proposed:
    """Return a proposal without the rows that another role has already."""
    kept = [_without(entry, others_of(one.role), found, tables) for entry in one.records]
    records = [entry for entry in kept if entry is not None]
    if records == one.records:
        return one
    rows = [(r["from"], tables[r["from"].lower()]) for r in records]
    count = sum(
        int(selected(table, _selection(entry)).sum())
        for entry, (_, table) in zip(records, rows, strict=True)
    )
    return Proposed(one.role, one.how if records else "not found", count, records, one.example)


def others_of(role: str) -> list[str]:
    """Return the roles whose rows this one leaves out: those before it in its exclusive group."""
    before = [other for group in EXCLUSIVE if role in group for other in group[: group.index(role)]]
    return [*before, *(["transplantation"] if role == "new_therapy" else [])]


def _without(
    entry: dict, others: list[str], found: dict[str, Proposed], tables: Tables
) -> dict | None:
    table = tables[entry["from"].lower()]
    mine = selected(table, _selection(entry))
    unless: dict[str, list[str]] = {}
    for other in others:
        for theirs in found[other].records if other in found else []:
            if theirs["from"] != entry["from"]:
                continue
            both = mine & selected(table, _selection(theirs))
            if both.all() or (mine & ~both).sum() == 0:
                return None
            if both.any():
                unless |= theirs["where"]
    return {**entry, "unless": unless} if unless else entry


def _selection(entry: dict):
    return Role.model_validate([entry]).records[0]
