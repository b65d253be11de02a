"""DM, DS, DD, SS, SC and TS: who the subjects are, how they leave, how and of what they die."""

import numpy as np
import pandas as pd

from cartend.contract.datasets.subject import DEMOGRAPHICS
from cartend.simulate.clock import stream
from cartend.simulate.eligibility import eligibility
from cartend.simulate.frames import block, iso, number, shorten
from cartend.simulate.trial import Trial


def death_dates(trial: Trial, rows: np.ndarray) -> np.ndarray:
    """Return the death date as the trial knows it, partial for some."""
    day = trial.latent["death"].to_numpy()[rows]
    return shorten(iso(trial, rows, day), trial.latent["death_text"].to_numpy(object)[rows])


def demographics(trial: Trial) -> pd.DataFrame:
    """Return DM, one row a subject; a control subject's actual arm is the control."""
    cohort, latent, n = trial.cohort, trial.latent, len(trial.cohort)
    rows = np.arange(n)
    label = cohort["ARM"].map({code: arm.label for code, arm in trial.study.arms.items()})
    control = (latent["bridge"] == "NOT APPLICABLE").to_numpy()
    first = np.where(control, latent["treat"], latent["inf"])
    treated = np.where(first <= np.minimum(trial.end, latent["death"]), first, np.nan)
    given = ~np.isnan(treated)
    dead = np.flatnonzero(np.isfinite(trial.dead))
    frame = block(trial, rows, STUDYID=trial.params.study.upper())
    for name in [name for name in DEMOGRAPHICS if name in cohort and name != "ARM"]:
        frame[name] = cohort[name].to_numpy()
    frame["AGE"] = frame["AGE"].astype(int)
    frame["ARMCD"], frame["ARM"] = cohort["ARM"].to_numpy(), label.to_numpy()
    frame["ACTARMCD"] = np.where(given, cohort["ARM"], None)
    frame["ACTARM"] = np.where(given, label, None)
    frame["RFICDTC"] = iso(trial, rows, cohort["CONSENT"].to_numpy())
    frame["RFXSTDTC"] = None
    frame.loc[given, "RFXSTDTC"] = iso(trial, rows[given], treated[given])
    frame["DTHDTC"], frame["DTHFL"] = None, None
    frame.loc[dead, "DTHDTC"] = death_dates(trial, dead)
    frame.loc[dead, "DTHFL"] = "Y"
    return frame


def disposition(trial: Trial) -> pd.DataFrame:
    """Return DS: consent, day 0, end of treatment where nobody was infused, end of study."""
    latent, n = trial.latent, len(trial.cohort)
    rows = np.arange(n)
    first = "RANDOMIZED" if trial.study.design == "randomised" else "ENROLLED"
    milestone = {"DSCAT": "PROTOCOL MILESTONE"}
    frames = [
        block(trial, rows, DSDECOD="INFORMED CONSENT OBTAINED", **milestone,
              DSSTDTC=iso(trial, rows, trial.cohort["CONSENT"].to_numpy())),
        block(trial, rows, DSDECOD=first, **milestone, DSSTDTC=iso(trial, rows, np.zeros(n))),
    ]  # fmt: skip
    leave = {"DSCAT": "DISPOSITION EVENT"}
    reason = latent["notinf"].to_numpy(object)
    elsewhere = latent["notinf"].isna() | latent["notinf"].eq("DEATH")
    elsewhere |= latent["notinf"].eq("WITHDRAWAL BY SUBJECT")
    rows = np.flatnonzero(~elsewhere & trial.happens("stop"))
    frames.append(
        block(trial, rows, DSDECOD=reason[rows], **leave, DSSCAT="TREATMENT",
              DSSTDTC=iso(trial, rows, latent["stop"].to_numpy()[rows]))
    )  # fmt: skip
    rows = np.flatnonzero(np.isfinite(trial.dead))
    frames.append(
        block(trial, rows, DSDECOD="DEATH", **leave, DSSCAT="STUDY PARTICIPATION",
              DSSTDTC=death_dates(trial, rows))
    )  # fmt: skip
    lost, kind = latent["lost"].to_numpy(), latent["lost_kind"].to_numpy(object)
    gone = (lost <= trial.snapshot) & (lost < latent["death"])
    rows = np.flatnonzero(gone)
    date = iso(trial, rows, lost[rows])
    word = np.where(kind[rows] == "NO VITAL STATUS", "WITHDRAWAL BY SUBJECT", kind[rows])
    frames.append(
        block(trial, rows, DSDECOD=word, **leave, DSSCAT="STUDY PARTICIPATION", DSSTDTC=date)
    )
    deaf = kind[rows] == "NO VITAL STATUS"
    frames.append(
        block(trial, rows[deaf], DSDECOD="WITHDRAWAL BY SUBJECT", **leave,
              DSSCAT="VITAL STATUS FOLLOW-UP", DSSTDTC=date[deaf])
    )  # fmt: skip
    return number(frames, "DSSEQ", ["DSSTDTC", "DSCAT"])


