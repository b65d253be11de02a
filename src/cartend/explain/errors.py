"""The error of this border: a question that the results cannot answer."""

import re
from collections.abc import Iterable

from cartend.contract import text


class ExplainError(Exception):
    """A word is not known or a file is not there; the message is one sentence for its reader."""


def unknown(what: str, word: str, known: Iterable[str], *, show: int = 25) -> ExplainError:
    """Return the error for a word that is not known, with the known ones and the nearest."""
    known = list(known)
    listed = f"; known: {', '.join(known)}" if 0 < len(known) <= show else ""
    if not known:
        listed = "; none is known here"
    return ExplainError(f"{what} {word} is not known{listed}{nearest(word, known)}")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``; nearest: X`` for the known word most like the given one, else nothing.

    A number without its leading zeros is the same number: ``S-41`` is nearest to ``S-0041``.
    """
    words = {_plain(candidate): candidate for candidate in known}
    close = text.nearest(_plain(word), words)
    return f"; nearest: {words[close]}" if close else ""


def _plain(word: str) -> str:
    return re.sub(r"0+(?=\d)", "", word.upper())
