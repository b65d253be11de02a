"""A raw endpoint mapping becomes the typed definition of one study.

Resolved means: types stand for the ids they default to, landmark names are visit labels of the
study, ``population: study`` is a list of sets, and every rule carries its sentence.
"""

import re
from typing import Any

from cartend.config.base import ConfigError
from cartend.config.definition import Definition, Rate, TimeToEvent
from cartend.config.files import nearest, validate
from cartend.config.sentences import (
    censoring_sentence,
    definition_sentence,
    event_sentence,
    ice_sentence,
    ice_summary,
)
from cartend.config.study import Study


def resolve_definition(raw: dict[str, Any], study: Study, where: str) -> Definition:
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
    definition = validate(Rate if kind == "rate" else TimeToEvent, content, place)
    return _with_attributes(_with_sentences(definition, study), composed)


def _with_attributes(definition: Definition, composed: set[str]) -> Definition:
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
    rule = dict(rule) if isinstance(rule, dict) else {}
    rule.setdefault("type", rule_id)
    if isinstance(rule.get("window"), dict):
        rule["window"] = _labels(rule["window"], ("start", "end"), study, place)
    if isinstance(rule.get("criterion"), dict):
        criterion = _labels(rule["criterion"], ("by", "through", "start"), study, place)
        start = criterion.pop("start", None)
        if start is not None:
            rule["window"] = {"start": start, **rule.get("window", {})}
        for key in ("best_is", "not_achieved", "state_from"):
            if isinstance(criterion.get(key), str):
                criterion[key] = [criterion[key]]
        rule["criterion"] = criterion
    if isinstance(rule.get("after"), str):
        rule["after"] = [rule["after"]]
    return rule


def _labels(content: dict, keys: tuple[str, ...], study: Study, place: str) -> dict[str, Any]:
    content = dict(content)
    for key in keys:
        name = content.get(key)
        if name is None:
            continue
        label = study.landmarks.get(name, name)
        if study.visits.visit(label) is None:
            known = [*study.landmarks, *(visit.label for visit in study.visits.schedule)]
            raise ConfigError(
                f"{place}.{key}: {name!r} is no landmark or visit of study {study.id}; known: "
                f"{', '.join(known)}{nearest(name, known)}"
            )
        content[key] = label
    return content


def _populations(wanted: Any, study: Study) -> list[Any]:
    """Expand ``study``: RAND in a randomised trial, INF and LA in a single-arm one (D12, D15)."""
    expanded: list[Any] = []
    for name in [wanted] if isinstance(wanted, str) else list(wanted):
        if name == "study":
            expanded += ["RAND"] if study.design == "randomised" else ["INF", "LA"]
        else:
            expanded.append(name)
    return list(dict.fromkeys(expanded))


def _with_sentences(definition: Definition, study: Study) -> Definition:
    if isinstance(definition, TimeToEvent):
        events = {
            name: event
            if event.sentence
            else event.model_copy(update={"sentence": event_sentence(event, study)})
            for name, event in definition.events.items()
        }
        ices = {
            name: ice if ice.sentence else ice.model_copy(update={"sentence": ice_sentence(ice)})
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
