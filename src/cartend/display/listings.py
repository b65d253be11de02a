"""Listings: washout of every therapy, responses against their components, each subject's criteria.

A listing prints records as they were derived and computes nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cartend.config.rules import Rules
from cartend.contract.terms.estimand import VERDICT
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.therapy import WASHOUT
from cartend.display.ard import Group
from cartend.display.shell import Column, Row, Shell
from cartend.display.words import Heading
from cartend.response.concordance import paired_visits

ABOUT = {"kind": "listing"}
OPEN = WASHOUT.group("not_kept")
SHOWN = {code: code.lower() if code == "MET" else code for code in VERDICT}
"""A verdict that a reader should not pass over stands in capitals."""


def listings(heading: Heading, adam_dir: Path, rules: Rules) -> Iterator[Shell]:
    """Yield the listings of a study that has the records for them."""
    adbrdg = pd.read_parquet(adam_dir / "adbrdg.parquet")
    if len(adbrdg):
        yield washout_listing(heading, adbrdg, rules)
    adrs = pd.read_parquet(adam_dir / "adrs.parquet")
    if adrs["PARAMCD"].eq("OVRALG").any():
        yield disagreement_listing(heading, adrs)
    adelig = pd.read_parquet(adam_dir / "adelig.parquet")
    if len(adelig) and rules.eligibility:
        yield eligibility_listing(heading, adelig, rules)


def disagreement_listing(heading: Heading, adrs: pd.DataFrame) -> Shell:
    """Return every visit whose reported response its components do not give, and what decides."""
    both = paired_visits(adrs)
    rows = both[both["REPORTED"].ne(both["ALGORITHM"])]
    made = rows["SRCDOM"].fillna("") + " " + rows["SRCSEQ_MADE"].astype(str) + "; "
    made = made.where(rows["SRCDOM"].fillna("").ne(""), "")
    columns = {
        "evaluator": rows["EVAL"],
        "visit": rows["KEY"],
        "date": rows["ADT"].dt.strftime("%Y-%m-%d"),
        "reported": rows["REPORTED"],
        "algorithm": rows["ALGORITHM"],
        "decides": rows["DECIDES"],
        "complete": rows["COMPLETE"].map(YES_NO.label).str.lower(),
        "record": made + "RS " + rows["SRCSEQ"].astype(str),
    }
    names = {
        "evaluator": "Evaluator",
        "visit": "Visit",
        "date": "Date reported",
        "reported": "Reported",
        "algorithm": "From components",
        "decides": "What decides",
        "complete": "Every component there",
        "record": "Records",
    }
    footnotes = (
        "Responses of the visit, before confirmation. What decides: the component by which the "
        "algorithm gives its category.",
        heading.source("ADRS"),
    )
    title = "Listing of responses that their components do not give"
    stem = "listing_concordance"
    return _listing(heading, stem, title, rows["USUBJID"], columns, names, footnotes)


def washout_listing(heading: Heading, adbrdg: pd.DataFrame, rules: Rules) -> Shell:
    """Return every record of bridging, and of prior therapy where washout is not shown kept."""
    asked = adbrdg["PHASE"].ne("PRIOR") | adbrdg["WOLA"].isin(OPEN) | adbrdg["WOLD"].isin(OPEN)
    rows = adbrdg[asked]
    columns = {
        "phase": rows["PHASE"].str.lower(),
        "what": rows["WHAT"].fillna("not named"),
        "class": rows["CODE"] + " " + rows["CODEDESC"],
        "same": rows["SAMEFL"],
        "start": _day(rows["ADTLO"], rows["ADTHI"]),
        "end": _day(rows["ENDLO"], rows["ENDHI"]),
        "la": _washout(rows, "LA"),
        "ld": _washout(rows, "LD"),
        "record": rows["SRCDOM"] + " " + rows["SRCSEQ"].astype(str),
    }
    names = {
        "phase": "Phase",
        "what": "Agent or procedure",
        "class": "Class",
        "same": "Same target",
        "start": "First dose",
        "end": "Last dose",
        "la": "Days to leukapheresis (limit)",
        "ld": "Days to lymphodepletion (limit)",
        "record": "Record",
    }
    said = [f"Open point: {point}." for point in rules.bridging.uncertain]
    footnotes = (
        "All records labelled bridging, and the prior therapies whose washout is not kept or not "
        "known. Days run from the last dose; two dates or numbers are bounds of a partial date.",
        *said,
        f"Rules: {rules.bridging.id}; {rules.bridging.source}.",
        heading.source("ADBRDG"),
    )
    title = "Listing of bridging and washout"
    return _listing(heading, "listing_washout", title, rows["USUBJID"], columns, names, footnotes)


def _listing(
    heading: Heading,
    stem: str,
    title: str,
    subjects: pd.Series,
    columns: dict[str, pd.Series],
    names: dict[str, str],
    footnotes: tuple[str, ...],
) -> Shell:
    """Return a listing: a row a record, labelled by its subject; one that says there is none."""
    made = tuple(Column(name, text, Group()) for name, text in names.items())
    cells = zip(*(columns[name].fillna("").astype(str) for name in names), strict=True)
    rows = tuple(
        Row(subject, dict(zip(names, row, strict=True)))
        for subject, row in zip(subjects, cells, strict=True)
    ) or (Row("No subject", dict.fromkeys(names, "")),)
    subtitle = (f"Scenario {heading.scenario}", heading.study.title)
    return Shell(stem, title, subtitle, made, rows, footnotes, stub="Subject", about=ABOUT)


def _day(low: pd.Series, high: pd.Series) -> pd.Series:
    first, last = (day.dt.strftime("%Y-%m-%d") for day in (low, high))
    text = first.where(first.eq(last), first + " to " + last)
    return text.astype(object).where(low.notna() & high.notna(), "not dated")


def _washout(rows: pd.DataFrame, suffix: str) -> pd.Series:
    """Return ``14 (14): compliant``, the days with their limit and the verdict; blank if none."""
    ends = (rows[f"{suffix}{end}"] for end in ("LO", "HI", "LIM"))
    low, high, limit = (end.map(_whole).astype(object) for end in ends)  # text of no rows too
    days = low.where(low.eq(high), low + " to " + high).where(low.ne(""), "not dated")
    text = days + " (" + limit + "): " + rows[f"WO{suffix}"].str.lower()
    return text.where(rows[f"WO{suffix}"].ne("NOT APPLICABLE"), "")


def _whole(number: float) -> str:
    return "" if number != number else f"{number:.0f}"


def eligibility_listing(heading: Heading, adelig: pd.DataFrame, rules: Rules) -> Shell:
    """Return a row a subject and criterion: the verdict, and what decides it."""
    rows = adelig.sort_values(["USUBJID", "CRITORD"], kind="stable")
    label = rows["CRITID"].where(rows["CRITID"].ne("ELIGIBLE"), "Eligible")
    columns = {
        "criterion": label,
        "verdict": rows["AVALC"].map(SHOWN),
        "why": rows["WHY"],
        "crf": rows["CRFRES"].fillna(""),
    }
    names = {
        "criterion": "Criterion",
        "verdict": "Verdict",
        "why": "Record or part that decides",
        "crf": "Case report form",
    }
    assert rules.eligibility is not None
    footnotes = (
        "CM and PR numbers are CMSEQ and PRSEQ. Two dates are the bounds of a partial date.",
        *(f"Open point: {point}." for point in rules.eligibility.uncertain),
        f"Rules: {rules.eligibility.id}; {rules.eligibility.source}.",
        heading.source("ADELIG"),
    )
    title = f"Listing of eligibility: {rules.eligibility.label}"
    subject = rows["USUBJID"]
    return _listing(heading, "listing_eligibility", title, subject, columns, names, footnotes)
