"""The safety pages of a study, in their order: name in the results, title, what each serves."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One safety page."""

    name: str
    title: str
    requirement: str


CATALOG = (
    Entry("exposure", "Exposure", "R12, guideline lines 158-161"),
    Entry("first_dosing", "First infusions of adults and children", "R02, guideline lines 72-76"),
    Entry(
        "special_interest",
        "Adverse events of special interest",
        "R38-R40, guideline lines 322-340",
    ),
    Entry("deaths", "Deaths by cause", "R38, guideline lines 322-330"),
    Entry("second_malignancies", "Second malignancies", "R42, R43, R45, guideline lines 350-362"),
)
NAMES = tuple(entry.name for entry in CATALOG)
