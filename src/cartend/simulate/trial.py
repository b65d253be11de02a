"""One simulated trial from parameters to SDTM frames."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from cartend.config.study import Study
from cartend.simulate.care import draw_care
from cartend.simulate.cohort import draw_cohort
from cartend.simulate.parameters import Parameters
from cartend.simulate.process import draw_process
from cartend.simulate.scans import Scans, confirm_scans, plan_scans


@dataclass
class Trial:
    """The truth of one trial: subjects, latent history, scans; and the study it is run under."""

    params: Parameters
    study: Study
    cohort: pd.DataFrame
    latent: pd.DataFrame
    scans: Scans
    batch: int
    seed: int

    @property
    def cutoff(self) -> np.ndarray:
        """Data cut-off in days since each subject's day 0."""
        cut = np.datetime64(self.study.cutoff, "D").astype(int)
        return (cut - self.cohort["DAY0"].to_numpy()).astype(float)

    @property
    def snapshot(self) -> np.ndarray:
        """Last day that the database knows: some days after the cut-off."""
        return self.cutoff + self.params.observation.snapshot_days

    @property
    def end(self) -> np.ndarray:
        """Last day on which the subject can have a record other than the death."""
        return np.minimum(self.latent["lost"].to_numpy(), self.snapshot)

    @property
    def dead(self) -> np.ndarray:
        """Day of death where the trial knows of it by the snapshot, else ``inf``."""
        death = self.latent["death"].to_numpy()
        known = self.latent["death_seen"].to_numpy(bool) & (death <= self.snapshot)
        return np.where(known, death, np.inf)

    def happens(self, name: str) -> np.ndarray:
        """Return whether a latent event is recorded: before death, loss and the snapshot."""
        day = self.latent[name].to_numpy()
        return (day <= self.end) & (day <= self.latent["death"].to_numpy())


def study_file(study: str) -> Study:
    """Return the study of a shipped synthetic trial from the repository's config folder."""
    path = Path(str(resources.files("cartend"))).parents[1] / f"config/studies/{study}.yaml"
    return Study.model_validate(yaml.safe_load(path.read_text("utf-8")))


def simulate_trial(
    params: Parameters, study: Study, n: int, batch: int = 0, seed: int | None = None
) -> Trial:
    """Return one trial of ``n`` subjects; the same arguments give the same trial."""
    seed = params.seed if seed is None else seed
    cohort = draw_cohort(params, n, batch, seed)
    latent = draw_process(params, cohort, batch, seed)
    scans = plan_scans(params, study, latent, batch, seed)
    latent = draw_care(params, study, cohort, latent, scans, batch, seed)
    if params.observation.confirmation:
        scans = confirm_scans(params, latent, scans, batch, seed)
    return Trial(params, study, cohort, latent, scans, batch, seed)
