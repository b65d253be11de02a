"""ADTTE and ADRSP as arrays: one block per endpoint, population and evaluator."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from cartend.analysis.plan import MISSING, Comparison, Group, stratifiers
from cartend.config.study import Study
from cartend.contract.datasets.results import ANALYSIS_KEY
from cartend.contract.terms.estimand import POPULATION_FLAG

BLOCK = list(ANALYSIS_KEY)
FLAGS = POPULATION_FLAG | {"INFNC": "INFNCFL"}
"""The flag of ADSL that holds a set; INFNC are those whose product does not conform."""


@dataclass(frozen=True)
class Block:
    """The rows of one endpoint, population and evaluator.

    ``frame`` keeps the columns, ``analysed`` says which rows enter the estimates (D31),
    ``arrays`` holds the columns that were asked for.
    """

    paramcd: str
    population: str
    evaluator: str
    frame: pd.DataFrame
    analysed: np.ndarray
    arrays: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    def rows(self, group: Group) -> np.ndarray:
        """Return the mask of a group's subjects."""
        mask = np.ones(len(self.frame), dtype=bool)
        if group.arm:
            mask &= self.column("ARMCD") == group.arm
        if group.by:
            mask &= self.column(group.by) == group.level
        return mask

    def between(self, against: Comparison) -> np.ndarray:
        """Return the mask of the subjects of the two arms of a comparison (D40)."""
        return np.isin(self.column("ARMCD").astype(str), against.arms)

    def column(self, name: str) -> np.ndarray:
        """Return a column as an array; MISSING throughout where the data have none."""
        if name not in self.arrays:
            known = name in self.frame
            absent = np.full(len(self.frame), MISSING, dtype=object)
            self.arrays[name] = self.frame[name].to_numpy() if known else absent
        return self.arrays[name]


def blocks(frame: pd.DataFrame) -> Iterator[Block]:
    """Yield the blocks of ADTTE or ADRSP in the order of their keys."""
    for (paramcd, population, evaluator), part in frame.groupby(BLOCK, sort=True):
        part = part.sort_values("USUBJID", kind="stable")
        usable = (part["ANL01FL"] == "Y").to_numpy()
        if "AVAL" in part:
            usable &= part["AVAL"].notna().to_numpy()
        yield Block(paramcd, population, evaluator, part, usable)


def read_adsl(path: Path, study: Study) -> pd.DataFrame:
    """Return ADSL with ARMCD and the stratifiers filled."""
    return _with_groups(_read(path), study)


def read_adtte(path: Path, study: Study, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADTTE with every column the estimates need (D25: AVAL and CNSR may be all there is).

    Filled where absent: POP with the study's population, EVAL '', ANL01FL 'Y', STATE 1 where CNSR
    is 0, EVNTDESC 'EVENT', CNSDTDSC 'CENSORED', and ARMCD and the stratifiers from ADSL.
    """
    frame = _keyed(_read(path), study, adsl)
    cnsr = frame["CNSR"] if "CNSR" in frame else pd.Series(0, index=frame.index)
    frame = _filled(frame, "STATE", cnsr.eq(0).astype(int))
    event = pd.Series(np.where(frame["STATE"] > 0, "EVENT", "CENSORED"), index=frame.index)
    frame = _filled(frame, "EVNTDESC", event)
    return _filled(frame, "CNSDTDSC", event)


def read_adrsp(path: Path, study: Study, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADRSP with its keys, ARMCD and the stratifiers filled."""
    frame = _keyed(_read(path), study, adsl)
    return _filled(frame, "REASON", pd.Series("", index=frame.index))


def _read(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path) if Path(path).exists() else pd.DataFrame({"USUBJID": []})


def _keyed(frame: pd.DataFrame, study: Study, adsl: pd.DataFrame) -> pd.DataFrame:
    for name, value in {"PARAMCD": "", "POP": study.population, "EVAL": "", "ANL01FL": "Y"}.items():
        frame = _filled(frame, name, pd.Series(value, index=frame.index, dtype=object))
    absent = [c for c in ("ARMCD", *stratifiers(study)) if c not in frame and c in adsl]
    if absent and len(adsl):
        frame = frame.merge(adsl[["USUBJID", *absent]], on="USUBJID", how="left")
    return _with_groups(frame, study)


def _with_groups(frame: pd.DataFrame, study: Study) -> pd.DataFrame:
    if "ARMCD" not in frame:
        only = next(iter(study.arms)) if len(study.arms) == 1 else MISSING
        frame = frame.assign(ARMCD=only)
    present = [c for c in ("ARMCD", *stratifiers(study)) if c in frame]
    texts = {c: frame[c].astype(object).where(frame[c].notna(), MISSING).map(str) for c in present}
    return frame.assign(**texts)


def _filled(frame: pd.DataFrame, name: str, values: pd.Series) -> pd.DataFrame:
    if name not in frame:
        return frame.assign(**{name: values})
    return frame.assign(**{name: frame[name].where(frame[name].notna(), values)})
