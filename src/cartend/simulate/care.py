"""What care does with what the investigator sees: new therapy, crossover, and the death after it.

A decision follows a reading, never the latent state itself; so the observed dates and the clinical
course depend on each other as they do in a trial.
"""

import numpy as np
import pandas as pd

from cartend.config.study import Study
from cartend.contract.terms.disposition import DISPOSITION
from cartend.simulate.clock import NEVER, delayed, stream, words
from cartend.simulate.parameters import ArmProcess, Parameters
from cartend.simulate.scans import Scans, read_course

FOLLOW_UP = 1826  # days after which a subject has completed the study
CELLULAR_DELAY = 18  # days from leukapheresis to infusion of a later CAR-T product


@np.errstate(invalid="ignore")
def draw_care(
    params: Parameters,
    study: Study,
    cohort: pd.DataFrame,
    latent: pd.DataFrame,
    scans: Scans,
    batch: int,
    seed: int,
) -> pd.DataFrame:
    """Return ``latent`` with new therapy (``nat``, ``nat_reason``, ``nat_kind``), loss and death.

    1. detection: the investigator's first progression; 2. the earliest of new therapy after it,
    after non-response at the landmark visit, for another reason, or after no infusion; 3. death
    after progression or after that therapy, with a hazard that the therapy changes; 4. loss.
    """
    latent = latent.copy()
    reading = read_course(params, latent, scans, "INV")
    latent["lost"], latent["lost_kind"] = _loss(params, latent, batch, seed)
    responding = scans.day >= latent["t1"].to_numpy()[:, None]
    bad = (reading >= params.progressed) & responding & (scans.day <= latent[["lost"]].to_numpy())
    bad &= scans.day < latent[["nrm"]].to_numpy()
    latent["detected"] = np.where(bad, scans.day, NEVER).min(axis=1)
    parts = []
    for arm, process in params.arms.items():
        rows = (cohort["ARM"] == arm).to_numpy()
        rng = stream(seed, batch, f"care {arm}")
        part = latent[rows].copy()
        weak = _without_response(params, study, process, scans, reading)[rows]
        _choose_therapy(rng, params, process, part, weak)
        _die(rng, params, process, cohort[rows], part)
        parts.append(part)
    return pd.concat(parts).sort_index()


