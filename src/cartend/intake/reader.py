"""Finding and reading the domains of a study's data folder."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cartend.contract.datasets.dataset import Dataset
from cartend.contract.datasets.sdtm import SOURCE_ROW
from cartend.contract.text import conjoined, hint, listed
from cartend.intake import findings
from cartend.intake.errors import DataError
from cartend.intake.formats import READERS, read_table
from cartend.intake.stops import Stop, StopError, unreadable


def find_files(folder: str | Path) -> dict[str, Path]:
    """Return the data files of a folder by lower-case dataset name; two for one name stop."""
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such data folder; the study's key data names it")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name = path.stem.lower()
        if path.suffix.lower() not in READERS or path.name.startswith(".") or not path.is_file():
            continue
        if name in found:
            raise DataError(
                f"{folder}: {found[name].name} and {path.name} are both {name.upper()}; keep one"
            )
        found[name] = path
    if not found:
        raise DataError(f"{folder}: no data file; files end in {listed(READERS)}")
    return found


def read_study(folder: str | Path, encoding: str | None = None) -> dict[str, pd.DataFrame]:
    """Read every dataset of a folder: lower-case name to a table of upper-case text columns."""
    read = read_files(find_files(folder), encoding)
    if read.stops:
        raise StopError(read.stops)
    return read.tables


class Files(NamedTuple):
    """What the files of a folder hold, by lower-case name, and what is to be told of them.

    ``tables`` hold SOURCEROW, the row of the file; ``rows`` counts the blank ones too. A file that
    cannot be read is in neither, and has its stop.
    """

    tables: dict[str, pd.DataFrame]
    rows: dict[str, int]
    findings: pd.DataFrame
    stops: list[Stop]


def read_files(files: dict[str, Path], encoding: str | None = None) -> Files:
    """Read the files; a finding tells of another encoding and of what else is not as usual."""
    tables, rows, found, stops = {}, {}, [], []
    for name, path in files.items():
        try:
            cells = read_table(path, encoding)
        except DataError as error:
            stops += unreadable(error, path.name)
            continue
        number = cells.table.index.to_numpy(dtype="int64")
        tables[name] = cells.table.assign(**{SOURCE_ROW: number}).reset_index(drop=True)
        rows[name] = cells.rows
        told = list(cells.told)
        if cells.encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "ascii"):
            told.insert(0, f"read as {cells.encoding}")
        if told:
            message = f"{path.name} was " + ", ".join(told)
            found.append(findings.about_file("F-FILE-001", name, message))
    return Files(tables, rows, findings.collect(found), stops)


def rows_of_others(others: dict[str, Path], encoding: str | None) -> tuple[Files, pd.DataFrame]:
    """Read the files that are no dataset of the contract, for their rows and subjects alone.

    One that cannot be read is a note, and no stop.
    """
    read = read_files(others, encoding)
    told = [findings.about_file("F-FILE-005", "", str(stop)) for stop in read.stops]
    return read, findings.collect(told)


def choose_files(
    files: dict[str, Path], wanted: tuple[str, ...]
) -> tuple[dict[str, Path], dict[str, Path], pd.DataFrame]:
    """Part the datasets of the contract and their SUPP-- from others, each of which is a note."""
    names = {*wanted, *(f"supp{name}" for name in wanted)}
    other = {name: path for name, path in files.items() if name not in names}
    found = [
        findings.about_file(
            "F-FILE-002",
            "",
            f"{path.name} is no dataset of the contract{hint(path.stem, names)}; it is not read",
        )
        for path in other.values()
    ]
    kept = {name: path for name, path in files.items() if name in names}
    return kept, other, findings.collect(found)


def require_domains(files: dict[str, Path], folder: str, randomised: bool) -> None:
    """Stop where a required domain has no file (specification, data, section 1)."""
    for name in ("dm", "rs", *(("ds",) if randomised else ())):
        if name not in files:
            why = " of a randomised trial" if name == "ds" else ""
            raise DataError(
                f"{folder}: no file for {name.upper()}{why}; "
                f"{listed(name + suffix for suffix in READERS)} is needed, "
                f"there are {', '.join(sorted(path.name for path in files.values())) or 'none'}"
            )


def require_columns(table: pd.DataFrame, name: str, path: Path, needed: tuple[str, ...]) -> None:
    """Stop where a dataset lacks a column that it cannot do without."""
    delivered = [column for column in table.columns if column != SOURCE_ROW]
    for column in needed:
        if column in table:
            continue
        use = f"; {name.upper()} needs {conjoined(needed)}"
        raise DataError(f"{path}: no column {column}{use}{hint(column, delivered)}")


def needed_names(dataset: Dataset) -> tuple[str, ...]:
    """Return the columns that no delivery is without."""
    return tuple(column.name for column in dataset.columns if column.needed)


def needed_columns(
    dataset: Dataset, table: pd.DataFrame, design: str, arms: int
) -> tuple[str, ...]:
    """Return the columns a domain needs in this study; an arm may be told by ARM alone."""
    needed = needed_names(dataset)
    if dataset.name == "DM" and (design == "randomised" or arms > 1) and "ARM" not in table:
        return (*needed, "ARMCD")
    if dataset.name == "RS" and "RSORRES" not in table:
        return (*needed, "RSSTRESC")
    return needed
