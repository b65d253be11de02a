"""Checks between endpoints, and between an endpoint and the assessments it was made from."""

from collections.abc import Iterator

import pandas as pd

from cartend.analysis.evidence import Check, Evidence, Violation, examples
from cartend.config.definition import Definition, TimeToEvent
from cartend.config.event import Event, Window
from cartend.contract.terms.estimand import EVENT_TYPE, STRATEGY
from cartend.contract.terms.grammar import EVENT_DATE

DATED_WHEN_IT_HAPPENS = EVENT_DATE.group("when_it_happens")


def undelayed(event: Event) -> bool:
    """Return whether an event counts from day 0, whenever it comes, on its own date."""
    return (
        event.window == Window()
        and event.after is None
        and event.dated_at in DATED_WHEN_IT_HAPPENS
        and event.min_missed_visits is None
    )


def counts_any(definition: TimeToEvent, kind: str) -> bool:
    """Return whether every event of a type counts, without window, cause or gap rule."""
    return any(
        event.type == kind
        and undelayed(event)
        and event.cause_in is None
        and not event.cause_not_in
        for event in definition.events.values()
    )


def never_cut(definition: TimeToEvent, allowed: tuple[str, ...]) -> bool:
    """Return whether no intercurrent event ends the follow-up other than as an event."""
    return all(
        ice.strategy in allowed and ice.otherwise in allowed
        for ice in definition.intercurrent_events.values()
    )


def is_plain_pfs(definition: Definition) -> bool:
    """Return whether an endpoint is progression or death and nothing else (PFS_EMA)."""
    return (
        definition.kind == "tte"
        and {event.type for event in definition.events.values()} == set(EVENT_TYPE.group("of_pfs"))
        and counts_any(definition, "PD")
        and counts_any(definition, "DEATH")
        and never_cut(definition, ("treatment_policy",))
    )


def is_comparable_efs(definition: Definition) -> bool:
    """Return whether an EFS counts any PD from day 0 and any death without a gap rule (D24)."""
    return (
        definition.kind == "tte"
        and definition.family == "EFS"
        and counts_any(definition, "PD")
        and counts_any(definition, "DEATH")
        and never_cut(definition, STRATEGY.group("never_cuts"))
    )


def is_overall_survival(definition: Definition) -> bool:
    """Return whether an endpoint is death of any cause and nothing else."""
    return (
        definition.kind == "tte"
        and {event.type for event in definition.events.values()} == {"DEATH"}
        and counts_any(definition, "DEATH")
        and never_cut(definition, ("treatment_policy",))
        and {rule.type for rule in definition.censoring.values()} == {"last_known_alive"}
    )


def survival_before_progression(evidence: Evidence) -> Iterator[Violation]:
    """Find subjects whose OS ends before their PFS event."""
    for paramcd, later in _pairs(evidence, is_plain_pfs, is_overall_survival):
        rows = _joined(evidence, paramcd, later, same_evaluator=False)
        bad = rows[(rows["CNSR"] == 0) & (rows["ADT_2"] < rows["ADT"])]
        yield from _stated(bad, paramcd, f"{later} ends before the event")


def late_efs(evidence: Evidence) -> Iterator[Violation]:
    """Find subjects with a PFS event and no EFS event by that day."""
    for paramcd, efs in _pairs(evidence, is_plain_pfs, is_comparable_efs):
        rows = _joined(evidence, paramcd, efs, same_evaluator=True)
        late = (rows["CNSR_2"] != 0) | (rows["ADT_2"] > rows["ADT"])
        yield from _stated(rows[(rows["CNSR"] == 0) & late], paramcd, f"no event of {efs} by then")


def relapse_before_nrm(evidence: Evidence) -> Iterator[Violation]:
    """Find non-relapse deaths of subjects whom the same evaluator saw progress before (D17)."""
    seen = _progressions(evidence)
    for paramcd, definition in evidence.definitions.items():
        if definition.kind != "competing" or not _relapse_competes(definition):
            continue
        rows = evidence.adtte[(evidence.adtte["PARAMCD"] == paramcd)]
        rows = rows[rows["STATE"] == 1]
        both = rows.merge(seen, on=["USUBJID", "EVAL"])
        earlier = both[(both["PD"] > both["STARTDT"]) & (both["PD"] <= both["ADT"])]
        yield from _stated(earlier, paramcd, "progression on or before the non-relapse death")


