"""Which analyses an endpoint gets."""

import pandas as pd
import pytest
from tiny_trial import make_rate, make_study, make_tte

from cartend.analysis import plan
from cartend.analysis.plan import Comparison, Group

SINGLE = {"design": "single-arm", "arms": {"CART": {"label": "CAR-T"}}, "strata": []}


def frame(**columns):
    return pd.DataFrame({"ARMCD": ["CART", "CART", "SOC"], **columns})


def test_groups_are_pooled_and_per_arm_and_per_level_of_every_stratifier():
    found = plan.groups(
        make_study(),
        [
            frame(
                BRIDGE=["NONE", "IMID", "NOT APPLICABLE"],
                REFRACT=["Y", "Y", "N"],
            )
        ],
    )
    assert found == [
        Group(),
        Group("", "BRIDGE", "IMID"),
        Group("", "BRIDGE", "NONE"),
        Group("", "BRIDGE", "NOT APPLICABLE"),
        Group("", "REFRACT", "N"),
        Group("", "REFRACT", "Y"),
        Group("CART"),
        Group("CART", "BRIDGE", "IMID"),
        Group("CART", "BRIDGE", "NONE"),
        Group("CART", "REFRACT", "Y"),
        Group("SOC"),
        Group("SOC", "BRIDGE", "NOT APPLICABLE"),
        Group("SOC", "REFRACT", "N"),
    ]


def test_a_single_arm_trial_has_only_the_pooled_groups():
    data = frame(BRIDGEFL=["Y", "N", "N"])
    assert plan.groups(make_study(**SINGLE), [data]) == [
        Group(),
        Group("", "BRIDGEFL", "N"),
        Group("", "BRIDGEFL", "Y"),
    ]


def test_an_arm_without_subjects_still_has_its_group():
    data = frame()
    assert Group("SOC") in plan.groups(make_study(), [data[data["ARMCD"] == "CART"]])


def test_a_study_adds_columns_of_adsl_by_which_results_are_given():
    study = make_study(**SINGLE, subgroups=["ELIGFL"])
    data = frame(ELIGFL=["Y", "N", "CANNOT BE JUDGED"])
    assert plan.groups(study, [data]) == [
        Group(),
        Group("", "ELIGFL", "CANNOT BE JUDGED"),
        Group("", "ELIGFL", "N"),
        Group("", "ELIGFL", "Y"),
    ]


def test_a_stratum_that_is_also_a_subgroup_is_listed_once():
    assert plan.stratifiers(make_study(strata=["AGEGR", "REFRACT"])) == (
        "BRIDGE",
        "BRIDGEFL",
        "AGEGR",
        "REFRACT",
    )


def test_the_arms_are_compared_experimental_against_control():
    found = plan.contrasts(make_study(), make_tte("EFS"), "RAND")
    assert found == (Comparison("CART", "SOC", ("REFRACT",)),)
    assert found[0].label == "CART vs SOC"
    assert plan.contrasts(make_study(), make_rate("ORR"), "RAND") == found


THREE = {
    "CART": {"label": "CAR-T"},
    "LOW": {"label": "CAR-T, low dose"},
    "SOC": {"label": "Standard", "role": "control"},
}


def test_named_comparisons_are_those_of_the_study_in_its_order():
    pairs = [
        {"experimental": "LOW", "control": "SOC"},
        {"experimental": "CART", "control": "SOC"},
    ]
    study = make_study(arms=THREE, comparisons=pairs)
    labels = [one.label for one in plan.contrasts(study, make_tte("EFS"), "RAND")]
    assert labels == ["LOW vs SOC", "CART vs SOC"]
    assert plan.compared_arms(study) == ("CART", "LOW", "SOC")
    assert plan.intended_arms(study) == ("CART", "LOW")


def test_an_arm_of_role_other_is_in_no_comparison():
    study = make_study(arms=THREE | {"LOW": {"label": "Low", "role": "other"}})
    labels = [one.label for one in plan.comparisons(study)]
    assert labels == ["CART vs SOC"]
    assert "LOW" not in plan.compared_arms(study)
    assert "LOW" in plan.arms(study)


@pytest.mark.parametrize("population", ["RESPONDERS", "CR_SET", "MRDNEG_SET", "INF", "LA"])
def test_a_set_defined_after_baseline_is_described_and_not_compared(population):
    assert plan.contrasts(make_study(), make_tte("EFS"), population) == ()


def test_a_definition_that_forbids_tests_gets_none():
    assert plan.contrasts(make_study(), make_tte("DOR", tests=False), "RAND") == ()


def test_a_single_arm_trial_compares_nothing():
    assert plan.contrasts(make_study(**SINGLE), make_tte("EFS"), "INF") == ()


def test_a_target_is_for_the_experimental_arm_or_for_all():
    assert plan.intended_arms(make_study()) == ("CART",)
    assert plan.intended_arms(make_study(**SINGLE)) == ("",)
