"""Checks of identities between endpoints: response and its duration, deaths and their states."""

from collections.abc import Iterator

import pandas as pd

from cartend.analysis.checks_cross import undelayed
from cartend.analysis.evidence import Check, Evidence, Violation, examples
from cartend.config.definition import Definition, TimeToEvent
from cartend.config.event import Event, IntercurrentEvent
from cartend.contract.terms.estimand import CENSORING, STRATEGY

CENSORED_BY = {reason.kind: reason.code for reason in CENSORING if reason.kind}
"""CNSR of a follow-up that an intercurrent event of a kind ended (D21)."""
OTHER = next(reason.code for reason in CENSORING if reason.text == "OTHER")
"""CNSR where a record of a role of the study's own ended it."""

SHARED = (
    "evaluator",
    "clinical_progression",
    "early_pd_before_window",
    "visit_tolerance",
    "assessment_filter",
    "partial_dates",
    "missing_baseline",
)
"""Keys that two definitions have alike where their times can be compared."""


def response_and_duration(evidence: Evidence) -> Iterator[Violation]:
    """Find responders whose time to response and duration do not add up to their PFS time.

    The time to response is that of the endpoint of the first response where there is one, else the
    days from the origin to the start of the duration.
    """
    for dor, duration in evidence.definitions.items():
        if not _is_duration(duration):
            continue
        for pfs, other in evidence.definitions.items():
            if not _comparable(duration, other):
                continue
            rows = _responders(evidence, dor, pfs)
            exempt = _parted_by(duration, other)
            rows = rows[~rows["CNSR"].isin(exempt) & ~rows["CNSR_2"].isin(exempt)]
            first = _time_to_response(evidence, rows)
            bad = rows[
                (first + rows["AVAL"] - 1 != rows["AVAL_2"]) | rows["CNSR"].ne(rows["CNSR_2"])
            ]
            yield from _by_evaluator(bad, dor, f"time to response and {dor} do not add up to {pfs}")


def _is_duration(definition: Definition) -> bool:
    return (
        isinstance(definition, TimeToEvent)
        and definition.kind == "tte"
        and definition.origin == "first_response"
        and definition.population == ("RESPONDERS",)
        and all(undelayed(event) for event in definition.events.values())
    )


def _comparable(duration: TimeToEvent, other: Definition) -> bool:
    """Return whether an endpoint from the origin has the rules of a duration of response (D24).

    The same events, none of them bound to days since the origin; the same gap rule; and no
    intercurrent event that is an event of the one and not of the other.
    """
    if not isinstance(other, TimeToEvent) or other.kind != "tte" or other.origin != "study":
        return False
    if any(getattr(duration, key) != getattr(other, key) for key in SHARED):
        return False
    if _events(duration) != _events(other):
        return False
    return _gap_rule(duration) == _gap_rule(other) and _endings(duration) == _endings(other)


def _events(definition: TimeToEvent) -> set[str]:
    return {_without_words(event) for event in definition.events.values()}


def _without_words(rule: Event | IntercurrentEvent) -> str:
    return rule.model_copy(update={"sentence": ""}).model_dump_json()


def _gap_rule(definition: TimeToEvent) -> set[int]:
    return {
        ice.visits
        for ice in definition.intercurrent_events.values()
        if ice.type == "MISSED_2" and ice.strategy != "treatment_policy"
    }


def _endings(definition: TimeToEvent) -> list[str]:
    return [rule.type for rule in definition.censoring.values()]


def _parted_by(one: TimeToEvent, other: TimeToEvent) -> list[int]:
    """Return the CNSR of intercurrent events that the two definitions handle differently."""
    parted = []
    both = (*one.intercurrent_events.values(), *other.intercurrent_events.values())
    for kind in sorted({ice.happening for ice in both if ice.type != "MISSED_2"}):
        rules = [
            {_without_words(i) for i in d.intercurrent_events.values() if _cuts(i, kind)}
            for d in (one, other)
        ]
        if rules[0] != rules[1]:
            parted.append(CENSORED_BY.get(kind, OTHER))
    return parted


def _cuts(ice: IntercurrentEvent, kind: str) -> bool:
    policy = ice.strategy == ice.otherwise == "treatment_policy"
    return ice.happening == kind and not policy


def _responders(evidence: Evidence, dor: str, pfs: str) -> pd.DataFrame:
    """Return the responders with their duration, and the endpoint from the origin as ``_2``."""
    frame = evidence.adtte
    keys = ["USUBJID", "EVAL"]
    columns = [*keys, "STARTDT", "AVAL", "CNSR"]
    whole = frame[(frame["PARAMCD"] == pfs) & (frame["POP"] == evidence.study.population)]
    rows = frame.loc[frame["PARAMCD"] == dor, ["POP", *columns]]
    return rows.merge(whole[columns], on=keys, suffixes=("", "_2"))


def _time_to_response(evidence: Evidence, rows: pd.DataFrame) -> pd.Series:
    """Return days from the origin to the first response, by its own endpoint where there is one."""
    plain = (rows["STARTDT"] - rows["STARTDT_2"]).dt.days + 1
    wanted = [name for name, one in evidence.definitions.items() if _is_time_to_response(one)]
    if not wanted:
        return plain
    frame = evidence.adtte
    mine = (frame["PARAMCD"] == wanted[0]) & (frame["POP"] == evidence.study.population)
    first = frame[mine & (frame["STATE"] == 1)].set_index(["USUBJID", "EVAL"])["AVAL"]
    found = first.reindex(pd.MultiIndex.from_frame(rows[["USUBJID", "EVAL"]]))
    return pd.Series(found.to_numpy(), index=rows.index).fillna(plain)


