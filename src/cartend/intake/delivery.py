"""What a study's data folder holds once it is read."""

from typing import NamedTuple

import pandas as pd

from cartend.intake.stops import Stop


class Delivery(NamedTuple):
    """The tables by name, what was seen in them, and what must be settled before a number."""

    tables: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    stops: list[Stop]
