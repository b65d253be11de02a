"""The candidate table of one endpoint: every date that could have decided a subject.

Text is held as codes into a small vocabulary, so that a candidate costs a few integers.
"""

from dataclasses import dataclass, field

import numpy as np

from cartend.endpoint.records import NEVER, Records

LIVE = 0


@dataclass
class Words:
    """A vocabulary: text to code and back."""

    words: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)

    def code(self, word: str) -> int:
        """Return the code of a word, adding it when new."""
        if word not in self.codes:
            self.codes[word] = len(self.words)
            self.words.append(word)
        return self.codes[word]

    def code_all(self, words: np.ndarray) -> np.ndarray:
        """Return the codes of an array of words."""
        if not len(words):
            return np.empty(0, dtype=np.int64)
        unique, inverse = np.unique(words.astype(str), return_inverse=True)
        return np.array([self.code(str(word)) for word in unique], dtype=np.int64)[inverse]

    def text(self, codes: np.ndarray) -> np.ndarray:
        """Return the words of codes as an object array."""
        return np.array(self.words, dtype=object)[codes]


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

    def __init__(self) -> None:
        self.words = Words()
        self.words.code("")  # 0: no text; as a value of ``lost`` it says that the candidate is live
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
        """Add one block; ``lost`` is blank where the candidate is in the running."""
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
            if isinstance(value, str):
                return np.full(size, self.words.code(value))
            return self.words.code_all(np.asarray(value, dtype=object))
        return np.broadcast_to(np.asarray(value, dtype=np.int64), size)

    def table(self) -> dict[str, np.ndarray]:
        """Return all blocks as one array a column."""
        if not self._blocks:
            return {name: np.empty(0, dtype=np.int64) for name in COLUMNS}
        return {name: np.concatenate([b[name] for b in self._blocks]) for name in COLUMNS}


def choose(table: dict[str, np.ndarray], n: int) -> np.ndarray:
    """Return per subject the position of its event: first live by (day, rank, order), else -1.

    Step 6 of the normative algorithm: one grouped pass, no loop over subjects.
    """
    live = np.flatnonzero((table["lost"] == LIVE) & (table["day"] != NEVER))
    keys = [table[name][live] for name in ("order", "rank", "day", "subj")]
    ordered = live[np.lexsort(keys)][::-1]
    chosen = np.full(n, -1)
    chosen[table["subj"][ordered]] = ordered
    return chosen
