"""Data flow one way through the rooms, and no import goes in a circle (design of the house)."""

import pytest

from tests.architecture.source import FRAME, ROOMS, SRC, as_path, imports, modules, room_of


def edges() -> list[tuple[str, str, int]]:
    """Return every import of one module of the package by another."""
    return [
        (path, as_path(name), line)
        for path, tree in modules().items()
        for name, line in imports(path, tree)
    ]


def test_every_folder_is_a_room_and_every_file_beside_them_is_known():
    folders = {p.name for p in SRC.iterdir() if p.is_dir() and any(p.glob("*.py"))}
    files = {p.stem for p in SRC.glob("*.py")} - {"__init__"}
    assert folders <= set(ROOMS), folders - set(ROOMS)
    assert files == set(FRAME)


def test_imports_are_found():
    known = {(room_of(a), room_of(b)) for a, b, _ in edges()}
    assert {("config", "contract"), ("display", "analysis"), ("intake", "config")} <= known


def test_a_room_imports_only_rooms_before_it():
    wrong = []
    for importer, imported, line in edges():
        one, other = room_of(importer), room_of(imported)
        if one == other or one in ("job", "cli"):
            continue
        if other == "digest" or one == "digest":
            if one == "digest" and other != "digest":
                wrong.append(f"{importer}:{line} imports {other}; digest knows no room")
            continue
        if other in ("job", "cli") or ROOMS.index(other) > ROOMS.index(one):
            wrong.append(f"{importer}:{line} imports {imported}")
        if one in ("stats", "contract"):
            wrong.append(f"{importer}:{line} imports {imported}; {one} knows no other room")
    assert not wrong, "\n".join(wrong)


# Circles that stand since the first build; each is to be undone, none may be added.
STANDING: set[frozenset[str]] = set()


@pytest.mark.parametrize("room", ROOMS)
def test_no_circle_inside_a_room(room: str):
    graph = {path: set() for path in modules() if room_of(path) == room}
    for importer, imported, _ in edges():
        if importer in graph and imported in graph and importer != imported:
            graph[importer].add(imported)
    circles = [one for one in components(graph) if len(one) > 1 and frozenset(one) not in STANDING]
    assert not circles, "\n".join(" <-> ".join(sorted(one)) for one in circles)


def components(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected components of a graph: each of more than one is a circle."""
    reach = {node: _reachable(graph, node) for node in graph}
    done: set[str] = set()
    found = []
    for node in sorted(graph):
        if node not in done:
            one = [other for other in reach[node] | {node} if node in reach[other] | {other}]
            found.append(one)
            done |= set(one)
    return found


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for other in graph[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def test_a_circle_would_be_found():
    assert [
        sorted(one) for one in components({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    ] == [
        ["a", "b", "c"],
        ["d"],
    ]
