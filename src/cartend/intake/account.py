"""Every row of every file accounted for: used, or not and why (contract ROWS).

A row is used where the analyses may read it; which endpoint does, and whose subject is in a set,
the gate of the run says.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from cartend.contract.check import ContractError
from cartend.contract.datasets.admission import ROWS
from cartend.contract.datasets.sdtm import SOURCE_ROW
from cartend.contract.terms.admission import UNUSED
from cartend.contract.terms.roles import COLUMN

ROW, REASON = "row", "reason"
BLANK = "BLANK"
NOT_READ = "FILE NOT READ"
Conditions = Mapping[str, Callable[[], pd.Series]]
"""By code of UNUSED: in which rows of a table it holds."""


def first_reason(table: pd.DataFrame, conditions: Conditions) -> pd.Series:
    """Return the first code of UNUSED that holds of each row, None where none does."""
    found = np.full(len(table), None, dtype=object)
    open_ = np.ones(len(table), dtype=bool)
    for code in UNUSED:
        if code in conditions and open_.any():
            holds = conditions[code]().to_numpy(dtype=bool) & open_
            found[holds] = code
            open_ &= ~holds
    return pd.Series(found, index=table.index, dtype=object)


def account(name: str, rows: int, raw: pd.DataFrame, parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return ROWS of one file.

    ``rows`` counts the rows of the file, ``raw`` holds those that are not blank as read, ``parts``
    what became of them: SOURCEROW, ROLE, REASON (missing where used).

    Raises
    ------
    ContractError
        Where used and unused rows are not the rows of the file.
    """
    told = pd.concat([part[[SOURCE_ROW, COLUMN, REASON]] for part in parts], ignore_index=True)
    place = told[SOURCE_ROW].to_numpy(dtype="int64") - 1
    if not np.array_equal(np.sort(place + 1), np.sort(raw[SOURCE_ROW].to_numpy(dtype="int64"))):
        raise ContractError(
            f"{name.upper()}: {len(raw)} rows were read and {len(place)} are accounted for"
        )
    role, why, subject = (np.full(rows, None, dtype=object) for _ in range(3))
    why[:] = BLANK
    role[place] = told[COLUMN].where(told[COLUMN].notna(), None)
    why[place] = told[REASON].where(told[REASON].notna(), None)
    if "USUBJID" in raw:
        subject[raw[SOURCE_ROW].to_numpy(dtype="int64") - 1] = raw["USUBJID"]
    table = pd.DataFrame(
        {
            "domain": name.upper(),
            ROW: np.arange(1, rows + 1, dtype="int64"),
            "usubjid": subject,
            "role": role,
            "used": np.where(pd.isna(why), "Y", "N").astype(object),
            REASON: why,
        }
    )
    return table[ROWS.names]


def not_read(name: str, rows: int, raw: pd.DataFrame) -> pd.DataFrame:
    """Return ROWS of a file that is no dataset of the contract."""
    return account(name, rows, raw, [raw.assign(**{COLUMN: None, REASON: NOT_READ})])


def of_supplement(links: pd.DataFrame, parents: pd.DataFrame, sought: set[str]) -> pd.DataFrame:
    """Return what became of supplemental rows: SOURCEROW, ROLE, REASON.

    ``links`` holds ROW QNAM PARENT REASON, ``parents`` ROWS of the parent's file. A row is used
    where a record that it belongs to is, and its qualifier is one of those ``sought``.
    """
    known = parents.set_index(ROW)
    parent = links["PARENT"]
    used = parent.map(known["used"]).eq("Y")
    role = parent.map(known["role"])
    idle = links["REASON"].isna() & ~used
    why = links["REASON"].mask(idle, "PARENT NOT USED")
    why = why.mask(why.isna() & ~links["QNAM"].isin(sought), "NOT SOUGHT")
    made = pd.DataFrame({SOURCE_ROW: links["ROW"].astype("int64"), COLUMN: role, REASON: why})
    made = made.assign(idle=made[REASON].notna())
    made = made.sort_values([SOURCE_ROW, "idle"], kind="stable").drop_duplicates(SOURCE_ROW)
    return made.drop(columns="idle")


def all_rows(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return ROWS of every file, by file and row."""
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame(columns=ROWS.names).astype({ROW: "int64"})
    return pd.concat(kept, ignore_index=True).sort_values(
        ["domain", ROW], kind="stable", ignore_index=True
    )
