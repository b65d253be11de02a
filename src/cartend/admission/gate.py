"""The stops that need subjects, sets and endpoints, each a function of the trial."""

from collections.abc import Callable, Iterator

from cartend.admission.arms import (
    arms_without_subject,
    contradictory_arms,
    subjects_without_arm,
    unknown_arms,
)
from cartend.admission.doses import doses_without_role
from cartend.admission.evaluators import evaluators_without_record, times_without_record
from cartend.admission.sets import empty_sets, infusions_without_record
from cartend.admission.strata import columns_without_value, subjects_without_level
from cartend.admission.trial import Admitted
from cartend.intake.stops import Stop

GATES: tuple[Callable[[Admitted], Iterator[Stop]], ...] = (
    empty_sets,
    infusions_without_record,
    unknown_arms,
    arms_without_subject,
    contradictory_arms,
    subjects_without_arm,
    columns_without_value,
    subjects_without_level,
    evaluators_without_record,
    times_without_record,
    doses_without_role,
)


def gate_stops(trial: Admitted) -> list[Stop]:
    """Return what must be settled before a number is made, in the order of the gates."""
    return [stop for gate in GATES for stop in gate(trial)]
