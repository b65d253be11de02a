"""What a question is answered from: the data of a study, and its endpoints as arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from cartend.analysis.frames import FLAGS
from cartend.analysis.plan import COMPARABLE, Comparison, comparisons, intended_arms
from cartend.analysis.questions.page import NotDerivableError
from cartend.config.criteria import Criteria
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.terms.general import BEFORE_FINAL


@dataclass(frozen=True)
class Times:
    """One endpoint of one population and evaluator, a row a subject, in the order of USUBJID.

    ``time`` is AVAL, ``state`` 0 for censored, ``strata`` numbers the cells of the stratification
    factors, ``frame`` holds all columns of ADTTE. ``against`` is the comparison that the subjects
    were confined to (``between``).
    """

    paramcd: str
    population: str
    evaluator: str
    label: str
    frame: pd.DataFrame
    time: np.ndarray
    state: np.ndarray
    strata: np.ndarray
    against: Comparison | None = None

    @property
    def treated(self) -> np.ndarray:
        """Return 1 in the experimental and 0 in the control arm of the comparison."""
        assert self.against is not None, "the arms of a comparison alone are compared"
        return (self.frame["ARMCD"] == self.against.experimental).to_numpy(dtype=np.int64)

    @property
    def event(self) -> np.ndarray:
        """Return 1 where an event of any state happened."""
        return (self.state > 0).astype(np.int64)

    @property
    def name(self) -> str:
        """Return the endpoint as the tables name it, with its evaluator."""
        return f"{self.paramcd} ({self.evaluator})" if self.evaluator else self.paramcd

    @property
    def subjects(self) -> np.ndarray:
        """Return USUBJID."""
        return self.frame["USUBJID"].to_numpy()

    def where(self, mask: np.ndarray) -> "Times":
        """Return the subjects of a mask."""
        arrays = (self.time[mask], self.state[mask], self.strata[mask])
        head = (self.paramcd, self.population, self.evaluator, self.label)
        return Times(*head, self.frame[mask], *arrays, self.against)

    def between(self, against: Comparison) -> "Times":
        """Return the subjects of the two arms of a comparison (D40)."""
        both = self.where(self.frame["ARMCD"].isin(against.arms).to_numpy())
        return replace(both, frame=both.frame.reset_index(drop=True), against=against)

    def both_arms(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the masks of the two arms of the comparison, the experimental one first.

        Raises
        ------
        NotDerivableError
            Where one of the two has no subjects.
        """
        assert self.against is not None, "the arms of a comparison alone are compared"
        for arm, code in zip(self.against.arms, (1, 0), strict=True):
            if not (self.treated == code).any():
                raise NotDerivableError(f"arm {arm} has no subjects")
        return (self.treated == 1, self.treated == 0)


