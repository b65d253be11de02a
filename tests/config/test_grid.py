"""A grid of definitions: what each combination says, which are the same, what is refused."""

import pytest

from cartend.config.resolved import load_scenario_spec


@pytest.fixture
def spec(folder):
    """Return a function from the keys of a grid to the resolved scenario."""

    def load(**grid):
        folder.write("scenarios/grid", {"name": "grid", "describe": "a test", "grid": grid})
        folder.scenarios = ["grid"]
        return folder.load().scenarios["lbcl-second-line"]["grid"]

    return load


@pytest.fixture
def refused(folder):
    """Return a function from the keys of a scenario to the sentence that refuses it."""

    def load(**keys):
        folder.write("scenarios/grid", {"name": "grid", "describe": "a test", **keys})
        folder.scenarios = ["grid"]
        return folder.error()

    return load


def chosen(spec):
    """Return by PARAMCD the words that were chosen."""
    return {name: tuple(cell.chosen.values()) for name, cell in spec.grid.cells.items()}


def test_every_combination_is_one_definition_in_the_order_of_the_specification(spec):
    found = spec(
        of=["EFS_TRANSFORM"], new_therapy=["hypothetical", "composite"], evaluator=["INV", "IRC"]
    )
    assert chosen(found) == {
        "EFS_TRANSFORM_G1": ("INV", "hypothetical"),
        "EFS_TRANSFORM_G2": ("INV", "composite"),
        "EFS_TRANSFORM_G3": ("IRC", "hypothetical"),
        "EFS_TRANSFORM_G4": ("IRC", "composite"),
    }
    assert list(found.definitions) == list(found.grid.cells)
    assert [d.evaluator for d in found.definitions.values()] == ["INV", "INV", "IRC", "IRC"]


def test_new_therapy_is_an_event_an_end_of_follow_up_or_ignored(spec):
    found = spec(
        of=["EFS_TRANSFORM", "EFS_BELINDA"],
        new_therapy=["composite", "hypothetical", "treatment_policy"],
    ).definitions
    own, ends, ignored = (found[f"EFS_TRANSFORM_G{n}"] for n in (1, 2, 3))
    assert own.events["NEW_THERAPY"].qualifies.reasons == ("EFFICACY",)
    assert own.intercurrent_events["NEW_THERAPY"].otherwise == "hypothetical"
    for definition, strategy in ((ends, "hypothetical"), (ignored, "treatment_policy")):
        assert "NEW_THERAPY" not in definition.events
        rule = definition.intercurrent_events["NEW_THERAPY"]
        assert (rule.strategy, rule.otherwise) == (strategy, "treatment_policy")
        assert (rule.qualifies.reasons, rule.qualifies.exclude) == (None, ("PLANNED",))
    # BELINDA has no such event: as one, it counts for every reason but a planned therapy.
    new = found["EFS_BELINDA_G1"]
    assert new.events["NEW_THERAPY"].qualifies.exclude == ("PLANNED",)
    assert new.intercurrent_events["NEW_THERAPY"].strategy == "composite"


def test_missed_visits_censor_after_so_many_or_not_at_all(spec):
    found = spec(of=["PFS_FDA"], missed_visits=["off", 1, 2]).definitions
    assert "MISSED_2" not in found["PFS_FDA_G1"].intercurrent_events
    assert [found[f"PFS_FDA_G{n}"].intercurrent_events["MISSED_2"].visits for n in (2, 3)] == [1, 2]


def test_non_response_takes_its_date_its_missing_landmark_and_its_windows(spec):
    found = spec(
        of=["EFS_TRANSFORM"],
        not_evaluable_at_landmark=["censor_last_adequate", "look_ahead(28)"],
        dated_at=["window_end_nominal"],
        visit_tolerance=["study", 14],
    )
    first, wide, ahead = (found.definitions[f"EFS_TRANSFORM_G{n}"] for n in (1, 2, 3))
    assert first.not_evaluable_at_landmark == "censor_last_adequate"
    assert (ahead.not_evaluable_at_landmark, ahead.look_ahead_days) == ("look_ahead", 28)
    assert first.events["NO_RESPONSE"].dated_at == "window_end_nominal"
    assert (first.visit_tolerance, wide.visit_tolerance) == (None, 14)
    assert "window 49 to 77" in wide.sentence
    assert "window 56 to 70" in first.sentence


