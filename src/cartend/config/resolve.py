"""A raw endpoint mapping becomes the typed definition of one study.

Resolved means: types stand for the ids they default to, landmark names are visit labels of the
study, ``population: study`` is a list of sets, and every rule carries its sentence.
"""

import re
from collections.abc import Iterator
from typing import Any

from cartend.config.base import ConfigError
from cartend.config.definition import Definition, TimeToEvent
from cartend.config.files import validate
from cartend.config.rate import Rate
from cartend.config.records import dated_roles
from cartend.config.sentences import (
    censoring_sentence,
    definition_sentence,
    event_sentence,
    ice_sentence,
    ice_summary,
)
from cartend.config.study import Study
from cartend.contract.terms.estimand import POPULATIONS_OF_DESIGN
from cartend.contract.terms.roles import TYPE_OF_ROLE
from cartend.contract.text import hint


def resolve_definition(raw: dict[str, Any], study: Study, where: str) -> TimeToEvent | Rate:
    """Return the typed definition of an endpoint for a study.

    Raises
    ------
    ConfigError
        One sentence: a key or value that is not allowed, or a landmark the study does not have.
    """
    name = str(raw.get("id", "?"))
    place = f"{where} (endpoint {name})"
    content = _with_defaults(raw, study, place)
    kind = content.get("kind")
    if kind not in ("tte", "competing", "rate"):
        raise ConfigError(
            f"{place}: key kind: {kind!r} is not allowed; allowed: tte, competing, rate"
        )
    attributes = content.get("estimand")
    composed = set()
    if isinstance(attributes, dict):
        composed = {"variable", "intercurrent_events"} - set(attributes)
        content["estimand"] = {**attributes, **dict.fromkeys(composed, "")}
    model: type[TimeToEvent] | type[Rate] = Rate if kind == "rate" else TimeToEvent
    definition: TimeToEvent | Rate = validate(model, content, place)
    _check_roles(definition, study, place)
    return _with_attributes(_with_sentences(definition, study), composed)


def _check_roles(definition: Definition, study: Study, place: str) -> None:
    """Stop at a RECORD whose role the study does not have, or whose records have no date."""
    if not isinstance(definition, TimeToEvent):
        return
    roles = dated_roles(study.records)
    for section in ("events", "intercurrent_events"):
        for name, rule in getattr(definition, section).items():
            if not rule.role or rule.role in roles:
                continue
            at = f"{place}: key {section}.{name}.role: {rule.role!r}"
            if rule.role in TYPE_OF_ROLE:
                raise ConfigError(
                    f"{at} has a type of its own; write type: {TYPE_OF_ROLE[rule.role]}"
                )
            raise ConfigError(
                f"{at} is no role of study {study.id} whose records have a date of their own; "
                f"known: {', '.join(roles)}{hint(rule.role, roles)}"
            )


DESCRIBING = {"sentence", "estimand"}
"""What follows from the rules, or is said beside them: no difference in meaning."""


def same(one: Definition | None, other: Definition) -> bool:
    """Return whether two definitions mean the same, however their sentences were made."""
    return one is not None and _meaning(one.model_dump()) == _meaning(other.model_dump())


def _meaning(content: Any) -> Any:
    if isinstance(content, dict):
        return {k: _meaning(v) for k, v in content.items() if k not in DESCRIBING}
    return content


def check_references(
    definition: Definition, words: list[str], endpoints: list[str], where: str
) -> None:
    """Stop at a response set, a category or a paired endpoint that nothing is called.

    A name unknown to the criteria of one study is no error, a name unknown to all of them is:
    a misspelt category would select no assessment, without a word.
    """
    place = f"{where} (endpoint {definition.id})"
    for key, names in _response_words(definition):
        for name in names:
            if name not in words:
                raise ConfigError(
                    f"{place}: key {key}: {name!r} is no response set or category; known: "
                    f"{', '.join(words)}{hint(name, words)}"
                )
    if definition.pair is not None and definition.pair not in endpoints:
        raise ConfigError(
            f"{place}: key pair: {definition.pair} is no endpoint{hint(definition.pair, endpoints)}"
        )


