"""Seeded, deliberately difficult subjects, as persons of the naive reading and as frames.

Days are drawn so that they collide: visits on window edges, deaths, losses and new therapies on
assessment days or on the last day of a window, records after the loss and after the cut-off.
"""

import random
from datetime import date, timedelta

import pandas as pd
from naive import Happening, Person

from cartend.config.criteria import Criteria
from cartend.config.study import Study, Visit

CAUSES = ("INFECTION", "UNKNOWN", "DISEASE UNDER STUDY", "CRS", "SECOND MALIGNANCY")
REASONS = ("EFFICACY", "EFFICACY", "TOXICITY", "CONSOLIDATION", "PLANNED", "OTHER", None)
COURSES = ("responds", "stable", "fails", "unseen", "late", "any")
DATES = (
    "RFICDT",
    "ENRLDT",
    "RANDDT",
    "LEUKDT",
    "LDDT",
    "TRTSDT",
    "INFDT2",
    "XODT",
    "DTHDT",
    "DTHDTLO",
    "DTHDTHI",
    "LSTALVDT",
    "LOSTDT",
    "VSWDDT",
    "EOSDT",
    "CUTDT",
    "BRSTDT",
    "BRENDT",
)
EVENT_ORDER = ("USUBJID", "ADT", "KIND", "SRCDOM", "SRCSEQ")


def persons(study: Study, criteria: Criteria, number: int, seed: int) -> list[Person]:
    """Return that many subjects of one study."""
    rng, other = random.Random(seed), random.Random(seed + 1)
    people = [_person(rng, study, criteria, f"S{i:05d}") for i in range(number)]
    for person in people:
        person.happenings += _records(other, study, person)
    return people


def _person(rng: random.Random, study: Study, criteria: Criteria, name: str) -> Person:
    anchor = study.cutoff - timedelta(rng.choice((rng.randint(0, 130), rng.randint(40, 800))))
    person = Person(name, study.cutoff)
    person.origins = _origins(rng, study, anchor)
    arms = list(study.arms)
    person.arm = arms[0] if "infusion" in person.origins or len(arms) == 1 else rng.choice(arms)
    person.baseline = rng.choice(("Y", "Y", "Y", "Y", "N"))
    plan = visits_of(study, person.arm)
    first = _visits(rng, plan, criteria, anchor)
    second = dict(first) if rng.random() < 0.5 else _visits(rng, plan, criteria, anchor)
    for _ in range(rng.randint(0, 2)):
        second[anchor + timedelta(rng.randint(0, 400))] = rng.choice(_codes(criteria))
    person.assessments = {"IRC": sorted(first.items()), "INV": sorted(second.items())}
    days = _interesting(study, person, anchor)
    person.death = rng.choice(days) if rng.random() < 0.4 else None
    person.cause = rng.choice(CAUSES) if person.death else None
    if person.death and person.death < person.origins.get("infusion", anchor):
        del person.origins["infusion"]
    person.lost = rng.choice(days) if rng.random() < 0.25 else None
    if rng.random() < 0.05:
        person.withdrawn = max(rng.choice(days), person.lost or date.min)
        person.lost = person.lost or person.withdrawn
    if rng.random() < 0.95:
        person.alive = min(anchor + timedelta(rng.randint(-10, 700)), study.cutoff)
    person.happenings = _happenings(rng, study, person, days)
    person.trackable = rng.random() < 0.8
    person.samples = [
        (anchor + timedelta(day), rng.choice(("NEG", "NEG", "NEG", "POS", "INDETERMINATE")))
        for day in sorted(rng.sample(range(-10, 700), rng.choice((0, 1, 3, 5, 8))))
        if person.death is None or anchor + timedelta(day) < person.death
    ]
    _blur(rng, person)
    return person


