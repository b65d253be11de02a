"""How far the independent review and the investigator agree (R37, endpoints.md 5.5)."""

import pandas as pd

from cartend.analysis.ard import Ard, Cell, Place
from cartend.analysis.frames import FLAGS
from cartend.analysis.plan import arms
from cartend.config.definition import Definition
from cartend.config.rate import Rate
from cartend.config.study import Study
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.estimand import EVENT
from cartend.stats.agreement import discrepancy, kappa
from cartend.stats.results import not_estimable

PAIR = EVALUATOR.codes
LABEL = " vs ".join(PAIR)
KAPPA = "Cohen's kappa, unweighted"
DISCREPANCY = "discrepancy of progression, Amit et al. 2011"
PROGRESSION = EVENT.group("progression")


def agreement_rows(
    ard: Ard,
    study: Study,
    definitions: dict[str, Definition],
    adtte: pd.DataFrame,
    adrsp: pd.DataFrame,
) -> None:
    """Write agreement of every endpoint that both evaluators have, pooled and per arm.

    Rates: kappa of the answers. Times to event that count progression: how often only one of the
    two saw it, or saw it earlier. Only sets that do not depend on the evaluator have both.
    """
    for frame in (adrsp, adtte):
        for (paramcd, population), part in frame.groupby(["PARAMCD", "POP"], sort=True):
            definition = definitions.get(paramcd)
            apart = not set(PAIR) <= set(part["EVAL"])
            if definition is None or apart or population not in FLAGS:
                continue
            write = _kappa_rows if isinstance(definition, Rate) else _discrepancy_rows
            pairs = _paired(part, ["AVALC"] if write is _kappa_rows else ["EVNTDESC", "AVAL"])
            for arm in arms(study):
                chosen = pairs[pairs["ARMCD"] == arm] if arm else pairs
                write(ard.cell(Place(paramcd, population, LABEL, arm)), chosen)


def _paired(part: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return one row a subject with the columns of both evaluators, ``_x`` IRC and ``_y`` INV."""
    part = part[part["ANL01FL"] == "Y"]
    irc, inv = (part[part["EVAL"] == name] for name in PAIR)
    return irc[["USUBJID", "ARMCD", *columns]].merge(inv[["USUBJID", *columns]], on="USUBJID")


def _kappa_rows(cell: Cell, pairs: pd.DataFrame) -> None:
    first, second = (pairs[f"AVALC_{side}"].to_numpy().astype(str) for side in "xy")
    agreed = int((first == second).sum())
    cell.add("agreement", KAPPA, {"n": agreed, "N": len(pairs)})
    found = kappa(first, second)
    cell.add("agreement", KAPPA, {"kappa": found.estimate}, note=found.note)


def _discrepancy_rows(cell: Cell, pairs: pd.DataFrame) -> None:
    days = [
        pairs[f"AVAL_{side}"]
        .where(pairs[f"EVNTDESC_{side}"].isin(PROGRESSION))
        .to_numpy(dtype=float)
        for side in "xy"
    ]
    note = not_estimable("no progression to compare")
    for name, value in {"N": len(pairs), **discrepancy(*days)}.items():
        cell.add("agreement", DISCREPANCY, {name: value}, note=note if value is None else "")
