"""ADELIG: every subject against every criterion: MET, NOT MET or CANNOT BE JUDGED, and why.

Missing data never decide (three-valued logic of Kleene): any of the parts holds where one does,
fails where all do; all hold where all do, fail where one does; else it cannot be judged.
Source: guideline lines G78-131; specification 1.2; R03-R06, R48.
"""

import numpy as np
import pandas as pd

from cartend.config.eligibility import CaseReport, Criterion, Eligibility, in_order, walk
from cartend.contract.datasets.subject import ADELIG
from cartend.contract.text import in_capitals, normal, normalised
from cartend.subject.answers import MET, NOT_MET, UNKNOWN, Answer, Evidence
from cartend.subject.domains import DATE, coalesce, none_for_missing
from cartend.subject.facts import answer
from cartend.subject.lines import prior_therapy
from cartend.subject.records import role_rows

WORDS = {MET: "MET", UNKNOWN: "CANNOT BE JUDGED", NOT_MET: "NOT MET"}
FLAG = {MET: "Y", UNKNOWN: "CANNOT BE JUDGED", NOT_MET: "N"}
ELIGIBLE = "ELIGIBLE"
ENTRY = ("RANDDT", "ENRLDT", "LEUKDT", "RFICDT")


def no_judgements() -> pd.DataFrame:
    """Return ADELIG of a study that names no eligibility rules."""
    return _finished(pd.DataFrame({name: [] for name in ADELIG.names}))


def evidence_of(
    rules: Eligibility, domains: dict[str, pd.DataFrame], adsl: pd.DataFrame
) -> Evidence:
    """Return what the conditions ask; a transplantation counts if it may precede entry.

    Entry is randomisation, else enrolment, leukapheresis, consent. A transplantation whose date
    straddles it is kept and marked as not sure.
    """
    entry = adsl[list(ENTRY)].bfill(axis=1).iloc[:, 0].astype(DATE)
    rows = role_rows(domains, "transplantation", "HSCT")
    rows = rows[rows["USUBJID"].isin(adsl.index)]
    came = rows["USUBJID"].map(entry)
    grafts = pd.DataFrame(
        {
            "USUBJID": rows["USUBJID"],
            "RECORD": rows["SRCDOM"] + " " + rows["SRCSEQ"].fillna(0).astype(int).astype(str),
            "WHAT": in_capitals(rows["WHAT"]),
            "LO": rows["LO"],
            "HI": rows["HI"],
            "sure": rows["HI"].lt(came),
        }
    )
    grafts = grafts[~rows["LO"].ge(came)]
    prior = prior_therapy(domains["cm"], rules.counting)
    return Evidence(adsl, prior[prior["USUBJID"].isin(adsl.index)], grafts, len(domains["pr"]) > 0)


def judge(evidence: Evidence, criterion: Criterion, found: dict[str, Answer], name: str) -> Answer:
    """Return the answer to a criterion, those of its parts filed in ``found`` by id."""
    if criterion.when is not None:
        found[name] = answer(evidence, criterion.when)
        return found[name]
    parts = {
        part: judge(evidence, content, found, part) for part, content in criterion.parts.items()
    }
    values = np.column_stack([part.value.to_numpy() for part in parts.values()])
    value = values.max(axis=1) if criterion.any else values.min(axis=1)
    index = evidence.adsl.index
    found[name] = Answer(pd.Series(value, index=index), _decided_by(values, value, parts, index))
    return found[name]


def _decided_by(
    values: np.ndarray, value: np.ndarray, parts: dict[str, Answer], index: pd.Index
) -> pd.Series:
    """Return the parts whose answer is that of the whole, as text."""
    text = np.full(len(value), "", dtype=object)
    for place, name in enumerate(parts):
        same = values[:, place] == value
        text[same] = np.where(text[same] == "", name, text[same] + ", " + name)
    return pd.Series(text, index=index, dtype=object)


