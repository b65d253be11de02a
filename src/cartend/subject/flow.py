"""The flow of subjects from screening to treatment, with the reason of each loss."""

import pandas as pd

from cartend.contract.datasets.subject import CONTROL_STEP_DATE, STEP_DATE
from cartend.contract.terms.disposition import NOT_INFUSED
from cartend.subject.sets import NOT_STATED

OTHER_AGES = "OTHER AGE GROUP"
COLUMNS = ["order", "step", "kind", "reason", "n"]


def furthest_step(adsl: pd.DataFrame, steps: dict[str, str | None] = STEP_DATE) -> pd.Series:
    """Return the place in ``steps`` that each subject reached; randomisation proves enrolment.

    A subject of an age that the study leaves out goes no further than screening.
    """
    reached = pd.Series(0, index=adsl.index)
    for place, column in enumerate(steps.values()):
        if column is not None:
            proof = adsl[column].notna()
            if column == "ENRLDT":
                proof |= adsl["ENRLFL"].eq("Y")
            reached = reached.where(~proof, place)
    return reached.where(~_left_out(adsl), 0)


def _left_out(adsl: pd.DataFrame) -> pd.Series:
    inside = adsl["AGEINFL"] if "AGEINFL" in adsl else pd.Series("Y", index=adsl.index)
    return inside.eq("N")


def analysis_flow(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the flow to infusion as rows of order, step, kind, reason, n.

    ``kind`` is ``reached`` (subjects at a step), ``lost`` (subjects who went no further, by
    reason) or ``of whom`` (bridged and not, among the leukapheresed). The rows add up: reached =
    lost of that step + reached of the next. Give it the arm that is meant to be infused.
    """
    bridged = adsl["BRIDGEFL"].eq("Y")
    besides = {"LEUKAPHERESED": {"BRIDGED": bridged, "NOT BRIDGED": ~bridged}}
    return _rows(adsl, STEP_DATE, adsl["NOTINFRS"], besides)


def control_flow(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the flow of a control arm, to its first dose, in the form of ``analysis_flow``.

    Who was not treated is lost by the reason of leaving the study; who crossed over to CAR-T
    stands beside the treated.
    """
    crossed = adsl["XODT"].notna()
    besides = {"CONTROL TREATED": {"CROSSOVER": crossed}}
    return _rows(adsl, CONTROL_STEP_DATE, adsl["DCSREAS"], besides)


def _rows(
    adsl: pd.DataFrame,
    steps: dict[str, str | None],
    reasons: pd.Series,
    besides: dict[str, dict[str, pd.Series]],
) -> pd.DataFrame:
    furthest = furthest_step(adsl, steps)
    reasons = reasons.where(reasons.notna(), NOT_STATED).where(~_left_out(adsl), OTHER_AGES)
    rows: list[tuple[str, str, str, int]] = []
    for place, step in enumerate(steps):
        rows.append((step, "reached", "", int((furthest >= place).sum())))
        for name, mask in besides.get(step, {}).items():
            rows.append((name, "of whom", "", int((mask & (furthest >= place)).sum())))
        if place < len(steps) - 1:
            counts = reasons[furthest == place].value_counts()
            rows += [
                (step, "lost", reason, int(counts[reason]))
                for reason in sorted(counts.index, key=_place)
            ]
    out = pd.DataFrame(rows, columns=["step", "kind", "reason", "n"])
    out.insert(0, "order", range(1, len(out) + 1))
    _assert_adds_up(out)
    return out[COLUMNS]


def _assert_adds_up(flow: pd.DataFrame) -> None:
    """Assert that each step is its losses and the next step."""
    reached = flow[flow["kind"].eq("reached")].set_index("step")["n"]
    lost = flow[flow["kind"].eq("lost")].groupby("step")["n"].sum()
    rest = reached - reached.shift(-1, fill_value=reached.iloc[-1])
    assert rest.eq(lost.reindex(reached.index, fill_value=0)).all(), flow.to_string()


def _place(reason: str) -> tuple[int, str]:
    return NOT_INFUSED.place.get(reason, len(NOT_INFUSED)), reason
