"""What truly happens to each subject before anybody looks: the latent multi-state process.

States: screened, waiting for treatment, treated, in response (which category), progressed, dead
without progression. Times are whole days since day 0, ``inf`` for never. What follows from what
the investigator sees (new therapy, crossover, death after progression) is in ``care``.
"""

import numpy as np
import pandas as pd

from cartend.simulate.clock import NEVER, choose, log_normal, stream, words
from cartend.simulate.parameters import ArmProcess, Parameters, Preparation

CONDITIONING = 5  # days from the first lymphodepletion to the infusion


@np.errstate(invalid="ignore")
def draw_process(params: Parameters, cohort: pd.DataFrame, batch: int, seed: int) -> pd.DataFrame:
    """Return the latent history of every subject, one row each, in the order of ``cohort``.

    1. waiting for treatment, with what prevents the infusion; 2. response category and when it is
    reached, with later conversions; 3. HSCT in remission; 4. progression or relapse, whose hazard
    depends on the category, the transplant and the subject's risk; 5. death without progression.
    """
    parts = []
    for arm, process in params.arms.items():
        members = cohort[cohort["ARM"] == arm]
        rng = stream(seed, batch, f"process {arm}")
        latent = _wait(rng, process, members)
        _respond(rng, params, process, members, latent)
        _progress(rng, params, process, members, latent)
        _die_without_progression(rng, params, process, members, latent)
        parts.append(latent)
    return pd.concat(parts).sort_index()


