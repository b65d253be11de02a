"""Disease assessments: when each scan is made, and what the two evaluators read on it.

Arrays have one row a subject and one column a scan, in order of time; a scan that is never made
has day ``inf``. Readings are category codes (``Parameters.states``), -1 not evaluable.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cartend.config.study import Study
from cartend.contract.terms.assessment import EVALUATOR
from cartend.simulate.clock import NEVER, choose, stream
from cartend.simulate.parameters import Parameters

NOT_EVALUABLE = -1
SETTLE = 25  # days after a new therapy until it shows on a scan
CONFIRM = (5, 22)  # days from a progression to the sample that confirms it


@dataclass
class Scans:
    """Planned scans and the chance in their reading, drawn once and read again as history grows."""

    day: np.ndarray
    label: np.ndarray  # place in the study's schedule, -1 unscheduled
    blind: np.ndarray  # nobody can evaluate it
    central_blind: np.ndarray
    slip: dict[str, np.ndarray]  # evaluator -> -1, 0, +1 category
    overlooked: dict[str, np.ndarray]
    imagined: dict[str, np.ndarray]


def plan_scans(
    params: Parameters, study: Study, latent: pd.DataFrame, batch: int, seed: int
) -> Scans:
    """Return every scan that would be made if the subject stayed alive and in the study.

    Scheduled visits keep their order, at least five days apart; some are missed, some late. One
    unscheduled scan may follow the progression (symptoms), another comes at any time.
    """
    rng = stream(seed, batch, "scans")
    seen = params.observation
    n, visits = len(latent), study.visits.schedule
    anchor = 0.0 if study.visits.anchor == "randomisation" else latent["inf"].to_numpy()[:, None]
    nominal = np.array([visit.day for visit in visits], float)
    before = np.array([visit.before for visit in visits])
    after = np.array([visit.after for visit in visits])
    shift = np.round(rng.normal(seen.shift, seen.jitter, (n, len(visits))))
    shift = np.clip(shift, -before, after)
    late = after + np.floor(rng.uniform(1, 11, shift.shape))
    shift = np.where(rng.random(shift.shape) < seen.late, late, shift)
    day = anchor + nominal + shift
    for place in range(1, len(visits)):
        day[:, place] = np.maximum(day[:, place], day[:, place - 1] + 5)
    day = np.where(rng.random(day.shape) < seen.missed, NEVER, day)
    extra = _unscheduled(rng, params, latent)
    label = np.concatenate([np.arange(len(visits)), np.full(extra.shape[1], -1)])
    day = np.concatenate([day, extra], axis=1)
    label = np.broadcast_to(label, day.shape)
    day, label = _in_order(day, label)
    day[:, 1:] = np.where(day[:, 1:] == day[:, :-1], NEVER, day[:, 1:])
    return _with_noise(rng, params, *_in_order(day, label))


def _in_order(day: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return days and labels sorted by day within each subject."""
    order = np.argsort(day, axis=1, kind="stable")
    return np.take_along_axis(day, order, axis=1), np.take_along_axis(label, order, axis=1)


def _unscheduled(rng: np.random.Generator, params: Parameters, latent: pd.DataFrame) -> np.ndarray:
    """Return three columns: at progression, at progression before treatment, at any time."""
    seen, n = params.observation, len(latent)
    prog = latent["prog"].to_numpy() + np.floor(rng.uniform(1, 15, n))
    early = latent["early_pd"].to_numpy() + 1
    other = latent["treat"].to_numpy() + np.floor(rng.uniform(35, 600, n))
    return np.column_stack(
        [
            np.where(rng.random(n) < seen.unscheduled_at_progression, prog, NEVER),
            np.where(rng.random(n) < 0.5, early, NEVER),
            np.where(rng.random(n) < seen.unscheduled_else, other, NEVER),
        ]
    )


def _with_noise(
    rng: np.random.Generator, params: Parameters, day: np.ndarray, label: np.ndarray
) -> Scans:
    """Attach the chance in reading: each evaluator carries half of the disagreement rate."""
    seen, shape = params.observation, day.shape
    half = seen.disagreement / 2
    slip, overlooked, imagined = {}, {}, {}
    for evaluator in reversed(EVALUATOR.codes):  # the order in which chance is drawn
        moved = choose(rng, np.array([half / 2, 1 - half, half / 2]), day.size).reshape(shape) - 1
        slip[evaluator] = moved
        share = seen.progression_missed * (0.3 if evaluator == "INV" else 1.0)
        overlooked[evaluator] = rng.random(shape) < share
        imagined[evaluator] = rng.random(shape) < seen.progression_false
    blind = rng.random(shape) < seen.not_evaluable
    central_blind = rng.random(shape) < seen.central_not_evaluable
    return Scans(day, label, blind, central_blind, slip, overlooked, imagined)


