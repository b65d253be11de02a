"""Stops of analysis sets: nobody stands in a set on which a deciding endpoint rests."""

from collections.abc import Iterator

from cartend.admission.trial import Admitted
from cartend.contract.datasets.adam import BROUGHT_AS
from cartend.contract.terms.estimand import POPULATION, POPULATION_ORIGIN
from cartend.contract.terms.roles import ROLE
from cartend.contract.text import conjoined
from cartend.intake.stops import Stop
from cartend.subject.schedules import ANCHOR_DATE


def empty_sets(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each empty set, with the endpoints that rest on it."""
    resting: dict[str, list[str]] = {}
    for name, definition in trial.deciding.items():
        resting.setdefault(trial.deciding_set(definition), []).append(name)
    for population, names in resting.items():
        if trial.members(population).empty:
            origin = POPULATION_ORIGIN.get(population, "infusion")
            sentence = (
                f"{trial.study.id}: nobody is in the set {population} "
                f"({POPULATION.label(population).lower()}), on which {conjoined(names)} "
                f"rest{'s' if len(names) == 1 else ''}: no record is one of {ROLE.label(origin)}"
            )
            yield Stop("S-SET", population, len(names), sentence, way_out(trial, origin))


def way_out(trial: Admitted, origin: str) -> str:
    """Return how a study says which records bring a subject into a set."""
    if trial.study.entry == "adam":
        column = BROUGHT_AS.get(ANCHOR_DATE[origin], ANCHOR_DATE[origin])
        return f"name the column with its date as adam: {{columns: {{adsl: {{{column}: ...}}}}}}"
    return f"name the records of it as records: {{{origin}: ...}} in the study file"