def _wait(rng: np.random.Generator, process: ArmProcess, cohort: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of latent times, filled up to the start of treatment."""
    n = len(cohort)
    latent = pd.DataFrame(index=cohort.index)
    for name in ("leuk", "ready", "stop", "early_pd", "early_death", "br_start", "br_end"):
        latent[name] = NEVER
    latent["notinf"] = pd.Series(None, index=latent.index, dtype=object)
    latent["bridge"] = "NOT APPLICABLE"
    latent["conform"] = True
    if process.preparation is None:
        latent["treat"] = np.floor(rng.uniform(process.start.low, process.start.high, n))
        latent["inf"] = NEVER
        return latent
    _prepare(rng, process.preparation, cohort, latent)
    latent["inf"] = np.where(np.isinf(latent["stop"]), latent["ready"], NEVER)
    latent["treat"] = latent["inf"]
    return latent


def _prepare(
    rng: np.random.Generator, prep: Preparation, cohort: pd.DataFrame, latent: pd.DataFrame
) -> None:
    """Leukapheresis, manufacturing, and the first of the reasons that prevent the infusion."""
    n, hazard = len(cohort), np.exp(cohort["RISK"].to_numpy())
    leuk = 1 + np.floor(log_normal(rng, prep.leukapheresis.median, prep.leukapheresis.sd, n))
    wait = np.floor(log_normal(rng, prep.manufacturing.median, prep.manufacturing.sd, n))
    ready = leuk + np.maximum(wait, 15)
    never = rng.random(n) < prep.never_leukapheresed
    progression = 1 + np.floor(rng.exponential(1 / prep.progression, n) / hazard)
    progression = np.where(progression < ready - 1, progression, NEVER)
    still = rng.random(n) < prep.progressed_still_infused
    during = leuk + np.floor((ready - leuk) * rng.uniform(0.45, 0.9, (3, n)))
    shares = {
        "MANUFACTURING FAILURE": prep.manufacturing_failure,
        "ADVERSE EVENT": prep.adverse_event,
        "WITHDRAWAL BY SUBJECT": prep.withdrawn,
    }
    reasons = {
        "DEATH": 1 + np.floor(rng.exponential(1 / prep.death, n) / hazard),
        "PROGRESSIVE DISEASE": np.where(still, NEVER, progression + 2),
        "PHYSICIAN DECISION": np.where(never, leuk, NEVER),
    }
    for (name, share), day in zip(shares.items(), during, strict=True):
        reasons[name] = np.where(rng.random(n) < share, day, NEVER)
    times = np.column_stack(list(reasons.values()))
    first = times.argmin(axis=1)
    stop = times.min(axis=1)
    stopped = stop < ready - CONDITIONING
    latent["stop"] = np.where(stopped, stop, NEVER)
    latent["notinf"] = np.where(stopped, np.array(list(reasons), object)[first], None)
    latent["leuk"] = np.where(leuk < latent["stop"], leuk, NEVER)
    latent["ready"] = ready
    latent["early_pd"] = np.where(progression <= latent["stop"], progression, NEVER)
    latent["early_death"] = np.where(latent["notinf"] == "DEATH", stop, NEVER)
    latent["conform"] = rng.random(n) >= prep.non_conforming
    _bridge(rng, prep, cohort, latent)


def _bridge(
    rng: np.random.Generator, prep: Preparation, cohort: pd.DataFrame, latent: pd.DataFrame
) -> None:
    """Bridging between leukapheresis and lymphodepletion, more often where burden is high."""
    n = len(cohort)
    weights = np.tile(np.array(list(prep.bridging.values())), (n, 1))
    weights[:, 0] *= np.exp(-prep.bridging_by_burden * cohort["burden"].to_numpy())
    kind = np.array(list(prep.bridging), object)[choose(rng, weights, n)]
    start = latent["leuk"] + 1 + np.floor(rng.uniform(0, 6, n))
    length = np.floor(rng.uniform(1, 16, n))
    close = np.minimum(latent["ready"] - CONDITIONING - 2, latent["stop"] - 1)
    given = (kind != "NONE") & (start < close)
    latent["bridge"] = np.where(given, kind, "NONE")
    latent["br_start"] = np.where(given, start, NEVER)
    latent["br_end"] = np.where(given, np.minimum(start + length, close), NEVER)


def _respond(
    rng: np.random.Generator,
    params: Parameters,
    process: ArmProcess,
    cohort: pd.DataFrame,
    latent: pd.DataFrame,
) -> None:
    """Draw first category (worse with risk, proportional odds), its day, and a later conversion."""
    n = len(cohort)
    treated = np.isfinite(latent["treat"].to_numpy())
    uniform = rng.random(n)
    odds = uniform / (1 - uniform) * np.exp(process.burden_on_response * cohort["RISK"].to_numpy())
    edges = np.cumsum(list(process.response.values()))[:-1]
    first = (odds / (1 + odds))[:, None] >= edges
    code = np.where(treated, first.sum(axis=1), params.progressed - 1)
    after = process.response_after
    latent["c1"], latent["c2"] = code, code
    latent["t1"] = latent["treat"] + np.floor(rng.uniform(after.low, after.high, n))
    latent["t2"] = NEVER
    draw, place = rng.random(n), rng.random(n)
    for name, later in process.conversion.items():
        turned = treated & (code == params.states.index(name)) & (draw < later.share)
        day = np.floor(later.after.low + place * (later.after.high - later.after.low))
        latent["c2"] = np.where(turned, params.states.index(later.to), latent["c2"])
        latent["t2"] = np.where(turned, latent["treat"] + day, latent["t2"])


def _progress(
    rng: np.random.Generator,
    params: Parameters,
    process: ArmProcess,
    cohort: pd.DataFrame,
    latent: pd.DataFrame,
) -> None:
    """Draw progression by inverting the cumulative hazard, and the HSCT that changes its course."""
    n = len(cohort)
    budget = rng.exponential(1.0, n) / np.exp(cohort["RISK"].to_numpy())
    willing, place = rng.random(n), rng.random(n)
    prog = np.full(n, NEVER)
    hsct = np.full(n, NEVER)
    turn = (latent["t2"] - latent["treat"]).to_numpy(na_value=NEVER)
    turn = np.where(np.isnan(turn), NEVER, turn)
    treated = np.isfinite(latent["treat"].to_numpy())
    remission = [params.states.index(name) for name in params.remission]
    for name, hazard in process.progression.items():
        if name == "NONE":
            continue
        first = params.states.index(name)
        rows = treated & (latent["c1"].to_numpy() == first)
        turned = process.conversion.get(name)
        later = process.progression[turned.to] if turned else hazard
        path = _Path(hazard, later, turn[rows])
        spend = budget[rows]
        if process.transplant is not None:
            plan = process.transplant
            day = np.floor(plan.after.low + place[rows] * (plan.after.high - plan.after.low))
            code = np.where(turn[rows] <= day, latent["c2"].to_numpy()[rows], first)
            done = np.isin(code, remission) & (willing[rows] < plan.share)
            used = path.cumulative(day)
            done &= used < spend
            hsct[rows] = np.where(done, day, NEVER)
            spend = np.where(done, used + (spend - used) / plan.relapse_factor, spend)
        prog[rows] = path.inverse(spend)
    start = np.where(treated, latent["t1"] - latent["treat"], 0.0)
    prog = np.where(treated & (latent["c1"] == params.progressed), 0.0, prog)
    prog = latent["treat"].to_numpy() + np.maximum(np.ceil(prog), start)
    unseen = process.progression["NONE"].inverse(budget)
    untreated = np.minimum(latent["early_pd"], latent["stop"] + 1 + np.floor(unseen))
    latent["prog"] = np.where(treated, prog, untreated)
    latent["hsct"] = latent["treat"].to_numpy() + hsct
    latent["hsct"] = np.where(latent["hsct"] < latent["prog"], latent["hsct"], NEVER)
    latent["t2"] = np.where(latent["t2"] < latent["prog"], latent["t2"], NEVER)
    _reinfuse(rng, process, remission, latent)


class _Path:
    """Cumulative hazard that follows one category to a turning day and another after it."""

    def __init__(self, before, after, turn: np.ndarray) -> None:
        self.before, self.after, self.turn = before, after, turn
        finite = np.where(np.isinf(turn), 0.0, turn)
        self.spent = np.where(np.isinf(turn), np.inf, before.cumulative(finite))
        self.offset = self.spent - np.where(np.isinf(turn), 0.0, after.cumulative(finite))

    def cumulative(self, time: np.ndarray) -> np.ndarray:
        """Return the hazard spent by ``time``."""
        later = self.offset + self.after.cumulative(time)
        return np.where(time < self.turn, self.before.cumulative(time), later)

    def inverse(self, total: np.ndarray) -> np.ndarray:
        """Return the day at which ``total`` is spent."""
        later = self.after.inverse(np.where(np.isinf(self.offset), 1.0, total - self.offset))
        return np.where(total < self.spent, self.before.inverse(total), later)


def _reinfuse(
    rng: np.random.Generator, process: ArmProcess, remission: list[int], latent: pd.DataFrame
) -> None:
    """Second infusion in remission after early loss of CAR-T cells, in a few."""
    n = len(latent)
    day = latent["treat"] + np.floor(rng.uniform(75, 210, n))
    code = np.where(latent["t2"] <= day, latent["c2"], latent["c1"])
    given = (rng.random(n) < process.reinfusion) & np.isin(code, remission)
    given &= (day < latent["prog"]) & np.isinf(latent["hsct"])
    latent["reinf"] = np.where(given, day, NEVER)


def _die_without_progression(
    rng: np.random.Generator,
    params: Parameters,
    process: ArmProcess,
    cohort: pd.DataFrame,
    latent: pd.DataFrame,
) -> None:
    """Draw death without progression and its cause, second malignancy, death of the transplant."""
    n = len(cohort)
    older = np.exp(0.4 * (cohort["AGE"].to_numpy() >= 65))
    waited = process.death_without_progression.inverse(rng.exponential(1.0, n) / older)
    toxic = latent["treat"].to_numpy() + 1 + np.floor(waited)
    transplant = np.full(n, NEVER)
    if process.transplant is not None:
        after = process.transplant.death.inverse(rng.exponential(1.0, n) / older)
        transplant = latent["hsct"].to_numpy() + 1 + np.floor(after)
    spm = 30 + np.floor(rng.exponential(1 / params.second_malignancy, n))
    spm = latent["treat"].to_numpy() + spm
    fatal = np.where(rng.random(n) < 0.35, spm + 20 + np.floor(rng.exponential(300, n)), NEVER)
    times = np.column_stack([latent["early_death"], toxic, transplant, fatal])
    kind = times.argmin(axis=1)
    control = process.preparation is None
    early = words(rng, params.causes["control" if control else "early"], n)
    late = words(rng, params.causes["control" if control else "late"], n)
    causes = np.column_stack(
        [
            words(rng, params.causes["progressed"], n),
            np.where(toxic - latent["treat"] <= 30, early, late),
            words(rng, params.causes["transplant"], n),
            np.full(n, "SECOND MALIGNANCY", object),
        ]
    )
    latent["nrm"] = times.min(axis=1)
    latent["nrm_cause"] = causes[np.arange(n), kind]
    latent["spm"] = spm
    for name in ("hsct", "reinf"):
        latent[name] = np.where(latent[name] < latent["nrm"], latent[name], NEVER)
