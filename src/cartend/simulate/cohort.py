"""Who enters the trial: accrual, baseline facts and the randomisation."""

import numpy as np
import pandas as pd

from cartend.simulate.assumed import assumed
from cartend.simulate.clock import stream, words
from cartend.simulate.parameters import Parameters

BLOCK = 4
LOWEST = 8.0  # per cent of tumour cells in the marrow: less is no measurable disease


def draw_cohort(params: Parameters, n: int, batch: int, seed: int) -> pd.DataFrame:
    """Return one row a subject: identity, calendar, baseline facts, risk and arm.

    ``DAY0`` is the calendar day (days since 1970) of randomisation or enrolment; ``RISK`` is the
    log hazard of progression that baseline facts and a normal frailty make together.
    """
    rng = stream(seed, batch, "cohort")
    first, last = (np.datetime64(day, "D").astype(int) for day in params.accrual)
    frame = pd.DataFrame({"DAY0": np.sort(rng.integers(first, last + 1, n))})
    frame.insert(0, "USUBJID", _identities(params.prefix, n))
    frame["SITEID"] = np.array([f"{site:03d}" for site in range(1, 13)], object)[
        rng.integers(0, 12, n)
    ]
    frame["AGE"] = _ages(params, rng, n)
    for name, share in (("SEX", "sexes"), ("RACE", "races"), ("COUNTRY", "countries")):
        frame[name] = words(rng, assumed("cohort")[share], n)
    frame["CONSENT"] = -np.floor(rng.uniform(params.screening.low, params.screening.high, n))
    for name, weights in params.baseline.items():
        frame[name] = words(rng, weights, n)
    frame["burden"] = rng.standard_normal(n) * params.burden_sd
    frame["TUMBURD"] = _burden(params, frame)
    frame["RISK"] = _risk(params, frame) + params.frailty_sd * rng.standard_normal(n)
    frame["ARM"] = _randomise(params, frame, stream(seed, batch, "arm"))
    return frame


def _identities(prefix: str, n: int) -> np.ndarray:
    width = max(4, len(str(n)))
    return np.array([f"{prefix}-{number:0{width}d}" for number in range(1, n + 1)], object)


def _ages(params: Parameters, rng: np.random.Generator, n: int) -> np.ndarray:
    age = params.age
    child = rng.random(n) < age.child_share
    mean = np.where(child, age.child[0], age.adult[0])
    sd = np.where(child, age.child[1], age.adult[1])
    return np.clip(np.floor(rng.normal(mean, sd)), age.low, age.high)


def _burden(params: Parameters, frame: pd.DataFrame) -> np.ndarray:
    """Return tumour cells in the marrow in per cent, or the size of the lesions."""
    middle = params.disease.burden
    if middle is None:
        middle = np.where(frame["BURDEN"] == "HIGH", 1.1, -1.6)
        return np.maximum(np.round(100 / (1 + np.exp(-(middle + frame["burden"]))), 1), LOWEST)
    return np.round(middle * np.exp(frame["burden"]))


def _risk(params: Parameters, frame: pd.DataFrame) -> np.ndarray:
    """Return the linear predictor of baseline facts, age and burden, with mean zero."""
    raised = {
        name: frame[name] == word
        for name, word in assumed("cohort")["raised"].items()
        if name in frame
    }
    raised |= {"elderly": frame["AGE"] >= 65, "burden": frame["burden"]}
    total = np.zeros(len(frame))
    for name, effect in params.effects.items():
        value = np.asarray(raised[name], float)
        total += effect * (value - value.mean() if len(value) else value)
    return total


def _randomise(params: Parameters, frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Permuted blocks of four within the cells of the first two baseline facts."""
    arms = np.array(list(params.arms), object)
    if len(arms) == 1:
        return np.full(len(frame), arms[0], object)
    chosen = np.empty(len(frame), object)
    cells = frame.groupby(list(params.baseline)[:2], sort=True).indices
    for cell in cells.values():
        blocks = np.tile(np.arange(BLOCK) % 2, (-(-len(cell) // BLOCK), 1))
        chosen[cell] = arms[rng.permuted(blocks, axis=1).ravel()[: len(cell)]]
    return chosen
