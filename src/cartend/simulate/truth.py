"""What is true of a synthetic trial: the estimator's value on a million subjects (D29).

The subjects are simulated with the same process and the same observation (visits, readers, loss,
accrual, cut-off), without planted errors, and go through the same derivation as a trial's data.
Truth is therefore what an estimate of this trial is an estimate of: a hazard ratio, for instance,
is the limit of Cox's estimate under this trial's censoring.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from cartend.config.bridging import Bridging
from cartend.config.criteria import Criteria
from cartend.config.load import load_config
from cartend.config.records import all_records
from cartend.config.study import Study
from cartend.contract.datasets.results import RATE_DECIDED, TIME_DECIDED
from cartend.contract.datasets.sdtm import SDTM
from cartend.endpoint.build import derive_each
from cartend.endpoint.records import load_trial
from cartend.intake.aliases import add_response
from cartend.intake.dates import add_dates
from cartend.intake.roles import with_roles
from cartend.intake.shape import empty_domain, shape_domain
from cartend.response.build import derive_responses
from cartend.response.mrd import derive_admrd
from cartend.simulate.domains import deciding_domains
from cartend.simulate.parameters import Parameters
from cartend.simulate.trial import Trial, simulate_trial
from cartend.stats.competing import cumulative_incidence, incidence_at
from cartend.stats.regression import cox
from cartend.stats.survival import kaplan_meier, survival_at, survival_quantile
from cartend.subject.ages import keep_ages
from cartend.subject.build import derive_subjects, finish_adsl
from cartend.subject.domains import complete_columns

SUBJECTS = 1_000_000
BATCH = 25_000
DIGITS = 5
KEY = ["PARAMCD", "EVAL", "POP", "ARMCD"]
COUNTED = {
    "adtte": ["USUBJID", *KEY, *TIME_DECIDED],
    "adrsp": ["USUBJID", *KEY, *RATE_DECIDED],
}


@dataclass(frozen=True)
class Derivation:
    """What the engine needs besides the data: the study and its resolved definitions."""

    study: Study
    criteria: Criteria
    bridging: Bridging
    definitions: dict
    support: dict


def load_derivation(study: str, root: Path | str = ".") -> Derivation:
    """Return the shipped definitions of a study, resolved."""
    resolved = load_config({"studies": [study], "scenarios": []}, workdir=root)
    primary = resolved.scenarios[study]["primary"]
    return Derivation(
        study=resolved.studies[study],
        criteria=resolved.criteria[study],
        bridging=resolved.rules[study].bridging,
        definitions=primary.definitions,
        support=primary.support,
    )


def simulate_large(
    params: Parameters, study: Study, n: int, batch: int = BATCH, seed: int | None = None
) -> Iterator[Trial]:
    """Yield trials of at most ``batch`` subjects that together hold ``n``."""
    seed = params.truth_seed if seed is None else seed
    for number, start in enumerate(range(0, n, batch), start=1):
        yield simulate_trial(params, study, min(batch, n - start), number, seed)


def sdtm_tables(
    merged: dict[str, pd.DataFrame], study: Study, criteria: Criteria
) -> dict[str, pd.DataFrame]:
    """Return the domains as the ingest step leaves them, without its checks."""
    tables = {}
    records = all_records(study.records)
    for name in SDTM:
        frame = merged.get(name)
        if frame is None:
            tables[name] = add_dates(with_roles(empty_domain(name), name, {}), name)[0]
            continue
        frame = frame.astype(object)
        shaped, _ = shape_domain(frame.where(frame.notna(), None), name)
        tables[name] = _dated(with_roles(shaped, name, records), name)
    tables["rs"] = _with_category(tables["rs"], study, criteria)
    return tables


def _dated(frame: pd.DataFrame, domain: str) -> pd.DataFrame:
    """Add the dates, reading each distinct text once: a million subjects share some thousands."""
    added = []
    for name in [column for column in frame if column.endswith("DTC")]:
        place, texts = pd.factorize(frame[name])
        texts = pd.DataFrame({name: np.append(texts.to_numpy(object), None)}, dtype=object)
        read = add_dates(texts, domain)[0].drop(columns=name)
        added.append(read.iloc[place % len(read)].set_index(frame.index))
    return pd.concat([frame, *added], axis=1)


def _with_category(rs: pd.DataFrame, study: Study, criteria: Criteria) -> pd.DataFrame:
    """Add category and evaluator, reading each distinct result once."""
    same = [c for c in rs if c.startswith("RS") and c not in ("RSSEQ", "RSDTC") and "DT" not in c]
    group = rs.groupby(same, dropna=False, sort=False).ngroup()
    read = add_response(rs[~group.duplicated()].reset_index(drop=True), study, criteria)[0]
    found = read[["AVALC", "EVAL"]].iloc[group.to_numpy()].set_index(rs.index)
    return pd.concat([rs, found], axis=1)


def derive(
    merged: dict[str, pd.DataFrame], how: Derivation
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return ADTTE and ADRSP (what is counted of them) and ADSL of one trial, in memory."""
    tables = sdtm_tables(merged, how.study, how.criteria)
    wanted = {name: complete_columns(tables[name], SDTM[name]) for name in SDTM}
    adsl, adevt, _ = derive_subjects(how.study, how.criteria, how.bridging, wanted)
    adsl = finish_adsl(keep_ages(how.study, adsl), how.study.strata)
    adrs = derive_responses(how.study, how.criteria, wanted, adsl, adevt)
    admrd = derive_admrd(how.study, wanted["lb"], adsl)
    trial = load_trial(how.study, how.criteria, adsl, adrs, adevt, admrd)
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in COUNTED}
    for name, table in derive_each(trial, how.definitions, how.support):
        if name in COUNTED:
            parts[name].append(table.select(COUNTED[name]).to_pandas())
    return _stacked(parts["adtte"]), _stacked(parts["adrsp"]), adsl


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the analyses one below the other, text as text."""
    if not parts:
        return pd.DataFrame()
    texts = [part.select_dtypes("category").columns for part in parts]
    plain = [
        part.astype(dict.fromkeys(text, object)) for part, text in zip(parts, texts, strict=True)
    ]
    return pd.concat(plain, ignore_index=True)


@dataclass
class Pool:
    """Counts of a growing number of trials: enough to estimate, small whatever the number."""

    times: list[pd.DataFrame] = field(default_factory=list)
    rates: list[pd.DataFrame] = field(default_factory=list)

    def add(self, adtte: pd.DataFrame, adrsp: pd.DataFrame) -> None:
        """Count the subjects of one trial by endpoint, arm, day and state, or by category."""
        tte = adtte[adtte["ANL01FL"] == "Y"]
        rsp = adrsp[adrsp["ANL01FL"] == "Y"]
        self.times.append(_counts(tte, [*KEY, "AVAL", "STATE"]))
        self.rates.append(_counts(rsp, [*KEY, "AVALC"]))

    def shares(self) -> dict:
        """Return the share of each category, by endpoint, evaluator, population and arm."""
        counts = _summed(self.rates, [*KEY, "AVALC"])
        found: dict = {}
        for key, group in counts.groupby(KEY, sort=True):
            total = group["n"].sum()
            counted = zip(group["AVALC"], group["n"], strict=True)
            share = {str(category): _rounded(n / total) for category, n in counted}
            _put(found, key, share if key[0] == "BOR" else share.get("Y", 0.0))
        return found

    def curves(self, study: Study) -> dict:
        """Return KM or incidence at the study's times, medians, and Cox's limit between arms."""
        counts = _summed(self.times, [*KEY, "AVAL", "STATE"])
        found: dict = {}
        for key, group in counts.groupby(KEY, sort=True):
            time, state = _expanded(group)
            competing = state.max() > 1
            _put(found, key, (_incidence if competing else _survival)(time, state, study.times))
        if study.design == "randomised":
            for key, group in counts.groupby(KEY[:3], sort=True):
                ratio = _hazard_ratio(group, study)
                if ratio is not None:
                    _put(found, (*key, "hazard_ratio"), ratio)
        return found


def _counts(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return frame.groupby(by, sort=True, observed=True).size().rename("n").reset_index()


def _summed(parts: list[pd.DataFrame], by: list[str]) -> pd.DataFrame:
    return pd.concat(parts).groupby(by, sort=True)["n"].sum().reset_index()


def _expanded(group: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.repeat(group[name].to_numpy(int), group["n"]) for name in ("AVAL", "STATE"))


def _survival(time: np.ndarray, state: np.ndarray, times: tuple[int, ...]) -> dict:
    curve = kaplan_meier(time, (state == 1).astype(int))
    points = survival_at(curve, np.array(times, float))
    median = survival_quantile(curve, 0.5).estimate
    return {
        "km": {t: _rounded(s) for t, s in zip(times, points.estimate, strict=True)},
        "median": None if np.isnan(median) else _rounded(median),
    }


def _incidence(time: np.ndarray, state: np.ndarray, times: tuple[int, ...]) -> dict:
    curve = cumulative_incidence(time, state)
    found = {}
    for cause in range(1, int(state.max()) + 1):
        points = incidence_at(curve, cause, np.array(times, float))
        found[cause] = {t: _rounded(s) for t, s in zip(times, points.estimate, strict=True)}
    return {"cif": found}


def _hazard_ratio(group: pd.DataFrame, study: Study) -> float | None:
    """Return Cox's estimate, experimental over control; state 1 is the event."""
    treated = group["ARMCD"].eq(study.arm_of_role("experimental"))
    if treated.all() or not treated.any():
        return None
    time, state = _expanded(group)
    x = np.repeat(treated.to_numpy(float), group["n"])
    return _rounded(np.exp(cox(time, (state == 1).astype(int), x).coef[0]))