def deaths(trial: Trial) -> pd.DataFrame:
    """Return DD: the primary cause of every known death."""
    rows = np.flatnonzero(np.isfinite(trial.dead))
    cause = trial.latent["cause"].to_numpy(object)[rows]
    frame = block(trial, rows, DDTESTCD="PRCDTH", DDORRES=cause, DDSTRESC=cause,
                  DDDTC=death_dates(trial, rows))  # fmt: skip
    return number([frame], "DDSEQ", ["DDDTC"])


def survival(trial: Trial) -> pd.DataFrame:
    """Return SS: yearly contacts and the last one before death, loss or the snapshot."""
    rng, latent = stream(trial.seed, trial.batch, "contacts"), trial.latent
    n = len(latent)
    end = np.minimum(trial.end, latent["death"].to_numpy() - 1)
    gone = (latent["lost"] <= trial.snapshot).to_numpy()
    last = np.where(gone, end, np.maximum(end - np.floor(rng.uniform(0, 50, n)), 0))
    days = [last, *[365.0 * year + rng.integers(0, 20, n) for year in (1, 2, 3, 4)]]
    frames = []
    for place, day in enumerate(days):
        rows = np.flatnonzero((day <= last) & (day >= 0) if place == 0 else (day < last))
        date = iso(trial, rows, day[rows])
        frames.append(block(trial, rows, SSTESTCD="SURVSTAT", SSSTRESC="ALIVE", SSDTC=date))
    rows = np.flatnonzero(np.isfinite(trial.dead))
    frames.append(
        block(trial, rows, SSTESTCD="SURVSTAT", SSSTRESC="DEAD", SSDTC=death_dates(trial, rows))
    )
    return number(frames, "SSSEQ", ["SSDTC", "SSSTRESC"])


def characteristics(trial: Trial, facts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return SC: baseline facts, stratification factors, eligibility, other facts."""
    rows = np.arange(len(trial.cohort))
    frames = [
        block(trial, rows, SCTESTCD=name, SCSTRESC=trial.cohort[name].to_numpy())
        for name in trial.params.baseline
    ]
    burden = trial.cohort["TUMBURD"].to_numpy()
    text = np.array([f"{value:g}" for value in burden], object)
    frames.append(block(trial, rows, SCTESTCD="TUMBURD", SCSTRESC=text, SCSTRESN=burden))
    return number(frames + eligibility(trial) + facts, "SCSEQ", ["SCTESTCD"])


def summary(trial: Trial) -> pd.DataFrame:
    """Return TS: title and data cut-off."""
    rows = [("TITLE", trial.study.title), ("DCUTDTC", str(trial.study.cutoff)), ("SDTIGVER", "3.4")]
    frame = pd.DataFrame(rows, columns=["TSPARMCD", "TSVAL"])
    frame.insert(0, "STUDYID", trial.params.study.upper())
    frame.insert(1, "TSSEQ", 1)
    return frame
