"""Which stops a study file accepts, and why it cannot accept others (decision D39)."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from cartend.config.acceptance import Acceptance
from cartend.contract.datasets.admission import ACCEPTED
from cartend.contract.terms.admission import STOP
from cartend.contract.text import normal
from cartend.intake.stops import Stop, as_table, from_table


class Settled(NamedTuple):
    """The stops that are left, those that the study file accepts, and what met no stop.

    ``unmet`` holds the keys of ``accept`` that name no stop of this run.
    """

    left: list[Stop]
    accepted: pd.DataFrame
    unmet: list[str]


def settle(stops: list[Stop], accept: Mapping[str, Acceptance]) -> Settled:
    """Part the stops into those that are left and those that are accepted.

    1. Stops on one thing are one, whose counts are added.
    2. An acceptance is matched by the id of a stop and what it names, and holds for its count.
    3. Where the count has changed it has lapsed, and the stop says so.
    4. A stop of the group ``final`` is never accepted, and says so.
    """
    words = {normal(key): taken for key, taken in accept.items()}
    left, rows, met = [], [], set()
    for stop in from_table(as_table(stops)):
        taken = words.get(normal(stop.key))
        met.add(normal(stop.key))
        if taken is None:
            left.append(stop)
        elif stop.id in STOP.group("final"):
            left.append(_told(stop, "a stop of this kind cannot be accepted"))
        elif taken.count != stop.count:
            left.append(_told(stop, f"accept counts {taken.count}, and there are {stop.count}"))
        else:
            rows.append((*stop[:4], taken.reason))
    table = pd.DataFrame(rows, columns=ACCEPTED.names).astype({"count": "int64"})
    return Settled(left, table, [key for key in accept if normal(key) not in met])


def _told(stop: Stop, why: str) -> Stop:
    return stop._replace(sentence=f"{stop.sentence} ({why})")
