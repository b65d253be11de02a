"""An external control with individual data: balance, overlap, weighting, time zero (R08, R10).

The external subjects come from a file that the study names; the trial's are those meant to be
treated. No weighting replaces randomisation, so everything is exploratory.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from cartend.analysis.questions.entry import SINGLE_ARM, Entry
from cartend.analysis.questions.lines import SURVIVAL, ratio_line, survival_estimate
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.config.question_options import ExternalControl
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADSL
from cartend.stats.propensity import (
    effective_size,
    logistic,
    propensity_weights,
    standardised_differences,
)
from cartend.stats.regression import cox
from cartend.stats.results import not_estimable

STANDARDISED = "standardised difference, trial minus external"
WEIGHTED = "Cox, propensity weights ({}), robust error"
OVERLAP = "propensity score outside the range of the other group"
NEEDED = ("AVAL", "EVENT")
ENTRY = Entry(
    "external_control",
    "R10",
    "An external control with individual data",
    "{set} of the trial (of its experimental arm where it has two) and the external subjects, "
    "those with every covariate known.",
    {
        "cox": "Hazard ratios are trial over external.",
        "balance": "Standardised differences are trial minus external.",
    },
    (ADTTE, ADSL, "the external file"),
    SINGLE_ARM,
)


class Pooled(NamedTuple):
    """Both groups in one: ``trial`` (n,) is 1 for the trial's, ``left_out`` counts the rest."""

    time: np.ndarray
    event: np.ndarray
    trial: np.ndarray
    matrix: np.ndarray
    names: tuple[str, ...]
    left_out: dict[str, tuple[int, int]]


def answer(material: Material, page: Page) -> None:
    """Write who is compared, how alike they are, and the ratio before and after weighting."""
    options = material.study.analyses.external_control
    if not options.data:
        raise NotDerivableError("the study names no external control (analyses.external_control)")
    pooled = both_groups(material, options)
    page.run("Who is compared", who, page, options, pooled)
    page.run("Survival before weighting", survival, page, options, pooled)
    page.run("Balance, overlap and hazard ratio", weighted, page, options, pooled)


def read_outside(path: Path) -> pd.DataFrame:
    """Return the file of the external control.

    Raises
    ------
    NotDerivableError
        Where it is empty, no table of text, or has rows of different lengths.
    """
    try:
        found = pd.read_csv(path)
    except pd.errors.EmptyDataError:
        raise NotDerivableError(f"{path} is empty") from None
    except (UnicodeDecodeError, pd.errors.ParserError, OSError) as error:
        reason = " ".join(str(error).split())
        raise NotDerivableError(
            f"{path} cannot be read as comma-separated text ({reason})"
        ) from None
    if found.empty:
        raise NotDerivableError(f"{path} has no subject")
    if not isinstance(found.index, pd.RangeIndex):
        raise NotDerivableError(f"{path} has rows longer than its header")
    return found


def both_groups(material: Material, options: ExternalControl) -> Pooled:
    """Return the trial's subjects and the external ones with every covariate known.

    Raises
    ------
    NotDerivableError
        Where the file has not the columns, or its values are no times and events.
    """
    outside = read_outside(Path(options.data))
    missing = [c for c in (*NEEDED, *options.covariates) if c not in outside]
    if missing:
        raise NotDerivableError(f"{options.data} has no column {missing[0]}")
    times = material.times(options.endpoint, "OS")
    treated = [material.of_arm(times, arm) for arm in material.intended]
    times = times.where(np.logical_or.reduce(treated))
    own = pd.DataFrame({"AVAL": times.time, "EVENT": times.event})
    for name in options.covariates:
        if name not in material.adsl:
            raise NotDerivableError(f"ADSL has no column {name}")
        own[name] = material.column(times, name)
    usable = outside["AVAL"].gt(0) & outside["EVENT"].isin((0, 1))
    parts, left_out = [], {}
    for name, frame in (("trial", own), ("external", outside[[*NEEDED, *options.covariates]])):
        kept = frame.notna().all(axis=1) & (usable if name == "external" else True)
        left_out[name] = (int((~kept).sum()), len(frame))
        parts.append(frame[kept].assign(TRIAL=int(name == "trial")))
    both = pd.concat(parts, ignore_index=True)
    matrix, names = design(both, options.covariates)
    columns = (both[c].to_numpy(dtype=float) for c in ("AVAL", "EVENT", "TRIAL"))
    time, event, trial = columns
    return Pooled(time, event.astype(int), trial.astype(int), matrix, names, left_out)