def _response_words(definition: Definition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every key that names response sets or categories, with the names."""
    if isinstance(definition, Rate):
        yield "response", _names(definition.response)
        yield "with_response", _names(definition.with_response)
    events = definition.events if isinstance(definition, TimeToEvent) else {}
    for name, event in events.items():
        yield f"events.{name}.after", _names(event.after)
        for key in ("best_is", "not_achieved", "state_from"):
            if event.criterion is not None:
                yield f"events.{name}.criterion.{key}", _names(getattr(event.criterion, key))


def _names(wanted: tuple[str, ...] | str | None) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else tuple(wanted or ())


def _with_attributes(definition: TimeToEvent | Rate, composed: set[str]) -> TimeToEvent | Rate:
    """Compose the estimand attributes that a changed definition no longer has in words."""
    words = {"variable": definition.sentence}
    if isinstance(definition, TimeToEvent):
        words["intercurrent_events"] = ice_summary(definition)
    else:
        words["intercurrent_events"] = f"new therapy: {definition.new_therapy.replace('_', ' ')}"
    update = {name: text for name, text in words.items() if name in composed}
    estimand = definition.estimand.model_copy(update=update)
    return definition.model_copy(update={"estimand": estimand})


def _with_defaults(raw: dict[str, Any], study: Study, place: str) -> dict[str, Any]:
    content = dict(raw)
    content["population"] = _populations(content.get("population", "study"), study)
    ahead = re.fullmatch(r"look_ahead\((\d+)\)", str(content.get("not_evaluable_at_landmark", "")))
    if ahead:
        content["not_evaluable_at_landmark"] = "look_ahead"
        content["look_ahead_days"] = int(ahead.group(1))
    content = _labels(content, ("at_visit",), study, f"{place}: key ")
    asked = content.get("threshold")
    if isinstance(asked, (int, float)) and asked not in study.mrd.thresholds:
        raise ConfigError(
            f"{place}: key threshold: {asked:g} is none of the thresholds of study {study.id} "
            f"(mrd.thresholds): {', '.join(f'{value:g}' for value in study.mrd.thresholds)}"
        )
    for section in ("events", "intercurrent_events", "censoring"):
        if section not in content:
            continue
        rules = content[section]
        if not isinstance(rules, dict):
            raise ConfigError(f"{place}: key {section}: a mapping of rules by id is expected")
        content[section] = {
            str(rule_id): _rule(str(rule_id), rule, study, f"{place}: key {section}.{rule_id}")
            for rule_id, rule in rules.items()
        }
    return content


def _rule(rule_id: str, rule: Any, study: Study, place: str) -> dict[str, Any]:
    if not isinstance(rule, dict):
        raise ConfigError(
            f"{place}: {rule!r} is not allowed; a rule is a mapping of keys, {{}} for its defaults"
        )
    made: dict[str, Any] = {"type": rule_id, **rule}
    if isinstance(made.get("window"), dict):
        made["window"] = _labels(made["window"], ("start", "end"), study, f"{place}.window.")
    if isinstance(made.get("criterion"), dict):
        criterion = _labels(
            made["criterion"], ("by", "through", "start"), study, f"{place}.criterion."
        )
        start = criterion.pop("start", None)
        if start is not None:
            made["window"] = {"start": start, **made.get("window", {})}
        for key in ("best_is", "not_achieved", "state_from"):
            if isinstance(criterion.get(key), str):
                criterion[key] = [criterion[key]]
        made["criterion"] = criterion
    if isinstance(made.get("after"), str):
        made["after"] = [made["after"]]
    return made


def _labels(
    content: dict[str, Any], keys: tuple[str, ...], study: Study, place: str
) -> dict[str, Any]:
    content = dict(content)
    for key in keys:
        name = content.get(key)
        if name is None:
            continue
        label = study.landmarks.get(name, name)
        without = [s for s, visits in study.schedules.items() if visits.visit(label) is None]
        if len(without) == len(study.schedules):
            labels = (v.label for one in study.schedules.values() for v in one.schedule)
            known = list(dict.fromkeys([*study.landmarks, *labels]))
            raise ConfigError(
                f"{place}{key}: {name!r} is no landmark or visit of study {study.id}; known: "
                f"{', '.join(known)}{hint(name, known)}"
            )
        if without:
            raise ConfigError(
                f"{place}{key}: {name!r} is no visit of schedule {without[0]} of study "
                f"{study.id}; a visit that a definition names stands in every schedule"
            )
        content[key] = label
    return content


def _populations(wanted: Any, study: Study) -> list[Any]:
    """Expand ``study``: RAND in a randomised trial, INF and LA in a single-arm one (D12, D15)."""
    expanded: list[Any] = []
    for name in [wanted] if isinstance(wanted, str) else list(wanted):
        if name == "study":
            expanded += POPULATIONS_OF_DESIGN[study.design]
        else:
            expanded.append(name)
    return list(dict.fromkeys(expanded))


def _with_sentences(definition: TimeToEvent | Rate, study: Study) -> TimeToEvent | Rate:
    if isinstance(definition, TimeToEvent):
        study = study.with_tolerance(definition.visit_tolerance)
        events = {
            name: event
            if event.sentence
            else event.model_copy(update={"sentence": event_sentence(event, study)})
            for name, event in definition.events.items()
        }
        ices = {
            name: ice
            if ice.sentence
            else ice.model_copy(update={"sentence": ice_sentence(ice, study)})
            for name, ice in definition.intercurrent_events.items()
        }
        endings = {
            name: rule
            if rule.sentence
            else rule.model_copy(update={"sentence": f"censored at {censoring_sentence(rule)}"})
            for name, rule in definition.censoring.items()
        }
        filled = {"events": events, "intercurrent_events": ices, "censoring": endings}
        definition = definition.model_copy(update=filled)
    if definition.sentence:
        return definition
    return definition.model_copy(update={"sentence": definition_sentence(definition, study)})
