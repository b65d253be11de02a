"""EX, PR and CM: the product, the transplant, bridging, what came before and what came after."""

import numpy as np
import pandas as pd

from cartend.simulate.clock import stream, words
from cartend.simulate.disease import Dose, load_agents
from cartend.simulate.frames import block, iso, number, shorten
from cartend.simulate.prior import prior_lines, prior_medications, prior_transplants
from cartend.simulate.process import CONDITIONING
from cartend.simulate.trial import Trial

LAST_DOSE_MISSING = 0.04


def later_therapy(trial: Trial) -> pd.DataFrame:
    """Return what each subject's new therapy is: agent, class, target, and where it is recorded."""
    disease, n = trial.params.disease, len(trial.cohort)
    rng = stream(trial.seed, trial.batch, "later therapy")
    name = words(rng, disease.later, n)
    cellular = trial.latent["nat_cellular"].to_numpy(bool)
    control = (trial.latent["bridge"] == "NOT APPLICABLE").to_numpy()
    protocol = cellular & control & (rng.random(n) < 0.65)
    frame = pd.DataFrame({"name": np.where(cellular, disease.cellular, name)})
    frame["cmclas"] = frame["name"].map({name: a.cmclas for name, a in load_agents().items()})
    frame["target"] = frame["name"].map({name: a.target for name, a in load_agents().items()})
    frame["where"] = np.select(
        [protocol, frame["name"] == "RADIOTHERAPY"], ["EX", "PR"], default="CM"
    )
    frame["vague"] = rng.random(n) < 0.05
    return frame


def exposure(trial: Trial, later: pd.DataFrame) -> pd.DataFrame:
    """Return EX with CONFORM: infusions, lymphodepletion, control treatment, crossover."""
    latent, rng = trial.latent, stream(trial.seed, trial.batch, "exposure")
    n, disease = len(latent), trial.params.disease
    dose = np.round(rng.uniform(disease.dose.low, disease.dose.high, n), 1)
    dose, level = _dose_levels(disease.dose, dose)
    hours, minutes = rng.integers(8, 17, n), rng.integers(0, 60, n)
    clock = np.array([f"T{h:02d}:{m:02d}" for h, m in zip(hours, minutes, strict=True)], object)
    frames = []
    given = {name: trial.happens(name) for name in ("inf", "reinf")}
    given["nat"] = trial.happens("nat") & (later["where"] == "EX").to_numpy()
    for name, shown in given.items():
        rows = np.flatnonzero(shown)
        date = iso(trial, rows, latent[name].to_numpy()[rows])
        good = latent["conform"].to_numpy(bool)[rows] | (name != "inf")
        conform = np.where(good, "Y", "N")
        frames.append(
            block(trial, rows, EXTRT=disease.product, EXCAT="CAR-T INFUSION", EXDOSE=dose[rows],
                  EXDOSU=disease.dose.unit,
                  EXSTDTC=date + clock[rows], EXENDTC=date, CONFORM=conform,
                  DOSELVL=level[rows])
        )  # fmt: skip
        if name != "reinf":
            frames += _lymphodepletion(trial, rows, latent[name].to_numpy()[rows])
    frames += _control(trial, rng)
    return number(frames, "EXSEQ", ["EXSTDTC", "EXTRT"])


