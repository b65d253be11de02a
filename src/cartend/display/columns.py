"""The columns of every efficacy table: all subjects or the arms, then bridging."""

from cartend.config.study import Study
from cartend.display import labels
from cartend.display.ard import Group
from cartend.display.shell import Column

FLAGS = ("Y", "N")
CLASSES = ("NONE", "ALKYLATOR", "IMID", "OTHER")
CLASS_LABEL = {"ALKYLATOR": "Alkylator", "IMID": "IMiD", "OTHER": "Other"}


def efficacy_columns(study: Study) -> tuple[Column, ...]:
    """Return every column a table of this study may have; those without subjects are dropped.

    Single arm: bridging yes, no, the classes of those who had it, total. Randomised: the arms, then
    the same within the experimental arm; a total over arms that differ by design is no column.
    """
    if study.design == "single-arm":
        return (*_bridging("", "Bridging therapy"), Column("total", "Total", Group()))
    arms = tuple(
        Column(f"arm_{code}", arm.label, Group(code), "Randomised arm")
        for code, arm in study.arms.items()
    )
    code = study.arm_of_role("experimental")
    return (*arms, *_bridging(code, f"Bridging therapy, {study.arms[code].label}"))


def _bridging(arm: str, spanner: str) -> tuple[Column, ...]:
    flags = [
        Column(f"flag_{code}", labels.BRIDGEFL[code], Group(arm, "BRIDGEFL", code), spanner)
        for code in FLAGS
    ]
    classes = [
        Column(f"class_{code}", CLASS_LABEL[code], Group(arm, "BRIDGE", code), spanner)
        for code in CLASSES
        if code != "NONE"
    ]
    return (*flags, *classes)


def experimental_column(study: Study, columns: tuple[Column, ...]) -> str:
    """Return the id of the column in which comparisons of the arms are printed."""
    wanted = f"arm_{study.arm_of_role('experimental')}"
    return wanted if any(column.id == wanted for column in columns) else ""
