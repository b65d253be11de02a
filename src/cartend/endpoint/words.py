"""A vocabulary: every text of the engine is a small integer until it is written."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cartend.contract.text import normal


class Words:
    """Text to code and back; code 0 is the blank."""

    def __init__(self) -> None:
        self.words: list[str] = [""]
        self._codes: dict[str, int] = {"": 0}

    def code(self, word: str) -> int:
        """Return the code of a word, adding it when new."""
        code = self._codes.get(word)
        if code is None:
            code = self._codes[word] = len(self.words)
            self.words.append(word)
        return code

    def codes(self, words: Iterable[str]) -> np.ndarray:
        """Return the codes of a few words."""
        return np.array([self.code(word) for word in words], dtype=np.int32)

    def encode(self, values: pd.Series) -> np.ndarray:
        """Return the codes of a column, missing values as blank; one look-up a distinct value."""
        if not isinstance(values.dtype, pd.CategoricalDtype):
            values = values.astype("category")
        lookup = np.array([0, *(self.code(str(word)) for word in values.cat.categories)])
        return lookup[values.cat.codes.to_numpy() + 1].astype(np.int32)

    def text(self, codes: np.ndarray) -> np.ndarray:
        """Return the words of codes as an object array."""
        return np.array(self.words, dtype=object)[codes]

    def meaning(self, words: Iterable[str]) -> np.ndarray:
        """Return the codes of every text that is one of some words, in any spelling of them."""
        wanted = {normal(word) for word in words}
        found = [code for code, word in enumerate(self.words) if normal(word) in wanted]
        return np.array(found, dtype=np.int32)
