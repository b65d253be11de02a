"""Which values of two resolved definitions differ, path by path."""

from dataclasses import dataclass
from typing import Any

from cartend.contract.terms.estimand import SET_RULE
from cartend.explain.errors import ExplainError, unknown
from cartend.explain.results import PRIMARY, StudyResults

IN_WORDS = (
    "id",
    "label",
    "paramcd8",
    "sentence",
    "source",
    "uncertain",
    "estimand",
    "family",
    "pair",
)
"""Keys that name or describe a definition and decide nothing."""


@dataclass(frozen=True)
class Side:
    """One of the two definitions: its scenario, where its result is kept, and the definition."""

    scenario: str
    home: str
    definition: dict[str, Any]

    @property
    def name(self) -> str:
        """Return the endpoint's id."""
        return self.definition["id"]


def side_of(results: StudyResults, scenario: str, endpoint: str) -> Side | None:
    """Return an endpoint as a scenario has it, None where neither it nor primary has it."""
    home = results.home(scenario, endpoint)
    if home is None:
        return None
    return Side(scenario, home, results.scenario(home)["definitions"][endpoint])


def compared(
    results: StudyResults, a: str, b: str, endpoint: str | None, against: str | None
) -> list[tuple[Side, Side]]:
    """Return the pairs of definitions to compare.

    1. ``endpoint`` against ``against``: these two. 2. One endpoint: as A and as B have it.
    3. Else every endpoint that A or B changes and both have, and a new endpoint of one of them
    against the endpoint that it is based on.
    """
    if against is not None or endpoint is not None:
        first = endpoint or against
        return [(_asked(results, a, first), _asked(results, b, against or first))]
    both = [
        (_side_or_base(results, a, name, b), _side_or_base(results, b, name, a))
        for name in changed(results, a, b)
    ]
    return [(one, other) for one, other in both if one and other and one.home != other.home]


def _side_or_base(results: StudyResults, scenario: str, endpoint: str, other: str) -> Side | None:
    """Return an endpoint as a scenario has it, else what it is based on in the other scenario."""
    base = results.base(other, endpoint)
    own = side_of(results, scenario, endpoint)
    return own or (side_of(results, scenario, base) if base else None)


def changed(results: StudyResults, a: str, b: str) -> list[str]:
    """Return the endpoints that one of two scenarios has otherwise than primary, or anew."""
    names = [scenario for scenario in (a, b) if scenario != PRIMARY]
    return list(dict.fromkeys(name for s in names for name in results.definitions(s)))


def only_in_one(results: StudyResults, a: str, b: str) -> list[tuple[str, str]]:
    """Return the endpoints that one of two scenarios adds and bases on none, with the scenario."""
    found = []
    for name in changed(results, a, b):
        have = [s for s in (a, b) if side_of(results, s, name) is not None]
        if len(have) == 1 and results.base(have[0], name) is None:
            found.append((name, have[0]))
    return found


def _asked(results: StudyResults, scenario: str, endpoint: str) -> Side:
    side = side_of(results, scenario, endpoint)
    if side is None:
        known = {**results.definitions(PRIMARY), **results.definitions(scenario)}
        study = results.study["id"]
        raise unknown(f"study {study}, scenario {scenario}: endpoint", endpoint, known)
    return side


def require_one_kind(one: Side, other: Side) -> None:
    """Raise ExplainError where a rate is compared with a time to event."""
    if (one.definition["kind"] == "rate") != (other.definition["kind"] == "rate"):
        raise ExplainError(
            f"{one.name} ({one.definition['kind']}) and {other.name} "
            f"({other.definition['kind']}) cannot be compared: one is a rate, the other a time"
        )


def definition_differences(
    results: StudyResults, one: Side, other: Side
) -> list[tuple[str, object, object]]:
    """Return path, value in A and value in B of everything that decides and differs.

    Labels, sentences and sources are left out. The rates that decide who is in a set that depends
    on response stand under ``population``.
    """
    flat = [flatten(with_set_rules(results, side)) for side in (one, other)]
    paths = sorted(set(flat[0]) | set(flat[1]))
    pairs = [(path, flat[0].get(path), flat[1].get(path)) for path in paths]
    return _without_inner_paths([pair for pair in pairs if pair[1] != pair[2]])


def with_set_rules(results: StudyResults, side: Side) -> dict[str, Any]:
    """Return a definition with the rates behind its response-dependent sets inside."""
    support = {**results.scenario(PRIMARY)["support"], **results.scenario(side.home)["support"]}
    rules = {
        population: support[SET_RULE[population]]
        for population in side.definition["population"]
        if SET_RULE.get(population) in support
    }
    return {**side.definition, "rule of set": rules}


def flatten(content: dict[str, Any], path: str = "") -> dict[str, object]:
    """Return every value by its dotted path; a mapping is a value too: that it is there."""
    flat: dict[str, object] = {}
    for key, value in content.items():
        if key in IN_WORDS:
            continue
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict):
            flat[here] = "given"
            flat.update(flatten(value, here))
        else:
            flat[here] = ", ".join(map(str, value)) if isinstance(value, list) else value
    return flat


def _without_inner_paths(
    pairs: list[tuple[str, object, object]],
) -> list[tuple[str, object, object]]:
    """Return the differences without those inside a mapping that one side lacks altogether."""
    missing = [path for path, one, other in pairs if "given" in (one, other)]
    return [pair for pair in pairs if not any(pair[0].startswith(f"{path}.") for path in missing)]
