"""DM, DS, DD, SS, SC, TS and AE: who the subjects are, how they leave, how and of what they die."""

import numpy as np
import pandas as pd

from cartend.simulate.clock import stream, words
from cartend.simulate.frames import block, iso, number, shorten
from cartend.simulate.trial import Trial

ICANS = "Immune effector cell-associated neurotoxicity syndrome"
NEOPLASM = "Neoplasms benign, malignant and unspecified (incl cysts and polyps)"
SECOND = {"Myelodysplastic syndrome": 0.4, "Basal cell carcinoma": 0.3, "Lung adenocarcinoma": 0.2,
          "T-cell lymphoma": 0.1}  # fmt: skip
FATAL = {
    "CRS": ("Cytokine release syndrome", "Immune system disorders"),
    "ICANS/NEUROTOXICITY": (ICANS, "Nervous system disorders"),
    "HLH/MAS": ("Haemophagocytic lymphohistiocytosis", "Blood and lymphatic system disorders"),
    "TLS": ("Tumour lysis syndrome", "Metabolism and nutrition disorders"),
    "INFECTION": ("Sepsis", "Infections and infestations"),
    "HAEMORRHAGE": ("Cerebral haemorrhage", "Nervous system disorders"),
    "CARDIOVASCULAR/RESPIRATORY": ("Cardiac failure", "Cardiac disorders"),
    "ORGAN FAILURE": ("Multiple organ dysfunction syndrome", "General disorders"),
    "GVHD/HSCT-RELATED": ("Graft versus host disease", "Immune system disorders"),
}  # fmt: skip
# term, system, share of treated, first day and span, length, weights of grades 1 to 4, product only
EVENTS = [
    ("Cytokine release syndrome", "Immune system disorders",
     0.80, 1, 8, 7, (0.45, 0.40, 0.11, 0.04), True),
    (ICANS, "Nervous system disorders", 0.35, 3, 12, 9, (0.35, 0.30, 0.25, 0.10), True),
    ("Neutropenia", "Blood and lymphatic system disorders",
     0.75, 1, 10, 24, (0.0, 0.05, 0.30, 0.65), False),
    ("Pneumonia", "Infections and infestations",
     0.22, 8, 170, 14, (0.0, 0.35, 0.60, 0.05), False),
    ("Hypogammaglobulinaemia", "Immune system disorders",
     0.20, 25, 120, 150, (0.2, 0.7, 0.1, 0.0), True),
]  # fmt: skip


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
    for name in ("SITEID", "AGE", "SEX", "RACE", "COUNTRY"):
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
    elsewhere = latent["notinf"].isna() | latent["notinf"].isin(("DEATH", "WITHDRAWAL BY SUBJECT"))
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


def characteristics(trial: Trial) -> pd.DataFrame:
    """Return SC: baseline facts and stratification factors."""
    rows = np.arange(len(trial.cohort))
    frames = [
        block(trial, rows, SCTESTCD=name, SCSTRESC=trial.cohort[name].to_numpy())
        for name in trial.params.baseline
    ]
    burden = trial.cohort["TUMBURD"].to_numpy()
    text = np.array([f"{value:g}" for value in burden], object)
    frames.append(block(trial, rows, SCTESTCD="TUMBURD", SCSTRESC=text, SCSTRESN=burden))
    if "PHSTAT" in trial.cohort:
        draw = stream(trial.seed, trial.batch, "T315I").random(len(rows))
        ph = (trial.cohort["PHSTAT"] == "POSITIVE").to_numpy()
        word = np.where(ph, np.where(draw < 0.12, "POSITIVE", "NEGATIVE"), "NOT APPLICABLE")
        frames.append(block(trial, rows, SCTESTCD="T315I", SCSTRESC=word))
    return number(frames, "SCSEQ", ["SCTESTCD"])


def summary(trial: Trial) -> pd.DataFrame:
    """Return TS: title and data cut-off."""
    rows = [("TITLE", trial.study.title), ("DCUTDTC", str(trial.study.cutoff)), ("SDTIGVER", "3.4")]
    frame = pd.DataFrame(rows, columns=["TSPARMCD", "TSVAL"])
    frame.insert(0, "STUDYID", trial.params.study.upper())
    frame.insert(1, "TSSEQ", 1)
    return frame


def adverse_events(trial: Trial) -> pd.DataFrame:
    """Return AE: toxicity after treatment, second malignancies, and the fatal event of a death."""
    rng, latent, n = stream(trial.seed, trial.batch, "toxicity"), trial.latent, len(trial.latent)
    product = np.isfinite(latent["inf"].to_numpy())
    close = np.minimum(trial.end, latent["death"].to_numpy() - 1)
    frames = []
    for term, system, share, first, span, length, weights, only in EVENTS:
        start = latent["treat"].to_numpy() + first + np.floor(rng.uniform(0, span, n))
        end = start + 1 + np.floor(rng.uniform(0, 2 * length, n))
        grade = words(rng, dict(zip("1234", weights, strict=True)), n)
        hit = (rng.random(n) < share) & (start <= close) & (product | (not only))
        rows = np.flatnonzero(hit)
        over = end[rows] <= close[rows]
        frames.append(
            block(trial, rows, AEDECOD=term, AEBODSYS=system, AESTDTC=iso(trial, rows, start[rows]),
                  AEENDTC=np.where(over, iso(trial, rows, np.minimum(end, close)[rows]), None),
                  AETOXGR=grade[rows], AESER=np.where(grade[rows] >= "3", "Y", "N"),
                  AEOUT=np.where(over, "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED"),
                  AESDTH="N")
        )  # fmt: skip
    frames += [_neoplasms(trial), _fatal(trial)]
    return number(frames, "AESEQ", ["AESTDTC", "AEDECOD"])


def _neoplasms(trial: Trial) -> pd.DataFrame:
    latent, n = trial.latent, len(trial.latent)
    kind = words(stream(trial.seed, trial.batch, "second malignancy"), SECOND, n)
    rows = np.flatnonzero(trial.happens("spm") & (latent["spm"] < latent["death"]))
    return block(trial, rows, AEDECOD=kind[rows], AEBODSYS=NEOPLASM,
                 AESTDTC=iso(trial, rows, latent["spm"].to_numpy()[rows]), AETOXGR="3", AESER="Y",
                 AEOUT="NOT RECOVERED/NOT RESOLVED", AESDTH="N")  # fmt: skip


def _fatal(trial: Trial) -> pd.DataFrame:
    """Return the adverse event that a death of toxicity ends, where its date is exact."""
    latent = trial.latent
    shown = np.isfinite(trial.dead) & (latent["death_text"] == "D") & latent["cause"].isin(FATAL)
    shown &= latent["death"] <= latent["lost"]
    rows = np.flatnonzero(shown)
    cause = latent["cause"].to_numpy(object)[rows]
    day = latent["death"].to_numpy()[rows]
    term = np.array([FATAL[c][0] for c in cause], object)
    return block(trial, rows, AEDECOD=term, AEBODSYS=np.array([FATAL[c][1] for c in cause], object),
                 AESTDTC=iso(trial, rows, np.maximum(day - 3, 0)), AEENDTC=iso(trial, rows, day),
                 AETOXGR="5", AESER="Y", AEOUT="FATAL", AESDTH="Y")  # fmt: skip
