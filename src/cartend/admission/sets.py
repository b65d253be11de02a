"""Stops of analysis sets: nobody stands in a set on which a deciding endpoint rests."""

from collections.abc import Iterator

from cartend.admission.trial import Admitted
from cartend.config.records import all_records
from cartend.contract.datasets.adam import BROUGHT_AS
from cartend.contract.terms.estimand import POPULATION, POPULATION_ORIGIN
from cartend.contract.terms.roles import ROLE
from cartend.contract.text import conjoined, in_a_sentence
from cartend.intake.stops import Stop
from cartend.subject.schedules import ANCHOR_DATE


def empty_sets(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each empty set, with the endpoints that rest on it.

    In a randomised trial also for each compared arm of which nobody is in the set of the study.
    """
    resting: dict[str, list[str]] = {}
    for name, definition in trial.deciding.items():
        resting.setdefault(trial.deciding_set(definition), []).append(name)
    for population, names in resting.items():
        if _unread(trial, population):
            continue
        members = trial.members(population)
        rest = f"on which {conjoined(names)} rest{'s' if len(names) == 1 else ''}"
        if members.empty:
            yield _stop(trial, population, "", len(names), rest)
        elif population == trial.study.population:
            for arm in _compared(trial):
                alone = trial.adsl["ARMCD"].eq(arm).any()
                if alone and not members["ARMCD"].eq(arm).any():
                    yield _stop(trial, population, arm, len(names), rest)


def infusions_without_record(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop where nobody has a record of infusion and DM.RFXSTDTC would stand in (D5)."""
    if trial.study.entry == "adam" or len(trial.domains["ex"]) or "ex" in trial.unread:
        return
    count = int((trial.adsl["TRTSDT"].notna() | trial.adsl["XODT"].notna()).sum())
    if count:
        sentence = (
            f"{trial.study.id}: nobody is infused by a record: EX has none, and RFXSTDTC of DM, "
            f"the first dose of any treatment, would be the infusion of {count} subjects"
        )
        ways = "bring EX, or accept S-EX RFXSTDTC if RFXSTDTC is the infusion in this study"
        yield Stop("S-EX", "RFXSTDTC", count, sentence, ways)


def _unread(trial: Admitted, population: str) -> bool:
    """Return whether records that bring a subject into a set stand in a file that is not read."""
    role = all_records(trial.study.records).get(POPULATION_ORIGIN.get(population, "infusion"))
    return any(one.domain.lower() in trial.unread for one in (role.records if role else ()))


def _compared(trial: Admitted) -> list[str]:
    """Return every arm that is in a comparison, once."""
    pairs = [(pair.experimental, pair.control) for pair in trial.study.pairs]
    return list(dict.fromkeys(arm for pair in pairs for arm in pair))


def _stop(trial: Admitted, population: str, arm: str, count: int, rest: str) -> Stop:
    origin = POPULATION_ORIGIN.get(population, "infusion")
    who = f"nobody of arm {arm}" if arm else "nobody"
    sentence = (
        f"{trial.study.id}: {who} is in the set {population} "
        f"({in_a_sentence(POPULATION.label(population))}), {rest}, because {_why(trial, origin)}"
    )
    return Stop("S-SET", f"{population} {arm}".strip(), count, sentence, _way_out(trial, origin))


def _dates(origin: str) -> list[str]:
    """Return the columns of a brought ADSL that may hold the date of an origin."""
    date = ANCHOR_DATE[origin]
    return [BROUGHT_AS[date], date] if date in BROUGHT_AS else [date]


def _why(trial: Admitted, origin: str) -> str:
    if trial.study.entry == "adam":
        names = _dates(origin)
        if trial.study.design == "randomised":
            names = names[:1]  # TRTSDT is the first dose of any treatment there
        return f"ADSL has no date in {' or '.join(names)}"
    return f"no record is one of {in_a_sentence(ROLE.label(origin))}"


def _way_out(trial: Admitted, origin: str) -> str:
    """Return how a study says which records bring a subject into a set."""
    if trial.study.entry == "adam":
        column = _dates(origin)[0]
        return f"name the column with its date as adam: {{columns: {{adsl: {{{column}: ...}}}}}}"
    return f"name the records of it as records: {{{origin}: ...}} in the study file"
