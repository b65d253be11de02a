"""What became of each row of a delivery, file by file (contract ROWS)."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from cartend.config.words import words_of
from cartend.contract.datasets.adam import BROUGHT
from cartend.contract.datasets.sdtm import OCCURRED, SDTM, SOURCE_ROW, STATUS
from cartend.contract.terms.roles import COLUMN
from cartend.intake.account import (
    NOT_READ,
    REASON,
    account,
    all_rows,
    not_read,
    of_supplement,
)
from cartend.intake.checks.base import Trial
from cartend.intake.checks.words import role_bearing
from cartend.intake.reader import Files
from cartend.intake.reasons import of_adam, of_domain
from cartend.intake.supp import supp_links

EQUAL = "EQUAL ROW"
OTHER = "SECOND VALUE"


def rows_of_domains(
    trial: Trial, read: Files, foreign: Files, removed: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return ROWS of every file of a delivery in SDTM.

    ``read`` and ``foreign`` hold the files of the contract and the others, ``removed`` the
    records of each domain that did not happen.
    """
    found = list(_of_lists(trial, read, "dm", tuple(SDTM), of_domain, removed))
    by_file = {name.upper(): part for name, part in found}
    parts = [part for _, part in found]
    for name, supp in read.tables.items():
        if name not in SDTM:
            made = _of_supp(trial, name, supp, read, by_file)
            parts.append(account(name, read.rows[name], supp, [made]))
    return all_rows([*parts, *_of_foreign(foreign)])


def rows_of_adam(trial: Trial, read: Files, foreign: Files) -> pd.DataFrame:
    """Return ROWS of every file of a delivery in ADaM."""
    found = _of_lists(trial, read, "adsl", tuple(BROUGHT), of_adam, {})
    parts = [part for _, part in found]
    parts += [
        not_read(name, read.rows[name], table)
        for name, table in read.tables.items()
        if name not in BROUGHT
    ]
    return all_rows([*parts, *_of_foreign(foreign)])


def _of_lists(
    trial: Trial,
    read: Files,
    subjects: str,
    names: tuple[str, ...],
    became: Callable[[Trial, str], pd.DataFrame],
    removed: Mapping[str, pd.DataFrame],
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield name and ROWS of each dataset that was read; ``subjects`` is the list of subjects."""
    for name in names:
        if name not in read.tables:
            continue
        raw, told = read.tables[name], [became(trial, name)]
        if name in removed:
            told.append(_of_removed(removed[name]))
        if name == subjects:
            told.append(_beside_the_first(raw, told))
        if sum(len(part) for part in told) == 0 and len(raw):
            told = [raw.assign(**{COLUMN: None, REASON: NOT_READ})]
        yield name, account(name, read.rows[name], raw, told)


def _of_removed(removed: pd.DataFrame) -> pd.DataFrame:
    if REASON.upper() not in removed:
        return pd.DataFrame(columns=[SOURCE_ROW, COLUMN, REASON])
    named = removed.drop(columns=REASON, errors="ignore").rename(columns={REASON.upper(): REASON})
    return named[[SOURCE_ROW, COLUMN, REASON]]


def _beside_the_first(raw: pd.DataFrame, told: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of a list of subjects that were not kept: equal to another, or second."""
    kept = {row for part in told for row in part[SOURCE_ROW]}
    others = raw[~raw[SOURCE_ROW].isin(kept)]
    equal = raw.duplicated([c for c in raw.columns if c != SOURCE_ROW]).reindex(others.index)
    why = equal.map({True: EQUAL, False: OTHER}).astype(object)
    return others[[SOURCE_ROW]].assign(**{COLUMN: None, REASON: why})


def _of_supp(
    trial: Trial, name: str, supp: pd.DataFrame, read: Files, by_file: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return what became of the rows of a supplemental file."""
    domain = name.removeprefix("supp")
    needed = {"USUBJID", "QNAM", "QVAL"} <= set(supp.columns)
    if domain not in read.tables or not needed or "USUBJID" not in read.tables[domain]:
        why = "NO PARENT" if domain not in read.tables else NOT_READ
        return supp[[SOURCE_ROW]].assign(**{COLUMN: None, REASON: why})
    words = words_of(trial.study.words, name).get("QNAM")
    links = supp_links(read.tables[domain], supp, words)
    sought = set(links["QNAM"]) if domain == "dm" else _sought(trial, domain)
    return of_supplement(links, by_file[domain.upper()], sought)


def _sought(trial: Trial, domain: str) -> set[str]:
    """Return the qualifiers that something reads: of the contract, or of a role.

    Of subjects each may be a stratum or a subgroup, so that all are.
    """
    head = domain.upper()
    named = (head + OCCURRED, head + STATUS, *role_bearing(trial, domain))
    return {*SDTM[domain].names, *named}


def _of_foreign(foreign: Files) -> list[pd.DataFrame]:
    return [not_read(name, foreign.rows[name], table) for name, table in foreign.tables.items()]
