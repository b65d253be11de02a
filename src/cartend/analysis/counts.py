"""Who had which event, and why the others were censored: rows that add up to N."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartend.analysis.ard import ArdError, Cell
from cartend.analysis.frames import Block
from cartend.analysis.plan import MISSING, Comparison
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.results import DIVISION
from cartend.endpoint.views import WITHOUT_BASELINE

SUBJECTS = "number of subjects"
WINDOW_OPEN = "WINDOW_OPEN"
TIME_MISSING = "TIME_MISSING"
BEFORE_INFUSION = "RESPONSE_BEFORE_INFUSION"
NOT_COUNTED = "NOT_COUNTED"
NO_BASELINE = "NO_BASELINE"
PARTIAL_DATES = "PARTIAL_DATES_DIFFER"
BESIDE_PREFIX = tuple(f"{code} " for code in DIVISION)
"""How events begin that divide the subjects otherwise: by state, cause of death, tag."""


@dataclass(frozen=True)
class Subjects:
    """The analysed subjects of one group, as the estimators take them.

    ``state`` is 0 for censored; ``event`` says whether any state was reached; ``treated`` is 1 in
    the experimental arm; ``strata`` numbers the cells of the stratification factors.
    """

    time: np.ndarray
    state: np.ndarray
    event: np.ndarray
    treated: np.ndarray
    strata: np.ndarray

    def where(self, mask: np.ndarray) -> "Subjects":
        """Return the subjects of a mask."""
        return Subjects(
            self.time[mask],
            self.state[mask],
            self.event[mask],
            self.treated[mask],
            self.strata[mask],
        )


@dataclass(frozen=True)
class Labels:
    """A category for every subject: ``names[codes]``."""

    names: tuple[str, ...]
    codes: np.ndarray


def subjects_of(block: Block, against: Comparison | None) -> Subjects:
    """Return the arrays of a block of ADTTE; rows that are not analysed keep their place."""
    frame = block.frame
    time = frame["AVAL"].fillna(0).to_numpy()
    whole = time.astype(np.int64)
    state = frame["STATE"].to_numpy(dtype=np.int64)
    return Subjects(
        time=whole if (whole == time).all() else time.astype(float),
        state=state,
        event=(state > 0).astype(np.int64),
        treated=treated_of(block, against),
        strata=strata_of(block, against),
    )


def treated_of(block: Block, against: Comparison | None) -> np.ndarray:
    """Return 1 for subjects of the experimental arm, 0 for all others."""
    if against is None:
        return np.zeros(len(block.frame), dtype=np.int64)
    return (block.column("ARMCD") == against.experimental).astype(np.int64)


def strata_of(block: Block, against: Comparison | None) -> np.ndarray:
    """Return the number of each subject's stratum; all 0 without stratification factors."""
    if against is None or not against.strata:
        return np.zeros(len(block.frame), dtype=np.int64)
    columns = pd.DataFrame({name: block.column(name) for name in against.strata})
    return columns.groupby(list(against.strata), sort=True).ngroup().to_numpy()


def event_labels(block: Block) -> Labels:
    """Return each subject's outcome: EVNTDESC of an event, ``CNSR n: text`` of a censoring."""
    if "CNSR" not in block.frame:
        return _labels(block.frame, ["EVNTDESC"], str)
    return _labels(block.frame, ["CNSR", "EVNTDESC", "CNSDTDSC"], _outcome)


def reason_labels(block: Block) -> Labels:
    """Return the reason of each subject's answer to a rate, as ``Y: reason``."""
    return _labels(block.frame, ["AVALC", "REASON"], _answer)


def state_labels(block: Block, states: dict[int, str]) -> Labels:
    """Return each subject's state as ``STATE n: name``, every state of the definition listed."""
    known = {0: "censored", **states}
    found = block.frame["STATE"].to_numpy(dtype=np.int64)
    numbers = sorted(set(known) | set(found.tolist()))
    names = tuple(f"STATE {n}: {known.get(n, MISSING)}" for n in numbers)
    return Labels(names, np.searchsorted(numbers, found))


def detail_labels(block: Block, causes: pd.Series | None) -> list[tuple[str, np.ndarray]]:
    """Return what is said of the deaths in state 1: ``CAUSE class`` and ``TAG name``, with masks.

    ``causes`` is the class of the cause of death by USUBJID; TAGS of ADTTE are separated by
    blanks.
    """
    frame = block.frame
    first = (frame["STATE"] == 1).to_numpy()
    named = []
    if causes is not None:
        why = frame["USUBJID"].map(causes).astype(object).fillna(MISSING).to_numpy()
        named += [(f"CAUSE {c}", first & (why == c)) for c in sorted(set(why[first]))]
    if "TAGS" in frame:
        tags = " " + frame["TAGS"].fillna("") + " "
        for tag in sorted({tag for words in tags[first].unique() for tag in words.split()}):
            has = tags.str.contains(f" {tag} ", regex=False).to_numpy()
            named.append((f"TAG {tag}", first & has))
    return named


def count_rows(cell: Cell, labels: Labels, mask: np.ndarray) -> None:
    """Write n and N of every category; the n must add up to N."""
    total = int(mask.sum())
    counts = np.bincount(labels.codes[mask], minlength=len(labels.names)).tolist()
    if sum(counts) != total:
        raise ArdError(f"the categories count {sum(counts)} subjects of {total}")
    for name, n in zip(labels.names, counts, strict=True):
        cell.add("count", SUBJECTS, {"n": n, "N": total}, event=name)


def not_analysed_rows(cell: Cell, block: Block, rows: np.ndarray, name: str = WINDOW_OPEN) -> None:
    """Write how many subjects are not analysed: window open at the cut-off (D31), or no time.

    Beside them, where the data tell: who has no baseline assessment (D10), and whose result would
    be another one with the imputed dates (D4).
    """
    is_open = rows & (block.column("ANL01FL") != "Y")
    total = int(rows.sum())
    excluded = is_open & (block.column("ANL01RS") == WITHOUT_BASELINE)
    beside_row(cell, name, int((is_open & ~excluded).sum()), total)
    for column, value, what in (("BASEFL", "N", NO_BASELINE), ("PDATDIFL", "Y", PARTIAL_DATES)):
        flags = block.column(column)
        if np.isin(flags[rows].astype(str), YES_NO.codes).any():
            beside_row(cell, what, int((rows & (flags == value)).sum()), total)
    without = int((rows & ~block.analysed & ~is_open).sum())
    if without:
        beside_row(cell, TIME_MISSING, without, int(rows.sum()))


def beside_row(cell: Cell, name: str, n: int, total: int) -> None:
    """Write a count that stands beside the categories; none in a stratum is no row."""
    if n or not cell.place.by:
        cell.add("count", SUBJECTS, {"n": n, "N": total}, event=name)


def _outcome(cnsr: float, event: str, reason: str) -> str:
    return f"CNSR {cnsr:.0f}: {reason}" if cnsr > 0 else str(event)


def _answer(answer: str, reason: str | None) -> str:
    return f"{answer}: {reason}" if isinstance(reason, str) and reason else str(answer)


def _labels(frame: pd.DataFrame, columns: list[str], name: Callable[..., str]) -> Labels:
    """Return the name of each combination of the columns, names sorted, each once."""
    combination = frame.groupby(columns, dropna=False, sort=False).ngroup().to_numpy()
    _, first = np.unique(combination, return_index=True)
    named = [name(*row) for row in frame[columns].iloc[first].itertuples(index=False)]
    names, codes = np.unique(np.array(named, dtype=str), return_inverse=True)
    return Labels(tuple(names.tolist()), codes[combination])