def _blur(rng: random.Random, person: Person) -> None:
    """Make some dates partial: each with the first and the last day it may be."""

    def bounds(day: date, low: date, high: date) -> tuple[date, date]:
        first = day - timedelta(rng.randint(0, 25))
        last = day + timedelta(rng.randint(0, 25))
        return max(first, low), min(last, high)

    for who, seen in person.assessments.items():
        days = [date.min, *(day for day, _ in seen), date.max]
        for before, day, after in zip(days, days[1:], days[2:], strict=False):
            if rng.random() < 0.05:
                room = before + timedelta(before != date.min), after - timedelta(after != date.max)
                person.assessment_bounds[who, day] = bounds(day, *room)
    for happening in person.happenings:
        if rng.random() < 0.15:
            happening.bounds = bounds(happening.day, date.min, date.max)
    if person.death and rng.random() < 0.2:
        person.death_bounds = bounds(person.death, date.min, date.max)


def visits_of(study: Study, arm: str) -> tuple[Visit, ...]:
    """Return the visits of the schedule that holds for an arm."""
    return next(s.schedule for s in study.schedules.values() if arm in getattr(s, "arms", arm))


def _origins(rng: random.Random, study: Study, anchor: date) -> dict[str, date]:
    if study.design == "randomised":
        found = {"randomisation": anchor, "leukapheresis": anchor - timedelta(5)}
        if rng.random() < 0.8:
            found["infusion"] = anchor + timedelta(rng.choice((21, 28, 35, 42, 50, 60, 75)))
    else:
        found = {"infusion": anchor, "leukapheresis": anchor - timedelta(rng.randint(20, 60))}
        if rng.random() < 0.1:
            del found["infusion"]
    return {kind: day for kind, day in found.items() if day <= study.cutoff}


def _codes(criteria: Criteria) -> list[str]:
    return list(criteria.rank)


def _visits(
    rng: random.Random, plan: tuple[Visit, ...], criteria: Criteria, anchor: date
) -> dict[date, str]:
    course, missing = rng.choice(COURSES), rng.choice((0.05, 0.2, 0.5, 0.9))
    found: dict[date, str] = {}
    for visit in plan:
        if rng.random() < missing:
            continue
        day = visit.day + rng.choice(
            (
                0,
                0,
                0,
                -visit.before,
                visit.after,
                -visit.before - 1,
                visit.after + 1,
                rng.randint(-14, 14),
            )
        )
        found[anchor + timedelta(day)] = _response(rng, criteria, course, visit.day)
        if rng.random() < 0.004 * visit.day**0.5:
            course = "fails" if rng.random() < 0.8 else rng.choice(COURSES)
    for _ in range(rng.choice((0, 0, 1, 2))):
        day = rng.choice((rng.randint(-30, 0), rng.randint(0, 60), rng.randint(0, 500)))
        found[anchor + timedelta(day)] = _response(rng, criteria, course, day)
    return found


def _response(rng: random.Random, criteria: Criteria, course: str, day: int) -> str:
    if rng.random() < 0.08:
        return "NE"
    sets = criteria.sets
    if course == "late":
        course = "stable" if day < rng.choice((80, 130, 170)) else "responds"
    pool = {
        "responds": (*sets["response"], *sets["complete"], "PR"),
        "stable": (*sets["stable"], sets["stable"][0]),
        "fails": sets["progression"],
        "unseen": ("NE",),
    }.get(course, tuple(_codes(criteria)))
    return rng.choice(pool) if rng.random() < 0.93 else rng.choice(_codes(criteria))


def _interesting(study: Study, person: Person, anchor: date) -> list[date]:
    """Return days on which things collide, and some others; none before the anchor."""
    visits = visits_of(study, person.arm)[:8]
    offsets = [d for v in visits for d in (v.opens, v.closes, v.closes + 1, v.day)]
    days = [anchor + timedelta(d) for d in (*offsets, 1, 3, 17, 29, 55, 200, 311)]
    days += 3 * [d for found in person.assessments.values() for d, _ in found]
    days += 2 * [study.cutoff, study.cutoff + timedelta(1), study.cutoff - timedelta(9)]
    return [d for d in days if d > anchor]