def _dose_levels(dose: Dose, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return doses and their levels: the first six subjects of each lower level, then the last."""
    level = np.full(len(given), dose.level, object)
    for place, (name, value) in enumerate(dose.lower.items()):
        early = slice(6 * place, 6 * place + 6)
        level[early], given[early] = name, value
    return given, level


def _lymphodepletion(trial: Trial, rows: np.ndarray, day: np.ndarray) -> list[pd.DataFrame]:
    start, close = day - CONDITIONING, day - CONDITIONING + 2
    return [
        block(trial, rows, EXTRT=drug, EXCAT="LYMPHODEPLETION", EXDOSE=dose, EXDOSU="mg/m2",
              EXSTDTC=iso(trial, rows, start), EXENDTC=iso(trial, rows, close))
        for drug, dose in (("FLUDARABINE", 30.0), ("CYCLOPHOSPHAMIDE", 500.0))
    ]  # fmt: skip


def _control(trial: Trial, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Two or three cycles of platinum-based salvage, stopped by progression, death or loss."""
    latent, n = trial.latent, len(trial.latent)
    regimen = words(rng, {"R-ICE": 0.5, "R-GDP": 0.3, "R-DHAP": 0.2}, n)
    cycles = rng.integers(2, 4, n)
    control = (latent["bridge"] == "NOT APPLICABLE").to_numpy()
    limit = np.minimum(latent[["detected", "nat", "death"]].min(axis=1).to_numpy(), trial.end)
    frames = []
    for cycle in range(3):
        day = latent["treat"].to_numpy() + 21 * cycle
        rows = np.flatnonzero(control & (cycle < cycles) & (day < limit))
        frames.append(
            block(trial, rows, EXTRT=regimen[rows], EXCAT="STANDARD OF CARE",
                  EXSTDTC=iso(trial, rows, day[rows]),
                  EXENDTC=iso(trial, rows, np.minimum(day[rows] + 2, limit[rows])))
        )  # fmt: skip
    return frames


def procedures(trial: Trial, later: pd.DataFrame) -> pd.DataFrame:
    """Return PR with PLANNED: transplants of all times, leukapheresis, radiotherapy."""
    had, day = prior_transplants(trial, prior_lines(trial))
    date = iso(trial, had, day)
    before = block(trial, had, PRTRT=trial.params.disease.prior_transplant, PRCAT="HSCT",
                   PRSTDTC=date, PRENDTC=date, PLANNED="Y", LINE="1")  # fmt: skip
    return number([before, *_later_procedures(trial, later)], "PRSEQ", ["PRSTDTC", "PRTRT"])


def later_procedures(trial: Trial, later: pd.DataFrame) -> pd.DataFrame:
    """Return PR without what came before the trial."""
    return number(_later_procedures(trial, later), "PRSEQ", ["PRSTDTC", "PRTRT"])


def _later_procedures(trial: Trial, later: pd.DataFrame) -> list[pd.DataFrame]:
    latent, frames = trial.latent, []
    last = np.minimum(trial.end, latent["death"].to_numpy())

    def add(shown: np.ndarray, day: np.ndarray, **columns: object) -> None:
        rows = np.flatnonzero(shown)
        fixed = {name: value[rows] if isinstance(value, np.ndarray) else value
                 for name, value in columns.items()}  # fmt: skip
        end = fixed.pop("end", 0)
        start = day[rows]
        frames.append(
            block(trial, rows, **fixed, PRSTDTC=iso(trial, rows, start),
                  PRENDTC=iso(trial, rows, np.minimum(start + end, last[rows])))
        )  # fmt: skip

    add(
        trial.happens("leuk"),
        latent["leuk"].to_numpy(),
        PRTRT="LEUKAPHERESIS",
        PRCAT="LEUKAPHERESIS",
    )
    crossed = trial.happens("nat") & (later["where"] == "EX").to_numpy()
    add(crossed, latent["nat"].to_numpy() - 19, PRTRT="LEUKAPHERESIS", PRCAT="LEUKAPHERESIS")
    plan = next((p.transplant for p in trial.params.arms.values() if p.transplant), None)
    if plan:
        add(trial.happens("hsct"), latent["hsct"].to_numpy(), PRTRT=plan.name, PRCAT="HSCT",
            PLANNED=plan.planned)  # fmt: skip
    ray = trial.happens("br_start") & (latent["bridge"] == "RADIO").to_numpy()
    length = np.where(ray, latent["br_end"] - latent["br_start"], 0.0)
    add(
        ray,
        latent["br_start"].to_numpy(),
        PRTRT="RADIOTHERAPY",
        PRCAT="BRIDGING RADIOTHERAPY",
        end=length,
    )
    ray = trial.happens("nat") & (later["where"] == "PR").to_numpy()
    add(ray, latent["nat"].to_numpy(), PRTRT="RADIOTHERAPY", PRCAT="SUBSEQUENT RADIOTHERAPY",
        NATREAS=latent["nat_reason"].to_numpy(object), end=14)  # fmt: skip
    return frames


def medications(trial: Trial, later: pd.DataFrame) -> pd.DataFrame:
    """Return CM with its supplemental columns: prior lines, bridging, subsequent therapy."""
    frames = prior_medications(trial) + _bridging(trial) + _subsequent(trial, later)
    return number(frames, "CMSEQ", ["CMSTDTC", "CMCAT", "CMTRT"])


def later_medications(trial: Trial, later: pd.DataFrame) -> pd.DataFrame:
    """Return CM without the prior lines."""
    frames = _bridging(trial) + _subsequent(trial, later)
    return number(frames, "CMSEQ", ["CMSTDTC", "CMCAT", "CMTRT"])


def _bridging(trial: Trial) -> list[pd.DataFrame]:
    latent, frames = trial.latent, []
    rng = stream(trial.seed, trial.batch, "last dose of bridging")
    unknown = rng.random(len(latent)) < LAST_DOSE_MISSING
    for kind, bridging in trial.params.disease.bridging.items():
        rows = np.flatnonzero((latent["bridge"] == kind).to_numpy() & trial.happens("br_start"))
        start = latent["br_start"].to_numpy()[rows]
        close = np.minimum(latent["br_end"].to_numpy()[rows], trial.end[rows])
        for name in bridging.agents:
            agent = load_agents()[name]
            steroid = agent.cmclas == "CORTICOSTEROID"
            frames.append(
                block(trial, rows, CMTRT=name, CMDECOD=name, CMCLAS=agent.cmclas,
                      CMCAT="BRIDGING THERAPY", CMSTDTC=iso(trial, rows, start),
                      CMENDTC=np.where(unknown[rows], None, iso(trial, rows, close)),
                      HALFLIFE=f"{agent.half_life:g}", TARGET=agent.target,
                      INTENS=None if steroid else bridging.intensive)
            )  # fmt: skip
    return frames


def _subsequent(trial: Trial, later: pd.DataFrame) -> list[pd.DataFrame]:
    """Return new therapy given as medication, some with the month only, and HSCT conditioning."""
    latent = trial.latent
    rows = np.flatnonzero(trial.happens("nat") & (later["where"] == "CM").to_numpy())
    day = latent["nat"].to_numpy()[rows]
    picked = later.iloc[rows]
    reason = latent["nat_reason"].to_numpy(object)[rows]
    start = shorten(iso(trial, rows, day), np.where(picked["vague"], "M", "D"))
    close = np.minimum(day + 28, np.minimum(trial.end, latent["death"].to_numpy())[rows])
    frames = [
        block(trial, rows, CMTRT=picked["name"].to_numpy(), CMDECOD=picked["name"].to_numpy(),
              CMCLAS=picked["cmclas"].to_numpy(), CMCAT="SUBSEQUENT ANTI-CANCER THERAPY",
              CMSTDTC=start, CMENDTC=np.where(picked["vague"], None, iso(trial, rows, close)),
              TARGET=picked["target"].to_numpy(), NATREAS=reason)
    ]  # fmt: skip
    name = trial.params.disease.conditioning
    rows = np.flatnonzero(trial.happens("hsct"))
    rows = rows[rows % 2 == 0]
    day = latent["hsct"].to_numpy()[rows]
    frames.append(
        block(trial, rows, CMTRT=name, CMDECOD=name, CMCLAS="ALKYLATOR",
              CMCAT="SUBSEQUENT ANTI-CANCER THERAPY", CMSTDTC=iso(trial, rows, day - 6),
              CMENDTC=iso(trial, rows, day - 1), NATREAS="PLANNED")
    )  # fmt: skip
    return frames
