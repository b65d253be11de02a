"""What a vocabulary is: its words, their labels, and the texts that mean them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from cartend.contract.text import by_word, capitals, nearest, normal


@dataclass(frozen=True)
class Term:
    """One word: its code, what a page prints for it, and the other texts that mean it on input.

    ``groups`` are the names under which several words of a vocabulary are meant at once.
    """

    code: str
    label: str = ""
    synonyms: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()


def term(code: str, label: str = "", *synonyms: str, groups: str = "") -> Term:
    """Return a word; ``groups`` holds the names of its groups, parted by blanks."""
    return Term(code, label, synonyms, frozenset(groups.split()))


@dataclass(frozen=True)
class Vocabulary:
    """Every word of one kind, in the order in which pages list them.

    Where its words are allowed, the datasets say (``contract.datasets``): a column names it.
    """

    name: str
    terms: tuple[Term, ...]
    _by_text: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known: dict[str, str] = {}
        for one in self.terms:
            for text in (one.code, *one.synonyms):
                other = known.setdefault(normal(text), one.code)
                if other != one.code:
                    raise ValueError(f"{self.name}: {text!r} means {other} and {one.code}")
        object.__setattr__(self, "_by_text", known)

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.terms)

    def __contains__(self, code: object) -> bool:
        return code in self._terms

    def __getitem__(self, code: str) -> Term:
        return self._terms[code]

    @cached_property
    def _terms(self) -> dict[str, Term]:
        return {one.code: one for one in self.terms}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes, in order."""
        return tuple(one.code for one in self.terms)

    @cached_property
    def labels(self) -> dict[str, str]:
        """What a page prints, by code; the code itself where it has no label."""
        return {one.code: one.label or one.code for one in self.terms}

    @cached_property
    def place(self) -> dict[str, int]:
        """The position of each code, by which tables are sorted."""
        return {code: number for number, code in enumerate(self.codes)}

    def group(self, name: str) -> tuple[str, ...]:
        """Return the codes of one group, in order."""
        found = tuple(one.code for one in self.terms if name in one.groups)
        if not found:
            raise KeyError(f"{self.name} has no group {name}")
        return found

    def label(self, code: str) -> str:
        """Return what a page prints for a code; a text that is none of the codes as it is."""
        return self.labels.get(code, code)

    def code(self, text: object) -> str | None:
        """Return the code that a text means in any spelling of it or its synonyms, else None."""
        return self._by_text.get(normal(text))

    def read(self, values: pd.Series) -> pd.Series:
        """Return the code of each text, None where it is blank or means none of the words."""
        return by_word(values, self.code)

    def read_or_keep(self, values: pd.Series) -> pd.Series:
        """Return the code of each text; a text that means none of the words in capitals."""
        return by_word(values, lambda word: self.code(word) or capitals(word) or None)

    def texts(self) -> list[str]:
        """Return every text that means one of the words, codes first."""
        synonyms = [text for one in self.terms for text in one.synonyms]
        return list(dict.fromkeys([*self.codes, *synonyms]))

    def nearest(self, word: object) -> str | None:
        """Return the text of the vocabulary that most resembles a word, None where none does."""
        return nearest(word, self.texts())


def vocabulary(name: str, *terms: Term | str) -> Vocabulary:
    """Return a vocabulary; a word given as text has no label of its own."""
    return Vocabulary(name, tuple(Term(one) if isinstance(one, str) else one for one in terms))
