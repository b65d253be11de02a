"""Listings of subjects: for the safety group, second malignancies, control refractoriness."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cartend.config.safety import Safety
from cartend.config.study import Study
from cartend.display.ard import Group
from cartend.display.shell import Column, Row, Shell
from cartend.display.words import Heading
from cartend.subject.malignancy import CAUSALITY


def safety_listings(heading: Heading, safety: Safety, adam_dir: Path) -> Iterator[Shell]:
    """Yield the listings of a study, those without a subject too, which say so."""
    adsl, adae, adevt = (pd.read_parquet(adam_dir / f"{n}.parquet") for n in NAMES)
    yield safety_group(heading, safety, adsl, adae)
    yield malignancies(heading, adsl, adae, adevt)
    if heading.study.design == "randomised":
        yield refractory(heading, adsl)


NAMES = ("adsl", "adae", "adevt")


def safety_group(heading: Heading, safety: Safety, adsl: pd.DataFrame, adae: pd.DataFrame) -> Shell:
    """Return deaths and severe events of the classes that go to the safety group (R41)."""
    labels = {c.id: c.label for c in safety.special_interest if c.severe}
    events = adae[adae["AESICL"].isin(labels) & (adae["AETOXGR"] >= 3)]
    graded = zip(events["AETOXGR"], events["AESCALE"], strict=True)
    severe = pd.DataFrame(
        {
            "USUBJID": events["USUBJID"],
            "what": events["AESICL"].map(labels),
            "date": events["ASTDT"],
            "day": events["ASTDY"],
            "detail": [f"grade {grade:g} {scale}" for grade, scale in graded],
            "end": events["AEOUT"],
        }
    )
    dead = adsl[adsl["DTHDT"].notna() & ~(adsl["DTHDT"] > adsl["CUTDT"])]
    start = dead["TRTSDT"].fillna(dead["SOCSDT"])
    deaths = pd.DataFrame(
        {
            "USUBJID": dead["USUBJID"],
            "what": "Death",
            "date": dead["DTHDT"],
            "day": (dead["DTHDT"] - start).dt.days,
            "detail": dead["DTHCAUS"],
            "end": dead["DTHCAUSR"],
        }
    )
    rows = pd.concat([severe, deaths]).merge(_arms(heading.study, adsl), on="USUBJID")
    rows = rows.sort_values(["USUBJID", "date", "what"], kind="stable")
    columns = {
        "arm": "Arm",
        "age": "Age, years",
        "what": "What",
        "date": "Date",
        "day": "Day",
        "detail": "Grade and scale, or cause",
        "end": "Outcome, or cause as reported",
    }
    said = (
        "Deaths of any cause, and events of grade 3 or more; day 0 is the infusion or first dose."
    )
    title = "Extract for the safety group"
    stem, requirement = "listing_safety_group", "R41, guideline lines 341-349"
    return _listing(heading, stem, title, requirement, columns, rows, said, "ADSL, ADAE")


def malignancies(
    heading: Heading, adsl: pd.DataFrame, adae: pd.DataFrame, adevt: pd.DataFrame
) -> Shell:
    """Return every second malignancy with the class of its causality (R42, R43)."""
    cases = adevt[adevt["KIND"].eq("SECOND_MALIGNANCY")]
    key = ["USUBJID", "SRCDOM", "SRCSEQ"]
    facts = adae.loc[adae["SPMFL"].eq("Y"), [*key, "SPMTYPE", "SPMCAUS", "AEOUT"]]
    rows = cases.merge(facts.drop_duplicates(key), on=key, how="left")
    rows = rows.merge(_arms(heading.study, adsl), on="USUBJID")
    infused = rows["USUBJID"].map(adsl.set_index("USUBJID")["TRTSDT"])
    crossed = rows["USUBJID"].map(adsl.set_index("USUBJID")["XODT"])
    first = infused.fillna(crossed)
    rows = rows.assign(day=(rows["ADT"] - first).dt.days, date=rows["ADT"])
    rows = rows.fillna({"SPMCAUS": "INDETERMINATE"})
    rows = rows.sort_values(["USUBJID", "date"], kind="stable")
    columns = {
        "arm": "Arm",
        "age": "Age, years",
        "WHAT": "Malignancy",
        "date": "Date",
        "day": "Days since CAR-T",
        "SPMTYPE": "Kind",
        "SPMCAUS": "Causality",
        "AEOUT": "Outcome",
    }
    said = " ".join(f"{rule.code.capitalize()}: {rule.sentence}." for rule in CAUSALITY)
    title, requirement = "Second malignancies, cases", "R42, R43, guideline lines 350-355"
    stem, source = "listing_second_malignancies", "ADSL, ADAE, ADEVT"
    return _listing(heading, stem, title, requirement, columns, rows, said, source)


def refractory(heading: Heading, adsl: pd.DataFrame) -> Shell:
    """Return who is refractory to the treatment of the control arm (R14)."""
    named = ", ".join(heading.study.standard_of_care) or "none named in the study file"
    rows = adsl[adsl["SOCREFFL"].eq("Y")]
    rows = rows.merge(_arms(heading.study, adsl), on="USUBJID").sort_values("USUBJID")
    columns = {"arm": "Arm", "age": "Age, years", "PRIORLIN": "Prior lines", "SOCREFSC": "From"}
    said = (
        f"Treatment of the control arm: {named}. Refractory: stable disease, progression or no "
        "response as the best response to a prior line with it (CM), or as reported (SC)."
    )
    if adsl["SOCREFFL"].isna().all():
        said += " Not derivable: neither is recorded."
    title = "Subjects refractory to the treatment of the control arm"
    stem, requirement = "listing_refractory", "R14, guideline lines 169-174"
    return _listing(heading, stem, title, requirement, columns, rows, said, "ADSL")


def _arms(study: Study, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID, arm and age of every subject, as the listings print them."""
    labels = {code: arm.label for code, arm in study.arms.items()}
    arm = adsl["ARMCD"].map(labels).where(adsl["ARMCD"].isin(labels), adsl["TRT01P"])
    return pd.DataFrame({"USUBJID": adsl["USUBJID"], "arm": arm, "age": adsl["AGE"]})


def _listing(
    heading: Heading,
    stem: str,
    title: str,
    requirement: str,
    columns: dict[str, str],
    rows: pd.DataFrame,
    said: str,
    source: str,
) -> Shell:
    """Return a listing: a row a record, its subject as the label."""
    shown = tuple(Column(name, label, Group()) for name, label in columns.items())
    lines = [
        Row(str(row["USUBJID"]), {name: _text(row[name]) for name in columns})
        for row in rows.to_dict("records")
    ]
    count = f"{rows['USUBJID'].nunique()} subjects, {len(rows)} records"
    subtitle = (f"{requirement}; scenario {heading.scenario}; {count}",)
    empty = lines or [Row("No subject", dict.fromkeys(columns, ""))]
    about = {"kind": "safety listing", "page": stem}
    footnotes = (said, *heading.design(), heading.source(source))
    return Shell(stem, title, subtitle, shown, tuple(empty), footnotes, "Subject", about=about)


def _text(value: object) -> str:
    """Return a value of a listing: dates as ISO text, whole numbers without a point."""
    if value is None or value is pd.NaT or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:g}" if isinstance(value, float) else str(value)
