"""Which of the planned assessments are made."""

import numpy as np

from cartend.simulate.clock import stream
from cartend.simulate.scans import CONFIRM
from cartend.simulate.trial import Trial


def seen_scans(trial: Trial) -> np.ndarray:
    """Return which scans are made: alive, in the study, and nobody stopped scanning."""
    latent, scans = trial.latent, trial.scans
    rng = stream(trial.seed, trial.batch, "scanning")
    seen, n = trial.params.observation, len(latent)
    day = scans.day
    made = np.isfinite(day) & (day <= trial.end[:, None])
    made &= day < latent["death"].to_numpy()[:, None]
    go_on = (rng.random(n) < seen.scans_after_progression)[:, None]
    last = latent["detected"].to_numpy()
    if seen.confirmation:
        last = last + CONFIRM[1]
    made &= go_on | (day <= last[:, None])
    go_on = (rng.random(n) < seen.scans_after_therapy)[:, None]
    return made & (go_on | (day <= latent["turn"].to_numpy()[:, None]))