def design(both: pd.DataFrame, covariates: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return numbers as they are and texts as indicators of their levels but the first."""
    columns: dict[str, np.ndarray] = {}
    for name in covariates:
        number = pd.to_numeric(both[name], errors="coerce")
        if number.notna().all():
            columns[name] = number.to_numpy(dtype=float)
        else:
            text = both[name].map(str)
            levels = sorted(set(text))[1:]
            columns |= {f"{name} {level}": (text == level).to_numpy(float) for level in levels}
    return np.column_stack(list(columns.values())), tuple(columns)


def who(page: Page, options: ExternalControl, pooled: Pooled) -> None:
    """Write the subjects of each group, who is left out, and the time zero in words."""
    for name, value in (("trial", 1), ("external", 0)):
        rows = pooled.trial == value
        page.line(f"{name.capitalize()}: subjects with every covariate, of all")
        gone, total = pooled.left_out[name]
        said = f"time zero of the external: {options.time_zero}" if name == "external" else ""
        page.tally(total - gone, total, method=said or "complete covariates")
        page.line(f"{name.capitalize()}: events, of these")
        page.tally(pooled.event[rows].sum(), rows.sum())


def survival(page: Page, options: ExternalControl, pooled: Pooled) -> None:
    """Write survival of each group at the horizon as observed."""
    for name, value in (("trial", 1), ("external", 0)):
        rows = pooled.trial == value
        page.line(f"{name.capitalize()}: without event at day {options.horizon} (%)")
        counts = {"events": int(pooled.event[rows].sum()), "N": int(rows.sum())}
        found = survival_estimate(pooled.time[rows], pooled.event[rows], options.horizon)
        page.estimate("km", SURVIVAL, found, counts=counts)


def weighted(page: Page, options: ExternalControl, pooled: Pooled) -> None:
    """Write overlap, balance and both hazard ratios, trial over external."""
    fit = logistic(pooled.trial, pooled.matrix)
    if fit.note:
        raise NotDerivableError(f"propensity score: {fit.note.removeprefix('not estimable: ')}")
    weights = propensity_weights(pooled.trial, fit.fitted, options.weights)
    for name, value in (("trial", 1), ("external", 0)):
        mine, others = fit.fitted[pooled.trial == value], fit.fitted[pooled.trial != value]
        page.line(f"{name.capitalize()}: without a like in the other group")
        outside = (mine < others.min()) | (mine > others.max())
        page.tally(outside.sum(), mine.size, method=OVERLAP)
        page.line(f"{name.capitalize()}: effective number of subjects")
        size = effective_size(weights[pooled.trial == value])
        page.add("number", "Kish", {"N": int(mine.size), "estimate": size})
    note = not_estimable("it varies in neither group, or one has a single subject")
    for text, used in (("as observed", None), ("weighted", weights)):
        values = standardised_differences(pooled.trial, pooled.matrix, used)
        for name, value in zip(pooled.names, values.tolist(), strict=True):
            page.line(f"{name}, {text}")
            page.add("balance", STANDARDISED, {"estimate": value}, note=note)
    counts = {"events": int(pooled.event.sum()), "N": int(pooled.event.size)}
    page.line("Hazard ratio, trial over external, as observed")
    plain = cox(pooled.time, pooled.event, pooled.trial, names=("trial",))
    ratio_line(page, "cox", "Cox, Efron ties", plain, "", counts=counts)
    page.line("Hazard ratio, trial over external, weighted")
    clusters = np.arange(pooled.event.size)
    head = (pooled.time, pooled.event, pooled.trial)
    found = cox(*head, weights=weights, cluster=clusters, names=("trial",))
    ratio_line(page, "cox", WEIGHTED.format(options.weights), found, "", counts=counts)
