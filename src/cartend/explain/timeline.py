"""The dated timeline of one subject: what happened, on which day since the origin, and its record.

Day 0 is the origin of the study (randomisation or infusion), so AVAL of a date is its day + 1.
"""

from typing import Any

import pandas as pd

from cartend.contract.datasets.explained import TIMELINE
from cartend.contract.terms.death import DEATH_DATE
from cartend.contract.terms.disposition import DISPOSITION
from cartend.contract.terms.estimand import DATED_EVENT
from cartend.contract.text import in_a_sentence
from cartend.explain.results import StudyResults, SubjectEvidence
from cartend.explain.text import day_of, show, source

FEEDING = "OVR"
RANDOMISED = {"RANDDT": "randomisation"}
INFUSED = {
    "TRTSDT": "the CAR-T infusion",
    "LEUKDT": "leukapheresis (not infused)",
    "ENRLDT": "enrolment (not infused)",
    "RFICDT": "informed consent (not infused)",
}
ORIGIN_WORDS = RANDOMISED | INFUSED
MILESTONES = (
    ("RFICDT", "informed consent", ("INFORMED CONSENT OBTAINED",)),
    ("ENRLDT", "enrolment", ("ENROLLED",)),
    ("RANDDT", "randomisation", ("RANDOMIZED",)),
    ("LOSTDT", "loss to follow-up or withdrawal: assessments end", DISPOSITION.group("loss")),
    ("VSWDDT", "withdrawal from vital-status follow-up", DISPOSITION.group("withdrawal")),
)
"""Date of ADSL, its words, and the dispositions that may be its record."""
FIRST_DONE = {"LEUKDT": "LEUKAPHERESIS", "LDDT": "LYMPHODEPLETION", "TRTSDT": "INFUSION"}
WORDS = {"HSCT": "stem cell transplantation"}
"""Where the text of a subject writes a kind of event otherwise than tables and figures."""


def study_origin(evidence: SubjectEvidence) -> tuple[str, pd.Timestamp]:
    """Return which ADSL date is day 0 of the timeline, and that date."""
    randomised = evidence.results.study["design"] == "randomised"
    wanted = RANDOMISED if randomised else INFUSED
    dated = [name for name in wanted if pd.notna(evidence.subject.get(name))]
    name = dated[0] if dated else next(iter(wanted))
    return name, evidence.subject.get(name, pd.NaT)


def timeline(evidence: SubjectEvidence) -> pd.DataFrame:
    """Return ADT, DAY, WHAT and SOURCE of everything dated, by date; undated records last.

    Records of one day stand in the order: milestones, events, assessments, samples, follow-up.
    """
    _, origin = study_origin(evidence)
    subject, rows, results = evidence.subject, evidence.rows, evidence.results
    found = [
        *milestones(subject, rows["ds"], {row.KIND for row in rows["adevt"]}),
        *events(rows["adevt"], results),
        *assessments(rows["adrs"]),
        *samples(rows["admrd"]),
        *follow_up(subject),
    ]
    found.sort(key=lambda row: (pd.isna(row[0]), pd.Timestamp.max if pd.isna(row[0]) else row[0]))
    lines = [(date, day_of(date, origin), what, record) for date, what, record in found]
    return pd.DataFrame(lines, columns=TIMELINE.names)


def milestones(subject: dict[str, Any], ds: list[Any], recorded: set[str]) -> list[tuple]:
    """Return consent, enrolment, randomisation and losses, each with its disposition record.

    A first procedure that ADSL dates and no event records (``recorded``; ADaM entry) is one too.
    """
    rows = [
        (subject[name], words, _disposition(ds, terms, subject[name]) or f"ADSL.{name}")
        for name, words, terms in MILESTONES
        if pd.notna(subject.get(name))
    ]
    rows += [
        (subject[name], kind_words(kind), f"ADSL.{name}")
        for name, kind in FIRST_DONE.items()
        if pd.notna(subject.get(name)) and kind not in recorded
    ]
    return rows


def _disposition(ds: list[Any], terms: tuple[str, ...], date: pd.Timestamp) -> str:
    """Return the disposition record of one of these terms and this date, blank without one."""
    for row in ds:
        if date == row.DSSTDT_LO and DISPOSITION.code(row.DSDECOD) in terms:
            return source("DS", row.DSSEQ, "DSSTDTC")
    return ""


def events(adevt: list[Any], results: StudyResults) -> list[tuple]:
    """Return procedures, drugs, infusions, transplantations and records of the study's own roles.

    Each with its reason and its record.
    """
    return [
        (
            row.ADT,
            _event_words(row, kind_words(row.KIND, results)),
            source(row.SRCDOM, row.SRCSEQ, row.SRCVAR),
        )
        for row in adevt
    ]


