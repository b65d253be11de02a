"""One file in, one table of text out: CSV, XPT, SAS, Parquet and Dataset-JSON."""

import io
import json
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from cartend.intake.errors import DataError

ENCODINGS = ("utf-8-sig", "gb18030")


def read_table(path: Path, encoding: str | None = None) -> tuple[pd.DataFrame, str]:
    """Read a file by its suffix to upper-case columns of text (None: blank) and its encoding."""
    if path.stat().st_size == 0:
        raise DataError(f"{path}: the file is empty; a header line with column names is needed")
    try:
        frame, used = READERS[path.suffix.lower()](path, encoding)
    except DataError:
        raise
    except LookupError as error:
        raise DataError(f"{path}: encoding {encoding} is not known ({error})") from error
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"{path}: cannot be read as {path.suffix[1:]} ({reason})") from error
    return _tidy(frame, path), used


def _tidy(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Upper-case the names, turn every value into stripped text, and refuse a repeated name."""
    names = [str(name).strip().lstrip("\ufeff").upper() for name in frame.columns]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(f"{path}: column {repeated[0] or '(no name)'} stands twice in the file")
    columns = {name: _text(frame.iloc[:, place]) for place, name in enumerate(names)}
    table = pd.DataFrame(columns, index=range(len(frame)), columns=names)
    return table[table.notna().any(axis=1)].reset_index(drop=True) if names else table


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


def _read_csv(path: Path, encoding: str | None) -> tuple[pd.DataFrame, str]:
    """Read comma-separated text; every cell stays text."""
    raw = path.read_bytes()
    if encoding is None and b"\x00" in raw:
        raise DataError(f"{path}: is no text file; comma-separated text is needed")
    text, used = _decoded(raw, path, encoding)
    if not text.strip():
        raise DataError(f"{path}: the file is empty; a header line with column names is needed")
    cells = pd.read_csv(
        io.StringIO(text), header=None, dtype=str, keep_default_na=False, na_values=[]
    )
    frame = cells.iloc[1:]
    frame.columns = cells.iloc[0].tolist()
    return frame, used


def _decoded(raw: bytes, path: Path, encoding: str | None) -> tuple[str, str]:
    """Decode by the study's encoding, else the first of ``ENCODINGS`` that fits."""
    for name in (encoding,) if encoding else ENCODINGS:
        try:
            return raw.decode(name), name.replace("-sig", "")
        except UnicodeDecodeError:
            continue
    tried = encoding or "utf-8 nor gb18030"
    raise DataError(f"{path}: the text is not {tried}; name its encoding in the study file")


def _read_sas(path: Path, encoding: str | None, reader: str) -> tuple[pd.DataFrame, str]:
    """Read a SAS file; its text is tried as UTF-8, then GB18030, unless the study says."""
    import pyreadstat

    read = getattr(pyreadstat, reader)
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            frame, _ = read(str(path), encoding=name.upper())
            return frame, name
        except (UnicodeDecodeError, pyreadstat.ReadstatError) as error:
            failure = error
    raise failure


def _read_xpt(path: Path, encoding: str | None) -> tuple[pd.DataFrame, str]:
    return _read_sas(path, encoding, "read_xport")


def _read_sas7bdat(path: Path, encoding: str | None) -> tuple[pd.DataFrame, str]:
    return _read_sas(path, encoding, "read_sas7bdat")


def _read_parquet(path: Path, _: str | None) -> tuple[pd.DataFrame, str]:
    return pd.read_parquet(path), "utf-8"


def _read_json(path: Path, encoding: str | None) -> tuple[pd.DataFrame, str]:
    """Read Dataset-JSON 1.1: ``columns`` with names, ``rows`` with values."""
    text, used = _decoded(path.read_bytes(), path, encoding)
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
    return pd.DataFrame(content["rows"], columns=names, dtype=object), used


READERS = {
    ".csv": _read_csv,
    ".xpt": _read_xpt,
    ".sas7bdat": _read_sas7bdat,
    ".parquet": _read_parquet,
    ".json": _read_json,
}
