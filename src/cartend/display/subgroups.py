"""The primary endpoint by subgroup: its table."""

from cartend.analysis.safety.catalog import Entry
from cartend.contract.datasets.results import ADRSP, ADTTE
from cartend.display.ard import Ard
from cartend.display.safety import page_table
from cartend.display.shell import Shell
from cartend.display.words import Heading

NAME = "subgroups"
ENTRY = Entry(
    NAME,
    "Primary endpoint by subgroup",
    "R01, R11, guideline lines 67-71 and 154-157",
    (ADTTE, ADRSP),
)
SAID = (
    "Subgroups are described side by side. A p-value says whether the levels differ and is "
    "descriptive; bridging is chosen after enrolment and has none."
)


def subgroup_table(heading: Heading, ard: Ard) -> Shell | None:
    """Return the table, None where the results hold no subgroup."""
    results = ard.of(NAME, "", "")
    if not results.groups:
        return None
    return page_table(heading, ENTRY, results, (SAID,), "subgroups", "safety")
