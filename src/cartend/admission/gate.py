"""The stops that need subjects, sets and endpoints, each a function of the trial."""

from collections.abc import Callable, Iterator

from cartend.admission.sets import empty_sets
from cartend.admission.trial import Admitted
from cartend.intake.stops import Stop

GATES: tuple[Callable[[Admitted], Iterator[Stop]], ...] = (empty_sets,)


def gate_stops(trial: Admitted) -> list[Stop]:
    """Return what must be settled before a number is made, in the order of the gates."""
    return [stop for gate in GATES for stop in gate(trial)]
