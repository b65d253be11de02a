"""What holds of every trial: independence, invariance, and the shape of two survival curves."""

import random
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from factory import randomised_study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive import Person
from nasty import frames, persons

from cartend.config.load import load_config
from cartend.endpoint.build import derive_all
from cartend.endpoint.records import load_trial
from cartend.stats.survival import kaplan_meier

TIMED = (
    "PFS_FDA",
    "PFS_EMA",
    "EFS_ZUMA7",
    "EFS_TRANSFORM",
    "EFS_BELINDA",
    "EFS_BELINDA_CARRY",
    "EFS_LEUK_ORIGIN",
    "NRM",
    "DOR",
)
RATES = ("ORR", "BOR", "CR_M3")
CLOSES = {"EFS_ZUMA7": 157, "EFS_TRANSFORM": 70, "EFS_LEUK_ORIGIN": 91}
SUBJECTS = 25
SEEDS = st.integers(0, 10**6)
few = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Return the randomised study of the vectors and its definitions."""
    folder = tmp_path_factory.mktemp("bench")
    mapping = {**randomised_study(str(folder), 0, [*TIMED, *RATES]), "cutoff": "2025-06-30"}
    (folder / "study.yaml").write_text(yaml.safe_dump(mapping))
    resolved = load_config({"studies": ["study.yaml"]}, folder)
    spec = resolved.scenarios["vectors"]["primary"]
    return SimpleNamespace(
        study=resolved.studies["vectors"],
        criteria=resolved.criteria["vectors"],
        definitions=spec.definitions,
        support=spec.support,
    )


def _people(bench, seed: int, number: int = SUBJECTS) -> list[Person]:
    return persons(bench.study, bench.criteria, number, seed)


def _derived(bench, made: tuple[pd.DataFrame, ...], *wanted: str) -> dict[tuple, tuple]:
    """Return the outcome by endpoint, evaluator, population and subject."""
    trial = load_trial(bench.study, bench.criteria, *made)
    chosen = {e: d for e, d in bench.definitions.items() if not wanted or e in wanted}
    adtte, adrsp, _ = derive_all(trial, chosen, {**bench.definitions, **bench.support})
    found = {}
    for table, names in ((adtte, ("AVAL", "CNSR", "STATE", "EVNTDESC")), (adrsp, ("AVALC",))):
        for row in table.itertuples():
            key = (row.PARAMCD, row.EVAL, row.POP, row.USUBJID)
            found[key] = tuple(getattr(row, name) for name in names)
            if "CNSR" in names:
                found[key] += (row.ADT, row.ESTABDT)
    return found


def _outcomes(bench, people: list[Person], *wanted: str) -> dict[tuple, tuple]:
    return _derived(bench, frames(bench.study, bench.criteria, people), *wanted)


def _undated(outcomes: dict[tuple, tuple]) -> dict[tuple, tuple]:
    return {key: value[:4] for key, value in outcomes.items()}


@few
@given(
    seed=SEEDS,
    endpoint=st.sampled_from([e for e in TIMED if e != "EFS_BELINDA_CARRY"]),
    after=st.integers(1, 90),
    code=st.sampled_from(["CR", "PR", "SD", "PD", "NE"]),
)
def test_an_assessment_after_the_event_was_established_changes_nothing(
    bench, seed, endpoint, after, code
):
    """A window that is still open has not established a failure: a scan in it may move the date.

    EFS_BELINDA_CARRY is left out: by its rule any later assessment lifts a carried progression.
    """
    people = _people(bench, seed)
    before = _outcomes(bench, people, endpoint)
    later = []
    for person in people:
        rows = [v for k, v in before.items() if k[1] == "IRC" and k[3] == person.id and v[2] > 0]
        seen = dict(person.assessments["IRC"])
        if rows:
            closed = person.origins["randomisation"] + timedelta(CLOSES.get(endpoint, 0))
            day = max(closed, *(row[5].date() for row in rows)) + timedelta(after)
            seen.setdefault(day, code)
        both = {**person.assessments, "IRC": sorted(seen.items())}
        later.append(replace(person, assessments=both))
    changed = _outcomes(bench, later, endpoint)
    events = {key for key, value in before.items() if value[2] > 0}
    assert events
    assert {key: changed[key] for key in events} == {key: before[key] for key in events}


def _shifted(person: Person, days: int) -> Person:
    step = timedelta(days)

    def move(day):
        return None if day is None else day + step

    return replace(
        person,
        cutoff=move(person.cutoff),
        death=move(person.death),
        lost=move(person.lost),
        withdrawn=move(person.withdrawn),
        alive=move(person.alive),
        origins={kind: move(day) for kind, day in person.origins.items()},
        assessments={
            who: [(move(day), code) for day, code in seen]
            for who, seen in person.assessments.items()
        },
        samples=[(move(day), call) for day, call in person.samples],
        happenings=[replace(h, day=move(h.day)) for h in person.happenings],
    )


@few
@given(seed=SEEDS, days=st.integers(-800, 800))
def test_shifting_every_date_shifts_nothing_else(bench, seed, days):
    """Three calendar months are 89 to 92 days, so the rates of a calendar landmark are left out."""
    people, wanted = _people(bench, seed), [*TIMED, "ORR", "BOR"]
    moved = [_shifted(person, days) for person in people]
    assert _undated(_outcomes(bench, moved, *wanted)) == _undated(_outcomes(bench, people, *wanted))


@few
@given(seed=SEEDS, days=st.integers(1, 400))
def test_a_later_cut_off_never_moves_an_event_earlier(bench, seed, days):
    """Nor does it shorten a time, except where a failure found later is dated at the origin."""
    people = _people(bench, seed)
    before = _outcomes(bench, people, *TIMED)
    longer = [replace(p, cutoff=p.cutoff + timedelta(days)) for p in people]
    after = _outcomes(bench, longer, *TIMED)
    for key in set(before) & set(after):
        old, new = before[key], after[key]
        if old[2] > 0 or key[0] != "EFS_LEUK_ORIGIN":
            assert new[0] >= old[0], key


@few
@given(seed=SEEDS)
def test_one_evaluator_never_influences_the_other(bench, seed):
    people = _people(bench, seed)
    others = _people(bench, seed + 1)
    before = _outcomes(bench, people)
    for mine, theirs in (("INV", "IRC"), ("IRC", "INV")):
        mixed = [
            replace(
                p,
                assessments={
                    **p.assessments,
                    theirs: [
                        (p.cutoff - timedelta(number), code)
                        for number, (_, code) in enumerate(o.assessments[theirs])
                    ][::-1],
                },
            )
            for p, o in zip(people, others, strict=True)
        ]
        after = _outcomes(bench, mixed)
        assert {k: v for k, v in after.items() if k[1] == mine} == {
            k: v for k, v in before.items() if k[1] == mine
        }


@few
@given(seed=SEEDS)
def test_the_order_of_rows_and_of_subjects_means_nothing(bench, seed):
    people = _people(bench, seed)
    made = frames(bench.study, bench.criteria, people)
    mixed = tuple(f.sample(frac=1, random_state=seed).reset_index(drop=True) for f in made)
    before = _derived(bench, made)
    assert _derived(bench, mixed) == before
    random.Random(seed).shuffle(people)
    assert _outcomes(bench, people) == before


@few
@given(seed=SEEDS)
def test_a_subject_alone_has_the_outcome_it_has_among_others(bench, seed):
    people = _people(bench, seed)
    among = _outcomes(bench, people)
    for person in people[:3]:
        mine = {key: value for key, value in among.items() if key[3] == person.id}
        assert _outcomes(bench, [person]) == mine


def _curve(outcomes: dict[tuple, tuple], endpoint: str) -> tuple:
    rows = [v for k, v in outcomes.items() if k[0] == endpoint and k[1] == "IRC"]
    time = np.array([row[0] for row in rows])
    event = np.array([row[2] > 0 for row in rows])
    return kaplan_meier(time, event), rows


def _survival(curve, day: int) -> float:
    """Return the step function of a curve on a day."""
    steps = curve.survival[curve.time <= day]
    return float(steps[-1]) if len(steps) else 1.0


def test_the_belinda_curve_falls_by_deaths_alone_until_its_window_opens(bench):
    people = _people(bench, 5, 400)
    curve, rows = _curve(_outcomes(bench, people, "EFS_BELINDA"), "EFS_BELINDA")
    early = {row[3] for row in rows if row[2] > 0 and row[0] <= 77}
    assert early == {"DEATH"}
    assert {row[3] for row in rows if row[2] > 0 and row[0] > 77} == {"DEATH", "PD", "SD_LATE"}
    alive = [replace(person, death=None) for person in people]
    flat, _ = _curve(_outcomes(bench, alive, "EFS_BELINDA"), "EFS_BELINDA")
    assert _survival(flat, 77) == 1.0
    assert _survival(flat, 92) < 0.8
    assert _survival(curve, 77) < 1.0


def test_the_leukaemia_curve_falls_on_day_one_by_the_share_without_a_complete_response(bench):
    people = [
        replace(person, lost=None, withdrawn=None, cutoff=person.cutoff + timedelta(800))
        for person in _people(bench, 6, 400)
    ]
    curve, rows = _curve(_outcomes(bench, people, "EFS_LEUK_ORIGIN"), "EFS_LEUK_ORIGIN")
    failed = sum(not _complete_in_time(person) for person in people) / len(people)
    assert 0.2 < failed < 0.9
    assert _survival(curve, 1) == pytest.approx(1 - failed)
    assert {row[3] for row in rows if row[0] == 1 and row[2] > 0} == {"NO_RESPONSE"}


def _complete_in_time(person: Person) -> bool:
    """Say whether CR came by the close of week 12, with nothing wrong before it."""
    start = person.origins["randomisation"]
    treated = [
        h.day
        for h in person.happenings
        if h.kind == "NEW_THERAPY" and h.reason != "PLANNED" and h.day > start
    ]
    last = min([start + timedelta(91), *treated, *([person.death] if person.death else [])])
    for day, code in person.assessments["IRC"]:
        if start <= day <= last and code in ("CR", "PD"):
            return code == "CR"
    return False
