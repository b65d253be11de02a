"""What a study's data folder holds once it is read."""

from typing import NamedTuple

import pandas as pd

from cartend.intake.stops import Stop


class Delivery(NamedTuple):
    """The tables by name, what was seen in them, and what must be settled before a number.

    ``rows`` accounts for every row of the files (contract ROWS), ``words`` for every word by which
    records are told apart (contract WORDS).
    """

    tables: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    stops: list[Stop]
    rows: pd.DataFrame
    words: pd.DataFrame