def _happenings(
    rng: random.Random, study: Study, person: Person, days: list[date]
) -> list[Happening]:
    days = days + [d for d in (person.death, person.lost) if d is not None] * 3
    found = []

    def add(kind: str, chance: float, reason: str | None = None, **more: object) -> None:
        if rng.random() < chance:
            source = ("CM" if kind == "NEW_THERAPY" else "PR", len(found) + 1)
            found.append(Happening(kind, rng.choice(days), reason, source=source, **more))

    for chance in (0.3, 0.1):
        add("NEW_THERAPY", chance, rng.choice(REASONS), what="PLATINUM")
    for chance in (0.12, 0.02):
        add("HSCT", chance, planned=rng.choice(("Y", "N")))
    add("CLINICAL_PD", 0.08)
    add("SECOND_MALIGNANCY", 0.08)
    if "infusion" not in person.origins and person.arm == next(iter(study.arms)):
        add("NOT_INFUSED", 0.9)
    if "infusion" in person.origins:
        add("REINFUSION", 0.08)
        if found and found[-1].kind == "REINFUSION":
            found[-1].source = ("EX", 2)
    elif study.design == "randomised" and person.arm != next(iter(study.arms)):
        day = rng.choice(days)
        found += [
            Happening(kind, day, "EFFICACY", what="CAR-T", source=("EX", 1))
            for kind in ("CROSSOVER", "NEW_THERAPY")
        ]
    return found


def _records(rng: random.Random, study: Study, person: Person) -> list[Happening]:
    """Return records of the study's own roles, and procedures that an endpoint may name by role.

    Many fall on the day of an assessment, a death, another happening, or the origin itself.
    """
    anchor = person.origins.get(study.origin) or min(person.origins.values(), default=study.cutoff)
    days = _interesting(study, person, anchor) + [anchor] * 3
    days += [d for d in (person.death, person.lost) if d is not None] * 3
    days += [h.day for h in person.happenings] * 4
    kinds = ("transfusion", "transfusion", "growth_factor", "LYMPHODEPLETION")
    found = []
    for number, kind in enumerate(kinds, 100):
        if rng.random() < 0.25:
            found.append(Happening(kind, rng.choice(days), what="BLOOD", source=("CM", number)))
            days += [found[-1].day] * 5
    return found


# -- the same subjects as the frames of the contract -------------------------------------------


