"""Why a subject has its result: definition, deciding rule, every candidate, the resulting row.

``explain_subject`` gives the parts, ``explain_text`` the same as plain text: for the terminal, and
for the report, which links each subject to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cartend.contract.datasets.explained import ADRSP_ROW, ADTTE_ROW
from cartend.contract.terms.estimand import ENDPOINT_ROLE, POPULATION_FLAG, SET_RULE
from cartend.explain.errors import ExplainError, unknown
from cartend.explain.results import PRIMARY, SubjectEvidence, load_evidence
from cartend.explain.rules import rule_name, rule_sentence
from cartend.explain.text import day_of, pairs, paragraph, show, source, table
from cartend.explain.timeline import ORIGIN_WORDS, study_origin, timeline

CANDIDATE = ("day", "date", "candidate", "record", "outcome")


@dataclass(frozen=True)
class Verdict:
    """One endpoint for one evaluator and population: what decided, and what else there was."""

    evaluator: str
    population: str
    headline: str
    rule: str
    candidates: list[tuple[str, ...]]
    row: list[tuple[str, str]]


@dataclass(frozen=True)
class Block:
    """One endpoint: its sentence and source, and the verdict of each evaluator and population."""

    paramcd: str
    label: str
    sentence: str
    source: str
    verdicts: list[Verdict]


@dataclass(frozen=True)
class Explanation:
    """Everything that is said of one subject."""

    usubjid: str
    head: list[str]
    timeline: pd.DataFrame
    findings: list[str]
    blocks: list[Block]


def explain_text(
    results: Path | str,
    study: str,
    usubjid: str,
    endpoint: str | None = None,
    scenario: str = PRIMARY,
) -> str:
    """Return the explanation of one subject as plain text; ExplainError for an unknown word."""
    evidence = load_evidence(results, study, scenario, usubjid).of(usubjid)
    return as_text(explain_subject(evidence, endpoint))


def explain_subject(evidence: SubjectEvidence, endpoint: str | None = None) -> Explanation:
    """Return the explanation of one subject, for one endpoint or for all of the scenario."""
    definitions = wanted_definitions(evidence, endpoint)
    return Explanation(
        usubjid=evidence.subject["USUBJID"],
        head=head(evidence),
        timeline=timeline(evidence),
        findings=[
            f"{row.finding_id} ({row.severity}) {row.record or row.domain}: {row.message}"
            for row in evidence.rows["findings"]
        ],
        blocks=[block(evidence, definition) for definition in definitions.values()],
    )


def wanted_definitions(
    evidence: SubjectEvidence, endpoint: str | None
) -> dict[str, dict[str, Any]]:
    """Return the definitions to explain; ExplainError for an endpoint the scenario has not.

    Without an endpoint all of the scenario: by role, the primary one first, then in the order of
    the study.
    """
    results, scenario = evidence.results, evidence.scenario
    definitions = results.definitions(scenario)
    if endpoint is None:
        names = sorted(definitions, key=lambda name: ENDPOINT_ROLE.place[results.role(name)])
        return {name: definitions[name] for name in names}
    if endpoint in definitions:
        return {endpoint: definitions[endpoint]}
    if endpoint in results.definitions(PRIMARY):
        raise ExplainError(
            f"scenario {scenario} leaves endpoint {endpoint} as in primary (it changes "
            f"{', '.join(definitions)}); ask for it with --scenario primary"
        )
    elsewhere = [name for name in results.scenarios if endpoint in results.definitions(name)]
    if elsewhere:
        raise ExplainError(
            f"endpoint {endpoint} is not in scenario {scenario} but in {', '.join(elsewhere)}; "
            f"ask for it with --scenario {elsewhere[0]}"
        )
    raise unknown(
        f"study {results.study['id']}, scenario {scenario}: endpoint", endpoint, definitions
    )


def head(evidence: SubjectEvidence) -> list[str]:
    """Return the lines that say who the subject is and how the days are counted."""
    subject, study = evidence.subject, evidence.results.study
    column, origin = study_origin(evidence)
    flags = [name for name in POPULATION_FLAG.values() if name in subject]
    sets = ", ".join(f"{name} {show(subject.get(name))}" for name in flags)
    bridge = f"bridging {show(subject.get('BRIDGE'))}"
    return [
        f"{subject['USUBJID']} in {study['id']}, scenario {evidence.scenario}",
        study["title"],
        f"Arm {show(subject.get('ARMCD'))} ({show(subject.get('TRT01P'))}); {bridge}; {sets}",
        f"Day 0 is {ORIGIN_WORDS[column]}, {show(origin)}. In a result AVAL is the day + 1.",
    ]


def block(evidence: SubjectEvidence, definition: dict[str, Any]) -> Block:
    """Return one endpoint with the verdicts of every evaluator and population it names."""
    verdict = rate_verdict if definition["kind"] == "rate" else event_verdict
    return Block(
        paramcd=definition["id"],
        label=definition["label"],
        sentence=definition["sentence"],
        source=definition["source"],
        verdicts=[verdict(evidence, definition, *key) for key in analyses(evidence, definition)],
    )


def analyses(evidence: SubjectEvidence, definition: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every evaluator and population of a definition."""
    evaluators = {"study": evidence.results.study["evaluators"], "none": [""]}
    for evaluator in evaluators.get(definition["evaluator"], [definition["evaluator"]]):
        for population in definition["population"]:
            yield evaluator, population


