"""The engine and the naive second implementation agree on every row of thousands of subjects."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml
from factory import PROJECT, randomised_study, single_arm_study
from naive import Naive, NaiveRate, Person
from nasty import frames, persons

from cartend.config.definition import Definition
from cartend.config.load import load_config
from cartend.config.rate import Rate
from cartend.endpoint.build import derive_all
from cartend.endpoint.records import load_trial

CUTOFF = "2025-06-30"
MANY, SHIPPED, VARIED, SEED = 2000, 400, 200, 20240710
MRD = ("DUR_MRDNEG", "MRDNEG", "MRDNEG_SUST12")
START = {"RAND": "randomisation", "LA": "leukapheresis", "INF": "infusion"}
MADE_BY = {"RESPONDERS": "ORR", "CR_SET": "REMISSION", "MRDNEG_SET": "MRDNEG"}
BALL = (
    ("D28", 28),
    ("M2", 56),
    ("M3", 90),
    ("M6", 183),
    ("M9", 274),
    ("M12", 365),
    ("M18", 548),
    ("M24", 730),
)
PLANNED = {"exclude": ["PLANNED"]}
HYPOTHETICAL = {"strategy": "hypothetical", "qualifies": PLANNED}
EFS = ("EFS_ZUMA7", "EFS_TRANSFORM", "EFS_LEUK_ORIGIN")


def _dated(how: str) -> dict:
    return {"events": {"NO_RESPONSE": {"dated_at": how}}}


def _gap(visits: int) -> dict:
    rule = {"strategy": "hypothetical", "visits": visits}
    return {"intercurrent_events": {"MISSED_2": rule}}


HAPPENED = ("NEW_THERAPY", "HSCT", "CROSSOVER", "REINFUSION", "SECOND_MALIGNANCY", "NOT_INFUSED")


def _strategy(name: str) -> dict[str, dict]:
    """Return one new endpoint for each kind of intercurrent event handled by this strategy."""
    base = {"competing": "NRM_SEQUENCE", "while_on_treatment": "DOR"}.get(name, "PFS_EMA")
    found = {}
    for kind in HAPPENED:
        if (kind, name) == ("NOT_INFUSED", "while_on_treatment"):
            continue
        rule = {"based_on": base, "intercurrent_events": {kind: {"strategy": name}}}
        if name in ("composite", "competing"):
            rule["events"] = {kind: {"state": 2 if name == "competing" else 1}}
        found[f"E_{kind}"] = rule
    return found


def _based(**endpoints: dict) -> dict[str, dict]:
    """Return new endpoints by name, based on the endpoint each one names first."""
    return endpoints


OWN = {
    "transfusion": {"from": "CM", "where": {"CMCAT": ["BLOOD PRODUCT"]}},
    "growth_factor": {"from": "CM", "where": {"CMCAT": ["GROWTH FACTOR"]}},
}


def _record(role: str, strategy: str, state: int | None = None, **more: object) -> dict:
    """Return how a role is handled, and where a state is given, that it is an event."""
    meant = {"type": "RECORD", "role": role}
    found = {"intercurrent_events": {role.upper(): {**meant, "strategy": strategy}}}
    if state:
        found["events"] = {role.upper(): {**meant, "state": state, **more}}
    return found


def _both(one: dict, other: dict) -> dict:
    return {key: {**one.get(key, {}), **other.get(key, {})} for key in {**one, **other}}


ROLES = _based(
    R_EVENT={"based_on": "PFS_EMA", **_record("transfusion", "composite", 1)},
    R_NAMED={"based_on": "PFS_EMA", **_record("transfusion", "composite", 1, priority=0)},
    R_EVENT_ALONE={
        "based_on": "EFS_ZUMA7",
        "events": {"BLOOD": {"type": "RECORD", "role": "transfusion"}},
    },
    R_COMPETING={"based_on": "NRM_SEQUENCE", **_record("transfusion", "competing", 2)},
    R_HYPOTHETICAL={"based_on": "PFS_FDA", **_record("transfusion", "hypothetical")},
    R_POLICY={"based_on": "EFS_ZUMA7", **_record("transfusion", "treatment_policy")},
    R_DOR={"based_on": "DOR", **_record("transfusion", "while_on_treatment")},
    R_OS={"based_on": "OS", **_record("growth_factor", "hypothetical")},
    R_BOTH={
        "based_on": "PFS_FDA",
        **_both(
            _record("growth_factor", "while_on_treatment"), _record("transfusion", "composite", 1)
        ),
    },
    R_LANDMARK={"based_on": "EFS_LEUK_ORIGIN", **_record("transfusion", "composite", 1)},
    R_PROCEDURE={"based_on": "PFS_EMA", **_record("lymphodepletion", "composite", 1)},
    R_SAMPLES={"based_on": "DUR_MRDNEG", **_record("transfusion", "hypothetical")},
)
GRID: dict[str, dict[str, dict]] = {
    "roles-of-the-study": ROLES,
    **{
        f"strategy-{name.replace('_', '-')}": _strategy(name)
        for name in (
            "treatment_policy",
            "composite",
            "hypothetical",
            "while_on_treatment",
            "competing",
        )
    },
    "survival-until-an-intercurrent-event": {
        "OS": {"intercurrent_events": {kind: {"strategy": "hypothetical"} for kind in HAPPENED}}
    },
    "filter": _based(
        NOT_ADEQUATE={"based_on": "PFS_FDA", "assessment_filter": {"adequate_only": False}},
        NOT_AFTER={"based_on": "PFS_EMA", "assessment_filter": {"after_new_therapy": "exclude"}},
        NOT_THAT_DAY={"based_on": "PFS_FDA", "assessment_filter": {"same_day_ok": False}},
        NEITHER={
            "based_on": "EFS_LEUK_ORIGIN",
            "assessment_filter": {
                "adequate_only": False,
                "same_day_ok": False,
                "after_new_therapy": "exclude",
            },
        },
    ),
    "tolerance-of-a-rule": {
        "EFS_ZUMA7": {"events": {"NO_RESPONSE": {"window": {"tol_before": 0, "tol_after": 20}}}},
        "EFS_TRANSFORM": {"events": {"NO_RESPONSE": {"window": {"by": "actual_day"}}}},
        "EFS_LEUK_ORIGIN": {"events": {"NO_RESPONSE": {"window": {"tol_after": 0}}}},
        "EFS_BELINDA": {"events": {"PD": {"window": {"tol_before": 14}}}},
        "EFS_BELINDA_CARRY": {"events": {"PD": {"window": {"by": "actual_day"}}}},
        "PFS_EMA": {
            "events": {
                "PD": {
                    "window": {"start_day": 60, "end_day": 300, "tol_before": 9, "by": "actual_day"}
                },
                "DEATH": {"window": {"end_day": 120, "tol_after": 10}},
            }
        },
    },
    "dating": {
        "PFS_FDA": {"events": {"PD": {"dated_at": "midpoint"}}},
        "PFS_EMA": {"events": {"PD": {"dated_at": "next_visit_nominal"}}},
        "EFS_BELINDA": {"events": {"SD_OR_PD_FROM": {"dated_at": "midpoint"}}},
        "EFS_TRANSFORM": _dated("first_failing_assessment"),
        "EFS_LEUK_ORIGIN": _dated("first_failing_assessment"),
    },
    "names-of-one-day": {
        "PFS_EMA": {"events": {"PD": {"priority": 5}, "DEATH": {"priority": 1}}},
        "EFS_ZUMA7": {
            "events": {
                "DEATH": {"priority": 0},
                "PD": {"priority": 2},
                "NEW_THERAPY": {"priority": 0},
            }
        },
    },
    "relapse-after-a-response": _based(
        RELAPSE_ANY={"based_on": "PFS_EMA", "events": {"PD": None, "RELAPSE": {}}},
        RELAPSE_CR={
            "based_on": "PFS_EMA",
            "events": {"PD": None, "RELAPSE": {"after": "complete", "dated_at": "assessment"}},
        },
        STATES={
            "based_on": "PFS_EMA",
            "events": {
                "NO_RESPONSE": {
                    "criterion": {"state_from": ["SD", "NR"]},
                    "window": {"start_day": 60},
                }
            },
        },
    ),
    "earliest-days": {
        e: {"partial_dates": "earliest"}
        for e in (
            "OS",
            "PFS_FDA",
            "PFS_EMA",
            "ORR",
            "BOR",
            "DOR",
            "EFS_ZUMA7",
            "NRM",
            "TTNT",
            "CR_M3",
        )
    },
    "latest-days": {
        e: {"partial_dates": "latest"}
        for e in (
            "OS",
            "PFS_FDA",
            "PFS_EMA",
            "ORR",
            "BOR",
            "DOR",
            "EFS_ZUMA7",
            "NRM",
            "TTNT",
            "CR_M3",
        )
    },
    "no-baseline": {
        "PFS_FDA": {"missing_baseline": "censor_at_origin"},
        "EFS_LEUK_ORIGIN": {"missing_baseline": "censor_at_origin"},
        "ORR": {"missing_baseline": "exclude"},
    },
    "minimal-residual-disease": {
        "DUR_MRDNEG": {"intercurrent_events": {"HSCT": {"strategy": "hypothetical"}}},
        "MRDNEG": {"with_response": "complete", "new_therapy": "treatment_policy"},
        "MRDNEG_SUST12": {"lasting": "P6M", "hsct": "composite"},
    },
    "confirmed": {
        "BOR": {"confirmation": {"ref_confirm_days": 28}, "min_sd_days": 40},
        "ORR": {"confirmation": {"ref_confirm_days": 28, "max_ne_between": 0}},
        "CR": {
            "confirmation": {"ref_confirm_days": 50, "max_ne_between": 2, "accept_sd_between": True}
        },
        "DCR": {"confirmation": {"ref_confirm_days": 40, "accept_sd_between": True}},
        "DRR_3M": {"confirmation": {"ref_confirm_days": 28}},
    },
    "denominators": {
        "ORR": {"hsct": "exclude", "missing": "exclude"},
        "BOR": {"hsct": "exclude", "reinfusion": "treatment_policy"},
        "CR_M3": {"hsct": "exclude", "maturity": "window_closed"},
        "CR_M3_VISIT": {"missing": "exclude", "assessment_filter": {"same_day_ok": False}},
        "ORR_3M_28D": {"maturity": "window_closed", "reinfusion": "treatment_policy"},
    },
    "not-evaluable-is-censored": {
        e: {"not_evaluable_at_landmark": "censor_last_adequate"} for e in EFS
    },
    "not-evaluable-looks-ahead": {e: {"not_evaluable_at_landmark": "look_ahead(35)"} for e in EFS},
    "failure-at-the-origin": {e: _dated("origin") for e in EFS[:2]},
    "failure-at-the-nominal-day": {e: _dated("window_end_nominal") for e in EFS},
    "one-missed-visit": {e: _gap(1) for e in ("PFS_FDA", "EFS_ZUMA7", "DOR")},
    "two-missed-visits": {e: _gap(2) for e in ("PFS_EMA", "EFS_TRANSFORM", "EFS_LEUK_ORIGIN")},
    "three-missed-visits": {e: _gap(3) for e in ("PFS_FDA", "EFS_BELINDA", "DOR")},
    "new-therapy": {
        "PFS_FDA": {"intercurrent_events": {"NEW_THERAPY": {"strategy": "treatment_policy"}}},
        "PFS_EMA": {
            "events": {"NEW_THERAPY": {"qualifies": PLANNED}},
            "intercurrent_events": {"NEW_THERAPY": {"strategy": "composite"}},
        },
        "EFS_ZUMA7": {
            "events": {"NEW_THERAPY": None},
            "intercurrent_events": {"NEW_THERAPY": HYPOTHETICAL},
        },
        "EFS_TRANSFORM": {
            "events": {"NEW_THERAPY": None},
            "intercurrent_events": {
                "NEW_THERAPY": {"strategy": "treatment_policy", "otherwise": "treatment_policy"}
            },
        },
        "EFS_BELINDA": {
            "intercurrent_events": {
                "NEW_THERAPY": {
                    "strategy": "while_on_treatment",
                    "qualifies": {"reasons": ["EFFICACY"]},
                }
            }
        },
    },
    "early-progression-carried": {
        "EFS_BELINDA": {
            "early_pd_before_window": "carry_to_window_start",
            "intercurrent_events": {"NEW_THERAPY": HYPOTHETICAL},
        },
        "EFS_BELINDA_CARRY": {
            "intercurrent_events": {"CROSSOVER": {"strategy": "treatment_policy"}}
        },
    },
    "clinical-progression-is-an-event": {
        e: {"clinical_progression": "event"} for e in ("PFS_FDA", "PFS_EMA", "EFS_ZUMA7")
    },
    "clinical-progression-censors": {
        e: {"clinical_progression": "censor"} for e in ("PFS_FDA", "PFS_EMA", "EFS_ZUMA7")
    },
    "infused": {e: {"population": "INF"} for e in ("PFS_FDA", "PFS_EMA", "OS")},
    "transplantation": {
        "PFS_EMA": {"intercurrent_events": {"HSCT": {"strategy": "hypothetical"}}},
        "PFS_FDA": {
            "events": {"HSCT": {}},
            "intercurrent_events": {"HSCT": {"strategy": "composite", "planned": "unplanned"}},
        },
        "DOR": {
            "intercurrent_events": {"HSCT": {"strategy": "hypothetical", "planned": "unplanned"}}
        },
    },
    "re-infusion-and-crossover": {
        "PFS_EMA": {
            "intercurrent_events": {
                "REINFUSION": {"strategy": "hypothetical"},
                "CROSSOVER": {"strategy": "hypothetical"},
            }
        },
        "EFS_ZUMA7": {
            "events": {"REINFUSION": {}},
            "intercurrent_events": {"REINFUSION": {"strategy": "composite"}},
        },
    },
    "window-in-days": {
        "PFS_EMA": {
            "events": {
                "PD": {"window": {"start_day": 63, "tol_before": 7, "end_day": 300, "tol_after": 4}}
            }
        }
    },
    "rates": {
        "ORR": {"hsct": "composite", "new_therapy": "treatment_policy"},
        "BOR": {"min_sd_days": 45},
        "DCR": {"min_sd_days": 45},
        "CR_M3": {"landmark": None, "landmark_days": 84},
        "ORR_3M_28D": {
            "within": "P120D",
            "durability": {"days": 28, "tolerance": 3, "hsct": "allow"},
        },
    },
}


def _study(design: str, folder: Path) -> dict:
    """Return the study mapping that lists every shipped endpoint its schedule can evaluate."""
    # Other thresholds, specimens and visits of MRD and ctDNA have tests of their own.
    shipped = sorted(path.stem for path in (PROJECT / "config" / "endpoints").glob("*.yaml"))
    shipped = [e for e in shipped if not ("MRD" in e or "DNA" in e) or e in MRD]
    if design in ("randomised", "per-arm"):
        mapping = randomised_study(
            "", 0, [e for e in shipped if e not in ("EFS_ALL_SA", "EFS_KTEX19")]
        )
        if design == "per-arm":
            mapping["visits"] = _per_arm(mapping["visits"]["schedule"])
    else:
        lymphoma = ("EFS_ZUMA7", "EFS_TRANSFORM", "EFS_BELINDA", "EFS_BELINDA_CARRY")
        mapping = single_arm_study(
            "",
            0,
            [e for e in shipped if e not in lymphoma],
            BALL,
            landmarks={"END_INDUCTION": "M3"},
        )
    return {**mapping, "cutoff": CUTOFF, "data": str(folder), "records": OWN}


def _per_arm(visits: list[dict]) -> dict:
    """Return a schedule anchored at infusion for one arm, a later and wider one for the other."""
    later = [{**v, "day": v["day"] + 11, "before": 4, "after": 12} for v in visits]
    return {
        "infused": {"anchor": "infusion", "arms": ["CART"], "schedule": visits},
        "others": {"anchor": "randomisation", "arms": ["SOC"], "schedule": later},
    }


class Comparison:
    """One study, its scenarios and its subjects, read once by the engine and once naively."""

    def __init__(self, design: str, folder: Path, number: int, seed: int) -> None:
        mapping = _study(design, folder)
        (folder / "study.yaml").write_text(yaml.safe_dump(mapping))
        self.changes = {}
        for name, changes in GRID.items():
            kept = {
                e: c for e, c in changes.items() if c.get("based_on", e) in mapping["endpoints"]
            }
            if kept:
                self.changes[name] = kept
                content = {"name": name, "describe": name, "endpoints": kept}
                (folder / f"{name}.yaml").write_text(yaml.safe_dump(content))
        scenarios = [f"{name}.yaml" for name in self.changes]
        config = {"studies": ["study.yaml"], "scenarios": scenarios}
        resolved = load_config(config, folder)
        (name,) = resolved.studies
        self.study, self.criteria = resolved.studies[name], resolved.criteria[name]
        self.specs = resolved.scenarios[name]
        self.people = persons(self.study, self.criteria, number, seed)
        made = frames(self.study, self.criteria, self.people)
        self.trial = load_trial(self.study, self.criteria, *made, ["LYMPHODEPLETION"])

    def disagreements(self, scenario: str) -> tuple[list[tuple], int]:
        """Return every row on which the two differ, and how many rows were compared."""
        self.rules = {**self.specs[scenario].definitions, **self.specs[scenario].support}
        self.responses: dict[tuple, tuple] = {}
        kept = self.changes.get(scenario, self.specs[scenario].definitions)
        wanted = {e: self.specs[scenario].definitions[e] for e in kept}
        adtte, adrsp, _ = derive_all(self.trial, wanted, self.rules)
        found, rows = [], 0
        for part in (adtte, adrsp):
            for (paramcd, evaluator, population), table in part.groupby(
                ["PARAMCD", "EVAL", "POP"], sort=False
            ):
                naive = self._naive(wanted[paramcd], evaluator, population)
                engine = _cells(table, "CNSR" in part)
                rows += len(table)
                found += [
                    (paramcd, evaluator, population, one, naive.get(one), engine.get(one))
                    for one in sorted(set(naive) | set(engine))
                    if naive.get(one) != engine.get(one)
                ]
        return found, rows

    def _naive(self, rule: Definition, evaluator: str, population: str) -> dict[str, tuple]:
        cells = {}
        for person in self.people:
            if not self._is_member(person, evaluator, population):
                continue
            if isinstance(rule, Rate):
                cells[person.id] = self._rate(person, rule, evaluator, population)
                continue
            origin = self._origin(person, rule, evaluator, population)
            row = Naive(person, rule, self.study, self.criteria, evaluator, origin).row()
            cells[person.id] = (row.aval, row.cnsr, row.state, row.name, row.day, row.established)
        return cells

    def _rate(self, person: Person, rule: Rate, evaluator: str, population: str) -> tuple:
        """Return a rate; in the leukapheresed set too it counts from infusion (D14)."""
        at = "infusion" if population == "LA" else START.get(population, self.study.origin)
        origin = person.origins.get(at)
        if origin is None:
            left = rule.missing_baseline == "exclude" and person.baseline == "N"
            value = "MISSING" if rule.variable == "best_response" else "N"
            return value, None, "N" if left else "Y"
        return NaiveRate(person, rule, self.study, self.criteria, evaluator, origin).result()

    def _is_member(self, person: Person, evaluator: str, population: str) -> bool:
        if population in START:
            return START[population] in person.origins
        start = person.origins.get(self.study.origin)
        if start is None:
            return False
        if population == "MRD_EVAL":
            return person.trackable and any(
                call != "INDETERMINATE" and start < day <= person.cutoff
                for day, call in person.samples
            )
        return self._responded(person, evaluator, population)[0] == "Y"

    def _responded(self, person: Person, evaluator: str, population: str) -> tuple:
        key = (person.id, evaluator, population)
        if key not in self.responses:
            rule = self.rules[MADE_BY[population]]
            self.responses[key] = self._rate(person, rule, evaluator, self.study.population)
        return self.responses[key]

    def _origin(self, person: Person, rule: Definition, evaluator: str, population: str) -> date:
        if rule.origin in ("first_response", "first_remission", "first_mrd_neg"):
            return self._responded(person, evaluator, population)[1]
        return person.origins[START[population]]


def _cells(table: pd.DataFrame, timed: bool) -> dict[str, tuple]:
    """Return what is compared of the rows of ADTTE or ADRSP, by subject."""
    days = table["ADT"].to_numpy().astype("datetime64[D]").astype(object)
    if timed:
        names = table["EVNTDESC"].where(table["STATE"] > 0, "")
        known = table["ESTABDT"].to_numpy().astype("datetime64[D]").astype(object)
        cells = zip(table["AVAL"], table["CNSR"], table["STATE"], names, days, known, strict=True)
    else:
        days[(table["AVALC"] == "N").to_numpy()] = None
        cells = zip(table["AVALC"], days, table["ANL01FL"], strict=True)
    return dict(zip(table["USUBJID"], cells, strict=True))


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return the comparison of a design and number of subjects, made once."""
    made = {}

    def get(design: str, number: int) -> Comparison:
        if (design, number) not in made:
            folder = tmp_path_factory.mktemp(design)
            made[design, number] = Comparison(design, folder, number, SEED)
        return made[design, number]

    return get


