"""A grid of definitions: a few lines of YAML become every combination of their choices (R33).

Source: specification 3.7, the sensitivity grid of EFS and PFS.
"""

import json
from collections.abc import Iterator
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cartend.config.base import Model, Word
from cartend.config.definition import Definition, Population
from cartend.config.study import Evaluator, Study
from cartend.contract.terms.estimand import STRATEGY
from cartend.contract.terms.grammar import EVENT_DATE

AXES = (
    "evaluator",
    "population",
    "new_therapy",
    "missed_visits",
    "not_evaluable_at_landmark",
    "dated_at",
    "visit_tolerance",
)
LARGEST = 1000
"""More combinations than this are taken for a mistake."""

WORDS = {
    "evaluator": "judged by {}",
    "population": "in {}",
    "new_therapy": "new therapy {}",
    "missed_visits": "missed visits {}",
    "not_evaluable_at_landmark": "not evaluable at the landmark: {}",
    "dated_at": "non-response dated at {}",
    "visit_tolerance": "visit windows {}",
}


class Grid(Model):
    """The choices of which every combination is a definition, laid over each endpoint of ``of``.

    A choice that a definition has anyway, or that does not touch it, makes no second definition.
    """

    of: tuple[str, ...] = Field(min_length=1, description="the endpoints to start from")
    evaluator: tuple[Evaluator, ...] = ()
    population: tuple[Population, ...] = ()
    new_therapy: tuple[Annotated[str, Word(*STRATEGY.group("of_grid"))], ...] = Field(
        default=(), description="an event, an end of follow-up, or ignored"
    )
    missed_visits: tuple[int | Literal["off"], ...] = Field(
        default=(), description="how many consecutive missed visits censor; off: none do"
    )
    not_evaluable_at_landmark: tuple[str, ...] = ()
    dated_at: tuple[Annotated[str, Word(*EVENT_DATE.group("grid"))], ...] = Field(
        default=(), description="the date of a non-response"
    )
    visit_tolerance: tuple[int | Literal["study"], ...] = Field(
        default=(), description="days before and after every visit; study: the study's windows"
    )
    choices: dict[str, dict[str, dict[str, Any]]] = Field(
        default={}, description="more choices: name -> word -> keys laid over the definition"
    )

    @model_validator(mode="after")
    def _something_is_chosen(self) -> "Grid":
        sizes = [len(values) for values in self.axes.values()]
        if not sizes:
            raise ValueError(f"at least one choice; allowed: {', '.join(AXES)}, choices")
        for name, values in self.axes.items():
            if not values or len(set(values)) != len(values):
                raise ValueError(f"{name} lists each word once, and one at least")
        taken = sorted(set(self.choices) & {*AXES, "endpoint"})
        if taken:
            raise ValueError(f"choices: {taken[0]} is a key of its own; choose another name")
        if self.size > LARGEST:
            raise ValueError(f"{self.size} combinations are more than {LARGEST}")
        return self

    @property
    def axes(self) -> dict[str, tuple[str, ...]]:
        """The words of every choice, in the order of the specification."""
        known = {name: tuple(map(str, getattr(self, name))) for name in AXES if getattr(self, name)}
        return known | {name: tuple(words) for name, words in self.choices.items()}

    @property
    def size(self) -> int:
        """How many combinations there are, over all endpoints."""
        number = len(self.of)
        for values in self.axes.values():
            number *= len(values)
        return number


class Cell(Model):
    """One definition of a grid: what it starts from and what was chosen."""

    base: str
    chosen: dict[str, str]
    shipped: str = Field(default="", description="the shipped endpoint that means the same")


class Axis(Model):
    """One choice of a grid and its words, in the order in which they are shown."""

    name: str
    words: tuple[str, ...]


class Cells(Model):
    """The definitions of a grid by PARAMCD, and how many combinations were no further ones."""

    of: tuple[str, ...]
    axes: tuple[Axis, ...]
    cells: dict[str, Cell]
    repeated: int = 0


def combinations(grid: Grid) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield the PARAMCD, the endpoint it starts from, and the word of every choice."""
    width = len(str(grid.size // len(grid.of)))
    for base in grid.of:
        for number, words in enumerate(product(*grid.axes.values()), 1):
            yield f"{base}_G{number:0{width}d}", base, dict(zip(grid.axes, words, strict=True))


def overrides(grid: Grid, base: dict[str, Any], chosen: dict[str, str]) -> dict[str, Any]:
    """Return the keys to lay over an endpoint for one combination.

    ``base`` is the endpoint's raw mapping; a choice that it has no rule for adds nothing.
    """
    over: dict[str, Any] = {}
    for name, word in chosen.items():
        part = grid.choices[name][word] if name in grid.choices else _of_axis(name, word, base)
        over = _joined(over, part)
    return over


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return both mappings as one; where both say something, the later word holds.

    Unlike a merge of files, ``null`` is kept: it is to remove a rule of the endpoint.
    """
    both = {k: v for k, v in one.items() if k not in other}
    for key, value in other.items():
        nested = isinstance(value, dict) and isinstance(one.get(key), dict)
        both[key] = _joined(one[key], value) if nested else value
    return both


def _of_axis(name: str, word: str, base: dict[str, Any]) -> dict[str, Any]:
    if name == "evaluator":
        return {"evaluator": word}
    if name == "population":
        return {"population": [word]}
    if name == "new_therapy":
        return _new_therapy(base, word)
    if name == "missed_visits":
        return _missed_visits(base, word)
    if name == "dated_at":
        return {"events": {rule: {"dated_at": word} for rule in _rules(base, "NO_RESPONSE")}}
    if name == "visit_tolerance":
        return {} if word == "study" else {"visit_tolerance": int(word)}
    return {name: word} if _rules(base, "NO_RESPONSE") else {}


