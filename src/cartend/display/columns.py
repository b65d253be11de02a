"""The columns of every efficacy table: all subjects or the arms, then bridging."""

from cartend.analysis.plan import comparisons, intended_arms
from cartend.config.study import Study
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.therapy import BRIDGE, BRIDGED, BRIDGED_WITH
from cartend.display.ard import Group, Results
from cartend.display.shell import Column


def efficacy_columns(study: Study) -> tuple[Column, ...]:
    """Return every column a table of this study may have; those without subjects are dropped.

    Single arm: bridging yes, no, the classes of those who had it, total. Randomised: the arms, then
    the same within each experimental arm; a total over arms that differ by design is no column.
    """
    if study.design == "single-arm":
        return (*_bridging("", "Bridging therapy"), Column("total", "Total", Group()))
    arms = tuple(
        Column(f"arm_{code}", arm.label, Group(code), "Randomised arm")
        for code, arm in study.arms.items()
    )
    intended = intended_arms(study)
    by_bridging = (
        _bridging(code, f"Bridging therapy, {study.arms[code].label}", several=len(intended) > 1)
        for code in intended
    )
    return (*arms, *(column for part in by_bridging for column in part))


def _bridging(arm: str, spanner: str, *, several: bool = False) -> tuple[Column, ...]:
    whose = f"{arm}_" if several else ""
    flags = [
        Column(f"flag_{whose}{code}", BRIDGED.label(code), Group(arm, "BRIDGEFL", code), spanner)
        for code in YES_NO
    ]
    classes = [
        Column(f"class_{whose}{code}", class_label(code), Group(arm, "BRIDGE", code), spanner)
        for code in BRIDGE.group("given")
    ]
    return (*flags, *classes)


def class_label(code: str) -> str:
    """Return what bridging was based on, as the heading of a column."""
    label = BRIDGED_WITH.label(code)
    return f"{label[:1].upper()}{label[1:]}"


def compared(
    study: Study, results: Results, columns: tuple[Column, ...]
) -> list[tuple[Group, str]]:
    """Return each comparison of the results with the id of the column it is printed in.

    That is the column of its experimental arm; a comparison without that column is left out.
    """
    places = {column.who: column.id for column in columns}
    held = results.comparisons(study)
    return [
        (Group(against.label), places[Group(against.experimental)])
        for against in comparisons(study)
        if Group(against.label) in held and Group(against.experimental) in places
    ]
