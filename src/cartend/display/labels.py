"""Words for codes: what a page prints where the data hold a code."""

from cartend.config.records import label_of
from cartend.config.study import Study
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.estimand import EVENT, ORIGIN, POPULATION
from cartend.contract.terms.therapy import BRIDGE, BRIDGED
from cartend.display.ard import Group

LEVELS = {"BRIDGE": BRIDGE, "BRIDGEFL": BRIDGED}
"""Whose words the levels of a stratifier are."""
CHOICE = {
    "endpoint": "Starts from",
    "evaluator": "Assessed by",
    "population": "Population",
    "new_therapy": "New therapy",
    "missed_visits": "Missed visits",
    "not_evaluable_at_landmark": "Not evaluable at landmark",
    "dated_at": "Non-response dated at",
    "visit_tolerance": "Visit windows",
}
CHOSEN = {
    ("evaluator", "IRC"): "IRC",
    ("evaluator", "INV"): "INV",
    ("new_therapy", "composite"): "event",
    ("new_therapy", "hypothetical"): "ends follow-up",
    ("new_therapy", "while_on_treatment"): "ends follow-up",
    ("new_therapy", "treatment_policy"): "ignored",
    ("missed_visits", "off"): "ignored",
    ("not_evaluable_at_landmark", "failure"): "failure",
    ("not_evaluable_at_landmark", "censor_last_adequate"): "censored",
    ("dated_at", "window_end_nominal"): "nominal day",
    ("visit_tolerance", "study"): "the study's",
}
NOT_COMPARED = (
    "Groups by bridging therapy are described, not compared: bridging is chosen after enrolment, "
    "in sicker patients more often (confounding by indication), and a patient has to live and stay "
    "eligible to receive it (immortal time). Differences between the curves are not effects of "
    "bridging."
)


def population(code: str) -> str:
    """Return the analysis set in words."""
    return POPULATION.label(code)


def evaluator(code: str) -> str:
    """Return who judged the assessments, in words."""
    return EVALUATOR.label(code) if code else "no evaluator needed"


def origin(code: str) -> str:
    """Return a time origin as it stands after ``from`` or ``since``."""
    first = code in ORIGIN.group("assessment")
    return ORIGIN.label(code).removeprefix("the ") if first else code


def event(study: Study, code: str) -> str:
    """Return an event in words: a word of the contract, or a role of the study's own."""
    if code in EVENT:
        return EVENT.label(code)
    name = code.lower()
    if name in study.records:
        return label_of(name, study.records[name])
    return code.replace("_", " ").capitalize() if code.isupper() else code


def arm(study: Study, code: str) -> str:
    """Return the label of an arm, or of ``A vs B``."""
    if " vs " in code:
        return " vs ".join(arm(study, part) for part in code.split(" vs ", 1))
    known = study.arms.get(code)
    return known.label if known else code


def strata(study: Study) -> str:
    """Return what the strata of a study are called: as randomised, or as verified (D54)."""
    return "verified strata" if study.strata_are == "verified" else "strata"


def level(by: str, code: str) -> str:
    """Return the level of a stratifier in words."""
    words = LEVELS.get(by)
    return code if words is None else words.label(code)


def group(study: Study, who: Group) -> str:
    """Return the name of a group as a legend or a column prints it."""
    parts = [arm(study, who.arm)] if who.arm else []
    parts += [level(who.by, who.level)] if who.by else []
    return ", ".join(parts) or "All subjects"


def left_out(count: int) -> str:
    """Return how many subjects an estimate leaves out because their window is open (D31)."""
    who = "1 subject" if count == 1 else f"{count} subjects"
    return f"Not in the estimate: {who} whose landmark window was open at the data cut-off."


def reason(text: str) -> str:
    """Return a reason as a row prints it: a code after a colon in small letters."""
    before, colon, code = text.partition(": ")
    text = f"{before}: {code.lower()}" if colon and code.isupper() else text
    return f"{text[:1].upper()}{text[1:]}"


def choice(name: str) -> str:
    """Return what a choice of a grid is about, in words."""
    return CHOICE.get(name, name.replace("_", " "))


def chosen(name: str, word: str) -> str:
    """Return the word of a choice of a grid as a page prints it."""
    if name == "missed_visits" and word.isdigit():
        return f"{word} or more censor"
    if name == "visit_tolerance" and word.isdigit():
        return f"within {word} days"
    return CHOSEN.get((name, word), word.replace("_", " "))