def _loss(
    params: Parameters, latent: pd.DataFrame, batch: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Loss to follow-up or withdrawal; a withdrawal may end vital status too."""
    rng, seen, n = stream(seed, batch, "loss"), params.observation, len(latent)
    day = 10 + np.floor(rng.exponential(1 / seen.lost_rate, n))
    kinds = {
        "LOST TO FOLLOW-UP": 1 - seen.withdrawal_share,
        "WITHDRAWAL BY SUBJECT": seen.withdrawal_share * (1 - seen.no_vital_status),
        "NO VITAL STATUS": seen.withdrawal_share * seen.no_vital_status,
    }
    kind = words(rng, kinds, n)
    anchor = np.where(np.isfinite(latent["inf"]), latent["inf"], 0.0)
    complete = anchor + FOLLOW_UP + np.floor(rng.uniform(0, 25, n))
    kind = np.where(day < complete, kind, "COMPLETED")
    day = np.minimum(day, complete)
    withdrew = (latent["notinf"] == "WITHDRAWAL BY SUBJECT").to_numpy() & (latent["stop"] <= day)
    day = np.where(withdrew, latent["stop"], day)
    return day, np.where(withdrew, "WITHDRAWAL BY SUBJECT", kind)


def _without_response(
    params: Parameters,
    study: Study,
    process: ArmProcess,
    scans: Scans,
    reading: np.ndarray,
) -> np.ndarray:
    """Return the day of the landmark scan that showed neither response nor progression."""
    labels = [visit.label for visit in study.visits.schedule]
    remission = [params.states.index(name) for name in params.remission]
    at = scans.label == labels.index(process.subsequent.landmark)
    weak = at & (reading >= 0) & (reading < params.progressed) & ~np.isin(reading, remission)
    return np.where(weak, scans.day, NEVER).min(axis=1)


def _choose_therapy(
    rng: np.random.Generator,
    params: Parameters,
    process: ArmProcess,
    latent: pd.DataFrame,
    weak: np.ndarray,
) -> None:
    """Take the earliest candidate; progression at the earlier scan cancels the weaker reasons."""
    n, rules = len(latent), process.subsequent
    detected = latent["detected"].to_numpy()
    delay = np.floor(delayed(rng, rules.delay, n))
    after = np.where(rng.random(n) < rules.after_progression, detected + delay, NEVER)
    weak = np.where(weak < detected, weak + delay, NEVER)
    weak = np.where(rng.random(n) < rules.without_response, weak, NEVER)
    other = latent["t1"].to_numpy() + 1 + np.floor(rng.exponential(1 / rules.other_rate, n))
    other = np.where(other < detected, other, NEVER)
    stopped = latent["stop"].to_numpy() + delay
    stopped = np.where(rng.random(n) < 0.65, stopped, NEVER)
    stopped = np.where(latent["notinf"] == "DEATH", NEVER, stopped)
    times = np.column_stack([after, weak, stopped, other])
    kind = times.argmin(axis=1)
    failed = latent["early_pd"].to_numpy() <= latent["stop"].to_numpy()
    reasons = np.column_stack(
        [
            np.full(n, "EFFICACY", object),
            np.full(n, "EFFICACY", object),
            np.where(failed & np.isfinite(latent["early_pd"]), "EFFICACY", "OTHER"),
            words(rng, rules.other_reasons, n),
        ]
    )
    latent["nat_reason"] = reasons[np.arange(n), kind]
    cellular = (rng.random(n) < rules.cellular) & (kind < 2)
    latent["nat"] = times.min(axis=1) + np.where(cellular, CELLULAR_DELAY, 0)
    latent["nat_cellular"] = cellular
    turned = np.isfinite(latent["nat"]) & (kind < 3)
    latent["turn"] = np.where(turned, latent["nat"], NEVER)
    chosen = words(rng, rules.response_after, n)
    latent["turn_code"] = [params.states.index(name) for name in chosen]


def _die(
    rng: np.random.Generator,
    params: Parameters,
    process: ArmProcess,
    cohort: pd.DataFrame,
    latent: pd.DataFrame,
) -> None:
    """Death: without progression, or after progression or a therapy for it, the first of both."""
    n, rules = len(latent), process.subsequent
    frailty = np.exp(0.6 * cohort["RISK"].to_numpy())
    start = np.minimum(latent["prog"], latent["turn"]).to_numpy()
    later = np.where(latent["nat_cellular"], rules.death_after_cellular, rules.death_after)
    later = later * np.where(latent["turn_code"] < params.progressed - 1, 0.45, 1.5)
    budget = rng.exponential(1.0, n) / frailty
    gap = np.where(np.isfinite(start), latent["turn"] - start, NEVER)
    spent = process.death_after_progression * np.where(np.isfinite(gap), gap, 0.0)
    early = start + budget / process.death_after_progression
    late = start + gap + (budget - spent) / later
    after = np.where(np.isinf(gap) | (budget < spent), early, late)
    after = np.where(np.isfinite(start), np.floor(after) + 1, NEVER)
    without = np.where(latent["nrm"] <= start, latent["nrm"], NEVER)
    latent["death"] = np.minimum(after, without)
    _see_death(rng, params, latent)
    cause = np.where(
        after < without, words(rng, params.causes["progressed"], n), latent["nrm_cause"]
    )
    unknown = rng.random(n) < params.observation.cause_unknown
    latent["cause"] = np.where(unknown, "UNKNOWN", cause)
    for name in ("nat", "turn", "hsct", "spm", "reinf", "prog"):
        latent[name] = np.where(latent[name] < latent["death"], latent[name], NEVER)
    latent["hsct"] = np.where(latent["hsct"] < latent["turn"], latent["hsct"], NEVER)
    latent["reinf"] = np.where(latent["reinf"] < latent["nat"], latent["reinf"], NEVER)


def _see_death(rng: np.random.Generator, params: Parameters, latent: pd.DataFrame) -> None:
    """Mark whether the trial learns of the death, and how exactly (``death_text``)."""
    n, seen = len(latent), params.observation
    reachable = latent["lost_kind"].isin(DISPOSITION.group("loss"))
    told = (rng.random(n) < seen.death_known_after_loss) & reachable
    latent["death_seen"] = (latent["death"] <= latent["lost"]) | told
    exact = 1 - seen.death_day_missing - seen.death_month_missing
    weights = {"D": exact, "M": seen.death_day_missing, "Y": seen.death_month_missing}
    latent["death_text"] = words(rng, weights, n)
