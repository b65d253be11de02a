"""The primary endpoint of the tiny trial by subgroup: levels, and no test of bridging."""

import pytest
from tiny_trial import make_definitions, make_study

from cartend.analysis.subgroups import NAME


def lines(ard):
    """Return {(factor, level, arm): {statistic: value or note}} of the subgroup page."""
    rows = ard[ard["paramcd"] == NAME]
    found = {}
    for row in rows.itertuples():
        key = (row.by.partition(": ")[2], row.level.partition(" ")[2], row.arm)
        value = row.note if row.value != row.value else row.value
        found.setdefault(key, {})[row.statistic] = value
    return found


@pytest.fixture
def ratios(run):
    run.study = make_study(roles={"EFS": {"role": "primary", "alpha": 0.05}})
    return lines(run.build())


def test_events_of_each_arm_stand_in_each_level(ratios):
    """A1 and A3 have an event, B1 and B2 too; REFRACT is Y for A1, A3, B1 and N for A2, B2."""
    assert ratios["All subjects", "All subjects", "CART"] == {"n": 2, "N": 3}
    assert ratios["REFRACT", "Y", "CART"] == {"n": 2, "N": 2}
    assert ratios["REFRACT", "N", "SOC"] == {"n": 1, "N": 1}


def test_bridging_is_no_subgroup_between_the_arms(ratios):
    assert not {key[0] for key in ratios} & {"BRIDGE", "BRIDGEFL"}


def test_one_age_group_is_no_subgroup(ratios):
    assert "AGEGR" not in {key[0] for key in ratios}


def test_levels_without_two_estimates_have_no_interaction(ratios):
    found = ratios["REFRACT", "Interaction, p-value", "CART vs SOC"]
    assert found["estimate"] == "not estimable: fewer than two groups estimated"


def test_the_rate_of_a_single_arm_has_its_levels_and_bridging_has_no_test(run):
    """Responders are A1 and A2; REFRACT Y: A1 of A1, A3, B1; N: A2 of A2, B2."""
    arms = {"CART": {"label": "CAR-T"}}
    roles = {"ORR": {"role": "primary"}}
    run.study = make_study(design="single-arm", arms=arms, roles=roles)
    run.definitions = {"ORR": make_definitions()["ORR"]}
    for frame in (run.adsl, run.adrsp):
        frame["ARMCD"] = "CART"
    run.adrsp = run.adrsp.assign(POP="INF")
    found = lines(run.build())
    assert (found["REFRACT", "Y", ""]["n"], found["REFRACT", "Y", ""]["N"]) == (1, 3)
    assert (found["REFRACT", "N", ""]["n"], found["REFRACT", "N", ""]["N"]) == (1, 2)
    assert ("REFRACT", "Levels differ, p-value", "") in found
    assert ("BRIDGE", "IMID", "") in found
    assert ("BRIDGE", "Levels differ, p-value", "") not in found


def test_only_a_primary_endpoint_is_broken_down(run):
    assert not lines(run.build())
