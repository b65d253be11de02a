"""What explanations show: of a subject's row, its timeline, and of two definitions that differ."""

from cartend.contract.datasets.dataset import dataset
from cartend.contract.datasets.results import ADRSP, ADTTE


def _columns_of(known: list[str], wanted: str) -> tuple[str, ...]:
    names = tuple(wanted.split())
    foreign = [name for name in names if name not in known]
    if foreign:
        raise ValueError(f"no column {foreign[0]}")
    return names


ADTTE_ROW = _columns_of(
    ADTTE.names,
    "STARTDT STARTDTF ADT ADTF AVAL CNSR EVNTDESC CNSDTDSC STATE STATEDESC SRCDOM SRCVAR SRCSEQ"
    " RULEID ESTABDT ANL01FL TAGS",
)
ADRSP_ROW = _columns_of(ADRSP.names, "AVALC ADT SRCDOM SRCVAR SRCSEQ RULEID REASON ANL01FL")
"""What the explanation of a subject prints of its row, in the order in which it is read."""

TIMELINE = dataset(
    "TIMELINE",
    "Timeline of a subject",
    """
ADT    date Date
DAY    text Days since the origin of the study
WHAT   text What happened
SOURCE text Source record
""",
)

DIFFERENCES = dataset(
    "DIFFERENCES",
    "Subjects with another result under another definition",
    """
USUBJID   text! Unique subject identifier
CHANGE    text! Kind of change
PARAMCD_A text  Endpoint of A
EVAL_A    text  Evaluator of A
POP_A     text  Analysis set of A
PARAMCD_B text  Endpoint of B
EVAL_B    text  Evaluator of B
POP_B     text  Analysis set of B
""",
    open_=True,
)
"""The columns of ``ONE_SIDE`` stand to the right, once with _A and once with _B."""

ONE_SIDE = dataset(
    "ONE_SIDE",
    "One side of a difference",
    """
RESULT text   Event, reason of censoring, or category
ADT    date   Date
AVAL   number Time in days
RULEID text   Rule
RECORD text   Source record
WHY    text   What the other definition says of it
""",
)
