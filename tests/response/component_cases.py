"""Component records of one subject by visit, written short, and the response they lead to."""

from pathlib import Path

import numpy as np
import pandas as pd

from cartend.config.load import load_criteria
from cartend.config.records import all_records
from cartend.config.study import Study
from cartend.contract.datasets.sdtm import SDTM
from cartend.intake.roles import with_roles
from cartend.response.build import derive_responses
from cartend.subject.domains import complete_columns

SHIPPED = Path(__file__).parents[2] / "config" / "criteria"
BASELINE = "2024-12-20"
DAYS = {
    "BASELINE": BASELINE,
    **{f"V{n}": str((pd.Timestamp("2025-01-01") + pd.Timedelta(30 * n, "D")).date())
       for n in range(1, 9)},
}  # fmt: skip
UNIT = {
    **dict.fromkeys(("BLASTBM", "BLASTPB", "PLSMCELL", "TUMCELBM"), "%"),
    **dict.fromkeys(("NEUT", "PLAT"), "10^9/L"),
    **dict.fromkeys(("FLCK", "FLCL"), "mg/L"),
    **dict.fromkeys(("LDIAM", "PERP", "SPLEEN"), "mm"),
    "MPROTS": "g/dL",
    "MPROTU": "mg/24h",
    "PLSMCEPB": "/uL",
}
STUDY = {
    "id": "little",
    "title": "A little trial",
    "data": "nowhere",
    "disease": "X",
    "criteria": "x",
    "design": "single-arm",
    "arms": {"CART": {"label": "CAR-T"}},
    "visits": {"anchor": "infusion", "schedule": [{"label": "M1", "day": 30}]},
    "evaluators": ["IRC"],
    "primary_evaluator": "IRC",
    "endpoints": ["OS"],
}
LAB = {
    *("BLASTBM", "BLASTPB", "NEUT", "PLAT", "BMCELL", "MPROTS", "MPROTU", "FLCK", "FLCL"),
    *("IFIXS", "IFIXU", "PLSMCELL", "CLONALPC", "PLSMCEPB", "BMBIOP", "TUMCELBM"),
}
STATUS = {"EMDRESP", "CNSSTAT"}


def frame(name, rows):
    """Return rows as a domain with every column that later steps use."""
    made = pd.DataFrame(rows)
    for dtc in [column for column in made if column.endswith("DTC")]:
        day = pd.to_datetime(made[dtc]).astype("datetime64[ms]")
        made[f"{dtc[:-1]}_LO"], made[f"{dtc[:-1]}_HI"] = day, day
        made[f"{dtc[:-1]}F"] = np.where(day.notna(), "", None)
    if len(made):
        made[f"{name.upper()}SEQ"] = range(1, len(made) + 1)
    return with_roles(complete_columns(made, SDTM[name]), name, all_records({}))


def result(prefix, value, unit):
    """Return the result columns of a number, with its unit, or of a text."""
    if isinstance(value, str):
        return {f"{prefix}STRESC": value}
    return {f"{prefix}STRESN": value, f"{prefix}STRESU": unit, f"{prefix}STRESC": str(value)}


def domains(visits, lesions=(), unit=None, subject="A"):
    """Return LB, TR, TU, RS of ``visits``: visit -> {test or (lesion, test): value}.

    ``lesions``: id -> (kind, site). A visit ``V3`` is 90 days after the anchor.
    """
    rows = {"lb": [], "tr": [], "tu": [], "rs": []}
    units = UNIT | (unit or {})
    seen = set()
    for visit, tests in visits.items():
        day = DAYS.get(visit, visit)
        flag = "Y" if visit == "BASELINE" else None
        who = {"USUBJID": subject, "VISIT": visit}
        for key, value in tests.items():
            lesion, test = key if isinstance(key, tuple) else (None, key)
            if lesion is not None and lesion not in seen:
                kind, site = dict(lesions)[lesion]
                seen.add(lesion)
                rows["tu"].append(
                    {**who, "TULNKID": lesion, "TUORRES": kind, "TULOC": site, "TUDTC": day}
                )
            if test in LAB:
                rows["lb"].append({**who, "LBTESTCD": test, "LBDTC": day, "LBBLFL": flag}
                                  | result("LB", value, units.get(test)))  # fmt: skip
            elif test in STATUS or test == "OVRLRESP":
                rows["rs"].append({**who, "RSTESTCD": test, "RSSTRESC": value, "RSDTC": day,
                                   "RSEVAL": "INDEPENDENT ASSESSOR", "EVAL": "IRC",
                                   "AVALC": value if test == "OVRLRESP" else None})  # fmt: skip
            elif test != "SEEN":
                rows["tr"].append({**who, "TRTESTCD": test, "TRLNKID": lesion, "TRDTC": day,
                                   "TRBLFL": flag}
                                  | result("TR", value, units.get(test)))  # fmt: skip
    return {name: frame(name, rows[name]) for name in rows}


