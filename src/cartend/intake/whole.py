"""Whether a SAS file is whole: its length held against what its header says."""

import re
import struct
from pathlib import Path

from cartend.intake.errors import DataError

RECORD = 80
LONGEST = 2**50
"""No file has more bytes; a header that says so is none that is understood."""
BLANK = b" "
MAGIC = b"\x00" * 12 + b"\xc2\xea\x81\x60"
NAMES = re.compile(rb"HEADER RECORD\*{7}NAM(?:ESTR|STV8) HEADER RECORD!{7}\d{6}(\d{4})")
ROWS = re.compile(rb"HEADER RECORD\*{7}OBS(?:  |V8) {3}HEADER RECORD!{7} *(\d+)")
MEMBER = re.compile(rb"HEADER RECORD\*{7}MEMB(?:ER|V8)  HEADER RECORD!{7}\d{26}(\d{4})")
WAY_OUT = "; bring the whole file"


def refuse_cut_transport(path: Path) -> None:
    """Stop where a transport file (XPT) was cut short, or holds a second dataset.

    1. It is made of records of 80 bytes. 2. Its header ends before its rows begin.
    3. What stands after its last whole row is blank, and no more than fills the last record.

    Raises
    ------
    DataError
        One sentence that names the file.
    """
    raw = path.read_bytes()
    if not raw.startswith(b"HEADER RECORD"):
        return
    cut = f"{path}: the transport file is cut short: "
    if len(raw) % RECORD:
        raise DataError(
            f"{cut}{len(raw)} bytes are no whole number of records of {RECORD} bytes{WAY_OUT}"
        )
    rows = ROWS.search(raw)
    members = list(MEMBER.finditer(raw))
    if rows is None or not members:
        raise DataError(f"{cut}its header ends before its rows begin{WAY_OUT}")
    if len(members) > 1:
        raise DataError(
            f"{path}: the transport file holds more than one dataset, and only the first would be "
            "read; write each into a file of its own"
        )
    row, left = _row_length(raw, int(members[0][1])), len(raw) - rows.start() - RECORD
    if row and left // row < int(rows[1]):
        raise DataError(f"{cut}{left // row} of the {int(rows[1])} rows of its header{WAY_OUT}")
    rest = raw[len(raw) - left % row :] if row and left % row else b""
    if len(rest) >= RECORD or rest.strip(BLANK):
        raise DataError(f"{cut}its last row has {left % row} of {row} bytes{WAY_OUT}")


def _row_length(raw: bytes, size: int) -> int:
    """Return the bytes of a row: the lengths of the variables that the header lists, 0 unknown."""
    found = NAMES.search(raw)
    if found is None:
        return 0
    start = found.start() + RECORD
    places = (start + i * size + 4 for i in range(int(found[1])))
    return sum(struct.unpack(">h", raw[at : at + 2])[0] for at in places)


def refuse_cut_sas7bdat(path: Path) -> None:
    """Stop where a SAS dataset is shorter than its header says: header and pages."""
    with path.open("rb") as file:
        head = file.read(288)
    if not head.startswith(MAGIC):
        return
    if len(head) < 288:
        raise DataError(f"{path}: the SAS dataset is cut short within its header{WAY_OUT}")
    wide, aligned = head[32:33] == b"3", head[35:36] == b"3"
    order, shift = ("<" if head[37:38] == b"\x01" else ">"), 4 * aligned
    header, page = struct.unpack(f"{order}II", head[196 + shift : 204 + shift])
    count = head[204 + shift : 204 + shift + (8 if wide else 4)]
    (pages,) = struct.unpack(f"{order}{'Q' if wide else 'I'}", count)
    size = path.stat().st_size
    whole = header + page * pages
    if size < whole <= LONGEST:
        raise DataError(f"{path}: the SAS dataset is cut short: {size} of {whole} bytes{WAY_OUT}")
