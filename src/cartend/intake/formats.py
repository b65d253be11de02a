"""One file in, one table of text out: CSV, XPT, SAS, Parquet and Dataset-JSON."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from cartend.intake.delimited import DELIMITERS, parted
from cartend.intake.encodings import decoded
from cartend.intake.errors import DataError
from cartend.intake.whole import refuse_cut_sas7bdat, refuse_cut_transport

BYTE_BY_BYTE = "latin-1"


class Cells(NamedTuple):
    """What one file holds.

    ``table`` has upper-case columns of text (None: blank) and, as its index, the row of the file,
    the first after the header being 1; blank rows are left out of it. ``rows`` counts them too.
    ``told`` says what was read in another way than written.
    """

    table: pd.DataFrame
    encoding: str
    rows: int
    told: tuple[str, ...] = ()


Raw = tuple[pd.DataFrame, str, tuple[str, ...]]
"""A table as a reader returns it, its encoding, and what is to be told."""


def read_table(path: Path, encoding: str | None = None) -> Cells:
    """Read a file by its suffix.

    Raises
    ------
    DataError
        One sentence that names the file and why it cannot be read.
    """
    if path.stat().st_size == 0:
        raise DataError(f"{path}: the file is empty; a header line with column names is needed")
    try:
        frame, used, told = READERS[path.suffix.lower()](path, encoding)
    except DataError:
        raise
    except LookupError as error:
        raise DataError(f"{path}: encoding {encoding} is not known ({error})") from error
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"{path}: cannot be read as {path.suffix[1:]} ({reason})") from error
    return Cells(_tidy(frame, path), used, len(frame), told)


def _tidy(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Upper-case the names, turn every value into stripped text, and refuse a repeated name."""
    names = [str(name).strip().lstrip("\ufeff").upper() for name in frame.columns]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(f"{path}: column {repeated[0] or '(no name)'} stands twice in the file")
    columns = {name: _text(frame.iloc[:, place]) for place, name in enumerate(names)}
    table = pd.DataFrame(columns, index=range(1, len(frame) + 1), columns=names)
    return table[table.notna().any(axis=1)] if names else table


def _text(values: pd.Series) -> np.ndarray:
    """Return values as stripped text, None where blank."""
    codes, unique = pd.factorize(values.astype(object), use_na_sentinel=True)
    words = np.array([*(_word(value) for value in unique), None], dtype=object)
    return words[codes]


def _word(value: object) -> str | None:
    """Return one value as a CSV file of the same data would hold it."""
    if isinstance(value, bytes):
        value = value.decode("utf-8")
    if isinstance(value, bool | np.bool_):
        return "Y" if value else "N"
    if isinstance(value, float | np.floating):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip() or None


def _read_delimited(path: Path, encoding: str | None) -> Raw:
    """Read delimited text; every cell stays text."""
    found = decoded(path.read_bytes(), path, encoding)
    if not found.text.strip():
        raise DataError(f"{path}: the file is empty; a header line with column names is needed")
    table = parted(found.text, path)
    told = [f"though {name} fits as well" for name in found.others]
    if table.delimiter != ",":
        told.append(f"parted by {DELIMITERS[table.delimiter]}")
    if table.trimmed:
        told.append(f"trimmed of blank cells beyond the header in {table.trimmed} rows")
    frame = table.cells.iloc[1:]
    frame.columns = table.cells.iloc[0].tolist()
    return frame, found.encoding, tuple(told)


def _read_xpt(path: Path, encoding: str | None) -> Raw:
    """Read a transport file; text that is no UTF-8 is read byte by byte, then decoded."""
    import pyreadstat

    refuse_cut_transport(path)
    try:
        name = encoding or "utf-8"
        return pyreadstat.read_xport(str(path), encoding=name.upper())[0], name, ()
    except (UnicodeDecodeError, pyreadstat.ReadstatError):
        if encoding:
            raise
    frame, _ = pyreadstat.read_xport(str(path), encoding="ISO-8859-1")
    texts = [name for name in frame if frame[name].dtype == object]
    words = {w for name in texts for w in frame[name].dropna().unique() if isinstance(w, str)}
    raw = "\n".join(sorted(words)).encode(BYTE_BY_BYTE)
    found = decoded(raw, path, None)
    read = {w: w.encode(BYTE_BY_BYTE).decode(found.encoding) for w in words}
    columns = {name: frame[name].map(lambda value: read.get(value, value)) for name in texts}
    told = tuple(f"though {name} fits as well" for name in found.others)
    return frame.assign(**columns), found.encoding, told


def _read_sas7bdat(path: Path, encoding: str | None) -> Raw:
    """Read a SAS dataset; its header says its encoding, unless the study does."""
    import pyreadstat

    refuse_cut_sas7bdat(path)
    frame, meta = pyreadstat.read_sas7bdat(str(path), encoding=encoding and encoding.upper())
    return frame, (encoding or meta.file_encoding or "utf-8").lower(), ()


def _read_parquet(path: Path, _: str | None) -> Raw:
    return pd.read_parquet(path), "utf-8", ()


def _read_json(path: Path, encoding: str | None) -> Raw:
    """Read Dataset-JSON 1.1: ``columns`` with names, ``rows`` with values."""
    text, used, _ = decoded(path.read_bytes(), path, encoding)
    content = json.loads(text)
    if not isinstance(content, dict) or not {"columns", "rows"} <= set(content):
        raise DataError(f"{path}: is no Dataset-JSON 1.1; it needs the keys columns and rows")
    names = [column["name"] for column in content["columns"]]
    ragged = [i for i, row in enumerate(content["rows"], 1) if len(row) != len(names)]
    if ragged:
        raise DataError(f"{path}: row {ragged[0]} has not {len(names)} values as columns says")
    stated = content.get("records", len(content["rows"]))
    if stated != len(content["rows"]):
        raise DataError(
            f"{path}: records says {stated}, the file holds {len(content['rows'])} rows"
        )
    return pd.DataFrame(content["rows"], columns=names, dtype=object), used, ()


READERS: dict[str, Callable[[Path, str | None], Raw]] = {
    ".csv": _read_delimited,
    ".xpt": _read_xpt,
    ".sas7bdat": _read_sas7bdat,
    ".parquet": _read_parquet,
    ".json": _read_json,
    ".tsv": _read_delimited,
}
