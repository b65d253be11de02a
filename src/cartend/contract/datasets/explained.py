"""What the explanation of a subject prints of its row, in the order in which it is read."""

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
