"""AE: toxicity of every period from leukapheresis on, second malignancies, the event of a death."""

import numpy as np
import pandas as pd

from cartend.simulate.clock import stream, words
from cartend.simulate.frames import block, iso, number
from cartend.simulate.process import CONDITIONING
from cartend.simulate.trial import Trial

CRS = "Cytokine release syndrome"
ICANS = "Immune effector cell-associated neurotoxicity syndrome"
BLOOD = "Blood and lymphatic system disorders"
INFECTIONS = "Infections and infestations"
IMMUNE = "Immune system disorders"
NERVOUS = "Nervous system disorders"
METABOLIC = "Metabolism and nutrition disorders"
GUT = "Gastrointestinal disorders"
NEOPLASM = "Neoplasms benign, malignant and unspecified (incl cysts and polyps)"
T_CELL = "T-cell lymphoma"
SECOND = {"Myelodysplastic syndrome": 0.4, "Basal cell carcinoma": 0.3, "Lung adenocarcinoma": 0.2,
          T_CELL: 0.1}  # fmt: skip
KIND = {"Myelodysplastic syndrome": "MYELOID", "Basal cell carcinoma": "SKIN",
        "Lung adenocarcinoma": "SOLID", T_CELL: "T-CELL"}  # fmt: skip
FATAL = {
    "CRS": (CRS, IMMUNE),
    "ICANS/NEUROTOXICITY": (ICANS, NERVOUS),
    "HLH/MAS": ("Haemophagocytic lymphohistiocytosis", BLOOD),
    "TLS": ("Tumour lysis syndrome", METABOLIC),
    "INFECTION": ("Sepsis", INFECTIONS),
    "HAEMORRHAGE": ("Cerebral haemorrhage", NERVOUS),
    "CARDIOVASCULAR/RESPIRATORY": ("Cardiac failure", "Cardiac disorders"),
    "ORGAN FAILURE": ("Multiple organ dysfunction syndrome", "General disorders"),
    "GVHD/HSCT-RELATED": ("Graft versus host disease", IMMUNE),
}  # fmt: skip
# term, system, share of treated, first day and span, length, weights of grades 1 to 4, product only
EVENTS = [
    (CRS, IMMUNE, 0.80, 1, 8, 7, (0.45, 0.40, 0.11, 0.04), True),
    (ICANS, NERVOUS, 0.35, 3, 12, 9, (0.35, 0.30, 0.25, 0.10), True),
    ("Neutropenia", BLOOD, 0.75, 1, 10, 24, (0.0, 0.05, 0.30, 0.65), False),
    ("Pneumonia", INFECTIONS, 0.22, 8, 170, 14, (0.0, 0.35, 0.60, 0.05), False),
    ("Hypogammaglobulinaemia", IMMUNE, 0.20, 25, 120, 150, (0.2, 0.7, 0.1, 0.0), True),
]
# the same, from leukapheresis, from the start of bridging, from lymphodepletion, from infusion
BY_PERIOD = {
    "leuk": [
        ("Hypocalcaemia", METABOLIC, 0.14, 0, 2, 2, (0.7, 0.3, 0.0, 0.0)),
        ("Device related infection", INFECTIONS, 0.03, 1, 6, 6, (0.0, 0.5, 0.5, 0.0)),
    ],
    "br_start": [
        ("Anaemia", BLOOD, 0.30, 2, 10, 12, (0.1, 0.4, 0.5, 0.0)),
        ("Febrile neutropenia", BLOOD, 0.10, 4, 9, 5, (0.0, 0.0, 0.9, 0.1)),
    ],
    "ld": [
        ("Nausea", GUT, 0.35, 0, 4, 3, (0.6, 0.35, 0.05, 0.0)),
        ("Lymphopenia", BLOOD, 0.40, 1, 4, 20, (0.0, 0.0, 0.2, 0.8)),
    ],
    "inf": [
        ("Thrombocytopenia", BLOOD, 0.45, 2, 14, 22, (0.1, 0.2, 0.3, 0.4)),
        ("Haemophagocytic lymphohistiocytosis", BLOOD, 0.03, 8, 14, 9, (0.0, 0.3, 0.5, 0.2)),
        ("Tumour lysis syndrome", METABOLIC, 0.03, 1, 7, 5, (0.0, 0.0, 0.9, 0.1)),
        ("Epistaxis", "Respiratory, thoracic and mediastinal disorders",
         0.06, 4, 40, 3, (0.6, 0.3, 0.1, 0.0)),
        ("Neutropenia", BLOOD, 0.24, 30, 140, 20, (0.0, 0.1, 0.5, 0.4)),
        ("Thrombocytopenia", BLOOD, 0.15, 30, 120, 26, (0.1, 0.2, 0.4, 0.3)),
        ("Anaemia", BLOOD, 0.12, 30, 120, 20, (0.1, 0.4, 0.5, 0.0)),
        ("COVID-19", INFECTIONS, 0.14, 20, 700, 12, (0.4, 0.3, 0.25, 0.05)),
        ("Herpes zoster", INFECTIONS, 0.06, 40, 500, 14, (0.1, 0.7, 0.2, 0.0)),
        ("Cytomegalovirus infection reactivation", INFECTIONS,
         0.07, 15, 90, 14, (0.1, 0.5, 0.4, 0.0)),
        ("Upper respiratory tract infection", INFECTIONS, 0.25, 20, 500, 9, (0.4, 0.55, 0.05, 0.0)),
    ],
}  # fmt: skip
LEE_SITES = ("003", "007")
CTCAE_HIGHER = 0.12  # share of CRS and ICANS whose CTCAE grade is one above the other scale's


