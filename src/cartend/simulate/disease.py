"""The typed form of ``diseases/<prefix>.yaml``: a disease's words in records, and its agents."""

from functools import cache
from typing import Annotated

from cartend.config.base import Model, Word
from cartend.contract.terms.general import YES_NO
from cartend.simulate.assumed import read
from cartend.simulate.clock import Range


class Agent(Model):
    """One drug: class of the contract, antigen it hits, elimination half-life in days."""

    cmclas: str | None
    target: str | None = None
    half_life: float | None = None


class Dose(Model):
    """The dose of the product: a range and its unit; ``lower`` are earlier dose levels."""

    low: float
    high: float
    unit: str
    level: str
    lower: dict[str, float] = {}


class Bridging(Model):
    """One kind of bridging: what is given together, and whether it is intensive chemotherapy."""

    agents: tuple[str, ...]
    intensive: Annotated[str, Word(*YES_NO)] | None = None


class Regimen(Model):
    """One line of therapy: its agents, how many cycles, and what is given afterwards."""

    name: str
    share: float = 1.0
    agents: tuple[str, ...]
    cycles: tuple[int, int]
    maintenance: str | None = None


class Earlier(Model):
    """A line before the others, in a share of those with one baseline fact."""

    fact: str
    word: str
    share: float
    regimen: Regimen


class Added(Model):
    """Agents that those with one baseline fact receive besides, one of each list a line."""

    fact: str
    word: str
    agents: tuple[tuple[str, ...], ...]


class Prior(Model):
    """Therapy before the trial.

    ``lines``: share of subjects by number of lines. ``steps``: the regimens of line 1, 2, ...; the
    last holds for all later lines. ``response``: best response; ``failed``: that of a line without
    effect. ``on_treatment``: share of responders that progress under treatment; ``free``: days
    from the last dose to the relapse of the others.
    """

    lines: dict[int, float]
    earlier: Earlier | None = None
    steps: tuple[tuple[Regimen, ...], ...]
    added: Added | None = None
    response: dict[str, float]
    failed: dict[str, float]
    on_treatment: float
    free: Range


class Disease(Model):
    """One disease: criteria and readers, product, bridging, later and prior therapy.

    ``relapse``: progression after remission has a category of its own. ``pet``: PET-CT rows stand
    beside CT rows. ``readers``: two central readers and an adjudicator.
    ``paediatric``: the eligibility limits of the neuroblastoma record. ``basis``: what shows a
    progression. ``burden``: typical TUMBURD; without it, it is a marrow percentage.
    """

    rscat: str
    relapse: bool = False
    pet: bool = False
    readers: bool = False
    paediatric: bool = False
    method: str | None = None
    reported: dict[str, str] = {}
    basis: dict[str, float]
    product: str
    dose: Dose
    burden: float | None = None
    bridging: dict[str, Bridging]
    later: dict[str, float]
    cellular: str
    conditioning: str
    prior_transplant: str = "AUTOLOGOUS HSCT"
    prior: Prior


@cache
def load_disease(prefix: str) -> Disease:
    """Return one disease of the synthetic trials, by the prefix of its subjects."""
    return Disease.model_validate(read(f"diseases/{prefix}.yaml"))


@cache
def load_agents() -> dict[str, Agent]:
    """Return every agent of the synthetic trials by name."""
    return {name: Agent.model_validate(agent) for name, agent in read("agents.yaml").items()}
