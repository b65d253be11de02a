"""The safety pages of a study, in their order: name in the results, title, what each serves."""

from typing import NamedTuple

from cartend.contract.datasets.dataset import Dataset
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADAE, ADEVT, ADSL


class Entry(NamedTuple):
    """One safety page; ``sources`` are the datasets that it is written from."""

    name: str
    title: str
    requirement: str
    sources: tuple[Dataset, ...]


CATALOG = (
    Entry("exposure", "Exposure", "R12, guideline lines 158-161", (ADSL,)),
    Entry(
        "first_dosing",
        "First infusions of adults and children",
        "R02, guideline lines 72-76",
        (ADSL, ADAE),
    ),
    Entry(
        "special_interest",
        "Adverse events of special interest",
        "R38-R40, guideline lines 322-340",
        (ADSL, ADAE),
    ),
    Entry("deaths", "Deaths by cause", "R38, guideline lines 322-330", (ADSL, ADTTE)),
    Entry(
        "second_malignancies",
        "Second malignancies",
        "R42, R43, R45, guideline lines 350-362",
        (ADSL, ADAE, ADEVT),
    ),
)
NAMES = tuple(entry.name for entry in CATALOG)
