"""Which records an endpoint reads: the roles by which its definition finds them."""

from collections.abc import Iterator

from cartend.admission.trial import Admitted
from cartend.config.definition import Definition, TimeToEvent
from cartend.config.rate import Rate
from cartend.contract.terms.estimand import (
    EVENT_TYPE,
    ORIGIN_SET,
    POPULATION_FLAG,
    POPULATION_ORIGIN,
)
from cartend.contract.terms.grammar import RATE_VARIABLE
from cartend.contract.terms.reads import ALWAYS, BY_CENSORING, BY_TYPE


def roles_read(trial: Admitted, definition: Definition) -> frozenset[str]:
    """Return the roles of the records from which an endpoint's dates and answers follow."""
    found = set(_of_start(trial, definition))
    if isinstance(definition, Rate):
        found |= set(_of_rate(definition))
    else:
        assert isinstance(definition, TimeToEvent)
        found |= set(_of_time(definition))
    if "response" in found and trial.study.response_source == "algorithmic":
        found.add("component")
    return frozenset(found)


def from_assessments(trial: Admitted, definition: Definition) -> bool:
    """Return whether an endpoint follows from an evaluator's assessments of response."""
    return definition.evaluator != "none" and "response" in roles_read(trial, definition)


def _of_start(trial: Admitted, definition: Definition) -> Iterator[str]:
    """Yield the roles by which a subject is in the sets of an endpoint, and its origin."""
    for population in definition.population:
        yield POPULATION_ORIGIN.get(trial.base_of(population), "infusion")
        if population not in POPULATION_FLAG:
            yield "mrd_sample" if population.startswith("MRD") else "response"
    origin = trial.study.origin if definition.origin == "study" else definition.origin
    if origin in ORIGIN_SET:
        yield "mrd_sample" if origin == "first_mrd_neg" else "response"
    else:
        yield origin


def _of_rate(definition: Rate) -> Iterator[str]:
    samples = definition.variable in RATE_VARIABLE.group("samples")
    yield "mrd_sample" if samples else "response"
    if samples and definition.with_response is not None:
        yield "response"
    yield from ALWAYS
    if definition.new_therapy != "treatment_policy":
        yield "new_therapy"
    if definition.hsct != "treatment_policy":
        yield "transplantation"
    if definition.reinfusion != "treatment_policy":
        yield "infusion"


def _of_time(definition: TimeToEvent) -> Iterator[str]:
    for event in definition.events.values():
        yield from _of_type(event.type, event.role)
        if event.cause_in is not None or event.cause_not_in:
            yield "cause_of_death"
    for other in definition.intercurrent_events.values():
        if {other.strategy, other.otherwise} != {"treatment_policy"}:
            yield from _of_type(other.type, other.role)
    for rule in definition.censoring.values():
        yield from BY_CENSORING[rule.type]
    if definition.clinical_progression != "ignore":
        yield "disposition"
    yield from ALWAYS


def _of_type(kind: str, role: str) -> tuple[str, ...]:
    if kind == "RECORD":
        return (role,)
    assert kind in BY_TYPE or kind in EVENT_TYPE
    return BY_TYPE.get(kind, ("response",))
