"""Reading the checked SDTM domains: the columns this project uses, present in every frame.

A column that a domain lacks reads as all missing, so that later steps ask for values, never for
the presence of a column.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from pyarrow import parquet

DATE = "datetime64[ms]"


def words(text: str) -> list[str]:
    """Return the blank-separated names of a text: a column list that reads as a line."""
    return text.split()


class Wanted(NamedTuple):
    """The columns of a domain that later steps use, by kind."""

    text: str = ""
    dates: str = ""
    numbers: str = ""


WANTED: dict[str, Wanted] = {
    "dm": Wanted(
        "STUDYID SITEID SEX RACE COUNTRY ARMCD ARM ACTARMCD ACTARM DTHFL",
        "RFICDTC RFXSTDTC DTHDTC",
        "AGE",
    ),
    "ds": Wanted("DSDECOD DSCAT DSSCAT VITALWD", "DSSTDTC", "DSSEQ"),
    "ex": Wanted("EXTRT EXCAT CONFORM NATREAS", "EXSTDTC EXENDTC", "EXSEQ EXDOSE"),
    "pr": Wanted("PRTRT PRCAT PLANNED NATREAS", "PRSTDTC PRENDTC", "PRSEQ"),
    "cm": Wanted(
        "CMTRT CMDECOD CMCLAS CMCAT CMROUTE INTENS TARGET NATREAS BESTRESP INTOLER FULLDOSE PHASE",
        "CMSTDTC CMENDTC PDDTC CRDTC",
        "CMSEQ LINE CYCLES HALFLIFE",
    ),
    "rs": Wanted(
        "RSTESTCD RSCAT RSSCAT RSMETHOD RSORRES RSSTRESC RSEVAL RSEVALID RSACPTFL RSSTAT VISIT"
        " PDBASIS AVALC EVAL PDIFL PDOFL DTHPDFL",
        "RSDTC",
        "RSSEQ VISITNUM",
    ),
    "lb": Wanted(
        "LBTESTCD LBMETHOD LBSPEC LBSTRESC LBSTRESU LBSTAT LBBLFL VISIT HEMODIL TRACKABL SUPPORT",
        "LBDTC",
        "LBSEQ LBSTRESN LBLLOD MRDCELLS",
    ),
    "tr": Wanted(
        "TRTESTCD TRLNKID TRSTRESC TRSTRESU TRSTAT TRBLFL TREVAL VISIT", "TRDTC", "TRSEQ TRSTRESN"
    ),
    "tu": Wanted("TULNKID TULOC TUORRES TUEVAL VISIT", "TUDTC", "TUSEQ"),
    "ae": Wanted(
        "AEDECOD AEBODSYS AESER AEOUT AESDTH GRSCALE SPMTYPE TISSUE INTCLON DRIVERNR EXPCLON"
        " TCRPRE MUTPRE",
        "AESTDTC AEENDTC",
        "AESEQ AETOXGR ASTCTGR TGCOPIES",
    ),
    "dd": Wanted("DDTESTCD DDORRES DDSTRESC", "DDDTC", "DDSEQ"),
    "ss": Wanted("SSTESTCD SSSTRESC", "SSDTC", "SSSEQ"),
    "ts": Wanted("TSPARMCD TSVAL", "", ""),
    "sc": Wanted("SCTESTCD SCORRES SCSTRESC", "", "SCSEQ SCSTRESN"),
}


def read_domain(sdtm_dir: Path, name: str) -> pd.DataFrame:
    """Return one domain with every column of ``WANTED``; an absent file reads as no records."""
    path = Path(sdtm_dir) / f"{name}.parquet"
    if not path.exists():
        return complete_columns(pd.DataFrame(), WANTED[name])
    used = None if name == "dm" else used_columns(path, WANTED[name])
    return complete_columns(pd.read_parquet(path, columns=used), WANTED[name])


def used_columns(path: Path, wanted: Wanted) -> list[str]:
    """Return the columns of a file that later steps use; DM is read whole, for its strata."""
    names = {"USUBJID", *words(wanted.text), *words(wanted.numbers)}
    for dtc in words(wanted.dates):
        names |= set(date_columns(dtc))
    return [name for name in parquet.read_schema(path).names if name in names]


def read_domains(sdtm_dir: Path) -> dict[str, pd.DataFrame]:
    """Return every domain of ``WANTED`` by its lower-case name."""
    return {name: read_domain(sdtm_dir, name) for name in WANTED}


def complete_columns(frame: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """Return the frame with absent columns added as missing and kinds made certain.

    A date column ``<X>DTC`` stands for ``<X>DT_LO``, ``<X>DT_HI`` (the first and last day it may
    mean) and ``<X>DTF`` ('' complete, 'D' day missing, 'M' month missing).
    """
    columns = dict(frame.items())
    empty = pd.Series(None, index=frame.index, dtype=object)
    for name in ["USUBJID", *words(wanted.text)]:
        columns[name] = columns.get(name, empty).astype(object)
    for name in words(wanted.numbers):
        columns[name] = pd.to_numeric(columns.get(name, empty), errors="coerce").astype(float)
    for name in words(wanted.dates):
        low, high, flag = date_columns(name)
        columns[low] = columns.get(low, empty).astype(DATE)
        columns[high] = columns.get(high, columns[low]).astype(DATE)
        columns[flag] = columns.get(flag, empty).astype(object)
    return pd.DataFrame(columns, index=frame.index)


def date_columns(dtc: str) -> tuple[str, str, str]:
    """Return the names of the earliest day, the latest day and the flag of a ``--DTC`` column."""
    stem = dtc[:-1]
    return f"{stem}_LO", f"{stem}_HI", f"{stem}F"


def upper(column: pd.Series) -> pd.Series:
    """Return text without outer blanks, in upper case; missing stays missing."""
    codes, texts = pd.factorize(column)
    clean = np.array([*(str(text).strip().upper() for text in texts), np.nan], dtype=object)
    return pd.Series(clean[codes], index=column.index, dtype=object)


def none_for_missing(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the frame with these text columns as objects, None where missing."""
    text = {name: np.where(frame[name].notna(), frame[name], None) for name in names}
    return frame.assign(**text)


def first_by_subject(frame: pd.DataFrame, value: str) -> pd.Series:
    """Return the smallest value of a column per USUBJID."""
    return frame.groupby("USUBJID", sort=True)[value].min()


def coalesce(first: pd.Series, second: pd.Series | str) -> pd.Series:
    """Return text of the first column, of the second (or that constant) where it is missing."""
    filled = np.where(first.notna(), first.astype(object), second)
    return pd.Series(filled, index=first.index, dtype=object)
