"""Finding and reading the domains of a study's data folder."""

from pathlib import Path

import pandas as pd

from cartend.contract.datasets.dataset import Dataset
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
    tables, _, stops = read_files(find_files(folder), encoding)
    if stops:
        raise StopError(stops)
    return tables


def read_files(
    files: dict[str, Path], encoding: str | None = None
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, list[Stop]]:
    """Read the files; return tables, findings of other encodings, stops of unreadable files."""
    tables, found, stops = {}, [], []
    for name, path in files.items():
        try:
            tables[name], used = read_table(path, encoding)
        except DataError as error:
            stops += unreadable(error, path.name)
            continue
        if used.lower().replace("_", "-") not in ("utf-8", "utf8", "ascii"):
            message = f"{path.name} was read as {used}"
            found.append(findings.about_file("F-FILE-001", name, message))
    return tables, findings.collect(found), stops


def choose_files(
    files: dict[str, Path], wanted: tuple[str, ...]
) -> tuple[dict[str, Path], pd.DataFrame]:
    """Keep the datasets of the contract and their SUPP--; a finding names each other file."""
    names = {*wanted, *(f"supp{name}" for name in wanted)}
    other = [path for name, path in files.items() if name not in names]
    found = [
        findings.about_file(
            "F-FILE-002",
            "",
            f"{path.name} is no dataset of the contract{hint(path.stem, names)}; it is not read",
        )
        for path in other
    ]
    kept = {name: path for name, path in files.items() if name in names}
    return kept, findings.collect(found)


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
    for column in needed:
        if column in table:
            continue
        if len(table.columns) == 1 and ";" in table.columns[0]:
            raise DataError(f"{path}: the columns are parted by semicolons; commas are needed")
        use = f"; {name.upper()} needs {conjoined(needed)}"
        raise DataError(f"{path}: no column {column}{use}{hint(column, table.columns)}")


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
