"""Checks of the results: what must add up, and what must have a value or a reason."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cartend.analysis.ard import Place
from cartend.analysis.counts import BESIDE_PREFIX
from cartend.analysis.evidence import Check, Evidence, Violation
from cartend.contract.datasets.results import ARD
from cartend.contract.terms.results import ACCOUNT, BESIDE

CELL = list(Place._fields)
BLOCK = ["paramcd", "population", "evaluator"]
IDENTITY = 1e-10


def counts_off(evidence: Evidence) -> Iterator[Violation]:
    """Find groups whose events and censorings, or whose answers, do not add up to N."""
    rows = _of(evidence, "count")
    beside = rows["event"].isin(BESIDE.codes) | rows["event"].str.startswith(BESIDE_PREFIX)
    rows = rows[~beside & ~rows["paramcd"].isin(ACCOUNT.codes)]
    yield from _not_adding_up(rows, "events and censorings")


def states_off(evidence: Evidence) -> Iterator[Violation]:
    """Find groups whose states do not add up to N."""
    rows = _of(evidence, "count")
    yield from _not_adding_up(rows[rows["event"].str.startswith("STATE ")], "states")


def categories_off(evidence: Evidence) -> Iterator[Violation]:
    """Find groups whose categories of best response do not add up to N."""
    rates = [
        paramcd
        for paramcd, definition in evidence.definitions.items()
        if getattr(definition, "variable", "") == "best_response"
    ]
    rows = _of(evidence, "proportion")
    yield from _not_adding_up(rows[rows["paramcd"].isin(rates)], "categories")


def events_off(evidence: Evidence) -> Iterator[Violation]:
    """Find groups whose number of subjects in the Kaplan-Meier estimate is not that of ADTTE."""
    summary = _wide(_of(evidence, "km"), "time")
    frame = evidence.adtte
    if "ANL01FL" in frame:
        frame = frame[frame["ANL01FL"].fillna("Y") == "Y"]
    whole = summary[(summary["arm"] == "") & (summary["by"] == "")]
    for row in whole.itertuples():
        key = (row.paramcd, row.population, row.evaluator)
        part = frame[(frame["PARAMCD"] == key[0]) & (frame["POP"] == key[1])]
        part = part[(part["EVAL"] == key[2]) & part["AVAL"].notna()]
        found = (len(part), int((part["CNSR"] == 0).sum()))
        if found != (row.N, row.events):
            message = f"{row.N:.0f} subjects, {row.events:.0f} events; ADTTE has {found}"
            yield Violation(*key, 1, message)


def not_one(evidence: Evidence) -> Iterator[Violation]:
    """Find curves where the incidences and the probability of no event do not add up to 1 (D17).

    1. The incidences of all states are added at every time.
    2. The probability of no event is the product of 1 - d/n over the same times, d the events of
       every state: Kaplan-Meier of STATE > 0, computed here from the counts alone.
    """
    cif = evidence.curves[evidence.curves["curve"] == "cif"]
    keys = [*CELL, "time"]
    sums = cif.groupby(keys, sort=True).agg(
        estimate=("estimate", "sum"), n_event=("n_event", "sum"), n_risk=("n_risk", "first")
    )
    sums["factor"] = 1 - sums["n_event"] / sums["n_risk"].where(sums["n_risk"] > 0, 1)
    free = sums.groupby(level=CELL)["factor"].cumprod()
    gap = (sums["estimate"] + free - 1).abs().groupby(level=BLOCK).max()
    for key, size in gap[~(gap <= IDENTITY)].items():
        yield Violation(*key, 1, f"the sum differs from 1 by {size:.2g}")


def not_monotone(evidence: Evidence) -> Iterator[Violation]:
    """Find Kaplan-Meier curves that rise and incidences that fall."""
    frame = evidence.curves[evidence.curves["curve"] != "state"]  # a state may be left again
    frame = frame.sort_values([*CELL, "curve", "event", "time"], kind="stable")
    keys = [*CELL, "curve", "event"]
    step = frame.groupby(keys, sort=False)["estimate"].diff()
    wrong = np.where(frame["curve"] == "km", step > 1e-12, step < -1e-12)
    yield from _by_block(frame[wrong], "curve goes the wrong way")


def estimates_rise(evidence: Evidence) -> Iterator[Violation]:
    """Find Kaplan-Meier estimates at the reporting times that rise with time."""
    rows = _of(evidence, "km")
    rows = rows[(rows["statistic"] == "estimate") & rows["value"].notna()]
    rows = rows.sort_values([*CELL, "method", "time"], kind="stable")
    step = rows.groupby([*CELL, "method"], sort=False)["value"].diff()
    yield from _by_block(rows[step > 1e-12], "the estimate rises with time")


def without_reason(evidence: Evidence) -> Iterator[Violation]:
    """Find numbers that are missing without a note."""
    rows = evidence.ard
    yield from _by_block(rows[rows["value"].isna() & (rows["note"] == "")], "no value and no note")


def outside_limits(evidence: Evidence) -> Iterator[Violation]:
    """Find estimates that lie outside their own interval."""
    rows = evidence.ard[evidence.ard["statistic"].isin(("estimate", "lower", "upper"))]
    wide = _wide(rows, "")
    low, high = wide["lower"] - wide["estimate"], wide["estimate"] - wide["upper"]
    scale = 1e-9 * wide["estimate"].abs().clip(lower=1)
    yield from _by_block(wide[(low > scale) | (high > scale)], "estimate outside its interval")


def _of(evidence: Evidence, analysis: str) -> pd.DataFrame:
    return evidence.ard[evidence.ard["analysis"] == analysis]


def _not_adding_up(rows: pd.DataFrame, what: str) -> Iterator[Violation]:
    """Yield the cells whose n over all categories is not N, or whose N differ."""
    wide = rows.pivot_table(index=[*CELL, "event"], columns="statistic", values="value")
    if not len(wide):
        return
    cells = wide.groupby(level=CELL).agg(n=("n", "sum"), low=("N", "min"), high=("N", "max"))
    bad = cells[(cells["n"] != cells["low"]) | (cells["n"] != cells["high"])]
    for key, part in bad.groupby(level=BLOCK):
        first = part.iloc[0]
        message = f"{what} add up to {first['n']:.0f} of {first['high']:.0f}"
        yield Violation(*key, len(part), message)


def _wide(rows: pd.DataFrame, blank: str) -> pd.DataFrame:
    """Return one row an estimate, its statistics as columns; ``blank`` must be empty."""
    if blank:
        rows = rows[rows[blank].isna()]
    keys = [name for name in ARD.key[ARD.key.index(CELL[0]) :] if name != "statistic"]
    indexed = rows.fillna({"prob": -1, "time": -1}).set_index([*keys, "statistic"])["value"]
    return indexed.unstack("statistic").reset_index()


def _by_block(rows: pd.DataFrame, what: str) -> Iterator[Violation]:
    for key, part in rows.groupby(BLOCK, sort=True):
        yield Violation(*key, len(part), f"{what}: {_where(part.iloc[0])}")


def _where(row: pd.Series) -> str:
    names = ("analysis", "curve", "statistic", "arm", "by", "level", "event", "time")
    return ", ".join(
        f"{n} {row[n]}" for n in names if n in row and row[n] not in ("", -1) and row[n] == row[n]
    )


CHECKS = (
    Check(
        "ARD-COUNT",
        "Event types and censoring reasons, and the answers to a rate, add up to N.",
        counts_off,
        needs=("ard",),
    ),
    Check("ARD-STATE", "The states of a competing-risk endpoint add up to N.", states_off),
    Check("ARD-BOR", "The categories of best response add up to N.", categories_off),
    Check(
        "ARD-N",
        "The Kaplan-Meier estimate counts the subjects and events of ADTTE.",
        events_off,
        needs=("adtte", "ard"),
    ),
    Check(
        "CIF-ONE",
        "The cumulative incidences of all states and the Kaplan-Meier estimate of no event add up "
        "to 1 at every time.",
        not_one,
        needs=("curves",),
    ),
    Check(
        "CURVE-MONOTONE",
        "A Kaplan-Meier curve never rises, a cumulative incidence never falls.",
        not_monotone,
        needs=("curves",),
    ),
    Check(
        "ARD-MONOTONE",
        "The Kaplan-Meier estimate does not rise from one reporting time to the next.",
        estimates_rise,
        needs=("ard",),
    ),
    Check("ARD-NOTE", "A number that is missing has a note that says why.", without_reason),
    Check(
        "ARD-LIMITS",
        "An estimate lies inside its interval.",
        outside_limits,
        needs=("ard",),
    ),
)