@pytest.mark.parametrize("number", [SHIPPED, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize("design", ["randomised", "single-arm"])
def test_every_row_of_every_shipped_endpoint_is_that_of_the_naive_reading(design, number, compared):
    found, rows = compared(design, number).disagreements("primary")
    assert found == []
    assert rows > 40 * number


def test_every_row_is_that_of_the_naive_reading_where_the_arms_have_their_own_schedules(compared):
    found, rows = compared("per-arm", VARIED).disagreements("primary")
    assert found == []
    assert rows > 40 * VARIED


@pytest.mark.parametrize("scenario", list(GRID))
@pytest.mark.parametrize("design", ["randomised", "single-arm"])
def test_every_row_of_the_grid_of_variations_is_that_of_the_naive_reading(
    design, scenario, compared
):
    comparison = compared(design, VARIED)
    if scenario not in comparison.changes:
        pytest.skip("no endpoint of this design is changed by the variation")
    found, rows = comparison.disagreements(scenario)
    assert found == []
    assert rows > VARIED // 2  # survival alone has one row a randomised subject


def test_the_subjects_are_as_nasty_as_they_claim(compared):
    people = compared("randomised", SHIPPED).people

    def share(holds) -> float:
        return sum(bool(holds(person)) for person in people) / len(people)

    def days(person, kind: str) -> set:
        return {h.day for h in person.happenings if h.kind == kind}

    def seen(person) -> set:
        return {day for day, _ in person.assessments["IRC"]}

    assert share(lambda p: p.death and p.lost and p.death > p.lost) > 0.02
    assert share(lambda p: any(day > p.cutoff for day in seen(p))) > 0.1
    assert share(lambda p: "infusion" not in p.origins) > 0.1
    assert share(lambda p: days(p, "NEW_THERAPY") & seen(p)) > 0.05
    assert share(lambda p: p.death in days(p, "NEW_THERAPY")) > 0.01
    assert share(lambda p: p.death in seen(p)) > 0.02
    assert share(lambda p: {code for _, code in p.assessments["IRC"]} == {"NE"}) > 0.01
    assert share(lambda p: days(p, "HSCT") and days(p, "REINFUSION")) > 0.005
    assert share(lambda p: days(p, "transfusion") & seen(p)) > 0.05
    assert share(lambda p: p.death in days(p, "transfusion")) > 0.01
    assert share(lambda p: days(p, "transfusion") & days(p, "NEW_THERAPY")) > 0.01
    assert share(lambda p: days(p, "transfusion") & days(p, "growth_factor")) > 0.005
    assert share(lambda p: days(p, "transfusion") & set(p.origins.values())) > 0.005
