"""Arms and their comparisons: by name, between two arms, and no text that could mean two (D40)."""

import pytest

HIGH = {"label": "High dose", "role": "experimental", "names": ["DRUG HIGH"]}
LOW = {"label": "Low dose", "role": "other"}
PBO = {"label": "Placebo", "role": "control"}
ARMS = {"HIGH": HIGH, "LOW": LOW, "PBO": PBO}
TWO = {**ARMS, "LOW": {**LOW, "role": "experimental"}}


def pair(experimental, control="PBO"):
    return {"experimental": experimental, "control": control}


def pairs(folder, **keys):
    study = folder.study(**keys).load().studies["lbcl-second-line"]
    return [(one.experimental, one.control) for one in study.pairs]


def test_the_one_experimental_and_the_one_control_arm_are_compared(folder):
    assert pairs(folder) == [("CART", "SOC")]


def test_arms_of_role_other_are_in_no_comparison(folder):
    more = {**ARMS, "MID": {"label": "Middle", "role": "other"}}
    assert pairs(folder, arms=more) == [("HIGH", "PBO")]


def test_named_comparisons_are_those_named_in_their_order(folder):
    named = [pair("LOW"), pair("HIGH"), pair("HIGH", "LOW")]
    found = pairs(folder, arms=TWO, comparisons=named)
    assert found == [("LOW", "PBO"), ("HIGH", "PBO"), ("HIGH", "LOW")]


def test_a_single_arm_design_compares_nothing(folder):
    keys = {"design": "single-arm", "rct_design": None, "endpoints": ["OS"], "landmarks": {}}
    assert pairs(folder, **keys, roles={}, analyses={}) == []
    said = folder.study(comparisons=[pair("CART", "SOC")]).error()
    assert said.endswith("key comparisons: arms are compared in a randomised design alone")


@pytest.mark.parametrize(
    ("arms", "comparisons", "said"),
    [
        (TWO, [], "key comparisons is missing: HIGH, LOW are experimental arms; name the pairs"),
        (TWO, [], "as comparisons: [{experimental: HIGH, control: PBO}]"),
        (ARMS, [pair("HIHG")], "comparisons.0.experimental: HIHG is no arm; arms: HIGH, LOW, PBO"),
        (ARMS, [pair("HIHG")], "; nearest: HIGH"),
        (ARMS, [pair("LOW")], "key comparisons.0.experimental: LOW has role other, an arm that is"),
        (ARMS, [pair("HIGH", "LOW")], "key comparisons.0.control: LOW has role other"),
        (ARMS, [pair("HIGH", "HIGH")], "key comparisons.0: HIGH is compared with itself"),
        (ARMS, [pair("PBO", "HIGH")], "comparisons.0.experimental: PBO has role control"),
        (ARMS, [pair("HIGH"), pair("HIGH")], "key comparisons: HIGH with PBO stands twice"),
        (
            TWO,
            [pair("HIGH", "LOW"), pair("LOW", "HIGH")],
            "key comparisons: LOW with HIGH stands twice",
        ),
        (ARMS, [{"experimental": "HIGH"}], "key comparisons.0.control is missing"),
        ({"HIGH": HIGH, "LOW": LOW}, [], "one experimental and one control arm at least"),
        (
            {**ARMS, "P2": {"label": "Placebo 2", "role": "control"}},
            [],
            "key comparisons is missing: P2, PBO are control arms",
        ),
    ],
)
def test_a_comparison_that_cannot_be_is_one_sentence(folder, arms, comparisons, said):
    assert said in folder.study(arms=arms, comparisons=comparisons).error()


@pytest.mark.parametrize(
    "low",
    [
        {**LOW, "label": "high-dose"},
        {**LOW, "names": ["Drug  High"]},
        {**LOW, "names": ["HIGH"]},
        {**LOW, "label": "\uff28\uff29\uff27\uff28"},  # full width, the key of the other arm
    ],
)
def test_a_text_means_one_arm(folder, low):
    said = folder.study(arms={**ARMS, "LOW": low}).error()
    assert "in the data could mean HIGH and LOW; key, names and label of an arm are its own" in said


def test_an_arm_may_repeat_its_own_texts(folder):
    arm = {**HIGH, "label": "HIGH", "names": ["High", "DRUG HIGH"]}
    assert pairs(folder, arms={**ARMS, "HIGH": arm}) == [("HIGH", "PBO")]