def adsl(*subjects):
    """Return ADSL of subjects infused on 2025-01-01."""
    made = pd.DataFrame({"USUBJID": subjects, "STUDYID": "S"})
    for name, day in {"TRTSDT": "2025-01-01", "CUTDT": "2026-12-31"}.items():
        made[name] = pd.Timestamp(day)
    for name in ("RANDDT", "ENRLDT", "LEUKDT", "DTHDT", "DTHDTHI"):
        made[name] = pd.NaT
    dates = [name for name in made if name.endswith("DT") or name == "DTHDTHI"]
    return made.astype(dict.fromkeys(dates, "datetime64[ms]")).assign(DTHCAUS=None)


def responses(criteria, tables, study=None, rules=None, subjects=("A",), **keys):
    """Return ADRS of these tables; ``rules`` change the algorithm's keys, ``keys`` the others."""
    shipped = load_criteria(SHIPPED / f"{criteria}.yaml")
    content = shipped.model_dump(mode="json") | keys
    content["algorithm"] = {
        name: {key: x for key, x in value.items() if x is not None}
        if isinstance(value, dict) else value
        for name, value in (content["algorithm"] | (rules or {})).items()
    }  # fmt: skip
    typed = type(shipped).model_validate(content)
    trial = Study.model_validate(STUDY | (study or {}))
    adevt = pd.DataFrame({"USUBJID": [], "KIND": [], "ADT": []}).astype({"ADT": "datetime64[ms]"})
    return derive_responses(trial, typed, tables, adsl(*subjects), adevt)


def algorithmic(criteria, visits, lesions=(), unit=None, rules=None, **keys):
    """Return the algorithmic rows by visit, before confirmation."""
    keys = {"confirmation": "none"} | keys
    got = responses(criteria, domains(visits, lesions, unit), rules=rules, **keys)
    return got[got["PARAMCD"].eq("OVRALG")].set_index("VISIT")


def codes(*args, **keys):
    """Return visit -> category."""
    return algorithmic(*args, **keys)["AVALC"].to_dict()


def together(criteria, courses, lesions=(), rules=None, **keys):
    """Return the categories of each course (a dict of visits), all subjects of one trial."""
    subjects = [f"S{n:03d}" for n in range(len(courses))]
    made = [
        domains(visits, lesions, subject=who) for visits, who in zip(courses, subjects, strict=True)
    ]
    tables = {name: pd.concat([part[name] for part in made]) for name in made[0]}
    tables = {name: part.reset_index(drop=True) for name, part in tables.items()}
    got = responses(
        criteria, tables, rules=rules, subjects=subjects, **({"confirmation": "none"} | keys)
    )
    got = got[got["PARAMCD"].eq("OVRALG")]
    return [got.loc[got["USUBJID"].eq(who), "AVALC"].tolist() for who in subjects]


def disagreements(criteria, start, cases, lesions=(), before=(), **keys):
    """Return the cases (visit, expected) of one subject each that come out otherwise, with what.

    ``start`` is the baseline of all, ``before`` visits before the one of the case, the last.
    """
    first = {"BASELINE": start} | {f"V{n}": visit for n, visit in enumerate(before, 1)}
    courses = [first | {f"V{len(first)}": visit} for visit, *_ in cases]
    got = together(criteria, courses, lesions, **keys)
    pairs = zip(cases, got, strict=True)
    return [(*case, found[-1:]) for case, found in pairs if found[-1:] != [case[1]]]
