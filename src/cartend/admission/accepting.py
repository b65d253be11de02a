"""Which stops a study file accepts, and why it cannot accept others (decision D39)."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from cartend.config.acceptance import Acceptance
from cartend.contract.datasets.admission import ACCEPTED
from cartend.contract.terms.admission import STOP
from cartend.contract.text import normal
from cartend.intake.stops import Stop


class Settled(NamedTuple):
    """The stops that are left, and the table of those that the study file accepts."""

    left: list[Stop]
    accepted: pd.DataFrame


def settle(stops: list[Stop], accept: Mapping[str, Acceptance]) -> Settled:
    """Part the stops into those that are left and those that are accepted.

    1. An acceptance is matched by the id of a stop and what it names, and holds for its count.
    2. Where the count has changed it has lapsed, and the stop says so.
    3. A stop of the group ``final`` is never accepted, and says so.
    """
    words = {normal(key): taken for key, taken in accept.items()}
    left, rows = [], []
    for stop in stops:
        taken = words.get(normal(stop.key))
        if taken is None:
            left.append(stop)
        elif stop.id in STOP.group("final"):
            left.append(_told(stop, "a stop of this kind cannot be accepted"))
        elif taken.count != stop.count:
            left.append(_told(stop, f"accept counts {taken.count}, and there are {stop.count}"))
        else:
            rows.append((*stop[:4], taken.reason))
    table = pd.DataFrame(rows, columns=ACCEPTED.names).astype({"count": "int64"})
    return Settled(left, table.drop_duplicates(["id", "what"], ignore_index=True))


def _told(stop: Stop, why: str) -> Stop:
    return stop._replace(sentence=f"{stop.sentence} ({why})")
