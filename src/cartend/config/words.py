"""What a study file says of words: ``words`` (ours and theirs) and the ids of roles, checked.

``words`` is a mapping by column, as ``DD.DDSTRESC``: our word and those of the delivery that mean
it. ``SUPPCM.QNAM`` names the qualifiers of SUPPCM.
"""

import re
from collections.abc import Iterator

from cartend.config.base import ConfigError
from cartend.config.records import all_records
from cartend.config.study import Study
from cartend.contract.datasets.adam import BROUGHT
from cartend.contract.datasets.sdtm import SDTM
from cartend.contract.terms.estimand import DATED_EVENT, EVENT_TYPE
from cartend.contract.terms.roles import ROLE
from cartend.contract.text import capitals, hint, normal

Words = dict[str, dict[str, tuple[str, ...]]]
SUPP = "SUPP"
QNAM = "QNAM"
DATASETS = SDTM | BROUGHT
ROLE_ID = re.compile(r"[a-z][a-z0-9_]*")


def words_of(words: Words, table: str) -> dict[str, dict[str, str]]:
    """Return the words of one table, as ``dd`` or ``suppcm``: column, normal form of theirs, ours.

    Ours is the code of its column where it means one.
    """
    found: dict[str, dict[str, str]] = {}
    for column, ours, theirs in meanings_of(words, table):
        found.setdefault(column, {})[normal(theirs)] = _code(table, column, ours)
    return found


def meanings_of(words: Words, table: str) -> Iterator[tuple[str, str, str]]:
    """Yield column, our word and their word of one table, each as the study file writes it."""
    for key, meanings in words.items():
        named, column = _parts(key)
        if normal(named) == normal(table):
            for ours, texts in meanings.items():
                yield from ((column, ours, theirs) for theirs in texts)


def _parts(key: str) -> tuple[str, str]:
    table, _, column = key.partition(".")
    return capitals(table), capitals(column)


def _code(table: str, column: str, ours: str) -> str:
    if column == QNAM:
        return capitals(ours)
    known = DATASETS[table].by_name.get(column) if table in DATASETS else None
    code = known.vocabulary.code(ours) if known is not None and known.vocabulary else None
    return code or ours


def check_words(study: Study, where: str) -> None:
    """Refuse words of a column that is not read, or of two meanings; role ids that are no ids.

    Raises
    ------
    ConfigError
        One sentence with file, key, value and what is allowed.
    """
    for name in study.records:
        if not ROLE_ID.fullmatch(name):
            raise ConfigError(
                f"{where}: key records.{name}: a role's id is small letters, digits and _, "
                f"letter first{hint(name, ROLE)}"
            )
        if name not in ROLE and capitals(name) in {*EVENT_TYPE, *DATED_EVENT}:
            raise ConfigError(
                f"{where}: key records.{name}: {capitals(name)} is a type of event of endpoints, "
                "and the records of this role would be taken for it; give it another id"
            )
    for key, meanings in study.words.items():
        table, column = _parts(key)
        _check_column(study, table, column, f"{where}: key words.{key}")
        _check_meanings(table, column, meanings, f"{where}: key words.{key}")


def _check_column(study: Study, table: str, column: str, place: str) -> None:
    parent = table.removeprefix(SUPP)
    if table.startswith(SUPP) and parent.lower() in SDTM:
        if column != QNAM:
            raise ConfigError(
                f"{place}: of {table} {QNAM} alone can be mapped; a value of it is mapped as a "
                f"column of {parent}: {parent}.<{QNAM}>"
            )
        return
    if table.lower() not in DATASETS:
        known = [name.upper() for name in DATASETS]
        raise ConfigError(
            f"{place}: {table or 'a blank'} is no dataset that is read; allowed: "
            f"{', '.join(known)}, and SUPP with a domain{hint(table, known)}"
        )
    allowed = columns_of(study, table.lower())
    if column not in allowed:
        raise ConfigError(
            f"{place}: {table} has no column {column or 'of no name'} that is read"
            f"{hint(column, allowed)}; name it as {table}.COLUMN"
        )


def columns_of(study: Study, table: str) -> list[str]:
    """Return the columns of a dataset that are read: the contract's, and those that roles name."""
    asked = [
        column
        for role in all_records(study.records).values()
        for one in (role.records if role is not None else ())
        if one.domain.lower() == table
        for column in (*one.where, *one.unless)
    ]
    return list(dict.fromkeys([*DATASETS[table].names, *asked, *study.strata]))


def _check_meanings(
    table: str, column: str, meanings: dict[str, tuple[str, ...]], place: str
) -> None:
    known = DATASETS[table.lower()].by_name.get(column) if table.lower() in DATASETS else None
    vocabulary = known.vocabulary if known is not None else None
    taken: dict[str, str] = {}
    for ours, theirs in meanings.items():
        if vocabulary is not None and vocabulary.code(ours) is None:
            raise ConfigError(
                f"{place}: {ours} is none of our words of {column}; allowed: "
                f"{', '.join(vocabulary)}{hint(ours, vocabulary.texts())}"
            )
        if not theirs:
            raise ConfigError(f"{place}.{ours}: no word is named that means it; name one at least")
        for text in theirs:
            other = taken.setdefault(normal(text), ours)
            if other != ours:
                raise ConfigError(
                    f"{place}: {text} means {other} and {ours}; a word has one meaning"
                )