@dataclass(frozen=True)
class Material:
    """The data of a study for its questions; frames as the analysis room reads them.

    ``tables`` returns ADEVT, ADRS and ADMRD by name, empty where the study has none; ``classes``
    are the labels of the classes of bridging.
    """

    study: Study
    criteria: Criteria
    definitions: dict[str, Definition]
    adsl: pd.DataFrame
    adtte: pd.DataFrame
    adrsp: pd.DataFrame
    tables: Callable[[str], pd.DataFrame]
    classes: Mapping[str, str] = field(default_factory=dict)

    @property
    def randomised(self) -> bool:
        """Return whether the arms were assigned by chance."""
        return self.study.design == "randomised"

    @property
    def arms(self) -> list[str]:
        """Return the arms by which results are written: each, or '' for a single arm."""
        return list(self.study.arms) if self.randomised else [""]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Return the comparisons of the arms.

        Raises
        ------
        NotDerivableError
            Where the trial has one arm, or its arms are not compared yet (D51).
        """
        if not self.randomised:
            raise NotDerivableError("the trial has one arm")
        if self.study.purpose == BEFORE_FINAL:
            raise NotDerivableError("before the final analysis the sponsor sees no comparison")
        return comparisons(self.study)

    @property
    def intended(self) -> tuple[str, ...]:
        """Return the arms meant to be infused: the experimental ones, or '' for a single arm."""
        return intended_arms(self.study)

    def chosen(self, name: str, family: str) -> str:
        """Return the endpoint of that name, else the study's first of the family.

        Raises
        ------
        NotDerivableError
            Where the study has no such endpoint.
        """
        if name:
            if name not in self.definitions:
                raise NotDerivableError(f"the study has no endpoint {name}")
            return name
        found = (n for n, d in self.definitions.items() if d.family == family)
        first = next(found, None)
        if first is None:
            raise NotDerivableError(f"the study has no endpoint of family {family}")
        return first

    def times(
        self, name: str, family: str, population: str = "", evaluator: str | None = None
    ) -> Times:
        """Return a time-to-event endpoint over the whole randomised, else infused, population.

        1. The endpoint of that name, or the study's first of the family.
        2. The named population, else the study's; the named evaluator, else the primary one.
        3. Rows that are analysed (D31) and have a time, in the order of USUBJID.

        Raises
        ------
        NotDerivableError
            Where the study or the data have no such rows.
        """
        paramcd = self.chosen(name, family)
        rows = self.adtte[self.adtte["PARAMCD"] == paramcd]
        population = population or self.study.population
        rows = rows[rows["POP"] == population]
        judges = set(rows["EVAL"])
        judge = self.study.primary_evaluator if evaluator is None else evaluator
        judge = judge if judge in judges or evaluator is not None else min(judges, default="")
        rows = rows[(rows["EVAL"] == judge) & (rows["ANL01FL"] == "Y") & rows["AVAL"].notna()]
        if not len(rows):
            by = f" by {judge}" if judge else ""
            raise NotDerivableError(f"{paramcd}{by} has no subjects in population {population}")
        rows = rows.sort_values("USUBJID", kind="stable").reset_index(drop=True)
        return self._as_times(rows, paramcd, population, judge)

    def _as_times(self, rows: pd.DataFrame, paramcd: str, population: str, judge: str) -> Times:
        factors = [name for name in self.study.strata if name in rows]
        if self.randomised and population in COMPARABLE and factors:
            strata = rows.groupby(factors, sort=True).ngroup().to_numpy()
        else:
            strata = np.zeros(len(rows), dtype=np.int64)
        return Times(
            paramcd,
            population,
            judge,
            self.definitions[paramcd].label,
            rows,
            rows["AVAL"].to_numpy(dtype=float),
            rows["STATE"].to_numpy(dtype=np.int64),
            strata,
        )

    def of_arm(self, times: Times, arm: str) -> np.ndarray:
        """Return the mask of an arm's subjects; everybody for a blank arm."""
        if not arm:
            return np.ones(times.time.size, dtype=bool)
        return (times.frame["ARMCD"] == arm).to_numpy()

    def arm_codes(self, times: Times) -> np.ndarray:
        """Return the number of each subject's arm, by which pooled models are stratified."""
        found = times.frame["ARMCD"]
        order = [*self.study.arms, *sorted(set(found) - set(self.study.arms))]
        return found.map({code: place for place, code in enumerate(order)}).to_numpy()

    def column(self, times: Times, name: str) -> pd.Series:
        """Return a column of ADSL for the subjects of an endpoint; all missing where absent."""
        if name not in self.adsl:
            return pd.Series(None, index=range(times.time.size), dtype=object)
        known = self.adsl.set_index("USUBJID")[name]
        return times.frame["USUBJID"].map(known).reset_index(drop=True)

    def members(self, population: str) -> pd.DataFrame:
        """Return the rows of ADSL in an analysis set, in the order of USUBJID."""
        flag = FLAGS.get(population, "")
        if flag not in self.adsl:
            raise NotDerivableError(f"ADSL has no analysis set {population}")
        return self.adsl[self.adsl[flag] == "Y"].sort_values("USUBJID", kind="stable")


def reader(folder: Path) -> Callable[[str], pd.DataFrame]:
    """Return the function that reads a table of a folder by name, each once."""
    held: dict[str, pd.DataFrame] = {}

    def read(name: str) -> pd.DataFrame:
        if name not in held:
            path = folder / f"{name}.parquet"
            held[name] = pd.read_parquet(path) if path.exists() else pd.DataFrame({"USUBJID": []})
        return held[name]

    return read
