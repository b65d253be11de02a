"""What is described and not estimated: completeness of follow-up, time to response."""

import numpy as np
import pandas as pd

from cartend.analysis.ard import Cell
from cartend.analysis.counts import BEFORE_INFUSION, SUBJECTS
from cartend.analysis.frames import FLAGS, Block
from cartend.config.definition import Definition
from cartend.config.sentences import population_origin
from cartend.config.study import Study
from cartend.contract.datasets.subject import MILESTONE_DATE
from cartend.contract.terms.estimand import ORIGIN
from cartend.stats.results import not_estimable

ORIGIN_DATE = {origin: MILESTONE_DATE[origin] for origin in ORIGIN.group("anchor")}
CLARK = "Clark's C: observed over potential person-time"
TO_RESPONSE = "days from the origin to the response, responders only"


def potential_days(block: Block, adsl: pd.DataFrame) -> np.ndarray | None:
    """Return the days from origin to data cut-off of every row, None without these dates."""
    if "STARTDT" not in block.frame or "CUTDT" not in adsl:
        return None
    cut = block.frame["USUBJID"].map(adsl.set_index("USUBJID")["CUTDT"])
    return ((cut - block.frame["STARTDT"]).dt.days + 1).to_numpy(dtype=float)


def completeness_row(
    cell: Cell, time: np.ndarray, event: np.ndarray, potential: np.ndarray
) -> None:
    """Write the completeness of follow-up (Clark, Altman and De Stavola, Lancet 2002).

    Observed person-time over the person-time up to the event or, without one, to the cut-off.
    """
    whole = np.where(event > 0, time, np.maximum(potential, time)).sum()
    known = bool(time.size) and np.isfinite(whole)
    value = float(time.sum() / whole) if known else None
    note = "" if known else not_estimable("no subjects" if not time.size else "dates are missing")
    cell.add("completeness", CLARK, {"estimate": value}, note=note)


def days_to_response(
    block: Block, definition: Definition, study: Study, adsl: pd.DataFrame
) -> np.ndarray | None:
    """Return the day of each subject's response, counted from 1 at the origin (D1)."""
    origin = definition.origin
    if origin == "study":
        fixed = block.population in FLAGS
        origin = population_origin(block.population) if fixed else study.origin
    start = ORIGIN_DATE.get(origin, "")
    if start not in adsl or "ADT" not in block.frame:
        return None
    started = block.frame["USUBJID"].map(adsl.set_index("USUBJID")[start])
    return ((block.frame["ADT"] - started).dt.days + 1).to_numpy(dtype=float)


def response_time_rows(cell: Cell, days: np.ndarray) -> None:
    """Write number, median and range of the days to response of the responders."""
    days = days[np.isfinite(days)]
    values = {"n": int(days.size), "median": None, "min": None, "max": None}
    if days.size:
        values |= {"median": float(np.median(days)), "min": days.min(), "max": days.max()}
    note = "" if days.size else not_estimable("no responders")
    cell.add("time_to_response", TO_RESPONSE, values, note=note)


def before_infusion_row(cell: Cell, block: Block, yes: np.ndarray, adsl: pd.DataFrame) -> None:
    """Write how many of the responders responded before infusion, or without one (D15)."""
    if "TRTSDT" not in adsl or "ADT" not in block.frame:
        return
    infused = block.frame["USUBJID"].map(adsl.set_index("USUBJID")["TRTSDT"])
    early = (~(block.frame["ADT"] >= infused)).to_numpy() & yes
    cell.add("count", SUBJECTS, {"n": int(early.sum()), "N": int(yes.sum())}, event=BEFORE_INFUSION)
