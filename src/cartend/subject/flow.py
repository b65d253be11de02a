"""The flow of subjects from screening to infusion, with the reason of each loss."""

import pandas as pd

from cartend.subject.sets import NOT_STATED, REASON_ORDER

# step -> the ADSL date that proves it; a later step proves the earlier ones
STEPS = {
    "SCREENED": None,
    "ENROLLED": "ENRLDT",
    "LEUKAPHERESED": "LEUKDT",
    "LYMPHODEPLETED": "LDDT",
    "INFUSED": "TRTSDT",
}
COLUMNS = ["order", "step", "kind", "reason", "n"]


def furthest_step(adsl: pd.DataFrame) -> pd.Series:
    """Return the place in ``STEPS`` that each subject reached; randomisation proves enrolment."""
    reached = pd.Series(0, index=adsl.index)
    for place, column in enumerate(STEPS.values()):
        if column is not None:
            proof = adsl[column].notna()
            if column == "ENRLDT":
                proof |= adsl["ENRLFL"].eq("Y")
            reached = reached.where(~proof, place)
    return reached


def analysis_flow(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the flow as rows of order, step, kind, reason, n.

    ``kind`` is ``reached`` (subjects at a step), ``lost`` (subjects who went no further, by
    reason) or ``of whom`` (bridged, among the leukapheresed). The rows add up: reached = lost of
    that step + reached of the next. Give it the arm that is meant to be infused.
    """
    furthest = furthest_step(adsl)
    reasons = adsl["NOTINFRS"].where(adsl["NOTINFRS"].notna(), NOT_STATED)
    rows: list[tuple[str, str, str, int]] = []
    for place, step in enumerate(STEPS):
        rows.append((step, "reached", "", int((furthest >= place).sum())))
        if step == "LEUKAPHERESED":
            bridged = adsl["BRIDGEFL"].eq("Y") & (furthest >= place)
            rows.append(("BRIDGED", "of whom", "", int(bridged.sum())))
        if place < len(STEPS) - 1:
            counts = reasons[furthest == place].value_counts()
            rows += [
                (step, "lost", reason, int(counts[reason]))
                for reason in sorted(counts.index, key=_place)
            ]
    out = pd.DataFrame(rows, columns=["step", "kind", "reason", "n"])
    out.insert(0, "order", range(1, len(out) + 1))
    return out[COLUMNS]


def _place(reason: str) -> tuple[int, str]:
    known = REASON_ORDER.index(reason) if reason in REASON_ORDER else len(REASON_ORDER)
    return known, reason
