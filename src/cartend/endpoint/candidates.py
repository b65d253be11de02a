"""The candidate table of one endpoint: every date that could have decided a subject.

Text is held as codes of the trial's words, so that a candidate costs a few integers.
"""

import numpy as np

from cartend.endpoint.records import NEVER, Records
from cartend.endpoint.words import Words

LIVE = 0


COLUMNS = (
    "subj",
    "day",
    "state",
    "rank",
    "order",
    "kind",
    "rule",
    "event",
    "dom",
    "var",
    "seq",
    "flag",
    "estab",
    "lost",
)
WORD_COLUMNS = ("kind", "rule", "event", "dom", "var", "flag", "lost")


class Candidates:
    """Blocks of candidates, added rule by rule, read once as arrays."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._blocks: list[dict[str, np.ndarray]] = []

    def add(
        self,
        *,
        subj: np.ndarray,
        day: np.ndarray,
        kind: str,
        rule: str,
        event: str | np.ndarray,
        source: tuple[np.ndarray | str, np.ndarray | str, np.ndarray | int],
        state: int = 1,
        rank: int = 3,
        order: int = 0,
        flag: np.ndarray | str = "",
        estab: np.ndarray | None = None,
        lost: np.ndarray | str = "",
    ) -> None:
        """Add one block; ``lost`` is blank (code 0) where the candidate is in the running.

        Text is given as one word for the block or as an array of codes.
        """
        size = len(subj)
        if not size:
            return
        dom, var, seq = source
        given = {
            "subj": subj,
            "day": day,
            "state": state,
            "rank": rank,
            "order": order,
            "kind": kind,
            "rule": rule,
            "event": event,
            "dom": dom,
            "var": var,
            "seq": seq,
            "flag": flag,
            "estab": day if estab is None else estab,
            "lost": lost,
        }
        self._blocks.append({name: self._column(name, given[name], size) for name in COLUMNS})

    def add_records(self, records: Records, mask: np.ndarray, **given: object) -> None:
        """Add the records of a mask as candidates on their own dates."""
        chosen = records.where(mask)
        lost = given.pop("lost", "")
        lost = lost[mask] if isinstance(lost, np.ndarray) else lost
        event = given.pop("event")
        event = event[mask] if isinstance(event, np.ndarray) else event
        self.add(
            subj=chosen.subj,
            day=chosen.day,
            event=event,
            source=(chosen.dom, chosen.var, chosen.seq),
            flag=chosen.flag,
            lost=lost,
            **given,
        )

    def _column(self, name: str, value: object, size: int) -> np.ndarray:
        if name in WORD_COLUMNS:
            value = self.words.code(value) if isinstance(value, str) else value
            return np.broadcast_to(np.asarray(value, dtype=np.int32), size)
        kind = np.int64 if name in ("day", "estab", "seq", "subj") else np.int32
        return np.broadcast_to(np.asarray(value, dtype=kind), size)

    def table(self) -> dict[str, np.ndarray]:
        """Return all blocks as one array a column."""
        if not self._blocks:
            return {name: np.empty(0, dtype=np.int64) for name in COLUMNS}
        return {name: np.concatenate([b[name] for b in self._blocks]) for name in COLUMNS}


def choose(table: dict[str, np.ndarray], n: int) -> np.ndarray:
    """Return per subject the position of its event: first live by (day, rank, order), else -1.

    Of several that one rule dates on one day, the one that was established first names it.

    Step 6 of the normative algorithm: one grouped pass, no loop over subjects.
    """
    live = np.flatnonzero((table["lost"] == LIVE) & (table["day"] != NEVER))
    keys = [table[name][live] for name in ("estab", "order", "rank", "day", "subj")]
    ordered = live[np.lexsort(keys)][::-1]
    chosen = np.full(n, -1)
    chosen[table["subj"][ordered]] = ordered
    return chosen