def event_verdict(
    evidence: SubjectEvidence, definition: dict[str, Any], evaluator: str, population: str
) -> Verdict:
    """Return what decided one time to event, and every candidate with its outcome."""
    key = (definition["id"], evaluator, population)
    rows = evidence.analysis("adtte", *key)
    if not rows:
        return _not_in(evidence, evaluator, population)
    row = rows[0]
    return Verdict(
        evaluator=evaluator,
        population=population,
        headline=_event_headline(row),
        rule=f"{row.RULEID}: {rule_sentence(definition, row.RULEID)}",
        candidates=[
            candidate_cells(candidate, definition, row.STARTDT)
            for candidate in evidence.analysis("candidates", *key)
        ],
        row=[(name, show(getattr(row, name))) for name in ADTTE_ROW],
    )


def rate_verdict(
    evidence: SubjectEvidence, definition: dict[str, Any], evaluator: str, population: str
) -> Verdict:
    """Return the category of one rate, its record, and the reason where there is none."""
    rows = evidence.analysis("adrsp", definition["id"], evaluator, population)
    if not rows:
        return _not_in(evidence, evaluator, population)
    row = rows[0]
    parts = [row.AVALC]
    if pd.notna(row.ADT):
        record = source(row.SRCDOM, row.SRCSEQ, row.SRCVAR)
        parts = [f"{row.AVALC} on {show(row.ADT)}, record {record}"]
    if show(row.REASON) != "-":
        parts.append(f"because: {row.REASON}")
    if row.ANL01FL != "Y":
        parts.append("not in the denominator")
    return Verdict(
        evaluator=evaluator,
        population=population,
        headline="; ".join(parts),
        rule="",
        candidates=[],
        row=[(name, show(getattr(row, name))) for name in ADRSP_ROW],
    )


def candidate_cells(
    row: Any, definition: dict[str, Any], origin: pd.Timestamp
) -> tuple[str, str, str, str, str]:
    """Return the cells of ``CANDIDATE``: day since the origin, date, rule, record, outcome."""
    rule = rule_name(definition, row.RULEID)
    text = rule if rule == row.EVNTDESC else f"{rule} ({row.EVNTDESC})"
    if pd.notna(row.ESTABDT) and row.ESTABDT != row.ADT:
        text += f", established {show(row.ESTABDT)}"
    record = source(row.SRCDOM, row.SRCSEQ, row.SRCVAR)
    return day_of(row.ADT, origin), show(row.ADT), text, record, row.OUTCOME


def _event_headline(row: Any) -> str:
    day = day_of(row.ADT, row.STARTDT)
    when = f"on {show(row.ADT)}, day {day}" if day else f"after {row.AVAL} days"
    if row.CNSR == 0:
        return f"event {row.EVNTDESC} {when}"
    if row.STATE > 1:
        return f"competing event {row.EVNTDESC} ({row.STATEDESC}) {when}"
    return f"censored {when}: {row.EVNTDESC}"


def _not_in(evidence: SubjectEvidence, evaluator: str, population: str) -> Verdict:
    """Return the verdict of a subject without a row: which set it is not in, and who says so."""
    flag, subject = f"{population}FL", evidence.subject
    why = f"no row: the subject is not in {population}"
    if flag in subject:
        why += f" (ADSL {flag} is {show(subject[flag])})"
    rule = SET_RULE.get(population)
    if rule:
        base = "RAND" if evidence.results.study["design"] == "randomised" else "INF"
        decided = evidence.analysis("adrsp", rule, evaluator, base)
        said = [f": {row.AVALC}, {row.REASON}" for row in decided]
        why += f", which {rule} decides" + (said or [""])[0]
    return Verdict(evaluator, population, why, "", [], [])


def as_text(explanation: Explanation) -> str:
    """Return an explanation as plain text, at most 110 characters a line."""
    return joined([*opening(explanation), *map(block_text, explanation.blocks)])


def joined(parts: list[str]) -> str:
    """Return the parts of an explanation as one text."""
    return "\n\n".join(parts) + "\n"


def opening(explanation: Explanation) -> list[str]:
    """Return who the subject is, the timeline, and the findings on the subject."""
    days = [
        (row.DAY, show(row.ADT), row.WHAT, row.SOURCE) for row in explanation.timeline.itertuples()
    ]
    parts = ["\n".join(paragraph(line) for line in explanation.head)]
    parts.append("Timeline\n" + table(("day", "date", "what", "record"), days, {"what": 70}, 2))
    if explanation.findings:
        lines = [paragraph(line, 2) for line in explanation.findings]
        parts.append("Findings of the input checks\n" + "\n".join(lines))
    return parts


def block_text(block: Block) -> str:
    """Return one endpoint: its sentence and source, and every verdict."""
    lines = [f"{block.paramcd}  {block.label}", paragraph(block.sentence, 2)]
    lines.append(paragraph(f"Source: {block.source}", 2))
    return "\n".join([*lines, *(_verdict_text(verdict) for verdict in block.verdicts)])


def _verdict_text(verdict: Verdict) -> str:
    who = ", ".join(part for part in (verdict.evaluator, verdict.population) if part)
    lines = ["", paragraph(f"{who}: {verdict.headline}", 2)]
    if verdict.rule:
        lines.append(paragraph(f"Rule {verdict.rule}", 4))
    if verdict.candidates:
        most = {"candidate": 48, "record": 16}
        lines.append(table(CANDIDATE, verdict.candidates, most, 4))
    if verdict.row:
        lines.append(pairs(verdict.row, 4))
    return "\n".join(lines)
