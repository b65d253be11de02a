"""Every row of the input: used, or not and why; nothing is left out."""

from pathlib import Path

import pandas as pd

from cartend.admission.trial import Admitted
from cartend.contract.datasets.dataset import Dataset
from cartend.contract.terms.admission import BEFORE_ANY_SET, UNUSED
from cartend.contract.terms.estimand import POPULATION_FLAG
from cartend.contract.text import by_word


class RowsError(Exception):
    """Rows do not add up: used and unused are not those that were read."""


def left_by_intake(path: Path, dataset: Dataset) -> pd.DataFrame:
    """Return a table of the intake's; an empty one where it left none."""
    if not Path(path).exists():
        kinds = dict.fromkeys(dataset.of_kind("integer"), "int64")
        return pd.DataFrame(columns=dataset.names, dtype=object).astype(kinds)
    return pd.read_parquet(path)


def settled_rows(trial: Admitted, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with what the subjects tell of them.

    1. A row of nobody in the list of subjects is not used.
    2. A row of a subject without arm, or in no set, is not used, unless it says why.
    3. The rows of each file are those that were read, by assertion.

    Raises
    ------
    RowsError
        Where a file has other rows than before, or a row is neither used nor has a reason.
    """
    adsl = trial.adsl.set_index("USUBJID")
    member = adsl[list(POPULATION_FLAG.values())].eq("Y").any(axis=1)
    armless = pd.Series(trial.without_arm.to_numpy(), index=adsl.index)
    used = rows["used"].eq("Y")
    who = rows["usubjid"]
    named = used & who.notna() & who.ne("")
    unknown = named & ~who.isin(adsl.index)
    apart = named & ~unknown & ~_tells_why(rows["domain"])
    outside = apart & ~who.map(member).eq(True)
    why = pd.Series(None, index=rows.index, dtype=object)
    why[outside] = "IN NO SET"
    why[outside & who.map(armless).eq(True)] = "NO ARM"
    why[unknown] = "SUBJECT UNKNOWN"
    out = rows.assign(
        used=rows["used"].where(why.isna(), "N"), reason=rows["reason"].where(why.isna(), why)
    )
    assert_complete(rows, out)
    return out


def _tells_why(domain: pd.Series) -> pd.Series:
    """Return which rows are of a file that says why a subject is in no set."""
    names = by_word(domain, lambda name: name.lower().removeprefix("supp"))
    return names.isin(BEFORE_ANY_SET)


def assert_complete(read: pd.DataFrame, told: pd.DataFrame) -> None:
    """Raise where used and unused rows are not the rows read, file by file."""
    counts = row_counts(told).set_index("domain")
    before = read.groupby("domain").size()
    for domain, size in before.items():
        used, unused = (int(counts.loc[domain, name]) for name in ("used", "unused"))
        if used + unused != size:
            raise RowsError(f"{domain}: {used} rows used and {unused} not, of {size} read")
    silent = told[told["used"].ne("Y") & (told["reason"].isna() | ~told["reason"].isin(UNUSED))]
    if len(silent):
        first = silent.iloc[0]
        raise RowsError(f"{first['domain']} row {first['row']}: not used, without a reason")


def row_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, file by file, how many rows were read, used and not: domain read used unused."""
    used = rows["used"].eq("Y")
    kinds = {"read": used | True, "used": used, "unused": rows["used"].eq("N")}
    counted = pd.DataFrame(kinds).groupby(rows["domain"], sort=True).sum().astype("int64")
    return counted.rename_axis("domain").reset_index()


def unused_counts(rows: pd.DataFrame) -> dict[str, list[tuple[str, int]]]:
    """Return, by file, the reasons why rows are not used with their counts, in their order."""
    unused = rows[rows["used"].eq("N")]
    counts = unused.groupby(["domain", "reason"]).size()
    found: dict[str, list[tuple[str, int]]] = {}
    for (domain, reason), count in sorted(
        counts.items(), key=lambda one: (one[0][0], UNUSED.place[one[0][1]])
    ):
        found.setdefault(domain, []).append((UNUSED.label(reason), int(count)))
    return found