def nrm_without_death(evidence: Evidence) -> Iterator[Violation]:
    """Find subjects in a state that only death leads to who are not dead on that day."""
    deaths = evidence.adsl.set_index("USUBJID")["DTHDT"]
    for paramcd, definition in evidence.definitions.items():
        if definition.kind != "competing":
            continue
        for state in sorted(definition.states):
            kinds = {e.type for e in definition.events.values() if e.state == state}
            if kinds == {"DEATH"}:
                rows = evidence.adtte[evidence.adtte["PARAMCD"] == paramcd]
                rows = rows[rows["STATE"] == state]
                bad = rows[rows["ADT"] != rows["USUBJID"].map(deaths)]
                yield from _stated(bad, paramcd, f"state {state} is not the day of death")


def _pairs(evidence: Evidence, first, second) -> Iterator[tuple[str, str]]:
    """Yield pairs of endpoints of the two kinds with the same origin."""
    for a, one in evidence.definitions.items():
        if first(one):
            for b, other in evidence.definitions.items():
                if second(other) and other.origin == one.origin:
                    yield a, b


def _joined(evidence: Evidence, paramcd: str, other: str, *, same_evaluator: bool) -> pd.DataFrame:
    keys = ["USUBJID", "POP", *(["EVAL"] if same_evaluator else [])]
    frame = evidence.adtte
    right = frame.loc[frame["PARAMCD"] == other, [*keys, "ADT", "CNSR"]]
    return frame[frame["PARAMCD"] == paramcd].merge(right, on=keys, suffixes=("", "_2"))


def _stated(rows: pd.DataFrame, paramcd: str, what: str) -> Iterator[Violation]:
    if len(rows):
        for (population, evaluator), part in rows.groupby(["POP", "EVAL"], sort=True):
            n = part["USUBJID"].nunique()
            message = f"{what}: {examples(part['USUBJID'])}"
            yield Violation(paramcd, population, evaluator, n, message)


def _relapse_competes(definition: TimeToEvent) -> bool:
    return any(e.type == "PD" and e.state > 1 and undelayed(e) for e in definition.events.values())


def _progressions(evidence: Evidence) -> pd.DataFrame:
    """Return the first progression of each subject and evaluator that can count.

    Loss to follow-up and the cut-off end the assessments (D2).
    """
    adrs, adsl = evidence.adrs, evidence.adsl.set_index("USUBJID")
    codes = evidence.criteria.codes("progression")
    rows = adrs[(adrs["ANL01FL"] == "Y") & adrs["AVALC"].isin(codes)]
    for name in ("CUTDT", "LOSTDT"):
        if name in adsl:
            rows = rows[~(rows["ADT"] > rows["USUBJID"].map(adsl[name]))]
    return rows[["USUBJID", "EVAL", "ADT"]].rename(columns={"ADT": "PD"})


CHECKS = (
    Check(
        "CROSS-OS",
        "Where progression-free survival (any progression, any death) has an event on a day, "
        "overall survival does not end before it.",
        survival_before_progression,
        needs=("adtte",),
        columns={"adtte": ("ADT", "CNSR")},
    ),
    Check(
        "CROSS-EFS",
        "Where progression-free survival has an event on a day, an event-free survival that counts "
        "progression from day 0 and any death has one by that day.",
        late_efs,
        needs=("adtte",),
        columns={"adtte": ("ADT", "CNSR")},
    ),
    Check(
        "NRM-RELAPSE",
        "A non-relapse death has no progression of the same evaluator on or before it.",
        relapse_before_nrm,
        needs=("adtte", "adrs", "adsl"),
        columns={"adtte": ("STATE", "STARTDT", "ADT")},
    ),
    Check(
        "NRM-DEATH",
        "A state that only death leads to is dated on the day of death.",
        nrm_without_death,
        needs=("adtte", "adsl"),
        columns={"adtte": ("STATE", "ADT"), "adsl": ("DTHDT",)},
    ),
)
