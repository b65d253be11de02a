"""The parts an endpoint may play in a study, the most important first (D36)."""

from cartend.contract.terms.estimand import ENDPOINT_ROLE

ROLES = ENDPOINT_ROLE.codes
LEADING = ENDPOINT_ROLE.group("leading")
