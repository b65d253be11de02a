"""RS and LB: what evaluators and laboratories report."""

import numpy as np
import pandas as pd

from cartend.contract.terms.assessment import EVALUATOR
from cartend.simulate.assumed import assumed, layout
from cartend.simulate.clock import stream, words
from cartend.simulate.components.domains import progression_basis
from cartend.simulate.frames import block, iso, number
from cartend.simulate.scans import NOT_EVALUABLE, read_scans
from cartend.simulate.seen import seen_scans
from cartend.simulate.trial import Trial

DELIVERED = {code: EVALUATOR[code].synonyms[0] for code in reversed(EVALUATOR.codes)}
"""What RSEVAL says of each evaluator, the investigator first."""


def responses(trial: Trial, components: list[pd.DataFrame]) -> pd.DataFrame:
    """Return RS: the investigator's and the central readers' rows of every scan, components."""
    base, read = _scans_made(trial)
    frames = [_investigator(trial, base, read["INV"]), *_central(trial, base, read["IRC"])]
    frames = [with_basis(trial, frame) for frame in frames]
    return number([*frames, *components], "RSSEQ", layout("order")["rs"])


def with_basis(trial: Trial, frame: pd.DataFrame) -> pd.DataFrame:
    """Add PDBASIS: what a progression was seen by, one thing a subject."""
    bad = frame["RSSTRESC"].isin(["PD", "PMD", "RELAPSED DISEASE"])
    basis = pd.Series(progression_basis(trial), trial.cohort["USUBJID"].to_numpy())
    return frame.assign(PDBASIS=np.where(bad, frame["USUBJID"].map(basis), None))


def accepted_responses(trial: Trial) -> pd.DataFrame:
    """Return RS with one row a scan and evaluator, the one that counts."""
    base, read = _scans_made(trial)
    frames = [
        with_basis(trial, base.assign(RSEVAL=DELIVERED[name], RSSTRESC=_words(trial, read[name])))
        for name in read
    ]
    return number(frames, "RSSEQ", ["RSDTC", "RSEVAL"])


