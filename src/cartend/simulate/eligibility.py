"""SC rows on eligibility: the facts behind the criteria, and what the sites answered to them.

A site's answer (test codes ``CRF...``) is the truth of the facts, wrong now and then. What the
records of prior therapy decide (``CRFRR``, ``CRFPH``, ``CRFWASH``) is answered Y nearly always.
"""

import numpy as np
import pandas as pd

from cartend.simulate.assumed import assumed
from cartend.simulate.clock import stream, words
from cartend.simulate.frames import block
from cartend.simulate.trial import Trial

WRONG = 0.03  # share of a site's answers that the facts do not bear out
T315I, TKI_AVAILABLE = 0.12, 0.6


def eligibility(trial: Trial) -> list[pd.DataFrame]:
    """Return the SC rows of facts and answers."""
    rng, rows = stream(trial.seed, trial.batch, "eligibility"), np.arange(len(trial.cohort))
    n, answers, frames = len(rows), {}, []
    for name, share in assumed("eligibility")["denied"].items():
        if name == "CRFPH" and "PHSTAT" not in trial.cohort:
            continue
        answers[name] = rng.random(n) >= share
    if trial.params.disease.paediatric:
        facts = _organ_facts(rng, n)
        met = _met(trial, facts)
        answers |= {name: good ^ (rng.random(n) < WRONG) for name, good in met.items()}
        frames += [_fact(trial, rows, name, value) for name, value in facts.items()]
    answers["CRFELIG"] = np.logical_and.reduce(list(answers.values()))
    for name, good in answers.items():
        frames.append(block(trial, rows, SCTESTCD=name, SCSTRESC=np.where(good, "Y", "N")))
    return frames + _kinase(trial)


def _yes(rng: np.random.Generator, share: float, n: int) -> np.ndarray:
    """Return Y for about that share of subjects, N for the others."""
    return words(rng, {"N": 1 - share, "Y": share}, n)


def _organ_facts(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Return the facts of the neuroblastoma record's criteria; a few lie outside the limits."""
    return {
        "LIFEXP": np.round(np.maximum(2 + rng.gamma(2.0, 4.0, n), 1)),
        "CRCL": np.round(np.clip(rng.normal(112, 24, n), 45, 180)),
        "ALTULN": np.round(0.7 * np.exp(0.55 * rng.standard_normal(n)), 1),
        "ASTULN": np.round(0.7 * np.exp(0.50 * rng.standard_normal(n)), 1),
        "BILIULN": np.round(0.5 * np.exp(0.45 * rng.standard_normal(n)), 1),
        "LVEF": np.round(np.clip(rng.normal(63, 5, n), 45, 75)),
        "SPO2": np.round(np.clip(rng.normal(97.5, 1.4, n), 90, 100)),
        "RESTOXGR": rng.choice([0.0, 1.0, 2.0], n, p=[0.72, 0.25, 0.03]),
        "GILBERT": _yes(rng, 0.05, n),
        "INFECT": _yes(rng, 0.03, n),
        "GD2EXPR": words(rng, {"POSITIVE": 1.0}, n),
        **{name: _yes(rng, 0.02, n) for name in assumed("eligibility")["findings"]},
    }


def _met(trial: Trial, facts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return whether the facts meet the criteria of the neuroblastoma record (R48)."""
    bilirubin = (facts["BILIULN"] <= 1.5) | (facts["GILBERT"] == "Y")
    organ = (facts["CRCL"] > 60) & (facts["ALTULN"] <= 2.5) & (facts["ASTULN"] <= 2.5)
    organ &= bilirubin & (facts["LVEF"] >= 50) & (facts["SPO2"] > 92)
    clear = np.all([facts[name] == "N" for name in assumed("eligibility")["findings"]], axis=0)
    age = trial.cohort["AGE"].to_numpy()
    return {
        "CRFAGE": (age >= 1) & (age < 18),
        "CRFECOG": trial.cohort["ECOG"].astype(int).to_numpy() <= 3,
        "CRFORGAN": organ & clear & (facts["INFECT"] == "N") & (facts["RESTOXGR"] <= 1),
        "CRFLIFE": facts["LIFEXP"] >= 3,
        "CRFGD2": facts["GD2EXPR"] == "POSITIVE",
    }


def _fact(trial: Trial, rows: np.ndarray, name: str, value: np.ndarray) -> pd.DataFrame:
    if value.dtype == object:
        return block(trial, rows, SCTESTCD=name, SCSTRESC=value)
    text = np.array([f"{number:g}" for number in value], object)
    return block(trial, rows, SCTESTCD=name, SCSTRESC=text, SCSTRESN=value)


def _kinase(trial: Trial) -> list[pd.DataFrame]:
    """Return T315I and whether an effective kinase inhibitor is there, of Ph+ leukaemia."""
    if "PHSTAT" not in trial.cohort:
        return []
    rows = np.arange(len(trial.cohort))
    draw = stream(trial.seed, trial.batch, "T315I").random(len(rows))
    ph = (trial.cohort["PHSTAT"] == "POSITIVE").to_numpy()
    mutated = np.where(ph, np.where(draw < T315I, "POSITIVE", "NEGATIVE"), "NOT APPLICABLE")
    left = stream(trial.seed, trial.batch, "kinase").random(len(rows)) < TKI_AVAILABLE
    return [
        block(trial, rows, SCTESTCD="T315I", SCSTRESC=mutated),
        block(trial, rows[ph], SCTESTCD="TKIAVAIL", SCSTRESC=np.where(left[ph], "Y", "N")),
    ]
