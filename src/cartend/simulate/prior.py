"""Therapy before the trial: the line-of-therapy table, and the transplant that belongs to line 1.

It is drawn backwards in time from the consent: the progression that brings the subject into the
trial, the last dose of the last line before it, the line's first dose, the relapse before that.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cartend.simulate.assumed import assumed
from cartend.simulate.clock import stream, words
from cartend.simulate.disease import Regimen, load_agents
from cartend.simulate.frames import block, iso, shorten
from cartend.simulate.trial import Trial

CYCLE = 21  # days
COMPLETE = ("sCR", "CR", "CRi")
LAST_UNKNOWN, LATE = 0.04, 0.08  # last dose of the last line: date missing; after consent
REDUCED, INTOLERANT = 0.05, 0.04


@dataclass
class Line:
    """One line of all subjects, arrays by subject; days since day 0, NaN where it has none."""

    number: int
    regimen: np.ndarray  # place in ``choices``, -1 without this line
    choices: tuple[Regimen, ...]
    start: np.ndarray
    induction: np.ndarray  # last dose before a maintenance
    close: np.ndarray
    best: np.ndarray
    complete: np.ndarray  # day of the first complete response
    failed: np.ndarray  # day of progression or relapse
    cycles: np.ndarray


def prior_lines(trial: Trial) -> list[Line]:
    """Return the lines of every subject, the last first."""
    rng, n = stream(trial.seed, trial.batch, "prior"), len(trial.cohort)
    plan = trial.params.disease.prior
    count = words(rng, {str(k): share for k, share in plan.lines.items()}, n).astype(int)
    earlier = _has_earlier(trial, rng)
    age = trial.cohort["AGE"].to_numpy()
    count = np.minimum(count, np.maximum(age, 1)).astype(int) + earlier
    failed = trial.cohort["CONSENT"].to_numpy() - 3 - np.floor(rng.uniform(0, 22, n))
    lines = []
    for place in range(int(count.max()) - 1, -1, -1):
        line = _line(trial, rng, place, count, earlier, failed)
        failed = np.where(count > place, line.start - 5 - np.floor(rng.uniform(0, 20, n)), failed)
        lines.append(line)
    return _since_birth(trial, lines)


def _since_birth(trial: Trial, lines: list[Line]) -> list[Line]:
    """Return the lines of young children drawn together, so that none starts before birth."""
    consent = trial.cohort["CONSENT"].to_numpy()
    alive = 365.0 * trial.cohort["AGE"].to_numpy() + consent
    first = np.min([np.where(line.regimen >= 0, line.start, np.inf) for line in lines], axis=0)
    pace = np.minimum(1.0, 0.9 * alive / np.maximum(consent - first, 1.0))

    def nearer(day: np.ndarray) -> np.ndarray:
        return np.where(day < consent, np.ceil(consent - pace * (consent - day)), day)

    names = ("start", "induction", "close", "complete", "failed")
    return [
        replace(line, **{name: nearer(getattr(line, name)) for name in names}) for line in lines
    ]


def _has_earlier(trial: Trial, rng: np.random.Generator) -> np.ndarray:
    plan, n = trial.params.disease.prior.earlier, len(trial.cohort)
    draw = rng.random(n)
    if plan is None:
        return np.zeros(n, int)
    return ((trial.cohort[plan.fact] == plan.word).to_numpy() & (draw < plan.share)).astype(int)


def _line(
    trial: Trial,
    rng: np.random.Generator,
    place: int,
    count: np.ndarray,
    earlier: np.ndarray,
    failed: np.ndarray,
) -> Line:
    """Return one line that ends in the progression of day ``failed``."""
    plan, n = trial.params.disease.prior, len(count)
    choices, regimen = _regimens(trial, rng, place, earlier)
    best, silent = _best(trial, rng, place, count, n)
    transplant = _transplanted(trial, place)
    gap = np.floor(rng.uniform(plan.free.low, plan.free.high, n))
    under = silent | (rng.random(n) < plan.on_treatment)
    gap = np.where(under & ~transplant, np.floor(rng.uniform(0, 40, n)), gap)
    kept = np.array([choice.maintenance is not None for choice in choices])[regimen] & ~silent
    gap = np.where(kept, np.floor(rng.uniform(0, 50, n)), np.where(transplant, gap + 60, gap))
    low, high = np.array([choice.cycles for choice in choices])[regimen].T
    cycles = np.floor(rng.uniform(low, high + 1))
    upkeep = np.where(kept, 130 + np.floor(rng.uniform(60, 900, n)), 0.0)
    length = CYCLE * cycles + upkeep
    late = (place == count - 1) & (rng.random(n) < LATE) & (failed - 20 > -length)
    close = np.where(late, -np.floor(rng.uniform(0, 3, n)), failed - gap)
    start = close - length
    induction = close - upkeep
    reached = start + np.floor((0.4 + 0.5 * rng.random(n)) * (induction - start))
    reached = np.minimum(reached, failed - 7)  # a late last dose comes after the progression
    has = count > place
    complete = np.where(np.isin(best, COMPLETE) & has, reached, np.nan)
    return Line(place + 1, np.where(has, regimen, -1), choices, start, induction, close, best,
                complete, failed, cycles)  # fmt: skip


def _regimens(
    trial: Trial, rng: np.random.Generator, place: int, earlier: np.ndarray
) -> tuple[tuple[Regimen, ...], np.ndarray]:
    """Return the regimens of a line, those after an earlier line shifted, and who has which."""
    plan = trial.params.disease.prior
    found, offset = [], []
    for shift in (0, 1):
        step = place - shift
        if step < 0:
            options: tuple[Regimen, ...] = (plan.earlier.regimen,) if plan.earlier else ()
        else:
            options = plan.steps[min(step, len(plan.steps) - 1)]
        offset.append(len(found))
        found += options
    drawn = []
    for first, options in ((offset[0], found[: offset[1]]), (offset[1], found[offset[1] :])):
        weights = {str(first + j): option.share for j, option in enumerate(options)}
        drawn.append(words(rng, weights or {"0": 1.0}, len(earlier)).astype(int))
    return tuple(found), np.where(earlier == 1, drawn[1], drawn[0])


def _best(
    trial: Trial, rng: np.random.Generator, place: int, count: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return best responses, and who did not respond; the fact REFRACT decides line 1 and last."""
    plan = trial.params.disease.prior
    best, worst = words(rng, plan.response, n), words(rng, plan.failed, n)
    silent = np.isin(best, list(plan.failed))
    if "REFRACT" in trial.cohort:
        fact = trial.cohort["REFRACT"].to_numpy(object)
        never = fact == "PRIMARY REFRACTORY"
        silent = np.where(never, True, silent & (place > 0))
        last = place == count - 1
        silent = np.where(last & (fact == "REFRACTORY TO LAST LINE"), True, silent)
        silent = np.where(last & np.isin(fact, ("RELAPSED", "EARLY RELAPSE")), False, silent)
    good = next(iter(plan.response))
    best = np.where(silent, worst, np.where(np.isin(best, list(plan.failed)), good, best))
    return best, silent


