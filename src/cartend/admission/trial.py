"""What the gate looks at: the study, its endpoints, what was read, and who the subjects are."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.datasets.adam import BROUGHT
from cartend.contract.datasets.sdtm import SDTM
from cartend.contract.terms.estimand import POPULATION_FLAG


@dataclass(frozen=True)
class Admitted:
    """One trial at its gate.

    ``domains`` holds what was read, by name (ADaM datasets of a study that brings them);
    ``adsl`` one row a subject of the list of subjects; ``definitions`` the listed endpoints.
    """

    study: Study
    definitions: dict[str, Definition]
    domains: dict[str, pd.DataFrame]
    adsl: pd.DataFrame

    @cached_property
    def deciding(self) -> dict[str, Definition]:
        """The endpoints whose numbers decide: the primary ones, every listed one without them."""
        primary = [name for name, one in self.study.roles.items() if one.role == "primary"]
        chosen = {name: one for name, one in self.definitions.items() if name in primary}
        return chosen or self.definitions

    def deciding_set(self, definition: Definition) -> str:
        """Return the flag-defined set on which an endpoint rests.

        The first of its populations; of a set that depends on response, the set of its base
        (decision D16).
        """
        first = definition.population[0]
        return first if first in POPULATION_FLAG else self.study.population

    def members(self, population: str) -> pd.DataFrame:
        """Return the subjects of a flag-defined set."""
        return self.adsl[self.adsl[POPULATION_FLAG[population]].eq("Y")]


def load_admitted(
    study: Study, definitions: dict[str, Definition], sdtm_dir: Path, adsl_path: Path
) -> Admitted:
    """Return the trial from what the rooms above wrote."""
    names = tuple(BROUGHT) if study.entry == "adam" else tuple(SDTM)
    paths = {name: Path(sdtm_dir) / f"{name}.parquet" for name in names}
    domains = {name: pd.read_parquet(path) for name, path in paths.items() if path.exists()}
    return Admitted(study, definitions, domains, pd.read_parquet(adsl_path))
