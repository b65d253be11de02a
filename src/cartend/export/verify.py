"""Are results still what a run wrote? The manifest replayed against the files beside it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cartend.digest import file_digest

MANIFEST = "manifest.json"


class VerifyError(Exception):
    """There is nothing to verify; the message is one sentence."""


class Difference(NamedTuple):
    """A file that is not as the manifest says: its study, its path, and in which way."""

    study: str
    path: str
    how: str

    def __str__(self) -> str:
        return f"{self.study}: {self.path} {self.how}"


def verify(results: Path) -> list[Difference]:
    """Return every file that is not as the manifests say.

    ``results`` is the results folder of a study, or the folder that holds those of several.

    1. An output that the manifest lists is missing or edited.
    2. A file stands in the folders that the manifest lists, and it does not list the file.
    3. An input file is missing, edited or new; where the data folder is not there, one line.

    Raises
    ------
    VerifyError
        Where there is no manifest, or none that can be read.
    """
    return [line for path in manifests(Path(results)) for line in _differences(path)]


def manifests(results: Path) -> list[Path]:
    """Return the manifests of a results folder, of one study or of several."""
    own = results / MANIFEST
    found = [own] if own.is_file() else sorted(results.glob(f"*/{MANIFEST}"))
    if not found:
        raise VerifyError(
            f"{results}: no {MANIFEST} in it nor one folder below; name the results folder of a run"
        )
    return found


def _differences(path: Path) -> Iterator[Difference]:
    manifest = read_manifest(path)
    study, folder = manifest["study"], path.parent
    for name, how in compared(manifest["outputs"], folder, _listed_folders(manifest["outputs"])):
        yield Difference(study, name, how)
    data = Path(manifest["configuration"]["study"]["data"])
    if not data.is_dir():
        yield Difference(study, str(data), "is not there: the inputs cannot be compared")
        return
    for name, how in compared(manifest["inputs"], data, {""}):
        yield Difference(study, f"input {name}", how)


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest.

    Raises
    ------
    VerifyError
        Where it is no manifest of a run.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        complete = {"study", "configuration", "inputs", "outputs"} <= set(content)
    except (ValueError, TypeError) as error:
        raise VerifyError(f"{path}: is no manifest ({' '.join(str(error).split())})") from error
    if not complete:
        raise VerifyError(f"{path}: is no manifest of a run: inputs or outputs are not in it")
    return content


def compared(listed: dict[str, str], folder: Path, inside: set[str]) -> Iterator[tuple[str, str]]:
    """Yield path and difference of each file of a folder that is not as listed.

    ``listed`` holds digests by path; files of the folders ``inside`` that it lacks are foreign.
    """
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder, inside)}
    for name in sorted(set(listed) | set(there)):
        if name not in listed:
            yield name, "is foreign: no run wrote or read it"
        elif not (folder / name).is_file():
            yield name, "is missing"
        elif file_digest(folder / name) != listed[name]:
            yield name, "is edited: its bytes are not those of the run"


def _listed_folders(listed: dict[str, str]) -> set[str]:
    """Return the first folder of each listed path, blank for those at the top."""
    return {name.partition("/")[0] if "/" in name else "" for name in listed} | {""}


def _files(folder: Path, inside: set[str]) -> Iterator[Path]:
    for name in sorted(inside):
        paths = (folder / name).rglob("*") if name else folder.iterdir()
        for path in paths:
            if path.is_file() and not path.name.startswith(".") and path.name != MANIFEST:
                yield path
