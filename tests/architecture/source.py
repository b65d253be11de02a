"""The source as the tests of the architecture read it: modules, imports, literal collections."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src" / "cartend"
ROOMS = (
    "stats",
    "contract",
    "config",
    "intake",
    "subject",
    "admission",
    "response",
    "endpoint",
    "analysis",
    "explain",
    "display",
    "export",
    "simulate",
)
"""In the order in which data flow: a room imports those before it."""
FRAME = ("digest", "job", "cli")
"""Modules beside the rooms: `digest` knows none of them, `job` and `cli` may use any."""


@dataclass(frozen=True)
class Literal:
    """A collection of texts written out in the source."""

    path: str
    line: int
    words: tuple[str, ...]
    constant: bool
    """Whether it is the value of a name at the top of a module."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {', '.join(self.words[:6])}"


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the package by its path below ``src/cartend``."""
    return {
        path.relative_to(SRC).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SRC.rglob("*.py"))
    }


def room_of(path: str) -> str:
    """Return the room of a module, or the name of a module that stands beside the rooms."""
    return path.split("/")[0].removesuffix(".py")


def imports(path: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield each module of the package that a module imports, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            base = node.module
            if base == "cartend":
                yield from ((f"cartend.{alias.name}", node.lineno) for alias in node.names)
            elif base.startswith("cartend."):
                names = [f"{base}.{alias.name}" for alias in node.names]
                known = [name for name in names if as_path(name) in modules()]
                yield from ((name, node.lineno) for name in known or [base])
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("cartend."):
                    yield alias.name, node.lineno


def as_path(name: str) -> str:
    """Return the path of a dotted module name, with or without ``__init__``."""
    path = "/".join(name.split(".")[1:])
    return f"{path}.py" if f"{path}.py" in modules() else f"{path}/__init__.py"


def literals(path: str, tree: ast.Module) -> Iterator[Literal]:
    """Yield every collection of two or more texts: tuple, list, set, keys, text that is split.

    Texts joined by starred parts count with what stands beside them; a ``Literal[...]`` counts.
    Keys count where their values are written out too: a table of words. Keys of computed values
    are a frame that is made, or a rule for each word, which belong where they are.
    """
    top = {id(value) for node in tree.body for value in _values(node)}
    for node in ast.walk(tree):
        items = _items(node)
        words = tuple(i.value for i in items if isinstance(i, ast.Constant) and _is_text(i))
        if len(words) >= 2:
            yield Literal(path, node.lineno, words, id(node) in top)


def _values(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        return list(ast.walk(node.value))
    return []


def _items(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return list(node.elts)
    if isinstance(node, ast.Dict) and all(_written_out(value) for value in node.values):
        return [key for key in node.keys if key is not None]
    split = isinstance(node, ast.Call) and _splits(node)
    if split:
        text = node.args[0] if node.args else node.func.value
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            return [ast.Constant(word) for word in text.value.split()]
    return []


def _written_out(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


def _splits(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "split":
        return not call.args and isinstance(call.func.value, ast.Constant)
    return isinstance(call.func, ast.Name) and call.func.id == "words"


def _is_text(item: ast.Constant) -> bool:
    return isinstance(item.value, str)
