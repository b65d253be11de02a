"""A subject's arm, from what a delivery says of it in ARMCD, TRT01P or ARM (decision D40)."""

import pandas as pd

from cartend.config.study import Arm, Study
from cartend.contract.terms.disposition import UNASSIGNED
from cartend.contract.text import by_word, counted, listed, nearest, normal
from cartend.intake.stops import Stop
from cartend.intake.words import RAW


def arm_words(arms: dict[str, Arm]) -> dict[str, str]:
    """Return the code of an arm by the normal form of each text that means it.

    An arm's key counts before its names, these before its label.
    """
    found: dict[str, str] = {}
    for texts in (
        {code: (code,) for code in arms},
        {code: arm.names for code, arm in arms.items()},
        {code: (arm.label,) for code, arm in arms.items()},
    ):
        for code, said in texts.items():
            for text in said:
                found.setdefault(normal(text), code)
    return found


def arm_of(table: pd.DataFrame, columns: tuple[str, ...], arms: dict[str, Arm]) -> pd.Series:
    """Return each subject's ARMCD.

    The first of the columns decides whose text means an arm of the study, or why there is none;
    where none of them does, what the first holds stays as delivered.
    """
    words = arm_words(arms)

    def meaning(text: str) -> str | None:
        return words.get(normal(text)) or UNASSIGNED.code(text)

    found = pd.Series(None, index=table.index, dtype=object)
    for column in columns:
        if column in table:
            said = by_word(table[column], meaning)
            found = found.where(found.notna(), said)
    if columns[0] in table:
        found = found.where(found.notna(), table[columns[0]])
    return found.where(found.notna(), None)


def unknown_arm_stop(study: Study, word: str, count: int) -> Stop:
    """Return the stop of an arm of the data that the study file does not name (decision D40)."""
    near = nearest(word, study.arms)
    same = f", or add it to arms.{near}.names if it is that arm" if near else ""
    return Stop(
        "F-DM-004",
        word,
        count,
        f"{study.id}: {counted(count, 'subject')} of arm {word}, which the study file does not "
        f"name; it knows {listed(study.arms)}",
        f"declare it under arms (role other takes it out of every comparison){same}",
    )


def by_arm_alone(dm: pd.DataFrame, arms: dict[str, Arm]) -> list[str]:
    """Return a sentence for each ARMCD that means no arm where ARM does, whose arm is taken."""
    by_code, by_name = arm_of(dm, ("ARMCD",), arms), arm_of(dm, ("ARMCD", "ARM"), arms)
    taken = dm[dm["ARMCD"].notna() & by_code.ne(by_name)].assign(ARM_OF=by_name)
    groups = taken.groupby(["ARMCD", "ARM", "ARM_OF"], sort=True).size()
    return [
        f"ARMCD '{code}' is no arm of the study file; ARM '{name}' is {arm} and is taken "
        f"({counted(count, 'subject')})"
        for (code, name, arm), count in groups.items()
    ]


def with_arms(dm: pd.DataFrame, arms: dict[str, Arm]) -> pd.DataFrame:
    """Return DM with ARMCD and ACTARMCD in the study's codes; ``<X>_RAW`` as delivered."""
    changed = {}
    for code, label in {"ARMCD": "ARM", "ACTARMCD": "ACTARM"}.items():
        found = arm_of(dm, (code, label), arms)
        differs = dm[code].notna() & found.ne(dm[code])
        changed[code] = found
        if differs.any():
            changed[code + RAW] = dm[code].where(differs, None).astype(object)
    return dm.assign(**changed)