def kind_words(kind: str, results: StudyResults | None = None) -> str:
    """Return a kind of dated event as it stands in a line; a role of the study by its label."""
    if kind in DATED_EVENT or results is None:
        return WORDS.get(kind) or in_a_sentence(DATED_EVENT.label(kind))
    return in_a_sentence(results.label(kind))


def _event_words(row: Any, text: str) -> str:
    if not pd.isna(row.WHAT) and row.WHAT.lower() != text:
        text += f": {row.WHAT}"
    said = {"reason": row.REASON, "planned": row.PLANNED}
    if row.KIND in DATED_EVENT.group("classed"):
        said = {"class": row.CLASS, **said}
    parts = [f"{name} {value}" for name, value in said.items() if not pd.isna(value)]
    if row.KIND == "NEW_THERAPY" and pd.isna(row.REASON):
        parts.append("no reason recorded")
    if row.KIND == "HSCT" and pd.isna(row.PLANNED):
        parts.append("planned or not is not recorded")
    return ", ".join([text, *parts]) + _imputed(row.ADTF, row.ADTLO, row.ADTHI)


def _imputed(flag: object, low: pd.Timestamp, high: pd.Timestamp) -> str:
    """Return what is said of a partial date, nothing of a complete one."""
    if pd.isna(flag) or flag == "":
        return ""
    return f" (imputed, flag {flag}: between {show(low)} and {show(high)})"


def assessments(adrs: list[Any]) -> list[tuple]:
    """Return every assessment of every evaluator: category, visit, and whether it counts.

    Only the response that feeds the endpoints: the one by the other source and the one against
    the baseline before bridging are further readings of the same visits.
    """
    return [
        (row.ADT, _assessment_words(row), source(row.SRCDOM, row.SRCSEQ, row.SRCVAR))
        for row in sorted(adrs, key=lambda row: (row.EVAL, row.SRCSEQ))
        if getattr(row, "PARAMCD", FEEDING) == FEEDING
    ]


def _assessment_words(row: Any) -> str:
    visit = "outside every visit window" if pd.isna(row.AVISIT) else row.AVISIT
    if row.ANL01FL == "Y":
        counts = "counts"
    else:
        why = "" if pd.isna(row.ANL01RS) else f": {row.ANL01RS}"
        counts = f"does not count{why}"
    imputed = _imputed(row.ADTF, row.ADTLO, row.ADTHI)
    said = show(row.AVALC)
    if isinstance(getattr(row, "CONFRS", None), str):
        said += f" (visit {show(row.VISRESP)}; {row.CONFRS})"
    return f"{row.EVAL} assessment {visit}: {said}, {counts}{imputed}"


def samples(admrd: list[Any]) -> list[tuple]:
    """Return every MRD sample with its call and the reason of the call."""
    return [
        (
            row.ADT,
            f"MRD sample, {show(row.LBSPEC).lower()} by {show(row.LBMETHOD).lower()}: "
            f"{show(row.AVALC)} ({show(row.CALLRS)})",
            source(row.SRCDOM, row.SRCSEQ, row.SRCVAR),
        )
        for row in admrd
    ]


def follow_up(subject: dict[str, Any]) -> list[tuple]:
    """Return last known alive, death with its cause, and the data cut-off."""
    rows = []
    if pd.notna(subject.get("LSTALVDT")):
        known = [subject.get(name) for name in ("LALVDOM", "LALVSEQ", "LALVVAR")]
        rows.append((subject["LSTALVDT"], "last known alive", source(*known) or "ADSL.LSTALVDT"))
    if pd.notna(subject.get("DTHDT")):
        rows.append((subject["DTHDT"], _death_words(subject), _death_source(subject)))
    if pd.notna(subject.get("CUTDT")):
        rows.append((subject["CUTDT"], "data cut-off", "ADSL.CUTDT"))
    return rows


def _death_words(subject: dict[str, Any]) -> str:
    cause, said = subject.get("DTHCAUS"), subject.get("DTHCAUSR")
    text = f"death, cause {show(cause)}"
    if not pd.isna(said) and said != cause:
        text += f" (reported: {said})"
    bounds = (subject.get("DTHDTLO", pd.NaT), subject.get("DTHDTHI", pd.NaT))
    return text + _imputed(subject.get("DTHDTF"), *bounds)


def _death_source(subject: dict[str, Any]) -> str:
    domain = subject.get("DTHDOM")
    return "ADSL.DTHDT" if pd.isna(domain) else f"{domain}.{DEATH_DATE.get(domain, 'DTHDTC')}"
