"""What the design of a randomised trial fixes of its main endpoints (R15, guideline 175-181)."""

from cartend.config.base import ConfigError
from cartend.config.definition import Definition
from cartend.config.study import Study
from cartend.contract.terms.estimand import ENDPOINT_ROLE, ORIGIN

MAIN = ENDPOINT_ROLE.group("leading")
ORIGINS = ORIGIN.group("from_randomisation")
SENTENCE = {
    "post_salvage": (
        "Design: randomised after salvage therapy, so only those whom it left eligible are "
        "randomised; not to be set beside a trial that randomises before it."
    ),
    "upfront": (
        "Design: randomised before salvage therapy, so its failures count; not to be set beside a "
        "trial that randomises after it."
    ),
}


def check_design(study: Study, definitions: dict[str, Definition], where: str) -> None:
    """Refuse a main endpoint that does not count from randomisation in all randomised.

    Both designs compare what they randomise, from the day they do so: an origin or a population
    that lies after it would compare what treatment has selected.

    Raises
    ------
    ConfigError
        One sentence with file, endpoint, key, value and what is allowed.
    """
    if study.rct_design is None:
        return
    for name, definition in definitions.items():
        role = study.roles.get(name)
        if role is None or role.role not in MAIN:
            continue
        if definition.origin not in ORIGINS:
            raise ConfigError(
                f"{where}: {name} is {role.role}, and its origin {definition.origin} is not "
                f"allowed under rct_design {study.rct_design}; allowed: study, randomisation"
            )
        if definition.population[0] != "RAND":
            raise ConfigError(
                f"{where}: {name} is {role.role}, and its population {definition.population[0]} "
                f"is not allowed under rct_design {study.rct_design}; allowed: RAND"
            )
