"""What the gate looks at: the study, its endpoints, what was read, and who the subjects are."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.datasets.adam import ARM_COLUMNS, BROUGHT
from cartend.contract.datasets.sdtm import SDTM
from cartend.contract.records import of_role
from cartend.contract.terms.disposition import UNASSIGNED
from cartend.contract.terms.estimand import POPULATION_FLAG
from cartend.intake.reasons import visit_responses
from cartend.intake.stops import UNREADABLE, Stop
from cartend.intake.words import delivered

PLANNED = ("ARMCD", "ARM")
"""The columns of DM that say the planned arm."""


@dataclass(frozen=True)
class Admitted:
    """One trial at its gate.

    ``domains`` holds what was read, by name (ADaM datasets of a study that brings them);
    ``adsl`` one row a subject of the list of subjects; ``definitions`` the listed endpoints.
    ``unread`` are the tables whose file cannot be read, which is a stop of its own: what they lack
    is none.
    """

    study: Study
    definitions: dict[str, Definition]
    domains: dict[str, pd.DataFrame]
    adsl: pd.DataFrame
    unread: frozenset[str] = frozenset()

    @cached_property
    def primary(self) -> tuple[str, ...]:
        """The listed endpoints of role primary."""
        named = {name for name, one in self.study.roles.items() if one.role == "primary"}
        return tuple(name for name in self.definitions if name in named)

    @cached_property
    def deciding(self) -> dict[str, Definition]:
        """The endpoints whose numbers decide: the primary ones, every listed one without them."""
        return {name: self.definitions[name] for name in self.primary or self.definitions}

    def base_of(self, population: str) -> str:
        """Return the flag-defined set in which a set lies (decision D16)."""
        return population if population in POPULATION_FLAG else self.study.population

    def deciding_set(self, definition: Definition) -> str:
        """Return the flag-defined set on which an endpoint rests: that of its first population."""
        return self.base_of(definition.population[0])

    def members(self, population: str) -> pd.DataFrame:
        """Return the subjects of a flag-defined set."""
        return self.adsl[self.adsl[POPULATION_FLAG[population]].eq("Y")]

    @cached_property
    def unknown_arm(self) -> pd.Series:
        """What is said of the arm of each subject of ADSL that is none of the study, else None.

        The code, else the first text of its other columns that does not say that there is no arm.
        """
        code = self.adsl["ARMCD"].astype(object)
        table = self.subjects_read.set_index("USUBJID")
        for name in (name for name in self.arm_columns if name in table):
            text = self.adsl["USUBJID"].map(delivered(table, name))
            code = code.where(code.notna(), text.where(~UNASSIGNED.read(text).notna()))
        known = code.isna() | code.isin([*self.study.arms, *UNASSIGNED])
        return code.where(~known, None)

    @cached_property
    def without_arm(self) -> pd.Series:
        """Whether each subject of ADSL has no arm: blank, a screen failure, not assigned (D40)."""
        blank = self.adsl["ARMCD"].isna() & self.unknown_arm.isna()
        return blank | self.adsl["ARMCD"].isin(list(UNASSIGNED))

    @cached_property
    def subjects_read(self) -> pd.DataFrame:
        """The list of subjects as read, one row each, sorted: DM, or ADSL as brought."""
        table = self.domains["adsl" if self.study.entry == "adam" else "dm"]
        table = table[table["USUBJID"].notna()].drop_duplicates("USUBJID")
        return table.sort_values("USUBJID", ignore_index=True)

    @property
    def arm_columns(self) -> tuple[str, ...]:
        """The columns that say the planned arm of a subject."""
        return ARM_COLUMNS if self.study.entry == "adam" else PLANNED

    @property
    def assessments(self) -> tuple[str, pd.DataFrame]:
        """The records of response of the visits, with EVAL, and the name of their table."""
        if self.study.entry == "adam":
            adrs = self.domains["adrs"]
            return "ADRS", adrs[visit_responses(adrs)]
        return "RS", of_role(self.domains["rs"], "response")

    @property
    def brings_times(self) -> bool:
        """Whether times to event are taken as brought: ADaM without visit responses (D25)."""
        return self.study.entry == "adam" and self.domains["adrs"].empty


def load_admitted(
    study: Study,
    definitions: dict[str, Definition],
    sdtm_dir: Path,
    adsl_path: Path,
    stops: list[Stop],
) -> Admitted:
    """Return the trial from what the rooms above wrote; ``stops`` are those of the intake."""
    names = tuple(BROUGHT) if study.entry == "adam" else tuple(SDTM)
    paths = {name: Path(sdtm_dir) / f"{name}.parquet" for name in names}
    domains = {name: pd.read_parquet(path) for name, path in paths.items() if path.exists()}
    unread = [Path(one.what).stem.lower() for one in stops if one.id == UNREADABLE]
    return Admitted(study, definitions, domains, pd.read_parquet(adsl_path), frozenset(unread))