def adverse_events(trial: Trial) -> pd.DataFrame:
    """Return AE with its supplemental columns."""
    product = np.isfinite(trial.latent["inf"].to_numpy())
    rng, n = stream(trial.seed, trial.batch, "toxicity"), len(trial.latent)
    frames = []
    for *what, only in EVENTS:
        frames.append(_events(trial, rng, trial.latent["treat"], what, product | (not only)))
    rng = stream(trial.seed, trial.batch, "toxicity by period")
    anchors = trial.latent.assign(ld=trial.latent["inf"] - CONDITIONING)
    for anchor, events in BY_PERIOD.items():
        for what in events:
            frames.append(_events(trial, rng, anchors[anchor], what, np.ones(n, bool)))
    frames = [_graded(trial, pd.concat(frames)), _neoplasms(trial), _graded(trial, _fatal(trial))]
    return number(frames, "AESEQ", ["AESTDTC", "AEDECOD"])


def _events(
    trial: Trial, rng: np.random.Generator, anchor: pd.Series, what: list, member: np.ndarray
) -> pd.DataFrame:
    """Return the events of one kind: when they start after the anchor, how long and how grave."""
    term, system, share, first, span, length, weights = what
    latent, n = trial.latent, len(trial.latent)
    close = np.minimum(trial.end, latent["death"].to_numpy() - 1)
    start = anchor.to_numpy() + first + np.floor(rng.uniform(0, span, n))
    end = start + 1 + np.floor(rng.uniform(0, 2 * length, n))
    grade = words(rng, dict(zip("1234", weights, strict=True)), n)
    rows = np.flatnonzero((rng.random(n) < share) & (start <= close) & member)
    over = end[rows] <= close[rows]
    return block(trial, rows, AEDECOD=term, AEBODSYS=system,
                 AESTDTC=iso(trial, rows, start[rows]),
                 AEENDTC=np.where(over, iso(trial, rows, np.minimum(end, close)[rows]), None),
                 AETOXGR=grade[rows], AESER=np.where(grade[rows] >= "3", "Y", "N"),
                 AEOUT=np.where(over, "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED"),
                 AESDTH="N")  # fmt: skip


def _graded(trial: Trial, frame: pd.DataFrame) -> pd.DataFrame:
    """Add, for CRS and ICANS, the grade of their own scale; CTCAE may be one above it."""
    rng = stream(trial.seed, trial.batch, "grading scale")
    frame = frame.reset_index(drop=True)
    own = frame["AEDECOD"].isin((CRS, ICANS)).to_numpy()
    grade = frame["AETOXGR"].astype(int).to_numpy()
    lower = (rng.random(len(frame)) < CTCAE_HIGHER) & (grade > 1) & (grade < 5)
    site = trial.cohort.set_index("USUBJID")["SITEID"]
    lee = frame["USUBJID"].map(site).isin(LEE_SITES).to_numpy()
    frame["ASTCTGR"] = np.where(own, (grade - lower).astype(str), None)
    frame["GRSCALE"] = np.where(own, np.where(lee, "LEE 2014", "ASTCT 2019"), None)
    return frame


def _neoplasms(trial: Trial) -> pd.DataFrame:
    """Return second malignancies; the first of a trial is of T cells, with its causality inputs."""
    latent, n = trial.latent, len(trial.latent)
    rng = stream(trial.seed, trial.batch, "second malignancy")
    kind = words(rng, SECOND, n)
    rows = np.flatnonzero(trial.happens("spm") & (latent["spm"] < latent["death"]))
    kind[rows[:1]] = T_CELL
    frame = block(trial, rows, AEDECOD=kind[rows], AEBODSYS=NEOPLASM,
                  AESTDTC=iso(trial, rows, latent["spm"].to_numpy()[rows]), AETOXGR="3", AESER="Y",
                  AEOUT="NOT RECOVERED/NOT RESOLVED", AESDTH="N")  # fmt: skip
    frame["SPMTYPE"] = frame["AEDECOD"].map(KIND)
    return frame.assign(**_causality(rng, frame))


def _causality(rng: np.random.Generator, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return what is known of a T-cell malignancy: transgene, integration, clone, driver."""
    n, cell = len(frame), (frame["AEDECOD"] == T_CELL).to_numpy()
    tissue = rng.random(n) < 0.8
    carried = rng.random(n) < 0.5
    copies = np.where(carried, np.round(rng.uniform(0.8, 2.2, n), 1), 0.0)
    clonal = np.where(carried, "CLONAL", "NOT DONE")
    found = {
        "TGCOPIES": np.array([f"{value:g}" for value in copies], object),
        "INTCLON": clonal,
        "DRIVERNR": np.where(carried & (rng.random(n) < 0.4), "Y", "N"),
        "EXPCLON": np.where(rng.random(n) < 0.6, "Y", "N"),
        "TCRPRE": np.where(rng.random(n) < 0.3, "Y", "N"),
        "DRIVMUT": words(rng, {"TET2": 0.6, "JAK3": 0.4}, n),
        "MUTPRE": np.where(rng.random(n) < 0.4, "Y", "N"),
    }
    known = {name: np.where(cell & tissue, value, None) for name, value in found.items()}
    return {"TISSUE": np.where(cell, np.where(tissue, "Y", "N"), None), **known}


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
