"""What the room `endpoint` reads of each table; the other columns are for people."""

from cartend.contract.datasets.dataset import Dataset
from cartend.contract.datasets.response import ADMRD, ADRS
from cartend.contract.datasets.subject import ADEVT

DATED = ("USUBJID", "ADT", "ADTF", "SRCDOM", "SRCVAR", "SRCSEQ")
"""What every dated record has: whose it is, its day, and the record that it comes from."""

BOUNDS = ("ADTLO", "ADTHI")
"""The earliest and the latest day that a record may have."""

CALL = "CALL"
"""``CALL<threshold>`` of ADMRD: the call of a sample at a threshold of the study."""

READ: dict[str, tuple[Dataset, tuple[str, ...]]] = {
    "adrs": (ADRS, (*DATED, "PARAMCD", "EVAL", "AVALC", "ANL01FL")),
    "adevt": (ADEVT, (*DATED, "KIND", "REASON", "PLANNED", "CLASS")),
    "admrd": (ADMRD, (*DATED, "AVALC", "ANL01FL", "ANL02FL", "LBSPEC", "IMAGNEG")),
}
"""By the name of the file: its contract, and the columns that are read."""
