"""Digests of code, data and packages: what a job depends on besides its input files.

Snakemake notices a changed parameter, a newer input and a newer script, and nothing else. These
digests stand in the one parameter ``spec`` of every rule, so that a change of imported code, of
raw data with an old time stamp, or of a package reruns exactly the jobs that it concerns.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
DISTRIBUTIONS = {"dateutil": "python-dateutil", "great_tables": "great-tables", "yaml": "PyYAML"}
"""Import names whose distribution has another name."""
IMPLIED = {
    "pandas": ("numpy", "pyarrow"),
    "scipy": ("numpy",),
    "lifelines": ("numpy", "scipy", "pandas", "autograd"),
    "matplotlib": ("numpy", "pillow"),
    "great_tables": ("pandas",),
}
"""Packages that compute for the imported one without being imported by name."""
ASSETS = (".css", ".html", ".j2", ".js", ".json", ".svg", ".txt", ".yaml")
"""Files beside a module that the module may read."""


def canonical(value: object) -> str:
    """Return JSON text that is equal for equal values, whatever the order of their keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str | bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a text."""
    data = text.encode() if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()[:16]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def code_digest(script: Path) -> str:
    """Return the digest of a script and of every module of this package that it can import.

    1. The imports of the script are followed through the package, absolute and relative ones,
       also those inside functions.
    2. Of each file the syntax tree counts, without docstrings: comments, docstrings and layout
       change nothing.
    3. Style sheets, templates and the like beside a module count by their bytes.
    """
    modules = closure(script)
    trees = {name: _read(_path(name), name).digest for name in modules}
    folders = sorted({_path(name).parent for name in modules} - {PACKAGE})
    assets = [_assets_digest(folder) for folder in folders]
    return digest(canonical([_read(Path(script)).digest, trees, assets]))


def package_versions(script: Path) -> dict[str, str]:
    """Return the versions of Python and of the outside packages that a script computes with."""
    names = set(_read(Path(script)).outside)
    for name in closure(script):
        names |= _read(_path(name), name).outside
    names |= {implied for name in names for implied in IMPLIED.get(name, ())}
    found = {DISTRIBUTIONS.get(name, name): _version(name) for name in names}
    found["python"] = ".".join(map(str, sys.version_info[:2]))
    return {name: text for name, text in sorted(found.items()) if text}


@cache
def closure(script: Path) -> tuple[str, ...]:
    """Return the names of the package's modules that a script can import, sorted."""
    seen: set[str] = set()
    waiting = set(_read(Path(script)).inside)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= _read(_path(name), name).inside - seen
    return tuple(sorted(seen))


@dataclass(frozen=True)
class _Source:
    """What one source file is (its digest) and what it imports."""

    digest: str
    inside: frozenset[str]
    outside: frozenset[str]


@cache
def _read(path: Path, name: str = "") -> _Source:
    words: list[str] = []
    imports: list[ast.Import | ast.ImportFrom] = []
    _spell(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)), words, imports)
    inside: set[str] = set()
    outside: set[str] = set()
    for target in _targets(imports, name, is_package=path.name == "__init__.py"):
        parts = target.split(".")
        if parts[0] == PACKAGE.name:
            chain = (".".join(parts[: i + 1]) for i in range(len(parts)))
            inside |= {module for module in chain if _path(module)}
        elif parts[0] not in sys.stdlib_module_names:
            outside.add(parts[0])
    return _Source(digest(" ".join(words)), frozenset(inside), frozenset(outside))


def _spell(node: ast.AST, words: list[str], imports: list[ast.AST]) -> None:
    """Add a syntax tree to ``words``, texts that stand alone left out, and note its imports.

    One pass of our own: every call of snakemake reads the whole package, and ``ast.walk`` with
    ``ast.dump`` took four times as long.
    """
    kind = node.__class__
    words.append(kind.__name__)
    if kind is ast.ImportFrom or kind is ast.Import:
        imports.append(node)
    for field in kind._fields:
        value = getattr(node, field, None)
        if isinstance(value, ast.AST):
            _spell(value, words, imports)
        elif value.__class__ is list:
            words.append("[")
            for item in value:
                if not isinstance(item, ast.AST):
                    words.append(repr(item))
                elif not _is_bare_text(item):
                    _spell(item, words, imports)
            words.append("]")
        else:
            words.append(repr(value))


def _is_bare_text(node: ast.AST) -> bool:
    return (
        node.__class__ is ast.Expr
        and node.value.__class__ is ast.Constant
        and node.value.value.__class__ is str
    )


def _targets(
    imports: list[ast.Import | ast.ImportFrom], name: str, *, is_package: bool
) -> Iterator[str]:
    """Yield every dotted name that the import statements may mean."""
    for node in imports:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            base = node.module or ""
            if node.level:
                above = name.split(".")[: None if is_package else -1]
                above = above[: len(above) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def _path(name: str) -> Path | None:
    """Return the file of a module of this package, or None where the name is no module."""
    place = PACKAGE.joinpath(*name.split(".")[1:])
    candidates = (place / "__init__.py", place.with_suffix(".py"))
    return next((path for path in candidates if path.is_file()), None)


@cache
def _assets_digest(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.suffix in ASSETS and p.is_file())
    return digest(canonical([[p.name, file_digest(p)] for p in files]))


@cache
def _version(name: str) -> str:
    try:
        return version(DISTRIBUTIONS.get(name, name))
    except PackageNotFoundError:
        return ""