def _is_time_to_response(definition: Definition) -> bool:
    """Return whether an endpoint is the time to the first objective response from the origin."""
    if not isinstance(definition, TimeToEvent) or definition.origin != "study":
        return False
    sought = [event for event in definition.events.values() if event.state == 1]
    return [event.type for event in sought] == ["RESPONSE"] and (
        sought[0].criterion.state_from in ("response", ("response",)) and undelayed(sought[0])
    )


def deaths_without_state(evidence: Evidence) -> Iterator[Violation]:
    """Find deaths that an endpoint of competing risks counts and has in no state (D17).

    By the definition's own rules: a death known by the cut-off and by the end of vital-status
    follow-up, of a cause that an event rule names, is state 1 or comes after another state.
    """
    known = _known_deaths(evidence)
    for paramcd, definition in evidence.definitions.items():
        rules = _death_rules(definition)
        if not rules:
            continue
        rows = evidence.adtte[evidence.adtte["PARAMCD"] == paramcd]
        rows = rows[rows["STATE"] == 0].merge(known, on="USUBJID")
        meant = pd.Series(False, index=rows.index)
        for rule in rules:
            named = rule.cause_in is None or rows["DTHCAUS"].isin(rule.cause_in)
            meant |= named & ~rows["DTHCAUS"].isin(rule.cause_not_in)
        bad = rows[meant & (rows["DTHDT"] >= rows["STARTDT"])]
        yield from _by_evaluator(bad, paramcd, "a death that the definition counts has no state")


def states_without_cause(evidence: Evidence) -> Iterator[Violation]:
    """Find deaths in a state whose rules do not name their cause."""
    known = _known_deaths(evidence)
    for paramcd, definition in evidence.definitions.items():
        if definition.kind != "competing":
            continue
        rows = evidence.adtte[evidence.adtte["PARAMCD"] == paramcd]
        rows = rows[rows["EVNTDESC"].eq("DEATH") & (rows["STATE"] > 0)].merge(known, on="USUBJID")
        for state, part in rows.groupby("STATE", sort=True):
            rules = [
                e for e in definition.events.values() if e.type == "DEATH" and e.state == state
            ]
            named = pd.Series(False, index=part.index)
            for rule in rules:
                meant = rule.cause_in is None or part["DTHCAUS"].isin(rule.cause_in)
                named |= meant & ~part["DTHCAUS"].isin(rule.cause_not_in)
            what = f"a death in state {state} of a cause that no rule of it names"
            yield from _by_evaluator(part[~named], paramcd, what)


def _death_rules(definition: Definition) -> list[Event]:
    """Return the rules by which any death counts, where nothing else can end the follow-up."""
    if not isinstance(definition, TimeToEvent) or definition.kind != "competing":
        return []
    if definition.partial_dates != "imputed" or definition.missing_baseline != "keep":
        return []
    listed = {event.type for event in definition.events.values()}
    for ice in definition.intercurrent_events.values():
        ends = {ice.strategy, ice.otherwise} & set(STRATEGY.group("cuts"))
        if ends or (ice.strategy != "treatment_policy" and ice.type not in listed):
            return []
    if definition.clinical_progression == "censor":
        return []
    deaths = [event for event in definition.events.values() if event.type == "DEATH"]
    return [event for event in deaths if undelayed(event)]


def _known_deaths(evidence: Evidence) -> pd.DataFrame:
    adsl = evidence.adsl
    known = adsl["DTHDT"].notna() & ~(adsl["DTHDT"] > adsl["CUTDT"])
    if "VSWDDT" in adsl:
        known &= ~(adsl["DTHDT"] > adsl["VSWDDT"])
    cause = adsl["DTHCAUS"] if "DTHCAUS" in adsl else pd.Series("UNKNOWN", index=adsl.index)
    return adsl.assign(DTHCAUS=cause).loc[known, ["USUBJID", "DTHDT", "DTHCAUS"]]


def _by_evaluator(rows: pd.DataFrame, paramcd: str, what: str) -> Iterator[Violation]:
    for (population, evaluator), part in rows.groupby(["POP", "EVAL"], sort=True):
        message = f"{what}: {examples(part['USUBJID'])}"
        yield Violation(paramcd, population, evaluator, part["USUBJID"].nunique(), message)


CHECKS = (
    Check(
        "CROSS-RESP",
        "In responders, time to response and duration of response add up to the time of the "
        "progression-free survival that has the same rules: TTR + DOR - 1 = PFS.",
        response_and_duration,
        needs=("adtte",),
        columns={"adtte": ("STARTDT", "AVAL", "CNSR", "STATE")},
    ),
    Check(
        "NRM-COUNTED",
        "A death that an endpoint of competing risks counts is in a state: non-relapse death, or a "
        "competing event came first.",
        deaths_without_state,
        needs=("adtte", "adsl"),
        columns={"adtte": ("STATE", "STARTDT"), "adsl": ("DTHDT", "CUTDT")},
    ),
    Check(
        "NRM-CAUSE",
        "A death in a state of an endpoint of competing risks has a cause that a rule of that "
        "state names.",
        states_without_cause,
        needs=("adtte", "adsl"),
        columns={"adtte": ("STATE", "EVNTDESC"), "adsl": ("DTHDT", "CUTDT")},
    ),
)
