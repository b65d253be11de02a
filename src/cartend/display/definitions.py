"""The definitions behind the results: five attributes, sentence, source, what is uncertain."""

from cartend.config.definition import Definition, TimeToEvent
from cartend.display import labels
from cartend.display.ard import Group
from cartend.display.shell import Column, Row, Shell
from cartend.display.words import Heading, ordered, role_of

TEXT = Column("text", "Definition", Group())


def definitions_table(heading: Heading, definitions: dict[str, Definition]) -> Shell:
    """Return one row group an endpoint: the five attributes of ICH E9(R1) and every rule."""
    rows = []
    for name in ordered(heading.study, definitions):
        definition = definitions[name]
        group = f"{name}: {definition.label}"
        said = attributes(heading, definition) | rules(definition)
        rows += [Row(label, {"text": text}, 0, group) for label, text in said.items()]
    return Shell(
        "definitions",
        "Definitions of the endpoints",
        (f"Study {heading.study.id}; scenario {heading.scenario}",),
        (TEXT,),
        tuple(rows),
        ("Attributes as in ICH E9(R1). The sentences are those that the engine evaluates.",),
        about={"kind": "definitions"},
    )


def attributes(heading: Heading, definition: Definition) -> dict[str, str]:
    """Return role, sentence and the five attributes of an endpoint by their names."""
    role = role_of(heading.study, definition.id)
    alpha = f", alpha {role.alpha:g}" if role.alpha is not None else ""
    sets = ", ".join(f"{labels.population(p)} ({p})" for p in definition.population)
    origins = dict.fromkeys(heading.origin(definition, p) for p in definition.population)
    estimand = definition.estimand
    return {
        "Role": f"{role.role}{alpha}",
        "Sentence": definition.sentence,
        "Treatment": estimand.treatment,
        "Population": f"{estimand.population}: {sets}",
        "Variable": f"{estimand.variable}; from {' or '.join(origins)}",
        "Intercurrent events": estimand.intercurrent_events,
        "Population-level summary": estimand.summary,
        "Source": definition.source,
        **({"Uncertain": " ".join(definition.uncertain)} if definition.uncertain else {}),
        **({"Always beside": definition.pair} if definition.pair else {}),
    }


def rules(definition: Definition) -> dict[str, str]:
    """Return the events, intercurrent events and censoring rules of a time-to-event endpoint."""
    if not isinstance(definition, TimeToEvent):
        return {}
    kinds = {
        "Events": definition.events,
        "Strategies": definition.intercurrent_events,
        "Censoring": definition.censoring,
    }
    return {
        kind: "; ".join(f"{name}: {rule.sentence or rule.type}" for name, rule in found.items())
        for kind, found in kinds.items()
        if found
    }


def rule_sentence(definition: Definition, rule_id: str) -> str:
    """Return the sentence of the rule that an audit record names, blank where none is found."""
    parts = rule_id.split(".")
    if len(parts) < 2:
        return ""
    for kind in ("events", "intercurrent_events", "censoring"):
        rule = getattr(definition, kind, {}).get(parts[1])
        if rule is not None and getattr(rule, "sentence", ""):
            return rule.sentence
    return definition.sentence if definition.kind == "rate" else ""