def derive_adelig(
    rules: Eligibility | None, domains: dict[str, pd.DataFrame], adsl: pd.DataFrame
) -> pd.DataFrame:
    """Return ADELIG, one row a subject and criterion, the whole (ELIGIBLE) first.

    ``adsl`` is indexed by USUBJID. WHY names the records that decide, or the parts of a criterion
    whose answer is its own; CRFAVALC is what the case report form says, where it has a flag.
    """
    if rules is None:
        return no_judgements()
    evidence, found = evidence_of(rules, domains, adsl), {}
    for name, criterion in rules.criteria.items():
        judge(evidence, criterion, found, name)
    ranked = in_order(rules.criteria).items()
    required = [name for name, criterion in ranked if criterion.role == "required"]
    values = np.column_stack([found[name].value.to_numpy() for name in required])
    whole = values.min(axis=1)
    parts = {name: found[name] for name in required}
    why = _decided_by(values, whole, parts, adsl.index)
    overall = Answer(pd.Series(whole, index=adsl.index), why)
    label = Criterion.model_construct(
        label=f"Eligible: {rules.label}",
        sentence=f"All required criteria are met: {', '.join(required)}.",
        source=rules.source,
        guideline="",
        role="required",
        crf=rules.crf,
    )
    rows = [_rows(adsl, ELIGIBLE, "", 0, label, overall, 0)]
    depth = {"": 0}
    for order, (name, parent, criterion) in enumerate(walk(rules), start=1):
        depth[name] = depth[parent] + 1
        rows.append(_rows(adsl, name, parent, order, criterion, found[name], depth[name]))
    return _finished(pd.concat(rows, ignore_index=True))


def _rows(
    adsl: pd.DataFrame,
    name: str,
    parent: str,
    order: int,
    criterion: Criterion,
    found: Answer,
    depth: int,
) -> pd.DataFrame:
    rows = pd.DataFrame({"USUBJID": adsl.index, "STUDYID": adsl["STUDYID"].to_numpy()})
    rows = rows.assign(ARMCD=adsl["ARMCD"].to_numpy(), CRITORD=order, CRITID=name, PARENT=parent)
    rows = rows.assign(DEPTH=depth, LABEL=criterion.label, ROLE=criterion.role)
    rows = rows.assign(AVALC=found.value.map(WORDS).to_numpy(), WHY=found.why.to_numpy())
    said, meant = case_report(adsl, criterion.crf)
    rows = rows.assign(CRFTEST=criterion.crf.test if criterion.crf else None)
    rows = rows.assign(CRFRES=said.to_numpy(), CRFAVALC=meant.to_numpy())
    return rows.assign(
        GUIDE=criterion.guideline, SENTENCE=criterion.sentence, SOURCE=criterion.source
    )


def case_report(adsl: pd.DataFrame, flag: CaseReport | None) -> tuple[pd.Series, pd.Series]:
    """Return the value of the case report form's flag, and what it means; None without one."""
    empty = pd.Series(None, index=adsl.index, dtype=object)
    name = f"SC_{flag.test.upper()}" if flag else ""
    if flag is None or name not in adsl:
        return empty, empty
    words = {normal(word): "NOT MET" for word in flag.not_met}
    words |= {normal(word): "MET" for word in flag.met}
    meant = normalised(adsl[name]).map(words).astype(object)
    return in_capitals(adsl[name]), meant


def subject_flags(
    rules: Eligibility | None, adelig: pd.DataFrame, subjects: pd.Index
) -> pd.DataFrame:
    """Return, per USUBJID, ELIGFL and ELIG_<id> of every criterion of the first level."""
    out = pd.DataFrame(index=subjects)
    if rules is None:
        return out
    by = adelig.pivot(index="USUBJID", columns="CRITID", values="AVALC").reindex(subjects)
    flags = {WORDS[value]: flag for value, flag in FLAG.items()}
    out["ELIGFL"] = by[ELIGIBLE].map(flags).astype(object)
    for name in in_order(rules.criteria):
        out[f"ELIG_{name}"] = by[name].astype(object)
    return out


def _finished(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.sort_values(["USUBJID", "CRITORD"], kind="stable").reset_index(drop=True)
    rows = rows[ADELIG.names].astype(dict.fromkeys(ADELIG.of_kind("integer"), "int64"))
    rows["WHY"] = coalesce(rows["WHY"], "")
    return none_for_missing(rows, ADELIG.of_kind("text"))