def _transplanted(trial: Trial, place: int) -> np.ndarray:
    if place > 0 or "PRIHSCT" not in trial.cohort:
        return np.zeros(len(trial.cohort), bool)
    return (trial.cohort["PRIHSCT"] == "Y").to_numpy()


def prior_transplants(trial: Trial, lines: list[Line]) -> tuple[np.ndarray, np.ndarray]:
    """Return who had a transplant in line 1, and its day: some weeks after the induction."""
    had = np.flatnonzero(_transplanted(trial, 0))
    return had, lines[-1].induction[had] + 20 + had % 26


def prior_medications(trial: Trial) -> list[pd.DataFrame]:
    """Return CM rows of the lines, one an agent; a third of the first doses are dated vaguely."""
    rng, n = stream(trial.seed, trial.batch, "prior dates"), len(trial.cohort)
    lines = prior_lines(trial)
    frames = []
    for line in lines:
        vague = words(rng, assumed("partial_dates")["first_dose"], n)
        recent = assumed("partial_dates")["response_or_relapse"]
        known = {name: words(rng, recent, n) for name in ("close", "complete", "failed")}
        missing = (rng.random(n) < LAST_UNKNOWN) & (_is_last(line, lines))
        for place, regimen in enumerate(line.choices):
            rows = np.flatnonzero(line.regimen == place)
            common = _common(trial, line, rows, regimen, known)
            for agent in regimen.agents:
                frames.append(_agent(trial, rng, rows, agent, common, line.start, line.induction,
                                     vague, known["close"], missing))  # fmt: skip
            kept = rows[(line.close > line.induction)[rows]]
            if regimen.maintenance and len(kept):
                common = _common(trial, line, kept, regimen, known)
                frames.append(_agent(trial, rng, kept, regimen.maintenance, common,
                                     line.induction + 90, line.close, vague, known["close"],
                                     missing))  # fmt: skip
        frames += _added(trial, rng, line, vague, known, missing)
    return frames


