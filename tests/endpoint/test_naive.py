"""The engine and the naive second implementation agree on every row of thousands of subjects."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml
from factory import PROJECT, randomised_study, single_arm_study
from naive import Naive, NaiveRate, Person
from nasty import frames, persons

from cartend.config.definition import Definition, Rate
from cartend.config.load import load_config
from cartend.endpoint.build import derive_all
from cartend.endpoint.records import load_trial

CUTOFF = "2025-06-30"
SHIPPED, VARIED, SEED = 2000, 400, 20240710
START = {"RAND": "randomisation", "LA": "leukapheresis", "INF": "infusion"}
MADE_BY = {"RESPONDERS": "ORR", "CR_SET": "REMISSION"}
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


GRID: dict[str, dict[str, dict]] = {
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
    # The naive reading knows no MRD samples; tests of the MRD endpoints stand beside.
    shipped = sorted(
        path.stem
        for path in (PROJECT / "config" / "endpoints").glob("*.yaml")
        if path.stem not in ("DUR_MRDNEG", "MRDNEG_SUST12")
    )
    if design == "randomised":
        mapping = randomised_study(
            "", 0, [e for e in shipped if e not in ("EFS_ALL_SA", "EFS_KTEX19")]
        )
    else:
        lymphoma = ("EFS_ZUMA7", "EFS_TRANSFORM", "EFS_BELINDA", "EFS_BELINDA_CARRY")
        mapping = single_arm_study(
            "",
            0,
            [e for e in shipped if e not in lymphoma],
            BALL,
            landmarks={"END_INDUCTION": "M3"},
        )
    return {**mapping, "cutoff": CUTOFF, "data": str(folder)}


class Comparison:
    """One study, its scenarios and its subjects, read once by the engine and once naively."""

    def __init__(self, design: str, folder: Path, number: int, seed: int) -> None:
        mapping = _study(design, folder)
        (folder / "study.yaml").write_text(yaml.safe_dump(mapping))
        self.changes = {}
        for name, changes in GRID.items():
            kept = {e: c for e, c in changes.items() if e in mapping["endpoints"]}
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
        self.trial = load_trial(self.study, self.criteria, *made)

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
            cells[person.id] = (row.aval, row.cnsr, row.state, row.name, row.day)
        return cells

    def _rate(self, person: Person, rule: Rate, evaluator: str, population: str) -> tuple:
        """Return a rate; in the leukapheresed set too it counts from infusion (D14)."""
        at = "infusion" if population == "LA" else START.get(population, self.study.origin)
        origin = person.origins.get(at)
        if origin is None:
            return ("MISSING" if rule.variable == "best_response" else "N"), None
        return NaiveRate(person, rule, self.study, self.criteria, evaluator, origin).result()

    def _is_member(self, person: Person, evaluator: str, population: str) -> bool:
        if population in START:
            return START[population] in person.origins
        start = person.origins.get(self.study.origin)
        if start is None:
            return False
        if population == "MRD_EVAL":
            return person.trackable and any(
                call != "INDETERMINATE" and start <= day <= person.cutoff
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
        if rule.origin in ("first_response", "first_remission"):
            return self._responded(person, evaluator, population)[1]
        return person.origins[START[population]]


def _cells(table: pd.DataFrame, timed: bool) -> dict[str, tuple]:
    """Return what is compared of the rows of ADTTE or ADRSP, by subject."""
    days = table["ADT"].to_numpy().astype("datetime64[D]").astype(object)
    if timed:
        names = table["EVNTDESC"].where(table["STATE"] > 0, "")
        cells = zip(table["AVAL"], table["CNSR"], table["STATE"], names, days, strict=True)
    else:
        days[(table["AVALC"] == "N").to_numpy()] = None
        cells = zip(table["AVALC"], days, strict=True)
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


@pytest.mark.parametrize("design", ["randomised", "single-arm"])
def test_every_row_of_every_shipped_endpoint_is_that_of_the_naive_reading(design, compared):
    comparison = compared(design, SHIPPED)
    found, rows = comparison.disagreements("primary")
    assert found == []
    assert rows > 40 * SHIPPED


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
    assert rows > VARIED


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
