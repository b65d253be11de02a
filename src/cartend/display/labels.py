"""Words for codes: what a page prints where the data hold a code."""

from cartend.config.study import Study
from cartend.display.ard import Group

POPULATION = {
    "RAND": "All randomised subjects",
    "LA": "All leukapheresed subjects",
    "INF": "All infused subjects",
    "SAF": "Safety set",
    "EFFEVAL": "Efficacy-evaluable subjects",
    "RESPONDERS": "Responders",
    "CR_SET": "Subjects in complete response",
    "MRD_EVAL": "MRD-evaluable subjects",
    "MRDNEG_SET": "MRD-negative subjects",
}
EVALUATOR = {"IRC": "independent review", "INV": "investigator", "": "no evaluator needed"}
ORIGIN = {
    "first_response": "first response",
    "first_remission": "first remission",
    "first_mrd_neg": "first MRD-negative sample",
}
BRIDGE = {
    "NONE": "No bridging",
    "ALKYLATOR": "Alkylator-based",
    "IMID": "IMiD-based",
    "OTHER": "Other bridging",
    "NOT APPLICABLE": "Not applicable",
}
BRIDGEFL = {"Y": "Bridging: yes", "N": "Bridging: no", "NOT APPLICABLE": "Not applicable"}
EVENT = {
    "PD": "Disease progression",
    "RELAPSE": "Relapse",
    "DEATH": "Death",
    "NEW_THERAPY": "New anticancer therapy",
    "NO_RESPONSE": "No response by the landmark",
    "SD_OR_PD_FROM": "Stable disease or progression at or after the landmark",
    "SD_BEST": "Stable disease as best response",
    "SD_LATE": "Stable disease at or after the landmark",
    "REFRACTORY": "No response at the first assessment",
    "RESPONSE": "Response",
    "HSCT": "Stem-cell transplantation",
    "MRD_POS": "MRD positive",
    "SECOND_MALIGNANCY": "Second malignancy",
    "CROSSOVER": "Crossover",
    "REINFUSION": "Re-infusion",
    "NOT_INFUSED": "Not infused",
    "CLINICAL_PD": "Clinical progression",
    "MISSED_2": "Missed visits",
}
CENSOR = {
    1: "Last adequate assessment",
    2: "No post-baseline assessment (at origin)",
    3: "Before new anticancer therapy",
    4: "Before missed visits",
    5: "Last known alive",
    6: "Stem-cell transplantation",
    7: "Crossover",
    8: "Re-infusion",
    9: "Other",
}
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
    return POPULATION.get(code, code)


def evaluator(code: str) -> str:
    """Return who judged the assessments, in words."""
    return EVALUATOR.get(code, code)


def origin(study: Study, code: str) -> str:
    """Return the time origin in words; ``study`` is the study's own (D12)."""
    code = study.origin if code == "study" else code
    return ORIGIN.get(code, code)


def event(code: str) -> str:
    """Return an event code in words."""
    return EVENT.get(code, code.replace("_", " ").capitalize() if code.isupper() else code)


def arm(study: Study, code: str) -> str:
    """Return the label of an arm, or of ``A vs B``."""
    if " vs " in code:
        return " vs ".join(arm(study, part) for part in code.split(" vs ", 1))
    known = study.arms.get(code)
    return known.label if known else code


def level(by: str, code: str) -> str:
    """Return the level of a stratifier in words."""
    words = {"BRIDGE": BRIDGE, "BRIDGEFL": BRIDGEFL}.get(by, {})
    return words.get(code, code)


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