def _dates(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    return frame.assign(**{n: pd.to_datetime(frame[n]).astype("datetime64[ms]") for n in names})


def _dated(rows: list[dict[str, object]], columns: str) -> pd.DataFrame:
    """Return records with their dates; a frame without rows has its columns all the same."""
    empty = f"USUBJID ADT ADTF ADTLO ADTHI SRCDOM SRCVAR SRCSEQ ANL01FL {columns}"
    frame = pd.DataFrame(rows) if rows else pd.DataFrame(columns=empty.split())
    return _dates(frame, ("ADT", "ADTLO", "ADTHI"))


def frames(
    study: Study, criteria: Criteria, people: list[Person]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return ADSL, ADRS, ADEVT and ADMRD of the subjects."""
    return (
        _dates(pd.DataFrame([_adsl(study, p) for p in people]), DATES),
        _dated(_adrs(criteria, people), "EVAL AVALC AVAL PARAMCD"),
        _dated(_adevt(people), "KIND REASON PLANNED WHAT CLASS"),
        _dated(_admrd(people), "AVALC"),
    )


def _adsl(study: Study, p: Person) -> dict[str, object]:
    start = p.origins.get("infusion")
    of_kind = {h.kind: h.day for h in reversed(p.happenings)}
    dates = {
        "RANDDT": p.origins.get("randomisation"),
        "LEUKDT": p.origins.get("leukapheresis"),
        "TRTSDT": start,
        "INFDT2": of_kind.get("REINFUSION"),
        "XODT": of_kind.get("CROSSOVER"),
        "DTHDT": p.death,
        "DTHDTLO": (p.death_bounds or (p.death,))[0],
        "DTHDTHI": (p.death_bounds or (p.death,))[-1],
        "LSTALVDT": p.alive,
        "LOSTDT": p.lost,
        "VSWDDT": p.withdrawn,
        "CUTDT": p.cutoff,
    }
    arm = p.arm or next(iter(study.arms))
    flags = {
        name: "Y" if dates[day] else "N"
        for name, day in (
            ("RANDFL", "RANDDT"),
            ("LAFL", "LEUKDT"),
            ("INFFL", "TRTSDT"),
            ("SAFFL", "LEUKDT"),
        )
    }
    return {
        "STUDYID": "T",
        "USUBJID": p.id,
        "AGE": 50.0,
        "AGEGR": "18-64",
        "ARMCD": arm,
        "ARM": arm,
        "ACTARMCD": arm,
        "TRT01P": study.arms[arm].label,
        "TRT01A": study.arms[arm].label,
        **dict.fromkeys(DATES),
        **dates,
        **flags,
        "DTHDTF": "" if p.death else None,
        "DTHCAUS": p.cause,
        "DTHDOM": "DM",
        "ENRLFL": "Y",
        "INFNCFL": "N",
        "NOTINFRS": None,
        "LALVDOM": "DM",
        "LALVVAR": "RFICDTC",
        "LALVSEQ": 1.0,
        "BRIDGE": "NONE",
        "BRIDGEFL": "N",
        "MRDTRKFL": "Y" if p.trackable else "N",
        "BASEFL": p.baseline,
    }


def _adrs(criteria: Criteria, people: list[Person]) -> list[dict[str, object]]:
    return [
        {
            "STUDYID": "T",
            "USUBJID": p.id,
            "PARAMCD": "OVR",
            "EVAL": who,
            "ADT": day,
            "ADTF": "",
            "ADTLO": p.assessment_bounds.get((who, day), (day,))[0],
            "ADTHI": p.assessment_bounds.get((who, day), (day,))[-1],
            "AVALC": code,
            "AVAL": float(criteria.rank[code]),
            "AVISIT": None,
            "AVISITN": None,
            "ANL01FL": "Y",
            "ANL01RS": "",
            "PDBASIS": None,
            "SRCDOM": "RS",
            "SRCVAR": "RSDTC",
            "SRCSEQ": seq,
            "ASEQ": seq,
        }
        for p in people
        for who in sorted(p.assessments)
        for seq, (day, code) in enumerate(p.assessments[who], 1)
    ]


def _adevt(people: list[Person]) -> list[dict[str, object]]:
    rows = [
        {
            "USUBJID": p.id,
            "KIND": h.kind,
            "ADT": h.day,
            "ADTF": "",
            "ADTLO": (h.bounds or (h.day,))[0],
            "ADTHI": (h.bounds or (h.day,))[-1],
            "REASON": h.reason,
            "PLANNED": h.planned,
            "WHAT": h.what,
            "CLASS": h.what,
            "SRCDOM": h.source[0],
            "SRCVAR": f"{h.source[0]}STDTC",
            "SRCSEQ": h.source[1],
        }
        for p in people
        for h in p.happenings
    ]
    return sorted(rows, key=lambda r: [r[k] for k in EVENT_ORDER])


def _admrd(people: list[Person]) -> list[dict[str, object]]:
    return [
        {
            "STUDYID": "T",
            "USUBJID": p.id,
            "PARAMCD": "MRD",
            "ADT": day,
            "ADTF": "",
            "ADTLO": day,
            "ADTHI": day,
            "AVISIT": None,
            "AVISITN": None,
            "LBSPEC": "BONE MARROW",
            "TRACKABL": "Y" if p.trackable else "N",
            "LBBLFL": None,
            "AVALC": call,
            "AVAL": 0.0,
            "CALLRS": "",
            "ANL01FL": "Y",
            "SRCDOM": "LB",
            "SRCVAR": "LBDTC",
            "SRCSEQ": seq,
        }
        for p in people
        for seq, (day, call) in enumerate(p.samples, 1)
    ]
