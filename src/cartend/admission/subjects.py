"""Each subject of the input: its arm, its sets, and why it is in none or not in another."""

import numpy as np
import pandas as pd

from cartend.admission.trial import Admitted
from cartend.contract.datasets.admission import SUBJECTS
from cartend.contract.records import of_role
from cartend.contract.terms.disposition import NOT_INFUSED, UNASSIGNED
from cartend.contract.terms.estimand import POPULATION_FLAG
from cartend.contract.text import in_a_sentence
from cartend.intake.words import delivered

PENDING = [code for code in NOT_INFUSED if {"AWAITING", "PENDING"} & set(code.split())]
"""Reasons of NOTINFRS that are none: the infusion is still to come (decision D51)."""


def subject_table(trial: Admitted, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one line a subject of any file, of contract SUBJECTS, a column Y or N for each set.

    ``rows`` are the rows of the input, with USUBJID, whether each is used, and why not.
    """
    adsl = trial.adsl.set_index("USUBJID")
    names = sorted({*adsl.index, *_named(trial), *rows["usubjid"].dropna()} - {""})
    table = pd.DataFrame({"usubjid": names}, dtype=object)
    who = table["usubjid"]
    table["armcd"] = who.map(adsl["ARMCD"].where(adsl["ARMCD"].isin(list(trial.study.arms))))
    table["arm"] = who.map(_arm_as_delivered(trial))
    flags = {
        name: who.map(adsl[flag]).eq("Y").map({True: "Y", False: "N"})
        for name, flag in POPULATION_FLAG.items()
    }
    table["sets"] = _joined(flags)
    table["reason"] = _reasons(trial, table)
    for name, counted in (("rows", rows), ("used", rows[rows["used"].eq("Y")])):
        table[name] = who.map(counted["usubjid"].value_counts()).fillna(0).astype("int64")
    table = table.astype(dict.fromkeys(["armcd", "arm", "reason"], object))
    return table[SUBJECTS.names].where(table[SUBJECTS.names].notna(), None).assign(**flags)


def _named(trial: Admitted) -> set[str]:
    """Return every subject that a table as read names."""
    parts = [table["USUBJID"] for table in trial.domains.values() if "USUBJID" in table]
    return {one for part in parts for one in part.dropna().unique()}


def _arm_as_delivered(trial: Admitted) -> pd.Series:
    """Return, by subject, the texts that say its arm, each once, parted by a slash."""
    table = trial.subjects_read.set_index("USUBJID")
    said = [delivered(table, name) for name in trial.arm_columns if name in table]
    lines = zip(*(part.where(part.notna(), "") for part in said), strict=True)
    texts = [" / ".join(dict.fromkeys(text for text in line if text)) for line in lines]
    return pd.Series(texts or "", index=table.index, dtype=object)


def _joined(flags: dict[str, pd.Series]) -> pd.Series:
    """Return the sets that hold each subject, parted by blanks."""
    parts = [flag.eq("Y").map({True: f"{name} ", False: ""}) for name, flag in flags.items()]
    return sum(parts[1:], start=parts[0]).str.strip()


def _reasons(trial: Admitted, table: pd.DataFrame) -> pd.Series:
    """Return why each subject is in no set, or not in another; blank where it is in each.

    The first that holds: not in the list of subjects; no arm, as the arm says; an arm that is not
    of the study; not randomised; not leukapheresed; not infused, for what is known of it.
    """
    adsl = trial.adsl.set_index("USUBJID").reindex(table["usubjid"])
    known = table["usubjid"].isin(trial.adsl["USUBJID"]).to_numpy()
    failed = table["usubjid"].isin(_screen_failures(trial)).to_numpy()
    word = adsl["ARMCD"]
    odd = table["usubjid"].map(trial.unknown_arm.set_axis(trial.adsl["USUBJID"]))
    unassigned = word.isin(list(UNASSIGNED)).to_numpy()
    listed = "ADSL" if trial.study.entry == "adam" else "DM"
    cases = [
        (~known, f"not in {listed}"),
        (failed & adsl["LAFL"].ne("Y").to_numpy(), "screen failure"),
        (unassigned, word.map(lambda code: in_a_sentence(UNASSIGNED.label(str(code))))),
        (odd.notna().to_numpy(), odd.map(lambda code: f"arm {code} is not of the study")),
        (word.isna().to_numpy(), "no arm assigned"),
        *_milestones(trial, adsl),
    ]
    masks = [mask for mask, _ in cases]
    texts = [np.broadcast_to(np.asarray(text, dtype=object), len(table)) for _, text in cases]
    return pd.Series(np.select(masks, texts, default=""), index=table.index, dtype=object)


def _milestones(trial: Admitted, adsl: pd.DataFrame) -> list[tuple[np.ndarray, object]]:
    """Return what an assigned subject lacks on its way, with what is said of it."""
    study = trial.study
    control = adsl["ARMCD"].map(lambda code: _role(trial, code) == "control").to_numpy()
    lacks = {name: adsl[flag].ne("Y").to_numpy() for name, flag in POPULATION_FLAG.items()}
    infused = lacks["INF"] & ~control & adsl["XODT"].isna().to_numpy()
    cases = [(lacks["RAND"], "not randomised")] if study.design == "randomised" else []
    pending = adsl["NOTINFRS"].isin(PENDING).to_numpy()
    apheresed = adsl["LEUKDT"].notna().to_numpy()
    return [
        *cases,
        (infused & pending & apheresed, "infusion pending at the cut-off"),
        (infused & lacks["LA"], _not_infused(adsl, "not leukapheresed, not infused")),
        (infused, _not_infused(adsl, "not infused")),
        (lacks["LA"] & ~control, "infused, no leukapheresis recorded"),
        (control, "control arm: no infusion is planned"),
    ]


def _not_infused(adsl: pd.DataFrame, said: str) -> pd.Series:
    why = adsl["NOTINFRS"].map(lambda code: in_a_sentence(NOT_INFUSED.label(str(code))))
    return (f"{said}: " + why).where(adsl["NOTINFRS"].notna(), said)


def _role(trial: Admitted, code: object) -> str:
    arm = trial.study.arms.get(str(code))
    return arm.role if arm is not None else ""


def _screen_failures(trial: Admitted) -> set[str]:
    if trial.study.entry == "adam":
        return set()
    return set(of_role(trial.domains["ds"], "screen_failure")["USUBJID"].dropna())
