"""The event rules by type: each turns records into candidates (step 5, specification 3.2)."""

from cartend.endpoint.assessed import (
    add_progression,
    add_refractory,
    add_state_from,
)
from cartend.endpoint.candidates import Candidates
from cartend.endpoint.context import Context
from cartend.endpoint.happened import (
    add_death,
    add_happened,
    add_mrd_positive,
    add_new_therapy,
)
from cartend.endpoint.nonresponse import add_no_response

RULES = {
    "PD": add_progression,
    "RELAPSE": add_progression,
    "DEATH": add_death,
    "NEW_THERAPY": add_new_therapy,
    "NO_RESPONSE": add_no_response,
    "SD_OR_PD_FROM": add_state_from,
    "REFRACTORY": add_refractory,
    "RESPONSE": add_state_from,
    "MRD_POS": add_mrd_positive,
    "HSCT": add_happened,
    "CROSSOVER": add_happened,
    "REINFUSION": add_happened,
    "SECOND_MALIGNANCY": add_happened,
    "NOT_INFUSED": add_happened,
}


def add_events(context: Context, candidates: Candidates) -> None:
    """Add the candidates of every event rule of the definition, in the order of the file."""
    for order, (name, event) in enumerate(context.definition.events.items()):
        in_states = event.type == "NO_RESPONSE" and event.state_rule
        rule = add_state_from if in_states else RULES[event.type]
        rule(context, candidates, name, event, order)
