"""What the checks look at: the written results of a study, and how a finding is stated."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cartend.analysis.ard import read_ard
from cartend.analysis.frames import BLOCK, FLAGS
from cartend.config.criteria import Criteria
from cartend.config.definition import Definition
from cartend.config.study import Study

SUBJECT = ["USUBJID", *BLOCK]


@dataclass(frozen=True)
class Evidence:
    """The written results of one scenario, beside the subject-level data of the study.

    ``adrsp`` holds the rates of the scenario, ``rates`` those of ``primary`` besides.
    """

    study: Study
    criteria: Criteria
    scenario: str
    definitions: dict[str, Definition]
    adsl: pd.DataFrame
    adrs: pd.DataFrame
    adtte: pd.DataFrame
    adrsp: pd.DataFrame
    rates: pd.DataFrame
    candidates: pd.DataFrame
    ard: pd.DataFrame
    curves: pd.DataFrame

    def blocks(self, frame: pd.DataFrame) -> Iterator[tuple[tuple[str, str, str], pd.DataFrame]]:
        """Yield (PARAMCD, POP, EVAL) and the rows of each block of ADTTE or ADRSP."""
        if len(frame):
            yield from frame.groupby(BLOCK, sort=True)

    def subjects_of_set(self, population: str) -> set[str] | None:
        """Return the subjects whose ADSL flag says they belong to an analysis set."""
        flag = FLAGS.get(population)
        if flag is None or flag not in self.adsl:
            return None
        return set(self.adsl.loc[self.adsl[flag] == "Y", "USUBJID"])

    def cutoffs(self, subjects: pd.Series) -> pd.Series:
        """Return the data cut-off of each subject: ADSL's CUTDT, else the study's."""
        if "CUTDT" in self.adsl:
            return subjects.map(self.adsl.set_index("USUBJID")["CUTDT"])
        return pd.Series(pd.Timestamp(self.study.cutoff), index=subjects.index)


class Violation(NamedTuple):
    """What breaks a check, and how often."""

    paramcd: str
    population: str
    evaluator: str
    n: int
    message: str


@dataclass(frozen=True)
class Check:
    """One invariant: a sentence that must hold, and the function that looks for violations.

    ``needs`` names the parts of the evidence without which it does not apply, ``severity`` is a
    word of ``terms.general.SEVERITY``.
    """

    id: str
    sentence: str
    find: Callable[[Evidence], Iterable[Violation]]
    severity: str = "error"
    needs: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def applies(self, evidence: Evidence) -> bool:
        """Return whether the data hold what the check reads."""
        tables = all(len(getattr(evidence, name)) for name in self.needs)
        return tables and all(
            set(names) <= set(getattr(evidence, table)) for table, names in self.columns.items()
        )


def examples(subjects: Iterable[str], most: int = 3) -> str:
    """Return the first subjects as text, for a message."""
    named = sorted(set(subjects))
    rest = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + rest


def by_block(frame: pd.DataFrame, bad: pd.Series, what: str) -> Iterator[Violation]:
    """Yield one violation a block for the rows that ``bad`` marks."""
    rows = frame[bad]
    if len(rows):
        for (paramcd, population, evaluator), part in rows.groupby(BLOCK, sort=True):
            message = f"{what}: {examples(part['USUBJID'])}"
            yield Violation(paramcd, population, evaluator, len(part), message)


def read_evidence(
    study: Study,
    criteria: Criteria,
    scenarios: dict[str, dict[str, Definition]],
    results_dir: Path,
) -> Iterator[Evidence]:
    """Yield the evidence of every scenario under ``results/<study>``, primary first."""
    adam = results_dir / "adam"
    adsl, adrs = _table(adam / "adsl.parquet"), _table(adam / "adrs.parquet")
    rates = _table(results_dir / "primary" / "adrsp.parquet")
    for name in sorted(scenarios, key=lambda s: (s != "primary", s)):
        folder = results_dir / name
        own = _table(folder / "adrsp.parquet")
        yield Evidence(
            study=study,
            criteria=criteria,
            scenario=name,
            definitions=scenarios[name],
            adsl=adsl,
            adrs=adrs,
            adtte=_keyed(_table(folder / "adtte.parquet"), study),
            adrsp=_keyed(own, study),
            rates=_keyed(_with_primary(own, rates), study),
            candidates=_table(folder / "candidates.parquet"),
            ard=read_ard(folder / "ard.csv"),
            curves=_table(folder / "curves.parquet"),
        )


def _table(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path) if path.exists() else pd.DataFrame()


def _keyed(frame: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Fill the keys that data with AVAL and CNSR alone may leave out (D25)."""
    for name, value in {"POP": study.population, "EVAL": ""}.items():
        known = frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=object)
        frame = frame.assign(**{name: known.where(known.notna(), value)})
    return frame


def _with_primary(rates: pd.DataFrame, primary: pd.DataFrame) -> pd.DataFrame:
    if not len(rates):
        return primary
    if not len(primary):
        return rates
    others = primary[~primary["PARAMCD"].isin(set(rates["PARAMCD"]))]
    return pd.concat([rates, others], ignore_index=True) if len(others) else rates
