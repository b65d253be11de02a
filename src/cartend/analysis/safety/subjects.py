"""Who is at risk of an adverse event: treated subjects by arm, from day 0 to their last day."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cartend.config.safety import Safety
from cartend.config.study import Study
from cartend.contract.terms.roles import ROLE
from cartend.subject.periods import followed_until, in_period, reference_date

DAYS_PER_YEAR = 365.25
PRE = ROLE.group("before_product")


@dataclass(frozen=True)
class Cohort:
    """The subjects of a study with their adverse events.

    ``adsl`` has a row a subject, ``adae`` a row an adverse event. Day 0 is the infusion, in a
    control arm the first dose; a control subject is followed to the crossover.
    """

    study: Study
    safety: Safety
    adsl: pd.DataFrame
    adae: pd.DataFrame

    @property
    def arms(self) -> list[str]:
        """Return the arms by which results are written: each, or '' for a single arm."""
        return list(self.study.arms) if self.study.design == "randomised" else [""]

    def of_arm(self, arm: str) -> np.ndarray:
        """Return the mask of an arm, all subjects where it is blank."""
        if not arm:
            return np.ones(len(self.adsl), dtype=bool)
        return (self.adsl["ARMCD"] == arm).to_numpy()

    @cached_property
    def start(self) -> pd.Series:
        """Return day 0; missing where the study leaves the subject's age out."""
        inside = self.adsl["SAFFL"].eq("Y")
        return reference_date(self.adsl).where(inside)

    @cached_property
    def end(self) -> pd.Series:
        """Return the last day of follow-up: death, last contact, or the crossover."""
        until = followed_until(self.adsl)
        crossed = self.adsl["XODT"].astype(until.dtype)
        return until.where(~(crossed < until), crossed)

    @cached_property
    def treated(self) -> np.ndarray:
        """Return who has a day 0 and was followed from it on."""
        return (self.start.notna() & (self.end >= self.start)).to_numpy()

    @cached_property
    def infused(self) -> np.ndarray:
        """Return who was infused as assigned."""
        return self.treated & (self.adsl["INFFL"] == "Y").to_numpy()

    @cached_property
    def time(self) -> np.ndarray:
        """Return the days of follow-up, day 0 counted as 1 (D1); 0 where not treated."""
        days = ((self.end - self.start).dt.days + 1).to_numpy(dtype=float)
        return np.where(self.treated, days, 0)

    @cached_property
    def died(self) -> np.ndarray:
        """Return who died by the end of that follow-up."""
        return (self.adsl["DTHDT"].notna() & (self.adsl["DTHDT"] <= self.end)).to_numpy()

    def person_years(self, mask: np.ndarray) -> float:
        """Return the person-years of the subjects of a mask."""
        return float(self.time[mask].sum()) / DAYS_PER_YEAR

    @cached_property
    def periods(self) -> pd.DataFrame:
        """Return who was followed into which period."""
        inside = in_period(self.adsl, self.safety)
        return inside.where(self.adsl["SAFFL"].eq("Y"), False)

    @property
    def after(self) -> tuple[str, ...]:
        """Return the periods from day 0 on."""
        return tuple(p.id for p in self.safety.periods if p.starts not in PRE)

    def has(self, events: pd.Series) -> np.ndarray:
        """Return which subjects have an adverse event of the mask ``events`` over ADAE."""
        return self.adsl["USUBJID"].isin(set(self.adae.loc[events, "USUBJID"])).to_numpy()

    def first(self, events: pd.Series, column: str) -> np.ndarray:
        """Return each subject's least value of a column of ADAE over the events of a mask."""
        least = self.adae[events].groupby("USUBJID")[column].min()
        return self.adsl["USUBJID"].map(least).to_numpy()

    @property
    def age_groups(self) -> list[str]:
        """Return the age groups that are there, the youngest first."""
        present = self.adsl.loc[self.treated].groupby("AGEGR")["AGE"].min()
        return present.sort_values().index.astype(str).tolist()
