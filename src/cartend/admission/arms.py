"""Stops of arms: in the data and not in the study, the reverse, contradictory, or none (D40)."""

from collections.abc import Callable, Iterator

import pandas as pd

from cartend.admission.trial import Admitted
from cartend.contract.terms.disposition import UNASSIGNED
from cartend.contract.text import by_word, conjoined, counted, first_of, listed, normal
from cartend.intake.arms import arm_words, unknown_arm_stop
from cartend.intake.stops import Stop
from cartend.intake.words import delivered

SHOWN = 5
NO_ARM = "no arm"


def subjects_named(subjects: pd.Series) -> str:
    """Return subjects as a sentence names them: the first ones, and how many more."""
    names = sorted(subjects)
    return conjoined(names) if len(names) <= SHOWN else first_of(names, SHOWN)


def unknown_arms(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each arm of the data that the study does not name.

    The intake tells those that ARMCD of DM names; here are those of a brought ADSL, and those of
    which only another column speaks.
    """
    said = trial.unknown_arm
    odd = said.notna() & (trial.adsl["ARMCD"].isna() | (trial.study.entry == "adam"))
    for word, rows in trial.adsl[odd].groupby(said[odd], sort=True):
        yield unknown_arm_stop(trial.study, str(word), len(rows))


def arms_without_subject(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each arm of the study that no subject of the data has."""
    for code, arm in trial.study.arms.items():
        if not trial.adsl["ARMCD"].eq(code).any():
            yield Stop(
                "S-ARM",
                code,
                1,
                f"{trial.study.id}: no subject of the data is of arm {code} ({arm.label}), which "
                "the study file names",
                f"add what the data call it to arms.{code}.names, or take it out of arms",
            )


def subjects_without_arm(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for subjects without arm who were randomised or infused all the same."""
    adsl = trial.adsl[trial.without_arm]
    was = {"infused": adsl["TRTSDT"].notna() | adsl["XODT"].notna()}
    if trial.study.design == "randomised":
        was = {"randomised": adsl["RANDDT"].notna(), **was}
    told = pd.Series(False, index=adsl.index)
    for how, who in was.items():
        rows = adsl[who & ~told]
        told |= who
        if len(rows):
            yield Stop(
                "S-ARMLESS",
                how,
                len(rows),
                f"{trial.study.id}: {counted(len(rows), 'subject')} without arm {_be(rows)} {how}: "
                f"{subjects_named(rows['USUBJID'])}",
                f"give {'it its' if len(rows) == 1 else 'them their'} arm in "
                f"{listed(trial.arm_columns)}, or take the record out with unless under "
                f"records.{'randomisation' if how == 'randomised' else 'infusion'}",
            )


def _be(rows: pd.DataFrame) -> str:
    return "was" if len(rows) == 1 else "were"


def contradictory_arms(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each pair of texts on one subject that mean different arms."""
    table = trial.subjects_read
    columns = [name for name in trial.arm_columns if name in table]
    meanings = {name: by_word(delivered(table, name), _meaning(trial)) for name in columns}
    for place, one in enumerate(columns):
        for other in columns[place + 1 :]:
            mine, theirs = meanings[one], meanings[other]
            differ = table[mine.notna() & theirs.notna() & mine.ne(theirs)]
            said = [delivered(differ, name).astype(str) for name in (one, other)]
            for (left, right), rows in differ.groupby(said, sort=True):
                yield Stop(
                    "S-ARMS",
                    f"{one} {left} {other} {right}",
                    len(rows),
                    f"{trial.study.id}: {counted(len(rows), 'subject')} with {one} '{left}' and "
                    f"{other} '{right}', which mean {listed_arms(meanings, (one, other), rows)}: "
                    f"{subjects_named(rows['USUBJID'])}",
                    "correct the data, or say under arms.<arm>.names what the texts mean",
                )


def listed_arms(meanings: dict[str, pd.Series], pair: tuple[str, str], rows: pd.DataFrame) -> str:
    """Return what two texts mean, as a sentence says it."""
    codes = [str(meanings[name][rows.index[0]]) for name in pair]
    return conjoined(NO_ARM if code in UNASSIGNED else code for code in codes)


def _meaning(trial: Admitted) -> Callable[[str], str | None]:
    """Return what a text means: an arm of the study, one and the same code for no arm, nothing."""
    words = arm_words(trial.study.arms)

    def of_text(text: str) -> str | None:
        code = words.get(normal(text)) or UNASSIGNED.code(text)
        return UNASSIGNED.codes[0] if code in UNASSIGNED else code

    return of_text
