"""What an endpoint cannot do without: a rate of nought from absent data would be a wrong number."""

from cartend.config.definition import Definition, TimeToEvent
from cartend.config.rate import Rate
from cartend.contract.terms.grammar import RATE_VARIABLE

MRD_SAMPLES = "no MRD sample in the data (LB rows with LBTESTCD MRD)"


def reads_mrd(definition: Definition) -> bool:
    """Return whether an endpoint is about MRD samples."""
    if isinstance(definition, Rate):
        return definition.variable in RATE_VARIABLE.group("samples")
    assert isinstance(definition, TimeToEvent)
    events = {event.type for event in definition.events.values()}
    endings = {rule.type for rule in definition.censoring.values()}
    return (
        "MRD_POS" in events
        or "last_mrd_sample" in endings
        or definition.origin == "first_mrd_neg"
        or "MRDNEG_SET" in definition.population
    )


def why_not_derivable(definition: Definition, *, has_mrd: bool) -> str:
    """Return why the data do not allow an endpoint, blank where they do."""
    return MRD_SAMPLES if reads_mrd(definition) and not has_mrd else ""
