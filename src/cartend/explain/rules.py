"""The sentence of a rule by its id, from a definition as the manifest holds it."""

from typing import Any

from cartend.contract.terms.roles import DATED_AS
from cartend.contract.terms.rule import RULE_SUFFIX

NOT_EVALUABLE = "NOT_EVALUABLE_AT_LANDMARK"
WORDS = {
    NOT_EVALUABLE: "not evaluable at the landmark: censored at the last adequate assessment",
    "BROUGHT": "taken from the ADTTE that the study brought",
}


def rule_name(definition: dict[str, Any], rule_id: str) -> str:
    """Return a rule's id without the endpoint in front."""
    return rule_id.removeprefix(f"{definition['id']}.")


def rule_sentence(definition: dict[str, Any], rule_id: str) -> str:
    """Return the sentence of the rule that decided a subject; blank for an unknown id."""
    name, _, suffix = rule_name(definition, rule_id).partition(".")
    if NOT_EVALUABLE in (name, suffix):
        return WORDS[NOT_EVALUABLE]
    if name == "MISSED_VISITS":
        return missed_visits_sentence(definition)
    rules = {**definition.get("censoring", {}), **definition.get("events", {})}
    if name not in rules:
        return WORDS.get(name, "")
    return ", ".join(part for part in (rules[name]["sentence"], RULE_SUFFIX.label(suffix)) if part)


def missed_visits_sentence(definition: dict[str, Any]) -> str:
    """Return how a definition handles missed visits."""
    ices = definition.get("intercurrent_events", {}).values()
    return next((ice["sentence"] for ice in ices if ice["type"] == "MISSED_2"), "")


def happening(rule: dict[str, Any]) -> str:
    """Return the kind of event that a rule means: its type, or the kind of its role."""
    role = rule.get("role", "")
    return DATED_AS.get(role, role) if rule["type"] == "RECORD" else rule["type"]


def handling_of(definition: dict[str, Any], kind: str) -> str:
    """Return what a definition says of a kind of event that is no event of it; blank if nothing."""
    ices = definition.get("intercurrent_events", {}).values()
    return next((ice["sentence"] for ice in ices if happening(ice) == kind), "")