def test_a_choice_of_ones_own_is_laid_over_the_definition(spec):
    later = {"events": {"NO_RESPONSE": {"criterion": {"by": "W12"}}}}
    depth = {"events": {"NO_RESPONSE": {"criterion": {"not_achieved": "complete"}}}}
    found = spec(
        of=["EFS_TRANSFORM"],
        choices={"landmark": {"W9": {}, "W12": later}, "depth": {"CR": depth}},
    )
    criterion = found.definitions["EFS_TRANSFORM_G2"].events["NO_RESPONSE"].criterion
    assert (criterion.by, criterion.not_achieved) == ("W12", ("complete",))
    assert chosen(found)["EFS_TRANSFORM_G2"] == ("W12", "CR")


def test_combinations_that_mean_the_same_stand_once(spec):
    # BELINDA has no non-response by a landmark: neither choice touches it.
    found = spec(
        of=["EFS_BELINDA", "EFS_TRANSFORM"],
        dated_at=["assessment", "origin"],
        not_evaluable_at_landmark=["failure", "censor_last_adequate"],
    )
    assert list(found.definitions) == [
        "EFS_BELINDA_G1",
        *(f"EFS_TRANSFORM_G{n}" for n in (1, 2, 3, 4)),
    ]
    assert found.grid.repeated == 3


def test_a_combination_that_is_a_shipped_definition_says_which(spec):
    found = spec(
        of=["PFS_FDA"],
        evaluator=["IRC", "INV"],
        new_therapy=["hypothetical", "treatment_policy"],
        missed_visits=["off", 2],
    )
    assert {n: c.shipped for n, c in found.grid.cells.items() if c.shipped} == {
        "PFS_FDA_G2": "PFS_FDA",  # hypothetical, two missed visits, independent review
        "PFS_FDA_G3": "PFS_EMA",  # ignored, no gap rule
    }


def test_a_job_receives_the_grid_as_it_was_resolved(folder, spec):
    found = spec(of=["EFS_ZUMA7"], visit_tolerance=[0, 14], evaluator=["INV"])
    content = folder.load().spec("lbcl-second-line", "grid")["scenario"]
    assert load_scenario_spec(content) == found


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "a scenario has either endpoints (one at least) or a grid"),
        (
            {"endpoints": {"OS": {"origin": "infusion"}}, "grid": {"of": ["OS"]}},
            "at least one choice; allowed: evaluator, population, new_therapy",
        ),
        ({"grid": {"of": ["ORR"], "evaluator": ["IRC"]}}, "key grid.of: ORR is a rate"),
        (
            {"grid": {"of": ["EFS_ZUMA"], "evaluator": ["IRC"]}},
            "endpoint EFS_ZUMA is not known",
        ),
        (
            {"grid": {"of": ["OS"], "new_therapies": ["composite"]}},
            "key grid.new_therapies is not known",
        ),
        (
            {"grid": {"of": ["OS"], "new_therapy": ["event"]}},
            "key grid.new_therapy.0: 'event' is not allowed; allowed: treatment_policy, composite,",
        ),
        (
            {"grid": {"of": ["EFS_ZUMA7"], "not_evaluable_at_landmark": ["fail"]}},
            "key not_evaluable_at_landmark: 'fail' is not allowed; allowed: failure",
        ),
        (
            {"grid": {"of": ["OS"], "evaluator": ["IRC", "IRC"]}},
            "evaluator lists each word once, and one at least",
        ),
        (
            {"grid": {"of": ["OS"], "visit_tolerance": list(range(1001))}},
            "1001 combinations are more than 1000",
        ),
        (
            {"grid": {"of": ["OS"], "choices": {"dated_at": {"x": {}}}}},
            "dated_at is a key of its own; choose another name",
        ),
    ],
)
def test_what_a_grid_cannot_be_is_one_sentence(refused, keys, said):
    assert said in refused(**keys)
