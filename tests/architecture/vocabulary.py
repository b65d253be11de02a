"""What counts as a word list or a column list that is typed outside the contract.

``python -m tests.architecture.vocabulary`` prints how many there are, by room and kind.
"""

import importlib
import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import cartend.contract.datasets
import cartend.contract.terms
from cartend.contract.datasets.dataset import Dataset
from cartend.contract.text import normal
from cartend.contract.vocabulary import Vocabulary
from tests.architecture.source import Literal, literals, modules, room_of

COLUMNS = 5
"""So many columns of one dataset make a list of its columns; fewer are a choice of some."""
NEW = 3
"""So many words in capitals at the top of a module make a vocabulary."""
EXEMPT = ("contract", "stats")
TAGS = {("config/definition.py", ("tte", "competing"))}
"""Words by which pydantic tells one model from another: it asks for them written out."""


def parts(package: ModuleType) -> Iterator[ModuleType]:
    """Yield the modules of a package."""
    for found in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{found.name}")


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """Return every vocabulary of the contract by the name of its constant."""
    return {
        f"{module.__name__}.{name}": value
        for module in parts(cartend.contract.terms)
        for name, value in vars(module).items()
        if isinstance(value, Vocabulary)
    }


@cache
def datasets() -> dict[str, Dataset]:
    """Return every dataset of the contract by the name of its constant, or its key in a table."""
    found: dict[str, Dataset] = {}
    for module in parts(cartend.contract.datasets):
        for name, value in vars(module).items():
            if isinstance(value, Dataset):
                found[f"{module.__name__}.{name}"] = value
            elif isinstance(value, dict):
                for key, one in value.items():
                    if isinstance(one, Dataset):
                        found[f"{module.__name__}.{name}.{key}"] = one
    return found


@cache
def _texts() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(normal(text) for text in one.texts() if text)
        for name, one in vocabularies().items()
    }


@cache
def _columns() -> list[frozenset[str]]:
    return [frozenset(one.names) for one in datasets().values()]


def kind_of(literal: Literal) -> str:
    """Return ``words``, ``columns`` or ``new`` for what belongs into the contract, else ''."""
    words = [word for word in dict.fromkeys(literal.words) if word]
    if len(words) < 2:
        return ""
    if any(set(words) <= names for names in _columns()):
        return "columns" if len(words) >= COLUMNS else ""
    spelled = {normal(word) for word in words}
    if len(spelled) >= 2 and any(spelled <= texts for texts in _texts().values()):
        return "words"
    if literal.constant and len(words) >= NEW and all(_capital(word) for word in words):
        return "new"
    return ""


def _capital(word: str) -> bool:
    return word.isupper() and len(word) > 1 and not word.startswith(("F-", "#", "R0", "R1", "R2"))


def typed_outside() -> list[tuple[str, Literal]]:
    """Return every list of words or columns outside the contract, with its kind."""
    found = []
    for path, tree in modules().items():
        if room_of(path) in EXEMPT:
            continue
        found += [
            (kind_of(one), one)
            for one in literals(path, tree)
            if kind_of(one) and (one.path, one.words) not in TAGS
        ]
    return found


def main() -> int:
    """Print the counts by room and kind, and every place where asked with ``--all``."""
    found = typed_outside()
    counts = Counter((room_of(one.path), kind) for kind, one in found)
    for (room, kind), number in sorted(counts.items()):
        print(f"{room:10} {kind:8} {number}")
    print(f"{len(found)} lists of words or columns outside the contract")
    if "--all" in sys.argv:
        for kind, one in found:
            print(f"{kind:8} {one}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