def _scans_made(trial: Trial) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return what both evaluators' rows share, and each evaluator's category codes."""
    rows, columns = np.nonzero(seen_scans(trial))
    labels = np.array([visit.label for visit in trial.study.visits.schedule], object)
    label = trial.scans.label[rows, columns]
    base = block(trial, rows, RSTESTCD="OVRLRESP", RSCAT=trial.params.disease.rscat)
    base["RSDTC"] = iso(trial, rows, trial.scans.day[rows, columns])
    base["VISIT"] = np.where(label < 0, "UNSCHEDULED", labels[np.maximum(label, 0)])
    base["VISITNUM"] = np.where(label < 0, 99, label + 1)
    read = {
        name: read_scans(trial.params, trial.latent, trial.scans, name)[rows, columns]
        for name in DELIVERED
    }
    return base, read


def _words(trial: Trial, code: np.ndarray) -> np.ndarray:
    """Return reported results of category codes; the last, -1, is not evaluable."""
    states = [trial.params.disease.reported.get(name, name) for name in trial.params.states]
    return np.array([*states, "NE"], object)[code]


def _investigator(trial: Trial, base: pd.DataFrame, code: np.ndarray) -> pd.DataFrame:
    """One row a scan; in lymphoma a PET-CT row, and for some visits a CT row beside it."""
    frame = base.assign(RSEVAL=DELIVERED["INV"], RSSTRESC=_words(trial, code))
    rng = stream(trial.seed, trial.batch, "investigator")
    if not trial.params.disease.pet:
        frame["RSORRES"] = frame["RSSTRESC"]
        frame["RSMETHOD"] = trial.params.disease.method
        return frame
    pet = base["VISITNUM"].to_numpy() <= 8
    frame["RSMETHOD"] = np.where(pet, "PET-CT", "CT")
    frame["RSORRES"] = frame["RSSTRESC"]
    metabolic = frame["RSSTRESC"].replace(assumed("metabolic"))
    frame["RSSTRESC"] = np.where(pet, metabolic, frame["RSSTRESC"])
    second = frame[pet & (rng.random(len(frame)) < 0.05)].copy()
    second["RSMETHOD"], second["RSSTRESC"] = "CT", second["RSORRES"]
    return pd.concat([frame, second], ignore_index=True)


def _central(trial: Trial, base: pd.DataFrame, code: np.ndarray) -> list[pd.DataFrame]:
    """Two readers in lymphoma, the accepted one flagged; an adjudicator settles half the splits."""
    frame = base.assign(RSEVAL=DELIVERED["IRC"], RSSTRESC=_words(trial, code))
    if not trial.params.disease.readers:
        method = trial.params.disease.method
        return [frame.assign(RSORRES=frame["RSSTRESC"], RSMETHOD=method)]
    rng = stream(trial.seed, trial.batch, "readers")
    n = len(frame)
    frame["RSMETHOD"] = np.where(base["VISITNUM"] <= 8, "PET-CT", "CT")
    frame["RSORRES"] = frame["RSSTRESC"]
    split = (rng.random(n) < 0.12) & (code != NOT_EVALUABLE)
    other = _words(trial, np.where(code == 0, 1, code - 1))
    settled = split & (rng.random(n) < 0.5)
    second_right = split & ~settled & (rng.random(n) < 0.5)
    one, two = frame.copy(), frame.copy()
    one["RSEVALID"], two["RSEVALID"] = "RADIOLOGIST 1", "RADIOLOGIST 2"
    one["RSSTRESC"] = np.where(second_right, other, one["RSSTRESC"])
    two["RSSTRESC"] = np.where(split & ~second_right, other, two["RSSTRESC"])
    one["RSACPTFL"] = np.where(settled | second_right, None, "Y")
    two["RSACPTFL"] = np.where(second_right, "Y", None)
    for reader in (one, two):
        reader["RSORRES"] = reader["RSSTRESC"]
    judge = frame[settled].assign(RSEVAL="ADJUDICATOR", RSACPTFL="Y")
    return [one, two, judge]


def laboratory(trial: Trial, components: list[pd.DataFrame]) -> pd.DataFrame:
    """Return LB: MRD, or LDH at baseline; immunoglobulin G; components of the response."""
    order = ["LBDTC", "LBTESTCD", "LBMETHOD", "LBSPEC"]
    return number([*_own_tests(trial), _immunoglobulin(trial), *components], "LBSEQ", order)


def deciding_laboratory(trial: Trial) -> pd.DataFrame:
    """Return LB without what no endpoint reads."""
    return number(_own_tests(trial), "LBSEQ", ["LBDTC", "LBTESTCD", "LBMETHOD", "LBSPEC"])


def _own_tests(trial: Trial) -> list[pd.DataFrame]:
    n = len(trial.cohort)
    rng = stream(trial.seed, trial.batch, "laboratory")
    if trial.params.mrd is None:
        value = np.round(230 * np.exp(0.45 * rng.standard_normal(n) + 0.3 * trial.cohort["burden"]))
        text = value.astype(int).astype(str).to_numpy()
        rows = np.arange(n)
        frame = block(trial, rows, LBTESTCD="LDH", LBSPEC="SERUM", LBORRES=text, LBORRESU="U/L",
                      LBSTRESC=text, LBSTRESN=value.to_numpy(), LBSTRESU="U/L", LBBLFL="Y",
                      LBDTC=iso(trial, rows, np.full(n, -2.0)), VISIT="BASELINE")  # fmt: skip
        return [frame]
    tracked = np.where(rng.random(n) < trial.params.mrd.untrackable, "N", "Y")
    return [_baseline_mrd(trial, rng, tracked), _mrd(trial, rng, tracked)]


def _immunoglobulin(trial: Trial) -> pd.DataFrame:
    """Return IgG at baseline and five visits: low after the infusion, slowly rising again."""
    rng, n = stream(trial.seed, trial.batch, "immunoglobulin"), len(trial.cohort)
    first = 8.5 * np.exp(0.3 * rng.standard_normal(n))
    rows, labels = np.arange(n), [visit.label for visit in trial.study.visits.schedule]
    low, made = np.isfinite(trial.latent["inf"].to_numpy()), seen_scans(trial)
    frames = [(rows, np.full(n, -2.0), first, np.full(n, "BASELINE", object))]
    for label, share in assumed("immunoglobulin").items():
        if label not in labels:
            continue
        at = made & (trial.scans.label == labels.index(label))
        rows, places = np.nonzero(at)
        left = np.where(low[rows], share, 0.95) * np.exp(0.15 * rng.standard_normal(len(rows)))
        frames.append((rows, trial.scans.day[rows, places], first[rows] * left,
                       np.full(len(rows), label, object)))  # fmt: skip
    rows, day, value, visit = (np.concatenate(parts) for parts in zip(*frames, strict=True))
    value = np.round(value, 1)
    text = np.array([f"{number:g}" for number in value], object)
    return block(trial, rows, LBTESTCD="IGG", LBSPEC="SERUM", LBORRES=text, LBORRESU="g/L",
                 LBSTRESC=text, LBSTRESN=value, LBSTRESU="g/L",
                 LBBLFL=np.where(visit == "BASELINE", "Y", None), LBDTC=iso(trial, rows, day),
                 VISIT=visit)  # fmt: skip


def _baseline_mrd(trial: Trial, rng: np.random.Generator, tracked: np.ndarray) -> pd.DataFrame:
    n = len(trial.cohort)
    value = np.round(np.maximum(trial.cohort["TUMBURD"].to_numpy() / 100, 0.002), 4)
    rows, assay = np.arange(n), trial.params.mrd.assay
    return block(trial, rows, LBTESTCD="MRD", LBMETHOD=assay.method, LBSPEC="BONE MARROW",
                 LBORRES=value.astype(str), LBSTRESC="POSITIVE", LBSTRESN=value,
                 LBLLOD=assay.usual,
                 LBBLFL="Y", LBDTC=iso(trial, rows, np.full(n, -1.0)), VISIT="BASELINE",
                 MRDCELLS="500000", HEMODIL="N", TRACKABL=tracked)  # fmt: skip


def _mrd(trial: Trial, rng: np.random.Generator, tracked: np.ndarray) -> pd.DataFrame:
    """Return one row a sample: negative while in remission, positive some weeks before relapse."""
    mrd, scans, latent = trial.params.mrd, trial.scans, trial.latent
    labels = np.array([visit.label for visit in trial.study.visits.schedule], object)
    wanted = np.isin(labels, mrd.visits)
    due = seen_scans(trial) & (scans.label >= 0) & wanted[scans.label]
    due &= scans.day <= np.minimum(latent["detected"], latent["turn"]).to_numpy()[:, None]
    rows, columns = np.nonzero(due & (rng.random(due.shape) >= mrd.missing))
    day = scans.day[rows, columns]
    values = _mrd_values(trial, rng, rows, day)
    n, assay = len(rows), mrd.assay
    other = rng.random(n) < mrd.other_assay
    shallow = rng.random(n) < mrd.shallow
    undone = rng.random(n) < mrd.not_done
    limit = np.where(rng.random(n) < 0.3, assay.deep, assay.usual)
    limit = np.where(other, assay.other_limit, np.where(shallow, assay.shallow, limit))
    cells = np.round(np.where(shallow, rng.uniform(9e3, 2.4e4, n), rng.uniform(1.5e5, 9e5, n)))
    cells = np.where(other, cells * 4, cells * assay.cells).astype(int).astype(str)
    values = np.where(values > limit, _digits(values), np.nan)
    positive = ~np.isnan(values)
    blank = np.full(n, None, object)
    below, found = [f"<{v:g}" for v in limit], [f"{v:.2g}" for v in np.nan_to_num(values)]
    text = np.where(positive, found, below)
    diluted = words(rng, {"N": 1 - mrd.haemodiluted, "Y": mrd.haemodiluted}, n)
    return block(trial, rows, LBTESTCD="MRD", LBMETHOD=np.where(other, assay.other, assay.method),
                 LBSPEC="BONE MARROW", LBORRES=np.where(undone, blank, text),
                 LBSTRESC=np.where(undone, blank, np.where(positive, "POSITIVE", "NEGATIVE")),
                 LBSTRESN=np.where(undone, np.nan, values), LBLLOD=np.where(undone, np.nan, limit),
                 LBSTAT=np.where(undone, "NOT DONE", blank),
                 LBREASND=np.where(undone, "SAMPLE INSUFFICIENT", blank),
                 LBDTC=iso(trial, rows, day), VISIT=labels[scans.label[rows, columns]],
                 MRDCELLS=np.where(undone, blank, cells),
                 HEMODIL=np.where(undone, blank, diluted),
                 TRACKABL=tracked[rows])  # fmt: skip


def _digits(values: np.ndarray) -> np.ndarray:
    """Return values to ten digits: powers differ in the last of sixteen from machine to machine."""
    return np.array([float(f"{value:.10g}") for value in values])


def _mrd_values(
    trial: Trial, rng: np.random.Generator, rows: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """Return the true fraction of leukaemic cells on the day of each sample."""
    latent, states, mrd = trial.latent, trial.params.states, trial.params.mrd
    share = np.array([mrd.negative.get(name, 0.0) for name in states])
    luck = rng.random(len(latent))[rows]
    code = np.where(latent["t2"].to_numpy()[rows] <= day, latent["c2"].to_numpy()[rows],
                    latent["c1"].to_numpy()[rows])  # fmt: skip
    clear = luck < share[code]
    clear &= day < latent["prog"].to_numpy()[rows] - mrd.lead_days * rng.uniform(0, 2, len(rows))
    low = 10 ** rng.uniform(-8, np.log10(mrd.clear), len(rows))
    high = 10 ** rng.uniform(-3.9, -1.0, len(rows))
    value = np.where(clear, low, high)
    bad = day >= latent["prog"].to_numpy()[rows]
    return np.where(bad, 10 ** rng.uniform(-1.3, -0.1, len(rows)), value)