def _put(tree: dict, key: tuple, value: object) -> None:
    *path, last = [str(part) if part != "" else "all" for part in key]
    for part in path:
        tree = tree.setdefault(part, {})
    tree[last] = value


def _rounded(value: float) -> float:
    return float(round(float(value), DIGITS))


def latent_values(trial: Trial) -> dict:
    """Return what the latent process itself does, by arm, before anybody looks (one batch)."""
    found: dict = {}
    for arm in trial.params.arms:
        latent = trial.latent[(trial.cohort["ARM"] == arm).to_numpy()]
        treated = np.isfinite(latent["nat"])
        apart = latent["death"] < latent[["prog", "turn"]].min(axis=1)
        found[arm] = {
            "infused": _rounded(np.isfinite(latent["inf"]).mean()),
            "new_therapy": _rounded(treated.mean()),
            "cellular_therapy": _rounded((treated & latent["nat_cellular"]).mean()),
            "hsct": _rounded(np.isfinite(latent["hsct"]).mean()),
            "median_progression_free": float(np.median(latent[["prog", "death"]].min(axis=1))),
            "alive_730": _rounded((latent["death"] > 730).mean()),
            "dead_without_progression_730": _rounded(((latent["death"] <= 730) & apart).mean()),
        }
    return found


def compute_truth(
    params: Parameters, root: Path | str = ".", n: int = SUBJECTS, report: int = 4
) -> Iterator[dict]:
    """Yield the true values of one study, after every ``report`` batches and at the end."""
    how, pool, first, done = load_derivation(params.study, root), Pool(), None, 0
    for number, trial in enumerate(simulate_large(params, how.study, n), start=1):
        adtte, adrsp, _ = derive(deciding_domains(trial), how)
        pool.add(adtte, adrsp)
        first, done = first or trial, done + len(trial.cohort)
        if number % report == 0 or done == n:
            yield {
                "subjects": done,
                "seed": params.truth_seed,
                "rates": pool.shares(),
                "time_to_event": pool.curves(how.study),
                "latent": latent_values(first),
            }


def recorded_truth(study: str) -> dict:
    """Return the true values recorded by the last ``python -m cartend.simulate --truth``."""
    path = resources.files("cartend.simulate").joinpath(f"truth_values/{study}.yaml")
    return yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