def _rules(base: dict[str, Any], kind: str, section: str = "events") -> list[str]:
    """Return the ids of an endpoint's rules of a type (D27: the type defaults to the id)."""
    rules = base.get(section) or {}
    return [name for name, rule in rules.items() if (rule or {}).get("type", name) == kind]


def _new_therapy(base: dict[str, Any], strategy: str) -> dict[str, Any]:
    """Return new therapy as an event, as an end of the follow-up, or ignored.

    A definition that has it as an event keeps its own, with its reasons. Otherwise every reason
    counts, but for what the definition excludes (without a rule of its own: PLANNED).
    """
    events = _rules(base, "NEW_THERAPY")
    handled = _rules(base, "NEW_THERAPY", "intercurrent_events") or ["NEW_THERAPY"]
    if strategy == "composite" and events:
        return {}
    known = [base["events"][name] for name in events]
    known += [(base.get("intercurrent_events") or {}).get(name) or {} for name in handled]
    excluded = [rule["qualifies"]["exclude"] for rule in known if _excludes(rule)]
    qualifies = {"reasons": None, "exclude": excluded[0] if excluded else ["PLANNED"]}
    rule = {"strategy": strategy, "otherwise": None, "qualifies": qualifies}
    new = {} if events else {"NEW_THERAPY": {"qualifies": {"exclude": qualifies["exclude"]}}}
    changed = new if strategy == "composite" else dict.fromkeys(events)
    kept = {"events": changed} if changed else {}
    return {**kept, "intercurrent_events": {handled[0]: rule, **dict.fromkeys(handled[1:])}}


def _excludes(rule: dict[str, Any]) -> bool:
    return bool((rule.get("qualifies") or {}).get("exclude"))


def _missed_visits(base: dict[str, Any], visits: str) -> dict[str, Any]:
    """Return the gap rule with so many visits, or without it."""
    found = _rules(base, "MISSED_2", "intercurrent_events")
    if visits == "off":
        return {"intercurrent_events": dict.fromkeys(found)} if found else {}
    rule = {"type": "MISSED_2", "strategy": "hypothetical", "visits": int(visits)}
    return {"intercurrent_events": {(found or ["MISSED_2"])[0]: rule}}


def label_of(base: str, chosen: dict[str, str]) -> str:
    """Return the label of a definition: the endpoint's own, then what was chosen."""
    said = [WORDS.get(name, name + " {}").format(_plain(word)) for name, word in chosen.items()]
    return f"{base}: {'; '.join(said)}"


def _plain(word: str) -> str:
    return word.replace("_", " ")


NAMES = ("id", "label", "paramcd8", "sentence", "estimand", "pair", "source", "uncertain")


def meaning(definition: Definition) -> str:
    """Return what a definition means, as comparable text.

    Names and sentences are left aside, and so are intercurrent events that are ignored, whether
    the definition says so or is silent. A crossover that is named is no new therapy (D15): that
    is a difference.
    """
    content = definition.model_dump(mode="json")
    events = content.get("intercurrent_events", {})
    content["intercurrent_events"] = {n: e for n, e in events.items() if not _ignored(e)}
    return json.dumps(_meaning(content), sort_keys=True)


def _ignored(event: dict[str, Any]) -> bool:
    ways = {event["strategy"], event["otherwise"]}
    return ways == {"treatment_policy"} and event["type"] != "CROSSOVER"


def _meaning(content: Any) -> Any:
    if isinstance(content, dict):
        return {k: _meaning(v) for k, v in content.items() if k not in NAMES}
    return content


def cells_of(
    grid: Grid,
    found: dict[str, tuple[str, dict[str, str], Definition]],
    shipped: dict[str, Definition],
    study: Study,
) -> Cells:
    """Return the cells of a grid: of several combinations that mean the same, the first.

    ``found`` holds by PARAMCD the endpoint it starts from, the chosen words and the resolved
    definition; ``shipped`` the study's definitions, which a cell may repeat.
    """
    known = {meaning(_as_judged_first(d, study)): name for name, d in shipped.items()}
    first: dict[str, str] = {}
    cells: dict[str, Cell] = {}
    for name, (base, chosen, definition) in found.items():
        if first.setdefault(meaning(definition), name) == name:
            same = known.get(meaning(_as_judged_first(definition, study)), "")
            cells[name] = Cell(base=base, chosen=chosen, shipped=same)
    axes = tuple(Axis(name=name, words=words) for name, words in grid.axes.items())
    return Cells(of=grid.of, axes=axes, cells=cells, repeated=len(found) - len(cells))


def _as_judged_first(definition: Definition, study: Study) -> Definition:
    """Return a definition for the evaluator and the population that the study leads with.

    An endpoint is evaluated for every evaluator; a cell of a grid often names one. They are
    compared in this form.
    """
    evaluator = study.primary_evaluator if definition.evaluator == "study" else definition.evaluator
    update = {"evaluator": evaluator, "population": definition.population[:1]}
    return definition.model_copy(update=update)


def contents(grid: Grid, bases: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the endpoint mappings of a grid as a scenario would write them, by PARAMCD.

    ``bases`` holds the raw mapping of every endpoint of ``of``.
    """
    found = {}
    for name, base, chosen in combinations(grid):
        raw = bases[base]
        found[name] = {
            "based_on": base,
            "label": label_of(str(raw.get("label", base)), chosen),
            "paramcd8": f"{str(raw.get('paramcd8', base))[:4]}{name.rpartition('_')[2]}"[:8],
            **overrides(grid, raw, chosen),
        }
    return found