def _is_last(line: Line, lines: list[Line]) -> np.ndarray:
    later = [other for other in lines if other.number == line.number + 1]
    return (line.regimen >= 0) & (later[0].regimen < 0 if later else True)


def _common(
    trial: Trial, line: Line, rows: np.ndarray, regimen: Regimen, known: dict[str, np.ndarray]
) -> dict[str, object]:
    """Return what every agent of a line shares."""
    complete = np.full(len(rows), None, object)
    done = np.isfinite(line.complete[rows])
    day = iso(trial, rows[done], line.complete[rows][done])
    complete[done] = shorten(day, known["complete"][rows][done])
    failed = shorten(iso(trial, rows, line.failed[rows]), known["failed"][rows])
    return {
        "LINE": str(line.number),
        "REGIMEN": regimen.name,
        "CYCLES": line.cycles[rows].astype(int).astype(str),
        "BESTRESP": line.best[rows],
        "CRDTC": complete,
        "PDDTC": failed,
    }


def _agent(
    trial: Trial,
    rng: np.random.Generator,
    rows: np.ndarray,
    name: str,
    common: dict[str, object],
    start: np.ndarray,
    close: np.ndarray,
    vague: np.ndarray,
    known: np.ndarray,
    missing: np.ndarray,
) -> pd.DataFrame:
    """Return the CM rows of one agent of one line."""
    agent, n = load_agents()[name], len(rows)
    last = shorten(iso(trial, rows, close[rows]), np.where(vague[rows] == "Y", "Y", known[rows]))
    half = None if agent.half_life is None else f"{agent.half_life:g}"
    return block(trial, rows, CMTRT=name, CMDECOD=name, CMCLAS=agent.cmclas,
                 CMCAT="PRIOR ANTI-CANCER THERAPY",
                 CMSTDTC=shorten(iso(trial, rows, start[rows]), vague[rows]),
                 CMENDTC=np.where(missing[rows], None, last), TARGET=agent.target, **common,
                 INTOLER=np.where(rng.random(n) < INTOLERANT, "Y", "N"),
                 FULLDOSE=np.where(rng.random(n) < REDUCED, "N", "Y"), HALFLIFE=half)  # fmt: skip


def _added(
    trial: Trial,
    rng: np.random.Generator,
    line: Line,
    vague: np.ndarray,
    known: dict[str, np.ndarray],
    missing: np.ndarray,
) -> list[pd.DataFrame]:
    """Return the agents that a baseline fact adds to a line (tyrosine kinase inhibitors)."""
    added = trial.params.disease.prior.added
    if added is None or line.number > len(added.agents):
        return []
    options = added.agents[line.number - 1]
    drawn = words(rng, dict.fromkeys(options, 1.0), len(vague))
    member = (trial.cohort[added.fact] == added.word).to_numpy() & (line.regimen >= 0)
    frames = []
    for name in options:
        for place, regimen in enumerate(line.choices):
            rows = np.flatnonzero(member & (drawn == name) & (line.regimen == place))
            common = _common(trial, line, rows, regimen, known)
            frames.append(_agent(trial, rng, rows, name, common, line.start, line.close, vague,
                                 known["close"], missing))  # fmt: skip
    return frames
