"""The event rules by type: each turns records into candidates (step 5, specification 3.2)."""

from cartend.contract.terms.estimand import EVENT_TYPE
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

FOUND = {
    "by_progression": add_progression,
    "by_death": add_death,
    "by_therapy": add_new_therapy,
    "by_landmark": add_no_response,
    "by_state": add_state_from,
    "by_first_assessment": add_refractory,
    "by_sample": add_mrd_positive,
    "by_date": add_happened,
}
"""How an event is found, by the group of its type in the contract."""
RULES = {kind: rule for group, rule in FOUND.items() for kind in EVENT_TYPE.group(group)}


def add_events(context: Context, candidates: Candidates) -> None:
    """Add the candidates of every event rule of the definition, in the order of the file."""
    for order, (name, event) in enumerate(context.definition.events.items()):
        in_states = event.type == "NO_RESPONSE" and event.state_rule
        rule = add_state_from if in_states else RULES[event.type]
        rule(context, candidates, name, event, order)