def confirm_scans(
    params: Parameters, latent: pd.DataFrame, scans: Scans, batch: int, seed: int
) -> Scans:
    """Return the scans with one more for most detected progressions, some days later.

    It confirms the progression where the criteria ask for that, and comes before new therapy.
    """
    rng, n = stream(seed, batch, "confirmation"), len(latent)
    done = rng.random(n) < params.observation.confirmation
    day = latent["detected"].to_numpy() + rng.integers(*CONFIRM, n)
    done &= day < np.minimum(latent["nat"], latent["death"]).to_numpy()
    done &= ~(scans.day == day[:, None]).any(axis=1)
    extra = {"day": np.where(done, day, NEVER), "label": np.full(n, -1)}
    whole = np.column_stack([scans.day, extra["day"]])
    order = np.argsort(whole, axis=1, kind="stable")

    def longer(values: np.ndarray, last: object) -> np.ndarray:
        column = np.broadcast_to(np.asarray(last), n)[:, None]
        return np.take_along_axis(np.concatenate([values, column], axis=1), order, axis=1)

    return replace(
        scans,
        day=longer(scans.day, extra["day"]),
        label=longer(scans.label, extra["label"]),
        blind=longer(scans.blind, False),
        central_blind=longer(scans.central_blind, False),
        slip={name: longer(values, 0) for name, values in scans.slip.items()},
        overlooked={name: longer(values, False) for name, values in scans.overlooked.items()},
        imagined={name: longer(values, False) for name, values in scans.imagined.items()},
    )


def true_state(params: Parameters, latent: pd.DataFrame, day: np.ndarray) -> np.ndarray:
    """Return the category code that a perfect reader would give on each day.

    A progression before the infusion shows until the infusion, and until new therapy where there
    is none.

    New therapy for lack of efficacy, where ``latent`` has one already (columns ``turn``,
    ``turn_code``), replaces the course of the disease ``SETTLE`` days after its start.
    """
    column = {name: latent[name].to_numpy()[:, None] for name in ("c1", "c2", "t1", "t2", "prog")}
    early, treat = (latent[name].to_numpy()[:, None] for name in ("early_pd", "treat"))
    state = np.full(day.shape, params.progressed - 1)
    state = np.where((day >= early) & (day < treat), params.progressed, state)
    state = np.where((day >= column["t1"]) & np.isfinite(treat), column["c1"], state)
    state = np.where(day >= column["t2"], column["c2"], state)
    bad = np.full_like(column["c1"], params.progressed)
    if params.states[-1] == "RELAPSE":
        codes = [params.states.index(name) for name in params.remission]
        last = np.where(column["t2"] < column["prog"], column["c2"], column["c1"])
        bad = np.where(np.isin(last, codes), len(params.states) - 1, params.progressed)
    state = np.where(day >= column["prog"], bad, state)
    if "turn" in latent:
        after = day >= latent["turn"].to_numpy()[:, None] + SETTLE
        state = np.where(after, latent["turn_code"].to_numpy()[:, None], state)
    return state


def read_course(
    params: Parameters, latent: pd.DataFrame, scans: Scans, evaluator: str
) -> np.ndarray:
    """Return what one evaluator reads; once progression is read it stays until a new treatment.

    A progression that is only imagined counts here where it needs no confirmation.
    """
    state = true_state(params, latent, scans.day)
    worst = params.progressed - 1
    bad = state >= params.progressed
    slipped = np.clip(state + scans.slip[evaluator], 0, worst)
    read = np.where(bad, np.where(scans.overlooked[evaluator], worst, state), slipped)
    responding = latent["t1"].to_numpy()[:, None] <= scans.day
    made = np.isfinite(scans.day)
    if not params.observation.confirmation:
        label = _progression_code(params, state)
        read = np.where(scans.imagined[evaluator] & responding & ~bad, label, read)
    turn = latent["turn"].to_numpy()[:, None] + SETTLE if "turn" in latent else NEVER
    counted = responding & (scans.day < turn) & made
    blind = scans.blind | (scans.central_blind if evaluator == "IRC" else False)
    first = np.maximum.accumulate(np.where(counted & ~blind, read, 0), axis=1)
    read = np.where(counted & (first >= params.progressed), first, read)
    return np.where(blind, NOT_EVALUABLE, read)


def read_scans(
    params: Parameters, latent: pd.DataFrame, scans: Scans, evaluator: str
) -> np.ndarray:
    """Return what one evaluator reports.

    It is the evaluator's course and, where progression is to be confirmed, now and then one that
    the next visit does not confirm.
    """
    read = read_course(params, latent, scans, evaluator)
    if not params.observation.confirmation:
        return read
    responding = latent["t1"].to_numpy()[:, None] <= scans.day
    passing = scans.imagined[evaluator] & responding & (read >= 0)
    return np.where(passing, np.maximum(read, params.progressed), read)


def _progression_code(params: Parameters, state: np.ndarray) -> np.ndarray:
    if params.states[-1] != "RELAPSE":
        return np.full_like(state, params.progressed)
    codes = [params.states.index(name) for name in params.remission]
    return np.where(np.isin(state, codes), len(params.states) - 1, params.progressed)
